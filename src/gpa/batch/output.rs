//! The result: a table of groups, and the list of rows that were left out.

use super::faults::Fault;
use crate::domain::Error;
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray, UInt64Array};
use arrow_schema::{ArrowError, Field, Schema};
use std::sync::Arc;

/// The totals of every group.
#[derive(Clone, Debug)]
pub struct GpaTable {
    /// The key columns under their own names and in their own types; then `credits_attempted`, `credits_earned` and
    /// `gpa_hours` (decimals of 3 places), `quality_points` (6 places; 9 where the scale's points need them) and
    /// `gpa` (as printed, null without GPA hours); then, where asked for, the first four and the GPA once more up to
    /// and including the term, each named `cumulative_…`.
    pub batch: RecordBatch,
    /// The problems of the rows that were left out: `row` (counted from 0), `column`, `problem` (a stable word).
    pub rejected: Option<RecordBatch>,
    /// How many columns of `batch` are keys: the first ones.
    pub keys: usize,
    /// How many rows were read.
    pub rows: u64,
}

pub(super) const TOTALS: [&str; 5] = ["credits_attempted", "credits_earned", "gpa_hours", "quality_points", "gpa"];

/// The key columns, then the totals.
pub(super) fn batch(
    keys: Vec<(String, ArrayRef)>,
    totals: impl IntoIterator<Item = (String, ArrayRef)>,
) -> Result<RecordBatch, Error> {
    if keys.iter().any(|(name, _)| TOTALS.contains(&name.as_str())) {
        return Err(Error::configuration("a column to group by has the name of a total"));
    }
    record_batch(keys.into_iter().chain(totals).collect())
}

fn record_batch(columns: Vec<(String, ArrayRef)>) -> Result<RecordBatch, Error> {
    let field =
        |(name, array): &(String, ArrayRef)| Field::new(name.clone(), array.data_type().clone(), name.ends_with("gpa"));
    let schema = Schema::new(columns.iter().map(field).collect::<Vec<_>>());
    RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|(_, array)| array).collect()).map_err(internal)
}

/// The list of rows that were left out: each with a column's name and what is wrong there.
pub(super) fn rejected(found: &[(u64, String, Fault)]) -> Result<RecordBatch, Error> {
    let rows = UInt64Array::from_iter_values(found.iter().map(|(row, ..)| *row));
    let columns = StringArray::from_iter_values(found.iter().map(|(_, column, _)| column));
    let problems = StringArray::from_iter_values(found.iter().map(|(.., fault)| fault.code()));
    record_batch(vec![
        ("row".into(), Arc::new(rows)),
        ("column".into(), Arc::new(columns)),
        ("problem".into(), Arc::new(problems)),
    ])
}

pub(super) fn internal(error: ArrowError) -> Error {
    Error::Internal { message: error.to_string() }
}
