//! The doors in: SQLite, the sample campus, services, documents, memory, and addresses of all of them.

#[path = "source/campus.rs"]
mod campus;
#[path = "source/doors.rs"]
mod doors;
#[path = "source/http.rs"]
mod http;
#[path = "source/server.rs"]
mod server;
#[path = "source/service.rs"]
mod service;
#[path = "source/sqlite.rs"]
mod sqlite;

use registrary::domain::{Error, StudentId, StudentRecord};
use registrary::source::{Resources, Source};
use std::time::Duration;

/// Runs a test's future on a runtime of its own, and fails rather than hangs.
fn wait<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async { tokio::time::timeout(Duration::from_secs(60), work).await.expect("a test hangs") })
}

fn id(raw: &str) -> StudentId {
    StudentId::new(raw).unwrap()
}

fn ids(raw: &[&str]) -> Vec<StudentId> {
    raw.iter().map(|raw| id(raw)).collect()
}

/// One student's record, or why not.
async fn one(source: &dyn Source, raw: &str) -> Result<StudentRecord, Error> {
    let resources = Resources::new().unwrap();
    let mut answers = source.fetch(&resources, &ids(&[raw])).await;
    assert_eq!(answers.len(), 1);
    answers.pop().unwrap()
}

/// The codes and places of a malformed record.
fn problems(result: Result<StudentRecord, Error>) -> Vec<(&'static str, String)> {
    match result {
        Err(Error::MalformedRecord(problems)) => problems.into_iter().map(|p| (p.code, p.place)).collect(),
        other => panic!("no malformed record: {:?}", other.map(|_| "a record")),
    }
}

/// The reason of an unreachable source.
fn reason<T>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::SourceUnavailable { reason }) => reason,
        Err(other) => panic!("another error: {other:?}"),
        Ok(_) => panic!("it was reached"),
    }
}
