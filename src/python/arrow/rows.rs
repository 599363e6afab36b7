//! Rows of several batches, cut, aligned and found; always by reference.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{ArrowError, DataType, SchemaRef};
use std::fmt::Display;
use std::sync::Arc;

/// Columns of equal length, chunk by chunk where all have the same.
pub fn together(schema: &SchemaRef, columns: Vec<Vec<ArrayRef>>) -> Result<Vec<RecordBatch>, ArrowError> {
    let alike = |a: &Vec<ArrayRef>, b: &Vec<ArrayRef>| {
        a.len() == b.len() && a.iter().zip(b).all(|(chunk, other)| chunk.len() == other.len())
    };
    if columns.windows(2).any(|pair| !alike(&pair[0], &pair[1])) {
        return aligned(schema, &columns);
    }
    let chunks = columns.first().map_or(0, Vec::len);
    let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
    let mut batches = Vec::with_capacity(chunks);
    for _ in 0..chunks {
        let pieces: Vec<ArrayRef> = columns.iter_mut().filter_map(Iterator::next).collect();
        if pieces.first().is_some_and(|piece| !piece.is_empty()) {
            batches.push(RecordBatch::try_new(schema.clone(), pieces)?);
        }
    }
    Ok(batches)
}

/// Columns of equal length but of different chunks, cut wherever one of them has a chunk's end.
pub fn aligned(schema: &SchemaRef, columns: &[Vec<ArrayRef>]) -> Result<Vec<RecordBatch>, ArrowError> {
    let mut ends: Vec<usize> = Vec::new();
    for chunks in columns {
        let mut end = 0;
        ends.extend(chunks.iter().map(|chunk| {
            end += chunk.len();
            end
        }));
    }
    ends.sort_unstable();
    ends.dedup();
    let mut cursors = vec![Cursor::default(); columns.len()];
    let mut batches = Vec::with_capacity(ends.len());
    let mut start = 0;
    for end in ends.into_iter().filter(|end| *end > 0) {
        let rows = end - start;
        let pieces = columns.iter().zip(&mut cursors).filter_map(|(chunks, cursor)| cursor.take(chunks, rows));
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        batches.push(RecordBatch::try_new_with_options(schema.clone(), pieces.collect(), &options)?);
        start = end;
    }
    Ok(batches)
}

/// How far the chunks of a column have been taken.
#[derive(Clone, Default)]
struct Cursor {
    chunk: usize,
    row: usize,
}

impl Cursor {
    /// The next `rows` rows, which lie in one chunk: the cuts are at all chunks' ends.
    fn take(&mut self, chunks: &[ArrayRef], rows: usize) -> Option<ArrayRef> {
        while chunks.get(self.chunk)?.len() == self.row {
            (self.chunk, self.row) = (self.chunk + 1, 0);
        }
        let piece = chunks.get(self.chunk)?.slice(self.row, rows);
        self.row += rows;
        Some(piece)
    }
}

/// The rows from `start` up to `stop`.
pub fn between(batches: &[RecordBatch], start: usize, stop: usize) -> Vec<RecordBatch> {
    let mut begin = 0;
    let mut found = Vec::new();
    for batch in batches {
        let end = begin + batch.num_rows();
        let (from, to) = (start.max(begin), stop.min(end));
        if from < to {
            found.push(batch.slice(from - begin, to - from));
        }
        begin = end;
    }
    found
}

/// The rows at these places, which ascend; neighbours stay together.
pub fn at(batches: &[RecordBatch], places: &[usize]) -> Vec<RecordBatch> {
    let runs = places.chunk_by(|a, b| a + 1 == *b);
    let ends = runs.filter_map(|run| Some((*run.first()?, *run.last()?)));
    ends.flat_map(|(first, last)| between(batches, first, last + 1)).collect()
}

/// The batch with its column of row numbers moved on by `start`.
pub fn counted_from(batch: &RecordBatch, place: usize, start: u64) -> Result<RecordBatch, ArrowError> {
    let moved = batch.columns().iter().enumerate().map(|(at, column)| match column.as_primitive_opt::<UInt64Type>() {
        Some(numbers) if at == place => Arc::new(numbers.unary::<_, UInt64Type>(|row| row + start)) as ArrayRef,
        _ => column.clone(),
    });
    RecordBatch::try_new(batch.schema(), moved.collect())
}

/// The places of the rows whose cell in a column reads as `key`.
pub fn places_of(batches: &[RecordBatch], column: usize, key: &str) -> Vec<usize> {
    let mut begin = 0;
    let mut found = Vec::new();
    for batch in batches {
        let fits = reads_as(batch.column(column), key);
        found.extend((0..batch.num_rows()).filter(|row| fits(*row)).map(|row| begin + row));
        begin += batch.num_rows();
    }
    found
}

type Fits<'a> = Box<dyn Fn(usize) -> bool + 'a>;

/// Whether the cell of a row reads as `key`.
fn reads_as<'a>(column: &'a ArrayRef, key: &'a str) -> Fits<'a> {
    match column.data_type() {
        DataType::Int8 => number::<Int8Type>(column, key),
        DataType::Int16 => number::<Int16Type>(column, key),
        DataType::Int32 => number::<Int32Type>(column, key),
        DataType::Int64 => number::<Int64Type>(column, key),
        DataType::UInt8 => number::<UInt8Type>(column, key),
        DataType::UInt16 => number::<UInt16Type>(column, key),
        DataType::UInt32 => number::<UInt32Type>(column, key),
        DataType::UInt64 => number::<UInt64Type>(column, key),
        DataType::Utf8 => text(column, |row| column.as_string::<i32>().value(row), key),
        DataType::LargeUtf8 => text(column, |row| column.as_string::<i64>().value(row), key),
        DataType::Utf8View => text(column, |row| column.as_string_view().value(row), key),
        DataType::Dictionary(..) => coded(column, key),
        _ => Box::new(|_| false),
    }
}

fn text<'a>(column: &'a ArrayRef, value: impl Fn(usize) -> &'a str + 'a, key: &'a str) -> Fits<'a> {
    Box::new(move |row| column.is_valid(row) && value(row) == key)
}

fn number<'a, T>(column: &'a ArrayRef, key: &'a str) -> Fits<'a>
where
    T: ArrowPrimitiveType,
    T::Native: std::str::FromStr + Display + PartialEq,
{
    // "007" is a text of its own, not the student 7.
    let wanted = key.parse::<T::Native>().ok().filter(|number| number.to_string() == key);
    let Some(wanted) = wanted else { return Box::new(|_| false) };
    let column = column.as_primitive::<T>();
    Box::new(move |row| column.is_valid(row) && column.value(row) == wanted)
}

fn coded<'a>(column: &'a ArrayRef, key: &'a str) -> Fits<'a> {
    let codes = column.as_any_dictionary();
    if codes.values().is_empty() {
        return Box::new(|_| false);
    }
    let places = codes.normalized_keys();
    let known: Vec<bool> = {
        let fits = reads_as(codes.values(), key);
        (0..codes.values().len()).map(fits).collect()
    };
    Box::new(move |row| {
        column.is_valid(row) && places.get(row).and_then(|place| known.get(*place)).copied().unwrap_or(false)
    })
}
