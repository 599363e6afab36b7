//! The result's columns: keys in the type of the input, totals as exact decimals, the GPA as printed.

use super::cells::KeyCell;
use super::faults::Fault;
use super::sums::Sums;
use crate::domain::Error;
use crate::domain::decimal::MAX_PLACES;
use crate::gpa::rounding::Rounding;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, Decimal128Array, DictionaryArray, Int32Array, LargeStringArray,
    PrimitiveArray, RecordBatch, StringArray, StringViewArray, UInt64Array,
};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The totals of every group.
#[derive(Clone, Debug)]
pub struct GpaTable {
    /// The key columns under their own names and in their own types; then `credits_attempted`, `credits_earned` and
    /// `gpa_hours` (decimals of 3 places), `quality_points` (6 places; 9 where the scale's points need them) and
    /// `gpa` (as printed, null without GPA hours); then, where asked for, the first four and the GPA once more up to
    /// and including the term, each named `cumulative_…`.
    pub batch: RecordBatch,
    /// The problems of the rows that were left out: `row` (counted from 0), `column`, `problem` (a stable word).
    pub rejected: Option<RecordBatch>,
    /// How many columns of `batch` are keys: the first ones.
    pub keys: usize,
    /// How many rows were read.
    pub rows: u64,
}

const TOTALS: [&str; 5] = ["credits_attempted", "credits_earned", "gpa_hours", "quality_points", "gpa"];

/// How totals are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writing {
    pub point_places: u8,
    pub rounding: Rounding,
}

/// The whole result; `cumulative` runs beside `sums`.
pub(super) fn batch(
    keys: Vec<(String, ArrayRef)>,
    sums: &[Sums],
    cumulative: Option<&[Sums]>,
    writing: Writing,
) -> Result<RecordBatch, Error> {
    let mut columns = keys;
    let width = columns.len();
    columns.extend(total_columns("", sums, writing)?);
    if let Some(cumulative) = cumulative {
        columns.extend(total_columns("cumulative_", cumulative, writing)?);
    }
    if columns.iter().take(width).any(|(name, _)| TOTALS.contains(&name.as_str())) {
        return Err(Error::configuration("a column to group by has the name of a total"));
    }
    record_batch(columns)
}

fn record_batch(columns: Vec<(String, ArrayRef)>) -> Result<RecordBatch, Error> {
    let field =
        |(name, array): &(String, ArrayRef)| Field::new(name.clone(), array.data_type().clone(), name.ends_with("gpa"));
    let schema = Schema::new(columns.iter().map(field).collect::<Vec<_>>());
    RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|(_, array)| array).collect()).map_err(internal)
}

/// The totals of a group, its GPA already printed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Printed {
    pub sums: Sums,
    /// Millionths.
    pub gpa: Option<i64>,
}

/// The whole result where the printing of the GPA differs from row to row: all are written to the most places,
/// `gpa_places`, of any.
pub(super) fn printed_batch(
    keys: Vec<(String, ArrayRef)>,
    totals: &[Printed],
    cumulative: Option<&[Printed]>,
    point_places: u8,
    gpa_places: u8,
) -> Result<RecordBatch, Error> {
    let unit = 10i128.pow(u32::from(MAX_PLACES.saturating_sub(gpa_places)));
    let columns_of = |prefix: &str, totals: &[Printed]| {
        let sums: Vec<Sums> = totals.iter().map(|printed| printed.sums).collect();
        let gpas = totals.iter().map(|printed| printed.gpa.map(|micro| i128::from(micro) / unit));
        written_columns(prefix, &sums, gpas, point_places, gpa_places)
    };
    let mut columns = keys;
    let width = columns.len();
    columns.extend(columns_of("", totals)?);
    if let Some(cumulative) = cumulative {
        columns.extend(columns_of("cumulative_", cumulative)?);
    }
    if columns.iter().take(width).any(|(name, _)| TOTALS.contains(&name.as_str())) {
        return Err(Error::configuration("a column to group by has the name of a total"));
    }
    record_batch(columns)
}

fn total_columns(prefix: &str, sums: &[Sums], writing: Writing) -> Result<Vec<(String, ArrayRef)>, Error> {
    let gpas = sums.iter().map(|sums| sums.gpa(writing.point_places, writing.rounding));
    written_columns(prefix, sums, gpas, writing.point_places, writing.rounding.places())
}

/// `gpas` are in units of the last of `gpa_places`.
fn written_columns(
    prefix: &str,
    sums: &[Sums],
    gpas: impl Iterator<Item = Option<i128>>,
    point_places: u8,
    gpa_places: u8,
) -> Result<Vec<(String, ArrayRef)>, Error> {
    let [attempted, earned, hours, quality, gpa] = TOTALS.map(|word| format!("{prefix}{word}"));
    let of = |value: fn(&Sums) -> i128| sums.iter().map(value).collect::<Vec<i128>>();
    let gpas = Decimal128Array::from_iter(gpas).with_precision_and_scale(38, gpa_places as i8).map_err(internal)?;
    Ok(vec![
        (attempted, decimals(of(|sums| sums.attempted), 3)?),
        (earned, decimals(of(|sums| sums.earned), 3)?),
        (hours, decimals(of(|sums| sums.gpa_hours), 3)?),
        (quality, decimals(of(|sums| sums.quality_points), 3 + point_places)?),
        (gpa, Arc::new(gpas)),
    ])
}

