//! Where the time of a transcript goes, in CPU microseconds a document on one thread: `cargo bench --bench stages`.
//!
//! Each stage runs over all documents with its inputs made ready, and tells its best of several rounds; so does the
//! whole line. Two sets: one record varied (name, number, order of the courses), whose shapes repeat; and the sample
//! campus, where hardly two are alike. `--json` prints them as JSON for `benchmarks/pdf.py`; `--cores` compares two threads with
//! one; `--memory COUNT` makes so many and tells the memory in use; `--out FOLDER` keeps the files.

use registrary::document::{self, Document, Pages, Theme, Transcription};
use registrary::domain::{Date, Error, Issue, Marking, NameParts, Names, PersonName, StudentId, StudentRecord, Text};
use registrary::exchange::record_json;
use registrary::gpa::{self, Evaluation, Policy};
use registrary::pdf::{self, Attachment, Relationship, Step};
use registrary::seal;
use registrary::service::{Settings, produce};
use registrary::source::campus;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

const CODE: &str = "0123-4567-89AB-CDEF";

/// What one set of records came to: microseconds a document by stage, and what they made.
struct Measured {
    set: &'static str,
    documents: usize,
    pages: usize,
    bytes: usize,
    stages: Vec<(&'static str, f64)>,
    /// Of the stage "pdf".
    steps: [(&'static str, f64); 4],
}

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().collect();
    let given = |name: &str| arguments.iter().any(|argument| argument == name);
    let value = |name: &str| arguments.iter().skip_while(|argument| *argument != name).nth(1).map(String::as_str);
    let rounds = if given("--quick") { 3 } else { 12 };
    let repeated = repeated(240)?;
    let plain = Settings::new(Theme::new(campus::institution()), policy()?);
    let everyone: Vec<_> =
        campus::records(campus::BUILT_IN)?.map(|record| record.map(Arc::new)).collect::<Result<_, _>>()?;
    let sets = [
        measured("repeated", &repeated, &plain, rounds, value("--out"))?,
        measured("campus", &everyone, &Settings::sample()?, rounds, value("--out"))?,
    ];
    if given("--json") {
        let lines: Vec<String> = sets.iter().map(Measured::json).collect();
        println!("[{}]", lines.join(","));
    } else {
        sets.iter().for_each(Measured::print);
    }
    if given("--cores") {
        cores(&repeated, &plain);
    }
    if let Some(count) = value("--memory").and_then(|count| count.parse().ok()) {
        memory(&repeated, &plain, count)?;
    }
    Ok(())
}

fn policy() -> Result<Policy, Error> {
    Policy::built_in("plus-minus-33").ok_or_else(|| failed("there is no such policy"))
}

fn failed(message: &str) -> Error {
    Error::Internal { message: message.to_owned() }
}

/// Documents a second by the wall clock on one thread and on two, the best of several rounds.
fn cores(records: &[Arc<StudentRecord>], settings: &Settings) {
    let all = || records.iter().enumerate().filter_map(|(at, record)| Some((record, issue(at).ok()?)));
    let work = || all().for_each(|(record, issue)| drop(black_box(produce(Arc::clone(record), settings, &issue))));
    let rate = |threads: usize| {
        let round = |_| {
            let began = Instant::now();
            std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(|| (0..8).for_each(|_| work())))));
            (threads * 8 * records.len()) as f64 / began.elapsed().as_secs_f64()
        };
        (0..6).map(round).fold(0.0, f64::max)
    };
    let (one, two) = (rate(1), rate(2));
    println!("cores: {one:.0} a second on one, {two:.0} on two: {:.2} times", two / one);
}

