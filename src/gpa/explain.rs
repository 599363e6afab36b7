//! Explains printed numbers by judging once more and keeping what was compared.

use super::evaluate::evaluate;
use super::evaluation::{CreditSummary, Evaluation, LevelEvaluation};
use super::explanation::{
    AttemptPlace, BalancePart, Explanation, LevelExplanation, NumberExplanation, Part, Selection, Span,
};
use super::level_judge::LevelJudge;
use super::level_repeats::{Decided, Decisions, Judged};
use super::policy::{InForce, Policy};
use super::repeat_reasons::Reasons;
use super::totals::Totals;
use crate::domain::{BalanceOrigin, Error, StudentRecord, YearMonth};

/// The numbers asked for: the attempts counted and left out, the rule for each, and how the number is printed.
pub fn explain(record: &StudentRecord, policy: &Policy, asked: &Selection) -> Result<Explanation, Error> {
    match evaluate(record, policy)? {
        Evaluation::Stated { summaries } => Ok(Explanation::Stated { summaries }),
        Evaluation::Computed { levels, policy: name } => {
            let asked_levels = levels.iter().filter(|level| asked.level.as_ref().is_none_or(|one| *one == level.level));
            let levels = asked_levels.map(|level| LevelExplainer::new(record, policy, level).explain(asked)).collect();
            Ok(Explanation::Computed { levels, policy: name })
        }
    }
}

struct LevelExplainer<'a> {
    policy: &'a Policy,
    level: &'a LevelEvaluation,
    terms: Vec<Judged<'a>>,
    transfers: Vec<Judged<'a>>,
    decided: Decided,
    institution_balances: Vec<(Option<YearMonth>, BalancePart)>,
    transfer_balances: Vec<(Option<YearMonth>, BalancePart)>,
    /// The rules that print the totals that belong to no term.
    last: InForce<'a>,
}

impl<'a> LevelExplainer<'a> {
    fn new(record: &'a StudentRecord, policy: &'a Policy, level: &'a LevelEvaluation) -> LevelExplainer<'a> {
        let mut judge = LevelJudge::new(record, policy, &level.level);
        let last = judge.last_rules();
        let mut balances = |origin| {
            let totals = judge.balances(origin);
            let here = record.balances.iter().enumerate();
            let here = here.filter(|(_, balance)| balance.level == level.level && balance.origin == origin);
            here.zip(totals).map(|((index, _), (through, totals))| (through, balance_part(index, totals))).collect()
        };
        let (institution_balances, transfer_balances) =
            (balances(BalanceOrigin::Institution), balances(BalanceOrigin::Transfer));
        let (terms, transfers, decided) = judge.decide();
        LevelExplainer { policy, level, terms, transfers, decided, institution_balances, transfer_balances, last }
    }

    fn explain(&self, asked: &Selection) -> LevelExplanation {
        let mut numbers = Vec::new();
        for at in 0..self.terms.len() {
            numbers.extend(self.of_term(at, asked));
        }
        for (judged, evaluation) in self.transfers.iter().zip(&self.level.transfers) {
            if asked.asks(Span::TransferBlock, judged.designator) {
                let parts = self.parts([(judged, false)], self.decided.last());
                let span = (Span::TransferBlock, Some(judged.index));
                numbers.push(number(span, parts, Vec::new(), evaluation.total, &judged.rules));
            }
        }
        let whole = [
            (Span::Institution, self.level.institution),
            (Span::Transfer, self.level.transfer),
            (Span::Overall, self.level.overall),
        ];
        let whole = whole.into_iter().filter(|(span, _)| asked.asks(*span, None));
        numbers.extend(whole.map(|(span, summary)| self.whole(span, summary)));
        LevelExplanation { level: self.level.level.clone(), scale: self.level.scale.clone(), numbers }
    }

    /// A term alone, and all up to and including it.
    fn of_term(&self, at: usize, asked: &Selection) -> Vec<NumberExplanation> {
        let (Some(judged), Some(evaluation)) = (self.terms.get(at), self.level.terms.get(at)) else {
            return Vec::new();
        };
        let (decisions, index) = (self.decided.at(at), Some(judged.index));
        let mut numbers = Vec::new();
        if asked.asks(Span::Term, judged.designator) {
            let parts = self.parts([(judged, true)], decisions);
            numbers.push(number((Span::Term, index), parts, Vec::new(), evaluation.term, &judged.rules));
        }
        if asked.asks(Span::Cumulative, judged.designator) {
            let parts = self.parts(self.terms.iter().take(at + 1).map(|term| (term, true)), decisions);
            let begun = self.institution_balances.iter();
            let begun = begun.filter(|(through, _)| through.is_none_or(|last| Some(last) <= judged.designator));
            let balances = begun.map(|(_, balance)| *balance).collect();
            numbers.push(number((Span::Cumulative, index), parts, balances, evaluation.cumulative, &judged.rules));
        }
        numbers
    }

    fn whole(&self, span: Span, summary: CreditSummary) -> NumberExplanation {
        let here = if span == Span::Transfer { &[] } else { self.terms.as_slice() };
        let elsewhere = if span == Span::Institution { &[] } else { self.transfers.as_slice() };
        let here = here.iter().map(|term| (term, true));
        let parts = self.parts(here.chain(elsewhere.iter().map(|block| (block, false))), self.decided.last());
        let own = self.institution_balances.iter().filter(|_| span != Span::Transfer);
        let brought = self.transfer_balances.iter().filter(|_| span != Span::Institution);
        let balances = own.chain(brought).map(|(_, balance)| *balance).collect();
        number((span, None), parts, balances, summary, &self.last)
    }

    /// The attempts of terms (true) and transfer blocks (false) as decided.
    fn parts<'b>(&'b self, judged: impl IntoIterator<Item = (&'b Judged<'a>, bool)>, decisions: &Decisions) -> Vec<Part>
    where
        'a: 'b,
    {
        let repeats = self.policy.rules(Some(&self.level.level)).repeats.as_ref();
        let reasons = Reasons { repeats, terms: &self.terms, transfers: &self.transfers };
        let mut parts = Vec::new();
        for (one, here) in judged {
            for (at, evaluation) in one.decided(decisions).into_iter().enumerate() {
                let place =
                    if here { AttemptPlace::Term(one.index, at) } else { AttemptPlace::Transfer(one.index, at) };
                let repeat = decisions.get(&(one.first_key + at)).map(|decision| reasons.of(decision));
                parts.push(Part { place, evaluation, repeat });
            }
        }
        parts
    }
}

fn number(
    (span, index): (Span, Option<usize>),
    parts: Vec<Part>,
    balances: Vec<BalancePart>,
    summary: CreditSummary,
    rules: &InForce,
) -> NumberExplanation {
    let (rounding, quality_points) = (rules.rounding, rules.quality_points);
    NumberExplanation { span, index, parts, balances, summary, rounding, quality_points }
}

fn balance_part(index: usize, totals: Totals) -> BalancePart {
    BalancePart {
        index,
        credits_attempted: totals.attempted,
        credits_earned: totals.earned,
        gpa_hours: totals.gpa_hours,
        quality_points: totals.quality_points,
    }
}
