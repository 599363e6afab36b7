//! A table that is read batch by batch: whoever makes it may take its time, so signals are looked at between batches.

use super::capsules::{batches_in, chosen, producer_failed, projected};
use super::columns::Columns;
use arrow_array::RecordBatch;
use arrow_array::ffi_stream::RecordBatchStreamReader;
use arrow_schema::SchemaRef;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::sync::{Mutex, PoisonError};

/// Reads a stream of batches, of each the columns named and no others.
#[pyclass(frozen, module = "registrary._core")]
pub struct BatchReader {
    /// Taken out while a batch is awaited: no lock is held across the producer's own code.
    stream: Mutex<Option<RecordBatchStreamReader>>,
    places: Vec<usize>,
    schema: SchemaRef,
}

impl BatchReader {
    fn pull(&self, py: Python<'_>) -> PyResult<Option<RecordBatch>> {
        let taken = self.stream.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut stream = taken.ok_or_else(|| PyRuntimeError::new_err("the stream is read elsewhere, or has failed"))?;
        // A failed stream is not put back: what comes after a failure is nobody's promise.
        let (next, stream) = py.detach(|| (stream.next(), stream));
        let next = next.transpose().map_err(|error| producer_failed(py, &error))?;
        *self.stream.lock().unwrap_or_else(PoisonError::into_inner) = Some(stream);
        let batch = next.map(|batch| batch.project(&self.places));
        batch.transpose().map_err(|error| PyRuntimeError::new_err(error.to_string()))
    }
}

#[pymethods]
impl BatchReader {
    #[new]
    fn new(capsule: &Bound<'_, PyCapsule>, names: Vec<String>) -> PyResult<BatchReader> {
        let stream = batches_in(capsule)?;
        let schema = arrow_array::RecordBatchReader::schema(&stream);
        let places = chosen(&schema, &names)?;
        let schema = projected(&schema, &places)?;
        Ok(BatchReader { stream: Mutex::new(Some(stream)), places, schema })
    }

    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    /// The next batch that has rows.
    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Columns>> {
        loop {
            py.check_signals()?;
            match self.pull(py)? {
                Some(batch) if batch.num_rows() == 0 => {}
                Some(batch) => return Ok(Some(Columns::new(self.schema.clone(), vec![batch]))),
                None => return Ok(None),
            }
        }
    }

    /// All that is left.
    fn read_all(&self, py: Python<'_>) -> PyResult<Columns> {
        let mut batches = Vec::new();
        while let Some(batch) = self.pull(py)? {
            py.check_signals()?;
            if batch.num_rows() > 0 {
                batches.push(batch);
            }
        }
        Ok(Columns::new(self.schema.clone(), batches))
    }
}
