//! The pause before a question is repeated: exponential, with full jitter, so that a crowd does not come back as one.

use super::manners::Repetition;
use std::time::Duration;

/// After so many tries (from 1): an even draw from 0 to the bound.
pub fn pause(again: &Repetition, tries: u32, random: &mut fastrand::Rng) -> Duration {
    let bound = bound(again, tries).as_micros();
    let bound = u64::try_from(bound).unwrap_or(u64::MAX);
    Duration::from_micros(random.u64(0..=bound))
}

/// `pause` × 2^(tries - 1), at most the longest.
fn bound(again: &Repetition, tries: u32) -> Duration {
    let factor = 1_u32.checked_shl(tries.saturating_sub(1)).unwrap_or(u32::MAX);
    again.pause.saturating_mul(factor).min(again.longest_pause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_double_up_to_the_longest() {
        let again = Repetition::default();
        let millis: Vec<_> = (1..=9).map(|tries| bound(&again, tries).as_millis()).collect();
        assert_eq!(millis, [200, 400, 800, 1_600, 3_200, 6_400, 12_800, 20_000, 20_000]);
        assert_eq!(bound(&again, u32::MAX), again.longest_pause);
    }

    #[test]
    fn jitter_is_full_and_even() {
        let again = Repetition::default();
        let mut random = fastrand::Rng::with_seed(7);
        for tries in 1..=8 {
            let bound = bound(&again, tries);
            let mut quarters = [0; 4];
            for _ in 0..4_000 {
                let drawn = pause(&again, tries, &mut random);
                assert!(drawn <= bound);
                quarters[(drawn.as_micros() * 4 / (bound.as_micros() + 1)) as usize] += 1;
            }
            assert!(quarters.iter().all(|count| (800..1_200).contains(count)), "{quarters:?}");
        }
    }
}
