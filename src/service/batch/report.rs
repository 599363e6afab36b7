//! What a run has to say: how far it is, and at its end what came of every document.

use super::journal::Saved;
use crate::domain::{Error, Stage, StudentId};
use crate::service::timings::Timings;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Documents of the whole run; 0 until the plan is made.
    pub total: usize,
    /// Answered for: saved now or earlier, held or failed.
    pub done: usize,
    pub failed: usize,
    pub held: usize,
}

/// One document that was not made.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The order's id, else the student's.
    pub key: String,
    pub student: StudentId,
    pub error: Error,
}

/// By the key of each: its serial, and how it was saved.
pub type Documents = BTreeMap<String, (String, Saved)>;

/// The outcome of a run. Times are of this process: what was saved before it resumed is only counted.
#[derive(Clone, Debug, Default)]
pub struct BatchReport {
    /// The run's own word, which its serials are made of.
    pub run: String,
    pub total: usize,
    /// Made and saved now.
    pub saved: usize,
    /// Saved before this process resumed the run.
    pub resumed: usize,
    pub bytes: u64,
    pub pages: usize,
    pub elapsed: Duration,
    /// From asking the source to the finished bytes, half and 19 of 20 documents took no longer.
    pub p50: Duration,
    pub p95: Duration,
    /// Seconds that each stage took, all documents together; they run side by side.
    pub stages: Timings,
    /// Without holds.
    pub failures: Vec<Failure>,
    pub held: Vec<Failure>,
    /// Every document that is saved, by its key; only where the run was asked to keep them.
    pub documents: Documents,
}

impl BatchReport {
    /// How often each reason kept a document back.
    pub fn reasons(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for failure in self.failures.iter().chain(&self.held) {
            *counts.entry(failure.error.code()).or_insert(0) += 1;
        }
        counts
    }
}

/// Adds up while a run goes on.
pub(super) struct Tally {
    report: BatchReport,
    began: Instant,
    /// Microseconds of each document made: 4 bytes each, so that percentiles are exact.
    took: Vec<u32>,
    keep: bool,
}

impl Tally {
    pub fn new(keep: bool) -> Tally {
        Tally { report: BatchReport::default(), began: Instant::now(), took: Vec::new(), keep }
    }

    /// `documents` are those saved earlier, where the report tells documents at all.
    pub fn planned(&mut self, run: &str, total: usize, resumed: usize, documents: Documents) {
        (self.report.run, self.report.total, self.report.resumed) = (run.to_owned(), total, resumed);
        self.report.documents = documents;
    }

    pub fn saved(&mut self, key: &str, serial: &str, saved: &Saved, timings: Timings) {
        self.report.saved += 1;
        self.report.bytes += saved.bytes;
        self.report.pages += saved.pages;
        self.took.push(u32::try_from(timings.total().as_micros()).unwrap_or(u32::MAX));
        for (stage, took) in timings.stages() {
            self.report.stages.add(stage, took);
        }
        if self.keep {
            self.report.documents.insert(key.to_owned(), (serial.to_owned(), saved.clone()));
        }
    }

    /// How long a group took to be written.
    pub fn wrote(&mut self, took: Duration) {
        self.report.stages.add(Stage::Save, took);
    }

    pub fn refused(&mut self, failure: Failure) {
        let held = matches!(failure.error, Error::Held(_));
        if held { self.report.held.push(failure) } else { self.report.failures.push(failure) }
    }

    pub fn progress(&self) -> Progress {
        let BatchReport { total, saved, resumed, failures, held, .. } = &self.report;
        let (failed, held) = (failures.len(), held.len());
        Progress { total: *total, done: saved + resumed + failed + held, failed, held }
    }

    pub fn report(mut self) -> BatchReport {
        self.report.elapsed = self.began.elapsed();
        self.took.sort_unstable();
        self.report.p50 = percentile(&self.took, 50);
        self.report.p95 = percentile(&self.took, 95);
        self.report
    }
}

/// The smallest value that so many of a hundred do not exceed.
fn percentile(sorted: &[u32], percent: usize) -> Duration {
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    Duration::from_micros(sorted.get(place).copied().unwrap_or_default().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_what_was_seen() {
        let tookn: Vec<u32> = (1..=20).collect();
        let of = |percent| percentile(&tookn, percent).as_micros();
        assert_eq!([of(50), of(95), of(100)], [10, 19, 20]);
        assert_eq!(percentile(&[], 95), Duration::ZERO);
        assert_eq!(percentile(&[7], 50).as_micros(), 7);
    }
}
