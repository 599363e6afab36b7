//! How many questions may be under way at one host: grown by good answers, halved when the host says or shows "too many".

use super::latency::Latency;
use super::manners::Manners;
use std::time::Duration;
use tokio::time::Instant;

/// The limit and why it stands where it stands.
pub(super) struct Concurrency {
    limit: usize,
    most: usize,
    /// Good answers since the limit last grew.
    good: usize,
    /// Doubling with every round until the host first says stop; from then on one more a round.
    climbing: bool,
    /// What was asked before then was asked under the old limit and does not shrink it again.
    shrunk: Option<Instant>,
    latency: Latency,
}

impl Concurrency {
    pub fn new(manners: &Manners) -> Concurrency {
        let most = manners.concurrency_most.max(1);
        let limit = manners.concurrency_start.clamp(1, most);
        Concurrency { limit, most, good: 0, climbing: true, shrunk: None, latency: Latency::default() }
    }

    /// Somebody else asks, who may ask more: the limit goes as high as he may, and begins where he may begin unless the
    /// host has already said that it is too much.
    pub fn welcome(&mut self, manners: &Manners) {
        self.most = self.most.max(manners.concurrency_most);
        if self.shrunk.is_none() {
            self.limit = self.limit.max(manners.concurrency_start.min(self.most));
        }
    }

    pub fn limit(&self) -> usize {
        self.limit
    }

    pub fn latency(&self) -> Option<Duration> {
        self.latency.last()
    }

    /// A good answer to a question of `asked`, while so many were under way. Grows only a limit that is made use of.
    pub fn good(&mut self, asked: Instant, now: Instant, under_way: usize) {
        if self.latency.doubled(now.saturating_duration_since(asked)) {
            return self.shrink(asked, now, self.limit - self.limit.div_ceil(4));
        }
        if under_way < self.limit || self.limit == self.most {
            return;
        }
        self.good += 1;
        if self.climbing || self.good >= self.limit {
            self.limit += 1;
            self.good = 0;
        }
    }

    /// The host throttled a question of `asked`, or did not answer it in time.
    pub fn overload(&mut self, asked: Instant, now: Instant) {
        self.shrink(asked, now, self.limit / 2);
    }

    fn shrink(&mut self, asked: Instant, now: Instant, to: usize) {
        if self.shrunk.is_some_and(|shrunk| asked <= shrunk) {
            return;
        }
        self.limit = to.max(1);
        self.good = 0;
        self.climbing = false;
        self.shrunk = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A quick host and a caller that keeps every seat taken.
    fn full_rounds(concurrency: &mut Concurrency, rounds: usize, now: &mut Instant) {
        for _ in 0..rounds {
            let asked = *now;
            *now += Duration::from_millis(10);
            (0..concurrency.limit()).for_each(|_| concurrency.good(asked, *now, concurrency.limit()));
        }
    }

    #[test]
    fn it_climbs_by_doubling_then_by_one_a_round() {
        let mut now = Instant::now();
        let mut concurrency = Concurrency::new(&Manners::default());
        assert_eq!(concurrency.limit(), 8);
        full_rounds(&mut concurrency, 1, &mut now);
        assert_eq!(concurrency.limit(), 16);
        full_rounds(&mut concurrency, 9, &mut now);
        assert_eq!(concurrency.limit(), 64, "the most");
        now += Duration::from_millis(1);
        concurrency.overload(now, now);
        assert_eq!(concurrency.limit(), 32);
        now += Duration::from_millis(1);
        full_rounds(&mut concurrency, 5, &mut now);
        assert_eq!(concurrency.limit(), 37, "one a round");
    }

    #[test]
    fn who_may_ask_more_is_not_bound_by_who_came_first() {
        let mut now = Instant::now();
        let mut concurrency = Concurrency::new(&Manners::at_once(2));
        concurrency.welcome(&Manners::at_once(2));
        assert_eq!(concurrency.limit(), 2);
        concurrency.welcome(&Manners::own_service());
        assert_eq!(concurrency.limit(), 1_024);
        now += Duration::from_millis(1);
        concurrency.overload(now, now);
        concurrency.welcome(&Manners::own_service());
        assert_eq!(concurrency.limit(), 512, "the host has said that it is too much");
    }

    #[test]
    fn a_burst_of_refusals_halves_once_and_never_below_one() {
        let mut now = Instant::now();
        let mut concurrency = Concurrency::new(&Manners::default());
        let asked = now;
        now += Duration::from_millis(5);
        (0..8).for_each(|_| concurrency.overload(asked, now));
        assert_eq!(concurrency.limit(), 4, "eight refusals of one round are one");
        for limit in [2, 1, 1] {
            now += Duration::from_millis(5);
            concurrency.overload(now, now);
            assert_eq!(concurrency.limit(), limit);
        }
    }

    #[test]
    fn a_limit_that_is_not_used_does_not_grow() {
        let now = Instant::now();
        let mut concurrency = Concurrency::new(&Manners::default());
        (0..1_000).for_each(|_| concurrency.good(now, now, 7));
        assert_eq!(concurrency.limit(), 8);
    }

    #[test]
    fn answers_that_take_twice_as_long_take_a_quarter_off() {
        let mut now = Instant::now();
        let mut concurrency = Concurrency::new(&Manners::default());
        for millis in [100, 100, 250] {
            for _ in 0..50 {
                let asked = now;
                now += Duration::from_millis(millis);
                concurrency.good(asked, now, 0);
            }
        }
        assert_eq!(concurrency.limit(), 6);
        assert_eq!(concurrency.latency(), Some(Duration::from_millis(250)));
    }
}
