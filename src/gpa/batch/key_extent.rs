//! How far the keys of a column reach: what their codes need room for.

use super::cells::{Integers, KeyCells, Texts, Values, with_integers};
use super::groups::Ordered;
use super::wider::wider;
use std::ops::Range;

/// What a look at a column tells.
#[derive(Clone, Copy)]
pub(super) enum Extent {
    Numbers(u64, u64),
    Longest(u32),
    Listed,
}

impl Extent {
    pub fn joined(self, other: Extent) -> Extent {
        match (self, other) {
            (Extent::Numbers(least, most), Extent::Numbers(low, high)) => {
                Extent::Numbers(least.min(low), most.max(high))
            }
            (Extent::Longest(a), Extent::Longest(b)) => Extent::Longest(a.max(b)),
            _ => Extent::Listed,
        }
    }
}

pub(super) fn bits(extent: Extent) -> u32 {
    match extent {
        Extent::Numbers(least, most) => u64::BITS - (most - least).leading_zeros(),
        Extent::Longest(longest) => 8 * longest.min(64) + 4,
        Extent::Listed => 0,
    }
}

wider! {
    /// The least and the greatest.
    fn ends(integers: &Integers, rows: Range<usize>) -> Option<Extent> {
        with_integers!(integers, values => {
            let values = values.get(rows)?;
            let first = *values.first()?;
            let ends = |(least, most), value: &_| (std::cmp::min(least, *value), std::cmp::max(most, *value));
            let (least, most) = values.iter().fold((first, first), ends);
            Some(Extent::Numbers(least.ordered(), most.ordered()))
        })
    }
}

pub(super) fn extent(cells: &KeyCells, rows: Range<usize>) -> Option<Extent> {
    match (&cells.values, &cells.codes) {
        (_, Some(_)) => Some(Extent::Listed),
        (Values::Integers(integers), None) => ends(integers, rows),
        (Values::Texts(Texts::Small(offsets, _)), None) => {
            let lengths = offsets.get(rows.start..=rows.end)?.windows(2).map(|pair| pair[1].wrapping_sub(pair[0]));
            Some(Extent::Longest(u32::try_from(lengths.max()?).ok()?))
        }
        (Values::Texts(Texts::Large(offsets, _)), None) => {
            let lengths = offsets.get(rows.start..=rows.end)?.windows(2).map(|pair| pair[1].wrapping_sub(pair[0]));
            Some(Extent::Longest(u32::try_from(lengths.max()?).ok()?))
        }
        (Values::Texts(Texts::View(array)), None) => {
            let lengths = array.views().get(rows)?.iter().map(|view| *view as u32);
            Some(Extent::Longest(lengths.max()?))
        }
    }
}
