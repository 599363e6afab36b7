//! A run: every document once, whatever fails and whenever; what cannot be resumed is refused.

use super::faulty::{Fault, Faulty, Watched};
use super::loopback::patiently;
use super::records::{Answers, Scripted, hold, official, record, registrar, student, students, text};
use registrary::domain::{Credits, Error, StudentId, StudentRecord};
use registrary::gpa::LoadRule;
use registrary::seal::Digest;
use registrary::service::{Batch, BatchReport, Entry, Kind, Order, Registrar, Request, Shard, Slot, Target};
use registrary::sink::{Disk, LocalDisk, NameTemplate};
use registrary::source::{Pending, Resources, Source};
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

pub(super) fn everyone() -> Registrar {
    registrar(Scripted::generous())
}

fn entries(ids: Vec<StudentId>) -> Option<Vec<Entry>> {
    Some(ids.into_iter().map(|student| Entry { student, order: None }).collect())
}

/// A run of so many students into `folder/out`, its journal beside it.
pub(super) fn batch(folder: &Path, disk: Arc<dyn Disk>, count: usize) -> Batch {
    let out = folder.join("out");
    fs::create_dir_all(&out).unwrap();
    Batch {
        entries: entries(students(count)),
        query: None,
        request: official(),
        date_given: true,
        run: "abc123".to_owned(),
        target: Target::folder_on(Arc::clone(&disk), out),
        name: NameTemplate::parse("{term}/{student_id}.pdf").unwrap(),
        journal: Some(folder.join("run.journal")),
        disk,
        shard: None,
        concurrency: 4,
        loads: Vec::new(),
        keep_documents: true,
    }
}

pub(super) fn run(registrar: Registrar, batch: Batch) -> Result<BatchReport, Error> {
    patiently(async {
        let mut run = Arc::new(registrar).run_batch(Slot::current().unwrap(), batch);
        while run.next().await.is_some() {}
        run.finish().await
    })
}

#[test]
fn a_group_is_no_larger_than_the_places_for_records() {
    let folder = TempDir::new().unwrap();
    let source = Scripted::generous().in_groups_of(16);
    let mut few = registrar(source.clone());
    few.limits.concurrency = Some(2);
    let many = Batch { concurrency: 32, ..batch(folder.path(), Arc::new(LocalDisk), 40) };
    assert_eq!(run(few, many).unwrap().saved, 40);
    assert_eq!(source.calls(), [2; 20]);
}

pub(super) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

/// The words of the journal's lines that begin so.
pub(super) fn lines(folder: &Path, kind: &str) -> Vec<Vec<String>> {
    let journal = fs::read_to_string(folder.join("run.journal")).unwrap();
    let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
    journal.lines().map(words).filter(|words| words[0] == kind).collect()
}

/// Every document is there once, whole, as the journal says, and nothing else is.
pub(super) fn complete(folder: &Path, count: usize) {
    let done = lines(folder, "done");
    let keys: HashSet<_> = done.iter().map(|words| words[1].clone()).collect();
    assert_eq!((done.len(), keys.len()), (count, count), "each is done once");
    let plan = lines(folder, "plan");
    let serials: HashSet<_> = plan.iter().map(|words| words[3].clone()).collect();
    assert_eq!((plan.len(), serials.len()), (count, count), "each has one serial");
    let files = files(&folder.join("out"));
    assert_eq!(files.len(), count, "{:?}", files.keys());
    for words in done {
        let bytes = &files[&words[5]];
        assert!(bytes.ends_with(b"%%EOF\n"));
        assert_eq!(Digest::of(bytes).hex(), words[2]);
    }
}

#[test]
fn every_document_is_saved_and_reported() {
    let folder = TempDir::new().unwrap();
    let report = run(everyone(), batch(folder.path(), Arc::new(LocalDisk), 40)).unwrap();
    assert_eq!((report.total, report.saved, report.resumed), (40, 40, 0));
    assert!(report.failures.is_empty() && report.held.is_empty() && report.p50 <= report.p95);
    complete(folder.path(), 40);
    let files = files(&folder.path().join("out"));
    assert!(files.keys().all(|name| name.starts_with("2025-09/s")));
    assert_eq!(report.bytes, files.values().map(|bytes| bytes.len() as u64).sum::<u64>());
    let (serial, saved) = &report.documents["s7"];
    assert_eq!(saved.digest, Digest::of(&files[&saved.name]).hex());
    assert!(lines(folder.path(), "plan").iter().any(|words| words[1] == "s7" && words[3] == *serial));
}