/// The resident set in MB at each tenth of so many documents (Linux).
fn memory(records: &[Arc<StudentRecord>], settings: &Settings, count: usize) -> Result<(), Error> {
    let mut seen = Vec::new();
    for at in 0..count {
        black_box(produce(Arc::clone(&records[at % records.len()]), settings, &issue(at)?)?);
        if (at + 1) % (count / 10).max(1) == 0 {
            let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
            let pages: f64 = status.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or_default();
            seen.push(format!("{:.1}", pages * 4096.0 / 1e6));
        }
    }
    println!("memory: MB at each tenth of {count} documents: {}", seen.join(" "));
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
    folder: Option<&str>,
) -> Result<Measured, Error> {
    let free = |record: &&Arc<StudentRecord>| !record.holds.iter().any(|hold| hold.blocks_transcript);
    let records: Vec<_> = records.iter().filter(free).collect();
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
    let whole: Vec<String> = records.iter().map(|record| record_json::write(record)).collect();
    let attach = |at: usize| {
        let student = document::told(&records[at].student, &settings.theme);
        attached(record_json::retold(&whole[at], records[at], &student), &issues[at])
    };
    let attachments: Vec<[Attachment; 1]> = (0..records.len()).map(|at| [attach(at)]).collect();
    let count = records.len();
    let mut bytes = 0;
    for at in 0..count {
        let file = pdf::finished(&pages[at], &attachments[at])?.bytes;
        bytes += file.len();
        if let Some(folder) = folder {
            let name = format!("{set}-{}.pdf", records[at].student.id.as_str());
            std::fs::write(Path::new(folder).join(name), file).map_err(|_| failed("a file cannot be written"))?;
        }
    }
    let time = |work: &mut dyn FnMut(usize)| best(rounds, count, work);
    let stages = vec![
        ("evaluate", time(&mut |at| drop(black_box(gpa::evaluate(records[at], &settings.policy))))),
        (
            "code",
            time(&mut |at| {
                black_box(seal::verification_code(&record_json::write(records[at]), &issues[at]));
            }),
        ),
        ("compose", time(&mut |at| drop(black_box(compose(at))))),
        ("layout", time(&mut |at| drop(black_box(document::paginate(&documents[at]))))),
        ("record", time(&mut |at| drop(black_box(attach(at))))),
        ("pdf", time(&mut |at| drop(black_box(pdf::finished(&pages[at], &attachments[at]))))),
        ("whole", time(&mut |at| drop(black_box(produce(Arc::clone(records[at]), settings, &issues[at]))))),
    ];
    let steps = split(rounds, count, |at, enter| drop(black_box(pdf::watched(&pages[at], &attachments[at], enter))));
    let pages = pages.iter().map(|pages| pages.pages.len()).sum();
    Ok(Measured { set, documents: count, pages, bytes, stages, steps })
}

/// How the PDF step divides, of the round that took least; with what looking at the clock takes.
fn split(rounds: usize, count: usize, work: impl Fn(usize, &mut dyn FnMut(Step))) -> [(&'static str, f64); 4] {
    const STEPS: [(Step, &str); 4] =
        [(Step::Content, "content"), (Step::Tags, "tags"), (Step::Deflate, "deflate"), (Step::File, "file")];
    let round = |_| {
        let mut took = [0.0; 4];
        for at in 0..count {
            let (mut step, mut began) = (Step::Content, cpu_seconds());
            let mut enter = |next: Step| {
                let now = cpu_seconds();
                took[step as usize] += (now - began) * 1e6 / count as f64;
                (step, began) = (next, now);
            };
            work(at, &mut enter);
            enter(Step::File);
        }
        took
    };
    let best = (0..rounds).map(round).min_by(|a, b| a.iter().sum::<f64>().total_cmp(&b.iter().sum()));
    let took = best.unwrap_or_default();
    STEPS.map(|(step, name)| (name, took[step as usize]))
}

fn issue(index: usize) -> Result<Issue, Error> {
    let date = Date::new(2026, 6, 1).ok_or_else(|| failed("there is no such day"))?;
    let serial = Text::new(&format!("T-2026-{index:06}")).map_err(|_| failed("that is no serial number"))?;
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
        let object = |parts: &[(&str, f64)]| {
            let members: Vec<String> = parts.iter().map(|(part, took)| format!("\"{part}\":{took:.2}")).collect();
            format!("{{{}}}", members.join(","))
        };
        format!(
            "{{\"set\":\"{}\",\"documents\":{},\"pages\":{},\"bytes\":{},\"microseconds\":{},\"steps\":{}}}",
            self.set,
            self.documents,
            self.pages,
            self.bytes / self.documents,
            object(&self.stages),
            object(&self.steps),
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
        self.steps.iter().for_each(|(step, took)| println!("    of pdf: {step:9} {took:8.1} µs"));
    }
}
