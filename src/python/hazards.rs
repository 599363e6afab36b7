//! Work that goes wrong on purpose, for the tests of the bridge; compiled under the cargo feature `hazards` only.

use super::bridge::{Call, Caller, LoopBridge, Outcome, Part, Question, Task};
use super::stream::TranscriptStream;
use super::transcript::Transcript;
use super::waiting;
use crate::domain::{Error, StudentId};
use crate::service::Slot;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

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

/// How late, in microseconds, each beat of the runtime's own 1 ms heartbeat was.
static BEATS: Mutex<Vec<u64>> = Mutex::new(Vec::new());

/// Beats until it is dropped.
async fn heartbeat() -> Result<Outcome, Error> {
    const PERIOD: Duration = Duration::from_millis(1);
    loop {
        let due = Instant::now() + PERIOD;
        tokio::time::sleep(PERIOD).await;
        let late = Instant::now().saturating_duration_since(due).as_micros();
        BEATS.lock().unwrap_or_else(PoisonError::into_inner).push(u64::try_from(late).unwrap_or(u64::MAX));
    }
}

/// What the heartbeats measured since they were last asked for.
#[pyfunction]
pub fn hazard_beats() -> Vec<u64> {
    std::mem::take(&mut *BEATS.lock().unwrap_or_else(PoisonError::into_inner))
}

/// A stream of so many copies of one transcript, made by no work: what is measured is the stream itself.
#[pyfunction]
pub fn hazard_stream(transcript: &Transcript, copies: usize, max_concurrency: usize) -> TranscriptStream {
    TranscriptStream::of_copies(transcript.0.clone(), copies, max_concurrency)
}

/// `kind`: "nothing", "wait", "heartbeat", "panic", "busy" (a job of the CPU pool, which looks at its flag every millisecond) or "ask".
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
        part: Part::Asks,
        caller,
        work: Box::new(move |slot, door| {
            Box::pin(async move {
                let outcome: Outcome = match kind.as_str() {
                    "nothing" => Box::new(|py, _| Ok(py.None())),
                    "heartbeat" => heartbeat().await?,
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
    let end = Instant::now() + Duration::from_micros(micros);
    while Instant::now() < end {
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
