//! How long each stage may take and how much may run at once: arguments with defaults, all in one place.

use crate::domain::{Error, Stage};
use crate::http;
use std::future::Future;
use std::time::{Duration, Instant};

/// How a service that fails in passing is asked again, where its question may be repeated.
pub use crate::http::Repetition as Retry;

/// How many transcripts of one stream are in the works at once unless told otherwise.
pub const DEFAULT_CONCURRENCY: usize = 32;
/// More in flight than this only costs memory.
pub const MAX_CONCURRENCY: usize = 10_000;

/// No limit is longer: thirty days, which every clock can add.
pub const LONGEST: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The longest each stage of one transcript may take. A stage that takes longer is [`Error::TimedOut`] by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    pub fetch: Duration,
    /// Evaluating and rendering together, from the moment a thread begins; looked at between their steps.
    pub produce: Duration,
    pub save: Duration,
    pub verify: Duration,
    /// How many records may be fetched, or wait for a thread, at once; and how many documents may be made and not yet
    /// saved or confirmed. When absent the source says: 1,000 where the network is waited for, 32 where records come
    /// from this machine.
    pub concurrency: Option<usize>,
}

impl Default for Limits {
    fn default() -> Limits {
        let seconds = Duration::from_secs;
        Limits { produce: seconds(60), ..Limits::all(seconds(30)) }
    }
}

impl Limits {
    /// The same limit for every stage.
    pub const fn all(limit: Duration) -> Limits {
        Limits { fetch: limit, produce: limit, save: limit, verify: limit, concurrency: None }
    }

    pub const fn of(&self, stage: Stage) -> Duration {
        match stage {
            Stage::Fetch => self.fetch,
            Stage::Evaluate | Stage::Render => self.produce,
            Stage::Save => self.save,
            Stage::Verify => self.verify,
        }
    }

    /// [`Error::TimedOut`] once a stage that began then has taken longer than it may; call it between steps.
    pub(super) fn check(&self, stage: Stage, began: Instant) -> Result<(), Error> {
        let limit = self.of(stage);
        if began.elapsed() > limit { Err(Error::TimedOut { stage, limit }) } else { Ok(()) }
    }

    /// Waits for `work` as long as `stage` may take, then drops it.
    pub(super) async fn within<T>(
        &self,
        stage: Stage,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        // Whoever calls from Rust may have written anything, and the clock's end is a panic.
        let limit = self.of(stage).min(LONGEST);
        // Whoever asks over HTTP below shall know when nobody waits any more.
        let work = http::until(tokio::time::Instant::now() + limit, work);
        tokio::time::timeout(limit, work).await.unwrap_or(Err(Error::TimedOut { stage, limit }))
    }
}
