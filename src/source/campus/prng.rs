//! The campus's own dice: SplitMix64, so that the same students come out everywhere and always.

/// A small generator of pseudo-random numbers. Not for anything secret.
pub struct Prng(u64);

impl Prng {
    /// Each student has dice of their own: one more student changes no other.
    pub fn of_student(number: u64) -> Prng {
        // Scrambled first: from neighbouring seeds SplitMix64 would run through nearly the same numbers.
        let seed = Prng(0x4C61_726B_7370_7572 ^ number.wrapping_mul(0xD6E8_FEB8_6659_FD93)).next();
        Prng(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// 0 to `bound` - 1; 0 when `bound` is 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u32
    }

    /// `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in so many of a thousand.
    pub fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }

    /// One of the values; `None` when there is none.
    pub fn pick<'a, T>(&mut self, values: &'a [T]) -> Option<&'a T> {
        let index = self.below(u32::try_from(values.len()).unwrap_or(u32::MAX));
        values.get(index as usize)
    }
}
