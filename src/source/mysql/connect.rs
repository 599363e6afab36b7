//! A connection made ready: opened, of the published schema, with limits and the layout of every answer.

use super::failure::{fault, lacking, no_encryption};
use super::read::select;
use crate::domain::{Error, Problem};
use crate::source::rows::{Entity, Layout};
use crate::source::servers::{Address, Fault, TlsMode, certificates};
use crate::source::unavailable;
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts, OptsBuilder, SslOpts};
use std::time::Duration;

/// The version of the schema that is read.
const VERSION: &str = "1";
/// Each table is asked in a few sizes of batches; each is one prepared statement.
const STATEMENTS: usize = 128;

pub struct Link {
    pub connection: Conn,
    /// How this connection was opened: another that ends its query is opened alike.
    pub options: Opts,
    /// Where each entity's columns stand, in the order in which a record's rows are read.
    pub layouts: Vec<Layout>,
}

/// The ways to connect, tried in order until the server goes along.
pub struct Ways {
    encrypted: Option<Opts>,
    plain: Option<Opts>,
    statement_limit: Duration,
}

impl Ways {
    pub fn to(address: &Address) -> Result<Ways, Error> {
        let options = OptsBuilder::default()
            .ip_or_hostname(address.host.clone())
            .tcp_port(address.port)
            .user(address.user.clone())
            .pass(address.password.clone())
            .db_name(address.database.clone())
            .prefer_socket(false)
            .tcp_keepalive(Some(Duration::from_secs(20)))
            .stmt_cache_size(STATEMENTS);
        let mode = address.tls;
        let plain = matches!(mode, TlsMode::Disable | TlsMode::Prefer).then(|| options.clone().into());
        let encrypted = match mode {
            TlsMode::Disable => None,
            TlsMode::Prefer | TlsMode::Require => Some(SslOpts::default().with_danger_accept_invalid_certs(true)),
            TlsMode::VerifyCa | TlsMode::VerifyFull => {
                let roots = certificates(address.roots.as_deref())?;
                let roots = roots.into_iter().map(|root| root.to_vec().into()).collect();
                Some(SslOpts::default().with_root_certs(roots).with_disable_built_in_roots(true))
            }
        };
        let encrypted = encrypted.map(|tls| options.ssl_opts(tls).into());
        Ok(Ways { encrypted, plain, statement_limit: address.statement_limit })
    }
}

pub async fn connect(ways: Ways) -> Result<Link, Fault> {
    let (mut connection, options) = opened(&ways).await?;
    check_schema(&mut connection).await?;
    let mut layouts = Vec::new();
    for entity in Entity::ALL {
        layouts.push(layout(&mut connection, entity).await?);
    }
    Ok(Link { connection, options, layouts })
}

/// A connection that reads only and not for ever, whatever the database holds.
pub async fn opened(ways: &Ways) -> Result<(Conn, Opts), Fault> {
    let (mut connection, options) = open(ways).await?;
    let limit = ways.statement_limit.as_millis();
    // MariaDB has version numbers from 10 on, and its own name for the limit, in seconds.
    let (major, _, _) = connection.server_version();
    let limited = match major {
        10.. => format!("SET SESSION max_statement_time = {}.{:03}", limit / 1000, limit % 1000),
        _ => format!("SET SESSION max_execution_time = {limit}"),
    };
    let snapshots = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
    for setting in [snapshots, limited.as_str()] {
        connection.query_drop(setting).await.map_err(|error| fault(&error))?;
    }
    Ok((connection, options))
}

async fn open(ways: &Ways) -> Result<(Conn, Opts), Fault> {
    if let Some(options) = &ways.encrypted {
        match Conn::new(options.clone()).await {
            Ok(connection) => return Ok((connection, options.clone())),
            Err(error) if ways.plain.is_some() && no_encryption(&error) => {}
            Err(error) => return Err(fault(&error)),
        }
    }
    let Some(options) = &ways.plain else { return Err(Fault::Final(unavailable("there is no way to connect"))) };
    let connection = Conn::new(options.clone()).await.map_err(|error| fault(&error))?;
    Ok((connection, options.clone()))
}

async fn check_schema(connection: &mut Conn) -> Result<(), Fault> {
    let foreign =
        || Fault::Final(unavailable("the database is not of the published schema (schemas/campus.mysql.sql)"));
    let told = "SELECT `key`, value FROM meta WHERE `key` IN ('schema', 'schema_version')";
    let rows: Vec<(String, String)> = match connection.query(told).await {
        Ok(rows) => rows,
        Err(error) if lacking(&error) => return Err(foreign()),
        Err(error) => return Err(fault(&error)),
    };
    let value = |wanted: &str| rows.iter().find(|(key, _)| key == wanted).map(|(_, value)| value.as_str());
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

async fn layout(connection: &mut Conn, entity: Entity) -> Result<Layout, Fault> {
    let statement = connection.prep(select(entity, 1)).await.map_err(|error| fault(&error))?;
    let columns = statement.columns();
    let names: Vec<_> = columns.iter().map(|column| column.name_str()).collect();
    let mut problems: Vec<Problem> = Vec::new();
    let layout = Layout::find(entity, names.iter().map(AsRef::as_ref), &mut problems);
    layout.ok_or_else(|| Fault::Final(unavailable("the database lacks a column of the published schema")))
}
