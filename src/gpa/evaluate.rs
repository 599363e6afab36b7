//! Judges a whole record: every level apart, every problem listed.

use super::evaluation::Evaluation;
use super::level_judge::LevelJudge;
use super::policy::Policy;
use crate::domain::{Error, Level, StudentRecord, TotalsAuthority};

/// The totals of a record by a policy. Totals that the record itself states are handed on, not recomputed.
pub fn evaluate(record: &StudentRecord, policy: &Policy) -> Result<Evaluation, Error> {
    if record.totals == TotalsAuthority::Stated {
        return Ok(Evaluation::Stated { summaries: record.stated.clone() });
    }
    let mut judged = Vec::new();
    let mut problems = Vec::new();
    for level in levels(record) {
        match LevelJudge::new(record, policy, level).judge() {
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