#[test]
fn whoever_fails_or_is_held_is_told_and_tried_again() {
    fn sick(id: &StudentId) -> Result<StudentRecord, Error> {
        match id.as_str() {
            "s3" => Err(Error::RecordNotFound),
            "s5" => Ok(StudentRecord { holds: vec![hold("BURSAR", true)], ..record(id) }),
            "s8" => panic!("a source with a defect"),
            _ => Ok(record(id)),
        }
    }
    let folder = TempDir::new().unwrap();
    let report = run(registrar(Scripted::each(sick)), batch(folder.path(), Arc::new(LocalDisk), 10)).unwrap();
    assert_eq!((report.total, report.saved), (10, 7));
    assert_eq!(report.held.iter().map(|held| held.key.as_str()).collect::<Vec<_>>(), ["s5"]);
    assert_eq!(report.reasons(), BTreeMap::from([("hold", 1), ("internal", 1), ("record-not-found", 1)]));
    assert_eq!(lines(folder.path(), "held").len(), 1);
    assert_eq!(lines(folder.path(), "failed").len(), 2);

    let again = run(everyone(), batch(folder.path(), Arc::new(LocalDisk), 10)).unwrap();
    assert_eq!((again.saved, again.resumed), (3, 7));
    assert_eq!(again.documents.len(), 10);
    complete(folder.path(), 10);
}

/// Each write, sync and rename in turn fails, before it does anything, half-way, or after it did all: nothing may be
/// lost, half-written or done twice.
#[test]
fn whatever_the_disk_refuses_the_next_run_makes_good() {
    for fault in [Fault::Before, Fault::Halfway, Fault::After] {
        let mut step = 0;
        loop {
            step += 1;
            let folder = TempDir::new().unwrap();
            let disk = Arc::new(Faulty::failing(step, fault));
            let outcome = run(everyone(), batch(folder.path(), disk.clone(), 3));
            let unscathed = matches!(&outcome, Ok(report) if report.saved == 3);
            assert!(unscathed != disk.fired(), "step {step} {fault:?}: {outcome:?}");
            for (name, bytes) in files(&folder.path().join("out")) {
                assert!(name.ends_with(".tmp") || bytes.ends_with(b"%%EOF\n"), "{name} is half-written at {step}");
            }
            if let Ok(report) = &outcome {
                assert_eq!(report.saved + report.failures.len(), 3);
            }
            run(everyone(), batch(folder.path(), Arc::new(LocalDisk), 3)).unwrap();
            complete(folder.path(), 3);
            if !disk.fired() {
                break;
            }
        }
        assert!(step > 15, "only {step} steps were seen");
    }
}

/// The power fails after any write: what the journal may tell as done by then is durable under its name.
#[test]
fn the_journal_is_never_ahead_of_the_files() {
    let folder = TempDir::new().unwrap();
    let disk = Arc::new(Watched::default());
    run(everyone(), batch(folder.path(), disk.clone(), 30)).unwrap();
    complete(folder.path(), 30);
    let told = disk.told_too_early(&folder.path().join("out"));
    assert_eq!(told, Vec::<String>::new());
    assert_eq!(disk.done(), 30);
}

#[test]
fn a_torn_journal_loses_its_last_group_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("run.journal");
    run(everyone(), batch(folder.path(), Arc::new(LocalDisk), 12)).unwrap();
    let whole = fs::read(&path).unwrap();
    let first_commit = whole.windows(8).position(|window| window == b"\ncommit ").unwrap();
    // Inside the plan, right behind it, inside a later group, in the last line.
    for length in [0, 7, 300, first_commit, whole.len() - 200, whole.len() - 1] {
        fs::write(&path, &whole[..length]).unwrap();
        let report = run(everyone(), batch(folder.path(), Arc::new(LocalDisk), 12)).unwrap();
        assert_eq!(report.saved + report.resumed, 12, "cut at {length}");
        complete(folder.path(), 12);
    }
}

#[test]
fn a_journal_that_is_damaged_is_refused_and_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("run.journal");
    run(everyone(), batch(folder.path(), Arc::new(LocalDisk), 12)).unwrap();
    let mut damaged = fs::read(&path).unwrap();
    let middle = damaged.windows(6).position(|window| window == b"\nplan ").unwrap() + 9;
    damaged[middle] ^= 1;
    // A group that was durable has rotted, and the next one was torn by a crash.
    let tail = fs::read(&path).unwrap();
    let last = tail.windows(6).rposition(|window| window == b"\ndone ").unwrap() + 9;
    let mut rotten = [tail.as_slice(), b"failed s1 "].concat();
    rotten[last] ^= 1;
    let other = b"minutes of the senate\nheld in May\n".to_vec();
    for content in [damaged, rotten, other] {
        fs::write(&path, &content).unwrap();
        let refusal = run(everyone(), batch(folder.path(), Arc::new(LocalDisk), 12)).unwrap_err();
        assert_eq!(refusal.code(), "journal-damaged");
        assert_eq!(fs::read(&path).unwrap(), content);
    }
}

