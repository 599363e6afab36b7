//! Where the time of a transcript goes, in CPU microseconds a document on one thread: `cargo bench --bench stages`.
//!
//! Each stage runs over all documents with its inputs made ready, and tells its best of several rounds; so does the
//! whole line. Two sets: one record varied (name, number, order of the courses), whose shapes repeat; and the sample
//! campus, where hardly two are alike. `--json` prints one line of JSON for `benchmarks/pdf.py`.

use registrary::document::{self, Document, Pages, Theme, Transcription};
use registrary::domain::{Date, Error, Issue, Marking, NameParts, Names, PersonName, StudentId, StudentRecord, Text};
use registrary::exchange::record_json;
use registrary::gpa::{self, Evaluation, Policy};
use registrary::pdf::{self, Attachment, Relationship};
use registrary::seal;
use registrary::service::{Settings, produce};
use registrary::source::campus;
use std::hint::black_box;
use std::sync::Arc;

const CODE: &str = "0123-4567-89AB-CDEF";

/// What one set of records came to: microseconds a document by stage, and what they made.
struct Measured {
    set: &'static str,
    documents: usize,
    pages: usize,
    bytes: usize,
    stages: Vec<(&'static str, f64)>,
}

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().collect();
    let json = arguments.iter().any(|argument| argument == "--json");
    let rounds = if arguments.iter().any(|argument| argument == "--quick") { 3 } else { 12 };
    let repeated = repeated(240)?;
    let policy = Policy::built_in("plus-minus-33").ok_or(Error::Internal { message: "no such policy".into() })?;
    let plain = Settings::new(Theme::new(campus::institution()), policy);
    let everyone = campus::records(campus::BUILT_IN)?.map(|record| record.map(Arc::new)).collect::<Result<Vec<_>, _>>()?;
    let sets = [
        measured("repeated", &repeated, &plain, rounds)?,
        measured("campus", &everyone, &Settings::sample()?, rounds)?,
    ];
    if json {
        let lines: Vec<String> = sets.iter().map(Measured::json).collect();
        println!("[{}]", lines.join(","));
    } else {
        sets.iter().for_each(Measured::print);
    }
    Ok(())
}

/// One record with other names and numbers, its courses taken in another order: as many as there are courses.
fn repeated(count: usize) -> Result<Vec<Arc<StudentRecord>>, Error> {
    let base = record_json::read(include_bytes!("transcript.json"))?;
    let courses: Vec<_> = base.terms.iter().flat_map(|term| term.attempts.clone()).collect();
    let records = (0..count).map(|index| {
        let mut record = base.clone();
        let mut order = courses.iter().cycle().skip(index * 7 % courses.len()).cloned();
        for term in &mut record.terms {
            term.attempts.iter_mut().zip(&mut order).for_each(|(place, attempt)| *place = attempt);
        }
        let text = |raw: &str| Text::new(raw).ok();
        let given = text(&format!("Ingrid {}.", char::from(b'A' + (index % 26) as u8)));
        let parts = NameParts { given, family: text("Tamarack-Osei"), ..NameParts::default() };
        if let (Some(legal), Ok(id)) = (PersonName::new(parts), StudentId::new(&format!("2{index:06}"))) {
            record.student.id = id;
            record.student.names = Names { legal, ..record.student.names };
        }
        Arc::new(record)
    });
    Ok(records.collect())
}

