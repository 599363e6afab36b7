//! Repeats of one level: the results of its terms and transfers in order, and what is decided when.

use super::evaluation::AttemptEvaluation;
use super::exact_totals::{ExactTotals, Forgiven};
use super::policy::InForce;
use super::repeat_results::{self, Naming};
use super::repeat_timeline::{Decision, Taken, Timeline, in_order};
use super::repeats::{Changes, Repeats};
use crate::domain::{Attempt, Date, Problem, YearMonth};
use std::collections::{BTreeMap, BTreeSet};

/// The attempts of one term or one transfer block, judged each for itself.
pub(super) struct Judged<'a> {
    /// Index of the term or block in the record.
    pub index: usize,
    pub designator: Option<YearMonth>,
    pub begins: Option<Date>,
    pub attempts: &'a [Attempt],
    pub rules: InForce<'a>,
    pub naming: Naming,
    pub evaluations: Vec<AttemptEvaluation>,
    /// The key of its first attempt: every attempt of a level has one of its own.
    pub first_key: usize,
}

/// A bound on the work that a hostile record can cause.
pub(super) const MOST_TERMS: usize = 1_000;

pub(super) type Decisions = BTreeMap<usize, Decision>;

/// What repeats do to every attempt by key: at the end of each term, where that matters, and in the end.
pub(super) struct Decided {
    as_of: Vec<Decisions>,
    last: Decisions,
}

impl Decided {
    /// Nothing is a repeat.
    pub fn nothing() -> Decided {
        Decided { as_of: Vec::new(), last: Decisions::new() }
    }

    /// What the totals printed with a term go by.
    pub fn at(&self, term: usize) -> &Decisions {
        self.as_of.get(term).unwrap_or(&self.last)
    }

    /// Whether what is decided changes from term to term.
    pub fn changes_by_term(&self) -> bool {
        !self.as_of.is_empty()
    }

    pub fn last(&self) -> &Decisions {
        &self.last
    }
}

impl Judged<'_> {
    /// Its attempts as decided.
    pub fn decided(&self, decisions: &Decisions) -> Vec<AttemptEvaluation> {
        let keyed = self.evaluations.iter().cloned().zip(self.first_key..);
        let one = |(mut evaluation, key): (AttemptEvaluation, usize)| {
            if let Some(decision) = decisions.get(&key) {
                repeat_results::apply(&mut evaluation, *decision);
            }
            evaluation
        };
        keyed.map(one).collect()
    }

    /// What its attempts add, as decided. `None` beyond what can be summed.
    pub fn totals(&self, decisions: &Decisions, forgiven: Forgiven) -> Option<ExactTotals> {
        let decided = self.decided(decisions);
        let mut totals = decided.iter().map(|attempt| ExactTotals::of(attempt, &self.rules, forgiven));
        totals.try_fold(ExactTotals::ZERO, |sum, next| sum.plus(next?))
    }
}

/// Decides all repeats of a level. Terms are in order of designator. `as_it_went` asks what was known at the end of each
/// term, where the policy's own pages do not.
pub(super) fn decide(
    repeats: &Repeats,
    as_it_went: bool,
    terms: &[Judged],
    transfers: &[Judged],
) -> Result<Decided, Vec<Problem>> {
    let by_term = as_it_went || repeats.changes == Changes::RepeatTerm;
    let mut taken: Vec<Taken> = terms.iter().flat_map(|term| results(term, term.designator, false)).collect();
    for block in transfers {
        if let Some(term) = block.designator {
            taken.extend(results(block, Some(term), !repeats.rules.at(term).transfer));
        }
    }
    refuse_without_term(repeats, transfers, &taken)?;
    // Without a term it repeats nothing (else it is refused), so that any will do.
    let any_term = terms.last().and_then(|term| term.designator).or(YearMonth::new(9999, 12));
    let undated = transfers.iter().filter(|block| block.designator.is_none());
    taken.extend(undated.flat_map(|block| results(block, any_term, true)));
    if by_term && terms.len() > MOST_TERMS {
        let message = "are more than 1000, too many to say what each printed when it ended";
        return Err(vec![Problem::new("too-many-terms", "terms", message)]);
    }
    let ends = if by_term { terms.iter().filter_map(|term| term.designator).collect() } else { Vec::new() };
    follow(repeats, taken, &ends).map_err(|problem| vec![problem])
}

/// What becomes of results in order of time: at the end of each of these terms, and of all.
pub(super) fn follow(repeats: &Repeats, taken: Vec<Taken>, ends: &[YearMonth]) -> Result<Decided, Problem> {
    let mut taken = in_order(repeats, taken, "terms")?.into_iter().peekable();
    let mut timeline = Timeline::new(repeats);
    let mut as_of = Vec::with_capacity(ends.len());
    for end in ends {
        while let Some(next) = taken.next_if(|next| next.when.0 <= *end) {
            timeline.take(next);
        }
        as_of.push(timeline.decisions());
    }
    taken.for_each(|next| timeline.take(next));
    Ok(Decided { as_of, last: timeline.decisions() })
}

fn results<'a>(judged: &'a Judged, term: Option<YearMonth>, elsewhere: bool) -> impl Iterator<Item = Taken<'a>> {
    let when = term.map(|term| (term, judged.begins));
    let attempts = judged.attempts.iter().zip(&judged.evaluations).zip(judged.first_key..);
    attempts.filter_map(move |((attempt, evaluation), key)| {
        let taken = repeat_results::result(key, when?, attempt, evaluation, &judged.rules, judged.naming)?;
        Some(Taken { elsewhere, ..taken })
    })
}

/// A transferred course that repeats another must say when, or be outside the rules in every term.
fn refuse_without_term(repeats: &Repeats, transfers: &[Judged], taken: &[Taken]) -> Result<(), Vec<Problem>> {
    if repeats.rules.versions().all(|rules| !rules.transfer) {
        return Ok(());
    }
    let known: BTreeSet<&str> = taken.iter().filter_map(|taken| repeats.course(&taken.code)).collect();
    let mut problems = Vec::new();
    for block in transfers.iter().filter(|block| block.designator.is_none()) {
        for (at, attempt) in block.attempts.iter().enumerate() {
            if repeats.course(&attempt.course.code()).is_some_and(|course| known.contains(course)) {
                let place = format!("transfers[{}].attempts[{at}]", block.index);
                let message = "repeats a course, but its block does not say in which term it was earned";
                problems.push(Problem::new("repeat-without-term", place, message));
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}
