//! A partial record: without the terms whose charges are unpaid, and marked as such.

use super::date::YearMonth;
use super::error::{Error, Problem};
use super::record::{StudentRecord, TotalsAuthority};
use super::text::Text;
use std::collections::BTreeSet;

/// What an institution leaves out and still releases. A record does not say which terms are paid, nor which hold
/// stands for which charge: whoever asks says so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Partial {
    /// Terms that are left out, by their designators; at least one.
    pub unpaid: BTreeSet<YearMonth>,
    /// Codes of the holds that leaving these terms out answers. Any other hold still keeps the transcript back.
    pub holds: BTreeSet<Text>,
}

impl Partial {
    /// The record as far as it is paid. Credit from elsewhere, awards and notes stay.
    pub fn of(&self, record: &StudentRecord) -> Result<StudentRecord, Error> {
        if record.totals == TotalsAuthority::Stated {
            let message = "are stated by their sender for all terms: no term can be left out";
            return Err(Error::Render(vec![Problem::new("stated-totals", "totals", message)]));
        }
        let known: BTreeSet<YearMonth> = record.terms.iter().map(|term| term.designator).collect();
        // A misspelt term would be printed although it is unpaid.
        if self.unpaid.is_empty() || !self.unpaid.is_subset(&known) {
            let message = "have none that begins in a month named as unpaid";
            return Err(Error::Render(vec![Problem::new("unknown-term", "terms", message)]));
        }
        let mut paid = record.clone();
        paid.terms.retain(|term| !self.unpaid.contains(&term.designator));
        paid.holds.retain(|hold| !self.holds.contains(&hold.code));
        paid.partial = true;
        Ok(paid)
    }
}
