//! Doors in: a student id becomes a record, or a typed refusal.

mod blocking;
pub mod campus;
pub mod configured;
pub mod http;
mod memory;
pub mod mysql;
pub mod own_schema;
mod pesc;
pub mod postgres;
pub mod report;
mod resources;
pub mod rows;
pub mod schemas;
mod selection;
pub mod servers;
pub mod sqlite;
mod url;

pub use blocking::{read_aside, read_json};
pub use http::HttpSource;
pub use memory::MemorySource;
pub use pesc::PescSource;
pub use report::Report;
pub use resources::Resources;
pub use selection::selection;
pub use sqlite::SqliteSource;
pub use url::{from_url, from_url_with};

use crate::domain::{Error, Problem, StudentId, StudentRecord};
use std::future::Future;
use std::pin::Pin;

/// A future a source or verifier hands back.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Records of this machine come sooner than they can be used: so many at once keep every core at work.
const LOCAL_AT_ONCE: usize = 32;

/// Where records come from. Batch-first: one call, one answer per id, in the order asked.
pub trait Source: Send + Sync + 'static {
    /// Fetches each student's record. Dropping the future ends the work.
    fn fetch<'a>(
        &'a self,
        resources: &'a Resources,
        ids: &'a [StudentId],
    ) -> Pending<'a, Vec<Result<StudentRecord, Error>>>;

    /// How many ids one call should ask for when many are wanted: 1 where a slow record would delay the others.
    fn group_size(&self) -> usize {
        1
    }

    /// How many records may be fetched, or wait to be used, at once, unless a limit says otherwise: many where most
    /// of the time goes by waiting for a network, few where records come as fast as they are asked for.
    fn at_once(&self) -> usize {
        1_000
    }

    /// Sources that answer the same are one by this number although they are made anew for each call.
    fn same_as(&self) -> Option<u64> {
        None
    }

    /// All student ids of the source, in its own order, where it can tell.
    fn student_ids<'a>(&'a self, resources: &'a Resources) -> Pending<'a, Result<Vec<StudentId>, Error>>;

    /// Where the records come from, without anything secret, where that can be told: a run that is resumed goes on with
    /// the same source only.
    fn address(&self) -> Option<String> {
        None
    }

    /// The student ids that a query of the caller's gives, where the source has SQL: read only, within the limits of
    /// every other question.
    fn select<'a>(&'a self, _: &'a Resources, _: &'a str) -> Pending<'a, Result<Vec<StudentId>, Error>> {
        Box::pin(std::future::ready(Err(selection::no_queries())))
    }

    /// Connects and looks: one line per thing checked, or the error that a fetch would meet.
    fn check<'a>(&'a self, resources: &'a Resources) -> Pending<'a, Result<Vec<String>, Error>>;

    /// As `check`, as data; more than lines where the source can tell more.
    fn examine<'a>(&'a self, resources: &'a Resources) -> Pending<'a, Result<Report, Error>> {
        Box::pin(async move { Ok(Report::of_lines(self.check(resources).await?)) })
    }
}

/// A source that cannot be reached or used, in words without payload.
fn unavailable(reason: impl Into<String>) -> Error {
    Error::SourceUnavailable { reason: reason.into() }
}

/// Hands the record on only when it is the student's who was asked for: another student's transcript is
/// the worst mistake a source can make.
fn of_student(record: StudentRecord, asked: &StudentId) -> Result<StudentRecord, Error> {
    if record.student.id == *asked {
        return Ok(record);
    }
    let message = "is not the student who was asked for";
    Err(Error::MalformedRecord(vec![Problem::new("wrong-student", "student.id", message)]))
}

/// The same refusal for every id of a batch.
fn refuse_all(ids: &[StudentId], error: &Error) -> Vec<Result<StudentRecord, Error>> {
    ids.iter().map(|_| Err(error.clone())).collect()
}
