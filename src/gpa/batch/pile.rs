//! Four sums of 64 bits side by side, to which a number times four weights is added.

use super::worth::Lanes;

#[cfg(target_arch = "x86_64")]
mod machine {
    use super::Lanes;
    use std::arch::x86_64::{
        __m128i, _mm_add_epi64, _mm_cvtsi128_si64, _mm_mul_epu32, _mm_set_epi64x, _mm_set1_epi64x, _mm_unpackhi_epi64,
    };

    /// Every x86-64 has these registers of two lanes; the compiler on its own multiplies lane by lane.
    #[derive(Clone, Copy, Debug)]
    pub struct Four([__m128i; 2]);

    impl Four {
        #[inline(always)]
        pub fn of(lanes: Lanes) -> Four {
            let [a, b, c, d] = lanes.map(u64::cast_signed);
            // SAFETY: these need SSE2 and nothing else: it is part of x86-64 itself.
            unsafe { Four([_mm_set_epi64x(b, a), _mm_set_epi64x(d, c)]) }
        }

        #[inline(always)]
        pub fn lanes(self) -> Lanes {
            let [first, second] = self.0;
            // SAFETY: as in `of`.
            let pair = |pair| unsafe { [_mm_cvtsi128_si64(pair), _mm_cvtsi128_si64(_mm_unpackhi_epi64(pair, pair))] };
            let ([a, b], [c, d]) = (pair(first), pair(second));
            [a, b, c, d].map(i64::cast_unsigned)
        }

        /// Of the weights, the lower 32 bits count. Sums wrap.
        #[inline(always)]
        pub fn add(&mut self, weights: &Four, times: u32) {
            // SAFETY: as in `of`.
            unsafe {
                let times = _mm_set1_epi64x(i64::from(times));
                self.0[0] = _mm_add_epi64(self.0[0], _mm_mul_epu32(weights.0[0], times));
                self.0[1] = _mm_add_epi64(self.0[1], _mm_mul_epu32(weights.0[1], times));
            }
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
mod machine {
    use super::Lanes;

    #[derive(Clone, Copy, Debug)]
    pub struct Four(Lanes);

    impl Four {
        #[inline(always)]
        pub fn of(lanes: Lanes) -> Four {
            Four(lanes)
        }

        #[inline(always)]
        pub fn lanes(self) -> Lanes {
            self.0
        }

        /// Of the weights, the lower 32 bits count. Sums wrap.
        #[inline(always)]
        pub fn add(&mut self, weights: &Four, times: u32) {
            for (sum, weight) in self.0.iter_mut().zip(weights.0) {
                *sum = sum.wrapping_add((weight & 0xffff_ffff).wrapping_mul(u64::from(times)));
            }
        }
    }
}

pub(super) use machine::Four;

impl Default for Four {
    fn default() -> Four {
        Four::of(Lanes::default())
    }
}

impl Four {
    /// Sums wrap.
    #[inline(always)]
    pub fn plus(self, more: Lanes) -> Four {
        let lanes = self.lanes();
        Four::of(std::array::from_fn(|lane| lanes[lane].wrapping_add(more[lane])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn lanes_add_as_plain_numbers_do(
            start: Lanes, weights in proptest::array::uniform4(0u64..1 << 32), times: u32, more: Lanes,
        ) {
            let mut sums = Four::of(start);
            sums.add(&Four::of(weights), times);
            let expected: Lanes =
                std::array::from_fn(|lane| start[lane].wrapping_add(weights[lane].wrapping_mul(u64::from(times))));
            proptest::prop_assert_eq!(sums.lanes(), expected);
            let expected: Lanes = std::array::from_fn(|lane| expected[lane].wrapping_add(more[lane]));
            proptest::prop_assert_eq!(sums.plus(more).lanes(), expected);
        }
    }
}
