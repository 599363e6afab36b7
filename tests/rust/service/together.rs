//! Equal requests in flight are one piece of work, and records under way are bounded.

use super::loopback::{patiently, until};
use super::records::{Scripted, hold, official, record, registrar, settings, student, text};
use futures_util::future::join_all;
use registrary::domain::{Date, Error, Marking, Partial, YearMonth};
use registrary::service::{Limits, Registrar, Request, Retry, Slot, stats};
use registrary::sink::DirectorySink;
use registrary::source::{Pending, Resources};
use registrary::verifier::{Claim, Confirmation, DegreeClaim, Verifier};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

/// Answers once the gate opens.
fn gated() -> (Scripted, Arc<Notify>) {
    let gate = Arc::new(Notify::new());
    let opening = Arc::clone(&gate);
    let source = Scripted::new(move |ids| {
        let gate = Arc::clone(&gate);
        Box::pin(async move {
            gate.notified().await;
            ids.iter().map(|id| Ok(record(id))).collect()
        })
    });
    (source, opening)
}

#[test]
fn equal_requests_in_flight_are_issued_once() {
    patiently(async {
        let (source, gate) = gated();
        let registrar = Arc::new(registrar(source.clone()));
        let slot = Slot::current().unwrap();
        let joined = stats(&slot).joined;
        let together = (0..5).map(|_| {
            let (registrar, slot) = (Arc::clone(&registrar), Arc::clone(&slot));
            tokio::spawn(async move { registrar.issue(&slot, &student("101"), &official()).await })
        });
        let together: Vec<_> = together.collect();
        until(|| stats(&slot).joined >= joined + 4).await;
        assert_eq!((source.asked(), source.open()), (1, 1));
        gate.notify_one();
        let issued: Vec<_> = join_all(together).await.into_iter().map(|task| task.unwrap().unwrap()).collect();
        assert!(issued.iter().all(|one| Arc::ptr_eq(&one.pdf, &issued[0].pdf)));
        assert_eq!(source.asked(), 1);
        // One that comes afterwards is issued anew.
        gate.notify_one();
        registrar.issue(&slot, &student("101"), &official()).await.unwrap();
        assert_eq!(source.asked(), 2);
    });
}

/// Takes every question and never answers; counts them.
#[derive(Clone, Default)]
struct Asleep(Arc<AtomicUsize>);

impl Verifier for Asleep {
    fn confirm<'a>(&'a self, _: &'a Resources, _: &'a Claim) -> Pending<'a, Result<Confirmation, Error>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(std::future::pending())
    }

    fn confirm_degree<'a>(&'a self, _: &'a Resources, _: &'a DegreeClaim) -> Pending<'a, Result<Confirmation, Error>> {
        Box::pin(std::future::pending())
    }
}

#[test]
fn who_asks_after_the_record_has_come_gets_it_as_it_is_by_then() {
    patiently(async {
        let held = Arc::new(AtomicBool::new(false));
        let registry = Arc::clone(&held);
        let source = Scripted::each(move |id| {
            let mut record = record(id);
            if registry.load(Ordering::SeqCst) {
                record.holds.push(hold("BURSAR", true));
            }
            Ok(record)
        });
        let verifier = Asleep::default();
        let registrar = Registrar { verifier: Some(Arc::new(verifier.clone())), ..registrar(source.clone()) };
        let slot = Slot::current().unwrap();
        let confirmed = Request { verify: true, ..official() };
        let first = tokio::spawn({
            let (registrar, slot, request) = (registrar.clone(), Arc::clone(&slot), confirmed.clone());
            async move { registrar.issue(&slot, &student("101"), &request).await }
        });
        until(|| verifier.0.load(Ordering::SeqCst) == 1).await;
        held.store(true, Ordering::SeqCst);
        let second = registrar.issue(&slot, &student("101"), &confirmed).await;
        assert!(second.is_err_and(|error| error.code() == "hold"));
        assert_eq!(source.asked(), 2);
        first.abort();
    });
}

/// Registrars that each differ from the first in one part.
fn different_registrars(first: &Registrar) -> Vec<Registrar> {
    let folder = |name: &str| Some(DirectorySink::new(name));
    let limits = Limits::all(Duration::from_secs(7));
    vec![
        Registrar { limits, ..first.clone() },
        Registrar { limits: Limits { concurrency: Some(9), ..first.limits }, ..first.clone() },
        Registrar { retry: Retry { tries: 1, ..first.retry }, ..first.clone() },
        Registrar { retry: Retry { pause: Duration::from_millis(1), ..first.retry }, ..first.clone() },
        Registrar { retry: Retry { longest_pause: Duration::from_secs(1), ..first.retry }, ..first.clone() },
        Registrar { retry: Retry { budget_percent: 1, ..first.retry }, ..first.clone() },
        Registrar { settings: settings(), ..first.clone() },
        Registrar { sink: folder("elsewhere"), ..first.clone() },
        Registrar { sink: None, ..first.clone() },
        Registrar { verifier: Some(Arc::new(Asleep::default())), ..first.clone() },
        Registrar { verifier: None, ..first.clone() },
    ]
}

