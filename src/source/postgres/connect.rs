//! A connection made ready: opened, of the published schema, all its statements prepared.

use super::Postgres;
use super::failure::{fault, lacking};
use super::tls::Tls;
use crate::domain::{Error, Problem};
use crate::source::rows::{Entity, Layout};
use crate::source::servers::{Address, Fault, TlsMode, reading, security};
use crate::source::unavailable;
use futures_util::future::try_join_all;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;
use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, Config, Statement};

/// The version of the schema that is read.
const VERSION: &str = "1";

pub struct Link {
    pub client: Client,
    _line: Line,
    /// How it was opened: what cancels its query comes the same way.
    pub tls: Tls,
    /// One question an entity, in the order in which a record's rows are read.
    pub statements: Vec<(Statement, Layout)>,
}

/// How long a connection that nobody uses any more may take to say farewell.
const FAREWELL: Duration = Duration::from_secs(1);

/// What speaks on a connection. It says farewell when its client is dropped, once everything asked is answered; where
/// the answer drips that would be minutes, in which the server keeps a place for nobody.
pub struct Line(AbortHandle);

impl Drop for Line {
    fn drop(&mut self) {
        let speaking = self.0.clone();
        if speaking.is_finished() {
            return;
        }
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(async move {
                tokio::time::sleep(FAREWELL).await;
                speaking.abort();
            })),
            Err(_) => speaking.abort(),
        }
    }
}

pub fn config(address: &Address) -> Config {
    let mut config = Config::new();
    config.host(&address.host).port(address.port).connect_timeout(Duration::from_secs(5));
    config.application_name("registrary");
    // A server that vanished without a word is noticed within a minute, not after two hours.
    config.keepalives_idle(Duration::from_secs(20)).keepalives_interval(Duration::from_secs(10)).keepalives_retries(3);
    config.tcp_user_timeout(Duration::from_secs(30));
    config.ssl_mode(match address.tls {
        TlsMode::Disable => SslMode::Disable,
        TlsMode::Prefer => SslMode::Prefer,
        TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => SslMode::Require,
    });
    if let Some(user) = &address.user {
        config.user(user);
    }
    if let Some(password) = &address.password {
        config.password(password);
    }
    if let Some(database) = &address.database {
        config.dbname(database);
    }
    for (name, value) in &address.rest {
        match name.as_str() {
            "application_name" => config.application_name(value),
            "options" => config.options(value),
            _ => &mut config,
        };
    }
    config
}

pub async fn connect(server: &Postgres) -> Result<Link, Fault> {
    let (client, tls, line) = opened(server).await?;
    check_schema(&client).await?;
    let prepared = Entity::ALL.into_iter().map(|entity| prepare(&client, entity));
    Ok(Link { statements: try_join_all(prepared).await?, client, _line: line, tls })
}

/// A connection, whatever the database holds.
pub async fn opened(server: &Postgres) -> Result<(Client, Tls, Line), Fault> {
    let (mode, roots) = server.protection.clone();
    let tls = Tls::new(reading(move || security(mode, roots.as_deref())).await?);
    let (client, connection) = server.config.connect(tls.clone()).await.map_err(|error| fault(&error))?;
    // Ends when the client is dropped or the server closes; what went wrong, the client tells whoever asks it.
    let speaking = tokio::spawn(async move {
        let _ = connection.await;
    });
    let line = Line(speaking.abort_handle());
    client.batch_execute(&server.session).await.map_err(|error| fault(&error))?;
    Ok((client, tls, line))
}

async fn check_schema(client: &Client) -> Result<(), Fault> {
    let foreign =
        || Fault::Final(unavailable("the database is not of the published schema (schemas/campus.postgresql.sql)"));
    let told = "SELECT key::text, value::text FROM meta WHERE key IN ('schema', 'schema_version')";
    let rows = match client.query(told, &[]).await {
        Ok(rows) => rows,
        Err(error) if lacking(&error) => return Err(foreign()),
        Err(error) => return Err(fault(&error)),
    };
    let value = |wanted: &str| {
        let told =
            rows.iter().filter_map(|row| Some((row.try_get::<_, &str>(0).ok()?, row.try_get::<_, &str>(1).ok()?)));
        told.filter(|(key, _)| *key == wanted).map(|(_, value)| value).next()
    };
    if value("schema") != Some("registrary campus") {
        return Err(foreign());
    }
    match value("schema_version") {
        Some(VERSION) => Ok(()),
        _ => Err(Fault::Final(unavailable(format!(
            "the database has another schema version; version {VERSION} is read"
        )))),
    }
}

async fn prepare(client: &Client, entity: Entity) -> Result<(Statement, Layout), Fault> {
    let statement = client.prepare(&select(entity)).await.map_err(|error| fault(&error))?;
    let mut problems: Vec<Problem> = Vec::new();
    let names = statement.columns().iter().map(|column| column.name());
    let layout = Layout::find(entity, names, &mut problems);
    let layout = layout.ok_or_else(|| Fault::Final(Error::Configuration { reason: listed(&problems) }))?;
    Ok((statement, layout))
}

fn listed(problems: &[Problem]) -> String {
    let each = problems.iter().map(|problem| format!("{} {}", problem.place, problem.message));
    each.collect::<Vec<_>>().join("; ")
}

fn select(entity: Entity) -> String {
    let table = entity.table();
    match entity {
        Entity::Students => {
            format!("SELECT id, {} FROM students WHERE id = ANY($1)", entity.columns().join(", "))
        }
        Entity::Institution => {
            let columns: Vec<_> = entity.columns().iter().map(|column| format!("issuer.{column}")).collect();
            format!(
                "SELECT of.id AS student, {} FROM students of JOIN institution issuer ON issuer.id = of.institution \
                 WHERE of.id = ANY($1)",
                columns.join(", ")
            )
        }
        _ => {
            let (columns, order) = (entity.columns().join(", "), entity.order());
            format!("SELECT student, {columns} FROM {table} WHERE student = ANY($1) ORDER BY student, {order}")
        }
    }
}
