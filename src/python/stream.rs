//! A stream of transcripts in Python: chunks from the service, one `TranscriptResult` a student.

use super::bridge::{Call, Caller, LoopBridge, Origin, Outcome, Part, Task, Work};
use super::errors;
use super::registrar::Equipment;
use super::transcript::Transcript;
use crate::domain::{Error, StudentId};
use crate::service::{self, Request};
use futures_util::future::{Either, select};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};
use pyo3::{PyTraverseError, PyVisit};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// What a stream will do once its first chunk is awaited.
struct Plan {
    equipment: Equipment,
    ids: Vec<StudentId>,
    request: Request,
    max_concurrency: usize,
    ordered: bool,
}

enum Progress {
    Planned(Option<Box<Plan>>),
    Running(service::TranscriptStream),
    #[cfg(feature = "hazards")]
    Copies {
        transcript: Box<service::Transcript>,
        copies: usize,
        max_concurrency: usize,
    },
    Closed,
}

/// Results on their way to an awaiter. Dropped before they are taken, because that awaiter was cancelled, they go back
/// to the stream, for the next one.
struct Chunk {
    outcomes: Vec<service::Outcome>,
    returned: Arc<Mutex<Vec<service::Outcome>>>,
}

impl Drop for Chunk {
    fn drop(&mut self) {
        if !self.outcomes.is_empty() {
            self.returned.lock().unwrap_or_else(PoisonError::into_inner).append(&mut self.outcomes);
        }
    }
}

/// What the calls of one stream share.
struct Shared {
    progress: tokio::sync::Mutex<Progress>,
    /// Begins with the first call, before the work: whatever is locked after that may stay so in a forked child.
    origin: Origin,
    /// Until the work has begun, each call brings a door to the caller's functions: the one before may have been
    /// cancelled before it could begin.
    begun: AtomicBool,
    returned: Arc<Mutex<Vec<service::Outcome>>>,
    closing: watch::Sender<bool>,
}

impl Shared {
    fn chunk(&self, outcomes: Vec<service::Outcome>) -> Chunk {
        Chunk { outcomes, returned: Arc::clone(&self.returned) }
    }

    async fn close(&self) {
        self.closing.send_replace(true);
        let mut progress = self.progress.lock().await;
        if let Progress::Running(stream) = &mut *progress {
            stream.close().await;
        }
        *progress = Progress::Closed;
    }

