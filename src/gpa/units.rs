//! Credits of several units in one level: the institution's own factors, exact, and where their results are rounded.

use super::by_campus::ByCampus;
use super::rounding::Rounding;
use crate::domain::{Attempt, CreditUnit, Credits, Problem, Ratio, Text, YearMonth};
use std::fmt::Display;

/// How a policy converts credits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Units {
    /// The unit of all totals.
    pub print: CreditUnit,
    /// What one credit of another unit is worth in it.
    pub factors: Vec<(CreditUnit, Ratio)>,
    pub round: RoundCredits,
    pub rounding: ByCampus<Rounding>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RoundCredits {
    /// The credits of each course; sums are sums of rounded credits.
    Course,
    /// Each sum when it is printed; GPAs are made of the exact sums.
    Sum,
}

/// The conversion in force in a term.
#[derive(Clone, Copy, Debug)]
pub(super) struct Conversion<'a> {
    units: &'a Units,
    rounding: Rounding,
}

impl Units {
    pub fn in_force(&self, term: Option<YearMonth>, campus: Option<&Text>) -> Conversion<'_> {
        let rounding = *self.rounding.at(term, campus);
        Conversion { units: self, rounding }
    }
}

impl Conversion<'_> {
    pub fn print(&self) -> CreditUnit {
        self.units.print
    }

    /// A unit that was not reported is the printed one. `None` for a unit without a factor.
    pub fn factor(&self, unit: CreditUnit) -> Option<Ratio> {
        if unit == self.units.print || unit == CreditUnit::Unreported {
            return Ratio::new(1, 1);
        }
        self.units.factors.iter().find(|(known, _)| *known == unit).map(|(_, factor)| *factor)
    }

    /// Credits of any unit as printed in the unit of the totals; `None` without a factor or beyond what can be held.
    pub fn converted(&self, credits: Credits, unit: CreditUnit) -> Option<Credits> {
        if unit == self.units.print || unit == CreditUnit::Unreported {
            return Some(credits);
        }
        self.rounded(credits.ratio().checked_mul(self.factor(unit)?)?)
    }

    pub fn rounded(&self, credits: Ratio) -> Option<Credits> {
        Credits::new(self.rounding.apply(credits)?)
    }

    /// The attempt as it counts: converted, where the policy converts course by course.
    pub fn attempt(&self, attempt: &Attempt, place: &dyn Display) -> Result<Option<Attempt>, Problem> {
        if self.units.round == RoundCredits::Sum || self.factor(attempt.unit).is_none() {
            return Ok(None);
        }
        let too_large =
            || Problem::new("credits-too-large", format!("{place}.credits"), "are too many to be converted");
        let convert = |credits| self.converted(credits, attempt.unit).ok_or_else(too_large);
        Ok(Some(Attempt {
            credits: convert(attempt.credits)?,
            credits_earned: attempt.credits_earned.map(convert).transpose()?,
            unit: self.units.print,
            ..attempt.clone()
        }))
    }
}
