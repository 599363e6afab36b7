//! Rules for repeats that look at one course alone: no sort, every row is summed, and what a repeat takes away is
//! taken back.

use super::cells::KeyCell;
use super::chunk::Table;
use super::classes::Classes;
use super::fast;
use super::finish::finish;
use super::general_names;
use super::groups::{Groups, ordered};
use super::layout::{Layout, Marking};
use super::output::GpaTable;
use super::pile::Four;
use super::repeat_columns::{self, Numbering};
use super::repeat_outcomes::{Outcomes, Remembered};
use super::repeat_student::StudentCourses;
use super::request::{BatchRequest, KeyColumn, OnError};
use super::stop::Stop;
use super::worth::{Classed, Lanes, WeightTable, Worth};
use super::{repeat_partitions, repeat_runs};
use crate::domain::{Course, Error, Grade};
use crate::gpa::policy::Policy;
use crate::gpa::repeats::{Recorded, RepeatRule, Repeats};
use arrow_array::RecordBatch;
use std::sync::atomic::AtomicBool;

/// What all tasks share.
pub(super) struct Plan<'a> {
    pub policy: &'a Policy,
    pub classes: &'a Classes,
    pub weights: WeightTable,
    /// By the lower 8 bits of a packed attempt.
    pub competes: Box<[Competes; 256]>,
    /// A grade of each class.
    pub grades: Vec<Grade>,
    pub any_course: Course,
    pub remembered: Remembered,
    pub student: usize,
    pub course: usize,
    pub term: usize,
    pub courses: Numbering<'a>,
    pub terms: Numbering<'a>,
}

/// Whether an attempt has a result, that repeats can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Competes {
    Never,
    /// A pass without credits is none.
    WithCredits,
    Always,
}

/// Whether the policy's rules let every course of every student be judged for itself, by one scale.
fn looks_at_courses_alone(request: &BatchRequest) -> Option<&Repeats> {
    let policy = &request.policy;
    let repeats = policy.rules(None).repeats.as_ref()?;
    let by_course =
        |rule: &RepeatRule| rule.cap.credits.is_none() && rule.cap.repeats.is_none() && rule.never_replace.is_empty();
    let rules = repeats.rules.latest();
    let alone = by_course(&rules.general) && rules.by_number.is_empty() && !policy.is_dated(false);
    let alone = alone && !policy.judges_students(false) && !policy.reads_marks(false);
    let students = request.by.keys == [KeyColumn::Student] && request.columns.level.is_none();
    (alone && students).then_some(repeats)
}

/// What `general_table` calculates; `Slow` where only that can.
pub(super) fn calculate(
    batches: &[RecordBatch],
    layout: &Layout,
    request: &BatchRequest,
    cancelled: &AtomicBool,
) -> Result<Result<GpaTable, Error>, Stop> {
    let repeats = looks_at_courses_alone(request).ok_or(Stop::Slow)?;
    let (Some(student), Some(course), Some(term)) = (layout.whole.student, layout.whole.course, layout.whole.term)
    else {
        return Err(Stop::Slow);
    };
    let Marking::Grades(_) = layout.marking else { return Err(Stop::Slow) };
    let rules = request.policy.in_force(None, None);
    let classes = Classes::of(&rules);
    let table = Table::of(batches, layout, cancelled);
    let first = batches.iter().find(|batch| batch.num_rows() > 0).ok_or(Stop::Slow)?;
    let marks_decide = repeats.recorded == Recorded::Decides;
    let plan = Plan {
        policy: &request.policy,
        weights: WeightTable::marked(classes.weights(), marks_decide).ok_or(Stop::Slow)?,
        competes: competes(&classes, marks_decide),
        grades: grades(&classes).ok_or(Stop::Slow)?,
        any_course: general_names::course(&KeyCell::Integer(0)).ok_or(Stop::Slow)?,
        remembered: Remembered::default(),
        courses: Numbering::courses(&repeat_columns::open(first, course)?, repeats),
        terms: Numbering::terms(&table, term)?,
        classes: &classes,
        student,
        course,
        term,
    };
    let (parts, credit_bits) = grouped(&table, &plan)?;
    if !fast::fits(table.rows, credit_bits, fast::most_points(layout, &classes)) {
        return Err(Stop::Slow);
    }
    let writing = layout.writing(&classes, rules.rounding);
    let rejected: Option<&[_]> = if request.on_error == OnError::Collect { Some(&[]) } else { None };
    let table = finish(&parts, batches, layout, request, writing, rejected);
    parts.into_iter().for_each(Groups::keep);
    Ok(table)
}

