//! The awaitable behind every asynchronous verb: does nothing until awaited; cancelled means ended.

use super::caller::Caller;
use super::event_loop::LoopBridge;
use super::origin::Native;
use super::queue::Reported;
use super::{Door, Outcome, Work};
use crate::domain::{Error, StudentId};
use crate::python::errors;
use crate::service::Slot;
use pyo3::exceptions::{PyRuntimeError, PyStopIteration};
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit, intern};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::task::AbortHandle;

/// Makes the work; the door leads to the caller's functions, where there are any.
pub type Starter = Box<dyn FnOnce(Arc<Slot>, Option<Arc<Door>>) -> Work + Send>;

/// What a call will do, made without doing any of it.
pub struct Task {
    pub work: Starter,
    /// Whose transcript it is, for the errors.
    pub student_id: Option<StudentId>,
    pub caller: Option<Py<Caller>>,
    pub part: Part,
}

/// What a call's work has to do with its caller's functions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// It does not ask them.
    Apart,
    /// It begins work that asks them and outlives it.
    Begins,
    /// It asks them. Failed or cancelled, it is over when the coroutines have ended whose answers nobody awaits.
    Asks,
    /// It ends the work that asks them, and is over when their coroutines have ended. Cancelled, it does so all the
    /// same, and then raises.
    Ends,
}

impl Part {
    /// Whether the door to the functions is opened; it closes when the work no longer can ask.
    fn opens_door(self) -> bool {
        matches!(self, Part::Begins | Part::Asks)
    }
}

enum State {
    Fresh {
        bridge: Py<LoopBridge>,
        task: Task,
    },
    Waiting {
        future: Py<PyAny>,
        abort: Native<AbortHandle>,
    },
    /// Cancelled: the work is being dropped, and `error` raised once it is.
    Joining {
        future: Py<PyAny>,
        error: PyErr,
        here: Native<()>,
    },
    Done(Result<Outcome, Error>),
    Ended(PyErr),
    Spent,
}

/// An awaitable that starts Rust work when first awaited and yields a genuine `asyncio.Future`.
#[pyclass(frozen, module = "registrary._core")]
pub struct Call {
    state: Mutex<State>,
    student_id: Option<StudentId>,
    caller: Option<Py<Caller>>,
    part: Part,
}

impl Call {
    pub fn new(bridge: &Bound<'_, LoopBridge>, task: Task) -> Call {
        let caller = task.caller.as_ref().map(|caller| caller.clone_ref(bridge.py()));
        let (student_id, part) = (task.student_id.clone(), task.part);
        Call { state: Mutex::new(State::Fresh { bridge: bridge.clone().unbind(), task }), student_id, caller, part }
    }

    /// Never held across a call into Python.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn replace(&self, state: State) -> State {
        std::mem::replace(&mut *self.state(), state)
    }

    /// The loop's thread learnt that the work is over: wakes whoever awaits.
    pub fn finish(&self, py: Python<'_>, outcome: Result<Outcome, Error>) -> PyResult<()> {
        let future = match self.replace(State::Spent) {
            State::Waiting { future, .. } => {
                self.replace(State::Done(outcome));
                future
            }
            State::Joining { future, error, .. } => {
                self.replace(State::Ended(error));
                future
            }
            // Closed meanwhile: nobody awaits.
            other => {
                self.replace(other);
                return Ok(());
            }
        };
        let future = future.bind(py);
        if !future.call_method0(intern!(py, "done"))?.is_truthy()? {
            future.call_method1(intern!(py, "set_result"), (py.None(),))?;
        }
        Ok(())
    }

    fn start(slf: &Bound<'_, Call>, bridge: &Bound<'_, LoopBridge>, task: Task) -> PyResult<Py<PyAny>> {
        let py = slf.py();
        if bridge.get().is_foreign() {
            if task.part == Part::Ends {
                // What it would end goes on in the parent alone.
                return Err(PyStopIteration::new_err((py.None(),)));
            }
            return Err(PyRuntimeError::new_err("a call made before a fork cannot be awaited in the child"));
        }
        let slot = Slot::current().map_err(|error| errors::raised(py, &error, slf.get().student_id.as_ref()))?;
        let future = bridge.get().create_future(py)?;
        let part = task.part;
        let joins = match &task.caller {
            // A coroutine of the caller's that awaits this call cannot end before it.
            Some(caller) if !caller.get().is_answering(py)? => Some((caller.get().number(), part)),
            _ => None,
        };
        let door = task.caller.filter(|_| part.opens_door());
        let door = door.map(|caller| bridge.get().open_door(py, caller)).transpose()?;
        let key = bridge.get().enrol(slf.clone().unbind(), joins);
        let work = (task.work)(Arc::clone(&slot), door);
        let running = slot.spawn(Reported::new(work, bridge.get().queue(), key));
        slf.get().replace(State::Waiting { future: future.clone_ref(py), abort: Native::new(running.abort_handle()) });
        blocking(py, future)
    }

    fn give_up(&self, work: &AbortHandle) {
        if self.part != Part::Ends {
            work.abort();
        }
    }

    fn caller(&self) -> Option<&Caller> {
        self.caller.as_ref().map(Py::get)
    }

    fn outcome(&self, py: Python<'_>, outcome: Result<Outcome, Error>) -> PyResult<Py<PyAny>> {
        match outcome {
            Ok(outcome) => outcome(py, self.caller()),
            Err(error) => Err(errors::from_caller(py, &error, self.student_id.as_ref(), self.caller())),
        }
    }
}

