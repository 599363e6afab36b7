//! A table of Arrow columns in Python: what the GPA batch takes and gives.

use super::chunks::{self, ChunkStream};
use super::values::Role;
use super::{buffers, capsules, cells, rows, values};
use crate::domain::Error;
use crate::python::errors::OrRaise;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{Field, Schema, SchemaRef};
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyList, PyTuple};
use std::sync::Arc;

/// Batches of one schema. Immutable; whatever reads it shares its memory.
#[pyclass(frozen, module = "registrary._core")]
pub struct Columns {
    schema: SchemaRef,
    batches: Arc<Vec<RecordBatch>>,
    rows: usize,
}

impl Columns {
    pub fn new(schema: SchemaRef, mut batches: Vec<RecordBatch>) -> Columns {
        if batches.is_empty() {
            batches.push(RecordBatch::new_empty(schema.clone()));
        }
        let rows = batches.iter().map(RecordBatch::num_rows).sum();
        Columns { schema, batches: Arc::new(batches), rows }
    }

    pub fn of(batch: RecordBatch) -> Columns {
        Columns::new(batch.schema(), vec![batch])
    }

    pub fn batches(&self) -> Arc<Vec<RecordBatch>> {
        Arc::clone(&self.batches)
    }

    /// Other rows of the same columns; `None` when there are none.
    pub fn with(&self, batches: Vec<RecordBatch>) -> Option<Columns> {
        (!batches.is_empty()).then(|| Columns::new(self.schema.clone(), batches))
    }

    fn place(&self, name: &str) -> PyResult<usize> {
        let found = capsules::chosen(&self.schema, &[name.to_owned()])?;
        found.first().copied().ok_or_else(|| PyRuntimeError::new_err("a column without a place"))
    }
}

/// One column of Python's, chunk by chunk.
fn chunks(
    name: &str,
    role: Role,
    column: &Bound<'_, PyAny>,
) -> PyResult<Result<Vec<ArrayRef>, crate::domain::Problem>> {
    if let Ok(stream) = column.cast::<PyCapsule>() {
        return capsules::chunks_in(stream).map(Ok);
    }
    let unfit = || PyTypeError::new_err(format!("the column {name:?} is of no type that can be read"));
    if let Ok((characters, width)) = column.extract::<(Bound<'_, PyAny>, usize)>() {
        let texts = buffers::fixed_width_texts(&characters, width)?;
        return Ok(Ok(vec![texts.ok_or_else(unfit)?]));
    }
    if let Ok(pair) = column.cast::<PyTuple>() {
        let (schema, array): (Bound<'_, PyCapsule>, Bound<'_, PyCapsule>) = pair.extract()?;
        return Ok(Ok(vec![capsules::array_in(&schema, &array)?]));
    }
    if let Ok(values) = column.cast::<PyList>() {
        let cells: Vec<_> = values.iter().collect();
        return Ok(values::column(name, role, &cells)?.map(|column| vec![column]));
    }
    let numbers = buffers::numbers(column)?;
    Ok(Ok(vec![numbers.ok_or_else(unfit)?]))
}

#[pymethods]
impl Columns {
    /// A table of one batch, from the pair that `__arrow_c_array__` gives; of it the columns named.
    #[staticmethod]
    fn from_array(
        schema: &Bound<'_, PyCapsule>,
        array: &Bound<'_, PyCapsule>,
        names: Vec<String>,
    ) -> PyResult<Columns> {
        let batch = capsules::batch_of(&capsules::array_in(schema, array)?)?;
        let places = capsules::chosen(&batch.schema(), &names)?;
        batch.project(&places).map(Columns::of).map_err(|error| PyRuntimeError::new_err(error.to_string()))
    }

