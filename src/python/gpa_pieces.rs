//! Tables larger than memory, piece by piece: cut where students end, or added up.

use super::arrow::Columns;
use super::errors::OrRaise;
use super::gpa_table::GpaRequest;
use super::numbers::python_decimal;
use crate::gpa::batch::{self, RowEvaluation, check_merge, explain_table, merge_tables};
use crate::service::panics;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Rows that come clustered by student, and whose students end anywhere in a batch.
#[pyclass(frozen, module = "registrary._core")]
pub struct Clusters(Mutex<batch::Clusters>);

impl Clusters {
    /// Never held across a call into Python.
    fn inner(&self) -> MutexGuard<'_, batch::Clusters> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl Clusters {
    #[new]
    fn new(student: String) -> Clusters {
        Clusters(Mutex::new(batch::Clusters::new(student)))
    }

    /// The rows of the students that are over, or `None` when none is.
    fn push(&self, py: Python<'_>, columns: &Columns) -> PyResult<Option<Columns>> {
        let batches = columns.batches();
        let over = py.detach(|| {
            panics::caught(|| {
                let mut inner = self.inner();
                let mut over = Vec::new();
                for batch in batches.iter().filter(|batch| batch.num_rows() > 0) {
                    over.append(&mut inner.push(batch.clone())?);
                }
                Ok(over)
            })
        });
        Ok(columns.with(over.or_raise(py)?))
    }

    /// The last student's rows; `columns` is any batch that was pushed.
    fn finish(&self, columns: &Columns) -> Option<Columns> {
        columns.with(self.inner().finish())
    }
}

/// The results of pieces, added up.
#[pyfunction]
pub fn merge_gpas(py: Python<'_>, parts: Vec<Py<Columns>>, request: &GpaRequest) -> PyResult<Columns> {
    let parts: Vec<_> = parts.iter().flat_map(|part| part.get().batches().to_vec()).collect();
    let merged = py.detach(|| panics::caught(|| merge_tables(&parts, request.inner())));
    merged.or_raise(py).map(|table| Columns::of(table.batch))
}

/// Refuses a policy by which results of pieces cannot be added up.
#[pyfunction]
pub fn check_mergeable(py: Python<'_>, request: &GpaRequest) -> PyResult<()> {
    check_merge(request.inner()).or_raise(py)
}

/// What each attempt did, in order of term: its row, and the evaluation's words and numbers.
#[pyfunction]
pub fn explain_gpas<'py>(
    py: Python<'py>,
    columns: &Columns,
    request: &GpaRequest,
) -> PyResult<Vec<Bound<'py, PyDict>>> {
    let batches = columns.batches();
    let explained = py.detach(|| panics::caught(|| explain_table(&batches, request.inner()))).or_raise(py)?;
    let told = |one: &RowEvaluation| {
        let (attempt, facts) = (&one.attempt, PyDict::new(py));
        facts.set_item("row", one.row)?;
        facts.set_item("credits_attempted", python_decimal(py, attempt.credits_attempted.decimal())?)?;
        facts.set_item("credits_earned", python_decimal(py, attempt.credits_earned.decimal())?)?;
        facts.set_item("gpa_hours", python_decimal(py, attempt.gpa_hours.decimal())?)?;
        let points = attempt.points.map(|points| python_decimal(py, points.decimal())).transpose()?;
        facts.set_item("points", points)?;
        facts.set_item("repeat", attempt.repeat.map(|repeat| repeat.word()))?;
        facts.set_item("rule", attempt.rule)?;
        Ok(facts)
    };
    explained.iter().map(told).collect()
}
