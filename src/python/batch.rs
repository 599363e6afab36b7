//! A run in Python: what is asked becomes a batch, its progress a tuple, its outcome a report.

use super::bridge::{Call, Caller, LoopBridge, Origin, Outcome, Part, Task, Work};
use super::enrollment::{GivenLoad, load_rules};
use super::errors::{self, OrRaise};
use super::registrar::Equipment;
use super::request::{GivenPartial, Request, partly, student_id};
use crate::domain::{Error, Text};
use crate::service::{self, Batch, BatchReport, Entry, Failure, Kind, Order, Saved, Shard, Target};
use crate::sink::{LocalDisk, NameTemplate};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use pyo3::{PyTraverseError, PyVisit, intern};
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex as Turn;

/// How often progress is told at most.
const STEP: Duration = Duration::from_millis(100);

/// One order as Python writes it: id, student, document, recipient, purpose, and what is left out.
pub type GivenOrder = (String, String, String, Option<String>, Option<String>, Option<GivenPartial>);

/// Everything about a run but its source, read once.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct GivenBatch<'py> {
    ids: Option<Vec<String>>,
    query: Option<String>,
    orders: Option<Vec<GivenOrder>>,
    run: String,
    sink: PathBuf,
    /// Of an object store; empty for a folder.
    store_options: Vec<(String, String)>,
    name: Option<String>,
    journal: Option<PathBuf>,
    shard: Option<(u64, u64)>,
    concurrency: usize,
    date_given: bool,
    keep_documents: bool,
    loads: Vec<GivenLoad<'py>>,
}

impl GivenBatch<'_> {
    pub fn read(self, py: Python<'_>, request: &Request) -> PyResult<Batch> {
        let entries = match (self.ids, self.orders) {
            (_, Some(orders)) => Some(orders.into_iter().map(|order| entry(py, order)).collect::<PyResult<_>>()?),
            (Some(ids), None) => {
                let entry = |id: &String| Ok(Entry { student: student_id(py, id)?, order: None });
                Some(ids.iter().map(entry).collect::<PyResult<_>>()?)
            }
            (None, None) => None,
        };
        let name = self.name.as_deref().map_or(Ok(NameTemplate::usual()), NameTemplate::parse).or_raise(py)?;
        let shard = self.shard.map(|(number, of)| Shard::new(number, of)).transpose().or_raise(py)?;
        let target = match self.sink.to_str().filter(|address| address.starts_with("s3://")) {
            Some(address) => Target::objects(address, self.store_options, &name).or_raise(py)?,
            None => py.detach(|| Target::folder(self.sink)),
        };
        Ok(Batch {
            entries,
            query: self.query,
            request: request.0.clone(),
            date_given: self.date_given,
            run: self.run,
            target,
            name,
            journal: self.journal,
            disk: Arc::new(LocalDisk),
            shard,
            concurrency: self.concurrency,
            loads: load_rules(py, &self.loads)?,
            keep_documents: self.keep_documents,
        })
    }
}

fn entry(py: Python<'_>, (id, student, kind, recipient, purpose, partial): GivenOrder) -> PyResult<Entry> {
    let text = |name: &str, raw: Option<String>| {
        let text = raw.as_deref().map(Text::new).transpose();
        text.map_err(|error| Error::configuration(format!("{name} {error}"))).or_raise(py)
    };
    let kind = Kind::from_word(&kind).ok_or_else(|| Error::configuration("an order asks for an unknown document"));
    let (recipient, purpose) = (text("recipient", recipient)?, text("purpose", purpose)?);
    let partial = partial.map(|given| partly(&given)).transpose().or_raise(py)?;
    let order = Order { id: id.into(), kind: kind.or_raise(py)?, recipient, purpose, partial };
    Ok(Entry { student: student_id(py, &student)?, order: Some(Arc::new(order)) })
}

struct Plan {
    equipment: Equipment,
    batch: Batch,
}

enum State {
    Planned(Option<Box<Plan>>),
    Running(service::BatchRun),
    Over,
}

/// A run of many documents. Nothing starts before its first step is awaited.
#[pyclass(frozen, module = "registrary._core")]
pub struct BatchRun {
    state: Arc<Turn<State>>,
    stopping: Arc<tokio::sync::Notify>,
    /// Begins with the first step, before the work: whatever is locked after that may stay so in a forked child.
    origin: Arc<Origin>,
    caller: Option<Py<Caller>>,
}

impl BatchRun {
    pub fn new(equipment: Equipment, caller: Option<Py<Caller>>, batch: Batch) -> BatchRun {
        let state = Arc::new(Turn::new(State::Planned(Some(Box::new(Plan { equipment, batch })))));
        BatchRun { state, stopping: Arc::default(), origin: Arc::default(), caller }
    }

    fn shared(&self) -> (Arc<Turn<State>>, Arc<tokio::sync::Notify>, Arc<Origin>) {
        (Arc::clone(&self.state), Arc::clone(&self.stopping), Arc::clone(&self.origin))
    }

    fn caller(&self, py: Python<'_>) -> Option<Py<Caller>> {
        self.caller.as_ref().map(|caller| caller.clone_ref(py))
    }
}

impl Drop for BatchRun {
    fn drop(&mut self) {
        if self.origin.is_foreign() {
            // Never dropped in a forked child: that would wake the parent's tasks.
            std::mem::forget(self.shared());
        }
    }
}

/// A step of a run: how far it is, or its end.
enum Step {
    Further(service::Progress),
    Ended(Box<BatchReport>),
}

