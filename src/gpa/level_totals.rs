//! The totals of one level, of all its attempts as decided: by term, cumulative, over all, and the policy's own GPAs.

use super::evaluation::{LevelEvaluation, TermEvaluation, TransferEvaluation, Variant};
use super::exact_totals::{ExactTotals, Forgiven};
use super::level_repeats::{Decided, Judged};
use super::policy::{Cumulative, InForce};
use super::rounded_terms::RoundedTerms;
use super::variants::VariantRule;
use crate::domain::{CreditUnit, Credits, Level, Text, YearMonth};

/// A balance's totals, with the last term that it covers.
pub(super) type BroughtForward = (Option<YearMonth>, ExactTotals);

/// All that counts at a level.
pub(super) struct LevelWork<'a> {
    /// In order of designator.
    pub terms: Vec<Judged<'a>>,
    pub transfers: Vec<Judged<'a>>,
    /// The same blocks with their grades in the GPA, where a variant wants them so.
    pub graded_transfers: Vec<Judged<'a>>,
    pub graded_balances: Vec<BroughtForward>,
    pub decided: Decided,
    pub institution_balances: Vec<BroughtForward>,
    pub transfer_balances: Vec<BroughtForward>,
    /// The rules of the level's last term print what belongs to no term.
    pub last: InForce<'a>,
    pub last_term: Option<YearMonth>,
    pub campus: Option<&'a Text>,
}

/// How far back a GPA of the last credits goes.
pub(super) struct Reach {
    /// The first term that counts.
    pub from: usize,
    /// Whether the terms hold too few credits, so that all else counts, too.
    pub beyond: bool,
}

impl<'a> LevelWork<'a> {
    /// `None` where a sum passes what a record can hold.
    pub fn evaluation(
        &self,
        level: &Level,
        unit: Option<CreditUnit>,
        variants: &[VariantRule],
    ) -> Option<LevelEvaluation> {
        let (terms, coursework) = self.terms()?;
        let (transfers, transferred) = self.transfers()?;
        let institution = plus_balances(coursework, &self.institution_balances)?;
        let transfer = plus_balances(transferred, &self.transfer_balances)?;
        let mut overall = institution.plus(transfer)?.summary(&self.last)?;
        let mut institution = institution.summary(&self.last)?;
        if self.last.cumulative == Cumulative::RoundedTerms {
            // Transferred work enters no such GPA: the policy's reader sees to that.
            institution.gpa = terms.last().and_then(|term| term.cumulative.gpa);
            overall.gpa = institution.gpa;
        }
        Some(LevelEvaluation {
            level: level.clone(),
            unit,
            scale: self.last.scale.name.clone(),
            terms,
            transfers,
            institution,
            transfer: transfer.summary(&self.last)?,
            overall,
            variants: variants.iter().map(|rule| self.variant(rule)).collect::<Option<_>>()?,
            awards: Vec::new(),
            differences: Vec::new(),
        })
    }

    /// Each term alone and cumulatively, and the sum of them all as it stands in the end.
    fn terms(&self) -> Option<(Vec<TermEvaluation>, ExactTotals)> {
        let mut evaluations = Vec::new();
        let mut so_far = ExactTotals::ZERO;
        let mut rounded = RoundedTerms::default();
        for (at, judged) in self.terms.iter().enumerate() {
            let decisions = self.decided.at(at);
            let alone = judged.totals(decisions, Forgiven::Excluded)?;
            so_far = if self.decided.changes_by_term() {
                sum(self.terms[..=at].iter().map(|judged| judged.totals(decisions, Forgiven::Excluded)))?
            } else {
                so_far.plus(alone)?
            };
            // A balance counts from the last term it covers.
            let covered = |through: &Option<YearMonth>| through.is_none_or(|last| Some(last) <= judged.designator);
            let begun = self.institution_balances.iter().filter(|(through, _)| covered(through));
            let cumulative = begun.map(|(_, totals)| *totals).try_fold(so_far, ExactTotals::plus)?;
            let (term, mut cumulative) = (alone.summary(&judged.rules)?, cumulative.summary(&judged.rules)?);
            if judged.rules.cumulative == Cumulative::RoundedTerms {
                rounded.add(&term);
                cumulative.gpa = rounded.gpa(&judged.rules)?;
            }
            evaluations.push(TermEvaluation {
                term_index: judged.index,
                attempts: judged.decided(self.decided.last()),
                term,
                cumulative,
                standing: None,
                honors: None,
            });
        }
        if self.decided.changes_by_term() {
            so_far = sum(self.terms.iter().map(|judged| judged.totals(self.decided.last(), Forgiven::Excluded)))?;
        }
        Some((evaluations, so_far))
    }

    fn transfers(&self) -> Option<(Vec<TransferEvaluation>, ExactTotals)> {
        let mut evaluations = Vec::new();
        let mut so_far = ExactTotals::ZERO;
        for judged in &self.transfers {
            let alone = judged.totals(self.decided.last(), Forgiven::Excluded)?;
            so_far = so_far.plus(alone)?;
            let (transfer_index, attempts) = (judged.index, judged.decided(self.decided.last()));
            evaluations.push(TransferEvaluation { transfer_index, attempts, total: alone.summary(&judged.rules)? });
        }
        Some((evaluations, so_far))
    }

    /// Whole terms from the last one back, until they hold as many GPA hours as the variant asks for.
    pub fn reach(&self, rule: &VariantRule) -> Option<Reach> {
        let Some(enough) = rule.last_credits.map(Credits::ratio) else { return Some(Reach { from: 0, beyond: true }) };
        let mut totals = ExactTotals::ZERO;
        for (at, judged) in self.terms.iter().enumerate().rev() {
            if totals.gpa_hours >= enough {
                return Some(Reach { from: at + 1, beyond: false });
            }
            totals = totals.plus(judged.totals(self.decided.last(), rule.forgiven)?)?;
        }
        Some(Reach { from: 0, beyond: totals.gpa_hours < enough })
    }

    fn variant(&self, rule: &VariantRule) -> Option<Variant> {
        let reach = self.reach(rule)?;
        let terms = self.terms.iter().skip(reach.from);
        let mut totals = sum(terms.map(|judged| judged.totals(self.decided.last(), rule.forgiven)))?;
        if reach.beyond {
            totals = plus_balances(totals, &self.institution_balances)?;
            if rule.transfer {
                let blocks = self.graded_transfers.iter();
                let transferred = sum(blocks.map(|judged| judged.totals(self.decided.last(), rule.forgiven)))?;
                totals = plus_balances(totals.plus(transferred)?, &self.graded_balances)?;
            }
        }
        let rules = self.variant_rules(rule);
        let (name, title, print) = (rule.name.clone(), rule.title.clone(), rule.print);
        Some(Variant { name, title, summary: totals.summary(&rules)?, print })
    }

    /// The rules that print it.
    pub fn variant_rules(&self, rule: &VariantRule) -> InForce<'a> {
        let own = rule.rounding.as_ref().map(|rounding| *rounding.at(self.last_term, self.campus));
        let mut rules = self.last;
        rules.rounding = own.unwrap_or(rules.rounding);
        rules
    }
}

fn sum(totals: impl Iterator<Item = Option<ExactTotals>>) -> Option<ExactTotals> {
    let mut totals = totals;
    totals.try_fold(ExactTotals::ZERO, |sum, next| sum.plus(next?))
}

fn plus_balances(totals: ExactTotals, balances: &[BroughtForward]) -> Option<ExactTotals> {
    balances.iter().map(|(_, balance)| *balance).try_fold(totals, ExactTotals::plus)
}
