//! Columns that are Python sequences, read cell by cell: each of one kind, and nothing guessed.

use crate::domain::{Decimal, Problem};
use crate::python::numbers;
use arrow_array::builder::{
    BooleanBuilder, Decimal128Builder, Float64Builder, Int64Builder, StringBuilder, StringDictionaryBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, new_null_array};
use arrow_schema::DataType;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt, PyString};
use std::sync::Arc;

/// What a column is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Tells rows apart: whole numbers or texts.
    Key,
    Grade,
    /// Credits or grade points: int, str, Decimal or float.
    Number,
    /// Yes or no.
    Mark,
}

impl FromPyObject<'_, '_> for Role {
    type Error = PyErr;

    fn extract(word: Borrowed<'_, '_, PyAny>) -> PyResult<Role> {
        match word.extract::<&str>()? {
            "key" => Ok(Role::Key),
            "grade" => Ok(Role::Grade),
            "number" => Ok(Role::Number),
            "mark" => Ok(Role::Mark),
            _ => Err(pyo3::exceptions::PyValueError::new_err("a column is a key, a grade, a number or a mark")),
        }
    }
}

/// What kind of value a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Missing,
    Whole,
    Text,
    Float,
    Bool,
    Other,
}

/// Some milliseconds' worth.
const CELLS_A_TURN: usize = 1 << 15;

/// The places of a decimal column: as many as the domain knows.
const PLACES: i8 = 6;
const DIGITS: u8 = 18;

/// The column, or the problem that makes it no column of its role.
pub fn column(name: &str, role: Role, values: &[Bound<'_, PyAny>]) -> PyResult<Result<ArrayRef, Problem>> {
    let kinds = rows(values).map(|(_, value)| kind_of(value?)).collect::<PyResult<Vec<_>>>()?;
    let fits: &[Kind] = match role {
        Role::Key => &[Kind::Whole, Kind::Text],
        Role::Grade => &[Kind::Text],
        Role::Number => &[Kind::Whole, Kind::Text, Kind::Float, Kind::Other],
        Role::Mark => &[Kind::Bool, Kind::Whole],
    };
    let wrong = |kind: &Kind| *kind != Kind::Missing && !fits.contains(kind);
    if let Some(problem) = counted(name, &kinds, wrong, role) {
        return Ok(Err(problem));
    }
    let only = |kind: Kind| kinds.iter().all(|other| *other == kind || *other == Kind::Missing);
    Ok(Ok(match role {
        _ if only(Kind::Missing) => new_null_array(empty_type(role), values.len()),
        Role::Grade => grades(values, &kinds)?,
        _ if only(Kind::Whole) => return whole_numbers(name, values, &kinds),
        Role::Key if only(Kind::Text) => texts(values, &kinds)?,
        Role::Mark if only(Kind::Bool) => marks(values, &kinds)?,
        Role::Number if only(Kind::Float) => floats(values, &kinds)?,
        Role::Number => return decimals(name, values, &kinds),
        // 101 and "101" would be two students of one table in silence.
        Role::Key | Role::Mark => {
            let message = "holds values of several types; give all rows one";
            return Ok(Err(Problem::new("mixed-types", name, message)));
        }
    }))
}

/// The rows with their numbers. A column of Python's is read attached, cell by cell: every now and then other threads
/// are let run, and Ctrl-C is listened for.
fn rows<'a, 'py>(values: &'a [Bound<'py, PyAny>]) -> impl Iterator<Item = (usize, PyResult<&'a Bound<'py, PyAny>>)> {
    values.iter().enumerate().map(|(row, value)| {
        if row % CELLS_A_TURN == CELLS_A_TURN - 1 {
            value.py().detach(|| ());
            return (row, value.py().check_signals().map(|()| value));
        }
        (row, Ok(value))
    })
}

fn kind_of(value: &Bound<'_, PyAny>) -> PyResult<Kind> {
    Ok(if is_missing(value) {
        Kind::Missing
    } else if value.is_instance_of::<PyBool>() {
        Kind::Bool
    } else if value.is_instance_of::<PyString>() {
        Kind::Text
    } else if value.is_instance_of::<PyInt>() {
        Kind::Whole
    } else if value.is_instance_of::<PyFloat>() {
        Kind::Float
    } else if value.hasattr("__index__")? && !value.hasattr("__len__")? {
        // numpy's whole numbers; its bool has no index.
        Kind::Whole
    } else {
        Kind::Other
    })
}

/// `None`, and what tables write for it, which is unequal to itself (NaN, NaT) or refuses to tell (NA).
fn is_missing(value: &Bound<'_, PyAny>) -> bool {
    value.is_none() || (!value.is_instance_of::<PyString>() && value.ne(value).unwrap_or(true))
}

