//! Judges a whole record: every level apart, every problem listed.

use super::evaluation::Evaluation;
use super::level_judge::{LevelJudge, Work};
use super::policy::Policy;
use crate::domain::{Error, Level, Problem, StudentRecord, TotalsAuthority};

/// The totals of a record by a policy. Totals that the record itself states are handed on, not recomputed.
pub fn evaluate(record: &StudentRecord, policy: &Policy) -> Result<Evaluation, Error> {
    if record.totals == TotalsAuthority::Stated {
        return Ok(Evaluation::Stated { summaries: record.stated.clone() });
    }
    let mut judged = Vec::new();
    let mut problems = stated_beside_policy(record);
    for level in levels(record) {
        match LevelJudge::new(Work::of(record), policy, level).judge() {
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

/// Totals that somebody states are never dropped in silence: where the policy computes totals, there may be none.
fn stated_beside_policy(record: &StudentRecord) -> Vec<Problem> {
    let of_terms = record.terms.iter().enumerate().filter(|(_, term)| !term.stated.is_empty());
    let places = of_terms.map(|(index, _)| format!("terms[{index}].stated"));
    let of_record = (!record.stated.is_empty()).then(|| "stated".to_owned());
    let message = "holds stated totals, but the record's totals are by policy; leave them out or set totals to stated";
    places.chain(of_record).map(|place| Problem::new("stated-totals-unused", place, message)).collect()
}

/// The levels with work, in the order in which the record first names them.
fn levels(record: &StudentRecord) -> Vec<&Level> {
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
