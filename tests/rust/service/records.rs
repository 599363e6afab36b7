//! An invented student, and a source that answers as a test tells it to.

use futures_util::future::BoxFuture;
use registrary::document::Theme;
use registrary::domain::{
    Attempt, Course, CreditUnit, Credits, Date, Error, Grade, Hold, Institution, Level, NameParts, Names, PersonName,
    Student, StudentId, StudentRecord, Term, Text, TotalsAuthority, YearMonth,
};
use registrary::gpa::Policy;
use registrary::service::{Registrar, Request, Settings};
use registrary::source::{Pending, Resources, Source};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

pub fn text(raw: &str) -> Text {
    Text::new(raw).unwrap()
}

pub fn student(raw: &str) -> StudentId {
    StudentId::new(raw).unwrap()
}

pub fn students(count: usize) -> Vec<StudentId> {
    (0..count).map(|number| student(&format!("s{number}"))).collect()
}

pub fn today() -> Date {
    Date::new(2026, 5, 29).unwrap()
}

pub fn official() -> Request {
    Request::official(today())
}

fn attempt(subject: &str, grade: &str) -> Attempt {
    Attempt {
        course: Course { subject: Some(text(subject)), number: Some(text("101")), title: Some(text("A course")) },
        unit: CreditUnit::Semester,
        credits: Credits::new("3".parse().unwrap()).unwrap(),
        credits_earned: None,
        grade: Some(Grade::new(grade).unwrap()),
        supplemental_grade: None,
        mark: None,
        status: None,
        repeat: None,
        quality_points: None,
        notes: Vec::new(),
    }
}

fn term() -> Term {
    Term {
        designator: YearMonth::new(2025, 9).unwrap(),
        name: text("Fall 2025"),
        begins: None,
        ends: None,
        level: Level::undergraduate(),
        campus: None,
        programs: Vec::new(),
        attempts: vec![attempt("BIOL", "A"), attempt("CHEM", "B")],
        standing: None,
        honors: Vec::new(),
        notes: Vec::new(),
        stated: Vec::new(),
    }
}

/// One term with an A and a B.
pub fn record(id: &StudentId) -> StudentRecord {
    let parts = NameParts { given: Some(text("Ada")), family: Some(text("Example")), ..NameParts::default() };
    let names = Names { legal: PersonName::new(parts).unwrap(), chosen: None, former: Vec::new(), native: None };
    StudentRecord {
        student: Student { id: id.clone(), names, birth: None },
        institution: None,
        programs: Vec::new(),
        terms: vec![term()],
        transfers: Vec::new(),
        balances: Vec::new(),
        awards: Vec::new(),
        holds: Vec::new(),
        notes: Vec::new(),
        totals: TotalsAuthority::Policy,
        stated: Vec::new(),
        sample: true,
        partial: false,
    }
}

pub fn hold(code: &str, blocks_transcript: bool) -> Hold {
    Hold { code: text(code), reason: None, since: None, blocks_transcript }
}

pub fn settings() -> Arc<Settings> {
    let institution = Institution {
        name: text("Test University"),
        address: Vec::new(),
        phone: None,
        email: None,
        website: None,
        codes: Vec::new(),
        accreditation: None,
        registrar_name: None,
        registrar_title: None,
    };
    Arc::new(Settings::new(Theme::new(institution), Policy::built_in("whole-letters").unwrap()))
}

/// A registrar over a source, without sink and verifier.
pub fn registrar(source: impl Source + 'static) -> Registrar {
    Registrar::new(Arc::new(source), settings())
}

pub type Answers = Vec<Result<StudentRecord, Error>>;
type Script = dyn Fn(Vec<StudentId>) -> BoxFuture<'static, Answers> + Send + Sync;

/// A source that follows a script and counts.
#[derive(Clone)]
pub struct Scripted {
    script: Arc<Script>,
    group: usize,
    address: Option<String>,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    calls: Mutex<Vec<usize>>,
    open: AtomicUsize,
    most: AtomicUsize,
}

impl Scripted {
    pub fn new(script: impl Fn(Vec<StudentId>) -> BoxFuture<'static, Answers> + Send + Sync + 'static) -> Scripted {
        Scripted { script: Arc::new(script), group: 1, address: None, counts: Arc::default() }
    }

    /// Answers each id by itself, at once.
    pub fn each(answer: impl Fn(&StudentId) -> Result<StudentRecord, Error> + Send + Sync + 'static) -> Scripted {
        Scripted::new(move |ids| Box::pin(std::future::ready(ids.iter().map(&answer).collect())))
    }

    /// Has every student.
    pub fn generous() -> Scripted {
        Scripted::each(|id| Ok(record(id)))
    }

    /// Never answers.
    pub fn silent() -> Scripted {
        Scripted::new(|_| Box::pin(std::future::pending()))
    }

    pub fn in_groups_of(self, group: usize) -> Scripted {
        Scripted { group, ..self }
    }

    /// Says where it is.
    pub fn at(self, address: &str) -> Scripted {
        Scripted { address: Some(address.to_owned()), ..self }
    }

    /// How many ids each call asked for.
    pub fn calls(&self) -> Vec<usize> {
        self.counts.calls.lock().unwrap().clone()
    }

    pub fn asked(&self) -> usize {
        self.calls().iter().sum()
    }

    /// Calls open now, and the most there ever were at once.
    pub fn open(&self) -> usize {
        self.counts.open.load(Ordering::SeqCst)
    }
    pub fn most(&self) -> usize {
        self.counts.most.load(Ordering::SeqCst)
    }
}

/// Counts a call as open until it is answered or given up.
struct Open(Arc<Counts>);

impl Open {
    fn new(counts: &Arc<Counts>) -> Open {
        let now = counts.open.fetch_add(1, Ordering::SeqCst) + 1;
        counts.most.fetch_max(now, Ordering::SeqCst);
        Open(Arc::clone(counts))
    }
}
impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Source for Scripted {
    fn fetch<'a>(&'a self, _: &'a Resources, ids: &'a [StudentId]) -> Pending<'a, Answers> {
        Box::pin(async move {
            self.counts.calls.lock().unwrap().push(ids.len());
            let _open = Open::new(&self.counts);
            (self.script)(ids.to_vec()).await
        })
    }

    fn group_size(&self) -> usize {
        self.group
    }

    fn address(&self) -> Option<String> {
        self.address.clone()
    }

    /// The words of a query are the ids of its students.
    fn select<'a>(&'a self, _: &'a Resources, query: &'a str) -> Pending<'a, Result<Vec<StudentId>, Error>> {
        Box::pin(async { Ok(query.split(' ').map(student).collect()) })
    }

    fn student_ids<'a>(&'a self, _: &'a Resources) -> Pending<'a, Result<Vec<StudentId>, Error>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn check<'a>(&'a self, _: &'a Resources) -> Pending<'a, Result<Vec<String>, Error>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}
