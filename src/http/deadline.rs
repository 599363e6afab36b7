//! The caller's own time limit and way of asking again, as far down as the pauses between two tries.

use super::manners::Repetition;
use std::future::Future;
use std::time::Duration;
use tokio::time::Instant;

tokio::task_local! {
    static DEADLINE: Instant;
    static REPETITION: Repetition;
}

/// Runs `work` so that every question in it knows when its caller stops waiting. Does not end the work by itself.
pub async fn until<T>(deadline: Instant, work: impl Future<Output = T>) -> T {
    let sooner = DEADLINE.try_with(|outer| *outer).map_or(deadline, |outer| outer.min(deadline));
    DEADLINE.scope(sooner, work).await
}

/// Runs `work` so that every question in it is asked again in this way, where its source says no other.
pub async fn repeating<T>(again: Repetition, work: impl Future<Output = T>) -> T {
    REPETITION.scope(again, work).await
}

/// How the caller wants to be asked again for.
pub fn repetition() -> Option<Repetition> {
    REPETITION.try_with(|again| *again).ok()
}

/// How long the caller still waits, where it has said so.
pub fn remaining() -> Option<Duration> {
    DEADLINE.try_with(|deadline| deadline.saturating_duration_since(Instant::now())).ok()
}

/// When the caller stops waiting, or `otherwise` from now.
pub(super) fn deadline(otherwise: Duration) -> Instant {
    DEADLINE.try_with(|deadline| *deadline).unwrap_or_else(|_| Instant::now() + otherwise)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_soonest_deadline_holds() {
        assert_eq!(remaining(), None);
        let now = Instant::now();
        let seconds = Duration::from_secs;
        assert_eq!(deadline(seconds(30)), now + seconds(30));
        until(now + seconds(5), async {
            assert_eq!(deadline(seconds(30)), now + seconds(5));
            until(now + seconds(9), async { assert_eq!(remaining(), Some(seconds(5))) }).await;
            until(now + seconds(2), async { assert_eq!(remaining(), Some(seconds(2))) }).await;
        })
        .await;
    }
}
