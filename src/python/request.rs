//! What is asked for in one call, from Python's arguments; checked here, once for all verbs.

use super::errors::OrRaise;
use super::numbers;
use crate::domain::{Error, Marking, Partial, StudentId, Text, YearMonth};
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
    #[pyo3(signature = (date, *, official, serial=None, recipient=None, purpose=None, partial=None, save, verify))]
    fn new(
        py: Python<'_>,
        date: &Bound<'_, PyDate>,
        official: bool,
        serial: Option<&str>,
        recipient: Option<&str>,
        purpose: Option<&str>,
        partial: Option<GivenPartial>,
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
        let partial = partial.map(|given| partly(&given)).transpose().or_raise(py)?;
        Ok(Request(service::Request { date, serial, marking, recipient, purpose, partial, save, verify }))
    }
}

/// Terms that are left out, and the holds that this answers.
pub type GivenPartial = (Vec<String>, Vec<String>);

pub fn partly((unpaid, holds): &GivenPartial) -> Result<Partial, Error> {
    let month = |raw: &String| {
        raw.parse::<YearMonth>().map_err(|error| Error::configuration(format!("an unpaid term {error}")))
    };
    let hold = |raw: &String| Text::new(raw).map_err(|error| Error::configuration(format!("a code of a hold {error}")));
    let partial = Partial {
        unpaid: unpaid.iter().map(month).collect::<Result<_, _>>()?,
        holds: holds.iter().map(hold).collect::<Result<_, _>>()?,
    };
    if partial.unpaid.is_empty() {
        return Err(Error::configuration("a partial transcript needs the terms that are left out"));
    }
    Ok(partial)
}

/// The student id that a verb was given as text.
pub fn student_id(py: Python<'_>, raw: &str) -> PyResult<StudentId> {
    let refused = |error| Error::configuration(format!("a student id: {error}"));
    StudentId::new(raw).map_err(refused).or_raise(py)
}
