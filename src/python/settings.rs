//! What an institution sets once, from Python's arguments: theme and policy.

use super::errors::OrRaise;
use super::policy::Policy;
use crate::document::{self, Fonts, Theme, ThemeFile};
use crate::domain::{Error, Problem};
use crate::service::{self, panics};
use crate::source::campus;
use pyo3::prelude::*;
use std::sync::Arc;

/// Theme and policy: immutable, shared by all transcripts of a registrar.
#[pyclass(frozen, module = "registrary._core")]
pub struct Settings(pub Arc<service::Settings>);

/// A font file that a theme names: read and checked once, shared by all settings that name it.
#[pyclass(frozen, module = "registrary._core")]
pub struct FontFile(Arc<document::FontFile>);

#[pymethods]
impl FontFile {
    /// `place` is where the theme names it; `index` counts the faces of a collection.
    #[new]
    fn new(py: Python<'_>, bytes: Vec<u8>, index: u32, place: String) -> PyResult<FontFile> {
        let read = || document::FontFile::read(bytes, index);
        let placed = |problem: Problem| Error::Theme(vec![Problem::new(problem.code, place, problem.message)]);
        let file = py.detach(|| panics::caught(|| read().map_err(placed))).or_raise(py)?;
        Ok(FontFile(Arc::new(file)))
    }
}

#[pymethods]
impl Settings {
    /// `themes` are pairs: `"built-in"` and a name, `"toml"` or `"json"` and a text; a later one stands on top of
    /// those before it. What none of them says is the plain look and the sample campus' own. `fonts` are those that the
    /// themes name.
    #[new]
    #[pyo3(signature = (themes, policy=None, fonts=Vec::new()))]
    fn new(
        py: Python<'_>,
        themes: Vec<(String, String)>,
        policy: Option<&Policy>,
        fonts: Vec<PyRef<'_, FontFile>>,
    ) -> PyResult<Settings> {
        let fonts = Fonts::with(fonts.iter().map(|font| Arc::clone(&font.0)).collect());
        let read = || {
            let files = themes.iter().map(|(kind, text)| file(kind, text)).collect::<Result<Vec<_>, Error>>()?;
            Theme::with_fonts(&files, campus::institution(), fonts)
        };
        let theme = py.detach(|| panics::caught(read)).or_raise(py)?;
        let policy = match policy {
            Some(policy) => policy.0.clone(),
            None => service::Settings::sample().or_raise(py)?.policy,
        };
        Ok(Settings(Arc::new(service::Settings::new(theme, policy))))
    }

    /// The names of the themes that come with registrary.
    #[staticmethod]
    fn built_in_themes() -> Vec<&'static str> {
        ThemeFile::built_in_names().to_vec()
    }

    #[getter]
    fn policy(&self) -> Policy {
        Policy(self.0.policy.clone())
    }
}

fn file(kind: &str, text: &str) -> Result<ThemeFile, Error> {
    match kind {
        "built-in" => ThemeFile::built_in(text),
        "toml" => ThemeFile::from_toml(text),
        _ => serde_json::from_str(text)
            .map(ThemeFile::from_json)
            .map_err(|_| Error::Theme(vec![Problem::new("not-json", "", "is no JSON")])),
    }
}
