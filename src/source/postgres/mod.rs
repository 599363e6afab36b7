//! Records from a PostgreSQL database of the published schema (schemas/campus.postgresql.sql).

mod cell;
mod check;
mod connect;
mod failure;
mod own;
mod read;
mod select;
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
    /// What every connection is told first: whatever runs outside a batch neither writes nor lasts longer.
    session: String,
}

const CUSTOMS: Customs = Customs { port: 5432, parameters: &["application_name", "host", "options"] };

/// The source at a URL `postgresql://user:password@host:port/database`.
pub fn source(url: &str) -> Result<ServerSource<Postgres>, Error> {
    Ok(ServerSource::new(driver(url)?))
}

fn driver(url: &str) -> Result<Postgres, Error> {
    let mut address = Address::read(url, &CUSTOMS)?;
    // libpq's way to name a folder of sockets, which is no host of a URL: postgresql:///campus?host=/run/postgresql
    if let Some((_, folder)) = address.rest.iter().rfind(|(name, _)| name == "host") {
        if !folder.starts_with('/') {
            // Left out, it would mean this machine's own server.
            let reason = "host= in the address names a folder of sockets, from / on; a server stands before the database: postgresql://host:port/database";
            return Err(Error::configuration(reason));
        }
        address.host.clone_from(folder);
        address.tls = TlsMode::Disable;
    }
    check_roots(address.roots.as_deref())?;
    let begin = format!(
        "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = {}",
        address.statement_limit.as_millis()
    );
    let session = format!(
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; SET SESSION statement_timeout = {}",
        address.statement_limit.as_millis()
    );
    let title = format!("PostgreSQL database {}", address.title());
    let config = connect::config(&address);
    let protection = (address.tls, address.roots);
    Ok(Postgres { key: url.to_owned(), title, config, protection, begin, session })
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

    async fn select(&self, link: &mut Link, query: &str) -> Result<Vec<StudentId>, Fault> {
        select::ids(&self.begin, &link.client, query).await
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_host_is_no_silent_localhost() {
        for wrong in
            ["host=db.example.edu", "host=", "host=%2Frun&host=db.example.edu", "port=6000", "hostaddr=10.0.0.1"]
        {
            let told = driver(&format!("postgresql:///campus?{wrong}")).err();
            assert!(told.is_some_and(|error| error.code() == "configuration"), "{wrong}");
        }
        let sockets = driver("postgresql:///campus?host=/run/postgresql").map(|driver| driver.title);
        assert!(sockets.is_ok_and(|title| title.contains("/run/postgresql")));
    }

    #[test]
    fn a_connection_reads_only_and_not_for_ever_outside_batches_too() {
        let told = driver("postgresql://h/d?statement_timeout=1500").map(|driver| driver.session).unwrap_or_default();
        assert!(told.contains("TRANSACTION READ ONLY") && told.contains("statement_timeout = 1500"));
    }
}
