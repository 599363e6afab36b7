//! Results of the pieces of one table, added up: groups may have rows in any of the pieces.

use super::cells::KeyCells;
use super::finish::finish;
use super::general_table;
use super::groups::{Groups, Keys, ordered};
use super::layout::{Layout, Marking, WholeColumns};
use super::output::GpaTable;
use super::request::BatchRequest;
use super::sums::{Sums, Writing};
use crate::domain::Error;
use arrow_array::cast::AsArray;
use arrow_array::types::Decimal128Type;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::DataType;
use std::sync::atomic::AtomicBool;

/// Credits have three places in every result.
const CREDIT_PLACES: i8 = 3;

/// The result for all pieces together. Each part is the result for one piece, asked for without cumulative totals; the
/// request says whether the whole has them. Attempts of a group are in several pieces, so a policy that looks at more
/// than one attempt at a time is refused: see [`check_merge`].
pub fn merge_tables(parts: &[RecordBatch], request: &BatchRequest) -> Result<GpaTable, Error> {
    check_merge(request)?;
    let width = request.by.keys.len();
    // A piece without rows may be of any type: an empty list has none.
    let filled: Vec<RecordBatch> = parts.iter().filter(|part| part.num_rows() > 0).cloned().collect();
    let parts = if filled.is_empty() { parts } else { filled.as_slice() };
    if parts.windows(2).any(|pair| key_types(&pair[0], width) != key_types(&pair[1], width)) {
        return Err(Error::configuration("the batches of the table differ in the types of what is grouped by"));
    }
    let groups =
        parts.iter().map(|part| groups_of(part, width)).collect::<Option<Vec<_>>>().ok_or_else(not_a_result)?;
    let point_places = parts.first().and_then(|part| point_places(part, width)).ok_or_else(not_a_result)?;
    let writing = Writing { point_places, rounding: request.policy.in_force(None, None).rounding };
    // In a result the keys come first, in the order of the request.
    let keys = request.by.keys.iter().copied().zip(0..).collect();
    let whole = WholeColumns { student: None, term: None, level: None, course: None };
    let layout = Layout { keys, marking: Marking::Points(width), credits: None, excluded: None, whole };
    let groups = ordered(groups, &AtomicBool::new(false)).map_err(|_| Error::Cancelled)?;
    finish(&groups, parts, &layout, request, writing, None)
}

/// Whether results of pieces can be added up at all.
pub fn check_merge(request: &BatchRequest) -> Result<(), Error> {
    if general_table::is_needed(request) {
        let message = "the policy judges all attempts of a student at once (repeats, levels, or rules that changed over \
                       the years): let them come clustered by student";
        return Err(Error::configuration(message));
    }
    Ok(())
}

/// Keys are kept as numbers of their own type: those of another type mean others.
fn key_types(part: &RecordBatch, width: usize) -> Vec<DataType> {
    let plain = |kind: &DataType| match kind {
        DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        other => other.clone(),
    };
    let of_column = |column: &ArrayRef| match column.data_type() {
        DataType::Dictionary(_, values) => plain(values),
        other => plain(other),
    };
    part.columns().iter().take(width).map(of_column).collect()
}

/// `None` where it is no result.
fn groups_of(part: &RecordBatch, width: usize) -> Option<Groups<'_, Sums>> {
    let rows = part.num_rows();
    let mut keys = Vec::with_capacity(width);
    for column in part.columns().get(..width)? {
        let cells = KeyCells::of(column.as_ref())?;
        let mut own = Keys::empty(&cells);
        own.extend(&cells, 0..rows)?;
        keys.push(own);
    }
    let total = |at: usize| part.columns().get(width + at)?.as_primitive_opt::<Decimal128Type>();
    let (attempted, earned, hours, quality) = (total(0)?, total(1)?, total(2)?, total(3)?);
    let sums = (0..rows).map(|row| Sums {
        attempted: attempted.value(row),
        earned: earned.value(row),
        gpa_hours: hours.value(row),
        quality_points: quality.value(row),
    });
    Some(Groups { keys, sums: sums.collect() })
}

fn point_places(part: &RecordBatch, width: usize) -> Option<u8> {
    let quality = part.columns().get(width + 3)?.as_primitive_opt::<Decimal128Type>()?;
    u8::try_from(quality.scale() - CREDIT_PLACES).ok()
}

fn not_a_result() -> Error {
    Error::Internal { message: "a part to be merged is no result of the batch".to_owned() }
}
