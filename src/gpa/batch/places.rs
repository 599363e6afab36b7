//! What stands in a table of sums for one group: whole sums, or such as half a line of the cache holds four of.

use super::decode::Decoded;
use super::pile::Four;
use super::wider::wider;
use super::worth::{Lanes, WeightTable};

/// The sums of one group.
pub(super) trait Place: Copy + Default + Send + Sync + 'static {
    /// What credits are multiplied by, by packed attempt.
    type Weights: Send + Sync;

    fn table(weights: &WeightTable) -> Self::Weights;

    /// Adds every row where its code says; what was written, or-ed. No code is beyond the table.
    fn pile<W: Decoded>(
        codes: &[u32],
        worths: &[W],
        weights: &Self::Weights,
        sums: &mut [Self],
        seen: &mut [u8],
    ) -> u64;

    /// Whether no place was ever full.
    fn holds(written: u64, credit_bits: u32) -> bool;

    fn sums(&self) -> Lanes;
}

impl Place for Four {
    type Weights = WeightTable;

    fn table(weights: &WeightTable) -> WeightTable {
        weights.clone()
    }

    fn pile<W: Decoded>(codes: &[u32], worths: &[W], weights: &WeightTable, sums: &mut [Four], seen: &mut [u8]) -> u64 {
        whole(codes, worths, weights, sums, seen)
    }

    /// Whether a sum wrapped is proven in the end, for all ways alike.
    fn holds(_: u64, _: u32) -> bool {
        true
    }

    fn sums(&self) -> Lanes {
        self.lanes()
    }
}

/// Attempted, earned and GPA hours in 20 bits each, with one above that is never set in a sum that is right; then the
/// quality points.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Narrow {
    credits: u64,
    quality_points: u64,
}

const FIELD: u32 = 21;
const FIELD_BITS: u64 = (1 << 20) - 1;
const FULL: u64 = 1 << 20 | 1 << (20 + FIELD) | 1 << (20 + 2 * FIELD);

/// Of lanes below 2^20, the first three in one number.
#[inline(always)]
pub(super) fn side_by_side([attempted, earned, gpa_hours, _]: Lanes) -> u64 {
    attempted | earned << FIELD | gpa_hours << (2 * FIELD)
}

/// By packed attempt: what credits are multiplied by, for both numbers of a place.
pub(super) struct NarrowWeights(Box<[[u64; 2]; 256]>);

impl NarrowWeights {
    #[inline(always)]
    pub fn of(&self, packed: u32) -> [u64; 2] {
        self.0[(packed & 0xff) as usize]
    }
}

impl Place for Narrow {
    type Weights = NarrowWeights;

    fn table(weights: &WeightTable) -> NarrowWeights {
        let mut table = Box::new([[0; 2]; 256]);
        for (place, weights) in table.iter_mut().zip(weights.lanes()) {
            *place = [side_by_side(weights), weights[3]];
        }
        NarrowWeights(table)
    }

    fn pile<W: Decoded>(
        codes: &[u32],
        worths: &[W],
        weights: &NarrowWeights,
        sums: &mut [Narrow],
        seen: &mut [u8],
    ) -> u64 {
        narrow(codes, worths, weights, sums, seen)
    }

    /// No attempt alone passes the bit above a field, so that none does unseen.
    fn holds(written: u64, credit_bits: u32) -> bool {
        written & FULL == 0 && u64::from(credit_bits) <= FIELD_BITS
    }

    fn sums(&self) -> Lanes {
        let field = |number: u32| self.credits >> (number * FIELD) & FIELD_BITS;
        [field(0), field(1), field(2), self.quality_points]
    }
}

wider! {
    fn whole<W: Decoded>(
        codes: &[u32], worths: &[W], weights: &WeightTable, sums: &mut [Four], seen: &mut [u8],
    ) -> u64 {
        for (code, worth) in codes.iter().zip(worths) {
            let place = *code as usize;
            if let (Some(sums), Some(seen)) = (sums.get_mut(place), seen.get_mut(place)) {
                worth.pile(weights, sums);
                *seen = 1;
            }
        }
        0
    }
}

fn narrow<W: Decoded>(
    codes: &[u32],
    worths: &[W],
    weights: &NarrowWeights,
    sums: &mut [Narrow],
    seen: &mut [u8],
) -> u64 {
    let mut written = 0;
    for (code, worth) in codes.iter().zip(worths) {
        let place = *code as usize;
        if let (Some(sums), Some(seen)) = (sums.get_mut(place), seen.get_mut(place)) {
            let [credits, quality_points] = worth.side_by_side(weights);
            sums.credits = sums.credits.wrapping_add(credits);
            sums.quality_points = sums.quality_points.wrapping_add(quality_points);
            written |= sums.credits;
            *seen = 1;
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpa::batch::classes::Weights;
    use crate::gpa::batch::worth::{Classed, Worth};

    proptest::proptest! {
        #[test]
        fn a_narrow_place_holds_the_sums_or_says_that_it_is_full(
            rows in proptest::collection::vec((0u32..1 << 21, 0u32..4), 0..40),
        ) {
            let weights = |attempted, earned, gpa_hours, points| Weights { attempted, earned, gpa_hours, points };
            let table = WeightTable::of(&[weights(1, 1, 1, 1_000_000), weights(1, 0, 0, 0)]).unwrap();
            let rows: Vec<Classed> = rows.into_iter().map(|(credits, place)| Classed(credits << 8 | place)).collect();
            let mut expected = Lanes::default();
            Classed::sum(&rows, &table, &mut expected);
            let mut sums = [Narrow::default()];
            let codes = vec![0; rows.len()];
            let written = Narrow::pile(&codes, &rows, &Narrow::table(&table), &mut sums, &mut [0]);
            let credit_bits = rows.iter().fold(0, |all, row| all | row.0 >> 8);
            if Narrow::holds(written, credit_bits) {
                proptest::prop_assert_eq!(sums[0].sums(), expected);
            } else {
                proptest::prop_assert!(credit_bits >= 1 << 20 || expected[0] >= 1 << 20);
            }
        }
    }
}
