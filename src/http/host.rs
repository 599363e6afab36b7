//! What is known and allowed of one host: its laws under one lock, its seats, and who waits for its breaker.

use super::backoff;
use super::breaker::{Breaker, Gate, State};
use super::budget::Budget;
use super::concurrency::Concurrency;
use super::failure::{Cause, Failure};
use super::manners::{Manners, Repetition};
use super::telemetry::{BreakerState, HostTelemetry};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until, timeout_at};

/// A service's word to wait binds others no longer than this: it may be a mistake.
const LONGEST_PEACE: Duration = Duration::from_secs(300);
/// How often a repetition looks whether the budget has room again.
const BUDGET_LOOK: Duration = Duration::from_millis(250);

pub(super) struct Host {
    laws: Mutex<Laws>,
    seats: Arc<Semaphore>,
    /// By how many may ask at once: those who ask with the same limit share it, whatever others are allowed.
    askers: Mutex<BTreeMap<usize, Arc<Semaphore>>>,
    /// Told when a probe ends.
    probed: Notify,
}

struct Laws {
    budget: Budget,
    breaker: Breaker,
    concurrency: Concurrency,
    /// The service asked to be left alone until then.
    peace: Option<(Instant, Cause)>,
    /// Seats that exist: more than the limit while those too many are still taken.
    seats: usize,
    random: fastrand::Rng,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    questions: u64,
    retries: u64,
    throttled: u64,
    failed: u64,
    budget_waits: u64,
    in_flight: usize,
}

impl Host {
    /// The limit that adapts is the host's, however many sources ask it; each source keeps to its own besides.
    pub fn new(manners: &Manners, seed: u64) -> Host {
        let concurrency = Concurrency::new(manners);
        let seats = concurrency.limit();
        let laws = Laws {
            budget: Budget::new(manners, Instant::now()),
            breaker: Breaker::new(manners.breaker_pause),
            concurrency,
            peace: None,
            seats,
            random: fastrand::Rng::with_seed(seed),
            counts: Counts::default(),
        };
        let seats = Arc::new(Semaphore::new(seats));
        Host { laws: Mutex::new(laws), seats, askers: Mutex::default(), probed: Notify::new() }
    }

    fn laws(&self) -> MutexGuard<'_, Laws> {
        self.laws.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A question is asked for the first time, by somebody with these manners. Gives back the seats of those who may
    /// ask as much as he may.
    pub fn asked(&self, manners: &Manners, percent: u32) -> Arc<Semaphore> {
        let mut laws = self.laws();
        laws.counts.questions += 1;
        laws.budget.asked(percent);
        laws.concurrency.welcome(manners);
        self.open(&mut laws);
        drop(laws);
        let most = manners.concurrency_most.clamp(1, Semaphore::MAX_PERMITS);
        let mut askers = self.askers.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(askers.entry(most).or_insert_with(|| Arc::new(Semaphore::new(most))))
    }

    /// Waits for a seat, the breaker and the peace the service asked for, as long as there is patience.
    pub async fn admit(self: &Arc<Host>, patience: Instant, deadline: Instant, tries: u32) -> Result<Seat, Failure> {
        loop {
            let probed = self.probed.notified();
            let seat = timeout_at(patience, Arc::clone(&self.seats).acquire_owned()).await;
            let Ok(Ok(permit)) = seat else { return Err(Cause::NoSeat.after(tries)) };
            let (until, cause) = match self.gate() {
                Ok(probe) => return Ok(Seat::new(Arc::clone(self), permit, probe, deadline)),
                Err(closed) => closed,
            };
            self.give_back(permit);
            match until {
                Some(until) if until >= patience => return Err(cause.after(tries)),
                Some(until) => sleep_until((until + self.stagger()).min(patience)).await,
                None => timeout_at(patience, probed).await.map_err(|_| cause.after(tries))?,
            }
        }
    }

    /// Whether a question may go now, and is a probe; else until when not, and why.
    fn gate(&self) -> Result<bool, (Option<Instant>, Cause)> {
        let now = Instant::now();
        let mut laws = self.laws();
        if let Some((until, cause)) = laws.peace.clone() {
            if now < until {
                return Err((Some(until), cause));
            }
            laws.peace = None;
        }
        let gate = laws.breaker.gate(now);
        let (failed, seen) = laws.breaker.failures();
        let open = |wait| Cause::BreakerOpen { failed, seen, wait };
        match gate {
            Gate::Pass => Ok(false),
            Gate::Probe => Ok(true),
            Gate::Closed(until) => Err((Some(until), open(Some(until - now)))),
            Gate::Wait => Err((None, open(None))),
        }
    }

    /// A little apart from each other, those who waited for the same moment go on.
    fn stagger(&self) -> Duration {
        backoff::pause(&Repetition::default(), 1, &mut self.laws().random)
    }

