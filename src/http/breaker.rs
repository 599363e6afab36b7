//! The circuit breaker: a host that fails every other question is left alone for a while, then asked by one probe.

use std::time::Duration;
use tokio::time::Instant;

/// How many of the last answers are looked at, and how many there must be at least.
const LOOKED_AT: u32 = 50;
const FEWEST: u32 = 20;
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Closed,
    /// Nobody asks until then.
    Open(Instant),
    /// One probe is under way.
    Probing,
}

/// What the breaker says to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gate {
    Pass,
    /// Pass, as the one probe: its outcome decides.
    Probe,
    /// A probe is due then.
    Closed(Instant),
    /// A probe is under way: its outcome is worth waiting for.
    Wait,
}

pub(super) struct Breaker {
    state: State,
    /// The last answers, one bit each, set where it failed.
    failed: u64,
    seen: u32,
    first_pause: Duration,
    pause: Duration,
    opened: u64,
}

impl Breaker {
    pub fn new(first_pause: Duration) -> Breaker {
        Breaker { state: State::Closed, failed: 0, seen: 0, first_pause, pause: first_pause, opened: 0 }
    }

    pub fn state(&self) -> State {
        self.state
    }

    /// How often it has opened.
    pub fn opened(&self) -> u64 {
        self.opened
    }

    /// How many of how many answers failed of late.
    pub fn failures(&self) -> (u32, u32) {
        (self.failed.count_ones(), self.seen)
    }

    pub fn gate(&mut self, now: Instant) -> Gate {
        match self.state {
            State::Closed => Gate::Pass,
            State::Open(until) if now < until => Gate::Closed(until),
            State::Open(_) => {
                self.state = State::Probing;
                Gate::Probe
            }
            State::Probing => Gate::Wait,
        }
    }

    /// An answer that came without being a probe. Those of questions asked before it opened change nothing.
    pub fn answered(&mut self, good: bool, now: Instant) {
        if self.state != State::Closed {
            return;
        }
        self.failed = (self.failed << 1 | u64::from(!good)) & ((1 << LOOKED_AT) - 1);
        self.seen = (self.seen + 1).min(LOOKED_AT);
        if self.seen >= FEWEST && self.failed.count_ones() * 2 >= self.seen {
            self.pause = self.first_pause;
            self.open(now);
        }
    }

    /// The probe's outcome.
    pub fn probed(&mut self, good: bool, now: Instant) {
        if good {
            *self = Breaker { opened: self.opened, ..Breaker::new(self.first_pause) };
        } else {
            self.pause = (self.pause * 2).min(LONGEST_PAUSE.max(self.first_pause));
            self.open(now);
        }
    }

    /// The probe was given up by its caller: the next question is one.
    pub fn abandoned(&mut self, now: Instant) {
        self.state = State::Open(now);
    }

    fn open(&mut self, now: Instant) {
        self.state = State::Open(now + self.pause);
        self.opened += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_secs(5);

    #[test]
    fn it_opens_at_half_of_the_last_fifty_and_not_for_a_few() {
        let now = Instant::now();
        let mut breaker = Breaker::new(PAUSE);
        (0..19).for_each(|_| breaker.answered(false, now));
        assert_eq!(breaker.gate(now), Gate::Pass, "19 are too few to judge by");
        breaker.answered(false, now);
        assert_eq!(breaker.gate(now), Gate::Closed(now + PAUSE));
        let mut breaker = Breaker::new(PAUSE);
        // 26 good ones, then failures: of the last 50, the 25th opens it.
        (0..26).for_each(|_| breaker.answered(true, now));
        (0..24).for_each(|_| breaker.answered(false, now));
        assert_eq!((breaker.gate(now), breaker.failures()), (Gate::Pass, (24, 50)));
        breaker.answered(false, now);
        assert_eq!(breaker.gate(now), Gate::Closed(now + PAUSE));
        assert_eq!(breaker.failures(), (25, 50));
    }

    #[test]
    fn old_answers_are_forgotten() {
        let now = Instant::now();
        let mut breaker = Breaker::new(PAUSE);
        (0..1_000).for_each(|_| breaker.answered(true, now));
        (0..1_000).for_each(|n| breaker.answered(n % 5 != 0, now));
        assert_eq!(breaker.gate(now), Gate::Pass);
        assert_eq!(breaker.failures(), (10, 50));
    }

    #[test]
    fn one_probe_closes_it_or_doubles_the_pause() {
        let mut now = Instant::now();
        let mut breaker = Breaker::new(PAUSE);
        (0..20).for_each(|_| breaker.answered(false, now));
        for pause in [5, 10, 20, 40, 60, 60] {
            assert_eq!(breaker.gate(now), Gate::Closed(now + Duration::from_secs(pause)));
            now += Duration::from_secs(pause);
            assert_eq!(breaker.gate(now), Gate::Probe);
            assert_eq!(breaker.gate(now), Gate::Wait, "one probe, not two");
            breaker.answered(true, now);
            assert_eq!(breaker.gate(now), Gate::Wait, "an answer from before decides nothing");
            breaker.probed(false, now);
        }
        assert_eq!(breaker.opened(), 7);
        now += Duration::from_secs(60);
        assert_eq!(breaker.gate(now), Gate::Probe);
        breaker.abandoned(now);
        assert_eq!(breaker.gate(now), Gate::Probe, "a probe given up leaves room for another");
        breaker.probed(true, now);
        assert_eq!((breaker.gate(now), breaker.failures()), (Gate::Pass, (0, 0)));
        (0..20).for_each(|_| breaker.answered(false, now));
        assert_eq!(breaker.gate(now), Gate::Closed(now + PAUSE), "the pause begins anew");
    }
}
