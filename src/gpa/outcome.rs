//! What rules for standing and honours decide, with the figures they compared.

use crate::domain::{Decimal, Ratio, Text};

/// What a rule decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// In the policy's words ("Academic probation", "magna cum laude").
    pub title: Text,
    /// Where the rule stands in the policy: `standing.rules[1]`.
    pub rule: String,
    /// Everything it compared; all of it holds.
    pub figures: Vec<Figure>,
    /// Whether the policy has it printed where the record says nothing.
    pub print: bool,
}

/// One comparison of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Stable word of what was compared ("term-gpa").
    pub name: String,
    pub compared: Compared,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compared {
    /// A figure as printed or exact, by the policy, from `threshold` on.
    AtLeast {
        value: Ratio,
        threshold: Decimal,
    },
    Below {
        value: Ratio,
        threshold: Decimal,
    },
    /// How many attempts of the term have a grade that the rule excludes: none.
    NoGrade {
        named: String,
    },
    /// The standing of the terms before, each one of these.
    Previous {
        standings: Vec<Text>,
    },
}

/// An award of the record, judged by the policy's rules for degrees as of the month in which it was conferred.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwardEvaluation {
    /// Index into `StudentRecord::awards`.
    pub award_index: usize,
    /// Absent where no rule gives honours.
    pub honors: Option<Outcome>,
}

/// The record states one thing and the policy's rules give another. What the record states is a fact and is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where it stands in the record: `terms[3].standing`.
    pub place: String,
    pub recorded: Option<Text>,
    pub computed: Option<Text>,
}