/// Requests that each differ from the official one in one part.
fn different_requests() -> Vec<Request> {
    let partial = |month| {
        let unpaid = [YearMonth::new(2025, month).unwrap()].into();
        Some(Partial { unpaid, holds: Default::default() })
    };
    vec![
        Request { date: Date::new(2026, 5, 30).unwrap(), ..official() },
        Request { serial: Some(text("T-9")), ..official() },
        Request { marking: Marking::Unofficial, ..official() },
        Request { recipient: Some(text("An employer")), ..official() },
        Request { recipient: Some(text("Another employer")), ..official() },
        Request { purpose: Some(text("An application")), ..official() },
        Request { partial: partial(9), ..official() },
        Request { partial: partial(1), ..official() },
        Request { save: true, ..official() },
        Request { verify: true, ..official() },
    ]
}

#[test]
fn what_differs_is_issued_apart() {
    patiently(async {
        let (source, _gate) = gated();
        let mut first = registrar(source.clone());
        first.sink = Some(DirectorySink::new("somewhere"));
        first.verifier = Some(Arc::new(Asleep::default()));
        let another = Registrar { source: Arc::new(source.clone()), ..first.clone() };
        let slot = Slot::current().unwrap();
        let mut cases = vec![
            (first.clone(), "101", official()),
            (first.clone(), "102", official()),
            (another, "101", official()),
            (registrar(source.clone()), "101", official()),
        ];
        cases.extend(different_registrars(&first).into_iter().map(|other| (other, "101", official())));
        cases.extend(different_requests().into_iter().map(|request| (first.clone(), "101", request)));
        let count = cases.len();
        let tasks = cases.into_iter().map(|(registrar, id, request)| {
            let slot = Arc::clone(&slot);
            tokio::spawn(async move { registrar.issue(&slot, &student(id), &request).await })
        });
        let tasks: Vec<_> = tasks.collect();
        until(|| source.open() == count).await;
        tasks.iter().for_each(tokio::task::JoinHandle::abort);
    });
}

#[test]
fn the_work_goes_on_while_anybody_awaits_it_and_ends_with_the_last() {
    patiently(async {
        for leaving in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
            let source = Scripted::silent();
            let registrar = Arc::new(registrar(source.clone()));
            let slot = Slot::current().unwrap();
            let joined = stats(&slot).joined;
            let awaiting = [(); 3].map(|()| {
                let (registrar, slot) = (Arc::clone(&registrar), Arc::clone(&slot));
                tokio::spawn(async move { registrar.issue(&slot, &student("101"), &official()).await })
            });
            until(|| stats(&slot).joined >= joined + 2 && source.open() == 1).await;
            for (left, awaiter) in leaving.into_iter().enumerate() {
                assert_eq!((source.open(), source.asked()), (1, 1), "after {left} had left");
                awaiting[awaiter].abort();
                until(|| awaiting[awaiter].is_finished()).await;
            }
            assert_eq!(source.open(), 0);
        }
    });
}

#[test]
fn one_who_joins_work_that_another_began_is_told_of_its_failure() {
    patiently(async {
        let source = Scripted::each(|_| panic!("the source fell over"));
        let registrar = registrar(source);
        let slot = Slot::current().unwrap();
        let (id, request) = (student("101"), official());
        let outcomes = join_all((0..3).map(|_| registrar.issue(&slot, &id, &request))).await;
        let fell_over = Error::Internal { message: "the source fell over".to_owned() };
        assert!(outcomes.into_iter().all(|outcome| outcome.is_err_and(|error| error == fell_over)));
    });
}

#[test]
fn only_so_many_records_are_under_way_and_the_others_wait_with_their_ids() {
    patiently(async {
        let (source, gate) = gated();
        let mut registrar = registrar(source.clone());
        registrar.limits.concurrency = Some(3);
        let slot = Slot::current().unwrap();
        let ids: Vec<_> = (0..40).map(|number| student(&format!("s{number}"))).collect();
        let request = official();
        let work = join_all(ids.iter().map(|id| registrar.issue(&slot, id, &request)));
        let opening = async {
            until(|| source.open() == 3).await;
            assert_eq!(source.asked(), 3);
            assert!(stats(&slot).held_back >= 37);
            for _ in 0..ids.len() {
                until(|| source.open() > 0).await;
                gate.notify_one();
                tokio::task::yield_now().await;
            }
            loop {
                gate.notify_one();
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let outcomes = tokio::select! {
            outcomes = work => outcomes,
            () = opening => unreachable!(),
        };
        assert!(outcomes.iter().all(Result::is_ok));
        assert_eq!((source.asked(), source.most()), (40, 3));
    });
}

#[test]
fn stages_tell_their_latencies() {
    patiently(async {
        let slot = Slot::current().unwrap();
        let before: Vec<_> = stats(&slot).latencies.iter().map(|(_, latency)| latency.count).collect();
        registrar(Scripted::generous()).issue(&slot, &student("101"), &official()).await.unwrap();
        let after = stats(&slot).latencies;
        for (index, (stage, latency)) in after.iter().enumerate() {
            let ran = ["fetch", "evaluate", "render"].contains(&stage.word());
            // Other tests run beside this one.
            assert!(!ran || latency.count > before.get(index).copied().unwrap_or(0), "{}", stage.word());
            assert!(latency.p50 <= latency.p95 && latency.p95 <= latency.p99);
        }
    });
}

#[test]
fn a_limit_without_end_is_no_panic() {
    patiently(async {
        let slot = Slot::current().unwrap();
        let endless = Registrar { limits: Limits::all(Duration::MAX), ..registrar(Scripted::generous()) };
        endless.issue(&slot, &student("101"), &official()).await.unwrap();
        endless.student_ids(&slot).await.unwrap();
    });
}