    /// A table of columns, each a name, its role and: a stream's capsule, an array's pair of capsules, a list, an
    /// object with a buffer, or numpy's texts as a buffer of characters and how many each has.
    #[staticmethod]
    fn from_columns(py: Python<'_>, columns: Vec<(String, Role, Bound<'_, PyAny>)>) -> PyResult<Columns> {
        let (mut fields, mut read, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        for (name, role, column) in &columns {
            match chunks(name, *role, column)? {
                Ok(chunks) => {
                    let Some(first) = chunks.first() else {
                        return Err(PyTypeError::new_err(format!("the column {name:?} has no type")));
                    };
                    fields.push(Field::new(name, first.data_type().clone(), true));
                    read.push(chunks);
                }
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(Error::MalformedRecord(problems)).or_raise(py);
        }
        let lengths: Vec<usize> = read.iter().map(|chunks| chunks.iter().map(|chunk| chunk.len()).sum()).collect();
        if lengths.windows(2).any(|pair| pair[0] != pair[1]) {
            return Err(PyValueError::new_err("the columns differ in length"));
        }
        let schema: SchemaRef = Arc::new(Schema::new(fields));
        let batches = rows::aligned(&schema, &read).map_err(|error| PyTypeError::new_err(error.to_string()))?;
        Ok(Columns::new(schema, batches))
    }

    /// A table of columns of one table, each a name and a stream's capsule. Threads of ours read them side by side:
    /// none of the streams may need Python for its chunks.
    #[staticmethod]
    fn from_chunks(py: Python<'_>, columns: Vec<(String, Bound<'_, PyCapsule>)>) -> PyResult<Columns> {
        let taken: Vec<_> =
            columns.iter().map(|(name, stream)| Ok((name, capsules::stream_in(stream)?))).collect::<PyResult<_>>()?;
        let read = py.detach(|| {
            let (mut fields, mut streams) = (Vec::new(), Vec::new());
            for (name, stream) in taken {
                let stream = ChunkStream::new(stream)?;
                fields.push(Field::new(name, stream.kind().clone(), true));
                streams.push(stream);
            }
            let schema: SchemaRef = Arc::new(Schema::new(fields));
            let batches = rows::together(&schema, chunks::read(streams)?)?;
            Ok((schema, batches))
        });
        let (schema, batches) = read.map_err(|error| capsules::producer_failed(py, &error))?;
        Ok(Columns::new(schema, batches))
    }

    /// The rows of several tables of the same columns, one after the other.
    #[staticmethod]
    fn joined(tables: Vec<Py<Columns>>) -> PyResult<Columns> {
        let first = tables.first().ok_or_else(|| PyValueError::new_err("there is nothing to join"))?;
        let batches = tables.iter().flat_map(|table| table.get().batches.to_vec()).collect();
        Ok(Columns::new(first.get().schema.clone(), batches))
    }

    /// The same with a column of row numbers that begin later.
    fn counted_from(&self, name: &str, start: u64) -> PyResult<Columns> {
        let place = self.place(name)?;
        let batches = self.batches.iter().map(|batch| rows::counted_from(batch, place, start));
        let batches = batches.collect::<Result<_, _>>().map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        Ok(Columns::new(self.schema.clone(), batches))
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A producer may give its own types whatever is asked for; the consumer casts.
        let _ = requested_schema;
        capsules::stream_out(py, self.schema.clone(), &self.batches)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        capsules::schema_out(py, &self.schema)
    }

    fn __len__(&self) -> usize {
        self.rows
    }

    #[getter]
    fn names(&self) -> Vec<&str> {
        self.schema.fields().iter().map(|field| field.name().as_str()).collect()
    }

    /// The cells of one column as Python values, of the rows from `start` up to `stop`.
    #[pyo3(signature = (name, start=0, stop=None))]
    fn column<'py>(
        &self,
        py: Python<'py>,
        name: &str,
        start: usize,
        stop: Option<usize>,
    ) -> PyResult<Bound<'py, PyList>> {
        let place = self.place(name)?;
        let found = PyList::empty(py);
        for batch in rows::between(&self.batches, start, stop.unwrap_or(self.rows)) {
            for value in cells::values(py, batch.column(place))? {
                found.append(value)?;
            }
        }
        Ok(found)
    }

    /// The sum of a column of decimals, exact.
    fn total<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let place = self.place(name)?;
        cells::total(py, self.batches.iter().map(|batch| batch.column(place)))
    }

    /// A column of decimals as 64-bit floats, the nearest to each, in bytes; what holds nothing is NaN.
    fn floats<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let place = self.place(name)?;
        let floats = cells::floats(self.batches.iter().map(|batch| batch.column(place)));
        Ok(floats.map(|floats| PyBytes::new(py, &floats)))
    }

    /// How many cells of a column hold nothing.
    fn nulls(&self, name: &str) -> PyResult<usize> {
        let place = self.place(name)?;
        Ok(self.batches.iter().map(|batch| batch.column(place).null_count()).sum())
    }

    /// The rows whose cell in a column is this whole number or this text; a whole number stands for its digits.
    fn places_of(&self, py: Python<'_>, name: &str, key: &Bound<'_, PyAny>) -> PyResult<Vec<usize>> {
        let place = self.place(name)?;
        let key = if key.is_instance_of::<pyo3::types::PyString>() { key.extract()? } else { key.str()?.to_string() };
        Ok(py.detach(|| rows::places_of(&self.batches, place, &key)))
    }

    /// A table of these rows alone, in ascending order; nothing is copied.
    fn rows_at(&self, places: Vec<usize>) -> Columns {
        Columns::new(self.schema.clone(), rows::at(&self.batches, &places))
    }

    fn __repr__(&self) -> String {
        format!("<Columns: {} rows>", self.rows)
    }
}