#[test]
fn a_run_is_resumed_with_what_it_was_begun_with_or_not_at_all() {
    let folder = TempDir::new().unwrap();
    let begun = || batch(folder.path(), Arc::new(LocalDisk), 5);
    run(everyone(), begun()).unwrap();
    let elsewhere = TempDir::new().unwrap();
    let changed: [(&str, Batch); 6] = [
        ("request", Batch { request: Request { recipient: Some(text("Elsewhere")), ..official() }, ..begun() }),
        ("issue date", Batch { request: Request { date: "2026-06-01".parse().unwrap(), ..official() }, ..begun() }),
        ("sink", Batch { target: Target::folder(elsewhere.path()), ..begun() }),
        ("sink", Batch { name: NameTemplate::usual(), ..begun() }),
        ("shard", Batch { shard: Some(Shard::new(1, 2).unwrap()), ..begun() }),
        ("documents asked for", Batch { entries: entries(students(6)), ..begun() }),
    ];
    for (what, changed) in changed {
        let refusal = run(everyone(), changed).unwrap_err();
        assert_eq!(refusal.code(), "journal-mismatch");
        assert!(refusal.to_string().contains(what), "{refusal}");
    }
    // The day that the run was begun on stays, and its plan needs no ids.
    let later = Request { date: "2026-06-01".parse().unwrap(), ..official() };
    let report = run(everyone(), Batch { request: later, date_given: false, entries: None, ..begun() }).unwrap();
    assert_eq!((report.resumed, report.saved), (5, 0));
    complete(folder.path(), 5);
}

#[test]
fn another_policy_or_letterhead_is_another_run() {
    let folder = TempDir::new().unwrap();
    run(everyone(), batch(folder.path(), Arc::new(LocalDisk), 2)).unwrap();
    let mut other = everyone();
    let mut settings = registrary::service::Settings::clone(&other.settings);
    settings.theme.institution.name = text("Another College");
    other.settings = Arc::new(settings);
    let refusal = run(other, batch(folder.path(), Arc::new(LocalDisk), 2)).unwrap_err();
    assert!(refusal.to_string().contains("another look"), "{refusal}");
}

#[test]
fn what_an_empty_record_does_not_show_is_of_the_look_too() {
    let folder = TempDir::new().unwrap();
    run(everyone(), batch(folder.path(), Arc::new(LocalDisk), 2)).unwrap();
    let mut other = everyone();
    let mut settings = registrary::service::Settings::clone(&other.settings);
    settings.theme.credit_places = 3;
    other.settings = Arc::new(settings);
    let refusal = run(other, batch(folder.path(), Arc::new(LocalDisk), 2)).unwrap_err();
    assert!(refusal.to_string().contains("another look"), "{refusal}");
    let full_time = LoadRule { level: None, full_time: Credits::new("12".parse().unwrap()).unwrap(), half_time: None };
    let loads = Batch { loads: vec![full_time], ..batch(folder.path(), Arc::new(LocalDisk), 2) };
    assert!(run(everyone(), loads).unwrap_err().to_string().contains("another load"));
}

/// Nobody takes a run for whole whose makers have ended early.
#[test]
fn documents_that_nobody_answers_for_are_no_success() {
    struct Defect(Scripted);
    impl Source for Defect {
        fn fetch<'a>(&'a self, resources: &'a Resources, ids: &'a [StudentId]) -> Pending<'a, Answers> {
            self.0.fetch(resources, ids)
        }
        fn group_size(&self) -> usize {
            panic!("a source with a defect")
        }
        fn student_ids<'a>(&'a self, resources: &'a Resources) -> Pending<'a, Result<Vec<StudentId>, Error>> {
            self.0.student_ids(resources)
        }
        fn check<'a>(&'a self, resources: &'a Resources) -> Pending<'a, Result<Vec<String>, Error>> {
            self.0.check(resources)
        }
    }
    let folder = TempDir::new().unwrap();
    let broken = registrar(Defect(Scripted::generous()));
    assert_eq!(run(broken, batch(folder.path(), Arc::new(LocalDisk), 5)).unwrap_err().code(), "internal");
    run(everyone(), batch(folder.path(), Arc::new(LocalDisk), 5)).unwrap();
    complete(folder.path(), 5);
}

