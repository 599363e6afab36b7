//! A verified enrolment in Python.

use super::errors::OrRaise;
use super::numbers::{credits, python_date, python_decimal};
use super::record::StudentRecord;
use crate::domain::{Error, Level};
use crate::gpa::{EnrolledTerm, Load, LoadRule};
use crate::service;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use std::sync::Arc;

/// The terms a student was enrolled in, as the record shows them, and the page that certifies them.
#[pyclass(frozen, module = "registrary._core")]
pub struct EnrollmentVerification(pub service::EnrollmentVerification);

#[pymethods]
impl EnrollmentVerification {
    /// The page.
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

    /// Whether a term is under way on the day of issue; `None` where the record lacks the dates to tell.
    #[getter]
    fn enrolled(&self) -> Option<bool> {
        self.0.enrollment.current
    }

    /// The terms, in the record's order.
    #[getter]
    fn terms<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        self.0.enrollment.terms.iter().map(|term| self.term(py, term)).collect()
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
        self.0.issue.serial.as_str()
    }

    /// Seconds by stage; stages that did not run are absent.
    #[getter]
    fn timings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        super::transcript::seconds(py, &self.0.timings)
    }

    fn __repr__(&self) -> String {
        let (code, terms) = (self.0.code, self.0.enrollment.terms.len());
        format!("<EnrollmentVerification {code}: {terms} terms, {} bytes>", self.0.pdf.len())
    }
}

impl EnrollmentVerification {
    fn term<'py>(&self, py: Python<'py>, enrolled: &EnrolledTerm) -> PyResult<Bound<'py, PyDict>> {
        let told = PyDict::new(py);
        let Some(term) = self.0.record.terms.get(enrolled.term_index) else { return Ok(told) };
        let day = |date: Option<_>| date.map(|date| python_date(py, date)).transpose();
        told.set_item("name", term.name.as_str())?;
        told.set_item("designator", term.designator.to_string())?;
        told.set_item("level", term.level.as_str())?;
        told.set_item("begins", day(term.begins)?)?;
        told.set_item("ends", day(term.ends)?)?;
        told.set_item("credits", python_decimal(py, enrolled.credits.decimal())?)?;
        told.set_item("load", enrolled.load.map(Load::word))?;
        told.set_item("withdrawn", enrolled.withdrawn)?;
        Ok(told)
    }
}

/// A rule for the load as given in Python: level (`None`: all others), full time, half time.
pub type GivenLoad<'py> = (Option<String>, Bound<'py, PyAny>, Option<Bound<'py, PyAny>>);

pub fn load_rules(py: Python<'_>, given: &[GivenLoad<'_>]) -> PyResult<Vec<LoadRule>> {
    given.iter().map(|rule| load_rule(py, rule)).collect()
}

fn load_rule(py: Python<'_>, (level, full, half): &GivenLoad<'_>) -> PyResult<LoadRule> {
    let level = level.as_deref().map(Level::new).transpose();
    let level = level.map_err(|error| Error::configuration(format!("a level {error}"))).or_raise(py)?;
    let number = |value: &Bound<'_, PyAny>, place: &str| {
        credits(value, place)?
            .map_err(|problem| Error::configuration(format!("{place} {}", problem.message)))
            .or_raise(py)
    };
    let half_time = half.as_ref().map(|half| number(half, "half_time")).transpose()?;
    Ok(LoadRule { level, full_time: number(full, "full_time")?, half_time })
}
