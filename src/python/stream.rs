//! A stream of transcripts in Python: chunks from the service, one `TranscriptResult` a student.

use super::bridge::{Call, Caller, LoopBridge, Outcome, Task, Work};
use super::errors;
use super::registrar::Equipment;
use super::transcript::Transcript;
use crate::domain::{Error, StudentId};
use crate::service::{self, Request};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

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
    Running { stream: service::TranscriptStream, generation: u64 },
    Closed,
}

/// Transcripts as they are done, or in the order asked. Nothing starts before the first chunk is awaited.
#[pyclass(frozen, module = "registrary._core")]
pub struct TranscriptStream {
    progress: Arc<tokio::sync::Mutex<Progress>>,
    /// The call that starts the work opens the door to the caller's functions; later ones find it open.
    begun: AtomicBool,
    caller: Option<Arc<Caller>>,
    total: usize,
}

impl TranscriptStream {
    pub fn new(
        equipment: Equipment,
        caller: Option<Arc<Caller>>,
        ids: Vec<StudentId>,
        request: Request,
        max_concurrency: usize,
        ordered: bool,
    ) -> TranscriptStream {
        let total = ids.len();
        let plan = Plan { equipment, ids, request, max_concurrency, ordered };
        let progress = Progress::Planned(Some(Box::new(plan)));
        let progress = Arc::new(tokio::sync::Mutex::new(progress));
        TranscriptStream { progress, begun: AtomicBool::new(false), caller, total }
    }
}

#[pymethods]
impl TranscriptStream {
    /// A list of the results that are ready, at most `most`, at least one; empty at the end.
    fn next_chunk(&self, bridge: &Bound<'_, LoopBridge>, most: usize) -> Call {
        let progress = Arc::clone(&self.progress);
        let first = !self.begun.swap(true, Ordering::Relaxed);
        let work = Box::new(move |slot: Arc<service::Slot>, door| {
            let chunk = async move {
                let mut progress = progress.lock().await;
                if let Progress::Planned(plan) = &mut *progress {
                    let plan = plan.take().ok_or(Error::Cancelled)?;
                    let registrar = Arc::new(plan.equipment.put_on(door));
                    let generation = slot.generation();
                    let stream = registrar.stream(slot, plan.ids, plan.max_concurrency, plan.ordered, plan.request);
                    *progress = Progress::Running { stream, generation };
                }
                let Progress::Running { stream, generation } = &mut *progress else { return Ok(outcome(Vec::new())) };
                if *generation != service::slot::generation() {
                    return Err(Error::configuration("a stream begun before a fork cannot go on in the child"));
                }
                Ok(outcome(stream.next_chunk(most).await))
            };
            Box::pin(chunk) as Work
        });
        let caller = self.caller.clone();
        Call::new(bridge, Task { work, student_id: None, opens_door: first && caller.is_some(), caller })
    }

    /// Ends all work and waits until it has ended.
    fn close(&self, bridge: &Bound<'_, LoopBridge>) -> Call {
        self.begun.store(true, Ordering::Relaxed);
        let progress = Arc::clone(&self.progress);
        let work = Box::new(move |_, _| {
            let close = async move {
                let mut progress = progress.lock().await;
                if let Progress::Running { stream, .. } = &mut *progress {
                    stream.close().await;
                }
                *progress = Progress::Closed;
                let nothing: Outcome = Box::new(|py, _| Ok(py.None()));
                Ok(nothing)
            };
            Box::pin(close) as Work
        });
        Call::new(bridge, Task { work, student_id: None, opens_door: false, caller: None })
    }

    /// How many students were asked for.
    #[getter]
    fn total(&self) -> usize {
        self.total
    }
}

fn outcome(chunk: Vec<service::Outcome>) -> Outcome {
    Box::new(move |py, caller| {
        let results = PyList::empty(py);
        for (id, outcome) in chunk {
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

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(match &self.error {
            None => "<TranscriptResult: done>".to_owned(),
            Some(error) => format!("<TranscriptResult: {}>", error.bind(py).get_type().name()?),
        })
    }
}
