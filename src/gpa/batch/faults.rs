//! What can be wrong with a cell, and the list of problems that is made of it.

use super::layout::Role;
use crate::domain::{Error, Problem};
use std::collections::BTreeMap;

/// What is wrong with one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    Missing,
    GradeNotOnScale,
    NotANumber,
    Inexact,
    OutOfRange,
    NotYesOrNo,
    NotATerm,
    NotALevel,
    NotACourse,
    MixedLevels,
    /// The policy's judge refuses the student's attempts as a whole, for the reason of this word.
    Judged(&'static str),
}

impl Fault {
    /// The stable word of it.
    pub const fn code(self) -> &'static str {
        match self {
            Fault::Missing => "missing-value",
            Fault::GradeNotOnScale => "grade-not-on-scale",
            Fault::NotANumber => "not-a-number",
            Fault::Inexact => "inexact-number",
            Fault::OutOfRange => "out-of-range",
            Fault::NotYesOrNo => "not-yes-or-no",
            Fault::NotATerm => "not-a-term",
            Fault::NotALevel => "not-a-level",
            Fault::NotACourse => "not-a-course",
            Fault::MixedLevels => "mixed-levels",
            Fault::Judged(code) => code,
        }
    }

    /// After "1 value" or "2 values".
    const fn words(self, role: Role) -> (&'static str, &'static str) {
        match (self, role) {
            (Fault::Missing, _) => ("is missing", "are missing"),
            (Fault::GradeNotOnScale, _) => ("is not on the scale", "are not on the scale"),
            (Fault::NotANumber, _) => ("is not a number", "are not numbers"),
            (Fault::Inexact, _) => {
                ("is no exact decimal of at most three places", "are no exact decimals of at most three places")
            }
            (Fault::OutOfRange, Role::Points) => ("is not between 0 and 1000", "are not between 0 and 1000"),
            (Fault::OutOfRange, _) => ("is not between 0 and 9999.999", "are not between 0 and 9999.999"),
            (Fault::NotYesOrNo, _) => ("is neither 0 nor 1", "are neither 0 nor 1"),
            (Fault::NotATerm, _) => (
                "is no year and month (2004-09 or 200409), by which the policy's rules changed",
                "are no years and months (2004-09 or 200409), by which the policy's rules changed",
            ),
            (Fault::NotALevel, _) => ("is not a level's kebab-case word", "are not levels' kebab-case words"),
            (Fault::NotACourse, _) => {
                ("is empty, too long or has control characters", "are empty, too long or have control characters")
            }
            (Fault::Judged(_), _) => ("cannot be judged", "cannot be judged"),
            (Fault::MixedLevels, _) => (
                "is another than the student's first; each level has its own totals: group by level too",
                "are others than the student's first; each level has its own totals: group by level too",
            ),
        }
    }
}

/// All faults of a table, counted by column and kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults {
    found: BTreeMap<(Role, Fault), Found>,
}

#[derive(Clone, Copy, Debug)]
struct Found {
    first_row: u64,
    rows: u64,
}

impl Faults {
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Rows may come in any order.
    pub fn add(&mut self, role: Role, fault: Fault, row: u64) {
        let found = self.found.entry((role, fault)).or_insert(Found { first_row: row, rows: 0 });
        found.first_row = found.first_row.min(row);
        found.rows += 1;
    }

    /// Those of other rows too.
    pub fn join(&mut self, other: &Faults) {
        for (kind, more) in &other.found {
            let found = self.found.entry(*kind).or_insert(Found { rows: 0, ..*more });
            found.first_row = found.first_row.min(more.first_row);
            found.rows += more.rows;
        }
    }

    /// Every kind of problem of every column; `name` gives a column's own name.
    pub fn error(&self, name: impl Fn(Role) -> String) -> Error {
        let problem = |(&(role, fault), found): (&(Role, Fault), &Found)| {
            let (one, many) = fault.words(role);
            let (noun, verb) = if found.rows == 1 { (role.noun().0, one) } else { (role.noun().1, many) };
            let message = format!("{} {noun} {verb}, first in row {} (counted from 0)", found.rows, found.first_row);
            Problem::new(fault.code(), name(role), message)
        };
        Error::MalformedRecord(self.found.iter().map(problem).collect())
    }
}
