//! Groups in order into the table that is handed back.

use super::cumulative::cumulative;
use super::faults::Fault;
use super::groups::Groups;
use super::key_output::key_column;
use super::layout::{Layout, Role, name_of};
use super::output::{self, GpaTable};
use super::request::BatchRequest;
use super::sums::Writing;
use super::totals_output::{Total, total_columns};
use crate::domain::Error;
use arrow_array::RecordBatch;

/// A row that is left out: its number, a column's name, what is wrong there.
pub(super) type Rejected = (u64, String, Fault);

/// `parts` are in order and hold no group twice.
pub(super) fn finish<T: Total>(
    parts: &[Groups<'_, T>],
    batches: &[RecordBatch],
    layout: &Layout,
    request: &BatchRequest,
    writing: Writing,
    rejected: Option<&[Rejected]>,
) -> Result<GpaTable, Error> {
    let mut keys = Vec::with_capacity(layout.keys.len());
    for (place, (key, at)) in layout.keys.iter().enumerate() {
        let kind = batches.first().and_then(|batch| batch.columns().get(*at)).map(|array| array.data_type());
        let Some(kind) = kind else { continue };
        let of_parts: Vec<_> = parts.iter().filter_map(|part| part.keys.get(place)).collect();
        keys.push((name_of(request, Role::Key(*key)), key_column(kind, &of_parts)?));
    }
    let sums: Vec<&[T]> = parts.iter().map(|part| part.sums.as_slice()).collect();
    let mut totals = total_columns("", &sums, writing)?;
    if request.cumulative {
        totals.extend(total_columns("cumulative_", &[&cumulative(parts, layout)], writing)?);
    }
    Ok(GpaTable {
        batch: output::batch(keys, totals)?,
        rejected: rejected.map(output::rejected).transpose()?,
        keys: layout.keys.len(),
        rows: batches.iter().map(|batch| batch.num_rows() as u64).sum(),
    })
}
