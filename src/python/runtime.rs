//! The runtime's switches, for the facade.

use super::errors::OrRaise;
use crate::service::Slot;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::time::Duration;

/// Takes no new work and ends what runs, within `seconds`.
#[pyfunction]
pub fn shut_down(py: Python<'_>, seconds: f64) -> PyResult<()> {
    let patience = Duration::try_from_secs_f64(seconds).map_err(|error| PyValueError::new_err(error.to_string()))?;
    py.detach(|| Slot::shut_down(patience));
    Ok(())
}

/// How many threads wait for I/O; only before the first call.
#[pyfunction]
pub fn set_workers(py: Python<'_>, workers: usize) -> PyResult<()> {
    Slot::set_workers(workers).or_raise(py)
}
