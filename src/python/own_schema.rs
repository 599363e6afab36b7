//! Sources that are more than an address: an institution's own schema by its configuration.

use super::errors::OrRaise;
use crate::service::panics;
use crate::source::{Source, own_schema};
use pyo3::prelude::*;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

/// A source that was made beforehand, for any number of registrars.
#[pyclass(frozen, module = "registrary._core")]
pub struct OwnSource(pub Arc<dyn Source>);

/// What a registrar is given as its source.
#[derive(FromPyObject)]
pub enum GivenPlace<'py> {
    Made(Bound<'py, OwnSource>),
    Address(String),
}

#[pymethods]
impl OwnSource {
    /// From a configuration file. `environment` holds the variables that it refers to: the core reads none.
    #[staticmethod]
    fn from_configuration(py: Python<'_>, path: PathBuf, environment: HashMap<String, String>) -> PyResult<OwnSource> {
        let open = || own_schema::open(&path, &|name| environment.get(name).cloned());
        py.detach(|| panics::caught(open)).or_raise(py).map(OwnSource)
    }

    fn __repr__(&self) -> &'static str {
        // The address may hold a password.
        "<OwnSource>"
    }
}
