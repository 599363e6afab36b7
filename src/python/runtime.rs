//! The runtime's switches and numbers, and the sample campus, for the facade.

use super::errors::OrRaise;
use crate::service::{Slot, panics, stats};
use crate::source::own_schema::Dialect;
use crate::source::{self, campus, schemas};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use std::path::PathBuf;
use std::time::Duration;

/// Takes no new work and ends what runs, within `seconds`.
#[pyfunction]
pub fn shut_down(py: Python<'_>, seconds: f64) -> PyResult<()> {
    let patience = Duration::try_from_secs_f64(seconds).map_err(|error| PyValueError::new_err(error.to_string()))?;
    py.detach(|| Slot::shut_down(patience));
    Ok(())
}

/// How many threads wait for I/O; only before the first call.
#[pyfunction]
pub fn set_workers(py: Python<'_>, workers: usize) -> PyResult<()> {
    Slot::set_workers(workers).or_raise(py)
}

/// How many threads evaluate and render; only before the first call.
#[pyfunction]
pub fn set_threads(py: Python<'_>, threads: usize) -> PyResult<()> {
    Slot::set_threads(threads).or_raise(py)
}

/// One query that gives student ids, as it is put through a driver of Python's; refused where it is anything else.
#[pyfunction]
pub fn selection(py: Python<'_>, query: &str) -> PyResult<String> {
    source::selection(query, Dialect::Any).or_raise(py)
}

/// What the runtime is doing; all zero before the first call, which builds it.
#[pyfunction]
pub fn runtime_stats(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let now = Slot::existing().map(|slot| stats(&slot)).unwrap_or_default();
    let numbers = PyDict::new(py);
    numbers.set_item("workers", now.workers)?;
    numbers.set_item("cpu_threads", now.cpu_threads)?;
    numbers.set_item("in_flight", now.in_flight)?;
    numbers.set_item("queued", now.queued)?;
    numbers.set_item("held_back", now.held_back)?;
    numbers.set_item("joined", now.joined)?;
    numbers.set_item("completed", now.completed)?;
    numbers.set_item("failed", now.failed)?;
    numbers.set_item("cancelled", now.cancelled)?;
    let latencies = PyDict::new(py);
    for (stage, latency) in now.latencies {
        let seconds = [latency.p50, latency.p95, latency.p99].map(|took| took.as_secs_f64());
        latencies.set_item(stage.word(), (latency.count, seconds[0], seconds[1], seconds[2]))?;
    }
    numbers.set_item("latencies", latencies)?;
    numbers.set_item("hosts", hosts(py)?)?;
    Ok(numbers)
}

/// A row for each host that was asked over HTTP, in the order of `HostStats` in `_runtime.py`.
fn hosts(py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
    let telemetry = Slot::existing().map(|slot| slot.resources().http.telemetry()).unwrap_or_default();
    let rows = telemetry.hosts.into_iter().map(|host| {
        let (breaker, p95) = (host.breaker.word(), host.p95.map(|took| took.as_secs_f64()));
        let counts = (host.questions, host.retries, host.throttled, host.failed, host.budget_waits);
        let (questions, retries, throttled, failed, waits) = counts;
        let (opened, in_flight, limit) = (host.breaker_opened, host.in_flight, host.limit);
        (host.host, questions, retries, throttled, failed, waits, breaker, opened, in_flight, limit, p95)
    });
    PyList::new(py, rows.collect::<Vec<_>>())
}

/// Writes the sample campus as a new SQLite database.
#[pyfunction]
pub fn write_sample_campus(py: Python<'_>, path: PathBuf, students: usize) -> PyResult<()> {
    py.detach(|| panics::caught(|| campus::build(&path, students))).or_raise(py)
}

/// The published schema as SQL of one kind of database.
#[pyfunction]
pub fn campus_schema(server: &str) -> PyResult<&'static str> {
    schemas::text(server).ok_or_else(|| PyValueError::new_err("no schema is published for this kind of database"))
}
