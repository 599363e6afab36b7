//! The totals of every group: students judged one by one, and what the request asks of them.

use super::general::{self, Row};
use super::general_output::Printed;
use super::general_rows::Numbered;
use super::request::{BatchRequest, KeyColumn, OnError};
use super::sums::{Sums, Writing};
use crate::domain::decimal::MAX_PRINTED_PLACES;
use crate::domain::{Course, Credits, Decimal, Error, Grade, Level, Problem, QualityPoints, Ratio, YearMonth};
use crate::gpa::evaluation::{AttemptEvaluation, CreditSummary, LevelEvaluation};
use crate::gpa::policy::Policy;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// What the numbers of the rows mean, each looked at already.
pub(super) struct Meaning {
    pub policy: Policy,
    /// In ascending order.
    pub terms: Vec<YearMonth>,
    pub levels: Vec<Level>,
    pub courses: Vec<Course>,
    pub grades: Vec<Grade>,
    /// By the rounding with the most places of all.
    pub writing: Writing,
}

/// Student, term, level and section by number; 0 for those not grouped by.
pub(super) type Key = [u32; 4];

/// One row of the result.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    pub key: Key,
    pub total: Printed,
    /// Up to and including the term.
    pub running: Printed,
}

/// More problems than anybody reads.
const MOST_PROBLEMS: usize = 100;

