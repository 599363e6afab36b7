//! A whole table by a whole policy: repeats, rules that changed over the years, levels with rules of their own.

use super::faults::Fault;
use super::general_distinct::Ranked;
use super::general_groups;
use super::general_meaning::{Meaning, Named};
use super::general_output::{self, KeyLists};
use super::general_read::{self, Wrong};
use super::general_rows::Numbered;
use super::general_students;
use super::layout::{Layout, Role, name_of};
use super::output::GpaTable;
use super::request::{BatchRequest, KeyColumn, OnError};
use crate::domain::Error;
use arrow_array::RecordBatch;
use std::sync::atomic::AtomicBool;

/// Whether the policy asks more of a table than to add up its grades.
pub(super) fn is_needed(request: &BatchRequest) -> bool {
    let (policy, levels) = (&request.policy, request.columns.level.is_some());
    let keeps = |key| request.by.keys.contains(&key);
    // Levels never mix, so that a student's level is looked at wherever it is told.
    let of_students = keeps(KeyColumn::Student) && !keeps(KeyColumn::Level);
    let by_level = levels && (of_students || policy.all_rules().count() > 1);
    policy.has_repeats(levels)
        || policy.judges_students(levels)
        || policy.reads_marks(levels)
        || by_level
        || (request.columns.term.is_some() && policy.is_dated(levels))
}

pub(super) fn calculate(
    batches: &[RecordBatch],
    layout: &Layout,
    request: &BatchRequest,
    cancelled: &AtomicBool,
) -> Result<GpaTable, Error> {
    let Understood { parts, meaning, keys, mut wrong } = understood(batches, layout, request, cancelled)?;
    if request.on_error == OnError::Refuse && !wrong.faults.is_empty() {
        return Err(wrong.faults.error(|role| name_of(request, role)));
    }
    let (groups, refused) = general_groups::groups(parts, &meaning, request, cancelled)?;
    // Where nobody's student is named, each row is judged for itself, by its credits if by anything.
    let role = layout.whole.student.map_or(Role::Credits, |_| Role::Key(KeyColumn::Student));
    refused.into_iter().for_each(|(row, code)| wrong.add(role, Fault::Judged(code), row));
    Ok(GpaTable {
        batch: general_output::table(&groups, &keys, batches, layout, request, meaning.writing)?,
        rejected: wrong.rejected(request)?,
        keys: layout.keys.len(),
        rows: batches.iter().map(|batch| batch.num_rows() as u64).sum(),
    })
}

/// A table as the policy sees it.
pub(super) struct Understood<'a> {
    /// By parts of the students, and in them by student, level, term and place.
    pub parts: Vec<Vec<Numbered>>,
    pub meaning: Meaning,
    pub keys: KeyLists<'a>,
    pub wrong: Wrong,
}

/// The rows that can be right, what they mean, and what is wrong with the others.
pub(super) fn understood<'a>(
    batches: &'a [RecordBatch],
    layout: &Layout,
    request: &BatchRequest,
    cancelled: &AtomicBool,
) -> Result<Understood<'a>, Error> {
    let mut pieces = general_read::pieces(batches, layout, request, cancelled)?;
    let ranked = general_read::ranked(&mut pieces, cancelled)?;
    let named = Named::of(&ranked, layout, request, cancelled)?;
    let mut wrong = Wrong::none_yet(request);
    let by_student = layout.whole.student.is_some();
    let parts = general_students::students(pieces, &ranked, &named, by_student, &mut wrong, request, cancelled)?;
    let [students, terms, levels, sections, ..] = ranked.map(|Ranked { cells, .. }| cells);
    Ok(Understood { parts, meaning: named.meaning(), keys: KeyLists { students, terms, levels, sections }, wrong })
}
