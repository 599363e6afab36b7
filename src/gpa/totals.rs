//! Exact running totals, and the summary that is printed from them.

use super::evaluation::{AttemptEvaluation, CreditSummary, Gpa};
use super::policy::InForce;
use crate::domain::{Credits, QualityPoints};

/// Sums of attempts, exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Totals {
    pub attempted: Credits,
    pub earned: Credits,
    pub gpa_hours: Credits,
    pub quality_points: QualityPoints,
}

impl Totals {
    pub const ZERO: Totals = Totals {
        attempted: Credits::ZERO,
        earned: Credits::ZERO,
        gpa_hours: Credits::ZERO,
        quality_points: QualityPoints::ZERO,
    };

    /// What one attempt adds.
    pub fn of(attempt: &AttemptEvaluation) -> Totals {
        Totals {
            attempted: attempt.credits_attempted,
            earned: attempt.credits_earned,
            gpa_hours: attempt.gpa_hours,
            quality_points: attempt
                .points
                .map_or(QualityPoints::ZERO, |points| QualityPoints::of(attempt.gpa_hours, points)),
        }
    }

    /// `None` when the credits pass the limit of what a record can hold.
    pub fn plus(self, other: Totals) -> Option<Totals> {
        Some(Totals {
            attempted: self.attempted.checked_add(other.attempted)?,
            earned: self.earned.checked_add(other.earned)?,
            gpa_hours: self.gpa_hours.checked_add(other.gpa_hours)?,
            quality_points: self.quality_points + other.quality_points,
        })
    }

    /// The four totals as a page prints them; the GPA is absent when there are no GPA hours.
    pub fn summary(self, rules: &InForce) -> Option<CreditSummary> {
        let gpa = match self.quality_points.per(self.gpa_hours) {
            None => None,
            Some(exact) => Some(Gpa { exact: exact.reduced(), displayed: rules.rounding.apply(exact)? }),
        };
        Some(CreditSummary {
            credits_attempted: self.attempted,
            credits_earned: self.earned,
            gpa_hours: self.gpa_hours,
            quality_points: self.quality_points,
            quality_points_displayed: rules.quality_points.apply(self.quality_points.ratio())?,
            gpa,
        })
    }
}
