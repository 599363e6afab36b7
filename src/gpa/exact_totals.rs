//! Exact running totals of one level, in one unit whatever units its courses have.

use super::evaluation::{AttemptEvaluation, CreditSummary, Gpa};
use super::policy::InForce;
use crate::domain::{Balance, Credits, QualityPoints, Ratio};

/// Sums of attempts. Credits converted from another unit need not be decimals, so that all are ratios.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ExactTotals {
    pub attempted: Ratio,
    pub passed: Ratio,
    pub earned: Ratio,
    pub gpa_hours: Ratio,
    pub quality_points: Ratio,
    /// As many as any of the credits was written with.
    places: u8,
    /// Whether any of the credits came from another unit.
    converted: bool,
}

/// Whether grades that a repeat takes out of the GPA count in a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Forgiven {
    Excluded,
    Counted,
}

impl ExactTotals {
    pub const ZERO: ExactTotals = {
        let zero = Credits::ZERO.ratio();
        let none = QualityPoints::ZERO.ratio();
        ExactTotals {
            attempted: zero,
            passed: zero,
            earned: zero,
            gpa_hours: zero,
            quality_points: none,
            places: 0,
            converted: false,
        }
    };

    /// What one attempt adds. `None` for credits that cannot be converted or held.
    pub fn of(attempt: &AttemptEvaluation, rules: &InForce, forgiven: Forgiven) -> Option<ExactTotals> {
        let gpa_hours = match forgiven {
            Forgiven::Counted if attempt.points.is_some() => attempt.credits,
            _ => attempt.gpa_hours,
        };
        let quality_points = attempt.points.map_or(QualityPoints::ZERO, |points| QualityPoints::of(gpa_hours, points));
        let totals = ExactTotals {
            attempted: attempt.credits_attempted.ratio(),
            passed: attempt.credits_passed.ratio(),
            earned: attempt.credits_earned.ratio(),
            gpa_hours: gpa_hours.ratio(),
            quality_points: quality_points.ratio(),
            places: attempt.credits.decimal().places(),
            converted: false,
        };
        match rules.conversion {
            Some(conversion) if attempt.unit != conversion.print() => totals.times(conversion.factor(attempt.unit)?),
            _ => Some(totals),
        }
    }

    /// Hours and points without courses, in the unit of the totals. What was earned was passed.
    pub fn of_balance(balance: &Balance, in_gpa: bool) -> ExactTotals {
        let (hours, points) = (balance.gpa_hours, QualityPoints::stated(balance.quality_points));
        let (hours, points) = if in_gpa { (hours, points) } else { (Credits::ZERO, QualityPoints::ZERO) };
        ExactTotals {
            attempted: balance.credits_attempted.ratio(),
            passed: balance.credits_earned.ratio(),
            earned: balance.credits_earned.ratio(),
            gpa_hours: hours.ratio(),
            quality_points: points.ratio(),
            places: balance.credits_attempted.decimal().places(),
            converted: false,
        }
    }

    /// `None` beyond 128 bits.
    pub fn plus(self, other: ExactTotals) -> Option<ExactTotals> {
        Some(ExactTotals {
            attempted: self.attempted.checked_add(other.attempted)?,
            passed: self.passed.checked_add(other.passed)?,
            earned: self.earned.checked_add(other.earned)?,
            gpa_hours: self.gpa_hours.checked_add(other.gpa_hours)?,
            quality_points: self.quality_points.checked_add(other.quality_points)?,
            places: self.places.max(other.places),
            converted: self.converted || other.converted,
        })
    }

    fn times(self, factor: Ratio) -> Option<ExactTotals> {
        Some(ExactTotals {
            attempted: self.attempted.checked_mul(factor)?,
            passed: self.passed.checked_mul(factor)?,
            earned: self.earned.checked_mul(factor)?,
            gpa_hours: self.gpa_hours.checked_mul(factor)?,
            quality_points: self.quality_points.checked_mul(factor)?,
            places: self.places,
            converted: true,
        })
    }

    /// The totals as a page prints them; `None` beyond what can be printed.
    pub fn summary(self, rules: &InForce) -> Option<CreditSummary> {
        let credits = |sum: Ratio| {
            let exact = Credits::exactly(sum, self.places);
            match rules.conversion.filter(|_| self.converted) {
                // Where rounding changes nothing, the credits stay as they were written.
                Some(conversion) => {
                    conversion.rounded(sum).map(|rounded| exact.filter(|e| *e == rounded).unwrap_or(rounded))
                }
                None => exact,
            }
        };
        let gpa = match self.quality_points.checked_div(self.gpa_hours) {
            None if self.gpa_hours.numerator() == 0 => None,
            exact => Some(Gpa { exact: exact?, displayed: rules.rounding.apply(exact?)? }),
        };
        Some(CreditSummary {
            credits_attempted: credits(self.attempted)?,
            credits_passed: credits(self.passed)?,
            credits_earned: credits(self.earned)?,
            gpa_hours: credits(self.gpa_hours)?,
            gpa_hours_exact: self.gpa_hours,
            quality_points: self.quality_points,
            quality_points_displayed: rules.quality_points.apply(self.quality_points)?,
            gpa,
        })
    }
}
