//! The attempts of a number, each with what it adds and what decided.

use super::exact_totals::{ExactTotals, Forgiven};
use super::explanation::{Addends, AttemptPlace, Outside, Part};
use super::level_repeats::{Decisions, Judged};
use super::level_totals::LevelWork;
use super::repeat_reasons::Reasons;
use super::repeats::Repeats;
use std::ops::Range;

/// The attempts of a level.
pub(super) struct Parts<'w, 'a> {
    pub work: &'w LevelWork<'a>,
    pub repeats: Option<&'w Repeats>,
}

/// How the attempts of one term or block go into a number.
#[derive(Clone, Copy)]
struct How {
    in_terms: bool,
    forgiven: Forgiven,
    outside: Option<Outside>,
}

impl Parts<'_, '_> {
    /// Of the terms in a range.
    pub fn here(&self, terms: Range<usize>, decisions: &Decisions, forgiven: Forgiven) -> Vec<Part> {
        self.of(self.work.terms.get(terms), decisions, How { in_terms: true, forgiven, outside: None })
    }

    /// Of transfer blocks in a range, with their grades in the GPA or as the policy has it.
    pub fn elsewhere(
        &self,
        blocks: Range<usize>,
        graded: bool,
        decisions: &Decisions,
        forgiven: Forgiven,
    ) -> Vec<Part> {
        let from = if graded { &self.work.graded_transfers } else { &self.work.transfers };
        self.of(from.get(blocks), decisions, How { in_terms: false, forgiven, outside: None })
    }

    /// Of terms before those that count.
    pub fn earlier(&self, terms: Range<usize>, decisions: &Decisions) -> Vec<Part> {
        let how = How { in_terms: true, forgiven: Forgiven::Excluded, outside: Some(Outside::Earlier) };
        self.of(self.work.terms.get(terms), decisions, how)
    }

    /// Of all transfer blocks, where none counts.
    pub fn not_elsewhere(&self, decisions: &Decisions) -> Vec<Part> {
        let how = How { in_terms: false, forgiven: Forgiven::Excluded, outside: Some(Outside::Elsewhere) };
        self.of(Some(&self.work.transfers), decisions, how)
    }

    fn of(&self, judged: Option<&[Judged<'_>]>, decisions: &Decisions, how: How) -> Vec<Part> {
        judged.unwrap_or_default().iter().flat_map(|one| self.of_one(one, decisions, how)).collect()
    }

    fn of_one(&self, judged: &Judged<'_>, decisions: &Decisions, how: How) -> Vec<Part> {
        let reasons = Reasons { repeats: self.repeats, terms: &self.work.terms, transfers: &self.work.transfers };
        let place = if how.in_terms { AttemptPlace::Term } else { AttemptPlace::Transfer };
        let one = |(at, evaluation)| {
            // Sums of what cannot be held were refused before.
            let totals = ExactTotals::of(&evaluation, &judged.rules, how.forgiven).unwrap_or(ExactTotals::ZERO);
            let adds = Addends::from(if how.outside.is_none() { &totals } else { &ExactTotals::ZERO });
            let repeat = decisions.get(&(judged.first_key + at)).map(|decision| reasons.of(decision));
            Part { place: place(judged.index, at), evaluation, adds, outside: how.outside, repeat }
        };
        judged.decided(decisions).into_iter().enumerate().map(one).collect()
    }
}
