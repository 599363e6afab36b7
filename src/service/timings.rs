//! How long each stage of one transcript took. The clock is read here, around the stages, never inside them.

use crate::domain::Stage;
use std::time::{Duration, Instant};

pub(super) const STAGES: [Stage; 5] = [Stage::Fetch, Stage::Evaluate, Stage::Render, Stage::Save, Stage::Verify];

/// The time each stage took; absent for a stage that did not run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timings([Option<Duration>; STAGES.len()]);

/// Work that tells how long its stages took.
pub(super) trait Timed {
    fn timings(&self) -> &Timings;
}

impl Timings {
    pub fn get(&self, stage: Stage) -> Option<Duration> {
        self.0[stage as usize]
    }

    /// The stages that ran, in order.
    pub fn stages(&self) -> impl Iterator<Item = (Stage, Duration)> + '_ {
        STAGES.into_iter().filter_map(|stage| Some((stage, self.get(stage)?)))
    }

    /// All stages together, without the waiting between them.
    pub fn total(&self) -> Duration {
        self.stages().map(|(_, took)| took).sum()
    }

    pub(super) fn add(&mut self, stage: Stage, took: Duration) {
        let sum = &mut self.0[stage as usize];
        *sum = Some(sum.unwrap_or_default() + took);
    }
}

/// Measures stages that follow one another.
#[derive(Debug)]
pub(super) struct Stopwatch {
    timings: Timings,
    running: Option<(Stage, Instant)>,
}

impl Stopwatch {
    /// Goes on from what is measured already.
    pub fn resuming(timings: Timings) -> Stopwatch {
        Stopwatch { timings, running: None }
    }

    /// The stage before ends, this one begins.
    pub fn enter(&mut self, stage: Stage) {
        let now = Instant::now();
        if let Some((before, since)) = self.running.replace((stage, now)) {
            self.timings.add(before, now - since);
        }
    }

    /// The last stage ends.
    pub fn stop(mut self) -> Timings {
        if let Some((last, since)) = self.running.take() {
            self.timings.add(last, since.elapsed());
        }
        self.timings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_that_ran_are_told_in_order() {
        let mut watch = Stopwatch::resuming(Timings::default());
        for stage in [Stage::Evaluate, Stage::Render, Stage::Render] {
            watch.enter(stage);
        }
        let mut timings = watch.stop();
        timings.add(Stage::Fetch, Duration::from_secs(2));
        timings.add(Stage::Fetch, Duration::from_secs(1));
        let ran: Vec<_> = timings.stages().map(|(stage, _)| stage).collect();
        assert_eq!(ran, [Stage::Fetch, Stage::Evaluate, Stage::Render]);
        assert_eq!(timings.get(Stage::Fetch), Some(Duration::from_secs(3)));
        assert_eq!(timings.get(Stage::Verify), None);
        assert!(timings.total() >= Duration::from_secs(3));
    }
}
