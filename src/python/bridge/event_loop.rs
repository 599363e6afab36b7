//! One event loop's side of the bridge: pending calls, open doors, and the drain the loop runs when the bell rings.

use super::Outcome;
use super::ask::Door;
use super::call::{Call, Part};
use super::caller::{Caller, Locals, OpenDoor, Running};
use super::ending::{Endings, Over};
use super::queue::{Event, Queue};
use crate::domain::Error;
use crate::service::slot;
use pyo3::exceptions::{PyOSError, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::types::{PyWeakrefMethods, PyWeakrefReference};
use pyo3::{PyTraverseError, PyVisit, intern};
use pyo3_async_runtimes::TaskLocals;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Events seen to in one turn of the loop; the rest waits for the next, so that a burst never stalls the loop.
const EVENTS_A_TURN: usize = 256;

/// Watches one event loop's queue. Holds the loop weakly: only pending calls keep it alive.
#[pyclass(frozen, weakref, module = "registrary._core")]
pub struct LoopBridge {
    queue: Arc<Queue>,
    event_loop: Py<PyWeakrefReference>,
    generation: u64,
    driver: Option<Driver>,
    pending: Mutex<Pending>,
}

/// What a loop that is not asyncio's does in its own way; functions of the facade's.
struct Driver {
    /// `async (call) -> value`: awaits a call there.
    awaiting: Py<PyAny>,
    /// Begins a coroutine of the caller's: [`Locals::Other`].
    beginning: Py<PyAny>,
}

#[derive(Default)]
struct Pending {
    last_key: u64,
    calls: HashMap<u64, Enrolled>,
    doors: HashMap<u64, Ajar>,
    asks: HashMap<u64, Running>,
    endings: Endings,
}

struct Enrolled {
    call: Py<Call>,
    /// The number of the caller whose coroutines may have to end first, and how they do.
    joins: Option<(u64, Part)>,
}

impl Enrolled {
    /// The caller whose coroutines have to end first.
    fn waits_for(&self, outcome: &Result<Outcome, Error>) -> Option<u64> {
        let joins = |part| match part {
            Part::Ends => true,
            // What was asked for a good outcome has been answered.
            Part::Asks => outcome.is_err(),
            Part::Begins | Part::Apart => false,
        };
        self.joins.filter(|(_, part)| joins(*part)).map(|(caller, _)| caller)
    }
}

/// An open door, and the coroutines running behind it.
struct Ajar {
    door: Arc<OpenDoor>,
    running: usize,
    closed: bool,
}

impl Pending {
    fn key(&mut self) -> u64 {
        self.last_key += 1;
        self.last_key
    }
}

impl LoopBridge {
    /// Never held across a call into Python.
    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn queue(&self) -> Arc<Queue> {
        Arc::clone(&self.queue)
    }

    pub fn create_future(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let event_loop = self.event_loop.bind(py).upgrade();
        let event_loop = event_loop.ok_or_else(|| PyRuntimeError::new_err("the event loop is gone"))?;
        event_loop.call_method0(intern!(py, "create_future")).map(Bound::unbind)
    }

    /// Keeps `call` until its work is over.
    pub fn enrol(&self, call: Py<Call>, joins: Option<(u64, Part)>) -> u64 {
        let mut pending = self.pending();
        let key = pending.key();
        pending.calls.insert(key, Enrolled { call, joins });
        key
    }

    /// Opens a door to the caller's functions, in the context that is current now.
    pub fn open_door(&self, py: Python<'_>, caller: Py<Caller>) -> PyResult<Arc<Door>> {
        let locals = match &self.driver {
            None => Locals::Asyncio(TaskLocals::with_running_loop(py)?.copy_context(py)?),
            Some(driver) => Locals::Other(driver.beginning.clone_ref(py)),
        };
        let door = Arc::new(OpenDoor { caller, locals });
        let mut pending = self.pending();
        let key = pending.key();
        pending.doors.insert(key, Ajar { door, running: 0, closed: false });
        Ok(Arc::new(Door::new(self.queue(), key)))
    }

    /// How a call is awaited on a loop that is not asyncio's.
    pub fn awaiting(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.driver.as_ref().map(|driver| driver.awaiting.clone_ref(py))
    }

    /// Whether it belongs to the process that this one was forked from.
    pub fn is_foreign(&self) -> bool {
        self.generation != slot::generation()
    }

    fn see_to(&self, py: Python<'_>, event: Event) -> PyResult<()> {
        match event {
            Event::Done { call, outcome } => self.done(py, call, outcome),
            Event::Ask { door, ask, question, answer } => {
                let Some(open) = self.begin_behind(door) else { return Ok(()) };
                match Running::begin(py, (door, &open), ask, question, answer) {
                    Some(running) => self.follow(py, ask, running),
                    None => {
                        self.ended_behind(door);
                        Ok(())
                    }
                }
            }
            Event::Nudged { ask } => {
                let running = self.pending().asks.remove(&ask);
                running.map_or(Ok(()), |running| self.follow(py, ask, running))
            }
            Event::Withdrawn { ask } => {
                let Some(running) = self.withdraw(ask) else { return Ok(()) };
                let cancelled = running.cancel(py);
                self.follow(py, ask, running).and(cancelled)
            }
            Event::DoorClosed { door } => {
                if let Some(ajar) = self.pending().doors.get_mut(&door) {
                    ajar.closed = true;
                }
                self.close_if_quiet(door);
                Ok(())
            }
        }
    }

    /// Wakes the call's awaiter, unless coroutines of its caller's have yet to end.
    fn done(&self, py: Python<'_>, key: u64, outcome: Result<Outcome, Error>) -> PyResult<()> {
        let over = {
            let mut pending = self.pending();
            let Some(enrolled) = pending.calls.remove(&key) else { return Ok(()) };
            match enrolled.waits_for(&outcome) {
                Some(caller) => pending.endings.hold(caller, (enrolled.call, outcome)),
                None => Some((enrolled.call, outcome)),
            }
        };
        over.map_or(Ok(()), |(call, outcome)| call.get().finish(py, outcome))
    }

    /// Taken out: cancelling runs Python code.
    fn withdraw(&self, ask: u64) -> Option<Running> {
        let mut pending = self.pending();
        let mut running = pending.asks.remove(&ask)?;
        if !std::mem::replace(&mut running.withdrawn, true) {
            pending.endings.begin(running.caller());
        }
        Some(running)
    }

    fn begin_behind(&self, door: u64) -> Option<Arc<OpenDoor>> {
        let mut pending = self.pending();
        let ajar = pending.doors.get_mut(&door)?;
        ajar.running += 1;
        Some(Arc::clone(&ajar.door))
    }

    fn ended_behind(&self, door: u64) {
        if let Some(ajar) = self.pending().doors.get_mut(&door) {
            ajar.running -= 1;
        }
        self.close_if_quiet(door);
    }

    /// Polls a coroutine's future and keeps it while it runs on.
    fn follow(&self, py: Python<'_>, ask: u64, running: Running) -> PyResult<()> {
        let (door, caller, withdrawn) = (running.door, running.caller(), running.withdrawn);
        if let Some(running) = running.poll(py, &self.queue, ask) {
            self.pending().asks.insert(ask, running);
            return Ok(());
        }
        self.ended_behind(door);
        let over: Vec<Over> = if withdrawn { self.pending().endings.ended(caller) } else { Vec::new() };
        // Each is woken, whatever the waking of another raises.
        let woken = over.into_iter().map(|(call, outcome)| call.get().finish(py, outcome));
        woken.fold(Ok(()), Result::and)
    }

    fn close_if_quiet(&self, door: u64) {
        let closed = {
            let mut pending = self.pending();
            let quiet = pending.doors.get(&door).is_some_and(|ajar| ajar.closed && ajar.running == 0);
            if quiet { pending.doors.remove(&door) } else { None }
        };
        // Out of the lock: the door's functions may end with it, which is Python's code.
        drop(closed);
    }
}

#[pymethods]
impl LoopBridge {
    /// `awaiting` and `beginning`, given together, are the ways of a loop that is not asyncio's.
    #[new]
    #[pyo3(signature = (event_loop, awaiting=None, beginning=None))]
    fn new(
        event_loop: &Bound<'_, PyAny>,
        awaiting: Option<Py<PyAny>>,
        beginning: Option<Py<PyAny>>,
    ) -> PyResult<LoopBridge> {
        let queue = Queue::new().map_err(|error| PyOSError::new_err(error.to_string()))?;
        Ok(LoopBridge {
            queue: Arc::new(queue),
            event_loop: PyWeakrefReference::new(event_loop)?.unbind(),
            generation: slot::generation(),
            driver: awaiting.zip(beginning).map(|(awaiting, beginning)| Driver { awaiting, beginning }),
            pending: Mutex::default(),
        })
    }

    /// What the loop watches.
    fn fileno(&self) -> u64 {
        self.queue.bell().descriptor() as u64
    }

    /// Whether it belongs to `event_loop` and to this process, not to the one it was forked from.
    fn serves(&self, event_loop: &Bound<'_, PyAny>) -> bool {
        let own = self.event_loop.bind(event_loop.py()).upgrade();
        !self.is_foreign() && own.is_some_and(|own| own.is(event_loop))
    }

    /// Whether its loop is closed or gone.
    fn is_stale(&self, py: Python<'_>) -> PyResult<bool> {
        match self.event_loop.bind(py).upgrade() {
            Some(event_loop) => event_loop.call_method0(intern!(py, "is_closed"))?.is_truthy(),
            None => Ok(true),
        }
    }

    /// Drops what is pending, for a loop that will never turn again. In a forked child it is only forgotten: to drop
    /// an answer wakes the parent's task, which that process does.
    fn abandon(&self) {
        let pending = std::mem::take(&mut *self.pending());
        self.queue.empty();
        if self.is_foreign() { std::mem::forget(pending) } else { drop(pending) }
    }

    /// The loop's reader callback: sees to what is queued.
    fn __call__(&self, py: Python<'_>) -> PyResult<()> {
        let mut events = self.queue.take(EVENTS_A_TURN);
        while let Some(event) = events.pop_front() {
            if let Err(error) = self.see_to(py, event) {
                self.queue.put_back(events);
                return Err(error);
            }
        }
        Ok(())
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        // A lock that is taken now belongs to a thread at work here: the bridge is alive.
        let Ok(pending) = self.pending.try_lock() else { return Ok(()) };
        pending.calls.values().try_for_each(|enrolled| visit.call(&enrolled.call))?;
        pending.asks.values().try_for_each(|running| running.traverse(&visit))?;
        pending.endings.traverse(&visit)?;
        pending.doors.values().try_for_each(|ajar| visit.call(&ajar.door.caller))
    }

    fn __clear__(&self) {
        self.abandon();
    }
}

impl Drop for LoopBridge {
    fn drop(&mut self) {
        self.abandon();
    }
}
