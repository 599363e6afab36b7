//! A record with attempts that are only planned: what the same policy would say of them.

use super::plain::PlainAttempt;
use crate::domain::{
    Attempt, Course, CreditUnit, Error, Level, Problem, StudentRecord, Term, Text, TotalsAuthority, YearMonth,
};

/// A bound on the work that one question can cause.
const MOST_PLANNED: usize = 1_000;

/// The record as it would be after these attempts, each of which says its course and its term. An attempt of a term
/// that the level has goes into its last of that designator, and otherwise into a new one. `None` stands for an attempt
/// that could not be read, with its problems in `found`: all are told at once. A new term is at the campus of the last.
pub fn with_attempts(
    record: &StudentRecord,
    planned: &[Option<PlainAttempt>],
    found: Vec<Problem>,
) -> Result<StudentRecord, Error> {
    let mut problems = found;
    if planned.len() > MOST_PLANNED {
        let message = "are more than 1000, more than anybody plans";
        return Err(Error::MalformedRecord(vec![Problem::new("too-many-attempts", "attempts", message)]));
    }
    if record.totals == TotalsAuthority::Stated {
        let message = "are as the document states them: no policy judges what would be added";
        problems.push(Problem::new("totals-stated", "totals", message));
    }
    let mut whole = record.clone();
    for (index, attempt) in planned.iter().enumerate() {
        let Some(attempt) = attempt else { continue };
        let place = format!("attempts[{index}]");
        let told = (course(attempt, &place), term(attempt, &place), level(record, attempt, &place));
        match told {
            (Ok(course), Ok(designator), Ok(level)) => add(&mut whole, level, designator, taken(attempt, course)),
            (course, term, level) => problems.extend([course.err(), term.err(), level.err()].into_iter().flatten()),
        }
    }
    if problems.is_empty() { Ok(whole) } else { Err(Error::MalformedRecord(problems)) }
}

/// Subject and number: the last word is the number, as `Course::code` puts them together.
fn course(attempt: &PlainAttempt, place: &str) -> Result<Course, Problem> {
    let parts = attempt.course.as_ref().and_then(|code| code.as_str().rsplit_once(' '));
    let parts = parts.and_then(|(subject, number)| Text::new(subject).ok().zip(Text::new(number).ok()));
    let message = "must be a subject and a number, such as MATH 201";
    let (subject, number) = parts.ok_or_else(|| Problem::new("not-a-course", format!("{place}.course"), message))?;
    Ok(Course { subject: Some(subject), number: Some(number), title: None })
}

fn term(attempt: &PlainAttempt, place: &str) -> Result<YearMonth, Problem> {
    let message = "must be the year and month in which the term begins, such as 2027-02";
    attempt.designator().ok_or_else(|| Problem::new("not-a-term", format!("{place}.term"), message))
}

/// The one of the record where the attempt says none.
fn level(record: &StudentRecord, attempt: &PlainAttempt, place: &str) -> Result<Level, Problem> {
    if let Some(level) = &attempt.level {
        return Ok(level.clone());
    }
    let mut levels = super::evaluate::levels(record).into_iter();
    match (levels.next(), levels.next()) {
        (Some(level), None) => Ok(level.clone()),
        _ => {
            let message = "must be said: the record does not have exactly one";
            Err(Problem::new("level-unknown", format!("{place}.level"), message))
        }
    }
}

fn taken(attempt: &PlainAttempt, course: Course) -> Attempt {
    Attempt {
        course,
        unit: CreditUnit::Unreported,
        credits: attempt.credits,
        credits_earned: None,
        grade: Some(attempt.grade.clone()),
        supplemental_grade: None,
        mark: None,
        status: None,
        repeat: None,
        quality_points: None,
        notes: Vec::new(),
    }
}

fn add(record: &mut StudentRecord, level: Level, designator: YearMonth, attempt: Attempt) {
    let here = |term: &&mut Term| term.level == level && term.designator == designator;
    if let Some(term) = record.terms.iter_mut().rev().find(here) {
        return term.attempts.push(attempt);
    }
    let last = record.terms.iter().filter(|term| term.level == level).max_by_key(|term| term.designator);
    let campus = last.and_then(|term| term.campus.clone());
    // A designator is always a text.
    let Ok(name) = Text::new(&designator.to_string()) else { return };
    record.terms.push(Term {
        designator,
        name,
        begins: None,
        ends: None,
        level,
        programs: Vec::new(),
        attempts: vec![attempt],
        campus,
        standing: None,
        honors: Vec::new(),
        notes: Vec::new(),
        stated: Vec::new(),
    });
}