fn decimals(values: Vec<i128>, places: u8) -> Result<ArrayRef, Error> {
    let array = Decimal128Array::from(values).with_precision_and_scale(38, places as i8).map_err(internal)?;
    Ok(Arc::new(array))
}

/// A key column of the type `kind`.
pub(super) fn key_column(kind: &DataType, cells: &[KeyCell]) -> Result<ArrayRef, Error> {
    Ok(match kind {
        DataType::Int8 => integers::<Int8Type>(cells)?,
        DataType::Int16 => integers::<Int16Type>(cells)?,
        DataType::Int32 => integers::<Int32Type>(cells)?,
        DataType::Int64 => integers::<Int64Type>(cells)?,
        DataType::UInt8 => integers::<UInt8Type>(cells)?,
        DataType::UInt16 => integers::<UInt16Type>(cells)?,
        DataType::UInt32 => integers::<UInt32Type>(cells)?,
        DataType::UInt64 => integers::<UInt64Type>(cells)?,
        DataType::Date32 => integers::<Date32Type>(cells)?,
        DataType::Utf8 => Arc::new(StringArray::from(texts(cells)?)),
        DataType::LargeUtf8 => Arc::new(LargeStringArray::from(texts(cells)?)),
        DataType::Utf8View => Arc::new(StringViewArray::from(texts(cells)?)),
        DataType::Dictionary(codes, values) => return dictionary(codes, values, cells),
        _ => return Err(Error::configuration("a key column's type cannot be written")),
    })
}

fn integers<T: ArrowPrimitiveType>(cells: &[KeyCell]) -> Result<ArrayRef, Error>
where
    T::Native: TryFrom<i128>,
{
    let native = |cell: &KeyCell| match cell {
        KeyCell::Integer(value) => T::Native::try_from(*value).ok(),
        KeyCell::Text(_) => None,
    };
    let values = cells.iter().map(native).collect::<Option<Vec<T::Native>>>();
    let values = values.ok_or_else(|| internal_words("a key is not of its column's type"))?;
    Ok(Arc::new(PrimitiveArray::<T>::from_iter_values(values)))
}

fn texts<'a>(cells: &[KeyCell<'a>]) -> Result<Vec<&'a str>, Error> {
    let text = |cell: &KeyCell<'a>| match cell {
        KeyCell::Text(bytes) => std::str::from_utf8(bytes).ok(),
        KeyCell::Integer(_) => None,
    };
    cells.iter().map(text).collect::<Option<_>>().ok_or_else(|| Error::configuration("a text column is not UTF-8"))
}

/// Every key once in the dictionary; codes of the input's own width where the keys fit it, else of 32 bits.
fn dictionary(codes: &DataType, values: &DataType, cells: &[KeyCell]) -> Result<ArrayRef, Error> {
    let mut known: BTreeMap<KeyCell, i32> = cells.iter().map(|cell| (*cell, 0)).collect();
    for (place, code) in known.values_mut().enumerate() {
        *code = i32::try_from(place).map_err(|_| Error::configuration("a key column has too many keys"))?;
    }
    let distinct: Vec<KeyCell> = known.keys().copied().collect();
    let values = key_column(values, &distinct)?;
    let places: Vec<i32> = cells.iter().filter_map(|cell| known.get(cell).copied()).collect();
    let narrow: Vec<KeyCell> = places.iter().map(|place| KeyCell::Integer(i128::from(*place))).collect();
    match key_column(codes, &narrow) {
        Ok(keys) => with_codes(keys, values),
        Err(_) => with_codes(Arc::new(Int32Array::from(places)), values),
    }
}

fn with_codes(codes: ArrayRef, values: ArrayRef) -> Result<ArrayRef, Error> {
    macro_rules! of {
        ($($kind:ident => $native:ty),*) => {
            match codes.data_type() {
                $(DataType::$kind => {
                    let codes = codes.as_primitive::<$native>().clone();
                    Arc::new(DictionaryArray::try_new(codes, values).map_err(internal)?)
                })*
                _ => return Err(internal_words("a dictionary's codes are not integers")),
            }
        };
    }
    Ok(of!(
        Int8 => Int8Type, Int16 => Int16Type, Int32 => Int32Type, Int64 => Int64Type,
        UInt8 => UInt8Type, UInt16 => UInt16Type, UInt32 => UInt32Type, UInt64 => UInt64Type
    ))
}

/// The list of rows that were left out: each with a column's name and what is wrong there.
pub(super) fn rejected(found: &[(u64, String, Fault)]) -> Result<RecordBatch, Error> {
    let rows = UInt64Array::from_iter_values(found.iter().map(|(row, ..)| *row));
    let columns = StringArray::from_iter_values(found.iter().map(|(_, column, _)| column));
    let problems = StringArray::from_iter_values(found.iter().map(|(.., fault)| fault.code()));
    record_batch(vec![
        ("row".into(), Arc::new(rows)),
        ("column".into(), Arc::new(columns)),
        ("problem".into(), Arc::new(problems)),
    ])
}

fn internal(error: ArrowError) -> Error {
    Error::Internal { message: error.to_string() }
}

fn internal_words(message: &str) -> Error {
    Error::Internal { message: message.to_owned() }
}
