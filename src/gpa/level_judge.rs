//! Judges the terms, transfers and balances of one level.

use super::evaluation::{AttemptEvaluation, CreditSummary, LevelEvaluation, TermEvaluation, TransferEvaluation};
use super::judge;
use super::level_repeats::{self, Decided, Judged};
use super::policy::{InForce, Policy};
use super::repeat_results::{self, Naming};
use super::totals::Totals;
use crate::domain::{
    Attempt, Balance, BalanceOrigin, CreditUnit, Credits, Level, Problem, QualityPoints, StudentRecord, Term,
    TransferBlock, YearMonth,
};

/// The work of a student that totals are made of: a whole record's, or what a table says of it.
#[derive(Clone, Copy)]
pub(super) struct Work<'a> {
    pub terms: &'a [Term],
    pub transfers: &'a [TransferBlock],
    pub balances: &'a [Balance],
    /// What a course is called where repeats are looked for; `None`: it is never one.
    pub naming: Naming,
}

impl<'a> Work<'a> {
    pub fn of(record: &'a StudentRecord) -> Work<'a> {
        let naming = repeat_results::subject_and_number;
        Work { terms: &record.terms, transfers: &record.transfers, balances: &record.balances, naming }
    }
}

pub(super) struct LevelJudge<'a> {
    record: Work<'a>,
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
    pub fn new(record: Work<'a>, policy: &'a Policy, level: &'a Level) -> LevelJudge<'a> {
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
        let (terms, transfers, decided) = self.decide();
        let (terms, coursework) = self.sum_terms(&terms, &decided, &institution_balances);
        let (transfers, transferred) = self.sum_transfers(&transfers, &decided);
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

    /// Every attempt for itself, and then what repeats do to them. Where an attempt is refused there is nothing to
    /// decide: the record is refused.
    fn decide(&mut self) -> (Vec<Judged<'a>>, Vec<Judged<'a>>, Decided) {
        let (mut next_key, naming) = (0, self.record.naming);
        let (mut terms, mut transfers) = (Vec::new(), Vec::new());
        for index in self.terms.clone() {
            let term = &self.record.terms[index];
            let rules = self.in_force(Some(term.designator));
            let evaluations =
                self.judge_attempts(&term.attempts, &rules, &format!("terms[{index}]"), judge::institution_attempt);
            let (designator, begins, attempts) = (Some(term.designator), term.begins, term.attempts.as_slice());
            terms.push(Judged { index, designator, begins, attempts, rules, naming, evaluations, first_key: next_key });
            next_key += attempts.len();
        }
        for (index, block) in self.record.transfers.iter().enumerate() {
            if block.level != *self.level {
                continue;
            }
            let rules = self.in_force(block.designator.or(self.last));
            let evaluations =
                self.judge_attempts(&block.attempts, &rules, &format!("transfers[{index}]"), judge::transfer_attempt);
            let (designator, begins, attempts) = (block.designator, None, block.attempts.as_slice());
            transfers.push(Judged {
                index,
                designator,
                begins,
                attempts,
                rules,
                naming,
                evaluations,
                first_key: next_key,
            });
            next_key += attempts.len();
        }
        let decided = match &self.policy.rules(Some(self.level)).repeats {
            Some(repeats) if self.problems.is_empty() => level_repeats::decide(repeats, &terms, &transfers),
            _ => Ok(Decided::nothing()),
        };
        let decided = decided.unwrap_or_else(|problems| {
            self.problems.extend(problems);
            Decided::nothing()
        });
        (terms, transfers, decided)
    }

    /// Each term alone and cumulatively, and the sum of them all as it stands in the end.
    fn sum_terms(
        &mut self,
        terms: &[Judged],
        decided: &Decided,
        balances: &[(Option<YearMonth>, Totals)],
    ) -> (Vec<TermEvaluation>, Totals) {
        let mut evaluations = Vec::new();
        let mut so_far = Totals::ZERO;
        for (at, judged) in terms.iter().enumerate() {
            let alone = self.sum(Totals::ZERO, judged.totals(decided.at(at)));
            so_far = if decided.changes_by_term() {
                let through = terms[..=at].iter().flat_map(|judged| judged.totals(decided.at(at)));
                self.sum(Totals::ZERO, through)
            } else {
                self.sum(so_far, [alone])
            };
            // A balance counts from the last term it covers.
            let begun =
                balances.iter().filter(|(through, _)| through.is_none_or(|last| Some(last) <= judged.designator));
            let cumulative = self.sum(so_far, begun.map(|(_, totals)| *totals));
            let summaries = (self.summary(alone, &judged.rules), self.summary(cumulative, &judged.rules));
            if let (Some(term), Some(cumulative)) = summaries {
                let attempts = judged.decided(decided.last());
                evaluations.push(TermEvaluation { term_index: judged.index, attempts, term, cumulative });
            }
        }
        if decided.changes_by_term() {
            so_far = self.sum(Totals::ZERO, terms.iter().flat_map(|judged| judged.totals(decided.last())));
        }
        (evaluations, so_far)
    }

    fn sum_transfers(&mut self, transfers: &[Judged], decided: &Decided) -> (Vec<TransferEvaluation>, Totals) {
        let mut evaluations = Vec::new();
        let mut so_far = Totals::ZERO;
        for judged in transfers {
            let alone = self.sum(Totals::ZERO, judged.totals(decided.last()));
            so_far = self.sum(so_far, [alone]);
            let (transfer_index, attempts) = (judged.index, judged.decided(decided.last()));
            let total = self.summary(alone, &judged.rules);
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
    ) -> Vec<AttemptEvaluation> {
        let mut evaluations = Vec::with_capacity(attempts.len());
        for (index, attempt) in attempts.iter().enumerate() {
            let place = format!("{place}.attempts[{index}]");
            match judge(attempt, rules, &place) {
                Err(problem) => self.problems.push(problem),
                Ok(evaluation) => {
                    if Totals::of(&evaluation) != Totals::ZERO {
                        self.check_unit(attempt.unit, &place);
                    }
                    evaluations.push(evaluation);
                }
            }
        }
        evaluations
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
