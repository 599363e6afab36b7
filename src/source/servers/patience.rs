//! When a read is put a second time, on another connection: once its answer takes far longer than such answers do.
//!
//! A line that loses its pace (a route that flaps, a proxy that chokes) lets an answer drip for minutes while the server
//! is well. The first read goes on: a server that is merely slow answers it, and loses at most one read in ten to this.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The latest reads that went well.
const REMEMBERED: usize = 31;
/// Fewer tell nothing yet.
const FEWEST: usize = 3;
/// Far longer than half of them.
const TIMES: u32 = 8;
/// A machine under load pauses for as long by itself.
const SHORTEST: Duration = Duration::from_millis(150);
const AT_FIRST: Duration = Duration::from_secs(1);
/// One second read for so many first ones, and so many saved up at most.
const ONE_IN: u32 = 10;
const SAVED: u32 = 10;

/// How long reads of one database take, and how many second ones are left.
pub struct Patience(Mutex<Seen>);

struct Seen {
    took: Vec<Duration>,
    /// Which of them is forgotten next.
    next: usize,
    /// In parts of one second read.
    left: u32,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience(Mutex::new(Seen { took: Vec::with_capacity(REMEMBERED), next: 0, left: SAVED * ONE_IN }))
    }
}

impl Patience {
    fn locked(&self) -> MutexGuard<'_, Seen> {
        // Numbers are whole at every moment: a panic elsewhere cannot spoil them.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A read went well.
    pub fn read(&self, took: Duration) {
        let mut seen = self.locked();
        seen.left = (seen.left + 1).min(SAVED * ONE_IN);
        if seen.took.len() < REMEMBERED {
            return seen.took.push(took);
        }
        let next = seen.next;
        if let Some(oldest) = seen.took.get_mut(next) {
            *oldest = took;
        }
        seen.next = (next + 1) % REMEMBERED;
    }

    /// How long a read is waited for before another is begun beside it.
    pub fn lasts(&self) -> Duration {
        let mut took = self.locked().took.clone();
        took.sort_unstable();
        match took.get(took.len() / 2) {
            Some(usual) if took.len() >= FEWEST => usual.saturating_mul(TIMES).max(SHORTEST),
            _ => AT_FIRST,
        }
    }

    /// Whether a second read is left; if so it is spent.
    pub fn spend(&self) -> bool {
        let mut seen = self.locked();
        let enough = seen.left >= ONE_IN;
        seen.left -= if enough { ONE_IN } else { 0 };
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLI: Duration = Duration::from_millis(1);

    #[test]
    fn it_lasts_for_several_times_what_is_usual() {
        let patience = Patience::default();
        assert_eq!(patience.lasts(), AT_FIRST);
        (0..3).for_each(|_| patience.read(40 * MILLI));
        assert_eq!(patience.lasts(), 320 * MILLI);
        // A server that grew slow is soon the usual one; one that is quick is not hurried by the milliseconds of a thread.
        (0..REMEMBERED).for_each(|_| patience.read(900 * MILLI));
        assert_eq!(patience.lasts(), 7_200 * MILLI);
        (0..REMEMBERED).for_each(|_| patience.read(MILLI));
        assert_eq!(patience.lasts(), SHORTEST);
    }

    #[test]
    fn one_read_in_ten_is_put_twice_at_most() {
        let patience = Patience::default();
        let spent = |patience: &Patience| (0..1_000).take_while(|_| patience.spend()).count();
        assert_eq!(spent(&patience), 10);
        (0..50).for_each(|_| patience.read(MILLI));
        assert_eq!(spent(&patience), 5);
        (0..5_000).for_each(|_| patience.read(MILLI));
        assert_eq!(spent(&patience), 10, "no more is saved up");
    }
}
