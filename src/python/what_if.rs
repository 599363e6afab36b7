//! What-if across the border: planned attempts read, and what a target needs as a typed result.

use super::errors::{self, OrRaise};
use super::gpa::read_mappings;
use super::numbers::{credits, decimal, python_decimal};
use crate::domain::{Credits, Decimal, Error, Level, StudentRecord};
use crate::gpa::{self, Best, Policy, Required};
use crate::service::panics;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// The record with the planned attempts, and what the policy says of it.
pub fn judged_with(
    py: Python<'_>,
    record: &StudentRecord,
    policy: &Policy,
    planned: &[Bound<'_, PyAny>],
) -> PyResult<(StudentRecord, gpa::Evaluation)> {
    let mut problems = Vec::new();
    let planned = read_mappings(planned, &mut problems)?;
    let judged = py.detach(|| {
        panics::caught(|| {
            let whole = gpa::with_attempts(record, &planned, problems)?;
            let evaluation = gpa::evaluate(&whole, policy)?;
            Ok((whole, evaluation))
        })
    });
    judged.map_err(|error| errors::raised(py, &error, Some(&record.student.id)))
}

/// The arguments as Python gives them.
pub struct Asked<'py> {
    pub target: Bound<'py, PyAny>,
    pub credits: Bound<'py, PyAny>,
    pub level: Option<String>,
}

/// A `registrary.RequiredGpa`.
pub fn required_for<'py>(
    py: Python<'py>,
    record: &StudentRecord,
    policy: &Policy,
    asked: &Asked<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let (target, credits, level) = read(py, asked)?;
    let required = py.detach(|| panics::caught(|| gpa::required_for(record, policy, level.as_ref(), target, credits)));
    let required = required.map_err(|error| errors::raised(py, &error, Some(&record.student.id)))?;
    typed(py, &required, target, credits)
}

fn read(py: Python<'_>, asked: &Asked<'_>) -> PyResult<(Decimal, Credits, Option<Level>)> {
    let wrong = |name: &str, message: String| Error::configuration(format!("{name} {message}"));
    let target = decimal(&asked.target, "target_gpa")?.map_err(|problem| wrong("target_gpa", problem.message));
    let credits = credits(&asked.credits, "credits")?.map_err(|problem| wrong("credits", problem.message));
    let level = asked.level.as_deref().map(Level::new).transpose();
    let level = level.map_err(|error| wrong("level", error.to_string()));
    Ok((target.or_raise(py)?, credits.or_raise(py)?, level.or_raise(py)?))
}

fn typed<'py>(py: Python<'py>, required: &Required, target: Decimal, credits: Credits) -> PyResult<Bound<'py, PyAny>> {
    let fields = PyDict::new(py);
    fields.set_item("target_gpa", python_decimal(py, target)?)?;
    fields.set_item("credits", python_decimal(py, credits.decimal())?)?;
    fields.set_item("level", required.level.as_str())?;
    let fraction = PyModule::import(py, "fractions")?.getattr("Fraction")?;
    fields.set_item("exact", fraction.call1((required.exact.numerator(), required.exact.denominator()))?)?;
    fields.set_item("more_than", required.more_than)?;
    fields.set_item("reached", required.reached)?;
    fields.set_item("lowest_is_best", required.best == Best::Lowest)?;
    fields.set_item("gpa", required.gpa.map(|gpa| python_decimal(py, gpa)).transpose()?)?;
    fields.set_item("grade", required.grade.as_ref().map(|grade| grade.as_str()))?;
    fields.set_item("top", python_decimal(py, required.top.decimal())?)?;
    PyModule::import(py, "registrary._what_if")?.getattr("RequiredGpa")?.call((), Some(&fields))
}
