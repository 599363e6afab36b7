//! A finished transcript in Python. What a notebook prints of it holds no personal data.

use super::errors::OrRaise;
use super::evaluation::Evaluation;
use super::numbers::python_date;
use super::record::StudentRecord;
use crate::service::{self, panics};
use crate::sink;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDate, PyDict};
use std::path::PathBuf;
use std::sync::Arc;

/// A transcript: the PDF, and everything it was made from.
#[pyclass(frozen, module = "registrary._core")]
pub struct Transcript(pub service::Transcript);

#[pymethods]
impl Transcript {
    /// The PDF.
    #[getter]
    fn pdf<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.pdf)
    }

    #[getter]
    fn student_id(&self) -> &str {
        self.0.student_id.as_str()
    }

    #[getter]
    fn record(&self) -> StudentRecord {
        StudentRecord(Arc::clone(&self.0.record))
    }

    #[getter]
    fn evaluation(&self) -> Evaluation {
        Evaluation::of(Arc::clone(&self.0.record), self.0.policy.clone(), Arc::clone(&self.0.evaluation))
    }

    /// SHA-256 of the PDF, 64 hexadecimal digits.
    #[getter]
    fn digest(&self) -> String {
        self.0.digest.hex()
    }

    /// The verification code printed on it.
    #[getter]
    fn code(&self) -> String {
        self.0.code.to_string()
    }

    #[getter]
    fn pages(&self) -> usize {
        self.0.pages
    }

    /// The document's own number.
    #[getter]
    fn serial(&self) -> &str {
        self.0.serial().as_str()
    }

    #[getter]
    fn issue_date<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDate>> {
        python_date(py, self.0.issue.date)
    }

    /// Where it was saved, as a `pathlib.Path`.
    #[getter]
    fn saved(&self) -> Option<PathBuf> {
        self.0.saved.clone()
    }

    /// Where it was saved, of an object store: `s3://bucket/key`.
    #[getter]
    fn saved_url(&self) -> Option<&str> {
        self.0.saved_url.as_deref()
    }

    /// Whether the verification service confirmed it.
    #[getter]
    fn confirmed(&self) -> bool {
        self.0.confirmation.is_some()
    }

    /// The verification service's own number for its confirmation.
    #[getter]
    fn confirmation_reference(&self) -> Option<&str> {
        self.0.confirmation.as_ref()?.reference.as_ref().map(|reference| reference.as_str())
    }

    /// Seconds by stage; stages that did not run are absent.
    #[getter]
    fn timings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        seconds(py, &self.0.timings)
    }

    /// Writes the PDF to `path`, whole or not at all.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<PathBuf> {
        py.detach(|| panics::caught(|| sink::save_as(&path, &self.0.pdf, || Ok(())))).or_raise(py)?;
        Ok(path)
    }

    fn __bytes__<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        self.pdf(py)
    }

    fn __len__(&self) -> usize {
        self.0.pdf.len()
    }

    fn __repr__(&self) -> String {
        let (pages, code, bytes) = (self.0.pages, self.0.code, self.0.pdf.len());
        format!("<Transcript {code}: {pages} page{}, {bytes} bytes>", if pages == 1 { "" } else { "s" })
    }

    fn _repr_html_<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let cards = PyModule::import(py, "registrary._cards")?;
        let facts = (self.code(), self.pages(), self.__len__(), self.digest(), self.confirmed());
        cards.getattr("transcript")?.call1(facts)
    }
}

/// Seconds by stage.
pub fn seconds<'py>(py: Python<'py>, timings: &service::Timings) -> PyResult<Bound<'py, PyDict>> {
    let seconds = PyDict::new(py);
    for (stage, took) in timings.stages() {
        seconds.set_item(stage.word(), took.as_secs_f64())?;
    }
    Ok(seconds)
}
