//! What an institution sets once, from Python's arguments: letterhead, page, policy.

use super::errors::OrRaise;
use super::policy::Policy;
use crate::document::{Labels, Theme, theme};
use crate::domain::{Error, Institution, Text};
use crate::service;
use crate::source::campus;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::sync::Arc;

/// Letterhead, page and policy: immutable, shared by all transcripts of a registrar.
#[pyclass(frozen, module = "registrary._core")]
pub struct Settings(pub Arc<service::Settings>);

#[pymethods]
impl Settings {
    /// What is not given is the sample campus' own. `institution` is a dict of plain strings and lists.
    #[new]
    #[allow(clippy::too_many_arguments, reason = "each is a keyword of Python's")]
    #[pyo3(signature = (*, institution=None, policy=None, paper=None, columns=None, birth_date=None, printed_name=None,
        language=None, statements=None))]
    fn new(
        py: Python<'_>,
        institution: Option<&Bound<'_, PyDict>>,
        policy: Option<&Policy>,
        paper: Option<&str>,
        columns: Option<u8>,
        birth_date: Option<&str>,
        printed_name: Option<&str>,
        language: Option<&str>,
        statements: Option<Vec<String>>,
    ) -> PyResult<Settings> {
        let institution = match institution {
            Some(given) => read_institution(given)?,
            None => campus::institution(),
        };
        let mut look = Theme::new(institution);
        let mut refused = Vec::new();
        choose(&mut look.paper, paper.map(paper_named), "paper must be \"letter\" or \"a4\"", &mut refused);
        choose(&mut look.columns, columns.map(columns_numbered), "columns must be 1 or 2", &mut refused);
        let words = "birth_date must be \"none\", \"month-day\" or \"full\"";
        choose(&mut look.birth_date, birth_date.map(birth_date_named), words, &mut refused);
        let words = "printed_name must be \"legal\" or \"chosen\"";
        choose(&mut look.printed_name, printed_name.map(printed_name_named), words, &mut refused);
        let words = "language must be \"en\" or \"fr\"";
        choose(&mut look.labels, language.map(Labels::built_in), words, &mut refused);
        for statement in statements.unwrap_or_default() {
            match Text::new(&statement) {
                Ok(text) => look.statements.push(text),
                Err(error) => refused.push(format!("a statement {error}")),
            }
        }
        if !refused.is_empty() {
            return Err(Error::configuration(refused.join("; "))).or_raise(py);
        }
        let policy = match policy {
            Some(policy) => policy.0.clone(),
            None => service::Settings::sample().or_raise(py)?.policy,
        };
        Ok(Settings(Arc::new(service::Settings::new(look, policy))))
    }

    #[getter]
    fn policy(&self) -> Policy {
        Policy(self.0.policy.clone())
    }
}

/// Takes over a choice that was made and understood; notes one that was not.
fn choose<T>(setting: &mut T, chosen: Option<Option<T>>, must_be: &str, refused: &mut Vec<String>) {
    match chosen {
        None => {}
        Some(Some(value)) => *setting = value,
        Some(None) => refused.push(must_be.to_owned()),
    }
}

fn columns_numbered(count: u8) -> Option<theme::Columns> {
    match count {
        1 => Some(theme::Columns::One),
        2 => Some(theme::Columns::Two),
        _ => None,
    }
}

fn paper_named(word: &str) -> Option<theme::Paper> {
    match word.to_ascii_lowercase().as_str() {
        "letter" => Some(theme::Paper::Letter),
        "a4" => Some(theme::Paper::A4),
        _ => None,
    }
}

fn birth_date_named(word: &str) -> Option<theme::BirthDateShown> {
    match word {
        "none" => Some(theme::BirthDateShown::None),
        "month-day" => Some(theme::BirthDateShown::MonthDay),
        "full" => Some(theme::BirthDateShown::Full),
        _ => None,
    }
}

fn printed_name_named(word: &str) -> Option<theme::PrintedName> {
    match word {
        "legal" => Some(theme::PrintedName::Legal),
        "chosen" => Some(theme::PrintedName::Chosen),
        _ => None,
    }
}

const INSTITUTION_KEYS: [&str; 9] =
    ["name", "address", "phone", "email", "website", "codes", "accreditation", "registrar_name", "registrar_title"];

/// The letterhead from a dict with the record format's own keys: every problem is told at once.
fn read_institution(given: &Bound<'_, PyDict>) -> PyResult<Institution> {
    let py = given.py();
    let mut refused = Vec::new();
    for key in given.keys() {
        if !key.extract::<String>().is_ok_and(|key| INSTITUTION_KEYS.contains(&key.as_str())) {
            refused.push(format!("institution has a key that is none of {}", INSTITUTION_KEYS.join(", ")));
        }
    }
    let value =
        |key: &str| -> PyResult<Option<Bound<'_, PyAny>>> { Ok(given.get_item(key)?.filter(|value| !value.is_none())) };
    let mut text = |place: &str, raw: &Bound<'_, PyAny>| {
        let read = raw.extract::<String>().map_err(|_| "is no str".to_owned());
        let read = read.and_then(|raw| Text::new(&raw).map_err(|error| error.to_string()));
        read.map_err(|error| refused.push(format!("institution.{place} {error}"))).ok()
    };
    let mut line = |key: &str| -> PyResult<Option<Text>> { Ok(value(key)?.and_then(|raw| text(key, &raw))) };
    let name = line("name")?;
    let (phone, email, website) = (line("phone")?, line("email")?, line("website")?);
    let (accreditation, registrar_name) = (line("accreditation")?, line("registrar_name")?);
    let registrar_title = line("registrar_title")?;
    let mut address = Vec::new();
    if let Some(lines) = value("address")? {
        let lines: Vec<Bound<'_, PyAny>> =
            if lines.is_instance_of::<pyo3::types::PyString>() { vec![lines] } else { lines.extract()? };
        address.extend(lines.iter().filter_map(|one| text("address", one)));
    }
    let mut codes = Vec::new();
    if let Some(table) = value("codes")? {
        for (system, code) in table.cast::<PyDict>()?.iter() {
            codes.extend(text("codes", &system).zip(text("codes", &code)));
        }
    }
    if value("name")?.is_none() {
        refused.push("institution.name is missing".to_owned());
    }
    match name {
        Some(name) if refused.is_empty() => Ok(Institution {
            name,
            address,
            phone,
            email,
            website,
            codes,
            accreditation,
            registrar_name,
            registrar_title,
        }),
        _ => Err(Error::configuration(refused.join("; "))).or_raise(py),
    }
}
