//! The budget of repetitions: a share of the questions asked, above a small floor. It keeps an outage from becoming a storm.

use super::manners::Manners;
use tokio::time::Instant;

/// No more is saved up than this many repetitions: an hour of peace buys no storm.
const MOST_SAVED: u64 = 100;
/// One repetition, in the parts that are counted.
const WHOLE: u64 = 1_000_000;

pub(super) struct Budget {
    /// In millionths of a repetition.
    saved: u64,
    most: u64,
    filled: Instant,
}

impl Budget {
    pub fn new(manners: &Manners, now: Instant) -> Budget {
        let floor = u64::from(manners.budget_floor);
        Budget { saved: floor * WHOLE, most: floor.max(MOST_SAVED) * WHOLE, filled: now }
    }

    /// A question is asked for the first time; so many repetitions a hundred of them are allowed.
    pub fn asked(&mut self, percent: u32) {
        self.saved = (self.saved + u64::from(percent) * WHOLE / 100).min(self.most);
    }

    /// Whether a repetition is allowed now; if so it is spent.
    pub fn spend(&mut self, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.filled).as_micros();
        self.filled = now;
        // One repetition each second: a microsecond is a millionth of it.
        self.saved = self.saved.saturating_add(u64::try_from(passed).unwrap_or(u64::MAX)).min(self.most);
        let enough = self.saved >= WHOLE;
        self.saved -= if enough { WHOLE } else { 0 };
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn spent(budget: &mut Budget, now: Instant) -> usize {
        (0..10_000).take_while(|_| budget.spend(now)).count()
    }

    #[test]
    fn a_tenth_above_the_floor() {
        let now = Instant::now();
        let mut budget = Budget::new(&Manners::default(), now);
        assert_eq!(spent(&mut budget, now), 10, "the floor");
        (0..500).for_each(|_| budget.asked(10));
        assert_eq!(spent(&mut budget, now), 50, "10 % of 500");
        (0..1_000_000).for_each(|_| budget.asked(10));
        assert_eq!(spent(&mut budget, now), 100, "no more is saved up");
    }

    #[test]
    fn one_more_each_second() {
        let start = Instant::now();
        let mut budget = Budget::new(&Manners::default(), start);
        spent(&mut budget, start);
        let later = |millis| start + Duration::from_millis(millis);
        assert!(!budget.spend(later(999)));
        assert!(budget.spend(later(1_001)));
        assert!(!budget.spend(later(1_002)));
        assert_eq!(spent(&mut budget, later(60_000)), 59);
    }

    /// Whatever the order of questions and repetitions: never more than a tenth, the floor and the seconds.
    #[test]
    fn the_share_is_never_passed() {
        for seed in 0..50 {
            let mut random = fastrand::Rng::with_seed(seed);
            let start = Instant::now();
            let mut now = start;
            let mut budget = Budget::new(&Manners::default(), now);
            let (mut asked, mut repeated) = (0_u64, 0_u64);
            for _ in 0..5_000 {
                match random.u8(0..3) {
                    0 => {
                        budget.asked(10);
                        asked += 1;
                    }
                    1 => repeated += u64::from(budget.spend(now)),
                    _ => now += Duration::from_millis(random.u64(0..5)),
                }
                assert!(repeated <= 10 + asked / 10 + (now - start).as_secs() + 1);
            }
            assert!(repeated > asked / 20, "the budget gives what it may: {repeated} of {asked}");
        }
    }
}
