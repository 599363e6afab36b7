//! The term in which a student entered a level: what some scales go by.

use super::policy::Policy;
use crate::domain::{BalanceOrigin, Date, Level, Problem, StudentRecord, YearMonth};

/// The student's first term at a level. Where a balance stands for older terms, or the record has none, the month in
/// which a programme of the level says that the student was admitted. `None` where neither tells.
pub fn entry_term(record: &StudentRecord, level: &Level) -> Option<YearMonth> {
    let older = |origin| origin == BalanceOrigin::Institution;
    let older_work = record.balances.iter().any(|balance| balance.level == *level && older(balance.origin));
    let terms = record.terms.iter().filter(|term| term.level == *level).map(|term| term.designator);
    let first = terms.min().filter(|_| !older_work);
    let programs = record.programs.iter().filter(|program| program.level.as_ref() == Some(level));
    let admitted = programs.filter_map(|program| program.admitted);
    first.or_else(|| admitted.map(Date::year_month).min())
}

impl Policy {
    /// The policy of this student at a level. A scale that goes by an entry which nothing tells is refused.
    pub fn for_student(&self, record: &StudentRecord, level: &Level) -> Result<Policy, Problem> {
        self.version_for(record, level).cloned()
    }

    /// The same, not copied.
    pub fn version_for(&self, record: &StudentRecord, level: &Level) -> Result<&Policy, Problem> {
        if !self.goes_by_entry(Some(level)) {
            return Ok(self);
        }
        let unknown = || {
            let message = "does not say when the student entered the level, and the policy's scale goes by that: give \
                           the programme of the level the day of admission";
            Problem::new("entry-term-unknown", "programs", message)
        };
        let term = entry_term(record, level).ok_or_else(unknown)?;
        Ok(self.version_entered_at(Some(level), term))
    }
}