/// All students, in order.
fn grouped<'a>(table: &Table<'a>, plan: &Plan<'a>) -> Result<(Vec<Groups<'a>>, u32), Stop> {
    if repeat_runs::stands_together(table, plan.student)? {
        let (parts, credit_bits) = repeat_runs::runs(table, plan)?;
        let found: usize = parts.iter().map(Groups::len).sum();
        let parts = ordered(parts, table.cancelled)?;
        // A student in two places has been judged in halves.
        if parts.iter().map(Groups::len).sum::<usize>() == found {
            return Ok((parts, credit_bits));
        }
    }
    let (parts, credit_bits) = repeat_partitions::partitions(table, plan)?;
    Ok((ordered(parts, table.cancelled)?, credit_bits))
}

fn competes(classes: &Classes, marks_decide: bool) -> Box<[Competes; 256]> {
    let mut competes = Box::new([Competes::Never; 256]);
    for (class, weights) in classes.weights().iter().enumerate() {
        let own = match (weights.gpa_hours, weights.earned) {
            (0, 0) => Competes::Never,
            (0, _) => Competes::WithCredits,
            _ => Competes::Always,
        };
        let marked = if marks_decide { Competes::Always } else { own };
        for (place, value) in [(class * 2, own), (class * 2 + 1, marked)] {
            if let Some(place) = competes.get_mut(place) {
                *place = value;
            }
        }
    }
    competes
}

fn grades(classes: &Classes) -> Option<Vec<Grade>> {
    let of_class = |class: usize| {
        let mut spellings = classes.spellings();
        spellings.find(|(_, own)| *own == class).and_then(|(grade, _)| Grade::new(grade).ok())
    };
    (0..classes.weights().len()).map(of_class).collect()
}

/// Sums one student after the other.
pub(super) struct StudentSums<'p, 'a> {
    plan: &'p Plan<'a>,
    courses: StudentCourses,
    outcomes: Outcomes<'p>,
    /// Only names can say that a course is never a repeat.
    never: bool,
    sums: Lanes,
}

/// No record holds more credits, in thousandths.
const MOST_CREDITS: u64 = 999_999_000;

impl<'p, 'a> StudentSums<'p, 'a> {
    pub fn new(plan: &'p Plan<'a>) -> StudentSums<'p, 'a> {
        StudentSums {
            plan,
            courses: StudentCourses::new(),
            outcomes: Outcomes::new(plan.policy, &plan.grades, &plan.any_course, &plan.remembered),
            never: matches!(plan.courses, Numbering::Courses(_)),
            sums: Lanes::default(),
        }
    }

    /// More attempts of the present student: first their sums, which stay in registers, then their courses.
    #[inline(always)]
    pub fn add(&mut self, attempts: impl Iterator<Item = (u32, u32, Classed)> + Clone) {
        let mut sums = Four::of(self.sums);
        attempts.clone().for_each(|(_, _, row)| row.pile(&self.plan.weights, &mut sums));
        self.sums = sums.lanes();
        for (course, term, row) in attempts {
            let least = if row.0 >> 8 == 0 { Competes::Always } else { Competes::WithCredits };
            let never = self.never && course == repeat_columns::NEVER;
            if self.plan.competes[(row.0 & 0xff) as usize] >= least && !never {
                self.courses.take(course, term, row.0);
            }
        }
    }

    /// The totals of the student, who is the last one's successor from here on.
    #[inline(always)]
    pub fn finish(&mut self) -> Result<Lanes, Stop> {
        let mut sums = std::mem::take(&mut self.sums);
        self.courses.finish(&mut sums, &self.plan.weights, &mut self.outcomes).ok_or(Stop::Slow)?;
        let [attempted, earned, hours, _] = sums;
        if attempted.max(earned).max(hours) > MOST_CREDITS { Err(Stop::Slow) } else { Ok(sums) }
    }
}