/// Rows of students whom the judge refuses, each with the first reason's word.
pub(super) type Refused = Vec<(u64, &'static str)>;

/// All groups, in order of key, and who is left out where that is asked for. `rows` are in order of student and level.
pub(super) fn groups(
    rows: &[Numbered],
    meaning: &Meaning,
    request: &BatchRequest,
    cancelled: &AtomicBool,
) -> Result<(Vec<Group>, Refused), Error> {
    let students: Vec<&[Numbered]> = rows.chunk_by(|a, b| (a.student, a.level) == (b.student, b.level)).collect();
    let judge = |rows: &&[Numbered]| {
        if cancelled.load(Ordering::Relaxed) {
            return Err(Error::Cancelled);
        }
        student(rows, meaning, request).map_err(Error::MalformedRecord)
    };
    // Outside a pool rayon would start its global one, which does not survive a fork.
    let judged: Vec<Result<Vec<Group>, Error>> = if rayon::current_thread_index().is_some() {
        students.par_iter().map(judge).collect()
    } else {
        students.iter().map(judge).collect()
    };
    let mut groups = Vec::with_capacity(judged.len());
    let (mut problems, mut refused) = (Vec::new(), Refused::new());
    for (result, rows) in judged.into_iter().zip(students) {
        match result {
            Ok(found) => groups.extend(found),
            Err(Error::MalformedRecord(found)) if request.on_error == OnError::Collect => {
                let code = found.first().map_or("malformed", |problem| problem.code);
                refused.extend(rows.iter().map(|row| (row.row, code)));
            }
            Err(Error::MalformedRecord(found)) => problems.extend(found),
            Err(other) => return Err(other),
        }
    }
    if !problems.is_empty() {
        problems.truncate(MOST_PROBLEMS);
        return Err(Error::MalformedRecord(problems));
    }
    groups.sort_by_key(|group| group.key);
    let groups = if keeps_students(request) { groups } else { merged(groups, meaning, request) };
    Ok((groups, refused))
}

/// Whether every group lies within one student: then its totals are those of a record, printed as there.
fn keeps_students(request: &BatchRequest) -> bool {
    let by = &request.by.keys;
    by.contains(&KeyColumn::Student) && !by.contains(&KeyColumn::Section)
}

/// What one student at one level adds to which groups.
fn student(numbered: &[Numbered], meaning: &Meaning, request: &BatchRequest) -> Result<Vec<Group>, Vec<Problem>> {
    let Some(first) = numbered.first() else { return Ok(Vec::new()) };
    let mut rows: Vec<(Row, &Numbered)> = numbered.iter().filter_map(|row| Some((meaning.row(row)?, row))).collect();
    rows.sort_unstable_by_key(|(row, _)| (row.term, row.number));
    let (mut rows, numbered): (Vec<Row>, Vec<&Numbered>) = rows.into_iter().unzip();
    let Some(level) = meaning.levels.get(first.level as usize) else { return Ok(Vec::new()) };
    let evaluation = general::judge(&meaning.policy, level, &mut rows)?;
    Ok(of_evaluation(&evaluation, &numbered, meaning, request))
}

fn of_evaluation(
    evaluation: &LevelEvaluation,
    rows: &[&Numbered],
    meaning: &Meaning,
    request: &BatchRequest,
) -> Vec<Group> {
    let by = &request.by.keys;
    let mut rows = rows.iter();
    if !by.contains(&KeyColumn::Term) && !by.contains(&KeyColumn::Section) {
        let total = meaning.printed(&evaluation.institution);
        return rows.next().map(|row| Group { key: key(row, by), total, running: total }).into_iter().collect();
    }
    let mut groups = Vec::new();
    for term in &evaluation.terms {
        let own: Vec<&&Numbered> = rows.by_ref().take(term.attempts.len()).collect();
        if by.contains(&KeyColumn::Section) {
            groups.extend(own.iter().zip(&term.attempts).map(|(row, attempt)| {
                let total = Printed { sums: meaning.sums_of(attempt), gpa: None };
                Group { key: key(row, by), total, running: total }
            }));
        } else if let Some(row) = own.first() {
            let (total, running) = (meaning.printed(&term.term), meaning.printed(&term.cumulative));
            groups.push(Group { key: key(row, by), total, running });
        }
    }
    groups
}

fn key(row: &Numbered, by: &[KeyColumn]) -> Key {
    let cell = |key, number| if by.contains(&key) { number } else { 0 };
    [
        cell(KeyColumn::Student, row.student),
        cell(KeyColumn::Term, row.term),
        cell(KeyColumn::Level, row.level),
        cell(KeyColumn::Section, row.section),
    ]
}

/// Groups of many students: their sums, printed by the rules of the group's own level and term where it has them.
fn merged(groups: Vec<Group>, meaning: &Meaning, request: &BatchRequest) -> Vec<Group> {
    let by = &request.by.keys;
    let mut merged: Vec<Group> = Vec::new();
    for group in groups {
        match merged.last_mut().filter(|last| last.key == group.key) {
            Some(last) => last.total.sums = last.total.sums.joined(group.total.sums),
            None => merged.push(group),
        }
    }
    let mut running: std::collections::BTreeMap<Key, Sums> = std::collections::BTreeMap::new();
    for group in &mut merged {
        let [student, term, level, section] = group.key;
        let so_far = running.entry([student, 0, level, section]).or_default();
        *so_far = so_far.joined(group.total.sums);
        let level = by.contains(&KeyColumn::Level).then(|| meaning.levels.get(level as usize)).flatten();
        let term = by.contains(&KeyColumn::Term).then(|| meaning.terms.get(term as usize).copied()).flatten();
        let rounding = meaning.policy.in_force(level, term).rounding;
        let unit = 10i128.pow(u32::from(MAX_PRINTED_PLACES - rounding.places()));
        let printed = |sums: Sums| {
            let gpa = sums.printed(Writing { rounding, ..meaning.writing });
            Printed { sums, gpa: gpa.and_then(|gpa| i64::try_from(gpa * unit).ok()) }
        };
        (group.total, group.running) = (printed(group.total.sums), printed(*so_far));
    }
    merged
}

impl Meaning {
    pub fn row(&self, row: &Numbered) -> Option<Row<'_>> {
        let credits = Decimal::from_micro(i64::from(row.credits) * 1000, 3).and_then(Credits::new)?;
        Some(Row {
            term: *self.terms.get(row.term as usize)?,
            course: self.courses.get(row.course as usize)?,
            grade: self.grades.get(row.grade as usize)?,
            credits,
            excluded: row.excluded,
            number: usize::try_from(row.row).ok()?,
        })
    }

    fn printed(&self, summary: &CreditSummary) -> Printed {
        let sums = Sums {
            attempted: milli(summary.credits_attempted),
            earned: milli(summary.credits_earned),
            gpa_hours: milli(summary.gpa_hours),
            quality_points: self.quality(summary.quality_points),
        };
        Printed { sums, gpa: summary.gpa.map(|gpa| gpa.displayed.nano()) }
    }

    fn sums_of(&self, attempt: &AttemptEvaluation) -> Sums {
        let points = attempt.points.map(|points| QualityPoints::of(attempt.gpa_hours, points)).unwrap_or_default();
        Sums {
            attempted: milli(attempt.credits_attempted),
            earned: milli(attempt.credits_earned),
            gpa_hours: milli(attempt.gpa_hours),
            quality_points: self.quality(points.ratio()),
        }
    }

    /// In units of three places more than the points have. Credits of a table have three at most, so that nothing is lost.
    fn quality(&self, points: Ratio) -> i128 {
        let unit = 10i128.pow(3 + u32::from(self.writing.point_places));
        // No overflow: a student has less than 10^6 credits at 10^3 points, so that this is below 10^31.
        points.numerator() * unit / points.denominator()
    }
}

fn milli(credits: Credits) -> i128 {
    i128::from(credits.decimal().micro() / 1000)
}
