//! Numbers and days across the border: exact both ways; a binary float is taken by its shortest decimal form.

use crate::domain::decimal::NotADecimal;
use crate::domain::{Credits, Date, Decimal, Problem};
use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyDate, PyDateAccess, PyFloat, PyInt, PyString, PyType};

/// A `decimal.Decimal` with the places it is printed with.
pub fn python_decimal(py: Python<'_>, number: Decimal) -> PyResult<Bound<'_, PyAny>> {
    decimal_class(py)?.call1((number.to_string(),))
}

pub fn decimal_class(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "decimal", "Decimal")
}

/// The number's decimal text; a type that holds no number is a problem, as is a float that is none.
fn text_of(number: &Bound<'_, PyAny>, place: &str) -> PyResult<Result<String, Problem>> {
    let py = number.py();
    let unfit = |message: &str| Ok(Err(Problem::new("not-a-number", place, message)));
    if number.is_instance_of::<PyBool>() {
        return unfit("is a bool");
    }
    if let Ok(text) = number.cast::<PyString>() {
        return Ok(Ok(text.to_string_lossy().trim().to_owned()));
    }
    if number.is_instance_of::<PyInt>() {
        // Python itself refuses to write an int of thousands of digits.
        let Ok(text) = number.str() else { return unfit("is larger than nine digits before the point") };
        return Ok(Ok(text.to_string_lossy().into_owned()));
    }
    if let Ok(float) = number.cast::<PyFloat>() {
        let float = float.value();
        return if float.is_finite() { Ok(Ok(format!("{float}"))) } else { unfit("is not finite") };
    }
    if number.is_instance(decimal_class(py)?)? {
        // Never with an exponent: Decimal("1E+1") is 10.
        let plain = number.call_method1(intern!(py, "__format__"), ("f",))?;
        return Ok(Ok(plain.str()?.to_string_lossy().into_owned()));
    }
    // numpy's and others' whole numbers and floats.
    for method in ["__index__", "__float__"] {
        if number.hasattr(method)? && !number.hasattr("__len__")? {
            let plain = number.call_method0(method)?;
            // A type whose method hands back itself must not be asked for ever.
            let is_plain = plain.is_instance_of::<PyInt>() || plain.is_instance_of::<PyFloat>();
            return if is_plain { text_of(&plain, place) } else { unfit("is no int, str, Decimal or float") };
        }
    }
    unfit("is no int, str, Decimal or float")
}

/// An exact number, or what is wrong with it.
pub fn decimal(number: &Bound<'_, PyAny>, place: &str) -> PyResult<Result<Decimal, Problem>> {
    let parsed =
        |text: String| text.parse().map_err(|e: NotADecimal| Problem::new("not-a-number", place, e.to_string()));
    Ok(text_of(number, place)?.and_then(parsed))
}

/// Credits, or what is wrong with them.
pub fn credits(number: &Bound<'_, PyAny>, place: &str) -> PyResult<Result<Credits, Problem>> {
    let range = || Problem::new("out-of-range", place, "must lie between 0 and 999999");
    Ok(decimal(number, place)?.and_then(|decimal| Credits::new(decimal).ok_or_else(range)))
}

/// A `datetime.date` as a day of the domain.
pub fn date(day: &Bound<'_, PyDate>) -> PyResult<Date> {
    let year = u16::try_from(day.get_year()).ok();
    let read = year.and_then(|year| Date::new(year, day.get_month(), day.get_day()));
    read.ok_or_else(|| PyTypeError::new_err("the date lies outside the years 1 to 9999"))
}

/// A day of the domain as a `datetime.date`.
pub fn python_date(py: Python<'_>, date: Date) -> PyResult<Bound<'_, PyDate>> {
    PyDate::new(py, i32::from(date.year()), date.month(), date.day())
}
