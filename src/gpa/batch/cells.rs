//! Reads integers and texts out of Arrow columns in place, whatever their width and encoding.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, StringViewArray};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;

/// How a column holds keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyKind {
    Integers,
    Texts,
    /// Dictionary-encoded.
    IntegerCodes,
    TextCodes,
}

impl KeyKind {
    /// `None` for types that hold no keys.
    pub fn of(kind: &DataType) -> Option<KeyKind> {
        match kind {
            DataType::Dictionary(_, values) => match KeyKind::of(values)? {
                KeyKind::Integers => Some(KeyKind::IntegerCodes),
                KeyKind::Texts => Some(KeyKind::TextCodes),
                _ => None,
            },
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Some(KeyKind::Texts),
            DataType::Date32 => Some(KeyKind::Integers),
            other => other.is_integer().then_some(KeyKind::Integers),
        }
    }
}

/// Integers of any width.
#[derive(Clone, Copy, Debug)]
pub(super) enum Integers<'a> {
    I8(&'a [i8]),
    I16(&'a [i16]),
    I32(&'a [i32]),
    I64(&'a [i64]),
    U8(&'a [u8]),
    U16(&'a [u16]),
    U32(&'a [u32]),
    U64(&'a [u64]),
}

/// One piece of code for every width of integers: `values` is the slice of them.
macro_rules! with_integers {
    ($integers:expr, $values:ident => $work:expr) => {
        match $integers {
            $crate::gpa::batch::cells::Integers::I8($values) => $work,
            $crate::gpa::batch::cells::Integers::I16($values) => $work,
            $crate::gpa::batch::cells::Integers::I32($values) => $work,
            $crate::gpa::batch::cells::Integers::I64($values) => $work,
            $crate::gpa::batch::cells::Integers::U8($values) => $work,
            $crate::gpa::batch::cells::Integers::U16($values) => $work,
            $crate::gpa::batch::cells::Integers::U32($values) => $work,
            $crate::gpa::batch::cells::Integers::U64($values) => $work,
        }
    };
}
pub(super) use with_integers;

impl<'a> Integers<'a> {
    pub fn of(array: &'a dyn Array) -> Option<Integers<'a>> {
        Some(match array.data_type() {
            DataType::Int8 => Integers::I8(array.as_primitive::<Int8Type>().values()),
            DataType::Int16 => Integers::I16(array.as_primitive::<Int16Type>().values()),
            DataType::Int32 => Integers::I32(array.as_primitive::<Int32Type>().values()),
            DataType::Int64 => Integers::I64(array.as_primitive::<Int64Type>().values()),
            DataType::UInt8 => Integers::U8(array.as_primitive::<UInt8Type>().values()),
            DataType::UInt16 => Integers::U16(array.as_primitive::<UInt16Type>().values()),
            DataType::UInt32 => Integers::U32(array.as_primitive::<UInt32Type>().values()),
            DataType::UInt64 => Integers::U64(array.as_primitive::<UInt64Type>().values()),
            DataType::Date32 => Integers::I32(array.as_primitive::<Date32Type>().values()),
            _ => return None,
        })
    }

    pub fn get(&self, row: usize) -> Option<i128> {
        with_integers!(self, values => values.get(row).map(|value| i128::from(*value)))
    }
}

/// Texts of any layout, as their bytes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Texts<'a> {
    Small(&'a [i32], &'a [u8]),
    Large(&'a [i64], &'a [u8]),
    View(&'a StringViewArray),
}

impl<'a> Texts<'a> {
    pub fn of(array: &'a dyn Array) -> Option<Texts<'a>> {
        Some(match array.data_type() {
            DataType::Utf8 => {
                let texts = array.as_string::<i32>();
                Texts::Small(texts.value_offsets(), texts.value_data())
            }
            DataType::LargeUtf8 => {
                let texts = array.as_string::<i64>();
                Texts::Large(texts.value_offsets(), texts.value_data())
            }
            DataType::Utf8View => Texts::View(array.as_string_view()),
            _ => return None,
        })
    }

    pub fn get(&self, row: usize) -> Option<&'a [u8]> {
        match self {
            Texts::Small(offsets, bytes) => {
                bytes.get(usize::try_from(*offsets.get(row)?).ok()?..usize::try_from(*offsets.get(row + 1)?).ok()?)
            }
            Texts::Large(offsets, bytes) => {
                bytes.get(usize::try_from(*offsets.get(row)?).ok()?..usize::try_from(*offsets.get(row + 1)?).ok()?)
            }
            Texts::View(array) => viewed(array, row),
        }
    }
}

/// A view holds the length in its lowest four bytes, then either up to twelve bytes of text or the first four,
/// a buffer's number and an offset.
fn viewed(array: &StringViewArray, row: usize) -> Option<&[u8]> {
    let view = array.views().get(row)?;
    let length = *view as u32 as usize;
    if length <= 12 {
        let inline = array.views().inner().as_slice().get(row * 16 + 4..row * 16 + 4 + length);
        return inline;
    }
    let buffer = array.data_buffers().get((view >> 64) as u32 as usize)?;
    let start = (view >> 96) as usize;
    buffer.as_slice().get(start..start.checked_add(length)?)
}

/// The cells of a key column, row by row.
pub(super) struct KeyCells<'a> {
    pub values: Values<'a>,
    /// Of a dictionary-encoded column: which value each row has.
    pub codes: Option<Integers<'a>>,
    nulls: Option<&'a NullBuffer>,
    pub value_nulls: Option<&'a NullBuffer>,
}

#[derive(Clone, Copy)]
pub(super) enum Values<'a> {
    Integers(Integers<'a>),
    Texts(Texts<'a>),
}

/// A key as the column holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum KeyCell<'a> {
    Integer(i128),
    Text(&'a [u8]),
}

impl<'a> KeyCells<'a> {
    pub fn of(array: &'a dyn Array) -> Option<KeyCells<'a>> {
        let values = |array| Integers::of(array).map(Values::Integers).or(Texts::of(array).map(Values::Texts));
        let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0);
        match array.as_any_dictionary_opt() {
            Some(dictionary) => Some(KeyCells {
                values: values(dictionary.values().as_ref())?,
                codes: Some(Integers::of(dictionary.keys())?),
                nulls,
                value_nulls: dictionary.values().nulls(),
            }),
            None => Some(KeyCells { values: values(array)?, codes: None, nulls, value_nulls: None }),
        }
    }

    /// `None` where the cell is null.
    pub fn get(&self, row: usize) -> Option<KeyCell<'a>> {
        if self.nulls.is_some_and(|nulls| nulls.is_null(row)) {
            return None;
        }
        let at = match &self.codes {
            Some(codes) => usize::try_from(codes.get(row)?).ok()?,
            None => row,
        };
        if self.value_nulls.is_some_and(|nulls| at >= nulls.len() || nulls.is_null(at)) {
            return None;
        }
        match &self.values {
            Values::Integers(integers) => integers.get(at).map(KeyCell::Integer),
            Values::Texts(texts) => texts.get(at).map(KeyCell::Text),
        }
    }
}
