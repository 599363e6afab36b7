//! Why a printed number is what it is: the attempts behind it, the rule for each, and what the rule compared.

use super::evaluation::{AttemptEvaluation, CreditSummary};
use super::rounding::Rounding;
use crate::domain::{Credits, Decimal, Grade, Level, QualityPoints, StatedSummary, YearMonth};

/// Which numbers are asked for; what is not said is not restricted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    pub level: Option<Level>,
    /// Numbers printed with this term alone.
    pub term: Option<YearMonth>,
    pub span: Option<Span>,
}

/// What a number sums up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// One term alone.
    Term,
    /// The institution's work up to and including a term.
    Cumulative,
    /// One block of credit from elsewhere.
    TransferBlock,
    Institution,
    Transfer,
    Overall,
}

/// Where an attempt stands in the record: the index of its term or transfer block, and its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AttemptPlace {
    Term(usize, usize),
    Transfer(usize, usize),
}

/// An attempt as it went into one number, counted or left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub place: AttemptPlace,
    /// As decided when the number was printed: a later repeat may have changed it since.
    pub evaluation: AttemptEvaluation,
    pub repeat: Option<RepeatReason>,
}

/// What decided about a repeated attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepeatReason {
    /// The attempt it was compared with.
    pub other: Option<AttemptPlace>,
    /// Whether only one of the two counts.
    pub one_leaves: bool,
    /// The attempt that gives the credit of the course.
    pub credit: Option<AttemptPlace>,
    /// The grade that forbade to replace.
    pub threshold: Option<Threshold>,
    /// The caps that were looked at.
    pub limits: Vec<Limit>,
}

/// A threshold of the policy that was not met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Threshold {
    /// Only an old grade up to this one is replaced.
    OldAtMost(Grade),
    /// Only a new grade from this one on replaces.
    NewAtLeast(Grade),
}

/// A cap of the policy, and what was used of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// As the policy names it: "credits", "repeats", "per_course".
    pub cap: &'static str,
    pub limit: Decimal,
    /// Used before this attempt.
    pub used: Decimal,
    /// What leaving this one out takes.
    pub asks: Decimal,
    /// Whether it would pass the cap, so that nothing is replaced.
    pub over: bool,
}

/// A balance without courses as it went into a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BalancePart {
    /// Index into `StudentRecord::balances`.
    pub index: usize,
    pub credits_attempted: Credits,
    pub credits_earned: Credits,
    pub gpa_hours: Credits,
    pub quality_points: QualityPoints,
}

/// One line of printed totals and all that it was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberExplanation {
    pub span: Span,
    /// Index of the term or the transfer block that it is printed with.
    pub index: Option<usize>,
    pub parts: Vec<Part>,
    pub balances: Vec<BalancePart>,
    pub summary: CreditSummary,
    /// How its GPA and its quality points are printed.
    pub rounding: Rounding,
    pub quality_points: Rounding,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelExplanation {
    pub level: Level,
    /// The name of the grade scale of the level's last term.
    pub scale: String,
    pub numbers: Vec<NumberExplanation>,
}

/// The numbers asked for, explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Explanation {
    Computed {
        levels: Vec<LevelExplanation>,
        policy: String,
    },
    /// The document states its totals: nothing was computed.
    Stated {
        summaries: Vec<StatedSummary>,
    },
}

impl Span {
    pub const ALL: [Span; 6] =
        [Span::Term, Span::Cumulative, Span::TransferBlock, Span::Institution, Span::Transfer, Span::Overall];

    /// Its stable word.
    pub const fn word(self) -> &'static str {
        match self {
            Span::Term => "term",
            Span::Cumulative => "cumulative",
            Span::TransferBlock => "transfer_block",
            Span::Institution => "institution",
            Span::Transfer => "transfer",
            Span::Overall => "overall",
        }
    }

    pub fn from_word(word: &str) -> Option<Span> {
        Span::ALL.into_iter().find(|span| span.word() == word)
    }
}

impl Selection {
    /// Whether a number of this span, printed with this term, is asked for.
    pub(super) fn asks(&self, span: Span, term: Option<YearMonth>) -> bool {
        self.span.is_none_or(|asked| asked == span) && (self.term.is_none() || self.term == term)
    }
}
