//! Explains printed numbers by judging once more and keeping what was compared.

use super::evaluate::evaluate;
use super::evaluation::{CreditSummary, Evaluation, LevelEvaluation, TermEvaluation};
use super::exact_totals::Forgiven;
use super::explain_parts::Parts;
use super::explanation::{
    BalancePart, Explanation, LevelExplanation, NumberExplanation, OutcomeExplanation, Part, PrintedTerm, Selection,
    Span,
};
use super::level_judge::{LevelJudge, Work};
use super::level_totals::LevelWork;
use super::policy::{Cumulative, InForce, Policy};
use super::variants::VariantRule;
use crate::domain::{BalanceOrigin, Error, StudentRecord};

/// Attempts that one explanation tells, each once for every number that it is part of.
const MOST_PARTS: usize = 50_000;

/// The numbers asked for: the attempts counted and left out, the rule for each, and how the number is printed.
pub fn explain(record: &StudentRecord, policy: &Policy, asked: &Selection) -> Result<Explanation, Error> {
    match evaluate(record, policy)? {
        Evaluation::Stated { summaries } => Ok(Explanation::Stated { summaries }),
        Evaluation::Computed { levels, policy: name } => {
            let asked_levels = levels.iter().filter(|level| asked.level.as_ref().is_none_or(|one| *one == level.level));
            let explained = asked_levels.map(|level| {
                let policy = policy.for_student(record, &level.level);
                let policy = policy.map_err(|problem| Error::MalformedRecord(vec![problem]))?;
                LevelExplainer::new(record, &policy, level, asked).explain()
            });
            let levels: Result<Vec<_>, Error> = explained.collect();
            Ok(Explanation::Computed { levels: levels?, policy: name })
        }
    }
}

struct LevelExplainer<'a> {
    record: &'a StudentRecord,
    policy: &'a Policy,
    level: &'a LevelEvaluation,
    asked: &'a Selection,
    work: LevelWork<'a>,
}

