//! A table that is read batch by batch: whoever makes it may take its time, so signals are looked at between batches.

use super::capsules::{batches_in, chosen, producer_failed};
use super::columns::Columns;
use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::ArrayStreamReader;
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions, make_array};
use arrow_buffer::NullBuffer;
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Between two looks at pending signals, where the producer does not take longer for one batch.
const SLICE: Duration = Duration::from_millis(5);

/// Reads a stream of batches, of each the columns named and no others.
#[pyclass(frozen, module = "registrary._core")]
pub struct BatchReader {
    /// Taken out while a batch is awaited: no lock is held across the producer's own code.
    stream: Mutex<Option<ArrayStreamReader>>,
    places: Vec<usize>,
    schema: SchemaRef,
}

impl BatchReader {
    /// The next batches that have rows, at most so many; fewer where they take long, none at the end.
    fn pull(&self, py: Python<'_>, most: usize) -> PyResult<Vec<RecordBatch>> {
        let taken = self.stream.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut stream = taken.ok_or_else(|| PyRuntimeError::new_err("the stream is read elsewhere, or has failed"))?;
        loop {
            // A failed stream is not put back: what comes after a failure is nobody's promise.
            let (read, back) = py.detach(|| (self.read(&mut stream, most), stream));
            let (batches, ended) = read.map_err(|error| producer_failed(py, &error))?;
            stream = back;
            if ended || !batches.is_empty() {
                *self.stream.lock().unwrap_or_else(PoisonError::into_inner) = Some(stream);
                return Ok(batches);
            }
            py.check_signals()?;
        }
    }

    /// Batches for one slice of time, and whether the stream has ended.
    fn read(&self, stream: &mut ArrayStreamReader, most: usize) -> Result<(Vec<RecordBatch>, bool), ArrowError> {
        let begun = Instant::now();
        let mut batches = Vec::new();
        while batches.len() < most {
            let Some(rows) = stream.next().transpose()? else { return Ok((batches, true)) };
            if !rows.is_empty() {
                batches.push(self.batch(&rows)?);
            }
            if begun.elapsed() >= SLICE {
                break;
            }
        }
        Ok((batches, false))
    }

    fn batch(&self, rows: &ArrayRef) -> Result<RecordBatch, ArrowError> {
        let not_rows = || ArrowError::CDataInterface("a batch is no struct of the schema's columns".to_owned());
        let structs = rows.as_struct_opt().ok_or_else(not_rows)?;
        let masked = structs.nulls().filter(|nulls| nulls.null_count() > 0);
        let column = |place: &usize| {
            let column = structs.columns().get(*place).ok_or_else(not_rows)?;
            masked.map_or_else(|| Ok(column.clone()), |nulls| with_nulls(column, nulls))
        };
        let columns = self.places.iter().map(column).collect::<Result<_, _>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
        RecordBatch::try_new_with_options(self.schema.clone(), columns, &options)
    }
}

/// A row that is null has no cells: each of them is null.
fn with_nulls(column: &ArrayRef, rows: &NullBuffer) -> Result<ArrayRef, ArrowError> {
    if column.data_type().is_null() {
        return Ok(column.clone());
    }
    let nulls = NullBuffer::union(Some(rows), column.nulls());
    column.to_data().into_builder().nulls(nulls).build().map(make_array)
}

#[pymethods]
impl BatchReader {
    #[new]
    fn new(capsule: &Bound<'_, PyCapsule>, names: Vec<String>) -> PyResult<BatchReader> {
        let (stream, fields) = batches_in(capsule)?;
        let places = chosen(&Schema::new(fields.clone()), &names)?;
        // Whatever the producer says of a column, its rows may be null.
        let nullable = |place: &usize| fields.get(*place).map(|field| Field::clone(field).with_nullable(true));
        let schema = Arc::new(Schema::new(places.iter().filter_map(nullable).collect::<Vec<_>>()));
        Ok(BatchReader { stream: Mutex::new(Some(stream)), places, schema })
    }

    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    /// The next batch that has rows.
    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Columns>> {
        py.check_signals()?;
        let batches = self.pull(py, 1)?;
        Ok((!batches.is_empty()).then(|| Columns::new(self.schema.clone(), batches)))
    }

    /// All that is left.
    fn read_all(&self, py: Python<'_>) -> PyResult<Columns> {
        let mut all = Vec::new();
        loop {
            let batches = self.pull(py, usize::MAX)?;
            if batches.is_empty() {
                return Ok(Columns::new(self.schema.clone(), all));
            }
            all.extend(batches);
            py.check_signals()?;
        }
    }
}
