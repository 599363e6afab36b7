//! Values that many callers share for a while: made once for all who wait, kept until they lapse.

use crate::domain::Error;
use crate::http::remaining;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// More sources than this at once are a program that makes one for each call: the oldest values go.
const MOST_CELLS: usize = 256;

/// Nothing is kept longer, whatever its maker says.
const LONGEST_LIFE: Duration = Duration::from_secs(86_400);

/// Those who came together have limits no further apart than this.
const ABOUT_NOW: Duration = Duration::from_millis(100);

/// Which source's, and which of its values.
pub type Key = (u64, usize);

type Cell<T> = Arc<tokio::sync::Mutex<State<T>>>;

/// Values by key. One generation of the runtime has its own: no lock of theirs outlives a fork.
pub struct Kept<T>(Mutex<Vec<(Key, Cell<T>)>>);

struct State<T> {
    value: Option<(T, Instant)>,
    failed: Option<Failed>,
}

struct Failed {
    when: Instant,
    error: Error,
    /// How much time was left to him who failed, where he had a limit.
    left: Option<Duration>,
}

impl Failed {
    /// Whether this is the failure of somebody who came then and has so much time left as well. One who has much more
    /// is told nothing by it: a shorter limit may be all that was wrong.
    fn is_also_of(&self, came: Instant, remaining: Option<Duration>) -> bool {
        let much_more = match (remaining, self.left) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(mine), Some(theirs)) => mine > theirs * 2 + ABOUT_NOW,
        };
        came < self.when && !much_more
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Kept<T> {
        Kept(Mutex::default())
    }
}

impl<T: Clone + PartialEq> Kept<T> {
    /// The value that is kept, or the one made now. Who waited while it could not be made shares the failure, but for
    /// those who have much more time than the one who failed: the next of them makes it.
    pub async fn get<F>(&self, key: Key, make: impl FnOnce() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<(T, Duration), Error>>,
    {
        let came = Instant::now();
        let cell = self.cell(key);
        let mut state = cell.lock().await;
        if let Some((value, _)) = state.value.as_ref().filter(|(_, until)| Instant::now() < *until) {
            return Ok(value.clone());
        }
        if let Some(failed) = state.failed.as_ref().filter(|failed| failed.is_also_of(came, remaining())) {
            return Err(failed.error.clone());
        }
        match make().await {
            Ok((value, lasts)) => {
                *state = State { value: Some((value.clone(), Instant::now() + lasts.min(LONGEST_LIFE))), failed: None };
                Ok(value)
            }
            Err(error) => {
                let failed = Failed { when: Instant::now(), error: error.clone(), left: remaining() };
                *state = State { value: None, failed: Some(failed) };
                Err(error)
            }
        }
    }

    /// Forgets this very value: another that came meanwhile stays.
    pub async fn forget(&self, key: Key, value: &T) {
        let cell = self.cell(key);
        let mut state = cell.lock().await;
        if state.value.as_ref().is_some_and(|(kept, _)| kept == value) {
            state.value = None;
        }
    }

    fn cell(&self, key: Key) -> Cell<T> {
        let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, cell)) = cells.iter().find(|(known, _)| *known == key) {
            return Arc::clone(cell);
        }
        if cells.len() >= MOST_CELLS {
            cells.remove(0);
        }
        let cell = Cell::new(tokio::sync::Mutex::new(State { value: None, failed: None }));
        cells.push((key, Arc::clone(&cell)));
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell as Count;

    const KEY: Key = (1, 0);
    const MINUTE: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn it_is_made_once_for_all_and_again_when_it_lapses() {
        let (kept, made) = (Kept::default(), Count::new(0));
        let make = || async {
            made.set(made.get() + 1);
            tokio::time::sleep(Duration::from_millis(30)).await;
            Ok((made.get(), MINUTE))
        };
        let all = futures_util::future::join_all((0..100).map(|_| kept.get(KEY, make))).await;
        assert_eq!(all, vec![Ok(1); 100]);
        tokio::time::sleep(MINUTE).await;
        assert_eq!(kept.get(KEY, make).await, Ok(2));
        kept.forget(KEY, &1).await;
        assert_eq!(kept.get(KEY, make).await, Ok(2), "another value was forgotten");
        kept.forget(KEY, &2).await;
        assert_eq!(kept.get(KEY, make).await, Ok(3));
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_kept_longer_than_a_day() {
        let kept = Kept::default();
        let endless = || async { Ok((1, Duration::from_secs(i64::MAX.unsigned_abs()))) };
        assert_eq!(kept.get(KEY, endless).await, Ok(1));
        tokio::time::sleep(LONGEST_LIFE).await;
        assert_eq!(kept.get(KEY, || async { Ok((2, MINUTE)) }).await, Ok(2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_shared_and_a_caller_who_goes_passes_the_task_on() {
        let (kept, made) = (Kept::<u32>::default(), Count::new(0));
        let fail = || async {
            made.set(made.get() + 1);
            tokio::time::sleep(Duration::from_millis(30)).await;
            Err(Error::RecordNotFound)
        };
        let all = futures_util::future::join_all((0..100).map(|_| kept.get(KEY, fail))).await;
        assert_eq!((all, made.get()), (vec![Err(Error::RecordNotFound); 100], 1));
        let slow = tokio::time::timeout(Duration::from_millis(5), kept.get(KEY, fail));
        let (gone, next) = tokio::join!(slow, kept.get(KEY, || async { Ok((7, MINUTE)) }));
        assert!(gone.is_err());
        assert_eq!(next, Ok(7));
    }

    /// A try that ends shortly before its caller's limit, as questions over HTTP do, or fails at once.
    async fn limited(kept: &Kept<u32>, limit: u64, at_once: bool, made: &Count<u32>) -> Result<u32, Error> {
        let limit = Duration::from_millis(limit);
        let make = || async {
            made.set(made.get() + 1);
            let takes = Duration::from_millis(if at_once { 5 } else { 500 });
            let left = remaining().unwrap_or(MINUTE);
            tokio::time::sleep(takes.min(left.saturating_sub(Duration::from_millis(10)))).await;
            if takes < left && !at_once { Ok((7, MINUTE)) } else { Err(Error::RecordNotFound) }
        };
        crate::http::until(Instant::now() + limit, kept.get(KEY, make)).await
    }

    #[tokio::test(start_paused = true)]
    async fn the_short_limit_of_one_is_no_failure_of_the_others() {
        let (kept, made) = (Kept::<u32>::default(), Count::new(0));
        let (hasty, others) = tokio::join!(
            limited(&kept, 200, false, &made),
            futures_util::future::join_all((0..50).map(|_| limited(&kept, 30_000, false, &made)))
        );
        assert_eq!(hasty, Err(Error::RecordNotFound));
        assert_eq!((others, made.get()), (vec![Ok(7); 50], 2));
    }

    #[tokio::test(start_paused = true)]
    async fn wrong_credentials_are_not_shown_by_everybody_in_turn() {
        let (kept, made) = (Kept::<u32>::default(), Count::new(0));
        let all = (0..100).map(|number| limited(&kept, 30_000 + number, true, &made));
        let all = futures_util::future::join_all(all).await;
        assert_eq!((all, made.get()), (vec![Err(Error::RecordNotFound); 100], 1));
    }
}