#[test]
fn a_journal_serves_one_run_at_a_time() {
    let folder = TempDir::new().unwrap();
    patiently(async {
        let slow = registrar(Scripted::silent());
        let slot = Slot::current().unwrap();
        let mut first = Arc::new(slow).run_batch(Arc::clone(&slot), batch(folder.path(), Arc::new(LocalDisk), 5));
        first.next().await.unwrap();
        let other = batch(folder.path(), Arc::new(LocalDisk), 5);
        let mut second = Arc::new(everyone()).run_batch(Arc::clone(&slot), other);
        assert_eq!(second.finish().await.unwrap_err().code(), "journal-in-use");
        first.close().await;
        // What was closed has let go of it.
        let mut third = Arc::new(everyone()).run_batch(slot, batch(folder.path(), Arc::new(LocalDisk), 5));
        assert_eq!(third.finish().await.unwrap().total, 5);
    });
    complete(folder.path(), 5);
}

#[test]
fn shards_make_everyone_once() {
    let folder = TempDir::new().unwrap();
    let mut saved = 0;
    for number in 1..=3 {
        let journal = Some(folder.path().join(format!("run-{number}.journal")));
        let shard = Some(Shard::new(number, 3).unwrap());
        let share = Batch { shard, journal, ..batch(folder.path(), Arc::new(LocalDisk), 60) };
        saved += run(everyone(), share).unwrap().saved;
    }
    assert_eq!((saved, files(&folder.path().join("out")).len()), (60, 60));
}

#[test]
fn two_documents_never_meet_under_one_name() {
    let folder = TempDir::new().unwrap();
    let asked = |entries: Vec<Entry>, name: &str| {
        let name = NameTemplate::parse(name).unwrap();
        run(everyone(), Batch { entries: Some(entries), name, ..batch(folder.path(), Arc::new(LocalDisk), 0) })
    };
    let transcript = |id, whose| order(id, whose, Kind::Transcript, "A University");
    let adjoining = vec![transcript("O-1", "s1"), transcript("1", "s1-O")];
    assert_eq!(asked(adjoining.clone(), "{student_id}-{order_id}.pdf").unwrap_err().code(), "configuration");
    let students = entries(vec![student("ab1"), student("AB1")]).unwrap();
    assert_eq!(asked(students, "{student_id}.pdf").unwrap_err().code(), "configuration");
    assert!(files(&folder.path().join("out")).is_empty() && lines(folder.path(), "plan").is_empty());
    assert_eq!(asked(adjoining, "{student_id}-{order_id}-{serial}.pdf").unwrap().saved, 2);
}

pub(super) fn order(id: &str, whose: &str, kind: Kind, recipient: &str) -> Entry {
    let order = Order { id: id.into(), kind, recipient: Some(text(recipient)), purpose: None, partial: None };
    Entry { student: student(whose), order: Some(Arc::new(order)) }
}

#[test]
fn orders_have_documents_of_their_own() {
    let folder = TempDir::new().unwrap();
    let orders = vec![
        order("O-1", "s1", Kind::Transcript, "First University"),
        order("O-2", "s1", Kind::Transcript, "Second University"),
        order("O-3", "s1", Kind::Enrollment, "A landlord"),
        order("O-4", "s1", Kind::Degree, "An employer"),
    ];
    let name = NameTemplate::parse("{order_id}.pdf").unwrap();
    let asked = |orders: Vec<Entry>, name| Batch {
        entries: Some(orders),
        name,
        ..batch(folder.path(), Arc::new(LocalDisk), 0)
    };
    let report = run(everyone(), asked(orders.clone(), name.clone())).unwrap();
    let failed: Vec<_> = report.failures.iter().map(|failure| (failure.key.as_str(), failure.error.code())).collect();
    assert_eq!(failed, [("O-4", "degree-not-conferred")]);
    let serials: HashSet<_> = report.documents.values().map(|(serial, _)| serial.clone()).collect();
    assert_eq!((report.documents.len(), serials.len()), (3, 3));

    let clash = run(everyone(), asked(orders.clone(), NameTemplate::usual())).unwrap_err();
    assert_eq!(clash.code(), "configuration");
    let mut other = orders;
    other[0] = order("O-1", "s1", Kind::Transcript, "Third University");
    let refusal = run(everyone(), asked(other, name)).unwrap_err();
    assert!(refusal.to_string().contains("another orders"), "{refusal}");
}
