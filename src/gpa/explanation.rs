//! Why a printed number is what it is: the attempts behind it, the rule for each, and what the rule compared.

use super::evaluation::{AttemptEvaluation, CreditSummary};
use super::exact_totals::ExactTotals;
use super::outcome::Outcome;
use super::rounding::Rounding;
use crate::domain::{CreditUnit, Credits, Decimal, Grade, Level, Ratio, StatedSummary, Text, YearMonth};

/// Which numbers are asked for; what is not said is not restricted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    pub level: Option<Level>,
    /// Numbers printed with this term alone.
    pub term: Option<YearMonth>,
    pub span: Option<Span>,
    /// Of the policy's own GPAs, the one of this name.
    pub variant: Option<String>,
}

/// What a number sums up, or what was decided by numbers.
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
    /// A GPA that the policy names.
    Variant,
    /// The standing at the end of a term.
    Standing,
    /// The honours of a term.
    Honors,
    /// The honours of an award.
    DegreeHonors,
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
    /// What it adds to the number, in the unit of the level: nothing where `outside` says that it has no part in it.
    pub adds: Addends,
    pub outside: Option<Outside>,
    pub repeat: Option<RepeatReason>,
}

/// What an attempt or a balance adds to each sum, exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addends {
    pub credits_attempted: Ratio,
    pub credits_passed: Ratio,
    pub credits_earned: Ratio,
    pub gpa_hours: Ratio,
    pub quality_points: Ratio,
}

/// Why an attempt has no part in a GPA that the policy names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outside {
    /// It lies before the last credits that count.
    Earlier,
    /// Work from elsewhere does not count.
    Elsewhere,
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
    pub adds: Addends,
}

/// The GPA of a term as printed, which counts as often as the term has GPA hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrintedTerm {
    /// Index into `StudentRecord::terms`.
    pub index: usize,
    pub gpa: Decimal,
    pub gpa_hours: Credits,
}

/// One line of printed totals and all that it was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberExplanation {
    pub span: Span,
    /// Index of the term or the transfer block that it is printed with.
    pub index: Option<usize>,
    /// Name and title of a GPA that the policy names.
    pub variant: Option<(String, Text)>,
    pub parts: Vec<Part>,
    pub balances: Vec<BalancePart>,
    /// Where the policy makes the GPA of the printed GPAs of terms: those.
    pub of_terms: Option<Vec<PrintedTerm>>,
    pub summary: CreditSummary,
    /// How its GPA and its quality points are printed.
    pub rounding: Rounding,
    pub quality_points: Rounding,
}

/// What a rule for standing or honours decided, with the figures that it compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeExplanation {
    pub span: Span,
    /// Index of the term, or of the award.
    pub index: usize,
    pub outcome: Outcome,
    /// What the record itself says: that is printed.
    pub recorded: Vec<Text>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelExplanation {
    pub level: Level,
    /// The unit of all sums; absent where no attempt that counts reports one.
    pub unit: Option<CreditUnit>,
    /// The name of the grade scale of the level's last term.
    pub scale: String,
    pub numbers: Vec<NumberExplanation>,
    pub outcomes: Vec<OutcomeExplanation>,
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
    pub const ALL: [Span; 10] = [
        Span::Term,
        Span::Cumulative,
        Span::TransferBlock,
        Span::Institution,
        Span::Transfer,
        Span::Overall,
        Span::Variant,
        Span::Standing,
        Span::Honors,
        Span::DegreeHonors,
    ];

    /// Its stable word.
    pub const fn word(self) -> &'static str {
        match self {
            Span::Term => "term",
            Span::Cumulative => "cumulative",
            Span::TransferBlock => "transfer_block",
            Span::Institution => "institution",
            Span::Transfer => "transfer",
            Span::Overall => "overall",
            Span::Variant => "variant",
            Span::Standing => "standing",
            Span::Honors => "honors",
            Span::DegreeHonors => "degree_honors",
        }
    }

    pub fn from_word(word: &str) -> Option<Span> {
        Span::ALL.into_iter().find(|span| span.word() == word)
    }
}

impl From<&ExactTotals> for Addends {
    fn from(totals: &ExactTotals) -> Addends {
        Addends {
            credits_attempted: totals.attempted,
            credits_passed: totals.passed,
            credits_earned: totals.earned,
            gpa_hours: totals.gpa_hours,
            quality_points: totals.quality_points,
        }
    }
}

impl Selection {
    /// Whether a number of this span, printed with this term, is asked for.
    pub(super) fn asks(&self, span: Span, term: Option<YearMonth>) -> bool {
        self.span.is_none_or(|asked| asked == span) && (self.term.is_none() || self.term == term)
    }
}
