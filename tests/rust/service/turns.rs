//! Who waits for a turn: how many records and finished documents may, and that no stage's time runs meanwhile.

use super::loopback::{patiently, until};
use super::records::{Scripted, official, registrar, student, students};
use registrary::domain::{Error, Stage};
use registrary::service::{CancelFlag, Limits, Registrar, Request, Slot, stats};
use registrary::sink::DirectorySink;
use registrary::source::{Pending, Resources};
use registrary::verifier::{Claim, Confirmation, DegreeClaim, Verifier};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// Longer than anything here takes that is free to go on.
const A_WHILE: Duration = Duration::from_millis(300);

/// Issues to all of them, each on a task of its own.
fn issuing(registrar: &Registrar, request: &Request, count: usize) -> Vec<JoinHandle<Result<(), Error>>> {
    let each = students(count).into_iter().map(|id| {
        let (registrar, slot, request) = (registrar.clone(), Slot::current().unwrap(), request.clone());
        tokio::spawn(async move { registrar.issue(&slot, &id, &request).await.map(drop) })
    });
    each.collect()
}

#[test]
fn waiting_for_a_thread_is_no_part_of_the_time_to_save() {
    patiently(async {
        let slot = Slot::current().unwrap();
        // More than there are threads for blocking work: each holds one until its sender is dropped.
        let held = (0..40).map(|_| {
            let (sender, gate) = mpsc::channel::<()>();
            drop(slot.handle().spawn_blocking(move || gate.recv()));
            sender
        });
        let held: Vec<_> = held.collect();
        let folder = TempDir::new().unwrap();
        let limits = Limits { save: A_WHILE / 3, ..Limits::default() };
        let another = registrar(Scripted::generous());
        let sink = Some(DirectorySink::new(folder.path()));
        let registrar = Registrar { sink, limits, ..registrar(Scripted::generous()) };
        let saving = issuing(&registrar, &Request { save: true, ..official() }, 3);
        // Something issued later is made: by then the others wait to be saved.
        another.issue(&slot, &student("later"), &official()).await.unwrap();
        tokio::time::sleep(A_WHILE).await;
        assert!(saving.iter().all(|saving| !saving.is_finished()));
        drop(held);
        for saving in saving {
            assert_eq!(saving.await.unwrap(), Ok(()));
        }
    });
}

#[test]
fn a_save_that_takes_too_long_is_told_by_its_stage_and_leaves_nothing() {
    patiently(async {
        let folder = TempDir::new().unwrap();
        let limit = Duration::from_nanos(1);
        let sink = Some(DirectorySink::new(folder.path()));
        let limits = Limits { save: limit, ..Limits::default() };
        let registrar = Registrar { sink, limits, ..registrar(Scripted::generous()) };
        let slot = Slot::current().unwrap();
        for number in 0..20 {
            let request = Request { save: true, ..official() };
            let told = registrar.issue(&slot, &student(&format!("s{number}")), &request).await.map(drop);
            assert_eq!(told, Err(Error::TimedOut { stage: Stage::Save, limit }));
        }
        until(|| std::fs::read_dir(folder.path()).unwrap().count() == 0).await;
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
fn finished_documents_are_bounded() {
    patiently(async {
        let (source, verifier) = (Scripted::generous(), Asleep::default());
        let mut registrar = Registrar { verifier: Some(Arc::new(verifier.clone())), ..registrar(source.clone()) };
        registrar.limits.concurrency = Some(3);
        let issuing = issuing(&registrar, &Request { verify: true, ..official() }, 30);
        // Three documents wait for their confirmation; three records wait for their places.
        until(|| verifier.0.load(Ordering::SeqCst) == 3 && source.asked() == 6).await;
        tokio::time::sleep(A_WHILE).await;
        assert_eq!((verifier.0.load(Ordering::SeqCst), source.asked()), (3, 6));
        // Who gives up makes way.
        issuing.iter().for_each(JoinHandle::abort);
        until(|| issuing.iter().all(JoinHandle::is_finished)).await;
        registrar.issue(&Slot::current().unwrap(), &student("later"), &official()).await.unwrap();
    });
}

#[test]
fn records_that_wait_for_a_thread_are_bounded() {
    patiently(async {
        let slot = Slot::current().unwrap();
        // Every thread is held by a job, until the job's sender is dropped.
        let begun = Arc::new(AtomicUsize::new(0));
        let held = (0..slot.cpu().threads()).map(|_| {
            let (sender, gate) = mpsc::channel::<()>();
            let (threads, begun) = (Arc::clone(&slot), Arc::clone(&begun));
            let job = move |_: &CancelFlag| {
                begun.fetch_add(1, Ordering::SeqCst);
                Ok(gate.recv().is_err())
            };
            (sender, tokio::spawn(async move { threads.cpu().run(job).await }))
        });
        let (senders, jobs): (Vec<_>, Vec<_>) = held.unzip();
        until(|| begun.load(Ordering::SeqCst) == slot.cpu().threads()).await;
        let source = Scripted::generous();
        let mut registrar = registrar(source.clone());
        registrar.limits.concurrency = Some(4);
        let issuing = issuing(&registrar, &official(), 40);
        // Four records have come and wait; the others wait with their ids.
        until(|| source.asked() == 4 && stats(&slot).queued >= 4 && stats(&slot).held_back >= 36).await;
        tokio::time::sleep(A_WHILE).await;
        assert_eq!(source.asked(), 4);
        drop(senders);
        for job in jobs {
            assert_eq!(job.await.unwrap(), Ok(true));
        }
        for issuing in issuing {
            assert_eq!(issuing.await.unwrap(), Ok(()));
        }
    });
}
