//! Credits as printed: one number of places throughout a document, enough for every one of them to be exact.

use super::Composer;
use crate::document::content::Words;
use crate::domain::{Credits, Decimal, StudentRecord};
use crate::gpa::{AttemptEvaluation, CreditSummary, Evaluation};

impl Composer<'_> {
    pub(in crate::document) fn credits(&self, credits: Credits) -> Words<'static> {
        credits.decimal().with_places(self.places).text()
    }
}

/// A number with the places it has; nothing where there is none.
pub(super) fn number(value: Option<Decimal>) -> Words<'static> {
    value.map(Decimal::text).unwrap_or_default()
}

/// The places that every computed credit of the document needs, and at least as many as the theme wants.
pub(super) fn uniform_places(record: &StudentRecord, evaluation: &Evaluation, least: u8) -> u8 {
    let Evaluation::Computed { levels, .. } = evaluation else { return least };
    let terms = levels.iter().flat_map(|level| &level.terms);
    let transfers = levels.iter().flat_map(|level| &level.transfers);
    let judged = terms.clone().flat_map(|term| &term.attempts).chain(transfers.clone().flat_map(|t| &t.attempts));
    let summaries = (terms.flat_map(|term| [&term.term, &term.cumulative]))
        .chain(transfers.map(|transfer| &transfer.total))
        .chain(levels.iter().flat_map(|level| [&level.institution, &level.transfer, &level.overall]))
        .chain(levels.iter().flat_map(|level| &level.variants).map(|variant| &variant.summary));
    let balances = record.balances.iter().flat_map(|b| [b.credits_attempted, b.credits_earned, b.gpa_hours]);
    let all = balances.chain(judged.flat_map(of_attempt)).chain(summaries.flat_map(of_summary));
    all.map(|credits| needed(credits.decimal(), least)).max().unwrap_or(least)
}

fn of_attempt(attempt: &AttemptEvaluation) -> [Credits; 3] {
    [attempt.credits, attempt.credits_attempted, attempt.credits_earned]
}

fn of_summary(summary: &CreditSummary) -> [Credits; 4] {
    [summary.credits_attempted, summary.credits_passed, summary.credits_earned, summary.gpa_hours]
}

fn needed(value: Decimal, least: u8) -> u8 {
    value.with_places(least).places()
}
