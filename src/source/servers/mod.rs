//! What all database servers share: ids gathered into batches, few connections, reads tried again when a server went away.

mod address;
mod again;
mod gather;
mod holdings;
mod patience;
mod pool;
mod registry;
mod roots;
mod source;
mod tls;

pub use address::{Address, Customs, Parameter};
pub use holdings::Holdings;
pub use registry::Servers;
pub use roots::{certificates, check as check_roots};
pub use source::ServerSource;
pub use tls::{TlsMode, security, untrusted};

use super::report::Report;
use super::rows::Records;
use super::selection::no_queries;
use crate::domain::{Error, StudentId};
use std::future::Future;
use std::time::Duration;

/// The longest that a connection may take to be opened and made ready.
pub const CONNECTING: Duration = Duration::from_secs(10);

/// Why something asked of a server did not come about, and what that means for asking again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is gone, or the server is going down or coming up: the same may succeed in a moment.
    Lost(Error),
    /// Nobody answers at the address: as `Lost` once somebody did, and final before, when the address may be wrong.
    Away(Error),
    /// The query failed on what it read, or took too long: for fewer students it may succeed.
    Rows(Error),
    /// Asking again would fail again.
    Final(Error),
}

impl Fault {
    pub fn into_error(self) -> Error {
        match self {
            Fault::Lost(error) | Fault::Away(error) | Fault::Rows(error) | Fault::Final(error) => error,
        }
    }
}

/// One kind of database server, as the rest of this room sees it.
pub trait Driver: Send + Sync + 'static {
    /// An open connection, made ready.
    type Link: Send + 'static;

    /// What tells this database, user and schema mapping from others in the process. Secret: it may hold a password.
    fn key(&self) -> String;

    /// How the database is called in reports: without user and password.
    fn title(&self) -> String;

    /// What tells this database and mapping from others, without user and password.
    fn address(&self) -> String {
        self.title()
    }

    fn connect(&self) -> impl Future<Output = Result<Self::Link, Fault>> + Send;

    /// Whether the connection can still be asked something, as far as is known without asking.
    fn alive(&self, link: &Self::Link) -> bool;

    /// Reads the records of all these students from one state of the database.
    fn read(&self, link: &mut Self::Link, ids: &[StudentId]) -> impl Future<Output = Result<Records, Fault>> + Send;

    /// All student ids, in the source's own order.
    fn student_ids(&self, link: &mut Self::Link) -> impl Future<Output = Result<Vec<StudentId>, Fault>> + Send;

    /// The ids that a query of the caller's gives.
    fn select(&self, _: &mut Self::Link, _: &str) -> impl Future<Output = Result<Vec<StudentId>, Fault>> + Send {
        std::future::ready(Err(Fault::Final(no_queries())))
    }

    /// What the database holds, in a few lines.
    fn check(&self, link: &mut Self::Link) -> impl Future<Output = Result<Vec<String>, Fault>> + Send;

    /// As `check`, as data.
    fn examine(&self, link: &mut Self::Link) -> impl Future<Output = Result<Report, Fault>> + Send {
        async { Ok(Report::of_lines(std::iter::once(self.title()).chain(self.check(link).await?).collect())) }
    }

    /// What is needed to end on the server whatever runs on the connection, once nobody waits for it any more.
    fn canceller(&self, link: &Self::Link) -> impl Future<Output = ()> + Send + 'static;
}

/// Runs work that reads files on a thread for such work.
pub async fn reading<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Fault> {
    let ended = tokio::task::spawn_blocking(work).await;
    let early = |_| Err(Error::Internal { message: "reading certificates ended before its time".into() });
    ended.unwrap_or_else(early).map_err(Fault::Final)
}
