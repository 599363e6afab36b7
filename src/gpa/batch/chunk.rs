//! A table as tasks go through it: spans of rows, cut into blocks that stay in the nearest cache.

use super::cells::{Integers, KeyCells, Texts};
use super::credit_cells::Numbers;
use super::layout::{Layout, Marking};
use super::stop::Stop;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BooleanArray, RecordBatch};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// Rows decoded at once: a few of such columns fit the first cache.
pub(super) const BLOCK: usize = 2048;

/// All chunks of a table.
pub(super) struct Table<'a> {
    pub batches: &'a [RecordBatch],
    /// Of each batch, the number of its first row.
    starts: Vec<usize>,
    pub layout: &'a Layout,
    pub rows: usize,
    pub cancelled: &'a AtomicBool,
}

/// Columns of one chunk, ready to be read without a null in the way. Only grade points may be null.
pub(super) struct Chunk<'a> {
    pub batch: &'a RecordBatch,
    pub keys: Vec<KeyCells<'a>>,
    pub marking: MarkingColumn<'a>,
    pub credits: Option<Numbers<'a>>,
    pub excluded: Option<MarkColumn<'a>>,
}

pub(super) enum MarkingColumn<'a> {
    /// Codes and what they stand for.
    Codes(Integers<'a>, &'a ArrayRef),
    Texts(Texts<'a>),
    Points(Numbers<'a>, &'a dyn Array),
}

pub(super) enum MarkColumn<'a> {
    Yes(&'a BooleanArray),
    Whole(Integers<'a>),
}

impl<'a> Table<'a> {
    pub fn of(batches: &'a [RecordBatch], layout: &'a Layout, cancelled: &'a AtomicBool) -> Table<'a> {
        let mut rows = 0;
        let mut starts = Vec::with_capacity(batches.len());
        for batch in batches {
            starts.push(rows);
            rows += batch.num_rows();
        }
        Table { batches, starts, layout, rows, cancelled }
    }

    /// Calls `work` with each block of the rows `span`: the chunk and the rows in it.
    pub fn blocks(
        &self,
        span: Range<usize>,
        mut work: impl FnMut(&Chunk<'a>, Range<usize>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let from = self.starts.partition_point(|start| *start <= span.start).saturating_sub(1);
        for (batch, first) in self.batches.iter().zip(&self.starts).skip(from) {
            if *first >= span.end {
                break;
            }
            let rows = batch.num_rows();
            let within = span.start.saturating_sub(*first).min(rows)..(span.end - first).min(rows);
            if within.is_empty() {
                continue;
            }
            let chunk = Chunk::open(batch, self.layout)?;
            for start in within.clone().step_by(BLOCK) {
                if self.cancelled.load(Ordering::Relaxed) {
                    return Err(Stop::Cancelled);
                }
                work(&chunk, start..within.end.min(start + BLOCK))?;
            }
        }
        Ok(())
    }

    /// The rows cut into `count` spans of nearly equal length.
    pub fn spans(&self, count: usize) -> Vec<Range<usize>> {
        let length = self.rows.div_ceil(count.max(1)).next_multiple_of(BLOCK).max(BLOCK);
        (0..self.rows).step_by(length).map(|start| start..self.rows.min(start + length)).collect()
    }
}

impl<'a> Chunk<'a> {
    /// A null where none may be stops the fast way; the slow one tells which.
    fn open(batch: &'a RecordBatch, layout: &Layout) -> Result<Chunk<'a>, Stop> {
        let whole = |at: usize| {
            let array = batch.columns().get(at).ok_or(Stop::Slow)?;
            if array.null_count() > 0 { Err(Stop::Slow) } else { Ok(array) }
        };
        let keys = layout.keys.iter().map(|(_, at)| KeyCells::of(whole(*at)?.as_ref()).ok_or(Stop::Slow));
        let marking = match layout.marking {
            Marking::Grades(at) => marking(whole(at)?),
            Marking::Points(at) => {
                let array = batch.columns().get(at).ok_or(Stop::Slow)?;
                Numbers::of(array).map(|numbers| MarkingColumn::Points(numbers, array.as_ref()))
            }
        };
        let credits = layout.credits.map(|at| Numbers::of(whole(at)?).ok_or(Stop::Slow));
        let excluded = layout.excluded.map(|at| MarkColumn::of(whole(at)?.as_ref()).ok_or(Stop::Slow));
        Ok(Chunk {
            batch,
            keys: keys.collect::<Result<_, _>>()?,
            marking: marking.ok_or(Stop::Slow)?,
            credits: credits.transpose()?,
            excluded: excluded.transpose()?,
        })
    }
}

fn marking(array: &ArrayRef) -> Option<MarkingColumn<'_>> {
    match array.as_any_dictionary_opt() {
        Some(dictionary) => Some(MarkingColumn::Codes(Integers::of(dictionary.keys())?, dictionary.values())),
        None => Texts::of(array).map(MarkingColumn::Texts),
    }
}

impl<'a> MarkColumn<'a> {
    fn of(array: &'a dyn Array) -> Option<MarkColumn<'a>> {
        match array.as_boolean_opt() {
            Some(marks) => Some(MarkColumn::Yes(marks)),
            None => Integers::of(array).map(MarkColumn::Whole),
        }
    }
}
