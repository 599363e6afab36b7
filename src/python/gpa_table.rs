//! GPAs of many students at once: Arrow columns in, Arrow columns out, the GIL released in between.

use super::arrow::Columns;
use super::bridge::{Call, LoopBridge, Outcome, Part, Task, Work};
use super::errors::OrRaise;
use super::lent::on_pool;
use super::policy::Policy;
use super::waiting;
use crate::gpa::batch::{self, BatchRequest, ColumnNames, GpaTable, Grouping, KeyColumn, OnError};
use crate::service::Slot;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::sync::Arc;

/// What is asked of a table.
#[pyclass(frozen, module = "registrary._core")]
pub struct GpaRequest(Arc<BatchRequest>);

impl GpaRequest {
    pub fn inner(&self) -> &BatchRequest {
        &self.0
    }
}

#[pymethods]
impl GpaRequest {
    #[new]
    #[allow(clippy::too_many_arguments, reason = "each is a keyword of Python's")]
    #[pyo3(signature = (policy, by, *, student=None, grade=None, points=None, credits=None, term=None, course=None,
                        level=None, section=None, excluded=None, cumulative=false, collect=false))]
    fn new(
        policy: &Policy,
        by: Vec<String>,
        student: Option<String>,
        grade: Option<String>,
        points: Option<String>,
        credits: Option<String>,
        term: Option<String>,
        course: Option<String>,
        level: Option<String>,
        section: Option<String>,
        excluded: Option<String>,
        cumulative: bool,
        collect: bool,
    ) -> PyResult<GpaRequest> {
        let columns = ColumnNames { student, grade, points, credits, term, course, level, section, excluded };
        let mut keys = by.iter().map(|word| key(word)).collect::<PyResult<Vec<_>>>()?;
        keys.sort_unstable();
        let on_error = if collect { OnError::Collect } else { OnError::Refuse };
        let policy = policy.0.clone();
        Ok(GpaRequest(Arc::new(BatchRequest { columns, by: Grouping { keys }, cumulative, on_error, policy })))
    }
}

fn key(word: &str) -> PyResult<KeyColumn> {
    let known = [KeyColumn::Student, KeyColumn::Term, KeyColumn::Level, KeyColumn::Section];
    let found = known.into_iter().find(|key| key.word() == word);
    found.ok_or_else(|| PyValueError::new_err("by names student, term, level and section, and nothing else"))
}

/// The result, and the problems of the rows that were left out.
#[pyfunction]
pub fn calculate_gpas(py: Python<'_>, columns: &Columns, request: &GpaRequest) -> PyResult<(Columns, Option<Columns>)> {
    let slot = Slot::current().or_raise(py)?;
    let work = calculated(Arc::clone(&slot), columns, request);
    waiting::wait(py, &slot, None, work).map(in_python)
}

/// As [`calculate_gpas`], awaited.
#[pyfunction]
pub fn calculate_gpas_async(bridge: &Bound<'_, LoopBridge>, columns: Py<Columns>, request: Py<GpaRequest>) -> Call {
    let work = Box::new(move |slot: Arc<Slot>, _| -> Work {
        let calculated = calculated(slot, columns.get(), request.get());
        Box::pin(async move {
            let table = calculated.await?;
            let outcome: Outcome = Box::new(move |py, _| Ok(in_python(table).into_pyobject(py)?.into_any().unbind()));
            Ok(outcome)
        })
    });
    Call::new(bridge, Task { work, student_id: None, part: Part::Apart, caller: None })
}

fn calculated(
    slot: Arc<Slot>,
    columns: &Columns,
    request: &GpaRequest,
) -> impl Future<Output = Result<GpaTable, crate::domain::Error>> + Send + 'static {
    let request = Arc::clone(&request.0);
    on_pool(slot, columns.batches(), move |batches, cancel| {
        batch::calculate_table(batches, &request, cancel.as_atomic())
    })
}

fn in_python(table: GpaTable) -> (Columns, Option<Columns>) {
    (Columns::of(table.batch), table.rejected.map(Columns::of))
}
