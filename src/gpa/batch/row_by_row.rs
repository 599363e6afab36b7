//! The whole calculation one row at a time: any keys, any faults, sums of any size.

use super::cells::KeyCell;
use super::classes::Classes;
use super::faults::{Fault, Faults};
use super::finish::finish;
use super::groups::{Groups, Keys};
use super::layout::{Layout, Role, name_of};
use super::output::GpaTable;
use super::request::{BatchRequest, OnError};
use super::rows::Rows;
use super::sums::Sums;
use crate::domain::Error;
use arrow_array::RecordBatch;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// Rows between two looks at the flag.
const BLOCK: usize = 4096;

pub(super) fn calculate(
    batches: &[RecordBatch],
    layout: &Layout,
    request: &BatchRequest,
    cancelled: &AtomicBool,
) -> Result<GpaTable, Error> {
    let rules = request.policy.in_force(None, None);
    let classes = Classes::of(&rules);
    let mut groups = BTreeMap::new();
    let mut faults = Faults::default();
    let mut rejected = Vec::new();
    let mut first_row = 0;
    for batch in batches {
        let rows = Rows::of(batch, layout, &classes)?;
        for start in (0..rows.count).step_by(BLOCK) {
            if cancelled.load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            for row in start..rows.count.min(start + BLOCK) {
                let number = first_row + row as u64;
                add(&mut groups, &rows, row, &mut |role, fault| {
                    faults.add(role, fault, number);
                    if request.on_error == OnError::Collect {
                        rejected.push((number, name_of(request, role), fault));
                    }
                });
            }
        }
        first_row += rows.count as u64;
    }
    if request.on_error == OnError::Refuse && !faults.is_empty() {
        return Err(faults.error(|role| name_of(request, role)));
    }
    let writing = layout.writing(&classes, rules.rounding);
    let mut table = Groups::<Sums> { keys: Vec::new(), sums: Vec::with_capacity(groups.len()) };
    if let Some(batch) = batches.first() {
        let first = Rows::of(batch, layout, &classes)?;
        table.keys = first.keys.iter().map(|(_, cells)| Keys::empty(cells)).collect();
        for (key, sums) in groups {
            for ((keys, cell), (_, cells)) in table.keys.iter_mut().zip(key).zip(&first.keys) {
                keys.push(cell, cells);
            }
            table.sums.push(sums);
        }
    }
    let rejected = (request.on_error == OnError::Collect).then_some(rejected.as_slice());
    finish(&[table], batches, layout, request, writing, rejected)
}

/// The row into its group; a row of which any cell is wrong into none.
fn add<'a>(
    groups: &mut BTreeMap<Vec<KeyCell<'a>>, Sums>,
    rows: &Rows<'a>,
    row: usize,
    fault: &mut dyn FnMut(Role, Fault),
) {
    let mut key = Vec::with_capacity(rows.keys.len());
    for (column, cells) in &rows.keys {
        match cells.get(row) {
            Some(cell) => key.push(cell),
            None => fault(Role::Key(*column), Fault::Missing),
        }
    }
    if let Some(worth) = rows.worth(row, fault)
        && key.len() == rows.keys.len()
    {
        groups.entry(key).or_default().add(worth.credits, worth.weights);
    }
}
