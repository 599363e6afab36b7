//! Records from a MySQL or MariaDB database of the published schema (schemas/campus.mysql.sql).

mod cell;
mod check;
mod connect;
mod failure;
mod read;

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
    let address = Address::read(url, &CUSTOMS)?;
    check_roots(address.roots.as_deref())?;
    if address.tls == TlsMode::VerifyCa {
        let reason = "sslmode=verify-ca is not there for MySQL: write verify-full, or require to trust whoever answers";
        return Err(Error::configuration(reason));
    }
    let title = format!("MySQL database {}", address.title());
    Ok(ServerSource::new(MySql { key: url.to_owned(), title, address }))
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
