//! The totals of every group: students judged one by one, and what the request asks of them.

use super::general;
use super::general_meaning::Meaning;
use super::general_merge;
use super::general_output::Printed;
use super::general_rows::Numbered;
use super::general_rules::{Policies, Rules};
use super::general_student::{Doubt, Quick};
use super::request::{BatchRequest, KeyColumn, OnError};
use super::share;
use super::sums::Sums;
use crate::domain::{Credits, Error, Problem, QualityPoints, Ratio};
use crate::gpa::evaluation::{AttemptEvaluation, CreditSummary, LevelEvaluation};
use std::sync::atomic::{AtomicBool, Ordering};

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

/// What a student's evaluation is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Students,
    Terms,
    Attempts,
}

impl Wanted {
    pub fn of(by: &[KeyColumn]) -> Wanted {
        match (by.contains(&KeyColumn::Section), by.contains(&KeyColumn::Term)) {
            (true, _) => Wanted::Attempts,
            (false, true) => Wanted::Terms,
            (false, false) => Wanted::Students,
        }
    }
}

/// Students between two looks at the flag.
const LOOK: usize = 64;

/// More problems than anybody reads.
const MOST_PROBLEMS: usize = 100;

/// Rows of students whom the judge refuses, each with the first reason's word.
pub(super) type Refused = Vec<(u64, &'static str)>;

/// What a part of the students gives.
#[derive(Default)]
struct Part {
    groups: Vec<Group>,
    problems: Vec<Problem>,
    refused: Refused,
}

/// All groups, in parts and in order of key, and who is left out where that is asked for. The rows of each part are in
/// order of student, level, term and place.
pub(super) fn groups(
    parts: Vec<Vec<Numbered>>,
    meaning: &Meaning,
    request: &BatchRequest,
    cancelled: &AtomicBool,
) -> Result<(Vec<Vec<Group>>, Refused), Error> {
    let policies = Policies::of(meaning);
    let rules = policies.as_ref().map(|policies| Rules::of(meaning, policies));
    let judged = share::each(parts, |rows| part(&rows, meaning, rules.as_ref(), request, cancelled));
    let (mut groups, mut problems, mut refused) = (Vec::with_capacity(judged.len()), Vec::new(), Refused::new());
    for part in judged {
        let part = part?;
        groups.push(part.groups);
        problems.extend(part.problems);
        refused.extend(part.refused);
    }
    if !problems.is_empty() {
        problems.truncate(MOST_PROBLEMS);
        return Err(Error::MalformedRecord(problems));
    }
    Ok((general_merge::ordered(groups, keeps_students(request), meaning, request, cancelled)?, refused))
}

/// Whether every group lies within one student: then its totals are those of a record, printed as there.
fn keeps_students(request: &BatchRequest) -> bool {
    let by = &request.by.keys;
    by.contains(&KeyColumn::Student) && !by.contains(&KeyColumn::Section)
}

fn part<'m>(
    rows: &[Numbered],
    meaning: &'m Meaning,
    rules: Option<&Rules<'m>>,
    request: &BatchRequest,
    cancelled: &AtomicBool,
) -> Result<Part, Error> {
    let mut part = Part::default();
    let mut quick = rules.map(|rules| Quick::new(meaning, rules, &request.by.keys, cancelled));
    for (number, own) in rows.chunk_by(|a, b| (a.student, a.level) == (b.student, b.level)).enumerate() {
        if number % LOOK == 0 && cancelled.load(Ordering::Relaxed) {
            return Err(Error::Cancelled);
        }
        let judged = match quick.as_mut().map(|quick| quick.student(own, &mut part.groups)) {
            Some(Ok(())) => Ok(Vec::new()),
            Some(Err(Doubt::Refused(problem))) => Err(vec![problem]),
            _ if cancelled.load(Ordering::Relaxed) => return Err(Error::Cancelled),
            Some(Err(Doubt::Unknown)) | None => student(own, meaning, request),
        };
        match judged {
            Ok(found) => part.groups.extend(found),
            Err(found) if request.on_error == OnError::Collect => {
                let code = found.first().map_or("malformed", |problem| problem.code);
                part.refused.extend(own.iter().map(|row| (row.row, code)));
            }
            Err(found) => part.problems.extend(found.into_iter().take(MOST_PROBLEMS)),
        }
    }
    Ok(part)
}

/// What one student at one level adds to which groups, by the judge of records.
fn student(numbered: &[Numbered], meaning: &Meaning, request: &BatchRequest) -> Result<Vec<Group>, Vec<Problem>> {
    let level = numbered.first().and_then(|first| meaning.levels.get(first.level as usize));
    let Some(level) = level else { return Ok(Vec::new()) };
    let mut rows: Vec<_> = numbered.iter().filter_map(|row| meaning.row(row)).collect();
    let evaluation = general::judge(&meaning.policy, level, &mut rows)?;
    Ok(of_evaluation(&evaluation, numbered, meaning, request))
}

fn of_evaluation(
    evaluation: &LevelEvaluation,
    rows: &[Numbered],
    meaning: &Meaning,
    request: &BatchRequest,
) -> Vec<Group> {
    let by = &request.by.keys;
    let wanted = Wanted::of(by);
    let mut rows = rows.iter();
    if wanted == Wanted::Students {
        let total = meaning.printed(&evaluation.institution);
        return rows.next().map(|row| Group { key: key(row, by), total, running: total }).into_iter().collect();
    }
    let mut groups = Vec::new();
    for term in &evaluation.terms {
        let own: Vec<&Numbered> = rows.by_ref().take(term.attempts.len()).collect();
        if wanted == Wanted::Attempts {
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

pub(super) fn key(row: &Numbered, by: &[KeyColumn]) -> Key {
    let cell = |key, number| if by.contains(&key) { number } else { 0 };
    [
        cell(KeyColumn::Student, row.student),
        cell(KeyColumn::Term, row.term),
        cell(KeyColumn::Level, row.level),
        cell(KeyColumn::Section, row.section),
    ]
}

impl Meaning {
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
