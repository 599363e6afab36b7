//! Judges the terms, transfers and balances of one level.

use super::evaluation::{AttemptEvaluation, CreditSummary, LevelEvaluation, TermEvaluation, TransferEvaluation};
use super::judge;
use super::policy::{InForce, Policy};
use super::totals::Totals;
use crate::domain::{
    Attempt, Balance, BalanceOrigin, CreditUnit, Credits, Level, Problem, QualityPoints, StudentRecord, YearMonth,
};

pub(super) struct LevelJudge<'a> {
    record: &'a StudentRecord,
    policy: &'a Policy,
    level: &'a Level,
    /// Terms of this level in order of designator.
    terms: Vec<usize>,
    /// The level's last term: its rules print the totals that belong to no term.
    last: Option<YearMonth>,
    /// The unit of the first credits that counted.
    unit: Option<CreditUnit>,
    problems: Vec<Problem>,
}

impl<'a> LevelJudge<'a> {
    pub fn new(record: &'a StudentRecord, policy: &'a Policy, level: &'a Level) -> LevelJudge<'a> {
        let here = |index: &usize| record.terms[*index].level == *level;
        let mut terms: Vec<usize> = (0..record.terms.len()).filter(here).collect();
        terms.sort_by_key(|index| record.terms[*index].designator);
        let blocks = record.transfers.iter().filter(|block| block.level == *level);
        let balances = record.balances.iter().filter(|balance| balance.level == *level);
        let elsewhere = blocks.filter_map(|block| block.designator).chain(balances.filter_map(|b| b.through)).max();
        let last = terms.last().map(|index| record.terms[*index].designator).or(elsewhere);
        LevelJudge { record, policy, level, terms, last, unit: None, problems: Vec::new() }
    }

    pub fn judge(mut self) -> Result<LevelEvaluation, Vec<Problem>> {
        let last = self.in_force(self.last);
        let institution_balances = self.balances(BalanceOrigin::Institution);
        let transfer_balances = self.balances(BalanceOrigin::Transfer);
        let (terms, coursework) = self.judge_terms(&institution_balances);
        let (transfers, transferred) = self.judge_transfers();
        let institution = self.sum(coursework, institution_balances.iter().map(|(_, totals)| *totals));
        let transfer = self.sum(transferred, transfer_balances.iter().map(|(_, totals)| *totals));
        let overall = self.sum(institution, [transfer]);
        let summaries = [institution, transfer, overall].map(|totals| self.summary(totals, &last));
        match summaries {
            [Some(institution), Some(transfer), Some(overall)] if self.problems.is_empty() => Ok(LevelEvaluation {
                level: self.level.clone(),
                scale: last.scale.name.clone(),
                terms,
                transfers,
                institution,
                transfer,
                overall,
            }),
            _ => Err(self.problems),
        }
    }

    fn in_force(&self, term: Option<YearMonth>) -> InForce<'a> {
        self.policy.in_force(Some(self.level), term)
    }

    /// Each term alone and cumulatively, and the sum of them all.
    fn judge_terms(&mut self, balances: &[(Option<YearMonth>, Totals)]) -> (Vec<TermEvaluation>, Totals) {
        let mut evaluations = Vec::new();
        let mut so_far = Totals::ZERO;
        for term_index in self.terms.clone() {
            let term = &self.record.terms[term_index];
            let rules = self.in_force(Some(term.designator));
            let place = format!("terms[{term_index}]");
            let (attempts, alone) = self.judge_attempts(&term.attempts, &rules, &place, judge::institution_attempt);
            so_far = self.sum(so_far, [alone]);
            // A balance counts from the last term it covers.
            let begun = balances.iter().filter(|(through, _)| through.is_none_or(|last| last <= term.designator));
            let cumulative = self.sum(so_far, begun.map(|(_, totals)| *totals));
            let summaries = (self.summary(alone, &rules), self.summary(cumulative, &rules));
            if let (Some(term), Some(cumulative)) = summaries {
                evaluations.push(TermEvaluation { term_index, attempts, term, cumulative });
            }
        }
        (evaluations, so_far)
    }

