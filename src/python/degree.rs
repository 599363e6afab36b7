//! A verified degree in Python.

use super::numbers::python_date;
use super::record::StudentRecord;
use crate::service;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDate, PyDict};
use std::sync::Arc;

/// A degree that the record shows and, where it was asked, the verification service confirmed; with its certificate.
#[pyclass(frozen, module = "registrary._core")]
pub struct DegreeVerification(pub service::DegreeVerification);

#[pymethods]
impl DegreeVerification {
    /// The certificate.
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

    /// The degree as the record names it.
    #[getter]
    fn title(&self) -> &str {
        self.0.award.title.as_str()
    }

    #[getter]
    fn honors(&self) -> Vec<&str> {
        self.0.award.honors.iter().map(|honor| honor.as_str()).collect()
    }

    #[getter]
    fn conferred<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDate>> {
        python_date(py, self.0.conferred)
    }

    /// SHA-256 of the certificate, 64 hexadecimal digits.
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

    /// The certificate's own number.
    #[getter]
    fn serial(&self) -> &str {
        self.0.issue.serial.as_str()
    }

    /// Whether the verification service was asked, and confirmed.
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
        super::transcript::seconds(py, &self.0.timings)
    }

    fn __repr__(&self) -> String {
        let (code, bytes) = (self.0.code, self.0.pdf.len());
        let word = if self.confirmed() { "confirmed" } else { "confirmation not asked" };
        format!("<DegreeVerification {code}: {word}, {bytes} bytes>")
    }
}
