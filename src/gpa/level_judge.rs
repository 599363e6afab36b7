//! Judges the terms, transfers and balances of one level.

use super::evaluation::{AttemptEvaluation, LevelEvaluation};
use super::exact_totals::ExactTotals;
use super::judge;
use super::level_repeats::{self, Decided, Judged};
use super::level_totals::{BroughtForward, LevelWork};
use super::policy::{Cumulative, InForce, Policy};
use super::repeat_results::{self, Naming};
use crate::domain::{
    Attempt, Balance, BalanceOrigin, CreditUnit, Date, Level, Problem, StudentRecord, Term, Text, TransferBlock,
    YearMonth,
};
use std::fmt::{self, Display, Formatter};

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
    transfers: Vec<usize>,
    /// The level's last term: its rules print the totals that belong to no term.
    last: Option<YearMonth>,
    /// The campus of the level's last term, which prints those totals too.
    campus: Option<&'a Text>,
    /// The unit of the totals: the policy's, else that of the first credits that counted.
    unit: Option<CreditUnit>,
    /// Whether each term is judged by the repeats known when it ended, whatever its page shows.
    as_it_went: bool,
    problems: Vec<Problem>,
}

impl<'a> LevelJudge<'a> {
    /// As the record stands on a day: terms and transfers that begin later are left out. Without a day, all of it.
    pub fn new(record: Work<'a>, policy: &'a Policy, level: &'a Level, through: Option<Date>) -> LevelJudge<'a> {
        let begun = |term: Option<YearMonth>| {
            through.is_none_or(|through| term.is_none_or(|term| term <= through.year_month()))
        };
        // A summer term of the month of conferral began after it, where the record says so.
        let later = |begins: Option<Date>| through.zip(begins).is_some_and(|(through, begins)| begins > through);
        let is_term = |index: &usize| {
            let term = &record.terms[*index];
            term.level == *level && begun(Some(term.designator)) && !later(term.begins)
        };
        let is_block = |index: &usize| {
            let block = &record.transfers[*index];
            block.level == *level && begun(block.designator)
        };
        let mut terms: Vec<usize> = (0..record.terms.len()).filter(is_term).collect();
        terms.sort_by_key(|index| record.terms[*index].designator);
        let transfers: Vec<usize> = (0..record.transfers.len()).filter(is_block).collect();
        let blocks = transfers.iter().filter_map(|index| record.transfers[*index].designator);
        let balances = record.balances.iter().filter(|balance| balance.level == *level);
        let elsewhere = blocks.chain(balances.filter_map(|balance| balance.through)).max();
        let last = terms.last().map(|index| record.terms[*index].designator).or(elsewhere);
        let unit = policy.rules(Some(level)).units.as_ref().map(|units| units.print);
        let campus = terms.last().and_then(|index| record.terms[*index].campus.as_ref());
        LevelJudge {
            record,
            policy,
            level,
            terms,
            transfers,
            last,
            campus,
            unit,
            as_it_went: false,
            problems: Vec::new(),
        }
    }

    /// Each term's totals as they stood when it ended: what a later repeat takes out of it is still in them.
    pub fn term_by_term(self) -> LevelJudge<'a> {
        LevelJudge { as_it_went: true, ..self }
    }

    pub fn judge(mut self) -> Result<LevelEvaluation, Vec<Problem>> {
        let variants = &self.policy.rules(Some(self.level)).variants;
        let work = self.work();
        match work.evaluation(self.level, self.unit, variants) {
            _ if !self.problems.is_empty() => Err(self.problems),
            Some(evaluation) => Ok(evaluation),
            None => Err(vec![too_large("terms")]),
        }
    }

