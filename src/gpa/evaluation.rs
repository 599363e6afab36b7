//! What judging a record yields: exact totals per term and level, and what each attempt did.

use crate::domain::{Credits, Decimal, GradePoints, Level, QualityPoints, Ratio, RepeatTreatment, StatedSummary};

/// A GPA: the exact ratio, and as the policy prints it (mode and places already applied).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gpa {
    pub exact: Ratio,
    pub displayed: Decimal,
}

/// The four totals. The GPA is absent when there are no GPA hours: never 0.00.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreditSummary {
    pub credits_attempted: Credits,
    pub credits_earned: Credits,
    pub gpa_hours: Credits,
    pub quality_points: QualityPoints,
    /// Quality points as printed by the policy's places.
    pub quality_points_displayed: Decimal,
    pub gpa: Option<Gpa>,
}

/// What one attempt did to the totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptEvaluation {
    /// Credits that count as attempted, earned and in the GPA; zero where they do not.
    pub credits_attempted: Credits,
    pub credits_earned: Credits,
    pub gpa_hours: Credits,
    /// Whether the earned credits count toward a degree.
    pub in_degree: bool,
    /// What a credit of the grade is worth; absent for grades outside the GPA.
    pub points: Option<GradePoints>,
    /// Quality points, as printed; absent for grades outside the GPA.
    pub quality_points: Option<Decimal>,
    pub repeat: Option<RepeatTreatment>,
    /// The rule that decided, as a stable word ("grade", "repeat-last-counts", "in-progress", …).
    pub rule: &'static str,
}

/// One term of the record, judged. `attempts` runs parallel to the record's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermEvaluation {
    /// Index into `StudentRecord::terms`.
    pub term_index: usize,
    pub attempts: Vec<AttemptEvaluation>,
    /// This term alone.
    pub term: CreditSummary,
    /// Institution work of this level up to and including this term.
    pub cumulative: CreditSummary,
}

/// One transfer block of the record, judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferEvaluation {
    /// Index into `StudentRecord::transfers`.
    pub transfer_index: usize,
    pub attempts: Vec<AttemptEvaluation>,
    pub total: CreditSummary,
}

/// One level, judged; levels never mix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelEvaluation {
    pub level: Level,
    /// The name of the grade scale that applied (see `Policy`).
    pub scale: String,
    /// In order of designator.
    pub terms: Vec<TermEvaluation>,
    pub transfers: Vec<TransferEvaluation>,
    pub institution: CreditSummary,
    pub transfer: CreditSummary,
    pub overall: CreditSummary,
}

/// A record, judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evaluation {
    /// By the institution's policy.
    Computed { levels: Vec<LevelEvaluation>, policy: String },
    /// The document states its totals; they stand in the record's terms and here for the whole record.
    Stated { summaries: Vec<StatedSummary> },
}