/// The problem of the cells that are `wrong`, if there are any.
fn counted(name: &str, kinds: &[Kind], wrong: impl Fn(&Kind) -> bool, role: Role) -> Option<Problem> {
    let first = kinds.iter().position(&wrong)?;
    let rows = kinds.iter().filter(|kind| wrong(kind)).count();
    let (code, expected) = match role {
        Role::Key => ("not-a-key", "neither a whole number nor a str"),
        Role::Grade => ("not-a-text", "no str"),
        Role::Number => ("not-a-number", "no int, str, Decimal or float"),
        Role::Mark => ("not-yes-or-no", "no bool"),
    };
    Some(Problem::new(code, name, in_rows(rows, first, expected)))
}

fn in_rows(rows: usize, first: usize, what: &str) -> String {
    let values = if rows == 1 { "1 value is".to_owned() } else { format!("{rows} values are") };
    format!("{values} {what}, first in row {first} (counted from 0)")
}

/// A column of nothing is read as anything: the engine says what is missing.
fn empty_type(role: Role) -> &'static DataType {
    match role {
        Role::Key | Role::Grade => &DataType::Utf8,
        Role::Number => &DataType::Int64,
        Role::Mark => &DataType::Boolean,
    }
}

fn whole_numbers(name: &str, values: &[Bound<'_, PyAny>], kinds: &[Kind]) -> PyResult<Result<ArrayRef, Problem>> {
    let mut numbers = Int64Builder::with_capacity(values.len());
    let (mut first, mut wrong) = (None, 0);
    for ((row, value), kind) in rows(values).zip(kinds) {
        match (kind, value?.extract::<i64>()) {
            (Kind::Missing, _) => numbers.append_null(),
            (_, Ok(number)) => numbers.append_value(number),
            (_, Err(_)) => {
                first.get_or_insert(row);
                wrong += 1;
            }
        }
    }
    Ok(match first {
        Some(first) => Err(Problem::new("out-of-range", name, in_rows(wrong, first, "beyond 64 bits"))),
        None => Ok(Arc::new(numbers.finish())),
    })
}

fn texts(values: &[Bound<'_, PyAny>], kinds: &[Kind]) -> PyResult<ArrayRef> {
    let mut texts = StringBuilder::new();
    for ((_, value), kind) in rows(values).zip(kinds) {
        let value = value?;
        match kind {
            Kind::Missing => texts.append_null(),
            _ => texts.append_value(value.cast::<PyString>()?.to_string_lossy()),
        }
    }
    Ok(Arc::new(texts.finish()))
}

fn grades(values: &[Bound<'_, PyAny>], kinds: &[Kind]) -> PyResult<ArrayRef> {
    let mut grades = StringDictionaryBuilder::<Int32Type>::new();
    for ((_, value), kind) in rows(values).zip(kinds) {
        let value = value?;
        match kind {
            Kind::Missing => grades.append_null(),
            _ => grades.append_value(value.cast::<PyString>()?.to_string_lossy()),
        }
    }
    Ok(Arc::new(grades.finish()))
}

fn marks(values: &[Bound<'_, PyAny>], kinds: &[Kind]) -> PyResult<ArrayRef> {
    let mut marks = BooleanBuilder::with_capacity(values.len());
    for ((_, value), kind) in rows(values).zip(kinds) {
        let value = value?;
        match kind {
            Kind::Missing => marks.append_null(),
            _ => marks.append_value(value.is_truthy()?),
        }
    }
    Ok(Arc::new(marks.finish()))
}

fn floats(values: &[Bound<'_, PyAny>], kinds: &[Kind]) -> PyResult<ArrayRef> {
    let mut floats = Float64Builder::with_capacity(values.len());
    for ((_, value), kind) in rows(values).zip(kinds) {
        let value = value?;
        match kind {
            Kind::Missing => floats.append_null(),
            _ => floats.append_value(value.extract()?),
        }
    }
    Ok(Arc::new(floats.finish()))
}

/// Numbers of several forms, each exact: a float by its shortest decimal form.
fn decimals(name: &str, values: &[Bound<'_, PyAny>], kinds: &[Kind]) -> PyResult<Result<ArrayRef, Problem>> {
    let mut decimals = Decimal128Builder::with_capacity(values.len())
        .with_precision_and_scale(DIGITS, PLACES)
        .map_err(|error| pyo3::exceptions::PyRuntimeError::new_err(error.to_string()))?;
    let (mut first, mut wrong) = (None, 0);
    for ((row, value), kind) in rows(values).zip(kinds) {
        let value = value?;
        if *kind == Kind::Missing {
            decimals.append_null();
            continue;
        }
        match numbers::decimal(value, name)? {
            Ok(decimal) => decimals.append_value(i128::from(Decimal::micro(decimal))),
            Err(_) => {
                first.get_or_insert(row);
                wrong += 1;
            }
        }
    }
    Ok(match first {
        Some(first) => {
            let what = "no plain decimal number of at most nine digits and six places";
            Err(Problem::new("not-a-number", name, in_rows(wrong, first, what)))
        }
        None => Ok(Arc::new(decimals.finish())),
    })
}
