//! An institution's own schema in Python: as a source by its configuration, and as queries for a DB-API connection.

use super::errors::{self, OrRaise};
use super::own_cells::{GivenAnswer, GivenOutcome};
use super::own_tables;
use super::record::StudentRecord;
use super::request::student_id;
use crate::domain::{Error, StudentId};
use crate::service::{examine_records, panics};
use crate::source::own_schema::{
    Configuration, IdKind, OwnCell, ParameterStyle, RawAnswer, Reach, examine, ids_of, records,
};
use crate::source::rows::Entity;
use crate::source::{Report, Source, configured, http};
use pyo3::prelude::*;
use pyo3::types::PyList;
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

    /// From tables by name, each a producer of an Arrow stream; the names of tables that the institution has not; and value maps as
    /// JSON.
    #[staticmethod]
    fn from_tables(
        py: Python<'_>,
        tables: Vec<(String, Bound<'_, PyAny>)>,
        absent: Vec<String>,
        maps: &str,
    ) -> PyResult<OwnSource> {
        let tables = own_tables::source(py, &tables, &absent, maps)?;
        Ok(OwnSource(Arc::new(tables)))
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

/// The queries and maps of a configuration, for whoever puts them to a database in Python.
#[pyclass(frozen, module = "registrary._core")]
pub struct OwnQueries {
    configuration: Configuration,
    style: ParameterStyle,
}

#[pymethods]
impl OwnQueries {
    #[new]
    fn new(py: Python<'_>, path: PathBuf, paramstyle: &str) -> PyResult<OwnQueries> {
        let style = ParameterStyle::from_word(paramstyle).ok_or_else(|| {
            let known = "a paramstyle is qmark, numeric, named, format or pyformat";
            Error::configuration(known)
        });
        let open = || Ok((Configuration::open(&path, &|_| None, Reach::Connection)?, style?));
        let (configuration, style) = py.detach(|| panics::caught(open)).or_raise(py)?;
        Ok(OwnQueries { configuration, style })
    }

    /// Whether ids are bound as whole numbers.
    #[getter]
    fn integer_ids(&self) -> bool {
        self.configuration.ids == IdKind::Integer
    }

    /// Each table's query over so many students.
    fn statements(&self, students: usize) -> Vec<(&'static str, String)> {
        let each = self.configuration.statements.iter();
        each.map(|(entity, statement)| (entity.table(), statement.styled(self.style, students))).collect()
    }

    /// The query that lists all students.
    fn listing(&self) -> Option<String> {
        self.configuration.listing.as_ref().map(|statement| statement.styled(self.style, 0))
    }

    /// Cells as student ids.
    fn ids(&self, py: Python<'_>, cells: Vec<Bound<'_, PyAny>>) -> PyResult<Vec<String>> {
        let cells = cells.iter().map(super::own_cells::cell).collect::<PyResult<Vec<OwnCell>>>()?;
        let ids = ids_of(cells).or_raise(py)?;
        Ok(ids.iter().map(|id| id.as_str().to_owned()).collect())
    }

    /// Each student's record, or the exception that says why there is none; answers in the order of the statements.
    fn records<'py>(
        &self,
        py: Python<'py>,
        students: Vec<String>,
        answers: Vec<GivenAnswer<'py>>,
    ) -> PyResult<Bound<'py, PyList>> {
        let ids = students.iter().map(|id| student_id(py, id)).collect::<PyResult<Vec<_>>>()?;
        let answers = answers.into_iter().map(GivenAnswer::read).collect::<PyResult<Vec<_>>>()?;
        let made = py.detach(|| panics::caught(|| self.made(&ids, answers))).or_raise(py)?;
        let list = PyList::empty(py);
        for (id, record) in ids.iter().zip(made) {
            match record {
                Ok(record) => list.append(Py::new(py, StudentRecord(Arc::new(record)))?)?,
                Err(error) => list.append(errors::raised(py, &error, Some(id)).into_value(py))?,
            }
        }
        Ok(list)
    }

    /// What the answers tell about the schema, as JSON; in place of an answer may stand the words of its failure.
    fn examine(
        &self,
        py: Python<'_>,
        title: String,
        students: Vec<String>,
        answers: Vec<GivenOutcome<'_>>,
        policy: &super::policy::Policy,
    ) -> PyResult<String> {
        let ids = students.iter().map(|id| student_id(py, id)).collect::<PyResult<Vec<_>>>()?;
        let mut given: Vec<(Entity, Result<RawAnswer, Error>)> = Vec::new();
        for ((entity, _), answer) in self.configuration.statements.iter().zip(answers) {
            let answer = match answer {
                GivenOutcome::Answer(answer) => Ok(answer.read()?),
                GivenOutcome::Failure(reason) => Err(Error::SourceUnavailable { reason }),
            };
            given.push((*entity, answer));
        }
        let policy = policy.0.clone();
        let look = || {
            let mut report = Report::of_lines(vec![title]);
            examine(&self.configuration.maps, given, &ids, &mut report);
            examine_records(&mut report, &policy, &|| Ok(()))?;
            serde_json::to_string(&report).map_err(|_| Error::Internal { message: "a report that is no JSON".into() })
        };
        py.detach(|| panics::caught(look)).or_raise(py)
    }
}

impl OwnQueries {
    fn made(
        &self,
        ids: &[StudentId],
        answers: Vec<RawAnswer>,
    ) -> Result<Vec<Result<crate::domain::StudentRecord, Error>>, Error> {
        let (mut shaped, mut problems) = (Vec::new(), Vec::new());
        for ((entity, _), raw) in self.configuration.statements.iter().zip(answers) {
            match raw.shaped(*entity) {
                Ok(answer) => shaped.push(answer),
                Err(wrong) => problems.extend(wrong),
            }
        }
        if !problems.is_empty() {
            return Err(Error::SourceConfiguration(problems));
        }
        Ok(records(&self.configuration.maps, shaped, ids))
    }
}
