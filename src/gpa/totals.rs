//! Exact running totals of decimal credits, and the summary that is printed from them.

use super::evaluation::{CreditSummary, Gpa};
use super::policy::InForce;
use crate::domain::{Credits, QualityPoints};

/// Sums of attempts, exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Totals {
    pub attempted: Credits,
    pub passed: Credits,
    pub earned: Credits,
    pub gpa_hours: Credits,
    pub quality_points: QualityPoints,
}

impl Totals {
    pub const ZERO: Totals = Totals {
        attempted: Credits::ZERO,
        passed: Credits::ZERO,
        earned: Credits::ZERO,
        gpa_hours: Credits::ZERO,
        quality_points: QualityPoints::ZERO,
    };

    /// `None` when the credits pass the limit of what a record can hold.
    pub fn plus(self, other: Totals) -> Option<Totals> {
        Some(Totals {
            attempted: self.attempted.checked_add(other.attempted)?,
            passed: self.passed.checked_add(other.passed)?,
            earned: self.earned.checked_add(other.earned)?,
            gpa_hours: self.gpa_hours.checked_add(other.gpa_hours)?,
            quality_points: self.quality_points + other.quality_points,
        })
    }

    /// The totals as a page prints them; the GPA is absent when there are no GPA hours.
    pub fn summary(self, rules: &InForce) -> Option<CreditSummary> {
        let gpa = match self.quality_points.per(self.gpa_hours) {
            None => None,
            Some(exact) => Some(Gpa { exact: exact.reduced(), displayed: rules.rounding.apply(exact)? }),
        };
        Some(CreditSummary {
            credits_attempted: self.attempted,
            credits_passed: self.passed,
            credits_earned: self.earned,
            gpa_hours: self.gpa_hours,
            gpa_hours_exact: self.gpa_hours.ratio(),
            quality_points: self.quality_points.ratio(),
            quality_points_displayed: rules.quality_points.apply(self.quality_points.ratio())?,
            gpa,
        })
    }
}
