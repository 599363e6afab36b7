//! An institution's own schema on a MySQL or MariaDB server: its queries in the place of the published tables.

use super::cell::at;
use super::connect::{Ways, opened};
use super::failure::fault;
use super::read::padded;
use super::{MySql, driver, end_query};
use crate::domain::{Error, StudentId};
use crate::source::own_schema::{
    Configuration, Halves, IdKind, MOST_ROWS, MOST_STUDENTS, OwnCell, RawAnswer, SAMPLE, examined, ids_of, key_of,
    listing, made, whole,
};
use crate::source::report::{Report, Weight};
use crate::source::rows::{Entity, Records};
use crate::source::servers::{Driver, Fault, ServerSource, reading};
use crate::source::unavailable;
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts, Params, Row, Value};
use std::sync::Arc;

/// After so many rows without a pause other tasks of the thread get their turn.
const ROWS_A_TURN: usize = 512;

/// A server with a configuration.
pub struct OwnMySql {
    server: MySql,
    configuration: Arc<Configuration>,
    key: String,
    /// Without a secret.
    address: String,
}

/// An open connection; each query is prepared when it is first asked for so many students.
pub struct OwnLink {
    connection: Conn,
    /// How this connection was opened: the one that ends its query is opened alike.
    options: Opts,
}

/// The source at a URL, by the configuration.
pub fn own_source(url: &str, configuration: Configuration) -> Result<ServerSource<OwnMySql>, Error> {
    let server = driver(url)?;
    let (key, address) = (key_of(&server.key, &configuration), key_of(&server.title, &configuration));
    Ok(ServerSource::new(OwnMySql { server, configuration: Arc::new(configuration), key, address }))
}

impl Driver for OwnMySql {
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
        let address = self.server.address.clone();
        let (connection, options) = opened(&reading(move || Ways::to(&address)).await?).await?;
        Ok(OwnLink { connection, options })
    }

    fn alive(&self, link: &OwnLink) -> bool {
        !link.connection.is_disconnected()
    }

    async fn read(&self, link: &mut OwnLink, ids: &[StudentId]) -> Result<Records, Fault> {
        let mut halves = Halves::of(ids);
        while let Some(group) = halves.group() {
            let answers = self.ask(&mut link.connection, group).await?;
            halves.take(group, made(&self.configuration, answers, group).await?);
        }
        Ok(halves.found())
    }

    async fn student_ids(&self, link: &mut OwnLink) -> Result<Vec<StudentId>, Fault> {
        self.listed(&mut link.connection, MOST_STUDENTS).await
    }

    async fn select(&self, link: &mut OwnLink, query: &str) -> Result<Vec<StudentId>, Fault> {
        super::select::ids(&mut link.connection, query).await
    }

    async fn check(&self, link: &mut OwnLink) -> Result<Vec<String>, Fault> {
        Ok(self.examine(link).await?.told())
    }

    async fn examine(&self, link: &mut OwnLink) -> Result<Report, Fault> {
        let connection = &mut link.connection;
        let ids = self.listed(connection, SAMPLE).await?;
        let mut report = Report::of_lines(vec![self.server.title.clone()]);
        self.scans(connection, &ids, &mut report).await;
        let (keys, mut given) = (self.bound(&ids), Vec::new());
        for (entity, statement) in &self.configuration.statements {
            // Each by itself: one that fails keeps no other back.
            let answer = answer(connection, &statement.mysql(keys.len()), &keys, ids.len()).await;
            given.push((*entity, answer.map_err(Fault::into_error)));
        }
        examined(&self.configuration, given, ids, report).await
    }

    fn canceller(&self, link: &OwnLink) -> impl Future<Output = ()> + Send + 'static {
        end_query(link.options.clone(), link.connection.id())
    }
}

impl OwnMySql {
    /// The ids as the database holds them.
    fn bound(&self, ids: &[StudentId]) -> Vec<Value> {
        let text = |id: &StudentId| Value::Bytes(id.as_str().as_bytes().to_vec());
        let keys: Vec<Value> = match self.configuration.ids {
            IdKind::Text => ids.iter().map(text).collect(),
            // An id that is no number is of no student here.
            IdKind::Integer => ids.iter().filter_map(whole).map(Value::Int).collect(),
        };
        // A list in SQL is never empty; nobody's id is NULL.
        padded(if keys.is_empty() { vec![Value::NULL] } else { keys })
    }

