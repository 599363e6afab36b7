//! Honours classes, weighted marks and grades of another country, for the facade that types their results.

use super::errors::OrRaise;
use super::numbers::{credits, decimal, python_decimal};
use crate::domain::{Error, Problem, Ratio, Text};
use crate::gpa::systems::{self, ConversionScheme, HonoursClassification, HonoursScheme, MarkScheme, Module};
use crate::service::panics;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyInt, PyMapping, PyString};

/// What a module given as a mapping says.
const KEYS: [&str; 3] = ["mark", "credits", "level"];

/// Classifies by a scheme: the name of a built-in one, or JSON of the shape of a scheme file. A dict, for the facade.
#[pyfunction]
pub fn classify_honours<'py>(
    py: Python<'py>,
    modules: Vec<Bound<'py, PyAny>>,
    scheme: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyDict>> {
    let scheme =
        read_scheme(scheme, HonoursScheme::built_in, HonoursScheme::built_in_names(), HonoursScheme::from_json)?;
    let modules = read_modules(py, &modules)?;
    let honours = panics::caught(|| systems::classify_honours(&modules, &scheme)).or_raise(py)?;
    told(py, &honours)
}

/// The weighted average mark, as the scheme prints it; `None` where nothing weighs.
#[pyfunction]
pub fn weighted_average_mark<'py>(
    py: Python<'py>,
    units: Vec<Bound<'py, PyAny>>,
    scheme: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let scheme = read_scheme(scheme, MarkScheme::built_in, MarkScheme::built_in_names(), MarkScheme::from_json)?;
    let units = read_modules(py, &units)?;
    let mean = panics::caught(|| systems::weighted_average_mark(&units, &scheme)).or_raise(py)?;
    mean.map(|mean| python_decimal(py, mean.displayed)).transpose()
}

/// A grade of one scale on another, by where it lies between best and lowest pass.
#[pyfunction]
pub fn convert_grade<'py>(
    py: Python<'py>,
    grade: &Bound<'py, PyAny>,
    best: &Bound<'py, PyAny>,
    lowest_pass: &Bound<'py, PyAny>,
    scheme: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let names = ConversionScheme::built_in_names();
    let scheme = read_scheme(scheme, ConversionScheme::built_in, names, ConversionScheme::from_json)?;
    let (grade, best) = (decimal(grade, "grade")?, decimal(best, "best")?);
    let lowest_pass = decimal(lowest_pass, "lowest_pass")?;
    let converted = match (grade, best, lowest_pass) {
        (Ok(grade), Ok(best), Ok(lowest)) => panics::caught(|| systems::convert_grade(grade, best, lowest, &scheme)),
        (grade, best, lowest) => {
            Err(Error::MalformedRecord([grade, best, lowest].into_iter().filter_map(Result::err).collect()))
        }
    };
    python_decimal(py, converted.or_raise(py)?)
}

/// The built-in schemes by verb.
#[pyfunction]
pub fn scheme_names() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![
        ("classify_honours", HonoursScheme::built_in_names().to_vec()),
        ("weighted_average_mark", MarkScheme::built_in_names().to_vec()),
        ("convert_grade", ConversionScheme::built_in_names().to_vec()),
    ]
}

fn read_scheme<T>(
    given: &Bound<'_, PyAny>,
    built_in: fn(&str) -> Option<T>,
    names: &[&str],
    from_json: fn(&serde_json::Value) -> Result<T, Error>,
) -> PyResult<T> {
    let py = given.py();
    let refused = |code, message: String| Error::Policy(vec![Problem::new(code, "scheme", message)]);
    if let Ok(name) = given.cast::<PyString>() {
        let unknown = || refused("unknown-built-in", format!("is no built-in scheme; there are {}", names.join(", ")));
        return built_in(&name.to_string_lossy()).ok_or_else(unknown).or_raise(py);
    }
    let text: Vec<u8> = given.extract()?;
    let read = serde_json::from_slice(&text).map_err(|_| refused("not-json", "is no JSON".to_owned()));
    read.and_then(|value| panics::caught(|| from_json(&value))).or_raise(py)
}

