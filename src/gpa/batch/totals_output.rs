//! The columns of totals: exact decimals, and the GPA as printed.

use super::kept;
use super::output::{TOTALS, internal};
use super::share;
use super::sums::{Sums, Writing};
use super::worth::Lanes;
use crate::domain::Error;
use arrow_array::{ArrayRef, Decimal128Array};
use arrow_buffer::{NullBuffer, ScalarBuffer};
use std::sync::Arc;

/// Sums of a group, of whatever width.
pub(super) trait Total: Copy + Send + Sync + 'static {
    fn sums(&self) -> Sums;

    fn plus(self, other: Self) -> Self;

    /// The GPA as printed, in units of the last place; `None` without GPA hours.
    fn gpa(&self, writing: Writing) -> Option<i128>;
}

impl Total for Sums {
    fn sums(&self) -> Sums {
        *self
    }

    fn plus(self, other: Sums) -> Sums {
        self.joined(other)
    }

    fn gpa(&self, writing: Writing) -> Option<i128> {
        self.printed(writing)
    }
}

impl Total for Lanes {
    fn sums(&self) -> Sums {
        let [attempted, earned, gpa_hours, quality_points] = self.map(i128::from);
        Sums { attempted, earned, gpa_hours, quality_points }
    }

    fn plus(self, other: Lanes) -> Lanes {
        std::array::from_fn(|lane| self[lane].wrapping_add(other[lane]))
    }

    fn gpa(&self, writing: Writing) -> Option<i128> {
        if self[2] == 0 {
            return None;
        }
        writing.quick(self[3], self[2]).map(i128::from).or_else(|| self.sums().printed(writing))
    }
}

/// Groups that one task writes at most.
const PIECE: usize = 1 << 16;

/// Where a part writes.
struct Slots<'s> {
    columns: [&'s mut [i128]; 5],
    known: &'s mut [bool],
}

impl<'s> Slots<'s> {
    fn split(self, at: usize) -> (Slots<'s>, Slots<'s>) {
        let [a, b, c, d, e] = self.columns.map(|column| column.split_at_mut(at));
        let (known, rest) = self.known.split_at_mut(at);
        let first = Slots { columns: [a.0, b.0, c.0, d.0, e.0], known };
        (first, Slots { columns: [a.1, b.1, c.1, d.1, e.1], known: rest })
    }

    fn write<T: Total>(self, totals: &[T], writing: Writing) {
        let [attempted, earned, hours, quality, gpas] = self.columns;
        let firsts = attempted.iter_mut().zip(earned).zip(hours).zip(quality);
        let places = firsts.zip(gpas).zip(self.known);
        for (total, (((((attempted, earned), hours), quality), gpa), known)) in totals.iter().zip(places) {
            let sums = total.sums();
            *attempted = sums.attempted;
            *earned = sums.earned;
            *hours = sums.gpa_hours;
            *quality = sums.quality_points;
            let printed = total.gpa(writing);
            *known = printed.is_some();
            *gpa = printed.unwrap_or_default();
        }
    }
}

/// The five columns of the totals of all parts, one after the other.
pub(super) fn total_columns<T: Total>(
    prefix: &str,
    parts: &[&[T]],
    writing: Writing,
) -> Result<Vec<(String, ArrayRef)>, Error> {
    let groups: usize = parts.iter().map(|part| part.len()).sum();
    let mut columns: [Vec<i128>; 5] = std::array::from_fn(|_| kept::filled(groups));
    let mut known = kept::filled(groups);
    let mut rest = Slots { columns: columns.each_mut().map(Vec::as_mut_slice), known: &mut known };
    let mut tasks = Vec::with_capacity(parts.len());
    // What had to be sorted is one part: threads share it all the same.
    for piece in parts.iter().flat_map(|part| part.chunks(PIECE)) {
        let (own, after) = rest.split(piece.len());
        tasks.push((piece, own));
        rest = after;
    }
    share::each(tasks, |(part, own)| own.write(part, writing));
    let places = [3, 3, 3, 3 + writing.point_places, writing.rounding.places()];
    let nulls = known.contains(&false).then(|| NullBuffer::from(known.as_slice()));
    kept::keep(known);
    let written = columns.into_iter().zip(places).zip(TOTALS).map(|((column, places), word)| {
        let nulls = nulls.clone().filter(|_| word == "gpa");
        let array = Decimal128Array::new(ScalarBuffer::from(kept::lent(column)), nulls);
        let array = array.with_precision_and_scale(38, places as i8).map_err(internal)?;
        Ok((format!("{prefix}{word}"), Arc::new(array) as ArrayRef))
    });
    written.collect()
}
