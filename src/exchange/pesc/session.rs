//! A session as a term, or as a transfer block when it was spent at another institution.

use super::award::{add_award, program_line};
use super::course::{attempt, course_level, read_level};
use super::element::Element;
use super::organization::{School, school};
use super::parts::Parts;
use super::summary::summary;
use super::words::{note, phrase, says_nothing, transfer_kind};
use crate::domain::{Institution, Level, StatedSummary, SummarySpan, Term, Text, TransferBlock, YearMonth};
use std::cmp::Reverse;
use std::collections::HashMap;

/// What a session takes from the academic record around it.
pub(super) struct Surroundings<'a> {
    pub sender: Option<&'a Institution>,
    /// The school of the academic record.
    pub school: Option<Element<'a>>,
    /// The level of a session that tells none.
    pub level: Level,
}

/// Adds a session as one term or one transfer block: a session is never split and never left out.
pub(super) fn add_session(element: Element<'_>, around: &Surroundings<'_>, parts: &mut Parts) {
    element.children("AcademicAward").for_each(|award| add_award(award, parts));
    let Some(mut term) = term(element, around) else { return };
    match element.child("School").or(around.school).and_then(|other| school(other, around.sender)) {
        None => parts.terms.push(term),
        Some(School { name, elsewhere: false, notes }) => {
            let at = name.and_then(|name| note(&format!("Taken at {name}")));
            term.notes.splice(0..0, at.into_iter().chain(notes));
            parts.terms.push(term);
        }
        Some(School { name, elsewhere: true, notes }) => add_transfer(element, term, name, notes, parts),
    }
}

/// A session elsewhere. Its totals go to the record's, named after it; what a transfer block has no place for
/// becomes notes.
fn add_transfer(element: Element<'_>, term: Term, school: Option<Text>, notes: Vec<Text>, parts: &mut Parts) {
    for mut stated in term.stated {
        let whose: Vec<_> = [school.as_ref(), Some(&term.name), stated.label.as_ref()].into_iter().flatten().collect();
        let words: Vec<_> = whose.into_iter().map(Text::as_str).collect();
        stated.label = note(&words.join(", "));
        stated.span = SummarySpan::Other;
        parts.stated.push(stated);
    }
    let standing = term.standing.and_then(|standing| note(&format!("Academic standing: {standing}")));
    let first_basis = element.child("Course").and_then(|course| course.value("CourseCreditBasis"));
    parts.transfers.push(TransferBlock {
        kind: transfer_kind(first_basis.unwrap_or_default()),
        institution: school,
        level: term.level,
        designator: Some(term.designator),
        term_name: Some(term.name),
        attempts: term.attempts,
        notes: [notes, term.programs, standing.into_iter().collect(), term.honors, term.notes].concat(),
    });
}

fn term(element: Element<'_>, around: &Surroundings<'_>) -> Option<Term> {
    let Some(detail) = element.child("AcademicSessionDetail") else {
        return element.lacks("AcademicSessionDetail");
    };
    let designator = designator(detail);
    let (begins, ends) = (detail.date("SessionBeginDate"), detail.date("SessionEndDate"));
    if begins.zip(ends).is_some_and(|(begins, ends)| begins > ends) {
        detail.refuse::<()>("dates-reversed", "ends before it begins");
    }
    let level = level(element, around);
    let attempts = element.children("Course").filter_map(|course| attempt(course, &level)).collect();
    let name = detail.text("SessionName");
    let programs = programs(element).filter_map(program_line).collect();
    let totals = totals(element);
    let notes = [notes(element, detail), totals.notes].concat();
    let designator = designator?;
    let name = name.or_else(|| unnamed(detail, designator))?;
    let Totals { standing, honors, stated, .. } = totals;
    // PESC knows the school of a session, not its campus.
    let campus = None;
    Some(Term { designator, name, begins, ends, level, campus, programs, attempts, standing, honors, notes, stated })
}

/// The session's designator, else the month in which it begins.
fn designator(detail: Element<'_>) -> Option<YearMonth> {
    match detail.filled("SessionDesignator") {
        Some(_) => detail.year_month("SessionDesignator"),
        None if detail.filled("SessionBeginDate").is_some() => detail.year_month("SessionBeginDate"),
        None => detail.lacks("SessionDesignator"),
    }
}

