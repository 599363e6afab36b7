//! Key columns of the result, in the type that the input has.

use super::groups::{Keys, Ordered};
use super::kept;
use super::output::internal;
use super::share;
use crate::domain::Error;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, Date32Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, DictionaryArray, GenericStringArray, OffsetSizeTrait, PrimitiveArray,
    StringViewArray,
};
use arrow_buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::DataType;
use std::sync::Arc;

/// A column of the type `kind` of the keys of all parts, one after the other.
pub(super) fn key_column(kind: &DataType, parts: &[&Keys]) -> Result<ArrayRef, Error> {
    Ok(match kind {
        DataType::Int8 => integers::<Int8Type>(parts)?,
        DataType::Int16 => integers::<Int16Type>(parts)?,
        DataType::Int32 => integers::<Int32Type>(parts)?,
        DataType::Int64 => integers::<Int64Type>(parts)?,
        DataType::Date32 => integers::<Date32Type>(parts)?,
        DataType::UInt8 => integers::<UInt8Type>(parts)?,
        DataType::UInt16 => integers::<UInt16Type>(parts)?,
        DataType::UInt32 => integers::<UInt32Type>(parts)?,
        DataType::UInt64 => integers::<UInt64Type>(parts)?,
        DataType::Utf8 => texts::<i32>(parts)?,
        DataType::LargeUtf8 => texts::<i64>(parts)?,
        DataType::Utf8View => {
            let plain = texts::<i64>(parts)?;
            Arc::new(StringViewArray::from(plain.as_string::<i64>()))
        }
        DataType::Dictionary(codes, values) => return dictionary(codes, values, parts),
        _ => return Err(Error::configuration("a key column's type cannot be written")),
    })
}

fn integers<T: ArrowPrimitiveType>(parts: &[&Keys]) -> Result<ArrayRef, Error>
where
    T::Native: Ordered,
{
    let mut values: Vec<T::Native> = kept::filled(parts.iter().map(|keys| keys.len()).sum());
    let mut tasks = Vec::with_capacity(parts.len());
    let mut rest = values.as_mut_slice();
    for keys in parts {
        let Keys::Numbers(numbers) = keys else { return Err(mixed()) };
        let (own, after) = rest.split_at_mut(numbers.len());
        tasks.push((numbers, own));
        rest = after;
    }
    share::each(tasks, |(numbers, own)| {
        for (number, value) in numbers.iter().zip(own) {
            *value = T::Native::restored(*number);
        }
    });
    Ok(Arc::new(PrimitiveArray::<T>::new(ScalarBuffer::from(kept::lent(values)), None)))
}

fn texts<O: OffsetSizeTrait>(parts: &[&Keys]) -> Result<ArrayRef, Error> {
    let mut offsets = vec![O::zero()];
    let mut bytes = Vec::new();
    for keys in parts {
        let mut add = |text: &[u8]| {
            bytes.extend_from_slice(text);
            offsets.push(O::from_usize(bytes.len()).ok_or_else(too_many)?);
            Ok(())
        };
        match keys {
            Keys::Texts(texts) => texts.iter().try_for_each(|text| add(text))?,
            Keys::Packed(texts) => {
                let text = |packed: &u128| add(packed.to_be_bytes().get(..*packed as u8 as usize).unwrap_or_default());
                texts.iter().try_for_each(text)?;
            }
            Keys::Numbers(_) => return Err(mixed()),
        }
    }
    let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
    let array = GenericStringArray::<O>::try_new(offsets, Buffer::from_vec(bytes), None);
    Ok(Arc::new(array.map_err(|_| Error::configuration("a text column is not UTF-8"))?))
}

/// Every key once in the dictionary; codes of the input's own width where the keys fit it, else of 32 bits.
fn dictionary(codes: &DataType, values: &DataType, parts: &[&Keys]) -> Result<ArrayRef, Error> {
    let (distinct, places) = match parts.first() {
        Some(Keys::Texts(_)) => coded(parts, |keys| match keys {
            Keys::Texts(keys) => keys.as_slice(),
            _ => &[],
        }),
        // Without rows there are no keys, and only the values' type tells what they would be.
        None if matches!(values, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) => {
            (Keys::Texts(Vec::new()), Vec::new())
        }
        _ => coded(parts, |keys| match keys {
            Keys::Numbers(keys) => keys.as_slice(),
            _ => &[],
        }),
    };
    let values = key_column(values, &[&distinct])?;
    let widest = i32::try_from(values.len()).map_err(|_| too_many())?;
    macro_rules! of {
        ($($kind:ident => $native:ty),*) => {
            match codes {
                $(DataType::$kind if <$native as ArrowPrimitiveType>::Native::try_from(widest).is_ok() => {
                    with_codes::<$native>(&places, values)
                })*
                _ => with_codes::<Int32Type>(&places, values),
            }
        };
    }
    of!(
        Int8 => Int8Type, Int16 => Int16Type, Int32 => Int32Type, Int64 => Int64Type,
        UInt8 => UInt8Type, UInt16 => UInt16Type, UInt32 => UInt32Type, UInt64 => UInt64Type
    )
}

/// The distinct keys in order, and of every key its place among them.
fn coded<'k, T: Copy + Ord + 'k>(parts: &[&'k Keys<'k>], of: impl Fn(&'k Keys<'k>) -> &'k [T]) -> (Keys<'k>, Vec<usize>)
where
    Keys<'k>: From<Vec<T>>,
{
    let mut distinct: Vec<T> = parts.iter().flat_map(|keys| of(keys)).copied().collect();
    distinct.sort_unstable();
    distinct.dedup();
    let place = |key: &T| distinct.binary_search(key).unwrap_or_else(|place| place);
    let places = parts.iter().flat_map(|keys| of(keys)).map(place).collect();
    (Keys::from(distinct), places)
}

fn with_codes<T: ArrowDictionaryKeyType>(places: &[usize], values: ArrayRef) -> Result<ArrayRef, Error>
where
    T::Native: TryFrom<usize>,
{
    let codes = places.iter().map(|place| T::Native::try_from(*place).ok()).collect::<Option<Vec<_>>>();
    let codes = PrimitiveArray::<T>::new(ScalarBuffer::from(codes.ok_or_else(too_many)?), None);
    Ok(Arc::new(DictionaryArray::try_new(codes, values).map_err(internal)?))
}

fn mixed() -> Error {
    Error::Internal { message: "a key is not of its column's type".to_owned() }
}

fn too_many() -> Error {
    Error::configuration("a column to group by has more keys than its type can hold")
}
