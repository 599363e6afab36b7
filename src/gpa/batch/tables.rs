//! The groups of one partition: by the code itself where codes are close, else by hash.

use super::key_code::Code;
use super::partitions::{Plan, Poured};
use super::pile::Four;
use super::worth::{Lanes, WeightTable, Worth};

/// Sums by what is left of a code; empty again after `take`.
pub(super) trait Slots<L: Code> {
    fn new(plan: Plan) -> Self;

    fn add<W: Worth>(&mut self, rows: &[Poured<L, W>], weights: &WeightTable);

    /// All groups in order of their codes.
    fn take(&mut self, each: &mut dyn FnMut(L, Lanes));
}

/// A place for every code.
pub(super) struct Dense {
    sums: Vec<Four>,
    seen: Vec<bool>,
}

impl Slots<u32> for Dense {
    fn new(plan: Plan) -> Dense {
        let places = 1 << plan.shift;
        Dense { sums: vec![Four::default(); places], seen: vec![false; places] }
    }

    fn add<W: Worth>(&mut self, rows: &[Poured<u32, W>], weights: &WeightTable) {
        // A power of two: the mask keeps every place inside.
        let mask = self.sums.len() - 1;
        let (sums, seen) = (self.sums.as_mut_slice(), &mut self.seen[..=mask]);
        for Poured(code, worth) in rows.iter().copied() {
            let place = code as usize & mask;
            worth.pile(weights, &mut sums[place]);
            seen[place] = true;
        }
    }

    fn take(&mut self, each: &mut dyn FnMut(u32, Lanes)) {
        for (place, (sums, seen)) in self.sums.iter_mut().zip(&mut self.seen).enumerate() {
            if std::mem::take(seen) {
                each(place as u32, std::mem::take(sums).lanes());
            }
        }
    }
}

/// An open table of places in the columns `codes` and `sums`.
pub(super) struct Hashed<L> {
    /// One more than the place; 0 where there is none. A power of two of them, at most half full.
    places: Vec<u32>,
    codes: Vec<L>,
    sums: Vec<Four>,
    /// Bits of the hash that are the same in the whole partition.
    spent: u32,
    /// Of a code, below the partition's number.
    mask: u128,
}

impl<L: Code> Hashed<L> {
    #[inline(always)]
    fn slot(&self, code: L) -> usize {
        (code.mixed() << self.spent >> (u64::BITS - self.places.len().trailing_zeros())) as usize
    }

    /// Where the sums of a code are.
    #[inline(always)]
    fn place(&mut self, code: L) -> usize {
        let last = self.places.len() - 1;
        let mut slot = self.slot(code);
        loop {
            match self.places[slot] {
                0 => return self.settle(code, slot),
                place if self.codes[place as usize - 1] == code => return place as usize - 1,
                _ => slot = (slot + 1) & last,
            }
        }
    }

    #[inline(never)]
    fn settle(&mut self, code: L, slot: usize) -> usize {
        self.codes.push(code);
        self.sums.push(Four::default());
        self.places[slot] = self.codes.len() as u32;
        if self.codes.len() * 2 > self.places.len() {
            self.grow();
        }
        self.codes.len() - 1
    }

    fn grow(&mut self) {
        let wider = self.places.len() * 4;
        self.places.clear();
        self.places.resize(wider, 0);
        for (place, code) in self.codes.iter().enumerate() {
            let mut slot = self.slot(*code);
            while self.places[slot] != 0 {
                slot = (slot + 1) & (wider - 1);
            }
            self.places[slot] = place as u32 + 1;
        }
    }
}

impl<L: Code> Slots<L> for Hashed<L> {
    fn new(plan: Plan) -> Hashed<L> {
        Hashed {
            places: vec![0; 1024],
            codes: Vec::new(),
            sums: Vec::new(),
            spent: if plan.hashed { plan.part_bits } else { 0 },
            mask: u128::MAX.checked_shr(u128::BITS - plan.shift).unwrap_or_default(),
        }
    }

    fn add<W: Worth>(&mut self, rows: &[Poured<L, W>], weights: &WeightTable) {
        let mask = L::cut(self.mask);
        for Poured(code, worth) in rows.iter().copied() {
            let place = self.place(code.masked(mask));
            worth.pile(weights, &mut self.sums[place]);
        }
    }

    fn take(&mut self, each: &mut dyn FnMut(L, Lanes)) {
        let mut order: Vec<(L, u32)> = self.codes.iter().copied().zip(0..).collect();
        order.sort_unstable();
        for (code, place) in order {
            each(code, self.sums[place as usize].lanes());
        }
        self.codes.clear();
        self.sums.clear();
        self.places.fill(0);
    }
}
