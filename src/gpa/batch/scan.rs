//! Looks at every cell of a table whose fast way met a wrong one: names all that is wrong, or what is right.

use super::chunk::BLOCK;
use super::classes::Classes;
use super::faults::{Fault, Faults};
use super::finish::Rejected;
use super::layout::{Layout, Role, name_of};
use super::request::{BatchRequest, OnError};
use super::rows::Rows;
use super::share;
use crate::domain::Error;
use arrow_array::RecordBatch;
use std::sync::atomic::{AtomicBool, Ordering};

/// What is wrong in a table.
#[derive(Default)]
pub(super) struct Scan {
    pub faults: Faults,
    /// In order of the rows; empty unless they are to be collected.
    pub rejected: Vec<Rejected>,
}

/// Every cell that the request reads.
pub(super) fn scan(
    batches: &[RecordBatch],
    layout: &Layout,
    request: &BatchRequest,
    classes: &Classes,
    cancelled: &AtomicBool,
) -> Result<Scan, Error> {
    let mut first = 0;
    let mut tasks = Vec::new();
    for batch in batches {
        let length = batch.num_rows().div_ceil(share::threads() * 4).max(BLOCK);
        for start in (0..batch.num_rows()).step_by(length) {
            tasks.push((batch, first, start..batch.num_rows().min(start + length)));
        }
        first += batch.num_rows() as u64;
    }
    let collect = request.on_error == OnError::Collect;
    let scans = share::each(tasks, |(batch, first, span)| {
        let rows = Rows::of(batch, layout, classes)?;
        let mut scan = Scan::default();
        for row in span {
            if row % BLOCK == 0 && cancelled.load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            let number = first + row as u64;
            rows.faults(row, &mut |role, fault| {
                scan.faults.add(role, fault, number);
                if collect {
                    scan.rejected.push((number, name_of(request, role), fault));
                }
            });
        }
        Ok(scan)
    });
    let mut all = Scan::default();
    for scan in scans {
        let scan = scan?;
        all.faults.join(&scan.faults);
        all.rejected.extend(scan.rejected);
    }
    Ok(all)
}

/// The table without the rejected rows, nothing copied: what lies between them. `None` where so many are rejected
/// that the pieces would be small.
pub(super) fn between(batches: &[RecordBatch], rejected: &[Rejected]) -> Option<Vec<RecordBatch>> {
    const LEAST_PIECE: usize = 16;
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    if rejected.len() > rows / LEAST_PIECE {
        return None;
    }
    let mut bad = rejected.iter().map(|(row, ..)| *row).peekable();
    let mut pieces = Vec::with_capacity(batches.len() + rejected.len());
    let mut first = 0;
    for batch in batches {
        let end = first + batch.num_rows() as u64;
        let mut from = first;
        while let Some(row) = bad.next_if(|row| *row < end) {
            if row > from {
                pieces.push(batch.slice((from - first) as usize, (row - from) as usize));
            }
            // A row may have more than one fault.
            from = row + 1;
        }
        if end > from || pieces.is_empty() {
            pieces.push(batch.slice((from - first) as usize, (end - from) as usize));
        }
        first = end;
    }
    Some(pieces)
}

impl Rows<'_> {
    /// Tells `fault` everything that is wrong with a row.
    pub fn faults(&self, row: usize, fault: &mut dyn FnMut(Role, Fault)) {
        for (column, cells) in &self.keys {
            if cells.get(row).is_none() {
                fault(Role::Key(*column), Fault::Missing);
            }
        }
        self.worth(row, fault);
    }
}
