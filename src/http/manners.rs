//! Every limit and law of asking over HTTP, with its default, in one place.

use std::time::Duration;

/// How often, and after what pauses, a question is asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repetition {
    /// How often it is asked at most, the first time among them. Default 6.
    pub tries: u32,
    /// The pause before try n + 1 is drawn evenly from 0 to `pause` × 2^(n - 1), at most `longest_pause`. Default 0.2 s and 20 s.
    pub pause: Duration,
    pub longest_pause: Duration,
    /// So many repetitions a hundred questions of one host. Default 10.
    pub budget_percent: u32,
}

impl Default for Repetition {
    fn default() -> Repetition {
        let (pause, longest_pause) = (Duration::from_millis(200), Duration::from_secs(20));
        Repetition { tries: 6, pause, longest_pause, budget_percent: 10 }
    }
}

/// How a service is asked. The defaults suit a student-information system that others use as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manners {
    /// The longest a connection may take to be made, TLS included. Default 5 s.
    pub connect: Duration,
    /// From then on to the head of the answer. Default 10 s.
    pub first_byte: Duration,
    /// Between two pieces of a body. Default 5 s.
    pub between_bytes: Duration,
    /// A body slower than this, in bytes a second over its first `between_bytes`, is given up. Default 1,000.
    pub slowest: u64,
    /// One question with its repetitions, where the caller sets no limit of its own. Default 30 s.
    pub total: Duration,
    /// How a question is asked again. None: as the caller says, else by the defaults.
    pub again: Option<Repetition>,
    /// Repetitions that are allowed whatever the number of questions, and one more each second. Default 10.
    pub budget_floor: u32,
    /// Questions under way at once: at first, and at most. Default 8 and 64.
    pub concurrency_start: usize,
    pub concurrency_most: usize,
    /// How long the breaker stays open the first time; each failed probe doubles it, up to a minute. Default 5 s.
    pub breaker_pause: Duration,
    /// The largest body, unpacked. Default 8 MiB.
    pub largest_body: usize,
}

impl Default for Manners {
    fn default() -> Manners {
        let seconds = Duration::from_secs;
        Manners {
            connect: seconds(5),
            first_byte: seconds(10),
            between_bytes: seconds(5),
            slowest: 1_000,
            total: seconds(30),
            again: None,
            budget_floor: 10,
            concurrency_start: 8,
            concurrency_most: 64,
            breaker_pause: seconds(5),
            largest_body: 8 << 20,
        }
    }
}

/// Where a service is the institution's own, its callers say how much they ask of it; more than this is a mistake.
const OWN_AT_ONCE: usize = 1_024;

impl Manners {
    /// Of the institution's own service: all that is asked for at once, until the service says or shows that it is too
    /// much.
    pub fn own_service() -> Manners {
        Manners { concurrency_start: OWN_AT_ONCE, concurrency_most: OWN_AT_ONCE, ..Manners::default() }
    }

    /// At most so many questions under way at once.
    pub fn at_once(most: usize) -> Manners {
        let most = most.max(1);
        let defaults = Manners::default();
        Manners { concurrency_start: defaults.concurrency_start.min(most), concurrency_most: most, ..defaults }
    }
}
