//! How long something took, over many times: a fixed histogram that threads write without a lock.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Steps that each doubling of a duration is divided into: a bucket is at most an eighth wide.
const STEPS: usize = 8;
/// Doublings of a microsecond; the last bucket takes everything beyond half an hour.
const DOUBLINGS: usize = 31;
const BUCKETS: usize = STEPS * DOUBLINGS;

/// Durations, counted by buckets. Reading while others write may miss what is written meanwhile, nothing else.
#[derive(Debug)]
pub(super) struct Histogram([AtomicU64; BUCKETS]);

/// What a histogram tells: how many there were, and how long the given share of them took at most, to an eighth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    pub count: u64,
    pub p50: Duration,
    pub p95: Duration,
    pub p99: Duration,
}

impl Default for Histogram {
    fn default() -> Histogram {
        Histogram(std::array::from_fn(|_| AtomicU64::new(0)))
    }
}

impl Histogram {
    pub fn add(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        if let Some(bucket) = self.0.get(bucket(micros)) {
            bucket.fetch_add(1, Relaxed);
        }
    }

    pub fn latency(&self) -> Latency {
        let counts: Vec<u64> = self.0.iter().map(|bucket| bucket.load(Relaxed)).collect();
        let count = counts.iter().sum();
        let quantile = |percent| quantile(&counts, count, percent);
        Latency { count, p50: quantile(50), p95: quantile(95), p99: quantile(99) }
    }
}

/// Microseconds below [`STEPS`] have a bucket each; beyond, the three bits after the first choose within a doubling.
fn bucket(micros: u64) -> usize {
    let Some(doubling) = micros.checked_ilog2().filter(|_| micros >= STEPS as u64) else {
        return usize::try_from(micros).unwrap_or(0);
    };
    let step = (micros >> (doubling - 3)) as usize & (STEPS - 1);
    ((doubling as usize - 2) * STEPS + step).min(BUCKETS - 1)
}

/// The longest duration that falls into the bucket.
fn longest(bucket: usize) -> Duration {
    let (doubling, step) = (bucket / STEPS, (bucket % STEPS) as u64);
    let micros = match doubling {
        0 => step,
        doubling => ((STEPS as u64 + step + 1) << (doubling - 1)) - 1,
    };
    Duration::from_micros(micros)
}

/// The bucket that the `percent`-th of a hundred falls into, by its upper end; zero when there is none.
fn quantile(counts: &[u64], count: u64, percent: u64) -> Duration {
    let wanted = (count * percent).div_ceil(100).max(1);
    let mut seen = 0;
    let reached = counts.iter().position(|here| {
        seen += here;
        seen >= wanted
    });
    reached.map_or(Duration::ZERO, longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_duration_lies_in_a_bucket_that_is_at_most_an_eighth_too_long() {
        for micros in (0..5_000).chain((0..33).map(|shift| (1_u64 << shift) - 1)).chain([1 << 30, 1_234_567_890]) {
            let told = longest(bucket(micros)).as_micros() as u64;
            assert!(told >= micros && told - micros <= micros / 8, "{micros} told as {told}");
        }
        assert!((0..5_000).is_sorted_by_key(bucket));
        assert_eq!(bucket(u64::MAX), BUCKETS - 1);
    }

    #[test]
    fn percentiles_are_those_of_the_sorted_durations() {
        let histogram = Histogram::default();
        assert_eq!(histogram.latency(), Latency::default());
        (1..=1_000).for_each(|millis| histogram.add(Duration::from_millis(millis)));
        let Latency { count, p50, p95, p99 } = histogram.latency();
        assert_eq!(count, 1_000);
        for (told, exact) in [(p50, 500), (p95, 950), (p99, 990)] {
            let exact = Duration::from_millis(exact);
            assert!(told >= exact && told <= exact * 9 / 8, "{told:?} for {exact:?}");
        }
    }
}
