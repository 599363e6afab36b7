//! The way back, as Rust work sees it: a question put to the caller's own function, and its answer awaited.

use super::queue::{Event, Queue};
use crate::domain::{Error, StudentId};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::oneshot;

/// What a caller's function is asked.
pub enum Question {
    /// The record of this student.
    Record(StudentId),
    /// Whether the service confirms this claim, told as JSON.
    Confirmation { kind: &'static str, claim: String },
}

/// What a caller's function answered: JSON bytes, to be read by the Rust side off the loop's thread.
pub struct Answer(pub Vec<u8>);

/// A door to the caller's functions on one event loop. Closed when the last Rust work that could ask is dropped.
pub struct Door {
    queue: Arc<Queue>,
    key: u64,
}

static ASKS: AtomicU64 = AtomicU64::new(1);

impl Door {
    pub fn new(queue: Arc<Queue>, key: u64) -> Door {
        Door { queue, key }
    }

    /// Asks, and waits for the answer. Dropping the future withdraws the ask, which cancels the caller's coroutine.
    pub async fn ask(&self, question: Question) -> Result<Answer, Error> {
        let ask = ASKS.fetch_add(1, Ordering::Relaxed);
        let (answer, answered) = oneshot::channel();
        let mut withdrawal = Withdrawal { queue: &self.queue, ask: Some(ask) };
        self.queue.push(Event::Ask { door: self.key, ask, question, answer });
        let outcome = answered.await;
        withdrawal.ask = None;
        // A sender dropped unused: the loop ended before its coroutine did.
        outcome.unwrap_or(Err(Error::Cancelled))
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.queue.push(Event::DoorClosed { door: self.key });
    }
}

struct Withdrawal<'a> {
    queue: &'a Queue,
    ask: Option<u64>,
}

impl Drop for Withdrawal<'_> {
    fn drop(&mut self) {
        if let Some(ask) = self.ask {
            self.queue.push(Event::Withdrawn { ask });
        }
    }
}