/// Mappings of mark, credits and level, or triples in that order.
fn read_modules(py: Python<'_>, given: &[Bound<'_, PyAny>]) -> PyResult<Vec<Module>> {
    let mut problems = Vec::new();
    let mut modules = Vec::with_capacity(given.len());
    for (index, module) in given.iter().enumerate() {
        modules.extend(read_module(module, &format!("modules[{index}]"), &mut problems)?);
    }
    let read = if problems.is_empty() { Ok(modules) } else { Err(Error::MalformedRecord(problems)) };
    read.or_raise(py)
}

fn read_module(given: &Bound<'_, PyAny>, place: &str, problems: &mut Vec<Problem>) -> PyResult<Option<Module>> {
    let Some([mark, hours, level]) = parts(given)? else {
        let message = "is neither a triple (mark, credits, level) nor a mapping of exactly these";
        problems.push(Problem::new("not-a-module", place, message));
        return Ok(None);
    };
    let mark = decimal(&mark, &format!("{place}.mark"))?.map_err(|problem| problems.push(problem));
    let hours = credits(&hours, &format!("{place}.credits"))?.map_err(|problem| problems.push(problem));
    let level = word(&level, &format!("{place}.level"))?.map_err(|problem| problems.push(problem));
    Ok(match (mark, hours, level) {
        (Ok(mark), Ok(credits), Ok(level)) => Some(Module { mark, credits, level }),
        _ => None,
    })
}

/// The three parts, whatever form they came in.
fn parts<'py>(given: &Bound<'py, PyAny>) -> PyResult<Option<[Bound<'py, PyAny>; 3]>> {
    if let Ok(mapping) = given.cast::<PyMapping>() {
        let known = KEYS.iter().map(|key| mapping.contains(key)).collect::<PyResult<Vec<bool>>>()?;
        if mapping.len()? != KEYS.len() || known.contains(&false) {
            return Ok(None);
        }
        return Ok(Some([mapping.get_item(KEYS[0])?, mapping.get_item(KEYS[1])?, mapping.get_item(KEYS[2])?]));
    }
    let triple = if given.is_instance_of::<PyString>() { None } else { given.try_iter().ok() };
    let triple = triple.map(|triple| triple.take(4).collect::<PyResult<Vec<_>>>()).transpose()?;
    Ok(triple.and_then(|parts| parts.try_into().ok()))
}

/// A level's word; 5 is "5".
fn word(given: &Bound<'_, PyAny>, place: &str) -> PyResult<Result<Text, Problem>> {
    let unfit = |message: String| Problem::new("not-a-text", place, message);
    let raw = match given.cast::<PyString>() {
        Ok(text) => text.to_string_lossy().into_owned(),
        Err(_) if given.is_exact_instance_of::<PyInt>() => given.str()?.to_string_lossy().into_owned(),
        Err(_) => return Ok(Err(unfit("is no str or int".to_owned()))),
    };
    Ok(Text::new(&raw).map_err(|error| unfit(error.to_string())))
}

fn fraction<'py>(py: Python<'py>, exact: Ratio) -> PyResult<Bound<'py, PyAny>> {
    let class = PyModule::import(py, "fractions")?.getattr("Fraction")?;
    class.call1((exact.numerator(), exact.denominator()))
}

fn told<'py>(py: Python<'py>, honours: &HonoursClassification) -> PyResult<Bound<'py, PyDict>> {
    let levels = PyDict::new(py);
    for level in &honours.levels {
        levels.set_item(level.level.as_str(), python_decimal(py, level.displayed)?)?;
    }
    let counted = honours.counted.iter().map(|credits| python_decimal(py, credits.decimal()));
    let counted = counted.collect::<PyResult<Vec<_>>>()?;
    let dict = PyDict::new(py);
    dict.set_item("scheme", &honours.scheme)?;
    dict.set_item("honours", honours.class.as_ref().map(Text::as_str))?;
    dict.set_item("average", python_decimal(py, honours.displayed)?)?;
    dict.set_item("exact", fraction(py, honours.exact)?)?;
    dict.set_item("method", honours.method)?;
    dict.set_item("levels", levels)?;
    dict.set_item("counted", counted)?;
    Ok(dict)
}
