//! Reads numbers as thousandths, exactly or not at all.

use super::ahead;
use super::cells::{Integers, with_integers};
use super::faults::Fault;
use super::groups::Ordered;
use super::wider::wider;
use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float64Type};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;
use std::ops::Range;

/// The cells of a column of credits or grade points.
pub(super) struct NumberCells<'a> {
    numbers: Numbers<'a>,
    nulls: Option<&'a NullBuffer>,
    /// In thousandths.
    largest: u32,
}

/// Numbers as the column holds them.
#[derive(Clone, Copy)]
pub(super) enum Numbers<'a> {
    Whole(Integers<'a>),
    Binary(&'a [f64]),
    /// With the number of decimal places.
    Decimal(&'a [i128], i8),
}

/// Of one attempt, in thousandths.
pub(super) const MOST_CREDITS: u32 = 9_999_999;
/// Of one credit, in thousandths.
pub(super) const MOST_POINTS: u32 = 1_000_000;

impl<'a> Numbers<'a> {
    pub fn of(array: &'a dyn Array) -> Option<Numbers<'a>> {
        match array.data_type() {
            DataType::Float64 => Some(Numbers::Binary(array.as_primitive::<Float64Type>().values())),
            DataType::Decimal128(_, scale) => {
                Some(Numbers::Decimal(array.as_primitive::<Decimal128Type>().values(), *scale))
            }
            _ => Integers::of(array).map(Numbers::Whole),
        }
    }
}

impl<'a> NumberCells<'a> {
    pub fn of(array: &'a dyn Array, largest: u32) -> Option<NumberCells<'a>> {
        let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0);
        Some(NumberCells { numbers: Numbers::of(array)?, nulls, largest })
    }

    /// Thousandths; `Ok(None)` where the cell is null.
    pub fn get(&self, row: usize) -> Result<Option<u32>, Fault> {
        if self.nulls.is_some_and(|nulls| nulls.is_null(row)) {
            return Ok(None);
        }
        let milli = match &self.numbers {
            Numbers::Whole(integers) => integers.get(row).and_then(|value| value.checked_mul(1000)),
            Numbers::Binary(values) => match values.get(row) {
                Some(value) => return binary(*value, self.largest).map(Some),
                None => None,
            },
            Numbers::Decimal(values, scale) => match values.get(row) {
                Some(value) => decimal(*value, *scale)?,
                None => None,
            },
        };
        let milli = milli.and_then(|milli| u32::try_from(milli).ok()).filter(|milli| *milli <= self.largest);
        milli.map(Some).ok_or(Fault::OutOfRange)
    }
}

/// `Ok(None)` when it is too large for any total.
fn decimal(value: i128, scale: i8) -> Result<Option<i128>, Fault> {
    let shift = u32::from(scale.unsigned_abs().abs_diff(3));
    match scale {
        ..=3 if scale < 0 => {
            Ok(10i128.checked_pow(u32::from(scale.unsigned_abs()) + 3).and_then(|p| value.checked_mul(p)))
        }
        ..=3 => Ok(value.checked_mul(10i128.pow(shift))),
        _ => match 10i128.checked_pow(shift) {
            _ if value == 0 => Ok(Some(0)),
            Some(unit) if value % unit == 0 => Ok(Some(value / unit)),
            _ => Err(Fault::Inexact),
        },
    }
}

/// A binary number stands for a decimal of three places exactly when it is the one nearest to it: what reading the
/// decimal's own text gives.
pub(super) fn binary(value: f64, largest: u32) -> Result<u32, Fault> {
    if value.is_nan() {
        return Err(Fault::NotANumber);
    }
    if !(0.0..=f64::from(largest) / 1000.0).contains(&value) {
        return Err(Fault::OutOfRange);
    }
    // In range, so the nearest whole number fits.
    let milli = (value * 1000.0).round() as u32;
    if f64::from(milli) / 1000.0 == value { Ok(milli) } else { Err(Fault::Inexact) }
}

/// Added to a number below 2^51, it leaves the nearest whole number in the lowest bits of the sum.
const WHOLE: f64 = 1.5 * (1u64 << 52) as f64;

/// A block of numbers in thousandths; `None` when one of them is wrong. Nulls are not looked at.
pub(super) fn thousandths(numbers: &Numbers, rows: Range<usize>, largest: u32, out: &mut [u32]) -> Option<()> {
    let wrong = match numbers {
        Numbers::Binary(values) => binary_block(values.get(rows)?, largest, out),
        Numbers::Whole(integers) => with_integers!(integers, values => {
            let most = u64::from(largest / 1000);
            let cells = values.get(rows)?.iter().zip(out);
            cells.fold(0, |wrong, (value, out)| {
                *out = (value.widened() as u32).wrapping_mul(1000);
                wrong | u64::from(value.widened() > most)
            })
        }),
        Numbers::Decimal(values, 3) => {
            let cells = values.get(rows)?.iter().zip(out);
            cells.fold(0, |wrong, (value, out)| {
                *out = *value as u32;
                wrong | u64::from(*value as u128 > u128::from(largest))
            })
        }
        Numbers::Decimal(values, scale) => {
            for (value, out) in values.get(rows)?.iter().zip(out) {
                let milli = decimal(*value, *scale).ok()??;
                *out = u32::try_from(milli).ok().filter(|milli| *milli <= largest)?;
            }
            0
        }
    };
    (wrong == 0).then_some(())
}

wider! {
    /// The test of `binary`, several numbers at a time.
    fn binary_block(values: &[f64], largest: u32, out: &mut [u32]) -> u64 {
        let most = f64::from(largest) / 1000.0;
        let mut wrong = 0;
        for (values, out) in values.chunks(8).zip(out.chunks_mut(8)) {
            ahead::ask(values);
            wrong |= match (values.first_chunk::<8>(), out.first_chunk_mut::<8>()) {
                (Some(values), Some(out)) => binary_numbers(values, most, out),
                _ => binary_numbers(values, most, out),
            };
        }
        wrong
    }
}

#[inline(always)]
fn binary_numbers(values: &[f64], most: f64, out: &mut [u32]) -> u64 {
    values.iter().zip(out).fold(0, |wrong, (value, out)| {
        let shifted = *value * 1000.0 + WHOLE;
        *out = shifted.to_bits() as u32;
        let same = thousandth(shifted - WHOLE) == *value;
        wrong | u64::from(!(same & (*value >= 0.0) & (*value <= most)))
    })
}

/// A thousandth in two parts: the first 26 bits, of which products with up to 24 bits are exact, and what is left,
/// to which belongs the distance of the nearest binary number from the decimal.
const UPPER: f64 = f64::from_bits(0.001f64.to_bits() & !0x7ff_ffff);
const LOWER: f64 = (0.001 - UPPER) - 2.081_668_171_172_168_5e-20;

/// `whole / 1000.0` for whole numbers up to the most credits, without the division. That it is so for every one of
/// them is tested below.
#[inline(always)]
fn thousandth(whole: f64) -> f64 {
    whole * UPPER + whole * LOWER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thousandth_of_every_number_of_credits_is_the_nearest_binary_number() {
        assert!((0..=MOST_CREDITS).map(f64::from).all(|whole| thousandth(whole) == whole / 1000.0));
    }
}
