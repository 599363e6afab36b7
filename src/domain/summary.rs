//! Totals that a document itself states: shown as stated, never recomputed.

use super::decimal::Decimal;
use super::grade::{CreditUnit, words};
use super::level::Level;
use super::text::Text;

words! {
    /// What a stated total spans [AcademicSummaryType].
    SummarySpan {
        Term = "term", "Session";
        Annual = "annual", "Annual";
        Cumulative = "cumulative", "Cumulative";
        Institution = "institution", "SenderOnly";
        Transfer = "transfer", "TransferOnly";
        Overall = "overall", "All";
        Other = "other", "UserDefined";
    }
}

/// One line of totals as its sender stated it; every number is optional and keeps its written places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedSummary {
    pub span: SummarySpan,
    /// The sender's own words for it ("SESSIONAL GPA").
    pub label: Option<Text>,
    pub level: Option<Level>,
    pub unit: Option<CreditUnit>,
    pub credits_attempted: Option<Decimal>,
    pub credits_earned: Option<Decimal>,
    pub gpa_hours: Option<Decimal>,
    pub quality_points: Option<Decimal>,
    pub gpa: Option<Decimal>,
    pub standing: Option<Text>,
    pub notes: Vec<Text>,
}
