//! Records from a MySQL or MariaDB database of the published schema (schemas/campus.mysql.sql).

mod cell;
mod check;
mod connect;
mod failure;
mod own;
mod read;
mod select;

pub use own::own_source;

use super::rows::Records;
use super::servers::{Address, Customs, Driver, Fault, ServerSource, TlsMode, check_roots, reading};
use crate::domain::{Error, StudentId};
use connect::{Link, Ways};
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts};

/// A MySQL or MariaDB server.
pub struct MySql {
    key: String,
    title: String,
    address: Address,
}

const CUSTOMS: Customs = Customs { port: 3306, parameters: &["charset"] };

/// The source at a URL `mysql://user:password@host:port/database`.
pub fn source(url: &str) -> Result<ServerSource<MySql>, Error> {
    Ok(ServerSource::new(driver(url)?))
}

fn driver(url: &str) -> Result<MySql, Error> {
    let mut address = Address::read(url, &CUSTOMS)?;
    // Who names certificates wants the server's looked at: never less without a word.
    address.tls = address.tls.with_roots(address.roots.as_deref());
    if address.tls == TlsMode::VerifyCa {
        let reason = "sslmode=verify-ca, which require with sslrootcert is too, is not there for MySQL: write verify-full, or require alone to trust whoever answers";
        return Err(Error::configuration(reason));
    }
    if address.tls == TlsMode::Prefer && address.roots.is_some() {
        let reason = "sslmode=prefer, which is what holds for this machine, looks at no certificate, but sslrootcert names some: write verify-full";
        return Err(Error::configuration(reason));
    }
    check_roots(address.roots.as_deref())?;
    let title = format!("MySQL database {}", address.title());
    Ok(MySql { key: url.to_owned(), title, address })
}

impl Driver for MySql {
    type Link = Link;

    fn key(&self) -> String {
        self.key.clone()
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    async fn connect(&self) -> Result<Link, Fault> {
        let address = self.address.clone();
        connect::connect(reading(move || Ways::to(&address)).await?).await
    }

    fn alive(&self, link: &Link) -> bool {
        !link.connection.is_disconnected()
    }

    async fn read(&self, link: &mut Link, ids: &[StudentId]) -> Result<Records, Fault> {
        read::records(link, ids).await
    }

    async fn student_ids(&self, link: &mut Link) -> Result<Vec<StudentId>, Fault> {
        read::student_ids(link).await
    }

    async fn select(&self, link: &mut Link, query: &str) -> Result<Vec<StudentId>, Fault> {
        select::ids(&mut link.connection, query).await
    }

    async fn check(&self, link: &mut Link) -> Result<Vec<String>, Fault> {
        check::lines(link).await
    }

    fn canceller(&self, link: &Link) -> impl Future<Output = ()> + Send + 'static {
        end_query(link.options.clone(), link.connection.id())
    }
}

/// MySQL ends a query when it is told on another connection. If it cannot be told, its own limit ends the query.
async fn end_query(options: Opts, connection: u32) {
    if let Ok(mut other) = Conn::new(options).await {
        let _ = other.query_drop(format!("KILL QUERY {connection}")).await;
        let _ = other.disconnect().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(url: &str) -> String {
        source(url).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn named_certificates_are_never_left_unread() {
        for root in ["sslrootcert=/nowhere/root.pem", "ssl_ca=/nowhere/root.pem"] {
            assert!(refused(&format!("mysql://h/d?sslmode=require&{root}")).contains("verify-full"));
            assert!(refused(&format!("mysql://h/d?{root}&sslmode=verify-ca")).contains("verify-full"));
            assert!(refused(&format!("mysql://h/d?sslmode=prefer&{root}")).contains("prefer"));
            assert!(refused(&format!("mysql://localhost/d?{root}")).contains("prefer"));
            // Read, and therefore missed.
            assert!(refused(&format!("mysql://h/d?sslmode=verify-full&{root}")).contains("cannot be read"));
        }
        assert_eq!(refused("mysql://h/d?sslmode=require"), "");
        assert_eq!(refused("mysql://localhost/d"), "");
    }
}
