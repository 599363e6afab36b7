//! What the service is doing, in numbers.

use super::slot::Slot;
use crate::domain::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

/// A look at one slot; every number is of this process since its slot was built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Threads of the runtime, which wait for I/O.
    pub workers: usize,
    /// Threads of the CPU pool.
    pub cpu_threads: usize,
    /// Documents in the works: fetched, evaluated, rendered, saved or verified right now.
    pub in_flight: usize,
    /// Of these, those that wait for a thread of the CPU pool.
    pub queued: usize,
    pub completed: u64,
    pub failed: u64,
    /// Given up by their caller before they ended.
    pub cancelled: u64,
}

/// The numbers now.
pub fn stats(slot: &Slot) -> Stats {
    let counters = &slot.counters().0;
    Stats {
        workers: slot.workers(),
        cpu_threads: slot.cpu().threads(),
        in_flight: counters.in_flight.load(Relaxed),
        queued: slot.cpu().queued(),
        completed: counters.completed.load(Relaxed),
        failed: counters.failed.load(Relaxed),
        cancelled: counters.cancelled.load(Relaxed),
    }
}

/// Counts the documents of one slot.
#[derive(Clone, Debug, Default)]
pub struct Counters(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    in_flight: AtomicUsize,
    completed: AtomicU64,
    failed: AtomicU64,
    cancelled: AtomicU64,
}

impl Counters {
    /// One document begins.
    pub(super) fn begin(&self) -> InFlight {
        self.0.in_flight.fetch_add(1, Relaxed);
        InFlight { counters: self.clone(), ended: false }
    }
}

/// One document in the works; dropped before its end, it counts as cancelled.
#[derive(Debug)]
pub(super) struct InFlight {
    counters: Counters,
    ended: bool,
}

impl InFlight {
    /// Counts the outcome and hands it on.
    pub fn end<T>(mut self, outcome: Result<T, Error>) -> Result<T, Error> {
        self.ended = true;
        let counts = &self.counters.0;
        let counter = if outcome.is_ok() { &counts.completed } else { &counts.failed };
        counter.fetch_add(1, Relaxed);
        outcome
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let counts = &self.counters.0;
        counts.in_flight.fetch_sub(1, Relaxed);
        if !self.ended {
            counts.cancelled.fetch_add(1, Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_ends_in_one_of_three_ways() {
        let counters = Counters::default();
        let [first, second, third] = [(); 3].map(|()| counters.begin());
        assert_eq!(counters.0.in_flight.load(Relaxed), 3);
        assert_eq!(first.end(Ok(7)), Ok(7));
        assert_eq!(second.end::<()>(Err(Error::RecordNotFound)), Err(Error::RecordNotFound));
        drop(third);
        let counts = &counters.0;
        assert_eq!(counts.in_flight.load(Relaxed), 0);
        assert_eq!([&counts.completed, &counts.failed, &counts.cancelled].map(|count| count.load(Relaxed)), [1, 1, 1]);
    }
}
