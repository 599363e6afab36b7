//! Terms and transfer blocks written out by hand, for students who show something in particular.

use super::calendar::{CURRENT, Session};
use super::draft::{Bars, Draft, Outcome};
use super::grading::{self, AUDIT, CONTINUING, INCOMPLETE, NO_PASS, NOT_REPORTED, PASS, TRANSFER, WITHDRAWN};
use super::{broken, text};
use crate::domain::{Attempt, Course, CreditUnit, Credits, Error, Grade, TransferBlock, TransferKind};

/// A course of the catalogue and its grade; the empty grade is a course in progress.
pub type Line = (&'static str, u16, &'static str);

/// A course of another institution: subject, number, title, credits, grade.
pub type ForeignLine = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// Where a block of accepted credit comes from, and the term in which it was posted.
pub struct Origin {
    pub kind: TransferKind,
    pub from: &'static str,
    pub session: Session,
    pub note: Option<&'static str>,
}

/// Writes a term. A course that was passed below C or failed before is a repeat.
pub fn term(draft: &mut Draft<'_>, session: Session, program: &str, bars: &Bars, lines: &[Line]) -> Result<(), Error> {
    draft.open_term(session, program)?;
    for (subject, number, grade) in lines {
        let course = draft.catalogue.find(subject, *number)?;
        let outcome = outcome(grade)?;
        match draft.failed.iter().position(|failed| failed.course == course) {
            Some(before) => {
                let failed = draft.failed.remove(before);
                draft.retake(failed, outcome)?;
            }
            None => draft.take(course, outcome)?,
        }
    }
    draft.close_term(session, bars)
}

/// Writes consecutive terms, falls and springs, from `entry` on.
pub fn terms(
    draft: &mut Draft<'_>,
    entry: Session,
    program: &str,
    bars: &Bars,
    plans: &[&[Line]],
) -> Result<Session, Error> {
    let mut session = entry;
    for lines in plans {
        term(draft, session, program, bars, lines)?;
        session = session.next_regular();
    }
    debug_assert!(session <= CURRENT.next_regular(), "a term after the one in progress");
    Ok(session)
}

fn outcome(grade: &'static str) -> Result<Outcome, Error> {
    Ok(match grade {
        "" => Outcome::IN_PROGRESS,
        "W" => Outcome::other(WITHDRAWN, false),
        "I" => Outcome::other(INCOMPLETE, false),
        "AU" => Outcome::other(AUDIT, false),
        "P" => Outcome::other(PASS, true),
        "NP" => Outcome::other(NO_PASS, false),
        "NR" => Outcome::other(NOT_REPORTED, false),
        "IP" => Outcome::other(CONTINUING, false),
        letter => Outcome::letter((letter, grading::points(letter).ok_or_else(|| broken("a letter"))?)),
    })
}

/// Writes credit accepted from elsewhere.
pub fn accepted(draft: &mut Draft<'_>, origin: &Origin, lines: &[ForeignLine]) -> Result<(), Error> {
    let mut attempts = Vec::new();
    for line in lines {
        let attempt = foreign(line)?;
        draft.earned += u32::try_from(attempt.credits.decimal().micro() / 100_000).unwrap_or(0);
        attempts.push(attempt);
    }
    draft.record.transfers.push(TransferBlock {
        kind: origin.kind,
        institution: Some(text(origin.from)?),
        level: draft.level.clone(),
        designator: origin.session.designator(),
        term_name: Some(text(&origin.session.name())?),
        attempts,
        notes: origin.note.map(text).into_iter().collect::<Result<_, _>>()?,
    });
    Ok(())
}

fn foreign((subject, number, title, credits, grade): &ForeignLine) -> Result<Attempt, Error> {
    let credits = credits.parse().ok().and_then(Credits::new).ok_or_else(|| broken("credits"))?;
    let status = if *grade == TRANSFER.0 { TRANSFER.1 } else { crate::domain::GradeStatus::Completed };
    Ok(Attempt {
        course: Course { subject: Some(text(subject)?), number: Some(text(number)?), title: Some(text(title)?) },
        unit: CreditUnit::Semester,
        credits,
        credits_earned: Some(credits),
        grade: Some(Grade::new(grade).map_err(|_| broken("a grade"))?),
        supplemental_grade: None,
        mark: None,
        status: Some(status),
        repeat: None,
        quality_points: None,
        notes: Vec::new(),
    })
}
