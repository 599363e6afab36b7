//! Judges the rows of one student by the whole policy: the judge of a record, given rows instead of one.

use crate::domain::{
    Attempt, Course, CreditUnit, Credits, Grade, Level, Problem, RepeatTreatment, Term, Text, YearMonth,
};
use crate::gpa::evaluation::LevelEvaluation;
use crate::gpa::level_judge::{LevelJudge, Work};
use crate::gpa::policy::Policy;

/// One attempt of a table.
#[derive(Clone, Copy, Debug)]
pub(in crate::gpa) struct Row<'a> {
    pub term: YearMonth,
    /// See [`course`].
    pub course: &'a Course,
    pub grade: &'a Grade,
    pub credits: Credits,
    /// The student system marks it E: excluded.
    pub excluded: bool,
    /// Its place in the table, for problems.
    pub number: usize,
}

/// A table names a course by one word or number, whatever its subject: all of it is what repeats go by.
pub(in crate::gpa) fn course(code: &Text) -> Course {
    Course { subject: None, number: Some(code.clone()), title: None }
}

/// All totals of one student at one level, and with `rows` brought into the order of the attempts judged.
/// Problems name the table's rows.
pub(in crate::gpa) fn judge(policy: &Policy, level: &Level, rows: &mut [Row]) -> Result<LevelEvaluation, Vec<Problem>> {
    rows.sort_unstable_by_key(|row| (row.term, row.number));
    // A table says nothing of units: its credits are in the one that the policy counts in.
    let unit = unit(policy, level);
    let terms: Vec<Term> = rows.chunk_by(|a, b| a.term == b.term).filter_map(|rows| term(level, unit, rows)).collect();
    let work = Work { terms: &terms, transfers: &[], balances: &[], naming: whole_code };
    // A student enters a level with the first term of it that the table has.
    let entered = terms.first().filter(|_| policy.goes_by_entry(Some(level)));
    let own = entered.map(|first| policy.entered_at(Some(level), first.designator));
    LevelJudge::new(work, own.as_ref().unwrap_or(policy), level, None)
        .judge()
        .map_err(|problems| at_rows(problems, rows))
}

/// The unit that the policy counts in.
pub(in crate::gpa) fn unit(policy: &Policy, level: &Level) -> CreditUnit {
    policy.rules(Some(level)).units.as_ref().map_or(CreditUnit::Unreported, |units| units.print)
}

fn whole_code(course: &Course) -> Option<String> {
    course.number.as_ref().map(|code| code.as_str().to_owned())
}

fn term(level: &Level, unit: CreditUnit, rows: &[Row]) -> Option<Term> {
    let first = rows.first()?;
    Some(Term {
        designator: first.term,
        // Judging reads no name; any text will do.
        name: first.course.number.clone()?,
        begins: None,
        ends: None,
        campus: None,
        level: level.clone(),
        programs: Vec::new(),
        attempts: rows.iter().map(|row| attempt(row, unit)).collect(),
        standing: None,
        honors: Vec::new(),
        notes: Vec::new(),
        stated: Vec::new(),
    })
}

/// The row as a record would have it.
pub(in crate::gpa) fn attempt(row: &Row, unit: CreditUnit) -> Attempt {
    Attempt {
        course: row.course.clone(),
        unit,
        credits: row.credits,
        credits_earned: None,
        grade: Some(row.grade.clone()),
        supplemental_grade: None,
        mark: None,
        status: None,
        repeat: row.excluded.then_some(RepeatTreatment::Excluded),
        quality_points: None,
        notes: Vec::new(),
    }
}

/// The judge places a problem in its terms (`terms[2].attempts[0].grade`); the reader has rows (`rows[17].grade`).
fn at_rows(problems: Vec<Problem>, rows: &[Row]) -> Vec<Problem> {
    let firsts: Vec<usize> = rows
        .chunk_by(|a, b| a.term == b.term)
        .scan(0, |next, term| Some(std::mem::replace(next, *next + term.len())))
        .collect();
    let moved = |problem: Problem| {
        let found = attempt_of(&problem.place)
            .and_then(|(term, at, rest)| Some((rows.get(firsts.get(term)? + at)?.number, rest.to_owned())));
        let place = found.map_or_else(
            || rows.first().map_or("rows".to_owned(), |row| format!("rows[{}]", row.number)),
            |(number, rest)| format!("rows[{number}]{rest}"),
        );
        Problem { place, ..problem }
    };
    problems.into_iter().map(moved).collect()
}

/// Term, attempt and the rest of `terms[2].attempts[0].grade`.
fn attempt_of(place: &str) -> Option<(usize, usize, &str)> {
    let (term, rest) = place.strip_prefix("terms[")?.split_once("].attempts[")?;
    let (at, rest) = rest.split_once(']')?;
    Some((term.parse().ok()?, at.parse().ok()?, rest))
}
