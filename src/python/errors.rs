//! Errors become Python exceptions: one mapping, made on a thread that is attached already.

use super::bridge::Caller;
use super::numbers::python_date;
use crate::domain::{Error, Hold, Problem, StudentId};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

/// The exception for `error`: a class of `registrary.errors` with its code, hint and details.
pub fn raised(py: Python<'_>, error: &Error, student_id: Option<&StudentId>) -> PyErr {
    built(py, error, student_id).map_or_else(|failure| failure, PyErr::from_value)
}

/// As [`raised`]; where the caller's own function raised, its exception itself, or the cause of ours.
pub fn from_caller(py: Python<'_>, error: &Error, student_id: Option<&StudentId>, caller: Option<&Caller>) -> PyErr {
    let Some(caller) = caller else { return raised(py, error, student_id) };
    match error {
        Error::Callback { ask } => caller.exception(py, *ask).unwrap_or_else(|| raised(py, error, student_id)),
        Error::RecordNotFound => {
            let exception = raised(py, error, student_id);
            let cause = student_id.and_then(|id| caller.not_found(py, id.as_str()));
            exception.set_cause(py, cause);
            exception
        }
        _ => raised(py, error, student_id),
    }
}

/// For sync verbs and constructors, which run attached.
pub trait OrRaise<T> {
    fn or_raise(self, py: Python<'_>) -> PyResult<T>;
}

impl<T> OrRaise<T> for Result<T, Error> {
    fn or_raise(self, py: Python<'_>) -> PyResult<T> {
        self.map_err(|error| raised(py, &error, None))
    }
}

fn built<'py>(py: Python<'py>, error: &Error, student_id: Option<&StudentId>) -> PyResult<Bound<'py, PyAny>> {
    let details = PyDict::new(py);
    details.set_item(intern!(py, "code"), error.code())?;
    details.set_item(intern!(py, "hint"), error.hint())?;
    details.set_item(intern!(py, "student_id"), student_id.map(StudentId::as_str))?;
    let module = PyModule::import(py, intern!(py, "registrary.errors"))?;
    let name = match error {
        Error::RecordNotFound => "RecordNotFoundError",
        Error::MalformedRecord(problems) => with_problems(&module, &details, "MalformedRecordError", problems)?,
        Error::Policy(problems) => with_problems(&module, &details, "PolicyError", problems)?,
        Error::Theme(problems) => with_problems(&module, &details, "ThemeError", problems)?,
        Error::SourceConfiguration(problems) => with_problems(&module, &details, "SourceConfigurationError", problems)?,
        Error::Render(problems) => with_problems(&module, &details, "RenderError", problems)?,
        Error::Held(holds) => {
            details.set_item(intern!(py, "holds"), held(&module, holds)?)?;
            "HoldError"
        }
        Error::SourceUnavailable { reason } => with_reason(&details, "SourceUnavailableError", reason)?,
        Error::DegreeNotConferred | Error::NeverEnrolled => with_reason(&details, "VerificationError", error.code())?,
        Error::VerificationRefused { reason } => with_reason(&details, "VerificationError", reason)?,
        Error::VerificationUnavailable { reason } => with_reason(&details, "VerificationError", reason)?,
        Error::Sink { reason, .. } => with_reason(&details, "SinkError", reason)?,
        Error::TimedOut { stage, limit } => {
            details.set_item(intern!(py, "stage"), stage.word())?;
            details.set_item(intern!(py, "limit"), limit.as_secs_f64())?;
            "StageTimeoutError"
        }
        Error::Configuration { .. } => "ConfigurationError",
        Error::Callback { .. } | Error::Cancelled => "TranscriptError",
        Error::Internal { .. } => "InternalError",
    };
    module.getattr(name)?.call((error.to_string(),), Some(&details))
}

fn with_reason(details: &Bound<'_, PyDict>, name: &'static str, reason: &str) -> PyResult<&'static str> {
    details.set_item(intern!(details.py(), "reason"), reason)?;
    Ok(name)
}

fn with_problems(
    module: &Bound<'_, PyModule>,
    details: &Bound<'_, PyDict>,
    name: &'static str,
    problems: &[Problem],
) -> PyResult<&'static str> {
    let py = module.py();
    let class = module.getattr(intern!(py, "Problem"))?;
    let listed = problems.iter().map(|p| class.call1((p.code, &p.place, &p.message)));
    details.set_item(intern!(py, "problems"), PyTuple::new(py, listed.collect::<PyResult<Vec<_>>>()?)?)?;
    Ok(name)
}

/// A tuple of `registrary.errors.Hold`.
pub fn holds<'py>(py: Python<'py>, holds: &[Hold]) -> PyResult<Bound<'py, PyAny>> {
    let module = PyModule::import(py, intern!(py, "registrary.errors"))?;
    Ok(held(&module, holds)?.into_any())
}

fn held<'py>(module: &Bound<'py, PyModule>, holds: &[Hold]) -> PyResult<Bound<'py, PyTuple>> {
    let py = module.py();
    let class = module.getattr(intern!(py, "Hold"))?;
    let listed = holds.iter().map(|hold| {
        let since = hold.since.map(|date| python_date(py, date)).transpose()?;
        let reason = hold.reason.as_ref().map(|reason| reason.as_str());
        class.call1((hold.code.as_str(), reason, since, hold.blocks_transcript))
    });
    PyTuple::new(py, listed.collect::<PyResult<Vec<_>>>()?)
}
