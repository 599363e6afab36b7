//! Records made up for the tests of the page. Every person in them is invented.

use registrary::domain::*;
use registrary::gpa::{Evaluation, Policy, evaluate};

pub fn text(raw: &str) -> Text {
    Text::new(raw).expect(raw)
}

pub fn some(raw: &str) -> Option<Text> {
    (!raw.is_empty()).then(|| text(raw))
}

pub fn credits(raw: &str) -> Credits {
    Credits::new(raw.parse().expect(raw)).expect(raw)
}

pub fn decimal(raw: &str) -> Option<Decimal> {
    (!raw.is_empty()).then(|| raw.parse().expect(raw))
}

pub fn date(raw: &str) -> Option<Date> {
    (!raw.is_empty()).then(|| raw.parse().expect(raw))
}

pub fn name(full: &str) -> PersonName {
    PersonName::new(NameParts { full: some(full), ..NameParts::default() }).expect(full)
}

/// "MATH 101 | Calculus I | 4 | A-", with the grade left out while there is none.
pub fn attempt(line: &str) -> Attempt {
    let fields: Vec<&str> = line.split('|').map(str::trim).collect();
    let [code, title, value, grade] = fields[..] else { panic!("{line}") };
    let (subject, number) = code.split_once(' ').unwrap_or((code, ""));
    Attempt {
        course: Course { subject: some(subject), number: some(number), title: some(title) },
        unit: CreditUnit::Semester,
        credits: credits(value),
        credits_earned: None,
        grade: (!grade.is_empty()).then(|| Grade::new(grade).expect(grade)),
        supplemental_grade: None,
        mark: None,
        status: grade.is_empty().then_some(GradeStatus::InProgress),
        repeat: None,
        quality_points: None,
        notes: Vec::new(),
    }
}

pub fn term(name: &str, begins: &str, ends: &str, level: &Level, lines: &[&str]) -> Term {
    let day = date(begins).expect(begins);
    Term {
        designator: day.year_month(),
        name: text(name),
        begins: Some(day),
        ends: date(ends),
        level: level.clone(),
        programs: Vec::new(),
        attempts: lines.iter().map(|line| attempt(line)).collect(),
        standing: None,
        honors: Vec::new(),
        notes: Vec::new(),
        stated: Vec::new(),
    }
}

pub fn program(kind: ProgramKind, name: &str, degree: &str) -> Program {
    Program { kind, name: text(name), level: None, degree: some(degree), admitted: None, notes: Vec::new() }
}

pub fn institution() -> Institution {
    Institution {
        name: text("Larkspur State University"),
        address: vec![
            text("Office of the Registrar, 210 Alder Hall"),
            text("1400 Meadowlark Avenue, Larkspur, WA 99000"),
        ],
        phone: some("+1 555 0142"),
        email: some("registrar@larkspur.example"),
        website: some("larkspur.example"),
        codes: vec![(text("FICE"), text("009999")), (text("CEEB"), text("0000"))],
        accreditation: some("Accredited by the Northwest Board of Invented Institutions."),
        registrar_name: some("Imogen Castellanos-Wright"),
        registrar_title: some("University Registrar"),
    }
}

pub fn issue() -> Issue {
    Issue {
        date: date("2026-06-15").expect("a date"),
        serial: text("T-2026-000101"),
        marking: Marking::Official,
        recipient: some("Graduate Admissions, University of Northern Lakes"),
        purpose: some("Application for graduate study"),
    }
}

pub const CODE: &str = "7KQ2-M8XD-4WVT-90HC";

pub fn record(id: &str, legal: &str) -> StudentRecord {
    StudentRecord {
        student: Student {
            id: StudentId::new(id).expect(id),
            names: Names { legal: name(legal), chosen: None, former: Vec::new(), native: None },
            birth: Some("2003-03-09".parse().expect("a date")),
        },
        institution: None,
        programs: Vec::new(),
        terms: Vec::new(),
        transfers: Vec::new(),
        balances: Vec::new(),
        awards: Vec::new(),
        holds: Vec::new(),
        notes: Vec::new(),
        totals: TotalsAuthority::Policy,
        stated: Vec::new(),
        sample: false,
    }
}

pub fn judged(record: &StudentRecord) -> (Evaluation, Policy) {
    let policy = Policy::built_in("plus-minus-3").expect("a built-in policy");
    (evaluate(record, &policy).expect("the record can be judged"), policy)
}
