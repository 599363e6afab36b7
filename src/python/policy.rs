//! Policies in Python: built in, from TOML, or from data of the same shape.

use super::errors::OrRaise;
use crate::domain::{Error, Problem};
use crate::gpa;
use crate::service::panics;
use pyo3::prelude::*;

/// An institution's grading policy: which grades are worth what, what counts, and how a GPA is rounded.
#[pyclass(frozen, eq, module = "registrary._core")]
#[derive(PartialEq)]
pub struct Policy(pub gpa::Policy);

#[pymethods]
impl Policy {
    /// A policy that comes with registrary, by its name.
    #[staticmethod]
    fn built_in(py: Python<'_>, name: &str) -> PyResult<Policy> {
        let known = || format!("is no built-in policy; there are {}", gpa::Policy::built_in_names().join(", "));
        let unknown = || Error::Policy(vec![Problem::new("unknown-built-in", "policy", known())]);
        gpa::Policy::built_in(name).ok_or_else(unknown).or_raise(py).map(Policy)
    }

    #[staticmethod]
    fn built_in_names() -> Vec<&'static str> {
        gpa::Policy::built_in_names().to_vec()
    }

    /// From the text of a TOML file.
    #[staticmethod]
    fn from_toml_text(py: Python<'_>, text: &str) -> PyResult<Policy> {
        panics::caught(|| gpa::Policy::from_toml(text)).or_raise(py).map(Policy)
    }

    /// From JSON of the shape of a TOML file.
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &[u8]) -> PyResult<Policy> {
        let not_json = |_| Error::Policy(vec![Problem::new("not-json", "", "is no JSON")]);
        let read = serde_json::from_slice(text).map_err(not_json);
        read.and_then(|value| panics::caught(|| gpa::Policy::from_json(&value))).or_raise(py).map(Policy)
    }

    /// From a TOML file.
    #[staticmethod]
    fn from_toml<'py>(py: Python<'py>, path: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        PyModule::import(py, "registrary._policy")?.getattr("policy_from_file")?.call1((path,))
    }

    /// From a mapping of the same shape as a TOML file.
    #[staticmethod]
    fn from_dict<'py>(py: Python<'py>, policy: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        PyModule::import(py, "registrary._policy")?.getattr("policy_from_mapping")?.call1((policy,))
    }

    /// The policy of those who entered in a term, where its scale goes by the term of entry.
    fn for_entry_term(&self, py: Python<'_>, term: &str) -> PyResult<Policy> {
        let not_a_term = |_| Error::configuration("a term of entry is a year and a month, such as 2017-09");
        term.parse().map_err(not_a_term).map(|term| Policy(self.0.entered(term))).or_raise(py)
    }

    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    #[getter]
    fn title(&self) -> &str {
        self.0.title()
    }

    fn __repr__(&self) -> String {
        format!("<Policy {}>", self.0.name())
    }
}
