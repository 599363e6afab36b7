//! The way back, on the loop's own thread: the caller's coroutines are started here, in the caller's context, and
//! followed to their end.
//!
//! pyo3-async-runtimes starts each coroutine (its `TaskLocals` carry loop and context) and makes a Rust future of it.
//! That future is only ever polled and dropped on the loop's thread, because it attaches to Python when it fails.

use super::ask::{Answer, Question};
use super::queue::{Event, Queue};
use crate::domain::Error;
use pyo3::exceptions::PyBaseException;
use pyo3::exceptions::PyLookupError;
use pyo3::exceptions::asyncio::CancelledError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use pyo3::{PyTraverseError, PyVisit, intern};
use pyo3_async_runtimes::{TaskLocals, into_future_with_locals};
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use tokio::sync::oneshot;

/// The caller's own functions for one call or stream, and what they raised. A Python object, so that each who holds it
/// holds a reference that the collector can count.
#[pyclass(frozen, weakref, module = "registrary._core")]
pub struct Caller {
    /// Tells callers apart, in the process and its children.
    number: u64,
    /// `async (student_id: str) -> bytes`: the record as JSON.
    record: Option<Py<PyAny>>,
    /// `async (kind: str, claim: str) -> bytes`: the service's answer as JSON.
    confirmation: Option<Py<PyAny>>,
    /// Exceptions by the ask they ended, and those that meant "no such student" by student id.
    raised: Mutex<Raised>,
    /// Whose it is: several calls may share it, and each of them learns what it raised.
    owner: Option<Py<PyAny>>,
}

static CALLERS: AtomicU64 = AtomicU64::new(1);

#[derive(Default)]
struct Raised {
    by_ask: HashMap<u64, Py<PyBaseException>>,
    not_found: HashMap<String, Py<PyBaseException>>,
}

impl Caller {
    pub fn new(record: Option<Py<PyAny>>, confirmation: Option<Py<PyAny>>) -> Caller {
        let number = CALLERS.fetch_add(1, Ordering::Relaxed);
        Caller { number, record, confirmation, raised: Mutex::default(), owner: None }
    }

    pub fn asks_record(&self) -> bool {
        self.record.is_some()
    }

    pub fn asks_confirmation(&self) -> bool {
        self.confirmation.is_some()
    }

    pub fn number(&self) -> u64 {
        self.number
    }

    /// Whether it is one of its own coroutines, or what such a one began, that runs here.
    pub fn is_answering(&self, py: Python<'_>) -> PyResult<bool> {
        let answering = asking(py)?.getattr(intern!(py, "answering"))?;
        answering.call_method0(intern!(py, "get"))?.contains(self.number)
    }

    /// Its number, if several calls may share it.
    pub fn shared(&self) -> Option<u64> {
        self.owner.as_ref().map(|_| self.number)
    }

    /// The exception that ended this ask; given once, or to each of those that share this.
    pub fn exception(&self, py: Python<'_>, ask: u64) -> Option<PyErr> {
        let raised = match &self.owner {
            None => self.raised().by_ask.remove(&ask),
            Some(_) => self.raised().by_ask.get(&ask).map(|error| error.clone_ref(py)),
        };
        raised.map(|error| PyErr::from_value(error.into_bound(py).into_any()))
    }

    /// The exception by which the caller's source said that it has no such student; as [`Caller::exception`].
    pub fn not_found(&self, py: Python<'_>, student_id: &str) -> Option<PyErr> {
        let raised = match &self.owner {
            None => self.raised().not_found.remove(student_id),
            Some(_) => self.raised().not_found.get(student_id).map(|error| error.clone_ref(py)),
        };
        raised.map(|error| PyErr::from_value(error.into_bound(py).into_any()))
    }

