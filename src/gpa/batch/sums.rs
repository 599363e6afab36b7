//! The four totals of a group, exact, and the GPA that is printed from them.

use super::classes::Weights;
use crate::domain::Ratio;
use crate::domain::decimal::MAX_PRINTED_PLACES;
use crate::gpa::rounding::{Rounding, RoundingMode};

/// Credits in thousandths; quality points in units of a thousandth times that of the points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub attempted: i128,
    pub earned: i128,
    pub gpa_hours: i128,
    pub quality_points: i128,
}

/// How totals are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writing {
    /// Decimal places of the unit of grade points.
    pub point_places: u8,
    pub rounding: Rounding,
}

impl Sums {
    /// No table has the 2^70 rows that it would take to overflow: a row adds at most 10^16.
    pub fn add(&mut self, credits: u32, weights: Weights) {
        let times = |weight: u32| i128::from(credits) * i128::from(weight);
        self.attempted += times(weights.attempted);
        self.earned += times(weights.earned);
        self.gpa_hours += times(weights.gpa_hours);
        self.quality_points += times(weights.points);
    }

    pub fn joined(self, other: Sums) -> Sums {
        Sums {
            attempted: self.attempted + other.attempted,
            earned: self.earned + other.earned,
            gpa_hours: self.gpa_hours + other.gpa_hours,
            quality_points: self.quality_points + other.quality_points,
        }
    }

    /// The GPA as printed, in units of the rounding's last place; `None` without GPA hours.
    pub fn printed(&self, writing: Writing) -> Option<i128> {
        let hours = self.gpa_hours.checked_mul(10i128.pow(u32::from(writing.point_places)))?;
        let printed = writing.rounding.apply(Ratio::new(self.quality_points, hours)?)?;
        Some(i128::from(printed.nano()) / 10i128.pow(u32::from(MAX_PRINTED_PLACES - writing.rounding.places())))
    }
}

/// Of ten.
fn power(places: u8) -> Option<u64> {
    const POWERS: [u64; 10] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];
    POWERS.get(usize::from(places)).copied()
}

impl Writing {
    /// The printed GPA of quality points and hours above zero, where one division of 64 bits gives it.
    pub fn quick(self, quality_points: u64, gpa_hours: u64) -> Option<u64> {
        let top = quality_points.checked_mul(power(self.rounding.places())?)?;
        let bottom = gpa_hours.checked_mul(power(self.point_places)?)?;
        let (kept, rest) = (top.checked_div(bottom)?, top.checked_rem(bottom)?);
        // Below the half, at it, or above.
        let side = rest.cmp(&(bottom - rest));
        let rises = match self.rounding.mode() {
            RoundingMode::Truncate => false,
            RoundingMode::HalfUp => side.is_ge(),
            RoundingMode::HalfEven => side.is_gt() || (side.is_eq() && kept % 2 == 1),
            RoundingMode::TruncateThenHalfDown { .. } => return None,
        };
        Some(kept + u64::from(rises))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_quick_way_prints_what_the_rounding_does(
            points in 0u64..99_999_999_999,
            hours in 1u64..99_999_999,
            mode in 0usize..3,
            places in 0u8..=6,
        ) {
            let modes = [RoundingMode::Truncate, RoundingMode::HalfUp, RoundingMode::HalfEven];
            // Points of multiples of hours make ties.
            for points in [points, hours * 1000 * (points % 9) + hours * 5 * (points % 200)] {
                let writing = Writing { point_places: 3, rounding: Rounding::new(modes[mode], places).unwrap() };
                let sums = Sums { gpa_hours: hours.into(), quality_points: points.into(), ..Sums::default() };
                let quick = writing.quick(points, hours).map(i128::from);
                proptest::prop_assert!(quick.is_some());
                if let Some(printed) = sums.printed(writing) {
                    proptest::prop_assert_eq!(quick, Some(printed));
                }
            }
        }
    }
}
