//! Arrow's cells as Python values: numbers with places as `decimal.Decimal`, exact; what is null as `None`.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use pyo3::BoundObject;
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyDate, PyDelta, PyString};

type Values<'py> = Vec<Bound<'py, PyAny>>;

/// The cells of `column` in order.
pub fn values<'py>(py: Python<'py>, column: &ArrayRef) -> PyResult<Values<'py>> {
    match column.data_type() {
        DataType::Int8 => numbers::<Int8Type>(py, column),
        DataType::Int16 => numbers::<Int16Type>(py, column),
        DataType::Int32 => numbers::<Int32Type>(py, column),
        DataType::Int64 => numbers::<Int64Type>(py, column),
        DataType::UInt8 => numbers::<UInt8Type>(py, column),
        DataType::UInt16 => numbers::<UInt16Type>(py, column),
        DataType::UInt32 => numbers::<UInt32Type>(py, column),
        DataType::UInt64 => numbers::<UInt64Type>(py, column),
        DataType::Float64 => numbers::<Float64Type>(py, column),
        DataType::Utf8 => {
            each(py, column, column.as_string::<i32>().iter().map(|text| Ok(text.map(|t| string(py, t)))))
        }
        DataType::LargeUtf8 => {
            each(py, column, column.as_string::<i64>().iter().map(|text| Ok(text.map(|t| string(py, t)))))
        }
        DataType::Utf8View => {
            each(py, column, column.as_string_view().iter().map(|text| Ok(text.map(|t| string(py, t)))))
        }
        DataType::Boolean => {
            let mark = |mark: Option<bool>| mark.map(|mark| Ok(mark.into_pyobject(py)?.to_owned().into_any()));
            each(py, column, column.as_boolean().iter().map(|cell| mark(cell).transpose()))
        }
        DataType::Date32 => {
            let epoch = PyDate::new(py, 1970, 1, 1)?;
            let day = |days: i32| epoch.add(PyDelta::new(py, days, 0, 0, false)?);
            each(py, column, column.as_primitive::<Date32Type>().iter().map(|cell| cell.map(day).transpose()))
        }
        DataType::Decimal128(_, places) => decimals(py, column, *places),
        DataType::Dictionary(..) => coded(py, column),
        other => Err(PyTypeError::new_err(format!("a column of type {other} is not shown in Python"))),
    }
}

fn each<'py>(
    py: Python<'py>,
    column: &ArrayRef,
    cells: impl Iterator<Item = PyResult<Option<Bound<'py, PyAny>>>>,
) -> PyResult<Values<'py>> {
    let mut values = Vec::with_capacity(column.len());
    for cell in cells {
        values.push(cell?.unwrap_or_else(|| py.None().into_bound(py)));
    }
    Ok(values)
}

fn string<'py>(py: Python<'py>, text: &str) -> Bound<'py, PyAny> {
    PyString::new(py, text).into_any()
}

fn numbers<'py, T>(py: Python<'py>, column: &ArrayRef) -> PyResult<Values<'py>>
where
    T: ArrowPrimitiveType,
    T::Native: IntoPyObject<'py>,
    PyErr: From<<T::Native as IntoPyObject<'py>>::Error>,
{
    let number = |cell: T::Native| Ok(cell.into_pyobject(py)?.into_any().into_bound());
    each(py, column, column.as_primitive::<T>().iter().map(|cell| cell.map(number).transpose()))
}

fn decimals<'py>(py: Python<'py>, column: &ArrayRef, places: i8) -> PyResult<Values<'py>> {
    let class = crate::python::numbers::decimal_class(py)?;
    let column_of = column.as_primitive::<Decimal128Type>();
    let decimal = |row: usize| -> PyResult<Option<Bound<'py, PyAny>>> {
        if column_of.is_null(row) {
            return Ok(None);
        }
        class.call1((scaled(column_of.value(row), places),)).map(Some)
    };
    each(py, column, (0..column.len()).map(decimal))
}

/// The sum of the chunks of a column of decimals.
pub fn total<'a, 'py>(py: Python<'py>, chunks: impl Iterator<Item = &'a ArrayRef>) -> PyResult<Bound<'py, PyAny>> {
    let (mut sum, mut places) = (Some(0_i128), 0);
    for chunk in chunks {
        let DataType::Decimal128(_, scale) = chunk.data_type() else {
            return Err(PyTypeError::new_err("only a column of decimals has a total"));
        };
        places = *scale;
        let cells = chunk.as_primitive::<Decimal128Type>();
        sum = sum.and_then(|sum| cells.iter().flatten().try_fold(sum, i128::checked_add));
    }
    let sum = sum.ok_or_else(|| PyOverflowError::new_err("the total has more than 38 digits"))?;
    crate::python::numbers::decimal_class(py)?.call1((scaled(sum, places),))
}

/// The chunks of a column of decimals as bytes of 64-bit floats; `None` for other columns.
pub fn floats<'a>(chunks: impl Iterator<Item = &'a ArrayRef>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for chunk in chunks {
        let DataType::Decimal128(_, places) = chunk.data_type() else { return None };
        let cells = chunk.as_primitive::<Decimal128Type>();
        bytes.extend(cells.iter().flat_map(|cell| cell.map_or(f64::NAN, |cell| nearest(cell, *places)).to_ne_bytes()));
    }
    Some(bytes)
}

/// The float nearest to a decimal. One division of two exact floats is rounded once; where these are not exact, the
/// standard library reads the digits.
fn nearest(unscaled: i128, places: i8) -> f64 {
    let exact = unscaled.unsigned_abs() <= 1 << 53 && (0..=22).contains(&places);
    if exact {
        return unscaled as f64 / 10_f64.powi(i32::from(places));
    }
    scaled(unscaled, places).parse().unwrap_or(f64::NAN)
}

/// `unscaled` shifted by `places`, with all its places: `3.00` stays `3.00`.
pub fn scaled(unscaled: i128, places: i8) -> String {
    let Ok(places @ 1..) = usize::try_from(places) else {
        return format!("{unscaled}{}", "0".repeat(usize::from(places.unsigned_abs())));
    };
    let digits = format!("{:0width$}", unscaled.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    format!("{}{whole}.{fraction}", if unscaled < 0 { "-" } else { "" })
}

/// Each value of the dictionary is made once.
fn coded<'py>(py: Python<'py>, column: &ArrayRef) -> PyResult<Values<'py>> {
    let codes = column.as_any_dictionary();
    let known = values(py, codes.values())?;
    let places = values(py, &codes.keys().slice(0, column.len()))?;
    let cell = |place: &Bound<'py, PyAny>| -> PyResult<Bound<'py, PyAny>> {
        if place.is_none() {
            return Ok(place.clone());
        }
        let beyond = || PyOverflowError::new_err("a code lies beyond its dictionary");
        known.get(place.extract::<usize>()?).cloned().ok_or_else(beyond)
    };
    places.iter().map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::scaled;

    #[test]
    fn decimals_keep_their_places() {
        for (unscaled, places, text) in
            [(300, 2, "3.00"), (5, 3, "0.005"), (-5, 3, "-0.005"), (7, 0, "7"), (7, -2, "700")]
        {
            assert_eq!(scaled(unscaled, places), text);
        }
    }
}
