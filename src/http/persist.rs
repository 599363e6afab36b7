//! One question, asked as often as it may be: a seat, a try, what the host learns from it, a pause.

use super::failure::{Cause, Failure};
use super::host::Host;
use super::manners::{Manners, Repetition};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

/// A caller with a limit of its own ends the work itself, and says so in its own words.
const GRACE: Duration = Duration::from_millis(250);

/// Runs `once` until it has an answer or a cause that asking again does not cure, at most so often and so long.
pub(super) async fn persist<T, F>(
    host: &Arc<Host>,
    manners: &Manners,
    again: &Repetition,
    deadline: Instant,
    once: impl FnMut() -> F,
) -> Result<T, Failure>
where
    F: Future<Output = Result<T, Cause>>,
{
    let own = host.asked(manners, again.budget_percent);
    let in_time = timeout_at(deadline + GRACE, tries((host, &own), again, patience(deadline), deadline, once)).await;
    in_time.unwrap_or_else(|_| Err(Cause::Slow("no answer in time").after(1)))
}

async fn tries<T, F>(
    (host, own): (&Arc<Host>, &Semaphore),
    again: &Repetition,
    patience: Instant,
    deadline: Instant,
    mut once: impl FnMut() -> F,
) -> Result<T, Failure>
where
    F: Future<Output = Result<T, Cause>>,
{
    let (mut tries, mut excused) = (0, false);
    loop {
        let own = timeout_at(patience, own.acquire()).await;
        let Ok(Ok(own)) = own else { return Err(Cause::NoSeat.after(tries)) };
        let seat = host.admit(patience, deadline, tries).await?;
        tries += 1;
        let outcome = once().await;
        seat.end(outcome.as_ref().err());
        // The pause before another try keeps nobody else back.
        drop(own);
        let failure = match outcome {
            Ok(answer) => return Ok(answer),
            Err(cause) => cause.after(tries),
        };
        if !failure.cause.passing() || tries >= again.tries {
            return Err(failure);
        }
        host.before_again(failure, again, patience, &mut excused).await?;
    }
}

/// Shortly before the deadline, so that a wait in vain ends in its own words and not in the caller's time limit.
fn patience(deadline: Instant) -> Instant {
    let left = deadline.saturating_duration_since(Instant::now());
    deadline - (left / 20).min(Duration::from_millis(50))
}

#[cfg(test)]
mod tests {
    use super::super::telemetry::{BreakerState, HostTelemetry};
    use super::*;
    use std::cell::Cell;
    use tokio::time::sleep;

    const LONG: Duration = Duration::from_secs(3_600);

    fn host() -> Arc<Host> {
        Arc::new(Host::new(&Manners::default(), 1))
    }

    fn told(host: &Host) -> HostTelemetry {
        host.telemetry("host")
    }