/// What a session without a name is called: its type and designator.
fn unnamed(detail: Element<'_>, designator: YearMonth) -> Option<Text> {
    let kind = detail.value("SessionType").filter(|kind| *kind != "Other").map(phrase).unwrap_or_default();
    note(&format!("{kind} {designator}"))
}

/// The level of the session's courses when they agree; else the student's, the summaries', the most courses'.
fn level(element: Element<'_>, around: &Surroundings<'_>) -> Level {
    let of_courses: Vec<Level> = element.children("Course").filter_map(course_level).collect();
    if let Some(first) = of_courses.first().filter(|first| of_courses.iter().all(|level| level == *first)) {
        return first.clone();
    }
    let of_student = student_level(element);
    let of_summary =
        || element.children("AcademicSummary").find_map(|s| s.filled("AcademicSummaryLevel").and_then(read_level));
    let most = || most_frequent(&of_courses);
    of_student.or_else(of_summary).or_else(most).unwrap_or_else(|| around.level.clone())
}

/// Of equally many, the first.
fn most_frequent(levels: &[Level]) -> Option<Level> {
    let mut counts: HashMap<&Level, (usize, Reverse<usize>)> = HashMap::new();
    for (index, level) in levels.iter().enumerate() {
        counts.entry(level).or_insert((0, Reverse(index))).0 += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(level, _)| level.clone())
}

/// The level that a StudentLevel tells, unless it only says "college".
pub(super) fn student_level(element: Element<'_>) -> Option<Level> {
    let code = element.child("StudentLevel")?.filled("StudentLevelCode")?;
    if says_nothing(code.content()) { None } else { read_level(code) }
}

/// The programmes that the session itself and its summaries name.
fn programs(element: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    let of_summaries = element.children("AcademicSummary").flat_map(|summary| summary.children("AcademicProgram"));
    element.children("AcademicProgram").chain(of_summaries)
}

fn notes(element: Element<'_>, detail: Element<'_>) -> Vec<Text> {
    let mut notes = detail.texts("NoteMessage");
    if let Some(level) = element.child("StudentLevel") {
        let code = level.value("StudentLevelCode").filter(|code| !says_nothing(code));
        notes.extend(code.and_then(|code| note(&phrase(code))));
        notes.extend(level.texts("NoteMessage"));
    }
    notes.extend(programs(element).flat_map(|program| program.texts("NoteMessage")));
    notes.extend(element.texts("NoteMessage"));
    notes
}

/// What the summaries of a session tell.
#[derive(Default)]
struct Totals {
    standing: Option<Text>,
    honors: Vec<Text>,
    notes: Vec<Text>,
    stated: Vec<StatedSummary>,
}

/// The session's totals. Its standing is the first that a summary tells; another one stays with its summary.
fn totals(element: Element<'_>) -> Totals {
    let mut totals = Totals::default();
    let of_programs = element.children("AcademicProgram").flat_map(|program| program.children("ProgramSummary"));
    for each in element.children("AcademicSummary").chain(of_programs) {
        let mut read = summary(each, (SummarySpan::Term, None));
        totals.standing = totals.standing.take().or(read.standing);
        for stated in &mut read.stated {
            stated.standing = stated.standing.take().filter(|standing| Some(standing) != totals.standing.as_ref());
        }
        totals.stated.extend(read.stated.into_iter().filter(tells_something));
        totals.honors.extend(read.honors);
        totals.notes.extend(read.notes);
    }
    totals
}

/// Whether totals, their standing taken, still tell anything.
fn tells_something(stated: &StatedSummary) -> bool {
    let numbers =
        [stated.credits_attempted, stated.credits_earned, stated.gpa_hours, stated.quality_points, stated.gpa];
    numbers.iter().any(Option::is_some) || stated.standing.is_some() || !stated.notes.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_level_is_the_first_of_equals() {
        let levels = |words: &[&str]| words.iter().filter_map(|word| Level::new(word).ok()).collect::<Vec<_>>();
        let most = |words: &[&str]| most_frequent(&levels(words)).map(|level| level.to_string());
        assert_eq!(most(&["law", "graduate", "law"]).as_deref(), Some("law"));
        assert_eq!(most(&["graduate", "law", "law", "graduate"]).as_deref(), Some("graduate"));
        assert_eq!(most(&[]), None);
    }
}
