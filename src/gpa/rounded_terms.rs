//! A cumulative GPA from the printed GPAs of the terms, weighted by their GPA hours.

use super::evaluation::{CreditSummary, Gpa};
use super::policy::InForce;
use crate::domain::{Credits, Ratio};

/// Terms so far: the printed GPAs times their hours, and the hours.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RoundedTerms {
    /// In billionths of millionths.
    points: i128,
    /// In millionths.
    hours: i128,
}

impl RoundedTerms {
    /// One term as printed; without GPA hours it adds nothing.
    pub fn add(&mut self, term: &CreditSummary) {
        if let Some(gpa) = term.gpa {
            self.add_gpa(gpa, term.gpa_hours);
        }
    }

    pub fn add_gpa(&mut self, gpa: Gpa, hours: Credits) {
        self.add_printed(gpa.displayed.nano(), hours.decimal().micro());
    }

    /// A printed GPA in billionths, hours in millionths.
    pub fn add_printed(&mut self, nano: i64, hours: i64) {
        self.points += i128::from(nano) * i128::from(hours);
        self.hours += i128::from(hours);
    }

    /// `Some(None)` without GPA hours; `None` where it cannot be printed.
    pub fn gpa(&self, rules: &InForce) -> Option<Option<Gpa>> {
        let Some(exact) = Ratio::new(self.points, self.hours.checked_mul(1_000_000_000)?) else { return Some(None) };
        let exact = exact.reduced();
        Some(Some(Gpa { exact, displayed: rules.rounding.apply(exact)? }))
    }
}
