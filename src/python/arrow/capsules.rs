//! The capsules of Arrow's C interfaces: what is taken out of them, and what is put into new ones.
//!
//! <https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>

use arrow_array::array::make_array;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{Array, ArrayReader, ArrayRef, RecordBatch, RecordBatchIterator};
use arrow_schema::{ArrowError, DataType, FieldRef, Fields, Schema, SchemaRef};
use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::ffi::CStr;

const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";

pub fn stream_in(capsule: &Bound<'_, PyCapsule>) -> PyResult<FFI_ArrowArrayStream> {
    let stream = capsule.pointer_checked(Some(STREAM))?;
    // SAFETY: the interface promises this structure under this name. It is moved out; what stays behind is marked as
    // released, so that the capsule's own destructor leaves it alone.
    Ok(unsafe { FFI_ArrowArrayStream::from_raw(stream.cast().as_ptr()) })
}

/// A table, batch by batch: each is a struct of the fields given.
pub fn batches_in(capsule: &Bound<'_, PyCapsule>) -> PyResult<(ArrayStreamReader, Fields)> {
    let stream = stream_in(capsule)?;
    let py = capsule.py();
    if stream.get_next().is_none() && stream.release().is_some() {
        return Err(PyTypeError::new_err("the stream has no way to its next batch"));
    }
    // The producer may compute its schema now, and may want the GIL for that on a thread of its own.
    let reader = py.detach(|| ArrayStreamReader::try_new(stream)).map_err(|error| producer_failed(py, &error))?;
    let DataType::Struct(fields) = reader.field().data_type().clone() else {
        return Err(PyTypeError::new_err("a stream of rows has structs of columns"));
    };
    Ok((reader, fields))
}

/// One column, chunk by chunk.
pub fn chunks_in(capsule: &Bound<'_, PyCapsule>) -> PyResult<Vec<ArrayRef>> {
    let py = capsule.py();
    let stream = stream_in(capsule)?;
    let read = py.detach(|| ArrayStreamReader::try_new(stream)?.collect::<Result<Vec<_>, ArrowError>>());
    read.map_err(|error| producer_failed(py, &error))
}

/// One array, from the pair that `__arrow_c_array__` gives.
pub fn array_in(schema: &Bound<'_, PyCapsule>, array: &Bound<'_, PyCapsule>) -> PyResult<ArrayRef> {
    let schema = schema.pointer_checked(Some(SCHEMA))?;
    let pointer = array.pointer_checked(Some(ARRAY))?;
    // SAFETY: the interface promises these structures under these names. Both are moved out of their capsules, and the
    // array is of this schema.
    let read = unsafe {
        let schema = FFI_ArrowSchema::from_raw(schema.cast().as_ptr());
        let array = FFI_ArrowArray::from_raw(pointer.cast().as_ptr());
        // A capsule that somebody has taken from already is empty; Arrow's own reading panics at it.
        if array.is_released() {
            Err(ArrowError::CDataInterface("the array has been taken before".to_owned()))
        } else {
            from_ffi(array, &schema)
        }
    };
    read.map(make_array).map_err(|error| producer_failed(array.py(), &error))
}

/// As a batch: what `__arrow_c_array__` of a table-like object gives is a struct of its columns.
pub fn batch_of(array: &ArrayRef) -> PyResult<RecordBatch> {
    let columns = array.as_any().downcast_ref::<arrow_array::StructArray>();
    let columns = columns.filter(|columns| columns.null_count() == 0);
    let columns = columns.ok_or_else(|| PyTypeError::new_err("an Arrow array of rows is a struct without nulls"))?;
    Ok(RecordBatch::from(columns.clone()))
}

/// What `__arrow_c_schema__` gives.
pub fn schema_out<'py>(py: Python<'py>, schema: &Schema) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(schema).map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
    PyCapsule::new_with_value(py, schema, SCHEMA)
}

/// What `__arrow_c_stream__` gives: the batches by reference.
pub fn stream_out<'py>(py: Python<'py>, schema: SchemaRef, batches: &[RecordBatch]) -> PyResult<Bound<'py, PyCapsule>> {
    let batches: Vec<_> = batches.iter().cloned().map(Ok).collect();
    let stream = FFI_ArrowArrayStream::new(Box::new(RecordBatchIterator::new(batches, schema)));
    PyCapsule::new_with_value(py, stream, STREAM)
}

/// The table's own producer failed. Its words, which may quote a cell, are the cause of our error and no part of it.
pub fn producer_failed(py: Python<'_>, error: &ArrowError) -> PyErr {
    let reason = "the table failed to give its rows".to_owned();
    let raised = crate::python::errors::raised(py, &crate::domain::Error::SourceUnavailable { reason }, None);
    raised.set_cause(py, Some(PyRuntimeError::new_err(error.to_string())));
    raised
}

/// The fields of `names` in a schema, in this order; a `KeyError` names the first that is missing.
pub fn chosen(schema: &Schema, names: &[String]) -> PyResult<Vec<usize>> {
    let place = |name: &String| {
        let found = schema.fields().iter().position(|field: &FieldRef| field.name() == name);
        found.ok_or_else(|| pyo3::exceptions::PyKeyError::new_err(format!("the table has no column {name:?}")))
    };
    names.iter().map(place).collect()
}