    fn returned(&self) -> Vec<service::Outcome> {
        std::mem::take(&mut *self.returned.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The results that are ready, at least one; none at the end, and once the stream is being closed.
    async fn next(&self, stream: &mut service::TranscriptStream, most: usize) -> Chunk {
        let returned = self.returned();
        if !returned.is_empty() {
            return self.chunk(returned);
        }
        let mut closing = self.closing.subscribe();
        match select(pin!(closing.wait_for(|closing| *closing)), pin!(stream.next_chunk(most))).await {
            Either::Left(_) => self.chunk(Vec::new()),
            Either::Right((outcomes, _)) => self.chunk(outcomes),
        }
    }
}

/// Transcripts as they are done, or in the order asked. Nothing starts before the first chunk is awaited.
#[pyclass(frozen, module = "registrary._core")]
pub struct TranscriptStream {
    shared: Arc<Shared>,
    caller: Option<Py<Caller>>,
    total: usize,
}

impl TranscriptStream {
    pub fn new(
        equipment: Equipment,
        caller: Option<Py<Caller>>,
        ids: Vec<StudentId>,
        request: Request,
        max_concurrency: usize,
        ordered: bool,
    ) -> TranscriptStream {
        let total = ids.len();
        let plan = Plan { equipment, ids, request, max_concurrency, ordered };
        let progress = tokio::sync::Mutex::new(Progress::Planned(Some(Box::new(plan))));
        let (begun, closing) = (AtomicBool::new(false), watch::Sender::new(false));
        let shared = Arc::new(Shared { progress, origin: Origin::default(), begun, returned: Arc::default(), closing });
        TranscriptStream { shared, caller, total }
    }

    fn caller(&self, py: Python<'_>) -> Option<Py<Caller>> {
        self.caller.as_ref().map(|caller| caller.clone_ref(py))
    }
}

#[cfg(feature = "hazards")]
impl TranscriptStream {
    /// Copies of one transcript, which take no work.
    pub fn of_copies(transcript: service::Transcript, copies: usize, max_concurrency: usize) -> TranscriptStream {
        let progress = Progress::Copies { transcript: Box::new(transcript), copies, max_concurrency };
        let (begun, closing) = (AtomicBool::new(true), watch::Sender::new(false));
        let progress = tokio::sync::Mutex::new(progress);
        let shared = Arc::new(Shared { progress, origin: Origin::default(), begun, returned: Arc::default(), closing });
        TranscriptStream { shared, caller: None, total: copies }
    }
}

#[pymethods]
impl TranscriptStream {
    /// A list of the results that are ready, at least one; empty at the end. Cancelled, it loses none.
    fn next_chunk(&self, bridge: &Bound<'_, LoopBridge>, most: usize) -> Call {
        let shared = Arc::clone(&self.shared);
        let begun = shared.begun.load(Ordering::Relaxed);
        let work = Box::new(move |slot: Arc<service::Slot>, door| {
            let own = shared.origin.begin();
            let chunk = async move {
                if !own {
                    return Err(Error::configuration("a stream begun before a fork cannot go on in the child"));
                }
                let mut progress = shared.progress.lock().await;
                if let Progress::Planned(plan) = &mut *progress {
                    let plan = plan.take().ok_or(Error::Cancelled)?;
                    shared.begun.store(true, Ordering::Relaxed);
                    let registrar = Arc::new(plan.equipment.put_on(door));
                    let stream =
                        registrar.stream(Arc::clone(&slot), plan.ids, plan.max_concurrency, plan.ordered, plan.request);
                    *progress = Progress::Running(stream);
                }
                #[cfg(feature = "hazards")]
                if let Progress::Copies { transcript, copies, max_concurrency } = &*progress {
                    let stream = service::TranscriptStream::of_copies(&slot, transcript, *copies, *max_concurrency);
                    *progress = Progress::Running(stream);
                }
                let Progress::Running(stream) = &mut *progress else {
                    return Ok(outcome(shared.chunk(Vec::new())));
                };
                Ok(outcome(shared.next(stream, most).await))
            };
            Box::pin(chunk) as Work
        });
        let part = if begun { Part::Apart } else { Part::Begins };
        Call::new(bridge, Task { work, student_id: None, part, caller: self.caller(bridge.py()) })
    }

    /// Ends all work and waits until it has ended; in a forked child there is none. A chunk that is awaited meanwhile comes empty.
    fn close(&self, bridge: &Bound<'_, LoopBridge>) -> Call {
        let shared = Arc::clone(&self.shared);
        let work = Box::new(move |_, _| {
            let own = shared.origin.begin();
            let close = async move {
                if own {
                    shared.close().await;
                }
                let nothing: Outcome = Box::new(|py, _| Ok(py.None()));
                Ok(nothing)
            };
            Box::pin(close) as Work
        });
        Call::new(bridge, Task { work, student_id: None, part: Part::Ends, caller: self.caller(bridge.py()) })
    }

    /// How many students were asked for.
    #[getter]
    fn total(&self) -> usize {
        self.total
    }

    /// A source may hold the stream that asks it.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.caller)
    }
}

impl Drop for TranscriptStream {
    fn drop(&mut self) {
        if self.shared.origin.is_foreign() {
            // Never dropped in a forked child: that would wake the parent's tasks.
            std::mem::forget(Arc::clone(&self.shared));
        }
    }
}

fn outcome(mut chunk: Chunk) -> Outcome {
    Box::new(move |py, caller| {
        let results = PyList::empty(py);
        for (id, outcome) in std::mem::take(&mut chunk.outcomes) {
            results.append(TranscriptResult::new(py, &id, outcome, caller)?)?;
        }
        Ok(results.into_any().unbind())
    })
}

/// One student's outcome: a transcript or an error, never both.
#[pyclass(frozen, module = "registrary._core")]
pub struct TranscriptResult {
    student_id: StudentId,
    transcript: Option<Py<Transcript>>,
    error: Option<Py<PyAny>>,
}

impl TranscriptResult {
    fn new(
        py: Python<'_>,
        id: &StudentId,
        outcome: Result<service::Transcript, Error>,
        caller: Option<&Caller>,
    ) -> PyResult<TranscriptResult> {
        let student_id = id.clone();
        Ok(match outcome {
            Ok(transcript) => {
                let transcript = Some(Py::new(py, Transcript(transcript))?);
                TranscriptResult { student_id, transcript, error: None }
            }
            Err(error) => {
                let error = errors::from_caller(py, &error, Some(id), caller).into_value(py);
                TranscriptResult { student_id, transcript: None, error: Some(error.into_any()) }
            }
        })
    }
}

#[pymethods]
impl TranscriptResult {
    #[getter]
    fn student_id(&self) -> &str {
        self.student_id.as_str()
    }

    #[getter]
    fn transcript(&self, py: Python<'_>) -> Option<Py<Transcript>> {
        self.transcript.as_ref().map(|transcript| transcript.clone_ref(py))
    }

    /// The PDF; `None` when there is an error.
    #[getter]
    fn pdf<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.transcript.as_ref().map(|transcript| PyBytes::new(py, &transcript.get().0.pdf))
    }

    #[getter]
    fn error(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.error.as_ref().map(|error| error.clone_ref(py))
    }

    /// An error's traceback may lead to the frame that holds this result.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.transcript)?;
        visit.call(&self.error)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(match &self.error {
            None => "<TranscriptResult: done>".to_owned(),
            Some(error) => format!("<TranscriptResult: {}>", error.bind(py).get_type().name()?),
        })
    }
}