/// Marks `future` as asyncio's own `__await__` does, so that the task that gets it waits for it.
fn blocking(py: Python<'_>, future: Py<PyAny>) -> PyResult<Py<PyAny>> {
    future.setattr(py, intern!(py, "_asyncio_future_blocking"), true)?;
    Ok(future)
}

#[pymethods]
impl Call {
    fn __await__(slf: &Bound<'_, Self>) -> PyResult<Py<PyAny>> {
        let py = slf.py();
        let awaiting = match &*slf.get().state() {
            State::Fresh { bridge, .. } => bridge.get().awaiting(py),
            _ => None,
        };
        match awaiting {
            None => Ok(slf.clone().into_any().unbind()),
            Some(awaiting) => awaiting.call1(py, (slf,))?.call_method0(py, intern!(py, "__await__")),
        }
    }

    /// Whether it ends other work, which it does even where it is cancelled before it begins.
    #[getter]
    fn ends(&self) -> bool {
        self.part == Part::Ends
    }

    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(slf: &Bound<'_, Self>) -> PyResult<Py<PyAny>> {
        let py = slf.py();
        match slf.get().replace(State::Spent) {
            State::Fresh { bridge, task } => Call::start(slf, bridge.bind(py), task),
            State::Done(outcome) => {
                let value = slf.get().outcome(py, outcome)?;
                Err(PyStopIteration::new_err((value,)))
            }
            State::Ended(error) => Err(error),
            State::Spent => Err(PyRuntimeError::new_err("cannot reuse already awaited call")),
            // Woken by something else than the future: wait on.
            waiting @ (State::Waiting { .. } | State::Joining { .. }) => {
                slf.get().replace(waiting);
                Err(PyRuntimeError::new_err("await wasn't used with future"))
            }
        }
    }

    fn send(slf: &Bound<'_, Self>, value: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let _ = value;
        Call::__next__(slf)
    }

    /// Ends the work, then raises what was thrown in: a cancelled call is over when its awaiter learns of it. In a
    /// forked child nobody would tell of the end of its parent's work, so it raises at once.
    #[pyo3(signature = (kind, value=None, traceback=None))]
    fn throw(
        slf: &Bound<'_, Self>,
        kind: Bound<'_, PyAny>,
        value: Option<Bound<'_, PyAny>>,
        traceback: Option<Bound<'_, PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        let _ = traceback;
        let py = slf.py();
        let error = PyErr::from_value(value.unwrap_or(kind));
        let call = slf.get();
        match call.replace(State::Spent) {
            State::Waiting { abort, future } => match abort.get() {
                Some(abort) => {
                    call.give_up(abort);
                    call.join(py, &future, error)
                }
                None => Err(error),
            },
            State::Joining { future, here, .. } if here.get().is_some() => call.join(py, &future, error),
            State::Joining { .. } => Err(error),
            State::Fresh { .. } | State::Done(_) | State::Ended(_) | State::Spent => Err(error),
        }
    }

    /// The awaiting coroutine was closed: the work ends, nobody waits for that.
    fn close(&self) {
        if let State::Waiting { abort, .. } = self.replace(State::Spent)
            && let Some(abort) = abort.get()
        {
            self.give_up(abort);
        }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        // The collector stops the world: a lock that is taken now is a call at work, which is alive.
        if let Ok(state) = self.state.try_lock() {
            match &*state {
                State::Fresh { bridge, task } => {
                    visit.call(bridge)?;
                    visit.call(&task.caller)?;
                }
                State::Waiting { future, .. } | State::Joining { future, .. } => visit.call(future)?,
                State::Done(_) | State::Ended(_) | State::Spent => {}
            }
        }
        visit.call(&self.caller)
    }

    fn __clear__(&self) {
        self.close();
    }
}

impl Call {
    /// Waits on, by a new future: the one waited for so far has been cancelled.
    fn join(&self, py: Python<'_>, cancelled: &Py<PyAny>, error: PyErr) -> PyResult<Py<PyAny>> {
        let event_loop = cancelled.call_method0(py, intern!(py, "get_loop"))?;
        let future = event_loop.call_method0(py, intern!(py, "create_future"))?;
        self.replace(State::Joining { future: future.clone_ref(py), error, here: Native::new(()) });
        blocking(py, future)
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.close();
    }
}
