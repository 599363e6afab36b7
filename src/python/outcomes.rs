//! Standing, honours and named GPAs of an evaluation as plain dicts.

use super::evaluation::summary;
use super::numbers::python_decimal;
use crate::gpa::{AwardEvaluation, Compared, Difference, Figure, LevelEvaluation, Outcome, Variant};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

/// What a rule decided, with everything it compared; `None` where none did.
pub fn outcome<'py>(py: Python<'py>, decided: Option<&Outcome>) -> PyResult<Option<Bound<'py, PyDict>>> {
    let Some(decided) = decided else { return Ok(None) };
    let dict = PyDict::new(py);
    dict.set_item("title", decided.title.as_str())?;
    dict.set_item("rule", &decided.rule)?;
    let figures = decided.figures.iter().map(|compared| figure(py, compared)).collect::<PyResult<Vec<_>>>()?;
    dict.set_item("figures", figures)?;
    dict.set_item("print", decided.print)?;
    Ok(Some(dict))
}

fn figure<'py>(py: Python<'py>, figure: &Figure) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("name", figure.name)?;
    let word = match &figure.compared {
        Compared::Bound { bound, value, threshold } => {
            dict.set_item("value", value.to_string())?;
            dict.set_item("threshold", python_decimal(py, *threshold)?)?;
            bound.word()
        }
        Compared::Without { grades } => {
            dict.set_item("grades", grades.iter().map(|grade| grade.as_str()).collect::<Vec<_>>())?;
            "without"
        }
        Compared::NoneBelow { grade } => {
            dict.set_item("grades", [grade.as_str()])?;
            "none_below"
        }
        Compared::Previous { standings } => {
            dict.set_item("standings", standings.iter().map(|words| words.as_str()).collect::<Vec<_>>())?;
            "among"
        }
    };
    dict.set_item("compared", word)?;
    Ok(dict)
}

pub fn variants<'py>(py: Python<'py>, variants: &[Variant]) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for variant in variants {
        let dict = summary(py, &variant.summary)?;
        dict.set_item("name", &variant.name)?;
        dict.set_item("title", variant.title.as_str())?;
        dict.set_item("print", variant.print)?;
        list.append(dict)?;
    }
    Ok(list)
}

pub fn awards<'py>(py: Python<'py>, awards: &[AwardEvaluation]) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for award in awards {
        let dict = PyDict::new(py);
        dict.set_item("award", award.award_index)?;
        dict.set_item("honors", outcome(py, award.honors.as_ref())?)?;
        list.append(dict)?;
    }
    Ok(list)
}

/// Where the record and the policy's rules differ, level by level.
pub fn differences<'py>(py: Python<'py>, levels: &[LevelEvaluation]) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for Difference { place, recorded, computed } in levels.iter().flat_map(|level| &level.differences) {
        let dict = PyDict::new(py);
        dict.set_item("place", place)?;
        dict.set_item("recorded", recorded.as_ref().map(|words| words.as_str()))?;
        dict.set_item("computed", computed.as_ref().map(|words| words.as_str()))?;
        list.append(dict)?;
    }
    Ok(list)
}