    fn judge_transfers(&mut self) -> (Vec<TransferEvaluation>, Totals) {
        let mut evaluations = Vec::new();
        let mut so_far = Totals::ZERO;
        for (transfer_index, block) in self.record.transfers.iter().enumerate() {
            if block.level != *self.level {
                continue;
            }
            let rules = self.in_force(block.designator.or(self.last));
            let place = format!("transfers[{transfer_index}]");
            let (attempts, alone) = self.judge_attempts(&block.attempts, &rules, &place, judge::transfer_attempt);
            so_far = self.sum(so_far, [alone]);
            let total = self.summary(alone, &rules);
            evaluations.extend(total.map(|total| TransferEvaluation { transfer_index, attempts, total }));
        }
        (evaluations, so_far)
    }

    fn judge_attempts(
        &mut self,
        attempts: &[Attempt],
        rules: &InForce,
        place: &str,
        judge: fn(&Attempt, &InForce, &str) -> Result<AttemptEvaluation, Problem>,
    ) -> (Vec<AttemptEvaluation>, Totals) {
        let mut evaluations = Vec::with_capacity(attempts.len());
        let mut totals = Totals::ZERO;
        for (index, attempt) in attempts.iter().enumerate() {
            let place = format!("{place}.attempts[{index}]");
            match judge(attempt, rules, &place) {
                Err(problem) => self.problems.push(problem),
                Ok(evaluation) => {
                    let adds = Totals::of(&evaluation);
                    if adds != Totals::ZERO {
                        self.check_unit(attempt.unit, &place);
                    }
                    totals = self.sum(totals, [adds]);
                    evaluations.push(evaluation);
                }
            }
        }
        (evaluations, totals)
    }

    /// Quarter and semester credits cannot be added. A unit that was not reported goes with any.
    fn check_unit(&mut self, unit: CreditUnit, place: &str) {
        if unit == CreditUnit::Unreported {
            return;
        }
        if unit == CreditUnit::NoCredit {
            let message = "says that the course carries no credit, but its credits count";
            return self.problems.push(Problem::new("credits-without-credit", format!("{place}.unit"), message));
        }
        if *self.unit.get_or_insert(unit) != unit {
            let message = "is in another credit unit than the level's first credits; they cannot be added";
            self.problems.push(Problem::new("mixed-credit-units", format!("{place}.unit"), message));
        }
    }

    /// The balances of one origin, with the term from which each counts.
    fn balances(&mut self, origin: BalanceOrigin) -> Vec<(Option<YearMonth>, Totals)> {
        let mut found = Vec::new();
        for (index, balance) in self.record.balances.iter().enumerate() {
            if balance.level == *self.level && balance.origin == origin {
                let rules = self.in_force(balance.through.or(self.last));
                let in_gpa = origin == BalanceOrigin::Institution || rules.transfer_in_gpa;
                self.check_balance(balance, &format!("balances[{index}].quality_points"));
                found.push((balance.through, balance_totals(balance, in_gpa)));
            }
        }
        found
    }

    fn check_balance(&mut self, balance: &Balance, place: &str) {
        if balance.quality_points.is_negative() {
            self.problems.push(Problem::new("negative-quality-points", place, "is negative"));
        } else if balance.gpa_hours.is_zero() && !balance.quality_points.is_zero() {
            let message = "has quality points but no GPA hours";
            self.problems.push(Problem::new("quality-points-without-hours", place, message));
        }
    }

    fn sum(&mut self, first: Totals, rest: impl IntoIterator<Item = Totals>) -> Totals {
        let sum = rest.into_iter().try_fold(first, Totals::plus);
        sum.unwrap_or_else(|| {
            self.too_large();
            Totals::ZERO
        })
    }

    fn summary(&mut self, totals: Totals, rules: &InForce) -> Option<CreditSummary> {
        let summary = totals.summary(rules);
        if summary.is_none() {
            self.too_large();
        }
        summary
    }

    /// Noted once: every total after it would say the same.
    fn too_large(&mut self) {
        if !self.problems.iter().any(|problem| problem.code == "totals-too-large") {
            let message = "add up to more credits or quality points than a record can hold";
            self.problems.push(Problem::new("totals-too-large", "terms", message));
        }
    }
}

fn balance_totals(balance: &Balance, in_gpa: bool) -> Totals {
    Totals {
        attempted: balance.credits_attempted,
        earned: balance.credits_earned,
        gpa_hours: if in_gpa { balance.gpa_hours } else { Credits::ZERO },
        quality_points: if in_gpa { QualityPoints::stated(balance.quality_points) } else { QualityPoints::ZERO },
    }
}
