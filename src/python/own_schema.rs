//! Sources that are more than an address: an institution's own schema by its configuration.

use super::errors::OrRaise;
use crate::service::panics;
use crate::source::{Source, configured, http};
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
        let open = || configured::open(&path, &|name| environment.get(name).cloned());
        py.detach(|| panics::caught(open)).or_raise(py).map(OwnSource)
    }

    /// From a configuration as JSON of the file's shape, in which secrets may stand: a program wrote it.
    #[staticmethod]
    fn from_json(
        py: Python<'_>,
        text: &str,
        folder: PathBuf,
        environment: HashMap<String, String>,
    ) -> PyResult<OwnSource> {
        let open = || {
            let secrets = http::Secrets { environment: &|name: &str| environment.get(name).cloned(), written: true };
            configured::service(&http::table_of(text)?, &folder, &secrets)
        };
        py.detach(|| panics::caught(open)).or_raise(py).map(|source| OwnSource(Arc::new(source)))
    }

    fn __repr__(&self) -> &'static str {
        // The address may hold a password.
        "<OwnSource>"
    }
}
