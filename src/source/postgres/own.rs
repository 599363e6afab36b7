//! An institution's own schema on a PostgreSQL server: its queries in the place of the published tables.

use super::cell::at;
use super::connect::{Line, opened};
use super::failure::fault;
use super::tls::Tls;
use super::{Postgres, driver};
use crate::domain::{Error, StudentId};
use crate::source::own_schema::{
    Configuration, Halves, IdKind, MOST_ROWS, MOST_STUDENTS, OwnCell, RawAnswer, SAMPLE, Statement, examined, ids_of,
    key_of, listing, made, whole,
};
use crate::source::report::{Report, Weight};
use crate::source::rows::{Entity, Records};
use crate::source::servers::{Driver, Fault, ServerSource};
use crate::source::unavailable;
use futures_util::TryStreamExt;
use futures_util::future::{join_all, join3};
use std::pin::pin;
use std::sync::Arc;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};

/// After so many rows without a pause other tasks of the thread get their turn.
const ROWS_A_TURN: usize = 512;

/// A server with a configuration.
pub struct OwnPostgres {
    server: Postgres,
    configuration: Arc<Configuration>,
    key: String,
    /// Without a secret.
    address: String,
}

/// A connection with each query prepared, or why it cannot be.
pub struct OwnLink {
    client: Client,
    _line: Line,
    /// How this connection was opened: the one that ends its query is opened alike.
    tls: Tls,
    statements: Vec<(Entity, Result<tokio_postgres::Statement, Error>)>,
}

/// The source at a URL, by the configuration.
pub fn own_source(url: &str, configuration: Configuration) -> Result<ServerSource<OwnPostgres>, Error> {
    Ok(ServerSource::new(own_driver(url, configuration)?))
}

fn own_driver(url: &str, configuration: Configuration) -> Result<OwnPostgres, Error> {
    let server = driver(url)?;
    let (key, address) = (key_of(&server.key, &configuration), key_of(&server.title, &configuration));
    Ok(OwnPostgres { server, configuration: Arc::new(configuration), key, address })
}

impl Driver for OwnPostgres {
    type Link = OwnLink;

    fn key(&self) -> String {
        self.key.clone()
    }

    fn title(&self) -> String {
        self.server.title.clone()
    }

    fn address(&self) -> String {
        self.address.clone()
    }

    async fn connect(&self) -> Result<OwnLink, Fault> {
        let (client, tls, line) = opened(&self.server).await?;
        let ids = if self.configuration.ids == IdKind::Integer { Type::INT8_ARRAY } else { Type::TEXT_ARRAY };
        let prepare = |(entity, statement): &(Entity, Statement)| {
            let (sql, ids, client, entity) = (statement.postgres(), ids.clone(), &client, *entity);
            async move { (entity, prepared(client, &sql, &[ids]).await) }
        };
        let statements = join_all(self.configuration.statements.iter().map(prepare)).await;
        if client.is_closed() {
            return Err(Fault::Lost(unavailable("the connection to the server was lost")));
        }
        Ok(OwnLink { client, _line: line, tls, statements })
    }

    fn alive(&self, link: &OwnLink) -> bool {
        !link.client.is_closed()
    }

    async fn read(&self, link: &mut OwnLink, ids: &[StudentId]) -> Result<Records, Fault> {
        let mut halves = Halves::of(ids);
        while let Some(group) = halves.group() {
            let answers = self.ask(link, group).await?;
            halves.take(group, made(&self.configuration, answers, group).await?);
        }
        Ok(halves.found())
    }

    async fn student_ids(&self, link: &mut OwnLink) -> Result<Vec<StudentId>, Fault> {
        self.listed(link, MOST_STUDENTS).await
    }

    async fn select(&self, link: &mut OwnLink, query: &str) -> Result<Vec<StudentId>, Fault> {
        super::select::ids(&self.server.begin, &link.client, query).await
    }

    async fn check(&self, link: &mut OwnLink) -> Result<Vec<String>, Fault> {
        Ok(self.examine(link).await?.told())
    }

    async fn examine(&self, link: &mut OwnLink) -> Result<Report, Fault> {
        let ids = self.listed(link, SAMPLE).await?;
        let mut report = Report::of_lines(vec![self.server.title.clone()]);
        self.scans(link, &ids, &mut report).await;
        let mut given = Vec::new();
        for (entity, statement) in &link.statements {
            // Each by itself: one that fails keeps no other back.
            let answer = match statement {
                Ok(statement) => answer(&link.client, statement, &self.bound(&ids), ids.len()).await,
                Err(error) => Err(Fault::Final(error.clone())),
            };
            given.push((*entity, answer.map_err(Fault::into_error)));
        }
        examined(&self.configuration, given, ids, report).await
    }

    fn canceller(&self, link: &OwnLink) -> impl Future<Output = ()> + Send + 'static {
        let (token, tls) = (link.client.cancel_token(), link.tls.clone());
        async move {
            // If the server cannot be told, its own limit ends the query.
            let _ = token.cancel_query(tls).await;
        }
    }
}

/// The ids as the database holds them.
enum Bound {
    Text(Vec<String>),
    Integer(Vec<i64>),
}

impl Bound {
    fn parameter(&self) -> &(dyn ToSql + Sync) {
        match self {
            Bound::Text(ids) => ids,
            Bound::Integer(ids) => ids,
        }
    }
}

impl OwnPostgres {
    fn bound(&self, ids: &[StudentId]) -> Bound {
        match self.configuration.ids {
            IdKind::Text => Bound::Text(ids.iter().map(|id| id.as_str().to_owned()).collect()),
            // An id that is no number is of no student here.
            IdKind::Integer => Bound::Integer(ids.iter().filter_map(whole).collect()),
        }
    }

