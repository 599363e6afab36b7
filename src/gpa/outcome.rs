//! What rules for standing and honours decide, with the figures they compared.

use crate::domain::{Decimal, Grade, Ratio, Text};

/// What a rule decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// In the policy's words ("Academic probation", "magna cum laude").
    pub title: Text,
    /// Where the rule stands in the policy: `standing.rules[1]`.
    pub rule: String,
    /// Everything it compared; all of it holds.
    pub figures: Vec<Figure>,
    /// Whether it is printed: the policy says so, and the record states none itself.
    pub print: bool,
}

/// One comparison of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Stable word of what was compared, as in the policy ("term_gpa"; "grades", "previous").
    pub name: &'static str,
    pub compared: Compared,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compared {
    /// Credits as printed; a GPA as printed or exact, by the policy.
    AtLeast {
        value: Ratio,
        threshold: Decimal,
    },
    Below {
        value: Ratio,
        threshold: Decimal,
    },
    /// No attempt of the term has one of these grades.
    Without {
        grades: Vec<Grade>,
    },
    /// No attempt of the term is worth less than this grade.
    NoneBelow {
        grade: Grade,
    },
    /// The standings of the terms before, oldest first: each is one of those that the rule names. Of rules for honours,
    /// the term's own.
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
    /// The record's standing, or the first of its honours: of those that the policy's rules know, if there is one.
    pub recorded: Option<Text>,
    pub computed: Option<Text>,
}
