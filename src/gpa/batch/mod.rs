//! GPAs of millions of attempts at once: Arrow columns in, Arrow columns out, exact.

mod ahead;
mod cells;
mod changes;
mod chunk;
mod classes;
mod clusters;
mod credit_cells;
mod cumulative;
mod decode;
mod direct;
mod explain;
mod fast;
mod faults;
mod finish;
mod general;
mod general_distinct;
mod general_groups;
mod general_meaning;
mod general_merge;
mod general_names;
mod general_output;
mod general_read;
mod general_rows;
mod general_rules;
mod general_student;
mod general_students;
mod general_table;
mod grade_codes;
mod groups;
mod kept;
mod key_code;
mod key_extent;
mod key_output;
mod layout;
mod merge;
mod output;
mod partitions;
mod pile;
mod places;
mod repeat;
mod repeat_columns;
mod repeat_outcomes;
mod repeat_partitions;
mod repeat_runs;
mod repeat_student;
mod request;
mod row_by_row;
mod rows;
mod runs;
mod scan;
mod share;
mod stop;
mod sums;
mod tables;
mod totals_output;
mod wider;
mod worth;

pub use clusters::Clusters;
pub use explain::{RowEvaluation, explain_table};
pub use merge::{check_merge, merge_tables};
pub use output::GpaTable;
pub use request::{BatchRequest, ColumnNames, Grouping, KeyColumn, OnError};

use crate::domain::Error;
use arrow_array::RecordBatch;
use classes::Classes;
use layout::Layout;
use std::sync::atomic::AtomicBool;
use stop::Stop;

/// One row for each group that `request.by` names, sorted by the key columns ascending (numbers by value, texts by
/// their bytes), with the exact totals and the GPA as the policy prints it.
///
/// The batches are the chunks of one table: all have the schema of the first, and rows are numbered from 0 through
/// all of them. A table without rows still needs one batch, for its schema. Columns that the request names are read
/// in place; no chunk is copied or joined to another.
///
/// A grade counts by the rules of its level where a level column is named, else by the policy's general ones; by
/// those in force in its term where a term column is named, else by the newest. Terms are ordered by value. A policy
/// whose rules changed over the years needs terms that are a year and month: texts such as `2004-09`, or integers
/// such as 200409. A policy with rules for repeats needs the columns student, course and term, and every student is
/// judged as [`evaluate`](crate::gpa::evaluate) judges a record of the same attempts.
///
/// Called inside a rayon pool, that pool shares the work; elsewhere the calling thread does it alone. `cancelled` is
/// read every few thousand rows: [`Error::Cancelled`].
///
/// [`Error::MalformedRecord`] lists every kind of problem of every column, with the first row and the number of
/// rows; with [`OnError::Collect`] such rows are left out and listed in [`GpaTable::rejected`] instead.
/// A missing column or one of a type that cannot be read is always an error.
pub fn calculate_table(
    batches: &[RecordBatch],
    request: &BatchRequest,
    cancelled: &AtomicBool,
) -> Result<GpaTable, Error> {
    let layout = Layout::of(batches, request)?;
    if general_table::is_needed(request) {
        return match repeat::calculate(batches, &layout, request, cancelled) {
            Err(Stop::Cancelled) => Err(Error::Cancelled),
            Err(Stop::Slow) => general_table::calculate(batches, &layout, request, cancelled),
            Ok(table) => table,
        };
    }
    match fast::calculate(batches, &layout, request, cancelled) {
        Err(Stop::Cancelled) => Err(Error::Cancelled),
        Err(Stop::Slow) => calculate_slowly(batches, &layout, request, cancelled),
        Ok(table) => table,
    }
}

/// Wrong cells are named, and left out if that is asked for. What is no matter of cells is done row by row.
fn calculate_slowly(
    batches: &[RecordBatch],
    layout: &Layout,
    request: &BatchRequest,
    cancelled: &AtomicBool,
) -> Result<GpaTable, Error> {
    let classes = Classes::of(&request.policy.in_force(None, None));
    let found = scan::scan(batches, layout, request, &classes, cancelled)?;
    if found.faults.is_empty() {
        return row_by_row::calculate(batches, layout, request, cancelled);
    }
    if request.on_error == OnError::Refuse {
        return Err(found.faults.error(|role| layout::name_of(request, role)));
    }
    let Some(pieces) = scan::between(batches, &found.rejected) else {
        return row_by_row::calculate(batches, layout, request, cancelled);
    };
    let mut table = match fast::calculate(&pieces, layout, request, cancelled) {
        Err(Stop::Cancelled) => Err(Error::Cancelled),
        Err(Stop::Slow) => return row_by_row::calculate(batches, layout, request, cancelled),
        Ok(table) => table,
    }?;
    table.rejected = Some(output::rejected(&found.rejected)?);
    table.rows = batches.iter().map(|batch| batch.num_rows() as u64).sum();
    Ok(table)
}
