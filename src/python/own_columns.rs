//! Arrow's columns as our own: copied, so that no memory of Python's outlives the call, and read cell by cell.

use crate::domain::{Decimal, NotADecimal};
use crate::source::own_schema::OwnCell;
use crate::source::rows::date_of_days;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, StringArray, make_array};
use arrow_data::transform::MutableArrayData;
use arrow_schema::{DataType, TimeUnit};
use std::sync::Arc;

/// A copy in memory of our own; the type's name where no record has such a column.
pub fn owned(column: &ArrayRef) -> Result<ArrayRef, String> {
    match column.data_type() {
        DataType::Dictionary(..) => unfolded(column).ok_or_else(|| column.data_type().to_string()),
        // Views share the producer's buffers: a copy of theirs would keep them.
        DataType::Utf8View => Ok(Arc::new(StringArray::from_iter(column.as_string_view().iter()))),
        kind if is_known(kind) => {
            let source = column.to_data();
            let mut copy = MutableArrayData::new(vec![&source], false, column.len());
            copy.try_extend(0, 0, column.len()).map_err(|_| "too long a text".to_owned())?;
            Ok(make_array(copy.freeze()))
        }
        other => Err(other.to_string()),
    }
}

fn is_known(kind: &DataType) -> bool {
    use DataType::{
        Boolean, Date32, Date64, Decimal128, Float32, Float64, Int8, Int16, Int32, Int64, LargeUtf8, Null, Timestamp,
        UInt8, UInt16, UInt32, UInt64, Utf8,
    };
    let integers = matches!(kind, Int8 | Int16 | Int32 | Int64 | UInt8 | UInt16 | UInt32 | UInt64);
    let days = matches!(kind, Date32 | Date64 | Timestamp(_, None));
    integers || days || matches!(kind, Boolean | Decimal128(..) | Float32 | Float64 | LargeUtf8 | Null | Utf8)
}

/// A column of codes into a dictionary of texts, as texts.
fn unfolded(column: &ArrayRef) -> Option<ArrayRef> {
    let dictionary = column.as_any_dictionary_opt()?;
    let values = owned(dictionary.values()).ok()?;
    if values.is_empty() {
        // Only nulls can refer to it; the keys of such a one cannot be asked for.
        return Some(Arc::new(StringArray::new_null(column.len())));
    }
    let keys = dictionary.normalized_keys();
    let text = |row: usize| match cell(&values, *keys.get(row).filter(|_| !column.is_null(row))?) {
        OwnCell::Text(text) => Some(text.into_string()),
        _ => None,
    };
    let texts = matches!(values.data_type(), DataType::Utf8 | DataType::LargeUtf8);
    texts.then(|| Arc::new(StringArray::from_iter((0..column.len()).map(text))) as ArrayRef)
}

/// One cell of a column that is our own.
pub fn cell(column: &ArrayRef, row: usize) -> OwnCell {
    if row >= column.len() || column.is_null(row) {
        return OwnCell::Null;
    }
    match column.data_type() {
        DataType::Utf8 => OwnCell::text(column.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => OwnCell::text(column.as_string::<i64>().value(row)),
        DataType::Boolean => OwnCell::Flag(column.as_boolean().value(row)),
        DataType::Int8 => integer::<Int8Type>(column, row),
        DataType::Int16 => integer::<Int16Type>(column, row),
        DataType::Int32 => integer::<Int32Type>(column, row),
        DataType::Int64 => integer::<Int64Type>(column, row),
        DataType::UInt8 => integer::<UInt8Type>(column, row),
        DataType::UInt16 => integer::<UInt16Type>(column, row),
        DataType::UInt32 => integer::<UInt32Type>(column, row),
        DataType::UInt64 => integer::<UInt64Type>(column, row),
        DataType::Float32 => float(f64::from(column.as_primitive::<Float32Type>().value(row)), true),
        DataType::Float64 => float(column.as_primitive::<Float64Type>().value(row), false),
        DataType::Decimal128(_, places) => {
            OwnCell::Decimal(decimal(column.as_primitive::<Decimal128Type>().value(row), *places))
        }
        DataType::Date32 => day(column.as_primitive::<Date32Type>().value(row).into()),
        DataType::Date64 => midnight(column.as_primitive::<Date64Type>().value(row), 86_400_000),
        DataType::Timestamp(unit, _) => moment(column, row, *unit),
        _ => OwnCell::Null,
    }
}

fn integer<T>(column: &ArrayRef, row: usize) -> OwnCell
where
    T: ArrowPrimitiveType,
    T::Native: TryInto<i64>,
{
    let number = column.as_primitive::<T>().value(row).try_into();
    number.map_or(OwnCell::Other("is too large an integer"), OwnCell::Integer)
}

/// pandas writes what is missing as "not a number". A float of 32 bits is taken by its own shortest form.
fn float(number: f64, single: bool) -> OwnCell {
    if number.is_nan() {
        return OwnCell::Null;
    }
    let widened = if single { (number as f32).to_string().parse().unwrap_or(number) } else { number };
    OwnCell::Float(widened)
}

fn decimal(scaled: i128, places: i8) -> Result<Decimal, NotADecimal> {
    let digits = scaled.unsigned_abs().to_string();
    let sign = if scaled < 0 { "-" } else { "" };
    let Ok(places) = usize::try_from(places) else {
        return format!("{sign}{digits}{}", "0".repeat(usize::from(places.unsigned_abs()))).parse();
    };
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    format!("{sign}{whole}.{fraction}").parse()
}

fn day(days: i64) -> OwnCell {
    date_of_days(days).map_or(OwnCell::Other("is a date outside the years 1 to 9999"), OwnCell::Date)
}

/// A moment without a time of day is a day.
fn midnight(moment: i64, a_day: i64) -> OwnCell {
    if moment.rem_euclid(a_day) == 0 { day(moment.div_euclid(a_day)) } else { OwnCell::Other("is a time of day") }
}

fn moment(column: &ArrayRef, row: usize, unit: TimeUnit) -> OwnCell {
    match unit {
        TimeUnit::Second => midnight(column.as_primitive::<TimestampSecondType>().value(row), 86_400),
        TimeUnit::Millisecond => midnight(column.as_primitive::<TimestampMillisecondType>().value(row), 86_400_000),
        TimeUnit::Microsecond => midnight(column.as_primitive::<TimestampMicrosecondType>().value(row), 86_400_000_000),
        TimeUnit::Nanosecond => {
            midnight(column.as_primitive::<TimestampNanosecondType>().value(row), 86_400_000_000_000)
        }
    }
}
