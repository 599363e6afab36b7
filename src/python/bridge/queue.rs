//! The queue of one event loop, and the guard that posts exactly one completion for each call.
//!
//! This is the side that tokio's threads see. It names nothing of Python: those threads never attach to an
//! interpreter, so they can neither stall it nor be caught by its exit.

use super::ask::{Answer, Question};
use super::bell::Bell;
use super::{Outcome, Work};
use crate::domain::Error;
use crate::service::{panics, slot};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use tokio::sync::oneshot;

/// What the loop's thread is told.
pub enum Event {
    /// A call's Rust work is over and dropped.
    Done { call: u64, outcome: Result<Outcome, Error> },
    /// The caller's own function is wanted.
    Ask { door: u64, ask: u64, question: Question, answer: oneshot::Sender<Result<Answer, Error>> },
    /// Nobody waits for this ask any more.
    Withdrawn { ask: u64 },
    /// An ask's coroutine has moved on: poll it.
    Nudged { ask: u64 },
    /// No Rust work can ask through this door any more.
    DoorClosed { door: u64 },
}

/// In a forked child it does nothing: a thread of the parent's may have held its lock at the fork, and its bell rings
/// in the parent too.
pub struct Queue {
    events: Mutex<VecDeque<Event>>,
    bell: Bell,
    generation: u64,
}

impl Queue {
    pub fn new() -> std::io::Result<Queue> {
        Ok(Queue { events: Mutex::new(VecDeque::new()), bell: Bell::new()?, generation: slot::generation() })
    }

    pub fn bell(&self) -> &Bell {
        &self.bell
    }

    /// Rings only when the queue was empty: many completions, one wake.
    pub fn push(&self, event: Event) {
        if self.is_foreign() {
            // Dropped, it would wake its task.
            return std::mem::forget(event);
        }
        let mut events = self.events();
        let was_empty = events.is_empty();
        events.push_back(event);
        drop(events);
        if was_empty {
            self.bell.ring();
        }
    }

    /// At most `limit` events. The bell is hushed before the queue is looked at, so that no ring is lost, and
    /// rung again when events are left.
    pub fn take(&self, limit: usize) -> VecDeque<Event> {
        if self.is_foreign() {
            return VecDeque::new();
        }
        self.bell.hush();
        let mut events = self.events();
        if events.len() <= limit {
            return std::mem::take(&mut *events);
        }
        let rest = events.split_off(limit);
        let taken = std::mem::replace(&mut *events, rest);
        drop(events);
        self.bell.ring();
        taken
    }

    /// Puts events that could not be seen to back in front.
    pub fn put_back(&self, mut unseen: VecDeque<Event>) {
        if unseen.is_empty() || self.is_foreign() {
            return std::mem::forget(unseen);
        }
        let mut events = self.events();
        unseen.append(&mut events);
        *events = unseen;
        drop(events);
        self.bell.ring();
    }

    /// Drops what is queued; for a loop that will never look again.
    pub fn empty(&self) {
        if self.is_foreign() {
            return;
        }
        let dropped = std::mem::take(&mut *self.events());
        drop(dropped);
    }

    fn is_foreign(&self) -> bool {
        self.generation != slot::generation()
    }

    fn events(&self) -> MutexGuard<'_, VecDeque<Event>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        if self.is_foreign() {
            let events = self.events.get_mut().unwrap_or_else(PoisonError::into_inner);
            std::mem::forget(std::mem::take(events));
        }
    }
}

/// Posts one completion: what it was given, or [`Error::Cancelled`] when it is dropped with nothing.
struct Report {
    queue: Arc<Queue>,
    call: u64,
    outcome: Option<Result<Outcome, Error>>,
}

impl Drop for Report {
    fn drop(&mut self) {
        let outcome = self.outcome.take().unwrap_or(Err(Error::Cancelled));
        self.queue.push(Event::Done { call: self.call, outcome });
    }
}

/// Rust work that reports its end whatever happens: return, abort, panic or the runtime's end. The fields' order
/// matters: the work is dropped, with all it holds, before the report is posted.
pub struct Reported {
    work: Option<Work>,
    report: Report,
}

impl Reported {
    pub fn new(work: Work, queue: Arc<Queue>, call: u64) -> Reported {
        let work = Box::pin(panics::caught_while_awaited(work));
        Reported { work: Some(work), report: Report { queue, call, outcome: None } }
    }
}

impl Future for Reported {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some(work) = self.work.as_mut() else { return Poll::Ready(()) };
        let outcome = std::task::ready!(work.as_mut().poll(context));
        self.work = None;
        self.report.outcome = Some(outcome);
        Poll::Ready(())
    }
}
