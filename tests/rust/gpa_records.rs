//! Small records to judge.

use registrary::domain::*;
use registrary::gpa::{Evaluation, LevelEvaluation, Policy, evaluate};

pub fn text(raw: &str) -> Text {
    Text::new(raw).expect(raw)
}
pub fn grade(raw: &str) -> Grade {
    Grade::new(raw).expect(raw)
}
pub fn decimal(raw: &str) -> Decimal {
    raw.parse().expect(raw)
}
pub fn credits(raw: &str) -> Credits {
    Credits::new(decimal(raw)).expect(raw)
}
pub fn term_of(raw: &str) -> YearMonth {
    raw.parse().expect(raw)
}

pub fn attempt(raw_grade: &str, raw_credits: &str) -> Attempt {
    Attempt { grade: Some(grade(raw_grade)), ..ungraded(raw_credits) }
}

pub fn ungraded(raw_credits: &str) -> Attempt {
    Attempt {
        course: Course { subject: Some(text("ENG")), number: Some(text("101")), title: None },
        unit: CreditUnit::Semester,
        credits: credits(raw_credits),
        credits_earned: None,
        grade: None,
        supplemental_grade: None,
        mark: None,
        status: None,
        repeat: None,
        quality_points: None,
        notes: Vec::new(),
    }
}

pub fn with_status(status: GradeStatus, raw_credits: &str) -> Attempt {
    Attempt { status: Some(status), ..ungraded(raw_credits) }
}

pub fn term(designator: &str, level: &str, attempts: Vec<Attempt>) -> Term {
    Term {
        designator: term_of(designator),
        name: text(designator),
        begins: None,
        ends: None,
        level: Level::new(level).expect(level),
        campus: None,
        programs: Vec::new(),
        attempts,
        standing: None,
        honors: Vec::new(),
        notes: Vec::new(),
        stated: Vec::new(),
    }
}

pub fn transfer(level: &str, attempts: Vec<Attempt>) -> TransferBlock {
    TransferBlock {
        kind: TransferKind::Institution,
        institution: None,
        level: Level::new(level).expect(level),
        designator: None,
        term_name: None,
        attempts,
        notes: Vec::new(),
    }
}

pub fn balance(origin: BalanceOrigin, through: Option<&str>, hours: &str, quality_points: &str) -> Balance {
    Balance {
        origin,
        label: text("Old system"),
        level: Level::undergraduate(),
        through: through.map(term_of),
        credits_attempted: credits(hours),
        credits_earned: credits(hours),
        gpa_hours: credits(hours),
        quality_points: decimal(quality_points),
    }
}

pub fn record(terms: Vec<Term>) -> StudentRecord {
    let parts = NameParts { full: Some(text("A Student")), ..NameParts::default() };
    let legal = PersonName::new(parts).expect("a full name is enough");
    StudentRecord {
        student: Student {
            id: StudentId::new("1").expect("valid id"),
            names: Names { legal, chosen: None, former: Vec::new(), native: None },
            birth: None,
        },
        institution: None,
        programs: Vec::new(),
        terms,
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

pub fn whole_letters() -> Policy {
    Policy::built_in("whole-letters").expect("built in")
}

/// The levels of a record that a policy must be able to judge.
pub fn judged(record: &StudentRecord, policy: &Policy) -> Vec<LevelEvaluation> {
    match evaluate(record, policy) {
        Ok(Evaluation::Computed { levels, .. }) => levels,
        other => panic!("not computed: {other:?}"),
    }
}

/// The (code, place) pairs of a refusal.
pub fn refused(record: &StudentRecord, policy: &Policy) -> Vec<(&'static str, String)> {
    match evaluate(record, policy) {
        Err(Error::MalformedRecord(problems)) => problems.into_iter().map(|p| (p.code, p.place)).collect(),
        other => panic!("not refused: {other:?}"),
    }
}
