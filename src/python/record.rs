//! A student's record in Python: opaque, read and written as JSON.

use super::errors::{self, OrRaise};
use crate::domain;
use crate::exchange::{pesc, record_json};
use crate::service::{self, panics};
use pyo3::prelude::*;
use std::sync::Arc;

/// A student's record: facts as recorded, all of them valid.
#[pyclass(frozen, eq, module = "registrary._core")]
#[derive(PartialEq)]
pub struct StudentRecord(pub Arc<domain::StudentRecord>);

#[pymethods]
impl StudentRecord {
    /// Reads the published JSON; every problem is listed.
    #[staticmethod]
    fn from_json_bytes(py: Python<'_>, text: &[u8]) -> PyResult<StudentRecord> {
        py.detach(|| panics::caught(|| record_json::read(text))).or_raise(py).map(StudentRecord::from)
    }

    /// Reads the published JSON, from text or bytes.
    #[staticmethod]
    fn from_json<'py>(py: Python<'py>, text: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        PyModule::import(py, "registrary._records")?.getattr("record_from_text")?.call1((text,))
    }

    /// From a mapping or a dataclass of the published JSON's shape.
    #[staticmethod]
    fn from_dict<'py>(py: Python<'py>, record: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        PyModule::import(py, "registrary._records")?.getattr("record_from")?.call1((record,))
    }

    /// The published JSON as dicts and lists; quantities are strings, exact.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        PyModule::import(py, "json")?.getattr("loads")?.call1((self.to_json(py),))
    }

    /// Reads a PESC College Transcript.
    #[staticmethod]
    fn from_pesc_bytes(py: Python<'_>, text: &[u8]) -> PyResult<StudentRecord> {
        py.detach(|| panics::caught(|| pesc::read(text))).or_raise(py).map(StudentRecord::from)
    }

    /// The record inside a transcript's PDF.
    #[staticmethod]
    fn from_pdf_bytes(py: Python<'_>, pdf: &[u8]) -> PyResult<StudentRecord> {
        py.detach(|| panics::caught(|| service::extract_record(pdf))).or_raise(py).map(StudentRecord::from)
    }

    /// The published JSON: the same record always gives the same text.
    fn to_json(&self, py: Python<'_>) -> String {
        py.detach(|| record_json::write(&self.0))
    }

    #[getter]
    fn student_id(&self) -> &str {
        self.0.student.id.as_str()
    }

    /// Whether it is invented: every page of it says SAMPLE.
    #[getter]
    fn sample(&self) -> bool {
        self.0.sample
    }

    /// The holds on it, as `registrary.errors.Hold`.
    #[getter]
    fn holds<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        errors::holds(py, &self.0.holds)
    }

    /// Personal data stay out: a notebook prints what is not asked for.
    fn __repr__(&self) -> String {
        let attempts: usize = self.0.terms.iter().map(|term| term.attempts.len()).sum();
        format!("<StudentRecord: {} terms, {attempts} attempts, {} awards>", self.0.terms.len(), self.0.awards.len())
    }

    fn __reduce__(&self, py: Python<'_>) -> PyResult<(Py<PyAny>, (Py<PyAny>,))> {
        let read = py.get_type::<StudentRecord>().getattr("from_json_bytes")?.unbind();
        let text = pyo3::types::PyBytes::new(py, self.to_json(py).as_bytes());
        Ok((read, (text.into_any().unbind(),)))
    }
}

impl From<domain::StudentRecord> for StudentRecord {
    fn from(record: domain::StudentRecord) -> StudentRecord {
        StudentRecord(Arc::new(record))
    }
}
