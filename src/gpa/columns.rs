//! GPAs of many students at once, from columns of grades in any order.

use super::evaluation::CreditSummary;
use super::judge::entry_on_scale;
use super::plain::gpa_totals;
use super::policy::{Cumulative, InForce, Policy};
use super::scale::GradeEntry;
use super::totals::Totals;
use crate::domain::{Credits, Error, Grade, Level, Problem};
use rayon::prelude::*;

/// One row per attempt. Rows of one student may stand anywhere.
#[derive(Clone, Copy, Debug)]
pub struct GradeColumns<'a> {
    /// How many students there are; indices below run from 0 to one less.
    pub students: usize,
    /// Whose attempt each row is.
    pub student: &'a [u32],
    /// Which of `grades` each row has.
    pub grade: &'a [u32],
    pub credits: &'a [Credits],
    /// The grades that occur, each once.
    pub grades: &'a [Grade],
    /// The level all rows are of, where the policy tells levels apart.
    pub level: Option<&'a Level>,
}

/// The totals of one student.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StudentGpa {
    pub student: usize,
    pub summary: CreditSummary,
}

/// The totals of every student, in order of index, by the policy's newest rules. Each grade that is not on the
/// scale is listed with the first row that has it. A policy with rules for repeats is refused: they go by course
/// and term, which these columns do not have. Called inside a rayon pool, that pool shares the work.
pub fn calculate_gpas(columns: &GradeColumns, policy: &Policy) -> Result<Vec<StudentGpa>, Error> {
    check_shape(columns)?;
    if policy.rules(columns.level).repeats.is_some() {
        let message = "the policy has rules for repeats, which go by course and term; these columns have neither";
        return Err(Error::configuration(message));
    }
    if policy.goes_by_entry(columns.level) {
        let message = "the policy's scale goes by the student's entry term, which these columns do not have; choose it \
                       with Policy.for_entry_term";
        return Err(Error::configuration(message));
    }
    if policy.in_force(columns.level, None).cumulative == Cumulative::RoundedTerms {
        let message = "the policy averages the printed GPAs of terms, and these columns do not say the terms";
        return Err(Error::configuration(message));
    }
    let rules = policy.in_force(columns.level, None);
    let entries = used_entries(columns, &rules)?;
    let mut totals = vec![Some(Totals::ZERO); columns.students];
    for ((student, grade), credits) in columns.student.iter().zip(columns.grade).zip(columns.credits) {
        let sum = &mut totals[*student as usize];
        let entry = entries[*grade as usize];
        *sum = sum.zip(entry).and_then(|(sum, entry)| sum.plus(gpa_totals(entry, *credits)));
    }
    let finish = |(student, totals): (usize, &Option<Totals>)| {
        let too_large = || Problem::new("totals-too-large", format!("students[{student}]"), "has too many credits");
        let summary = totals.and_then(|totals| totals.summary(&rules)).ok_or_else(too_large)?;
        Ok(StudentGpa { student, summary })
    };
    // Outside a pool rayon would start its global one, which does not survive a fork.
    let finished: Vec<Result<StudentGpa, Problem>> = if rayon::current_thread_index().is_some() {
        totals.par_iter().enumerate().map(finish).collect()
    } else {
        totals.iter().enumerate().map(finish).collect()
    };
    let mut gpas = Vec::with_capacity(finished.len());
    let mut problems = Vec::new();
    for result in finished {
        match result {
            Ok(gpa) => gpas.push(gpa),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(gpas) } else { Err(Error::MalformedRecord(problems)) }
}

fn check_shape(columns: &GradeColumns) -> Result<(), Error> {
    let rows = columns.student.len();
    if columns.grade.len() != rows || columns.credits.len() != rows {
        return Err(Error::configuration("the columns student, grade and credits differ in length"));
    }
    if columns.student.iter().any(|student| *student as usize >= columns.students) {
        return Err(Error::configuration("a student index is not below the number of students"));
    }
    if columns.grade.iter().any(|grade| *grade as usize >= columns.grades.len()) {
        return Err(Error::configuration("a grade index is not below the number of grades"));
    }
    Ok(())
}

/// The scale's entry of every grade that occurs in a row; `None` for one that does not.
fn used_entries<'a>(columns: &GradeColumns, rules: &InForce<'a>) -> Result<Vec<Option<&'a GradeEntry>>, Error> {
    let mut entries = vec![None; columns.grades.len()];
    let mut seen = vec![false; columns.grades.len()];
    let mut problems = Vec::new();
    for (row, code) in columns.grade.iter().enumerate() {
        let code = *code as usize;
        if !std::mem::replace(&mut seen[code], true) {
            match entry_on_scale(&columns.grades[code], rules.scale, &format!("rows[{row}].grade")) {
                Ok(entry) => entries[code] = Some(entry),
                Err(problem) => problems.push(problem),
            }
        }
    }
    if problems.is_empty() { Ok(entries) } else { Err(Error::MalformedRecord(problems)) }
}