    /// Every query in one snapshot.
    async fn ask(&self, connection: &mut Conn, ids: &[StudentId]) -> Result<Vec<(Entity, RawAnswer)>, Fault> {
        let begin = "START TRANSACTION READ ONLY, WITH CONSISTENT SNAPSHOT";
        connection.query_drop(begin).await.map_err(|error| fault(&error))?;
        let (keys, mut answers) = (self.bound(ids), Vec::new());
        for (entity, statement) in &self.configuration.statements {
            answers.push((*entity, answer(connection, &statement.mysql(keys.len()), &keys, ids.len()).await?));
        }
        connection.query_drop("COMMIT").await.map_err(|error| fault(&error))?;
        Ok(answers)
    }

    /// The first ids of the list, at most so many.
    async fn listed(&self, connection: &mut Conn, most: usize) -> Result<Vec<StudentId>, Fault> {
        let sql = listing(&self.configuration)?.mysql(0);
        let statement = prepared(connection, &sql).await?;
        let mut rows = connection.exec_iter(statement, ()).await.map_err(|error| fault(&error))?;
        let mut cells = Vec::new();
        while let Some(row) = rows.next().await.map_err(|error| fault(&error))? {
            if cells.len() < most {
                cells.push(OwnCell::from(at(&row, 0)));
            }
        }
        rows.drop_result().await.map_err(|error| fault(&error))?;
        ids_of(cells).map_err(Fault::Final)
    }

    /// Notes the tables that the server would read as a whole.
    async fn scans(&self, connection: &mut Conn, ids: &[StudentId], report: &mut Report) {
        let keys = self.bound(ids);
        for (entity, statement) in &self.configuration.statements {
            let sql = format!("EXPLAIN {}", statement.mysql(keys.len()));
            let Ok(plan) = connection.exec::<Row, _, _>(sql, Params::Positional(keys.clone())).await else { continue };
            let text =
                |row: &Row, column: &str| row.get_opt::<Option<String>, _>(column).and_then(Result::ok).flatten();
            let whole = plan.iter().filter(|row| text(row, "type").as_deref() == Some("ALL"));
            // What it has put together itself is no table: <derived2>.
            let tables = whole.filter_map(|row| text(row, "table")).filter(|table| !table.starts_with('<'));
            let scanned: Vec<String> = tables.collect();
            if !scanned.is_empty() {
                let message = format!("the query reads all of {}: an index may be missing", scanned.join(", "));
                report.find(Weight::Note, "whole-table", entity.table(), &message, 1);
            }
        }
    }
}

/// What is wrong with a query is told in the server's words: they are about the configuration, and nothing is bound yet.
async fn prepared(connection: &mut Conn, sql: &str) -> Result<mysql_async::Statement, Fault> {
    connection.prep(sql).await.map_err(|error| match &error {
        mysql_async::Error::Server(told) if told.state.starts_with("42") => {
            Fault::Final(unavailable(format!("MySQL refuses the query: {}", told.message)))
        }
        _ => fault(&error),
    })
}

async fn answer(connection: &mut Conn, sql: &str, keys: &[Value], students: usize) -> Result<RawAnswer, Fault> {
    let statement = prepared(connection, sql).await?;
    let most = students.saturating_mul(MOST_ROWS);
    let asked = connection.exec_iter(statement, Params::Positional(keys.to_vec())).await;
    let mut found = asked.map_err(|error| fault(&error))?;
    let columns: Vec<String> = found.columns_ref().iter().map(|column| column.name_str().into_owned()).collect();
    let mut rows = Vec::new();
    while let Some(row) = found.next().await.map_err(|error| fault(&error))? {
        if rows.len() >= most {
            return Err(Fault::Rows(unavailable(format!("a query gives more than {MOST_ROWS} rows a student"))));
        }
        rows.push((0..columns.len()).map(|place| OwnCell::from(at(&row, place))).collect());
        if rows.len().is_multiple_of(ROWS_A_TURN) {
            tokio::task::yield_now().await;
        }
    }
    found.drop_result().await.map_err(|error| fault(&error))?;
    Ok(RawAnswer { columns, rows })
}