    fn raised(&self) -> MutexGuard<'_, Raised> {
        self.raised.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The coroutine that answers `question`; `began` learns the task that runs it.
    fn coroutine<'py>(
        &self,
        py: Python<'py>,
        question: &Question,
        began: Py<Began>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let answered = asking(py)?.getattr(intern!(py, "answered"))?;
        let number = self.number;
        match (question, &self.record, &self.confirmation) {
            (Question::Record(id), Some(function), _) => {
                answered.call1((began, number, function, id.as_str())).map(Some)
            }
            (Question::Confirmation { kind, claim }, _, Some(function)) => {
                answered.call1((began, number, function, *kind, claim)).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// What the coroutine's exception means to the Rust side; the exception itself is kept here.
    fn keep(&self, py: Python<'_>, ask: u64, question: &Question, error: PyErr) -> Error {
        let means_not_found = error.is_instance_of::<PyLookupError>(py);
        let error = error.into_value(py);
        match question {
            Question::Record(id) if means_not_found => {
                self.raised().not_found.insert(id.as_str().to_owned(), error);
                Error::RecordNotFound
            }
            _ => {
                self.raised().by_ask.insert(ask, error);
                Error::Callback { ask }
            }
        }
    }
}

fn asking(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    PyModule::import(py, intern!(py, "registrary._asking"))
}

#[pymethods]
impl Caller {
    /// Functions that several calls of one `owner` share.
    #[new]
    fn of(record: Option<Py<PyAny>>, confirmation: Option<Py<PyAny>>, owner: Py<PyAny>) -> Caller {
        Caller { owner: Some(owner), ..Caller::new(record, confirmation) }
    }

    #[getter]
    fn owner(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.owner.as_ref().map(|owner| owner.clone_ref(py))
    }

    /// A source may hold the stream that asks it, and an exception the frames that hold it.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.record)?;
        visit.call(&self.confirmation)?;
        visit.call(&self.owner)?;
        let Ok(raised) = self.raised.try_lock() else { return Ok(()) };
        raised.by_ask.values().chain(raised.not_found.values()).try_for_each(|error| visit.call(error))
    }

    fn __clear__(&self) {
        let raised = std::mem::take(&mut *self.raised());
        drop(raised);
    }
}

/// Learns which task runs a coroutine, so that it can be cancelled; a task that begins too late is cancelled at once.
#[pyclass(frozen, module = "registrary._core")]
pub struct Began {
    task: Mutex<(Option<Py<PyAny>>, bool)>,
}

#[pymethods]
impl Began {
    fn __call__(&self, py: Python<'_>, task: Py<PyAny>) -> PyResult<()> {
        let withdrawn = {
            let mut known = self.task.lock().unwrap_or_else(PoisonError::into_inner);
            known.0 = Some(task.clone_ref(py));
            known.1
        };
        if withdrawn { task.call_method0(py, intern!(py, "cancel")).map(drop) } else { Ok(()) }
    }

    /// The task's coroutine holds this, and this the task.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.task.try_lock().map_or(Ok(()), |known| visit.call(&known.0))
    }

    fn __clear__(&self) {
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).0.take();
        drop(task);
    }
}

impl Began {
    fn cancel(&self, py: Python<'_>) -> PyResult<()> {
        let task = {
            let mut known = self.task.lock().unwrap_or_else(PoisonError::into_inner);
            known.1 = true;
            known.0.take()
        };
        task.map_or(Ok(()), |task| task.call_method0(py, intern!(py, "cancel")).map(drop))
    }
}

/// Where the functions of one call or stream are called: their loop and context.
pub struct OpenDoor {
    pub caller: Py<Caller>,
    pub locals: Locals,
}

/// How a coroutine is begun in the context of its caller.
pub enum Locals {
    Asyncio(TaskLocals),
    /// A function of the facade's: `(coroutine, told)`, where `told(value, error)` learns the end.
    Other(Py<PyAny>),
}

/// Learns how a coroutine ended.
#[pyclass(frozen, module = "registrary._core")]
struct Told(Mutex<Option<oneshot::Sender<PyResult<Py<PyAny>>>>>);