/// Tells at once that something has changed, then no more often than anyone can read.
async fn step(run: &mut service::BatchRun) -> Result<Step, Error> {
    let mut pause = pin!(tokio::time::sleep(STEP));
    let mut latest = None;
    loop {
        tokio::select! {
            biased;
            progress = run.next() => match progress {
                // The last count is told too: a bar ends full, and a run shorter than a pause is heard of.
                None => return match latest {
                    Some(latest) => Ok(Step::Further(latest)),
                    None => run.finish().await.map(|report| Step::Ended(Box::new(report))),
                },
                changed => latest = changed,
            },
            () = &mut pause, if latest.is_some() => return Ok(Step::Further(latest.unwrap_or_default())),
        }
    }
}

#[pymethods]
impl BatchRun {
    /// `(total, done, failed, held)` when that has changed; at the end the report, a mapping.
    fn step(&self, bridge: &Bound<'_, LoopBridge>) -> Call {
        let (state, stopping, origin) = self.shared();
        let caller = self.caller(bridge.py());
        let first = !origin.is_foreign() && state.try_lock().is_ok_and(|state| matches!(&*state, State::Planned(_)));
        let work = Box::new(move |slot: Arc<service::Slot>, door| {
            let own = origin.begin();
            let stepping = async move {
                if !own {
                    return Err(Error::configuration("a run begun before a fork cannot go on in the child"));
                }
                let mut state = state.lock().await;
                if let State::Planned(plan) = &mut *state {
                    let Plan { equipment, batch } = *plan.take().ok_or(Error::Cancelled)?;
                    let run = Arc::new(equipment.put_on(door)).run_batch(slot, batch);
                    *state = State::Running(run);
                }
                let State::Running(run) = &mut *state else { return Err(Error::Cancelled) };
                let step = tokio::select! {
                    () = stopping.notified() => return Err(Error::Cancelled),
                    step = step(run) => step?,
                };
                let outcome: Outcome = Box::new(move |py, caller| told(py, step, caller));
                Ok(outcome)
            };
            Box::pin(stepping) as Work
        });
        // The run keeps the door that its first step opens.
        let part = if first { Part::Begins } else { Part::Apart };
        Call::new(bridge, Task { work, student_id: None, part, caller })
    }

    /// Ends the run and waits until it has ended; in a forked child there is none.
    fn close(&self, bridge: &Bound<'_, LoopBridge>) -> Call {
        let (state, stopping, origin) = self.shared();
        let work = Box::new(move |_, _| {
            let own = origin.begin();
            let closing = async move {
                if own {
                    stopping.notify_waiters();
                    let mut state = state.lock().await;
                    if let State::Running(run) = &mut *state {
                        run.close().await;
                    }
                    *state = State::Over;
                }
                let nothing: Outcome = Box::new(|py, _| Ok(py.None()));
                Ok(nothing)
            };
            Box::pin(closing) as Work
        });
        Call::new(bridge, Task { work, student_id: None, part: Part::Ends, caller: self.caller(bridge.py()) })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.caller)
    }
}

fn told(py: Python<'_>, step: Step, caller: Option<&Caller>) -> PyResult<Py<PyAny>> {
    match step {
        Step::Further(p) => Ok((p.total, p.done, p.failed, p.held).into_pyobject(py)?.into_any().unbind()),
        Step::Ended(report) => Ok(reported(py, &report, caller)?.into_any().unbind()),
    }
}

fn reported<'py>(py: Python<'py>, report: &BatchReport, caller: Option<&Caller>) -> PyResult<Bound<'py, PyDict>> {
    let told = PyDict::new(py);
    told.set_item(intern!(py, "run"), &report.run)?;
    told.set_item(intern!(py, "total"), report.total)?;
    told.set_item(intern!(py, "saved"), report.saved)?;
    told.set_item(intern!(py, "resumed"), report.resumed)?;
    told.set_item(intern!(py, "bytes"), report.bytes)?;
    told.set_item(intern!(py, "pages"), report.pages)?;
    told.set_item(intern!(py, "elapsed"), report.elapsed.as_secs_f64())?;
    told.set_item(intern!(py, "p50"), report.p50.as_secs_f64())?;
    told.set_item(intern!(py, "p95"), report.p95.as_secs_f64())?;
    let stages = PyDict::new(py);
    for (stage, took) in report.stages.stages() {
        stages.set_item(stage.word(), took.as_secs_f64())?;
    }
    told.set_item(intern!(py, "stages"), stages)?;
    told.set_item(intern!(py, "reasons"), report.reasons().into_pyobject(py)?)?;
    told.set_item(intern!(py, "failures"), failures(py, &report.failures, caller)?)?;
    told.set_item(intern!(py, "held"), failures(py, &report.held, caller)?)?;
    let documents = PyDict::new(py);
    for (key, (serial, Saved { digest, bytes, pages, name })) in &report.documents {
        documents.set_item(key, (serial, name, digest, bytes, pages))?;
    }
    told.set_item(intern!(py, "documents"), documents)?;
    Ok(told)
}

/// Key and exception of each.
fn failures<'py>(py: Python<'py>, failures: &[Failure], caller: Option<&Caller>) -> PyResult<Bound<'py, PyList>> {
    let told = PyList::empty(py);
    for failure in failures {
        let error = errors::from_caller(py, &failure.error, Some(&failure.student), caller);
        told.append((&failure.key, error.into_value(py)))?;
    }
    Ok(told)
}
