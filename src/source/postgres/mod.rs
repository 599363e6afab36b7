//! Records from a PostgreSQL database of the published schema (schemas/campus.postgresql.sql).

mod cell;
mod check;
mod connect;
mod failure;
mod own;
mod read;
mod tls;

pub use own::own_source;

use super::rows::Records;
use super::servers::{Address, Customs, Driver, Fault, ServerSource, TlsMode, check_roots};
use crate::domain::{Error, StudentId};
use connect::Link;
use std::path::PathBuf;
use tokio_postgres::Config;

/// A PostgreSQL server, or one that speaks its protocol.
pub struct Postgres {
    key: String,
    title: String,
    config: Config,
    /// How connections are encrypted, and which certificates are trusted.
    protection: (TlsMode, Option<PathBuf>),
    /// What begins each batch: one snapshot for all its queries, and the server's own limit.
    begin: String,
}

const CUSTOMS: Customs = Customs { port: 5432, parameters: &["application_name", "host", "options"] };

/// The source at a URL `postgresql://user:password@host:port/database`.
pub fn source(url: &str) -> Result<ServerSource<Postgres>, Error> {
    Ok(ServerSource::new(driver(url)?))
}

fn driver(url: &str) -> Result<Postgres, Error> {
    let mut address = Address::read(url, &CUSTOMS)?;
    // libpq's way to name a folder of sockets, which is no host of a URL: postgresql:///campus?host=/run/postgresql
    if let Some((_, folder)) = address.rest.iter().find(|(name, value)| name == "host" && value.starts_with('/')) {
        address.host.clone_from(folder);
        address.tls = TlsMode::Disable;
    }
    check_roots(address.roots.as_deref())?;
    let begin = format!(
        "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = {}",
        address.statement_limit.as_millis()
    );
    let title = format!("PostgreSQL database {}", address.title());
    let config = connect::config(&address);
    let protection = (address.tls, address.roots);
    Ok(Postgres { key: url.to_owned(), title, config, protection, begin })
}

impl Driver for Postgres {
    type Link = Link;

    fn key(&self) -> String {
        self.key.clone()
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    async fn connect(&self) -> Result<Link, Fault> {
        connect::connect(self).await
    }

    fn alive(&self, link: &Link) -> bool {
        !link.client.is_closed()
    }

    async fn read(&self, link: &mut Link, ids: &[StudentId]) -> Result<Records, Fault> {
        read::records(&self.begin, link, ids).await
    }

    async fn student_ids(&self, link: &mut Link) -> Result<Vec<StudentId>, Fault> {
        read::student_ids(link).await
    }

    async fn check(&self, link: &mut Link) -> Result<Vec<String>, Fault> {
        check::lines(link).await
    }

    fn canceller(&self, link: &Link) -> impl Future<Output = ()> + Send + 'static {
        let (token, tls) = (link.client.cancel_token(), link.tls.clone());
        async move {
            // If the server cannot be told, its own limit ends the query.
            let _ = token.cancel_query(tls).await;
        }
    }
}
