//! Judges a whole record: every level apart, every problem listed.

use super::evaluation::{Evaluation, LevelEvaluation};
use super::level_judge::{LevelJudge, Work};
use super::outcomes::OutcomeJudge;
use super::policy::Policy;
use super::repeats::Changes;
use crate::domain::{Error, Level, Problem, StudentRecord, TotalsAuthority, YearMonth};

/// A bound on the work that a hostile record can cause: a level is judged again for each award.
const MOST_AWARDS: usize = 100;

/// The totals of a record by a policy. Totals that the record itself states are handed on, not recomputed.
pub fn evaluate(record: &StudentRecord, policy: &Policy) -> Result<Evaluation, Error> {
    if record.totals == TotalsAuthority::Stated {
        return Ok(Evaluation::Stated { summaries: record.stated.clone() });
    }
    let mut judged = Vec::new();
    let mut problems = stated_beside_policy(record);
    for level in levels(record) {
        let policy = match policy.version_for(record, level) {
            Ok(policy) => policy,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        match judge(record, policy, level) {
            Ok(evaluation) => judged.push(evaluation),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        Ok(Evaluation::Computed { levels: judged, policy: policy.name().to_owned() })
    } else {
        Err(Error::MalformedRecord(problems))
    }
}

/// The totals of one level; then standing and honours, which are rules about them.
fn judge(record: &StudentRecord, policy: &Policy, level: &Level) -> Result<LevelEvaluation, Vec<Problem>> {
    let mut evaluation = LevelJudge::new(Work::of(record), policy, level, None).judge()?;
    let outcomes = OutcomeJudge { record, policy };
    outcomes.terms(&mut evaluation, as_it_went(record, policy, level)?.as_ref());
    if policy.rules(Some(level)).degree_honors.is_some() {
        let only = levels(record).len() == 1;
        if record.awards.len() > MOST_AWARDS {
            return Err(vec![Problem::new("too-many-awards", "awards", "are more than 100, too many to be judged")]);
        }
        for (index, award) in record.awards.iter().enumerate() {
            let of_level = award.level.as_ref().map_or(only, |of| of == level);
            let Some(conferred) = award.conferred.filter(|_| of_level) else { continue };
            // Of a balance that reaches past the day nobody can tell what was there on it: nothing is decided.
            if balances_of(record, level).any(|through| through > conferred.year_month()) {
                continue;
            }
            let at_conferral = LevelJudge::new(Work::of(record), policy, level, Some(conferred)).judge()?;
            outcomes.award(index, award, &at_conferral, &mut evaluation);
        }
    }
    let refusals = outcomes.refusals(&evaluation);
    if refusals.is_empty() { Ok(evaluation) } else { Err(refusals) }
}

/// The last months of the level's balances.
fn balances_of<'a>(record: &'a StudentRecord, level: &'a Level) -> impl Iterator<Item = YearMonth> + 'a {
    record.balances.iter().filter(move |balance| balance.level == *level).filter_map(|balance| balance.through)
}

/// The level with every term as it stood when it ended, where rules ask and a later repeat may have changed it: a
/// standing is of its time.
fn as_it_went(record: &StudentRecord, policy: &Policy, level: &Level) -> Result<Option<LevelEvaluation>, Vec<Problem>> {
    let rules = policy.rules(Some(level));
    let asked = rules.standing.is_some() || rules.term_honors.is_some();
    let changing = rules.repeats.as_ref().is_some_and(|repeats| repeats.changes == Changes::OriginalTerm);
    (asked && changing)
        .then(|| LevelJudge::new(Work::of(record), policy, level, None).term_by_term().judge())
        .transpose()
}

/// Totals that somebody states are never dropped in silence: where the policy computes totals, there may be none.
fn stated_beside_policy(record: &StudentRecord) -> Vec<Problem> {
    let of_terms = record.terms.iter().enumerate().filter(|(_, term)| !term.stated.is_empty());
    let places = of_terms.map(|(index, _)| format!("terms[{index}].stated"));
    let of_record = (!record.stated.is_empty()).then(|| "stated".to_owned());
    let message = "holds stated totals, but the record's totals are by policy; leave them out or set totals to stated";
    places.chain(of_record).map(|place| Problem::new("stated-totals-unused", place, message)).collect()
}

/// The levels with work, in the order in which the record first names them.
pub(super) fn levels(record: &StudentRecord) -> Vec<&Level> {
    let terms = record.terms.iter().map(|term| &term.level);
    let transfers = record.transfers.iter().map(|block| &block.level);
    let balances = record.balances.iter().map(|balance| &balance.level);
    let mut levels: Vec<&Level> = Vec::new();
    for level in terms.chain(transfers).chain(balances) {
        if !levels.contains(&level) {
            levels.push(level);
        }
    }
    levels
}
