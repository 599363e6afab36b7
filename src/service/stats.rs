//! What the service is doing, in numbers.

use super::histogram::{Histogram, Latency};
use super::slot::Slot;
use super::timings::{STAGES, Timed};
use crate::domain::{Error, Stage};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

/// A look at one slot; every number is of this process since its slot was built.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Threads of the runtime, which wait for I/O.
    pub workers: usize,
    /// Threads of the CPU pool.
    pub cpu_threads: usize,
    /// Documents in the works: fetched, evaluated, rendered, saved or verified right now.
    pub in_flight: usize,
    /// Of these, those that wait for a thread of the CPU pool: each holds a fetched record.
    pub queued: usize,
    /// Of these, those that wait for a place before they are fetched: they hold an id.
    pub held_back: usize,
    /// Requests that joined the same one in flight instead of beginning another.
    pub joined: u64,
    pub completed: u64,
    pub failed: u64,
    /// Given up by their caller before they ended.
    pub cancelled: u64,
    /// How long each stage took, of the documents completed.
    pub latencies: Vec<(Stage, Latency)>,
}

/// The numbers now.
pub fn stats(slot: &Slot) -> Stats {
    let counters = &slot.counters().0;
    Stats {
        workers: slot.workers(),
        cpu_threads: slot.cpu().threads(),
        in_flight: counters.in_flight.load(Relaxed),
        queued: slot.cpu().queued(),
        held_back: counters.held_back.load(Relaxed),
        joined: counters.joined.load(Relaxed),
        completed: counters.completed.load(Relaxed),
        failed: counters.failed.load(Relaxed),
        cancelled: counters.cancelled.load(Relaxed),
        latencies: STAGES.into_iter().zip(counters.stages.iter().map(Histogram::latency)).collect(),
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
    held_back: AtomicUsize,
    joined: AtomicU64,
    stages: [Histogram; STAGES.len()],
}

impl Counters {
    /// One document begins.
    pub(super) fn begin(&self) -> InFlight {
        self.0.in_flight.fetch_add(1, Relaxed);
        InFlight { counters: self.clone(), ended: false }
    }

    /// One request joins another.
    pub(super) fn joined(&self) {
        self.0.joined.fetch_add(1, Relaxed);
    }

    /// So many documents wait for a place, until this is dropped.
    pub(super) fn held_back(&self, count: usize) -> HeldBack {
        self.0.held_back.fetch_add(count, Relaxed);
        HeldBack { counters: self.clone(), count }
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
    pub fn end<T: Timed>(mut self, outcome: Result<T, Error>) -> Result<T, Error> {
        self.ended = true;
        let counts = &self.counters.0;
        for (stage, took) in outcome.iter().flat_map(|done| done.timings().stages()) {
            counts.stages[stage as usize].add(took);
        }
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

/// Documents that wait for a place.
#[derive(Debug)]
pub(super) struct HeldBack {
    counters: Counters,
    count: usize,
}

impl Drop for HeldBack {
    fn drop(&mut self) {
        self.counters.0.held_back.fetch_sub(self.count, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::timings::Timings;
    use std::time::Duration;

    impl Timed for Timings {
        fn timings(&self) -> &Timings {
            self
        }
    }

    #[test]
    fn every_document_ends_in_one_of_three_ways() {
        let counters = Counters::default();
        let [first, second, third] = [(); 3].map(|()| counters.begin());
        assert_eq!(counters.0.in_flight.load(Relaxed), 3);
        let mut timings = Timings::default();
        timings.add(Stage::Fetch, Duration::from_millis(8));
        assert_eq!(first.end(Ok(timings)), Ok(timings));
        assert_eq!(second.end::<Timings>(Err(Error::RecordNotFound)), Err(Error::RecordNotFound));
        drop(third);
        let counts = &counters.0;
        assert_eq!(counts.in_flight.load(Relaxed), 0);
        assert_eq!(counts.stages.each_ref().map(|stage| stage.latency().count), [1, 0, 0, 0, 0]);
        assert_eq!([&counts.completed, &counts.failed, &counts.cancelled].map(|count| count.load(Relaxed)), [1, 1, 1]);
    }
}