#[pymethods]
impl Told {
    fn __call__(&self, value: Py<PyAny>, error: Option<Bound<'_, PyAny>>) {
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let outcome = error.map_or(Ok(value), |error| Err(PyErr::from_value(error)));
        // Unheard where nobody waits any more.
        drop(sender.map(|sender| sender.send(outcome)));
    }
}

type Begun = Pin<Box<dyn Future<Output = PyResult<Py<PyAny>>> + Send>>;

impl Locals {
    fn begin(&self, coroutine: Bound<'_, PyAny>) -> PyResult<Begun> {
        let begin = match self {
            Locals::Asyncio(locals) => return Ok(Box::pin(into_future_with_locals(locals, coroutine)?)),
            Locals::Other(begin) => begin,
        };
        let py = coroutine.py();
        let (sender, told) = oneshot::channel();
        begin.call1(py, (coroutine, Told(Mutex::new(Some(sender)))))?;
        Ok(Box::pin(async move { told.await.unwrap_or_else(|_| Err(CancelledError::new_err(()))) }))
    }
}

/// A coroutine of the caller's under way.
pub struct Running {
    pub door: u64,
    /// Nobody waits for the answer any more.
    pub withdrawn: bool,
    caller: Py<Caller>,
    question: Question,
    answer: oneshot::Sender<Result<Answer, Error>>,
    began: Py<Began>,
    future: Begun,
}

struct Nudge {
    queue: Arc<Queue>,
    ask: u64,
}

impl Wake for Nudge {
    fn wake(self: Arc<Self>) {
        self.queue.push(Event::Nudged { ask: self.ask });
    }
}

impl Running {
    /// Starts the coroutine that answers; `None` when the question was refused or its function could not be called.
    pub fn begin(
        py: Python<'_>,
        (door, open): (u64, &OpenDoor),
        ask: u64,
        question: Question,
        answer: oneshot::Sender<Result<Answer, Error>>,
    ) -> Option<Running> {
        let caller = open.caller.clone_ref(py);
        let started = Py::new(py, Began { task: Mutex::default() }).and_then(|began| {
            let Some(coroutine) = caller.get().coroutine(py, &question, began.clone_ref(py))? else { return Ok(None) };
            Ok(Some((began, open.locals.begin(coroutine)?)))
        });
        match started {
            Ok(Some((began, future))) => {
                Some(Running { door, withdrawn: false, caller, question, answer, began, future })
            }
            Ok(None) => {
                let missing = Error::Internal { message: "no function of the caller's answers this".to_owned() };
                drop(answer.send(Err(missing)));
                None
            }
            Err(error) => {
                drop(answer.send(Err(caller.get().keep(py, ask, &question, error))));
                None
            }
        }
    }

    /// Moves on; gives itself back while the coroutine still runs, else sends the answer.
    pub fn poll(mut self, py: Python<'_>, queue: &Arc<Queue>, ask: u64) -> Option<Running> {
        let waker = Waker::from(Arc::new(Nudge { queue: Arc::clone(queue), ask }));
        let Poll::Ready(outcome) = self.future.as_mut().poll(&mut Context::from_waker(&waker)) else {
            return Some(self);
        };
        let answer = outcome.and_then(|answer| Ok(Answer(answer.bind(py).cast::<PyBytes>()?.as_bytes().to_vec())));
        let answer =
            answer.map_err(|error| match self.answer.is_closed() && error.is_instance_of::<CancelledError>(py) {
                true => Error::Cancelled,
                false => self.caller.get().keep(py, ask, &self.question, error),
            });
        drop(self.answer.send(answer));
        None
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.caller)?;
        visit.call(&self.began)
    }

    /// The number of the caller whose coroutine it is.
    pub fn caller(&self) -> u64 {
        self.caller.get().number
    }

    /// Cancels the coroutine; it is followed to its end all the same.
    pub fn cancel(&self, py: Python<'_>) -> PyResult<()> {
        self.began.get().cancel(py)
    }
}
