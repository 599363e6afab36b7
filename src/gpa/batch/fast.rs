//! The fast way: looks how the rows lie, and proves at the end that no sum has wrapped.

use super::chunk::Table;
use super::classes::{Classes, Weights};
use super::decode::Decoded;
use super::finish::finish;
use super::grade_codes::numbered;
use super::groups::{Groups, ordered};
use super::layout::{Layout, Marking};
use super::output::GpaTable;
use super::partitions::partitions;
use super::request::{BatchRequest, OnError};
use super::runs::runs;
use super::stop::Stop;
use super::worth::{Classed, Spelled, WeightTable};
use crate::domain::Error;
use arrow_array::RecordBatch;
use std::sync::atomic::AtomicBool;

/// So few are sorted by group faster than they are partitioned.
const FEW_ROWS: usize = 4096;

/// What `row_by_row` calculates, where every cell is right and every sum fits 64 bits.
pub(super) fn calculate(
    batches: &[RecordBatch],
    layout: &Layout,
    request: &BatchRequest,
    cancelled: &AtomicBool,
) -> Result<Result<GpaTable, Error>, Stop> {
    let rules = request.policy.in_force(None, None);
    let table = Table::of(batches, layout, cancelled);
    let classes = numbered(Classes::of(&rules), &table);
    let (parts, credit_bits) = match (layout.marking, WeightTable::of(classes.weights())) {
        (Marking::Grades(_), Some(weights)) => grouped::<Classed>(&table, &classes, &weights)?,
        (_, weights) => grouped::<Spelled>(&table, &classes, &weights.unwrap_or_default())?,
    };
    if !fits(table.rows, credit_bits, most_points(layout, &classes)) {
        return Err(Stop::Slow);
    }
    let writing = layout.writing(&classes, rules.rounding);
    let rejected: Option<&[_]> = if request.on_error == OnError::Collect { Some(&[]) } else { None };
    let parts = ordered(parts, cancelled)?;
    let table = finish(&parts, batches, layout, request, writing, rejected);
    parts.into_iter().for_each(Groups::keep);
    Ok(table)
}

fn grouped<'a, W: Decoded>(
    table: &Table<'a>,
    classes: &Classes,
    weights: &WeightTable,
) -> Result<(Vec<Groups<'a>>, u32), Stop> {
    if lie_together(table)? { runs::<W>(table, classes, weights) } else { partitions::<W>(table, classes, weights) }
}

/// Whether most rows have the keys of the row before, by a sample.
fn lie_together(table: &Table) -> Result<bool, Stop> {
    const PLACES: usize = 64;
    if table.rows < FEW_ROWS {
        return Ok(true);
    }
    let (mut pairs, mut same) = (0, 0);
    for place in 0..PLACES {
        let start = table.rows / PLACES * place;
        table.blocks(start..start + 2, |chunk, rows| {
            if rows.len() == 2 {
                pairs += 1;
                same += usize::from(chunk.keys.iter().all(|cells| cells.get(rows.start) == cells.get(rows.start + 1)));
            }
            Ok(())
        })?;
    }
    Ok(same * 2 > pairs)
}

pub(super) fn most_points(layout: &Layout, classes: &Classes) -> u32 {
    match layout.marking {
        Marking::Points(_) => super::credit_cells::MOST_POINTS,
        Marking::Grades(_) => classes.weights().iter().map(|weights: &Weights| weights.points).max().unwrap_or(0),
    }
}

/// Whether no sum over all rows can pass 63 bits, and with it no sum of a group.
pub(super) fn fits(rows: usize, credit_bits: u32, most_points: u32) -> bool {
    let largest = (rows as u128) * u128::from(credit_bits) * u128::from(most_points.max(1));
    largest < 1 << 63
}
