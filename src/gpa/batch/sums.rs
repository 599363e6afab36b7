//! The four totals of a group, exact, and the GPA that is printed from them.

use super::classes::Weights;
use crate::domain::Ratio;
use crate::domain::decimal::MAX_PLACES;
use crate::gpa::rounding::Rounding;

/// Credits in thousandths; quality points in units of a thousandth times that of the points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub attempted: i128,
    pub earned: i128,
    pub gpa_hours: i128,
    pub quality_points: i128,
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

    pub fn plus(self, other: Sums) -> Sums {
        Sums {
            attempted: self.attempted + other.attempted,
            earned: self.earned + other.earned,
            gpa_hours: self.gpa_hours + other.gpa_hours,
            quality_points: self.quality_points + other.quality_points,
        }
    }

    /// The GPA as printed, in millionths.
    pub fn gpa_micro(&self, point_places: u8, rounding: Rounding) -> Option<i64> {
        let hours = self.gpa_hours.checked_mul(10i128.pow(u32::from(point_places)))?;
        Some(rounding.apply(Ratio::new(self.quality_points, hours)?)?.micro())
    }

    /// The GPA as printed, in units of the rounding's last place; `None` without GPA hours.
    pub fn gpa(&self, point_places: u8, rounding: Rounding) -> Option<i128> {
        let micro = self.gpa_micro(point_places, rounding)?;
        Some(i128::from(micro) / 10i128.pow(u32::from(MAX_PLACES - rounding.places())))
    }
}
