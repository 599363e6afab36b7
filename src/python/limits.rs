//! Limits and retries from Python's numbers, checked here once: every fault is listed.

use super::errors::OrRaise;
use crate::domain::Error;
use crate::service::{
    self,
    limits::{LONGEST, MAX_CONCURRENCY},
};
use pyo3::prelude::*;
use std::time::Duration;

/// The longest that each stage may take, and how many records may be under way at once.
#[pyclass(frozen, module = "registrary._core")]
pub struct Limits(pub service::Limits);

/// How a service that fails in passing is asked again.
#[pyclass(frozen, module = "registrary._core")]
pub struct Retry(pub service::Retry);

#[pymethods]
impl Limits {
    /// Seconds by stage.
    #[new]
    #[pyo3(signature = (*, fetch, produce, save, verify, concurrency=None))]
    fn new(
        py: Python<'_>,
        fetch: f64,
        produce: f64,
        save: f64,
        verify: f64,
        concurrency: Option<usize>,
    ) -> PyResult<Limits> {
        let mut faults = Vec::new();
        let mut limit = |name, seconds| read(&mut faults, name, seconds);
        let (fetch, produce) = (limit("fetch", fetch), limit("produce", produce));
        let (save, verify) = (limit("save", save), limit("verify", verify));
        if concurrency.is_some_and(|most| !(1..=MAX_CONCURRENCY).contains(&most)) {
            faults.push(format!("concurrency must lie between 1 and {MAX_CONCURRENCY}"));
        }
        refused(faults).or_raise(py)?;
        Ok(Limits(service::Limits { fetch, produce, save, verify, concurrency }))
    }
}

#[pymethods]
impl Retry {
    /// `first` and `longest` are pauses in seconds; `budget_percent` is of the questions to one host.
    #[new]
    #[pyo3(signature = (*, attempts, first, longest, budget_percent))]
    fn new(py: Python<'_>, attempts: u32, first: f64, longest: f64, budget_percent: u32) -> PyResult<Retry> {
        let mut faults = Vec::new();
        if !(1..=100).contains(&attempts) {
            faults.push("attempts must lie between 1 and 100".to_owned());
        }
        let first = read(&mut faults, "first", first);
        let longest = read(&mut faults, "longest", longest);
        if longest < first {
            faults.push("longest is shorter than first".to_owned());
        }
        if budget_percent > 100 {
            faults.push("budget must lie between 0 and 1".to_owned());
        }
        refused(faults).or_raise(py)?;
        Ok(Retry(service::Retry { tries: attempts, pause: first, longest_pause: longest, budget_percent }))
    }
}

fn read(faults: &mut Vec<String>, name: &str, seconds: f64) -> Duration {
    let read = Duration::try_from_secs_f64(seconds).ok().filter(|limit| !limit.is_zero() && *limit <= LONGEST);
    read.unwrap_or_else(|| {
        faults.push(format!("{name}: a time limit is a positive number of seconds, at most 30 days"));
        Duration::MAX
    })
}

fn refused(faults: Vec<String>) -> Result<(), Error> {
    if faults.is_empty() { Ok(()) } else { Err(Error::configuration(faults.join("; "))) }
}
