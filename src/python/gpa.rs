//! GPAs of plain attempts and of one class.

use super::errors::OrRaise;
use super::numbers::{credits, python_decimal};
use super::policy::Policy;
use crate::domain::{Credits, Error, Grade, Level, Problem, Text};
use crate::gpa::{self, Gpa, PlainAttempt};
use crate::service::panics;
use pyo3::prelude::*;
use pyo3::types::{PyMapping, PyString};

/// What an attempt given as a mapping may say.
const KEYS: [&str; 5] = ["grade", "credits", "course", "term", "level"];

/// The GPA of attempts as the policy prints it; `None` when they have no GPA hours.
#[pyfunction]
pub fn calculate_gpa<'py>(
    py: Python<'py>,
    attempts: Vec<Bound<'py, PyAny>>,
    policy: &Policy,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let mut problems = Vec::new();
    let mut plain = Vec::with_capacity(attempts.len());
    for (index, attempt) in attempts.iter().enumerate() {
        plain.extend(read_attempt(attempt, &format!("attempts[{index}]"), &mut problems)?);
    }
    let read = if problems.is_empty() { Ok(plain) } else { Err(Error::MalformedRecord(problems)) };
    let plain = read.or_raise(py)?;
    let gpa = py.detach(|| panics::caught(|| gpa::calculate_gpa(&plain, &policy.0))).or_raise(py)?;
    displayed(py, gpa)
}

/// The mean of the points of one class' graded students; `None` when no grade counts.
#[pyfunction]
pub fn calculate_class_gpa<'py>(
    py: Python<'py>,
    grades: Vec<Bound<'py, PyAny>>,
    policy: &Policy,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let mut problems = Vec::new();
    let mut read = Vec::with_capacity(grades.len());
    for (index, value) in grades.iter().enumerate() {
        read.extend(grade(value, &format!("grades[{index}]"), &mut problems));
    }
    let read = if problems.is_empty() { Ok(read) } else { Err(Error::MalformedRecord(problems)) };
    let read = read.or_raise(py)?;
    let gpa = py.detach(|| panics::caught(|| gpa::calculate_class_gpa(&read, &policy.0))).or_raise(py)?;
    displayed(py, gpa)
}

fn displayed(py: Python<'_>, gpa: Option<Gpa>) -> PyResult<Option<Bound<'_, PyAny>>> {
    gpa.map(|gpa| python_decimal(py, gpa.displayed)).transpose()
}

/// Attempts that are mappings; `None` for one with a problem.
pub fn read_mappings(
    attempts: &[Bound<'_, PyAny>],
    problems: &mut Vec<Problem>,
) -> PyResult<Vec<Option<PlainAttempt>>> {
    let mut read = Vec::with_capacity(attempts.len());
    for (index, attempt) in attempts.iter().enumerate() {
        let place = format!("attempts[{index}]");
        read.push(match attempt.cast::<PyMapping>() {
            Ok(mapping) => read_mapping(mapping, &place, problems)?,
            Err(_) => noted(Err(Problem::new("not-an-attempt", place, "is no mapping")), problems),
        });
    }
    Ok(read)
}

/// A pair (grade, credits), or a mapping; `None` when it has a problem.
fn read_attempt(
    attempt: &Bound<'_, PyAny>,
    place: &str,
    problems: &mut Vec<Problem>,
) -> PyResult<Option<PlainAttempt>> {
    if let Ok(mapping) = attempt.cast::<PyMapping>() {
        return read_mapping(mapping, place, problems);
    }
    let pair = if attempt.is_instance_of::<PyString>() { None } else { attempt.try_iter().ok() };
    let pair = pair.map(|pair| pair.take(3).collect::<PyResult<Vec<_>>>()).transpose()?;
    let Some([grade_given, credits_given]) = pair.as_deref() else {
        problems.push(Problem::new("not-an-attempt", place, "is neither a pair (grade, credits) nor a mapping"));
        return Ok(None);
    };
    let grade = grade(grade_given, &format!("{place}.grade"), problems);
    let credits = noted(credits(credits_given, &format!("{place}.credits"))?, problems);
    Ok(grade.zip(credits).map(|(grade, credits)| plain(grade, credits)))
}

fn plain(grade: Grade, credits: Credits) -> PlainAttempt {
    PlainAttempt { grade, credits, course: None, term: None, level: None }
}

fn read_mapping(
    mapping: &Bound<'_, PyMapping>,
    place: &str,
    problems: &mut Vec<Problem>,
) -> PyResult<Option<PlainAttempt>> {
    for key in mapping.keys()?.iter() {
        if !key.cast::<PyString>().is_ok_and(|key| KEYS.contains(&&*key.to_string_lossy())) {
            let known = KEYS.join(", ");
            problems.push(Problem::new("unknown-field", place, format!("has a key that is none of {known}")));
        }
    }
    let given = |key: &str| -> PyResult<Option<Bound<'_, PyAny>>> {
        let value = if mapping.contains(key)? { Some(mapping.get_item(key)?) } else { None };
        Ok(value.filter(|value| !value.is_none()))
    };
    let missing = |key: &str| Problem::new("missing-field", format!("{place}.{key}"), "is missing");
    let before = problems.len();
    let grade = match given("grade")? {
        Some(value) => grade(&value, &format!("{place}.grade"), problems),
        None => noted(Err(missing("grade")), problems),
    };
    let credits = match given("credits")? {
        Some(value) => noted(credits(&value, &format!("{place}.credits"))?, problems),
        None => noted(Err(missing("credits")), problems),
    };
    let mut word = |key: &str| -> PyResult<Option<String>> {
        let Some(value) = given(key)? else { return Ok(None) };
        Ok(string(&value, &format!("{place}.{key}"), problems))
    };
    let (course, term, level) = (word("course")?, word("term")?, word("level")?);
    let mut text = |key: &str, raw: Option<String>| {
        let read = Text::new(raw.as_deref()?);
        noted(read.map_err(|error| Problem::new("not-a-text", format!("{place}.{key}"), error.to_string())), problems)
    };
    let (course, term) = (text("course", course), text("term", term));
    let level = level.and_then(|raw| {
        let read = Level::new(&raw);
        noted(read.map_err(|error| Problem::new("not-a-level", format!("{place}.level"), error.to_string())), problems)
    });
    let whole = grade.zip(credits).filter(|_| problems.len() == before);
    Ok(whole.map(|(grade, credits)| PlainAttempt { course, term, level, ..plain(grade, credits) }))
}

fn grade(value: &Bound<'_, PyAny>, place: &str, problems: &mut Vec<Problem>) -> Option<Grade> {
    let raw = string(value, place, problems)?;
    noted(Grade::new(&raw).map_err(|error| Problem::new("not-a-grade", place, error.to_string())), problems)
}

fn string(value: &Bound<'_, PyAny>, place: &str, problems: &mut Vec<Problem>) -> Option<String> {
    let read = value.cast::<PyString>().map(|text| text.to_string_lossy().into_owned());
    noted(read.map_err(|_| Problem::new("not-a-text", place, "is no str")), problems)
}

fn noted<T>(read: Result<T, Problem>, problems: &mut Vec<Problem>) -> Option<T> {
    read.map_err(|problem| problems.push(problem)).ok()
}