    /// All that counts, decided and not yet summed.
    pub fn work(&mut self) -> LevelWork<'a> {
        let variants = &self.policy.rules(Some(self.level)).variants;
        self.check_balances();
        let (terms, transfers, decided) = self.decide();
        let wanted = self.problems.is_empty() && variants.iter().any(|variant| variant.transfer);
        let graded_transfers = if wanted { self.graded_transfers(&transfers) } else { Vec::new() };
        LevelWork {
            terms,
            transfers,
            graded_transfers,
            decided,
            institution_balances: self.balances(BalanceOrigin::Institution, true),
            transfer_balances: self.balances(BalanceOrigin::Transfer, false),
            graded_balances: self.balances(BalanceOrigin::Transfer, true),
            last: self.last_rules(),
            last_term: self.last,
            campus: self.campus,
        }
    }

    /// The rules that print the totals that belong to no term.
    pub fn last_rules(&self) -> InForce<'a> {
        self.in_force(self.last)
    }

    fn in_force(&self, term: Option<YearMonth>) -> InForce<'a> {
        self.policy.in_force_at(Some(self.level), term, self.campus)
    }

    /// Every attempt for itself, and then what repeats do to them. Where an attempt is refused there is nothing to
    /// decide: the record is refused.
    fn decide(&mut self) -> (Vec<Judged<'a>>, Vec<Judged<'a>>, Decided) {
        let (mut next_key, naming) = (0, self.record.naming);
        let (mut terms, mut transfers) = (Vec::new(), Vec::new());
        for index in self.terms.clone() {
            let term = &self.record.terms[index];
            let rules = self.policy.in_force_at(Some(self.level), Some(term.designator), term.campus.as_ref());
            let evaluations =
                self.judge_attempts(&term.attempts, &rules, &format!("terms[{index}]"), judge::institution_attempt);
            let (designator, begins, attempts) = (Some(term.designator), term.begins, term.attempts.as_slice());
            terms.push(Judged { index, designator, begins, attempts, rules, naming, evaluations, first_key: next_key });
            next_key += attempts.len();
        }
        for index in self.transfers.clone() {
            let block = &self.record.transfers[index];
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
            Some(repeats) if self.problems.is_empty() => {
                level_repeats::decide(repeats, self.as_it_went, &terms, &transfers)
            }
            _ => Ok(Decided::nothing()),
        };
        let decided = decided.unwrap_or_else(|problems| {
            self.problems.extend(problems);
            Decided::nothing()
        });
        (terms, transfers, decided)
    }

    /// The blocks once more, with their grades in the GPA.
    fn graded_transfers(&mut self, transfers: &[Judged<'a>]) -> Vec<Judged<'a>> {
        let mut graded = Vec::new();
        for block in transfers {
            let mut rules = block.rules;
            rules.transfer_in_gpa = true;
            let place = format!("transfers[{}]", block.index);
            let evaluations = self.judge_attempts(block.attempts, &rules, &place, judge::transfer_attempt);
            graded.push(Judged { rules, evaluations, ..*block });
        }
        graded
    }

    fn judge_attempts(
        &mut self,
        attempts: &[Attempt],
        rules: &InForce,
        place: &str,
        judge: fn(&Attempt, &InForce, &dyn Display) -> Result<AttemptEvaluation, Problem>,
    ) -> Vec<AttemptEvaluation> {
        let mut evaluations = Vec::with_capacity(attempts.len());
        for (index, attempt) in attempts.iter().enumerate() {
            let place = AttemptPlace { owner: place, index };
            let converted = rules.conversion.map(|conversion| conversion.attempt(attempt, &place)).transpose();
            let counted = converted.map(|converted| converted.flatten());
            match counted.and_then(|counted| judge(counted.as_ref().unwrap_or(attempt), rules, &place)) {
                Err(problem) => self.problems.push(problem),
                Ok(evaluation) => {
                    if counts(&evaluation) {
                        self.check_unit(attempt.unit, rules, &place);
                    }
                    evaluations.push(evaluation);
                }
            }
        }
        evaluations
    }

    /// Quarter and semester credits cannot be added but by a factor of the policy. A unit that was not reported goes
    /// with any.
    fn check_unit(&mut self, unit: CreditUnit, rules: &InForce, place: &dyn Display) {
        if unit == CreditUnit::Unreported {
            return;
        }
        if unit == CreditUnit::NoCredit {
            let message = "says that the course carries no credit, but its credits count";
            return self.problems.push(Problem::new("credits-without-credit", format!("{place}.unit"), message));
        }
        if let Some(conversion) = rules.conversion {
            if conversion.factor(unit).is_none() {
                let message = "is a credit unit for which the policy has no factor";
                self.problems.push(Problem::new("unit-without-factor", format!("{place}.unit"), message));
            }
        } else if *self.unit.get_or_insert(unit) != unit {
            let message = "is in another credit unit than the level's first credits; they cannot be added";
            self.problems.push(Problem::new("mixed-credit-units", format!("{place}.unit"), message));
        }
    }

    /// The balances of one origin, with the term from which each counts.
    fn balances(&self, origin: BalanceOrigin, graded: bool) -> Vec<BroughtForward> {
        let here = |balance: &&Balance| balance.level == *self.level && balance.origin == origin;
        let one = |balance: &Balance| {
            let in_gpa = graded || self.in_force(balance.through.or(self.last)).transfer_in_gpa;
            (balance.through, ExactTotals::of_balance(balance, in_gpa))
        };
        self.record.balances.iter().filter(here).map(one).collect()
    }

    fn check_balances(&mut self) {
        for (index, balance) in self.record.balances.iter().enumerate() {
            let place = format!("balances[{index}].quality_points");
            if balance.level != *self.level {
                continue;
            }
            let rounded = self.policy.cumulative(self.level) == Cumulative::RoundedTerms;
            if rounded && balance.origin == BalanceOrigin::Institution && !balance.gpa_hours.is_zero() {
                let message = "has no terms, but the policy averages the printed GPAs of terms";
                self.problems.push(Problem::new("balance-without-terms", &place, message));
            }
            if balance.quality_points.is_negative() {
                self.problems.push(Problem::new("negative-quality-points", place, "is negative"));
            } else if balance.gpa_hours.is_zero() && !balance.quality_points.is_zero() {
                let message = "has quality points but no GPA hours";
                self.problems.push(Problem::new("quality-points-without-hours", place, message));
            }
        }
    }
}

/// Where an attempt stands in its record: written only for a problem.
struct AttemptPlace<'a> {
    owner: &'a str,
    index: usize,
}

impl Display for AttemptPlace<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}.attempts[{}]", self.owner, self.index)
    }
}

/// What refuses totals beyond what a record can hold.
pub(super) fn too_large(place: &str) -> Problem {
    Problem::new("totals-too-large", place, "add up to more credits or quality points than a record can hold")
}

/// Whether it adds anything to any total.
fn counts(attempt: &AttemptEvaluation) -> bool {
    let AttemptEvaluation { credits_attempted, credits_passed, credits_earned, gpa_hours, .. } = attempt;
    [credits_attempted, credits_passed, credits_earned, gpa_hours].iter().any(|credits| !credits.is_zero())
}
