//! Whether a host grows slow: the 95th percentile of its answers, beside what it was at its best.

use std::time::Duration;

/// One percentile is of so many answers.
const WINDOW: usize = 50;
/// Doubling below this is the noise of a quick host.
const WORTH_NOTICING: Duration = Duration::from_millis(50);

#[derive(Default)]
pub(super) struct Latency {
    window: Vec<Duration>,
    /// The usual percentile: it follows a quicker host at once, a slower one by an eighth a window.
    usual: Option<Duration>,
    last: Option<Duration>,
}

impl Latency {
    /// Takes in an answer; true when the percentile of the window it ends is double the usual.
    pub fn doubled(&mut self, took: Duration) -> bool {
        self.window.push(took);
        if self.window.len() < WINDOW {
            return false;
        }
        let now = percentile(&mut self.window);
        self.window.clear();
        self.last = Some(now);
        let usual = *self.usual.get_or_insert(now);
        self.usual = Some(if now < usual { now } else { usual + (now - usual) / 8 });
        now >= usual * 2 && now - usual >= WORTH_NOTICING
    }

    /// Of the last whole window.
    pub fn last(&self) -> Option<Duration> {
        self.last
    }
}

fn percentile(window: &mut [Duration]) -> Duration {
    window.sort_unstable();
    window.get(window.len() * 95 / 100).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of so many windows of this latency are double the usual.
    fn told(latency: &mut Latency, millis: u64, windows: usize) -> usize {
        (0..windows * WINDOW).filter(|_| latency.doubled(Duration::from_millis(millis))).count()
    }

    #[test]
    fn a_doubling_is_told_and_in_time_becomes_usual() {
        let mut latency = Latency::default();
        assert_eq!(told(&mut latency, 100, 10), 0);
        assert_eq!(told(&mut latency, 190, 1), 0);
        assert_eq!(told(&mut latency, 300, 1), 1);
        assert!((1..10).contains(&told(&mut latency, 300, 50)), "for ever slow is usual");
        assert_eq!(latency.last(), Some(Duration::from_millis(300)));
        assert_eq!(told(&mut latency, 50, 1), 0);
        assert_eq!(told(&mut latency, 110, 1), 1, "at its best it was 50");
    }

    #[test]
    fn a_few_slow_answers_and_a_quick_host_are_no_doubling() {
        let mut latency = Latency::default();
        assert_eq!(told(&mut latency, 10, 3), 0);
        assert_eq!(told(&mut latency, 40, 3), 0, "30 ms more are noise");
        for nth in 0..500 {
            let took = Duration::from_millis(if nth % 50 < 2 { 5_000 } else { 20 });
            assert!(!latency.doubled(took), "2 of 50 do not move the percentile");
        }
    }
}