fn measured(
    set: &'static str,
    records: &[Arc<StudentRecord>],
    settings: &Settings,
    rounds: usize,
) -> Result<Measured, Error> {
    let records: Vec<_> = records.iter().filter(|record| !record.holds.iter().any(|hold| hold.blocks_transcript)).collect();
    let issues: Vec<Issue> = (0..records.len()).map(issue).collect::<Result<_, _>>()?;
    let judged: Vec<Evaluation> =
        records.iter().map(|record| gpa::evaluate(record, &settings.policy)).collect::<Result<_, _>>()?;
    let compose = |at: usize| {
        let (record, evaluation, issue) = (records[at].as_ref(), &judged[at], &issues[at]);
        let (policy, theme) = (Some(&settings.policy), &settings.theme);
        document::compose(&Transcription { record, evaluation, policy, theme, issue, code: CODE })
    };
    let documents: Vec<Document> = (0..records.len()).map(compose).collect::<Result<_, _>>()?;
    let pages: Vec<Pages> = documents.iter().map(document::paginate).collect::<Result<_, _>>()?;
    let attach = |at: usize| attached(record_json::write(&document::disclosed(records[at], &settings.theme)), &issues[at]);
    let attachments: Vec<[Attachment; 1]> = (0..records.len()).map(|at| [attach(at)]).collect();
    let count = records.len();
    let mut bytes = 0;
    if let Ok(folder) = std::env::var("OUT") {
        std::fs::write(format!("{folder}/{set}.pdf"), pdf::render(&pages[0], &attachments[0])?).ok();
    }
    for at in 0..count {
        bytes += pdf::render(&pages[at], &attachments[at])?.len();
    }
    let time = |work: &mut dyn FnMut(usize)| best(rounds, count, work);
    let stages = vec![
        ("evaluate", time(&mut |at| drop(black_box(gpa::evaluate(records[at], &settings.policy))))),
        ("code", time(&mut |at| {
            black_box(seal::verification_code(&record_json::write(records[at]), &issues[at]));
        })),
        ("compose", time(&mut |at| drop(black_box(compose(at))))),
        ("layout", time(&mut |at| drop(black_box(document::paginate(&documents[at]))))),
        ("record", time(&mut |at| drop(black_box(attach(at))))),
        ("pdf", time(&mut |at| drop(black_box(pdf::render(&pages[at], &attachments[at]))))),
        ("whole", time(&mut |at| drop(black_box(produce(Arc::clone(records[at]), settings, &issues[at]))))),
    ];
    let pages = pages.iter().map(|pages| pages.pages.len()).sum();
    Ok(Measured { set, documents: count, pages, bytes, stages })
}

fn issue(index: usize) -> Result<Issue, Error> {
    let wrong = || Error::Internal { message: "no such day or serial number".into() };
    let date = Date::new(2026, 6, 1).ok_or_else(wrong)?;
    let serial = Text::new(&format!("T-2026-{index:06}")).map_err(|_| wrong())?;
    Ok(Issue { date, serial, marking: Marking::Official, recipient: None, purpose: None })
}

fn attached(json: String, issue: &Issue) -> Attachment {
    Attachment {
        name: "student-record.json".into(),
        mime: "application/json".into(),
        description: "The record that these pages show, as data".into(),
        relationship: Relationship::Data,
        bytes: json.into_bytes(),
        date: Some(issue.date),
    }
}

/// The best round's microseconds a document.
fn best(rounds: usize, count: usize, work: &mut dyn FnMut(usize)) -> f64 {
    let round = |_| {
        let began = cpu_seconds();
        (0..count).for_each(&mut *work);
        (cpu_seconds() - began) * 1e6 / count as f64
    };
    (0..rounds).map(round).fold(f64::INFINITY, f64::min)
}

/// What this thread has used of a core.
fn cpu_seconds() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a live timespec, which the call fills.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

impl Measured {
    fn json(&self) -> String {
        let stages: Vec<String> = self.stages.iter().map(|(stage, took)| format!("\"{stage}\":{took:.2}")).collect();
        format!(
            "{{\"set\":\"{}\",\"documents\":{},\"pages\":{},\"bytes\":{},\"microseconds\":{{{}}}}}",
            self.set,
            self.documents,
            self.pages,
            self.bytes / self.documents,
            stages.join(",")
        )
    }

    fn print(&self) {
        println!(
            "{}: {} documents, {:.2} pages and {} bytes each",
            self.set,
            self.documents,
            self.pages as f64 / self.documents as f64,
            self.bytes / self.documents
        );
        self.stages.iter().for_each(|(stage, took)| println!("  {stage:9} {took:8.1} µs"));
    }
}
