//! The fast way: looks how the rows lie, and proves at the end that no sum has wrapped.

use super::chunk::Table;
use super::classes::{Classes, Weights};
use super::decode::Decoded;
use super::finish::finish;
use super::groups::{Groups, ordered};
use super::layout::{Layout, Marking};
use super::output::GpaTable;
use super::request::{BatchRequest, OnError};
use super::runs::runs;
use super::stop::Stop;
use super::worth::{Classed, Spelled, WeightTable};
use crate::domain::Error;
use arrow_array::RecordBatch;
use std::sync::atomic::AtomicBool;

/// What `row_by_row` calculates, where every cell is right and every sum fits 64 bits.
pub(super) fn calculate(
    batches: &[RecordBatch],
    layout: &Layout,
    request: &BatchRequest,
    cancelled: &AtomicBool,
) -> Result<Result<GpaTable, Error>, Stop> {
    let rules = request.policy.in_force(None, None);
    let classes = Classes::of(&rules);
    let table = Table::of(batches, layout, cancelled);
    let (parts, credit_bits) = match (layout.marking, WeightTable::of(classes.weights())) {
        (Marking::Grades(_), Some(weights)) => grouped::<Classed>(&table, &classes, &weights)?,
        (_, weights) => grouped::<Spelled>(&table, &classes, &weights.unwrap_or_default())?,
    };
    if !fits(table.rows, credit_bits, most_points(layout, &classes)) {
        return Err(Stop::Slow);
    }
    let writing = layout.writing(&classes, rules.rounding);
    let rejected: Option<&[_]> = if request.on_error == OnError::Collect { Some(&[]) } else { None };
    Ok(finish(&ordered(parts), batches, layout, request, writing, rejected))
}

fn grouped<'a, W: Decoded>(
    table: &Table<'a>,
    classes: &Classes,
    weights: &WeightTable,
) -> Result<(Vec<Groups<'a>>, u32), Stop> {
    runs::<W>(table, classes, weights)
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
