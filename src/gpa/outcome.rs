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
    Bound { bound: Bound, value: Ratio, threshold: Decimal },
    /// No attempt of the term has one of these grades.
    Without { grades: Vec<Grade> },
    /// No attempt of the term is worth less than this grade.
    NoneBelow { grade: Grade },
    /// The standings of the terms before, oldest first: each is one of those that the rule names. Of rules for honours,
    /// the term's own.
    Previous { standings: Vec<Text> },
}

/// How a figure must stand to a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    AtLeast,
    Below,
    AtMost,
    Above,
}

impl Bound {
    pub const ALL: [Bound; 4] = [Bound::AtLeast, Bound::Below, Bound::AtMost, Bound::Above];

    /// As in a policy's keys.
    pub const fn word(self) -> &'static str {
        match self {
            Bound::AtLeast => "at_least",
            Bound::Below => "below",
            Bound::AtMost => "at_most",
            Bound::Above => "above",
        }
    }

    /// Whether it asks for more rather than for less.
    pub const fn asks_for_more(self) -> bool {
        matches!(self, Bound::AtLeast | Bound::Above)
    }

    pub fn holds(self, value: Ratio, threshold: Ratio) -> bool {
        match self {
            Bound::AtLeast => value >= threshold,
            Bound::Below => value < threshold,
            Bound::AtMost => value <= threshold,
            Bound::Above => value > threshold,
        }
    }
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
