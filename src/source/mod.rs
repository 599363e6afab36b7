//! Doors in: a student id becomes a record, or a typed refusal.

use crate::domain::{Error, StudentId, StudentRecord};
use std::future::Future;
use std::pin::Pin;

/// A future a source or verifier hands back.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What sources and verifiers share: clients and connections of one runtime generation. After a fork the
/// child gets a new one; the old is never touched again.
pub struct Resources {
    /// One HTTP client for everything: pooled connections, rustls, no redirects to other hosts.
    pub http: reqwest::Client,
}

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

    /// All student ids of the source, in its own order, where it can tell.
    fn student_ids<'a>(&'a self, resources: &'a Resources) -> Pending<'a, Result<Vec<StudentId>, Error>>;

    /// Connects and looks: one line per thing checked, or the error that a fetch would meet.
    fn check<'a>(&'a self, resources: &'a Resources) -> Pending<'a, Result<Vec<String>, Error>>;
}
