//! When to ask a server again that went away: soon, then later, and not for ever.

use super::Fault;
use crate::domain::Error;
use crate::http::{Repetition, pause};
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Duration;

/// A server that is started again is back within half a minute: so long it is waited for, looked at ever more rarely.
/// Together the pauses are about forty seconds. A connection is no question to a service others use: no budget holds.
const RESTART: Repetition = Repetition {
    tries: 24,
    pause: Duration::from_millis(40),
    longest_pause: Duration::from_secs(4),
    budget_percent: 0,
};

/// How a caller wants a server asked again: as he says, or as it is best for one that is started again.
pub fn wanted(by_caller: Option<Repetition>) -> Repetition {
    by_caller.filter(|again| *again != Repetition::default()).unwrap_or(RESTART)
}

/// The attempts at one piece of work.
pub struct Attempts {
    made: u32,
    again: Repetition,
    random: fastrand::Rng,
}

impl Attempts {
    pub fn new(again: Repetition) -> Attempts {
        // Not the thread's own generator: a forked child has a copy of it and would come back with its parent.
        let seed = RandomState::new().hash_one(std::process::id());
        Attempts { made: 0, again, random: fastrand::Rng::with_seed(seed) }
    }

    /// Waits before the next attempt, or says why there is none.
    pub async fn another(&mut self, fault: Fault) -> Result<(), Error> {
        let (Fault::Lost(error) | Fault::Away(error)) = fault else { return Err(fault.into_error()) };
        self.made += 1;
        if self.made >= self.again.tries {
            return Err(error);
        }
        tokio::time::sleep(pause(&self.again, self.made, &mut self.random)).await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::unavailable;
    use tokio::time::Instant;

    async fn attempts(again: Repetition) -> (u32, Duration) {
        let (mut attempts, began) = (Attempts::new(again), Instant::now());
        let mut made = 1;
        while attempts.another(Fault::Lost(unavailable("gone"))).await.is_ok() {
            made += 1;
        }
        (made, began.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn a_restart_is_waited_for_unless_the_caller_says_otherwise() {
        let (made, took) = attempts(wanted(None)).await;
        assert_eq!(made, 24);
        assert!((10..=70).contains(&took.as_secs()), "{took:?}");
        assert_eq!(wanted(Some(Repetition::default())), RESTART);
        let never = wanted(Some(Repetition { tries: 1, ..Repetition::default() }));
        assert_eq!(attempts(never).await, (1, Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn what_would_fail_again_is_not_asked_again() {
        for fault in [Fault::Rows(unavailable("a row")), Fault::Final(unavailable("a password"))] {
            let began = Instant::now();
            assert_eq!(Attempts::new(RESTART).another(fault.clone()).await, Err(fault.into_error()));
            assert_eq!(began.elapsed(), Duration::ZERO);
        }
    }
}