impl<'a> LevelExplainer<'a> {
    fn new(
        record: &'a StudentRecord,
        policy: &'a Policy,
        level: &'a LevelEvaluation,
        asked: &'a Selection,
    ) -> LevelExplainer<'a> {
        let work = LevelJudge::new(Work::of(record), policy, &level.level, None).work();
        LevelExplainer { record, policy, level, asked, work }
    }

    /// Every cumulative number tells all attempts before it again.
    fn check_size(&self) -> Result<(), Error> {
        let mut so_far = 0usize;
        let mut told = 0usize;
        for judged in &self.work.terms {
            so_far += judged.attempts.len();
            told += if self.asked.asks(Span::Cumulative, judged.designator) { so_far } else { 0 };
        }
        if told > MOST_PARTS {
            let message =
                "the explanation of all numbers would tell more than 50,000 attempts: ask for a term or a number";
            return Err(Error::configuration(message));
        }
        Ok(())
    }

    fn explain(&self) -> Result<LevelExplanation, Error> {
        self.check_size()?;
        let mut numbers = Vec::new();
        for (at, evaluation) in self.level.terms.iter().enumerate() {
            numbers.extend(self.of_term(at, evaluation));
        }
        numbers.extend(self.transfers());
        let whole = [
            (Span::Institution, self.level.institution),
            (Span::Transfer, self.level.transfer),
            (Span::Overall, self.level.overall),
        ];
        let whole = whole.into_iter().filter(|(span, _)| self.asked.asks(*span, None));
        numbers.extend(whole.map(|(span, summary)| self.whole(span, summary)));
        if self.asked.asks(Span::Variant, None) {
            numbers.extend(self.variants());
        }
        Ok(LevelExplanation {
            level: self.level.level.clone(),
            unit: self.level.unit,
            scale: self.level.scale.clone(),
            numbers,
            outcomes: self.outcomes(),
        })
    }

    fn parts(&self) -> Parts<'_, 'a> {
        let repeats = self.policy.rules(Some(&self.level.level)).repeats.as_ref();
        Parts { work: &self.work, repeats }
    }

    /// A term alone, and all up to and including it.
    fn of_term(&self, at: usize, evaluation: &TermEvaluation) -> Vec<NumberExplanation> {
        let Some(judged) = self.work.terms.get(at) else { return Vec::new() };
        let (decisions, index) = (self.work.decided.at(at), Some(judged.index));
        let mut numbers = Vec::new();
        if self.asked.asks(Span::Term, judged.designator) {
            let parts = self.parts().here(at..at + 1, decisions, Forgiven::Excluded);
            let term = number(Span::Term, evaluation.term, &judged.rules);
            numbers.push(NumberExplanation { index, parts, ..term });
        }
        if self.asked.asks(Span::Cumulative, judged.designator) {
            let parts = self.parts().here(0..at + 1, decisions, Forgiven::Excluded);
            let mut balances = self.balances(BalanceOrigin::Institution, false);
            let through = |part: &BalancePart| self.record.balances.get(part.index).and_then(|one| one.through);
            balances.retain(|part| through(part).is_none_or(|last| Some(last) <= judged.designator));
            let cumulative = number(Span::Cumulative, evaluation.cumulative, &judged.rules);
            let of_terms = self.of_terms(at + 1, &judged.rules);
            numbers.push(NumberExplanation { index, parts, balances, of_terms, ..cumulative });
        }
        numbers
    }

    fn transfers(&self) -> Vec<NumberExplanation> {
        let decisions = self.work.decided.last();
        let blocks = self.work.transfers.iter().zip(&self.level.transfers).enumerate();
        let asked = blocks.filter(|(_, (judged, _))| self.asked.asks(Span::TransferBlock, judged.designator));
        let one = asked.map(|(at, (judged, evaluation))| {
            let parts = self.parts().elsewhere(at..at + 1, false, decisions, Forgiven::Excluded);
            let block = number(Span::TransferBlock, evaluation.total, &judged.rules);
            NumberExplanation { index: Some(judged.index), parts, ..block }
        });
        one.collect()
    }

    fn whole(&self, span: Span, summary: CreditSummary) -> NumberExplanation {
        let (decisions, work) = (self.work.decided.last(), &self.work);
        let (mut parts, mut balances) = (Vec::new(), Vec::new());
        if span != Span::Transfer {
            parts.extend(self.parts().here(0..work.terms.len(), decisions, Forgiven::Excluded));
            balances.extend(self.balances(BalanceOrigin::Institution, false));
        }
        if span != Span::Institution {
            parts.extend(self.parts().elsewhere(0..work.transfers.len(), false, decisions, Forgiven::Excluded));
            balances.extend(self.balances(BalanceOrigin::Transfer, false));
        }
        let of_terms = self.of_terms(work.terms.len(), &work.last).filter(|_| span != Span::Transfer);
        NumberExplanation { parts, balances, of_terms, ..number(span, summary, &work.last) }
    }

    /// The printed GPAs of the first terms, where the policy makes a cumulative GPA of them.
    fn of_terms(&self, terms: usize, rules: &InForce) -> Option<Vec<PrintedTerm>> {
        let printed = self.level.terms.iter().take(terms).filter_map(|term| {
            let (index, gpa_hours) = (term.term_index, term.term.gpa_hours);
            Some(PrintedTerm { index, gpa: term.term.gpa?.displayed, gpa_hours })
        });
        (rules.cumulative == Cumulative::RoundedTerms).then(|| printed.collect())
    }

    /// The GPAs that the policy names, with what has no part in them.
    fn variants(&self) -> Vec<NumberExplanation> {
        let rules = &self.policy.rules(Some(&self.level.level)).variants;
        let asked = rules.iter().filter(|rule| self.asked.variant.as_ref().is_none_or(|name| *name == rule.name));
        let found = asked.filter_map(|rule| {
            let evaluation = self.level.variants.iter().find(|variant| variant.name == rule.name)?;
            let (parts, balances) = self.variant_parts(rule)?;
            let explained = number(Span::Variant, evaluation.summary, &self.work.variant_rules(rule));
            let variant = Some((rule.name.clone(), rule.title.clone()));
            Some(NumberExplanation { parts, balances, variant, ..explained })
        });
        found.collect()
    }

    fn variant_parts(&self, rule: &VariantRule) -> Option<(Vec<Part>, Vec<BalancePart>)> {
        let (reach, parts, work) = (self.work.reach(rule)?, self.parts(), &self.work);
        let decisions = work.decided.last();
        let mut all = parts.earlier(0..reach.from, decisions);
        all.extend(parts.here(reach.from..work.terms.len(), decisions, rule.forgiven));
        let graded = rule.transfer && reach.beyond;
        all.extend(match graded {
            true => parts.elsewhere(0..work.graded_transfers.len(), true, decisions, rule.forgiven),
            false => parts.not_elsewhere(decisions),
        });
        let own = if reach.beyond { self.balances(BalanceOrigin::Institution, false) } else { Vec::new() };
        let brought = if graded { self.balances(BalanceOrigin::Transfer, true) } else { Vec::new() };
        Some((all, own.into_iter().chain(brought).collect()))
    }

    /// The balances of one origin in order of the record, which is that of their totals.
    fn balances(&self, origin: BalanceOrigin, graded: bool) -> Vec<BalancePart> {
        let totals = match origin {
            BalanceOrigin::Institution => &self.work.institution_balances,
            BalanceOrigin::Transfer if graded => &self.work.graded_balances,
            BalanceOrigin::Transfer => &self.work.transfer_balances,
        };
        let all = self.record.balances.iter().enumerate();
        let here = all.filter(|(_, balance)| balance.level == self.level.level && balance.origin == origin);
        here.zip(totals).map(|((index, _), (_, totals))| BalancePart { index, adds: totals.into() }).collect()
    }

    fn outcomes(&self) -> Vec<OutcomeExplanation> {
        let mut outcomes = Vec::new();
        for judged in &self.level.terms {
            let Some(term) = self.record.terms.get(judged.term_index) else { continue };
            let standing = term.standing.iter().cloned().collect();
            let told =
                [(Span::Standing, &judged.standing, standing), (Span::Honors, &judged.honors, term.honors.clone())];
            let told = told.into_iter().filter(|(span, ..)| self.asked.asks(*span, Some(term.designator)));
            outcomes.extend(told.filter_map(|(span, outcome, recorded)| {
                Some(OutcomeExplanation { span, index: judged.term_index, outcome: outcome.clone()?, recorded })
            }));
        }
        let awards = self.level.awards.iter().filter(|_| self.asked.asks(Span::DegreeHonors, None));
        outcomes.extend(awards.filter_map(|judged| {
            let recorded = self.record.awards.get(judged.award_index).map(|award| award.honors.clone());
            let (index, recorded) = (judged.award_index, recorded.unwrap_or_default());
            Some(OutcomeExplanation { span: Span::DegreeHonors, index, outcome: judged.honors.clone()?, recorded })
        }));
        outcomes
    }
}

/// Without its attempts.
fn number(span: Span, summary: CreditSummary, rules: &InForce) -> NumberExplanation {
    NumberExplanation {
        span,
        index: None,
        variant: None,
        parts: Vec::new(),
        balances: Vec::new(),
        of_terms: None,
        summary,
        rounding: rules.rounding,
        quality_points: rules.quality_points,
    }
}
