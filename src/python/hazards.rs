//! Work that goes wrong on purpose, for the tests of the bridge; compiled under the cargo feature `hazards` only.

use super::bridge::{Call, Caller, LoopBridge, Outcome, Question, Task};
use super::waiting;
use crate::domain::{Error, StudentId};
use crate::service::Slot;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Work that holds something now, as a connection would be held.
static HELD: AtomicUsize = AtomicUsize::new(0);
static STARTED: AtomicUsize = AtomicUsize::new(0);

struct Held;

impl Held {
    fn new() -> Held {
        HELD.fetch_add(1, Ordering::SeqCst);
        STARTED.fetch_add(1, Ordering::SeqCst);
        Held
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        HELD.fetch_sub(1, Ordering::SeqCst);
    }
}

/// How many pieces of work have been started, and how many hold something now.
#[pyfunction]
pub fn hazard_counts() -> (usize, usize) {
    (STARTED.load(Ordering::SeqCst), HELD.load(Ordering::SeqCst))
}

async fn waited(micros: u64) -> Result<u64, Error> {
    let _held = Held::new();
    tokio::time::sleep(Duration::from_micros(micros)).await;
    Ok(micros)
}

/// `kind`: "wait", "panic", "busy" (a job of the CPU pool, which looks at its flag every millisecond) or "ask".
#[pyfunction]
#[pyo3(signature = (bridge, kind, argument, function=None))]
pub fn hazard(
    bridge: &Bound<'_, LoopBridge>,
    kind: String,
    argument: u64,
    function: Option<Py<PyAny>>,
) -> PyResult<Call> {
    let caller = function.map(|function| Py::new(bridge.py(), Caller::new(Some(function), None))).transpose()?;
    let task = Task {
        student_id: None,
        opens_door: caller.is_some(),
        caller,
        work: Box::new(move |slot, door| {
            Box::pin(async move {
                let outcome: Outcome = match kind.as_str() {
                    "panic" => panic!("hazard {argument}"),
                    "busy" => {
                        slot.cpu().run(move |flag| busy(flag, argument)).await?;
                        Box::new(|py, _| Ok(py.None()))
                    }
                    "ask" => {
                        let _held = Held::new();
                        let door = door.ok_or(Error::Cancelled)?;
                        let id = StudentId::new(&argument.to_string()).map_err(|_| Error::Cancelled)?;
                        let answer = door.ask(Question::Record(id)).await?;
                        Box::new(move |py, _| Ok(PyBytes::new(py, &answer.0).into_any().unbind()))
                    }
                    _ => {
                        let waited = waited(argument).await?;
                        Box::new(move |py, _| Ok(waited.into_pyobject(py)?.into_any().unbind()))
                    }
                };
                Ok(outcome)
            })
        }),
    };
    Ok(Call::new(bridge, task))
}

fn busy(flag: &crate::service::CancelFlag, micros: u64) -> Result<(), Error> {
    let _held = Held::new();
    let end = std::time::Instant::now() + Duration::from_micros(micros);
    while std::time::Instant::now() < end {
        std::thread::sleep(Duration::from_millis(1));
        flag.check()?;
    }
    Ok(())
}

/// Waits in a sync call; panics when `micros` is 13.
#[pyfunction]
pub fn hazard_sync(py: Python<'_>, micros: u64) -> PyResult<u64> {
    let slot = Slot::current().map_err(|error| super::errors::raised(py, &error, None))?;
    waiting::wait(py, &slot, None, async move { if micros == 13 { panic!("thirteen") } else { waited(micros).await } })
}

/// A sync call on a thread that belongs to the runtime: refused.
#[pyfunction]
pub fn hazard_sync_inside(py: Python<'_>, micros: u64) -> PyResult<u64> {
    let slot = Slot::current().map_err(|error| super::errors::raised(py, &error, None))?;
    let _inside = slot.handle().enter();
    waiting::wait(py, &slot, None, waited(micros))
}