    /// Every query in one snapshot, sent at once: one round trip.
    async fn ask(&self, link: &OwnLink, ids: &[StudentId]) -> Result<Vec<(Entity, RawAnswer)>, Fault> {
        let bound = self.bound(ids);
        let ask = |(entity, statement): &(Entity, Result<tokio_postgres::Statement, Error>)| {
            let (statement, client, bound, entity) = (statement.clone(), &link.client, &bound, *entity);
            async move {
                match statement {
                    Ok(statement) => (entity, answer(client, &statement, bound, ids.len()).await),
                    Err(error) => (entity, Err(Fault::Final(error))),
                }
            }
        };
        let asked = join_all(link.statements.iter().map(ask));
        let (began, answers, ended) =
            join3(link.client.batch_execute(&self.server.begin), asked, link.client.batch_execute("COMMIT")).await;
        began.map_err(|error| fault(&error))?;
        // The first failure is the reason of those behind it, the end of the transaction among them.
        let whole = answers.into_iter().map(|(entity, answer)| Ok((entity, answer?))).collect::<Result<Vec<_>, _>>()?;
        ended.map_err(|error| fault(&error))?;
        Ok(whole)
    }

    async fn listed(&self, link: &OwnLink, most: usize) -> Result<Vec<StudentId>, Fault> {
        let listing = listing(&self.configuration)?;
        let statement = prepared(&link.client, &listing.postgres(), &[]).await.map_err(Fault::Final)?;
        let none: [&str; 0] = [];
        let mut rows = pin!(link.client.query_raw(&statement, none).await.map_err(|error| fault(&error))?);
        let mut cells = Vec::new();
        while cells.len() < most
            && let Some(row) = rows.try_next().await.map_err(|error| fault(&error))?
        {
            cells.push(OwnCell::from(at(&row, 0)));
        }
        ids_of(cells).map_err(Fault::Final)
    }

    /// Notes the tables that the server would read as a whole.
    async fn scans(&self, link: &OwnLink, ids: &[StudentId], report: &mut Report) {
        let bound = self.bound(ids);
        for (entity, statement) in &self.configuration.statements {
            let sql = format!("EXPLAIN {}", statement.postgres());
            let ids = if self.configuration.ids == IdKind::Integer { Type::INT8_ARRAY } else { Type::TEXT_ARRAY };
            let Ok(plan) = prepared(&link.client, &sql, &[ids]).await else { continue };
            let Ok(lines) = link.client.query(&plan, &[bound.parameter()]).await else { continue };
            let lines = lines.iter().filter_map(|row| row.try_get::<_, String>(0).ok());
            let scanned: Vec<String> = lines
                .filter_map(|line| Some(line.split_once("Seq Scan on ")?.1.split(' ').next()?.to_owned()))
                .collect();
            if !scanned.is_empty() {
                let message = format!("the query reads all of {}: an index may be missing", scanned.join(", "));
                report.find(Weight::Note, "whole-table", entity.table(), &message, 1);
            }
        }
    }
}

/// What is wrong with a query is told in the server's words: they are about the configuration, and nothing is bound yet.
async fn prepared(client: &Client, sql: &str, parameters: &[Type]) -> Result<tokio_postgres::Statement, Error> {
    client.prepare_typed(sql, parameters).await.map_err(|error| match error.as_db_error() {
        Some(told) if told.code().code().starts_with("42") => {
            unavailable(format!("PostgreSQL refuses the query: {}", told.message()))
        }
        _ => fault(&error).into_error(),
    })
}

async fn answer(
    client: &Client,
    statement: &tokio_postgres::Statement,
    bound: &Bound,
    students: usize,
) -> Result<RawAnswer, Fault> {
    let columns: Vec<String> = statement.columns().iter().map(|column| column.name().to_owned()).collect();
    let most = students.saturating_mul(MOST_ROWS);
    let asked = client.query_raw(statement, [bound.parameter()]).await;
    let mut found = pin!(asked.map_err(|error| fault(&error))?);
    let mut rows = Vec::new();
    while let Some(row) = found.try_next().await.map_err(|error| fault(&error))? {
        if rows.len() >= most {
            return Err(Fault::Rows(unavailable(format!("a query gives more than {MOST_ROWS} rows a student"))));
        }
        rows.push(cells(&row, columns.len()));
        if rows.len().is_multiple_of(ROWS_A_TURN) {
            tokio::task::yield_now().await;
        }
    }
    Ok(RawAnswer { columns, rows })
}

fn cells(row: &Row, width: usize) -> Vec<OwnCell> {
    (0..width).map(|place| OwnCell::from(at(row, place))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(url: &str, ids: IdKind) -> String {
        let (folder, maps) = (Default::default(), Default::default());
        let configuration = Configuration { address: None, folder, ids, statements: Vec::new(), listing: None, maps };
        own_driver(url, configuration).map(|driver| driver.key()).unwrap_or_default()
    }

    #[test]
    fn the_same_configuration_read_twice_is_one_database() {
        let first = key("postgresql://h/d", IdKind::Text);
        assert_eq!(key("postgresql://h/d", IdKind::Text), first);
        assert_ne!(key("postgresql://h/d", IdKind::Integer), first);
        assert_ne!(key("postgresql://h/e", IdKind::Text), first);
        assert_ne!(driver("postgresql://h/d").map(|driver| driver.key()).ok(), Some(first));
    }
}