    /// Waits as it must before a repetition after so many tries; the failure back where there is no time for it.
    /// `excused` is set once the question was repeated at a moment the service named, without being paid for.
    pub async fn before_again(
        &self,
        failure: Failure,
        again: &Repetition,
        patience: Instant,
        excused: &mut bool,
    ) -> Result<(), Failure> {
        let told = match failure.cause {
            Cause::Throttled { wait, .. } => wait,
            _ => None,
        };
        let drawn = backoff::pause(again, failure.tries, &mut self.laws().random);
        let until = Instant::now() + told.unwrap_or_default().max(drawn);
        if until >= patience {
            return Err(failure);
        }
        sleep_until(until).await;
        // The service named a moment to come: once, that is no storm. Everything else is paid for.
        let free = !*excused && told.is_some_and(|wait| !wait.is_zero());
        *excused |= free;
        while !free && !self.spend() {
            let look = Instant::now() + BUDGET_LOOK;
            if look >= patience {
                return Err(failure);
            }
            sleep_until(look).await;
        }
        self.laws().counts.retries += 1;
        Ok(())
    }

    fn spend(&self) -> bool {
        let mut laws = self.laws();
        let spent = laws.budget.spend(Instant::now());
        laws.counts.budget_waits += u64::from(!spent);
        spent
    }

    /// Gives a seat back, or takes it away where there are more than the limit; opens new ones where it grew.
    fn give_back(&self, permit: OwnedSemaphorePermit) {
        let mut laws = self.laws();
        if laws.seats > laws.concurrency.limit() {
            laws.seats -= 1;
            permit.forget();
        } else {
            drop(permit);
        }
        self.open(&mut laws);
    }

    /// Opens the seats that the limit allows and that are not there.
    fn open(&self, laws: &mut Laws) {
        let limit = laws.concurrency.limit();
        if laws.seats < limit {
            self.seats.add_permits(limit - laws.seats);
            laws.seats = limit;
        }
    }

    /// Takes away the idle seats that are too many; those taken go when they are given back.
    fn take_away(&self, laws: &mut Laws) {
        let too_many = laws.seats.saturating_sub(laws.concurrency.limit());
        laws.seats -= self.seats.forget_permits(too_many);
    }

    pub fn telemetry(&self, host: &str) -> HostTelemetry {
        let laws = self.laws();
        let breaker = match laws.breaker.state() {
            State::Closed => BreakerState::Closed,
            State::Open(_) => BreakerState::Open,
            State::Probing => BreakerState::HalfOpen,
        };
        HostTelemetry {
            host: host.to_owned(),
            questions: laws.counts.questions,
            retries: laws.counts.retries,
            throttled: laws.counts.throttled,
            failed: laws.counts.failed,
            budget_waits: laws.counts.budget_waits,
            breaker,
            breaker_opened: laws.breaker.opened(),
            in_flight: laws.counts.in_flight,
            limit: laws.concurrency.limit(),
            p95: laws.concurrency.latency(),
        }
    }
}

/// A place at the host for one try. Dropped without an end, the try was given up by its caller.
pub(super) struct Seat {
    host: Arc<Host>,
    permit: Option<OwnedSemaphorePermit>,
    probe: bool,
    asked: Instant,
    deadline: Instant,
    ended: bool,
}

impl Seat {
    fn new(host: Arc<Host>, permit: OwnedSemaphorePermit, probe: bool, deadline: Instant) -> Seat {
        host.laws().counts.in_flight += 1;
        Seat { host, permit: Some(permit), probe, asked: Instant::now(), deadline, ended: false }
    }

    /// What the try came to: an answer that means what it says, or a cause.
    pub fn end(mut self, cause: Option<&Cause>) {
        self.ended = true;
        self.learn(cause);
    }

    fn learn(&self, cause: Option<&Cause>) {
        let now = Instant::now();
        let mut laws = self.host.laws();
        let under_way = laws.counts.in_flight;
        // A service that throttles is up, unless it calls itself unavailable; a refused body came from one that is up.
        let good = match cause {
            None | Some(Cause::Unacceptable(_)) => true,
            Some(Cause::Throttled { status, .. }) => *status != 503,
            Some(_) => false,
        };
        match cause {
            None | Some(Cause::Unacceptable(_)) => laws.concurrency.good(self.asked, now, under_way),
            Some(Cause::Throttled { wait, .. }) => {
                laws.counts.throttled += 1;
                laws.concurrency.overload(self.asked, now);
                let wait = wait.unwrap_or_default().min(LONGEST_PEACE);
                let until = now + wait;
                let later = laws.peace.as_ref().is_none_or(|(before, _)| *before < until);
                if !wait.is_zero() && later {
                    laws.peace = cause.cloned().map(|cause| (until, cause));
                }
            }
            Some(Cause::Slow(_)) => laws.concurrency.overload(self.asked, now),
            Some(_) => {}
        }
        self.host.take_away(&mut laws);
        laws.counts.failed += u64::from(!good);
        if self.probe {
            laws.breaker.probed(good, now);
        } else {
            laws.breaker.answered(good, now);
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let now = Instant::now();
        if !self.ended && now >= self.deadline {
            // The caller's time was up: to the host that is a silence like any other.
            self.learn(Some(&Cause::Slow("no answer in time")));
        } else if !self.ended && self.probe {
            self.host.laws().breaker.abandoned(now);
        }
        self.host.laws().counts.in_flight -= 1;
        if let Some(permit) = self.permit.take() {
            self.host.give_back(permit);
        }
        if self.probe {
            self.host.probed.notify_waiters();
        }
    }
}