    async fn ask<T, F>(host: &Arc<Host>, limit: Duration, once: impl FnMut() -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Cause>>,
    {
        persist(host, &Manners::default(), &Repetition::default(), Instant::now() + limit, once).await
    }

    /// A host that fails so often, then answers; and how often it was asked.
    async fn failing(host: &Arc<Host>, times: u32, cause: Cause, limit: Duration) -> (Result<u32, Failure>, u32) {
        let asked = Cell::new(0);
        let once = || {
            asked.set(asked.get() + 1);
            let answer = if asked.get() > times { Ok(7) } else { Err(cause.clone()) };
            std::future::ready(answer)
        };
        (ask(host, limit, once).await, asked.get())
    }

    #[tokio::test(start_paused = true)]
    async fn a_passing_failure_is_asked_again_six_times_in_all() {
        for times in 0..8 {
            let host = host();
            let (answer, asked) = failing(&host, times, Cause::Status(503), LONG).await;
            assert_eq!(asked, (times + 1).min(6));
            assert_eq!(answer, if times < 6 { Ok(7) } else { Err(Cause::Status(503).after(6)) });
            assert_eq!(told(&host).retries, u64::from(asked - 1));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_does_not_pass_is_asked_once() {
        for cause in [Cause::Untrusted, Cause::Unacceptable("too large".to_owned())] {
            assert_eq!(failing(&host(), 9, cause.clone(), LONG).await, (Err(cause.after(1)), 1));
        }
        let host = host();
        let failing = || std::future::ready(Err::<(), _>(Cause::Status(500)));
        let never = Repetition { tries: 1, ..Repetition::default() };
        let asked = persist(&host, &Manners::default(), &never, Instant::now() + LONG, failing).await;
        assert_eq!(asked, Err(Cause::Status(500).after(1)), "not repeatable");
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_lie_below_their_doubling_bounds() {
        let mut sum = Duration::ZERO;
        for seed in 0..200 {
            let host = Arc::new(Host::new(&Manners::default(), seed));
            let began = Instant::now();
            failing(&host, 5, Cause::Status(500), LONG).await.0.unwrap();
            // 0.2 + 0.4 + 0.8 + 1.6 + 3.2 s, and a millisecond for the timer of each.
            assert!(began.elapsed() <= Duration::from_millis(6_205));
            sum += began.elapsed();
        }
        let mean = sum / 200;
        assert!((2_700..3_500).contains(&mean.as_millis()), "full jitter waits half the bound: {mean:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_services_own_word_to_wait_is_obeyed_by_everybody() {
        let host = host();
        let wait = Some(Duration::from_secs(12));
        let throttled = Cause::Throttled { status: 429, wait };
        let began = Instant::now();
        let (first, second) = tokio::join!(failing(&host, 1, throttled, LONG), async {
            sleep(Duration::from_secs(1)).await;
            failing(&host, 0, Cause::Status(500), LONG).await.0.map(|_| began.elapsed())
        });
        assert_eq!(first.0, Ok(7));
        assert!(began.elapsed() >= Duration::from_secs(12));
        assert!(second.unwrap() >= Duration::from_secs(12), "another question waits as well");
        assert_eq!((told(&host).throttled, told(&host).limit), (1, 4));
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_beyond_the_deadline_ends_at_once_in_its_own_words() {
        let host = host();
        let throttled = Cause::Throttled { status: 429, wait: Some(Duration::from_secs(120)) };
        let began = Instant::now();
        let limit = Duration::from_secs(30);
        assert_eq!(failing(&host, 1, throttled.clone(), limit).await, (Err(throttled.clone().after(1)), 1));
        assert_eq!(failing(&host, 0, Cause::Untrusted, limit).await, (Err(throttled.after(0)), 0), "nor is it asked");
        assert_eq!(began.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_dead_host_is_asked_little_and_the_breaker_says_so() {
        let host = host();
        let asked = Cell::new(0_u32);
        let once = || {
            asked.set(asked.get() + 1);
            std::future::ready(Err::<(), _>(Cause::Status(500)))
        };
        let began = Instant::now();
        let all = (0..500).map(|_| ask(&host, Duration::from_secs(30), once));
        let answers = futures_util::future::join_all(all).await;
        assert!(began.elapsed() <= Duration::from_secs(30));
        let breaker = answers.iter().filter(|answer| answer.as_ref().is_err_and(Failure::is_breaker)).count();
        assert!(breaker >= 450, "{breaker} of 500 were kept back by the breaker");
        assert!(asked.get() <= 8 + 20 + 10, "a storm of {}", asked.get());
        assert_ne!(told(&host).breaker, BreakerState::Closed);
        // It comes back: one probe, then everybody.
        sleep(Duration::from_secs(60)).await;
        let good = (0..500).map(|_| failing(&host, 0, Cause::Status(500), Duration::from_secs(30)));
        assert!(futures_util::future::join_all(good).await.into_iter().all(|(answer, _)| answer == Ok(7)));
        assert_eq!(told(&host).breaker, BreakerState::Closed);
    }

    /// 5 % of tries fail, 429 now and then: every question has its answer, and repetitions keep to their budget.
    #[tokio::test(start_paused = true)]
    async fn nothing_is_lost_to_faults_within_the_budget() {
        let host = host();
        let count = Cell::new(0_u64);
        let once = || {
            count.set(count.get() + 1);
            let number = count.get();
            async move {
                sleep(Duration::from_millis(20)).await;
                match number {
                    _ if number.is_multiple_of(100) => {
                        Err(Cause::Throttled { status: 429, wait: Some(Duration::from_secs(1)) })
                    }
                    _ if number % 20 == 7 => Err(Cause::BrokeOff("the answer broke off")),
                    _ => Ok(number),
                }
            }
        };
        use futures_util::{StreamExt, stream};
        let all = stream::iter(0..5_000).map(|_| ask(&host, Duration::from_secs(30), once)).buffer_unordered(32);
        let lost = all.filter(|answer| std::future::ready(answer.is_err())).count().await;
        assert_eq!(lost, 0);
        let told = told(&host);
        assert_eq!((told.questions, told.in_flight), (5_000, 0));
        assert!(told.retries - told.throttled <= 5_000 / 10 + 10, "{told:?}");
        assert!(told.throttled > 0 && told.limit <= 64, "{told:?}");
    }

    /// Never more under way than the limit, whatever the caller starts, and less after "too many".
    #[tokio::test(start_paused = true)]
    async fn the_limit_holds_and_adapts() {
        let host = host();
        let (now, most) = (Cell::new(0_usize), Cell::new(0_usize));
        let once = || async {
            now.set(now.get() + 1);
            most.set(most.get().max(now.get()));
            let crowded = now.get() > 20;
            sleep(Duration::from_millis(30)).await;
            now.set(now.get() - 1);
            if crowded { Err(Cause::Throttled { status: 429, wait: None }) } else { Ok(()) }
        };
        let all = (0..3_000).map(|_| ask(&host, LONG, once));
        let lost = futures_util::future::join_all(all).await.iter().filter(|answer| answer.is_err()).count();
        assert_eq!(lost, 0);
        assert!(most.get() <= 64);
        let told = told(&host);
        assert!((5..=30).contains(&told.limit), "a host for 20 is asked by about 20: {told:?}");
    }

    /// Each source keeps to its own limit, whoever asked the host first.
    #[tokio::test(start_paused = true)]
    async fn the_first_asker_binds_nobody_else() {
        use futures_util::future::join_all;
        for first in [Manners::at_once(2), Manners::own_service()] {
            let host = Arc::new(Host::new(&first, 1));
            let most_of = |manners: Manners| {
                let host = &host;
                async move {
                    let (now, most) = (Cell::new(0_usize), Cell::new(0_usize));
                    let once = || async {
                        now.set(now.get() + 1);
                        most.set(most.get().max(now.get()));
                        sleep(Duration::from_millis(30)).await;
                        now.set(now.get() - 1);
                        Ok(())
                    };
                    let again = Repetition::default();
                    let ask = || persist(host, &manners, &again, Instant::now() + LONG, once);
                    assert!(join_all((0..500).map(|_| ask())).await.iter().all(Result::is_ok));
                    most.get()
                }
            };
            let both = tokio::join!(most_of(Manners::at_once(2)), most_of(Manners::own_service()));
            assert_eq!(both, (2, 500));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_shrunken_limit_takes_idle_seats_away() {
        let host = host();
        let far = Instant::now() + LONG;
        let mut seats = Vec::new();
        for _ in 0..3 {
            seats.push(host.admit(far, far, 0).await.unwrap());
        }
        sleep(Duration::from_secs(1)).await;
        seats.pop().unwrap().end(Some(&Cause::Throttled { status: 429, wait: None }));
        while let Ok(Ok(seat)) = tokio::time::timeout(Duration::from_millis(5), host.admit(far, far, 0)).await {
            seats.push(seat);
        }
        assert_eq!((told(&host).in_flight, told(&host).limit), (4, 4));
    }

    /// "Unavailable, come at once" is an outage: the breaker opens, and repetitions are paid for.
    #[tokio::test(start_paused = true)]
    async fn a_service_that_names_no_time_to_come_is_no_exception() {
        let limit = Duration::from_secs(30);
        for wait in [0, 1] {
            let host = host();
            let gone = Cause::Throttled { status: 503, wait: Some(Duration::from_secs(wait)) };
            let all = (0..100).map(|_| failing(&host, u32::MAX, gone.clone(), limit));
            let answers = futures_util::future::join_all(all).await;
            assert!(answers.iter().all(|(answer, _)| answer.is_err()));
            assert_ne!(told(&host).breaker, BreakerState::Closed);
        }
        let host = host();
        let now = Cause::Throttled { status: 429, wait: Some(Duration::ZERO) };
        let all = (0..100).map(|_| failing(&host, u32::MAX, now.clone(), limit));
        let asked: u32 = futures_util::future::join_all(all).await.iter().map(|(_, asked)| asked).sum();
        assert!(asked <= 100 + 10 + 10 + 30, "{asked} for a hundred questions");
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_who_goes_leaves_seats_and_probe_behind() {
        let host = host();
        let silence = || std::future::pending::<Result<(), Cause>>();
        for _ in 0..100 {
            drop(tokio::time::timeout(Duration::from_millis(5), ask(&host, LONG, silence)).await);
        }
        assert_eq!((told(&host).in_flight, told(&host).limit, told(&host).failed), (0, 8, 0));
        // Silence up to the caller's own deadline is the host's.
        let silent = ask(&host, Duration::from_secs(3), silence).await;
        assert_eq!(silent.unwrap_err().to_string(), "no answer in time");
        assert_eq!((told(&host).failed, told(&host).limit), (1, 4));
        for _ in 0..50 {
            let _ = failing(&host, 9, Cause::Status(500), Duration::from_millis(300)).await;
        }
        assert_eq!(told(&host).breaker, BreakerState::Open);
        sleep(Duration::from_secs(61)).await;
        drop(tokio::time::timeout(Duration::from_millis(5), ask(&host, LONG, silence)).await);
        assert_eq!(failing(&host, 0, Cause::Status(500), LONG).await.0, Ok(7), "the next one is the probe");
    }
}
