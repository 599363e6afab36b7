//! Reads a table in pieces, each on a thread of its own, into rows of numbers; rows with wrong cells are told and left out.

use super::chunk::{BLOCK, Table};
use super::faults::{Fault, Faults};
use super::general_distinct::{self, Ranked};
use super::general_rows::{Chunk, Columns, Numbered};
use super::layout::{Layout, Role, name_of};
use super::output;
use super::request::{BatchRequest, OnError};
use super::share;
use crate::domain::Error;
use arrow_array::RecordBatch;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// One piece of a table as it has been read.
pub(super) struct Piece<'a> {
    pub columns: Columns<'a>,
    /// In order.
    pub rows: Vec<Numbered>,
    pub wrong: Wrong,
}

/// What is wrong with rows.
#[derive(Default)]
pub(super) struct Wrong {
    pub faults: Faults,
    /// Where they are to be collected.
    rejected: Option<Vec<(u64, Role, Fault)>>,
}

impl Wrong {
    pub fn none_yet(request: &BatchRequest) -> Wrong {
        let collects = request.on_error == OnError::Collect;
        Wrong { faults: Faults::default(), rejected: collects.then(Vec::new) }
    }

    pub fn add(&mut self, role: Role, fault: Fault, row: u64) {
        self.faults.add(role, fault, row);
        if let Some(rejected) = &mut self.rejected {
            rejected.push((row, role, fault));
        }
    }

    pub fn join(&mut self, other: Wrong) {
        self.faults.join(&other.faults);
        if let Some(rejected) = &mut self.rejected {
            rejected.extend(other.rejected.into_iter().flatten());
        }
    }

    /// The list of them, where it is asked for.
    pub fn rejected(&mut self, request: &BatchRequest) -> Result<Option<RecordBatch>, Error> {
        let Some(rejected) = &mut self.rejected else { return Ok(None) };
        rejected.sort_unstable();
        let named = rejected.iter().map(|(row, role, fault)| (*row, name_of(request, *role), *fault));
        output::rejected(&named.collect::<Vec<_>>()).map(Some)
    }
}

/// All pieces, in order. The numbers of each are its own.
pub(super) fn pieces<'a>(
    batches: &'a [RecordBatch],
    layout: &Layout,
    request: &BatchRequest,
    cancelled: &AtomicBool,
) -> Result<Vec<Piece<'a>>, Error> {
    let spans = Table::of(batches, layout, cancelled).spans(share::threads() * 2);
    share::each(spans, |span| piece(batches, span, layout, request, cancelled)).into_iter().collect()
}

fn piece<'a>(
    batches: &'a [RecordBatch],
    span: Range<usize>,
    layout: &Layout,
    request: &BatchRequest,
    cancelled: &AtomicBool,
) -> Result<Piece<'a>, Error> {
    let rows = Vec::with_capacity(span.len());
    let mut piece = Piece { columns: Columns::default(), rows, wrong: Wrong::none_yet(request) };
    let mut first = 0;
    for batch in batches {
        let within = span.start.saturating_sub(first)..span.end.saturating_sub(first).min(batch.num_rows());
        if !within.is_empty() {
            piece.read(Chunk::of(batch, layout)?, within, first, cancelled)?;
        }
        first += batch.num_rows();
    }
    Ok(piece)
}

impl<'a> Piece<'a> {
    /// These rows of a chunk, whose first has the number `first`.
    fn read(
        &mut self,
        mut chunk: Chunk<'a>,
        rows: Range<usize>,
        first: usize,
        cancelled: &AtomicBool,
    ) -> Result<(), Error> {
        for at in rows {
            if at % BLOCK == 0 && cancelled.load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            let number = (first + at) as u64;
            let wrong = &mut self.wrong;
            let row = chunk.row(at, &mut self.columns, &mut |role, fault| wrong.add(role, fault, number))?;
            self.rows.extend(row.map(|row| Numbered { row: number, ..row }));
        }
        Ok(())
    }
}

/// Of each column the cells of all pieces, in order: students, terms, levels, sections, courses and grades.
pub(super) fn ranked<'a>(pieces: &mut [Piece<'a>], cancelled: &AtomicBool) -> Result<[Ranked<'a>; 6], Error> {
    let columns: Vec<Columns> = pieces.iter_mut().map(|piece| std::mem::take(&mut piece.columns)).collect();
    let sorted = share::each(columns, |columns| columns.map(|column| column.sorted(cancelled)));
    let mut of_pieces: [Vec<_>; 6] = Default::default();
    for piece in sorted {
        for (list, own) in of_pieces.iter_mut().zip(piece) {
            list.push(own?);
        }
    }
    let ranked = share::each(of_pieces.into(), |pieces| general_distinct::ranked(&pieces, cancelled));
    let ranked: Result<Vec<Ranked>, Error> = ranked.into_iter().collect();
    <[Ranked; 6]>::try_from(ranked?).map_err(|_| Error::Internal { message: "a column was lost".to_owned() })
}
