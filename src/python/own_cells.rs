//! Values that a DB-API driver of Python's gives, as cells.

use super::numbers;
use crate::source::own_schema::{OwnCell, RawAnswer};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyByteArray, PyBytes, PyDate, PyDateTime, PyFloat, PyInt, PyString, PyTimeAccess};

/// An answer of a cursor: the names of its columns, and its rows.
#[derive(FromPyObject)]
pub struct GivenAnswer<'py>(Vec<String>, Vec<Vec<Bound<'py, PyAny>>>);

/// An answer, or the words of its failure.
#[derive(FromPyObject)]
pub enum GivenOutcome<'py> {
    Answer(GivenAnswer<'py>),
    Failure(String),
}

impl GivenAnswer<'_> {
    pub fn read(self) -> PyResult<RawAnswer> {
        let rows = self.1.iter().map(|row| row.iter().map(cell).collect::<PyResult<Vec<_>>>());
        Ok(RawAnswer { columns: self.0, rows: rows.collect::<PyResult<_>>()? })
    }
}

/// One value; what no record holds is told as such, never guessed.
pub fn cell(value: &Bound<'_, PyAny>) -> PyResult<OwnCell> {
    if value.is_none() {
        return Ok(OwnCell::Null);
    }
    if let Ok(text) = value.cast::<PyString>() {
        // A lone surrogate is no text: the driver read bytes in the wrong character set.
        return Ok(text.to_str().map_or(OwnCell::Other("is not UTF-8"), OwnCell::text));
    }
    if let Ok(flag) = value.cast::<PyBool>() {
        return Ok(OwnCell::Flag(flag.is_true()));
    }
    if value.is_instance_of::<PyInt>() {
        return Ok(value.extract().map_or(OwnCell::Other("is too large an integer"), OwnCell::Integer));
    }
    if let Ok(float) = value.cast::<PyFloat>() {
        return Ok(OwnCell::Float(float.value()));
    }
    if let Ok(moment) = value.cast::<PyDateTime>() {
        let clock = [moment.get_hour(), moment.get_minute(), moment.get_second()];
        let midnight = clock == [0; 3] && moment.get_microsecond() == 0;
        // Oracle's DATE has a time of day, which is midnight where a day is meant.
        return Ok(if midnight { day(moment.cast::<PyDate>()?) } else { OwnCell::Other("is a time of day") });
    }
    if let Ok(date) = value.cast::<PyDate>() {
        return Ok(day(date));
    }
    if value.is_instance_of::<PyBytes>() || value.is_instance_of::<PyByteArray>() {
        return Ok(OwnCell::Other("is binary"));
    }
    if value.is_instance(numbers::decimal_class(value.py())?)? {
        let plain = value.call_method1("__format__", ("f",))?;
        return Ok(OwnCell::Decimal(plain.cast::<PyString>()?.to_string_lossy().parse()));
    }
    Ok(OwnCell::Other("is of a type that no column of a record has"))
}

fn day(date: &Bound<'_, PyDate>) -> OwnCell {
    numbers::date(date).map_or(OwnCell::Other("is a date outside the years 1 to 9999"), OwnCell::Date)
}
