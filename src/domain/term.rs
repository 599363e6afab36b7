//! A term of study at one level, transfer blocks, and balances without courses.

use super::attempt::Attempt;
use super::date::{Date, YearMonth};
use super::decimal::Decimal;
use super::grade::words;
use super::level::Level;
use super::quantity::Credits;
use super::summary::StatedSummary;
use super::text::Text;

/// A term at one level [AcademicSession]. A student enrolled at two levels at once has two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Year and month in which it begins [SessionDesignator]; terms are ordered by it.
    pub designator: YearMonth,
    pub name: Text,
    pub begins: Option<Date>,
    pub ends: Option<Date>,
    pub level: Level,
    /// The campus enrolled at, in the institution's own word: some print their GPAs otherwise.
    pub campus: Option<Text>,
    /// The college, faculty or programme enrolled in this term.
    pub programs: Vec<Text>,
    pub attempts: Vec<Attempt>,
    /// Academic standing at the end of the term ("Good standing").
    pub standing: Option<Text>,
    /// Term honours ("Dean's list").
    pub honors: Vec<Text>,
    pub notes: Vec<Text>,
    /// Totals the sender states for this term.
    pub stated: Vec<StatedSummary>,
}

words! {
    /// Where transferred credit comes from.
    TransferKind {
        Institution = "institution", "TransferOnly";
        Examination = "examination", "CreditByExamination";
        Military = "military", "Military";
        PriorLearning = "prior-learning", "LifeExperience";
    }
}

/// Credit accepted from elsewhere, by institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferBlock {
    pub kind: TransferKind,
    /// The institution or examining body; absent when the record does not say.
    pub institution: Option<Text>,
    pub level: Level,
    /// The term in which the credit was posted, or in which it was earned there.
    pub designator: Option<YearMonth>,
    pub term_name: Option<Text>,
    pub attempts: Vec<Attempt>,
    pub notes: Vec<Text>,
}

words! {
    /// Whose work a balance sums up.
    BalanceOrigin {
        Institution = "institution", "SenderOnly";
        Transfer = "transfer", "TransferOnly";
    }
}

/// Hours and points brought from an old system without their courses (Banner's SHAPCMP).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    pub origin: BalanceOrigin,
    pub label: Text,
    pub level: Level,
    /// The last term it covers.
    pub through: Option<YearMonth>,
    pub credits_attempted: Credits,
    pub credits_earned: Credits,
    pub gpa_hours: Credits,
    pub quality_points: Decimal,
}
