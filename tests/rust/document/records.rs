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
        campus: None,
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
        partial: false,
    }
}

pub fn judged(record: &StudentRecord) -> (Evaluation, Policy) {
    let policy = Policy::built_in("plus-minus-3").expect("a built-in policy");
    (evaluate(record, &policy).expect("the record can be judged"), policy)
}

/// A record of so many terms with so many courses each, of every length of title, some with notes.
pub fn long(terms: usize, courses: usize) -> StudentRecord {
    let level = Level::undergraduate();
    let mut record = record("L-1", "Longinus Ceaseless");
    for number in 0..terms {
        let lines: Vec<String> = (0..courses).map(|at| long_line(number, at)).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let begins = format!("{}-{:02}-10", 1900 + number / 3, 1 + number % 3 * 4);
        let mut term = term(&format!("Term {number}"), &begins, "", &level, &lines);
        for (at, attempt) in term.attempts.iter_mut().enumerate() {
            if (number * 7 + at * 3) % 11 == 0 {
                attempt.notes = vec![text(&"A note on this attempt. ".repeat(1 + at % 4))];
            }
        }
        term.standing = (number % 4 == 1).then(|| text("Good standing"));
        record.terms.push(term);
    }
    record
}

fn long_line(term: usize, at: usize) -> String {
    let seed = (term * 31 + at * 17) % 23;
    let title = "Readings in the History of Very Long Course Titles".split(' ').cycle().take(1 + seed % 14);
    let title = title.collect::<Vec<_>>().join(" ");
    let grade = ["A", "B+", "C-", "F", "W", "P"][seed % 6];
    format!("LONG {}{:02} | {title} {term}.{at} | {} | {grade}", 100 + term, at, 1 + seed % 5)
}
