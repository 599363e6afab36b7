//! What is asked for in one call, from Python's arguments; checked here, once for all verbs.

use super::errors::OrRaise;
use super::numbers;
use crate::domain::{Error, Marking, StudentId, Text};
use crate::service;
use pyo3::prelude::*;
use pyo3::types::PyDate;

/// One issuing: when, whether official, for whom, and what becomes of it.
#[pyclass(frozen, module = "registrary._core")]
pub struct Request(pub service::Request);

#[pymethods]
impl Request {
    #[new]
    #[allow(clippy::too_many_arguments, reason = "each is a keyword of Python's")]
    #[pyo3(signature = (date, *, official, serial=None, recipient=None, purpose=None, save, verify))]
    fn new(
        py: Python<'_>,
        date: &Bound<'_, PyDate>,
        official: bool,
        serial: Option<&str>,
        recipient: Option<&str>,
        purpose: Option<&str>,
        save: bool,
        verify: bool,
    ) -> PyResult<Request> {
        let text = |name: &str, raw: Option<&str>| -> Result<Option<Text>, Error> {
            raw.map(Text::new).transpose().map_err(|error| Error::configuration(format!("{name} {error}")))
        };
        let read = || -> Result<_, Error> {
            Ok((text("serial", serial)?, text("recipient", recipient)?, text("purpose", purpose)?))
        };
        let (serial, recipient, purpose) = read().or_raise(py)?;
        let marking = if official { Marking::Official } else { Marking::Unofficial };
        let date = numbers::date(date)?;
        Ok(Request(service::Request { date, serial, marking, recipient, purpose, save, verify }))
    }
}

/// The student id that a verb was given as text.
pub fn student_id(py: Python<'_>, raw: &str) -> PyResult<StudentId> {
    let refused = |error| Error::configuration(format!("a student id: {error}"));
    StudentId::new(raw).map_err(refused).or_raise(py)
}
