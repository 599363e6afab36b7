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
        let hours = i128::from(hours.decimal().micro());
        self.points += i128::from(gpa.displayed.nano()) * hours;
        self.hours += hours;
    }

    /// `Some(None)` without GPA hours; `None` where it cannot be printed.
    pub fn gpa(&self, rules: &InForce) -> Option<Option<Gpa>> {
        let Some(exact) = Ratio::new(self.points, self.hours.checked_mul(1_000_000_000)?) else { return Some(None) };
        let exact = exact.reduced();
        Some(Some(Gpa { exact, displayed: rules.rounding.apply(exact)? }))
    }
}
