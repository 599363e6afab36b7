//! Rules for repeats that look at one course alone: no sort, every row is summed, and what a repeat takes away is
//! taken back.

use super::cells::KeyCell;
use super::chunk::Table;
use super::classes::{Classes, Weights};
use super::fast;
use super::finish::finish;
use super::general_names;
use super::grade_codes::numbered;
use super::groups::{Groups, ordered};
use super::layout::{Layout, Marking};
use super::output::GpaTable;
use super::repeat_columns::{self, Numbering};
use super::repeat_outcomes::Remembered;
use super::request::{BatchRequest, KeyColumn, OnError};
use super::stop::Stop;
use super::worth::WeightTable;
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
    pub competes: Box<[u8; 256]>,
    /// By the same: what stands for it, and the order of whose points is all that matters.
    pub standing_for: Box<[u8; 256]>,
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

impl Plan<'_> {
    /// Grade points by packed attempt.
    pub fn points(&self) -> [u32; 256] {
        let of = |at: usize| self.classes.weights().get(at / 2).map_or(0, |weights| weights.points);
        std::array::from_fn(of)
    }
}

/// Whether an attempt has a result, that repeats can be about: one without never does.
const WITH_CREDITS: u8 = 1;
const ALWAYS: u8 = 2;

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
    let table = Table::of(batches, layout, cancelled);
    let classes = numbered(Classes::of(&rules), &table);
    let first = batches.iter().find(|batch| batch.num_rows() > 0).ok_or(Stop::Slow)?;
    let marks_decide = repeats.recorded == Recorded::Decides;
    let plan = Plan {
        policy: &request.policy,
        weights: WeightTable::marked(classes.weights(), marks_decide).ok_or(Stop::Slow)?,
        competes: competes(&classes, marks_decide),
        standing_for: standing_for(&classes, &repeats.rules.latest().general),
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

fn competes(classes: &Classes, marks_decide: bool) -> Box<[u8; 256]> {
    let mut competes = Box::new([0; 256]);
    for (class, weights) in classes.weights().iter().enumerate() {
        let own = match (weights.gpa_hours, weights.earned) {
            (0, 0) => 0,
            // A pass without credits is none.
            (0, _) => WITH_CREDITS,
            _ => ALWAYS,
        };
        let marked = if marks_decide { ALWAYS } else { own };
        for (place, value) in [(class * 2, own), (class * 2 + 1, marked)] {
            if let Some(place) = competes.get_mut(place) {
                *place = value;
            }
        }
    }
    competes
}

/// Where no grade is a threshold, grades in the GPA that earn alike differ to a rule by their order alone.
fn standing_for(classes: &Classes, rule: &RepeatRule) -> Box<[u8; 256]> {
    let compares = rule.old_at_most.is_some() || rule.new_at_least.is_some();
    let weights = classes.weights();
    let alike = |a: &Weights, b: &Weights| {
        a == b
            || (!compares && a.gpa_hours == 1 && b.gpa_hours == 1 && (a.attempted, a.earned) == (b.attempted, b.earned))
    };
    let mut standing_for = Box::new([0; 256]);
    for (class, own) in weights.iter().enumerate() {
        let first = weights.iter().position(|other| alike(other, own)).unwrap_or(class);
        for mark in 0..2 {
            if let Some(place) = standing_for.get_mut(class * 2 + mark) {
                *place = (first * 2 + mark) as u8;
            }
        }
    }
    standing_for
}

fn grades(classes: &Classes) -> Option<Vec<Grade>> {
    let of_class = |class: usize| {
        let mut spellings = classes.spellings();
        spellings.find(|(_, own)| *own == class).and_then(|(grade, _)| Grade::new(grade).ok())
    };
    (0..classes.weights().len()).map(of_class).collect()
}
