//! What judging a record yields: exact totals per term and level, and what each attempt did.

use super::outcome::{AwardEvaluation, Difference, Outcome};
use crate::domain::{CreditUnit, Credits, Decimal, GradePoints, Level, Ratio, RepeatTreatment, StatedSummary, Text};

/// A GPA: the exact ratio, and as the policy prints it (mode and places already applied).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gpa {
    pub exact: Ratio,
    pub displayed: Decimal,
}

/// The totals of some attempts, in the unit of their level. The GPA is absent when there are no GPA hours: never 0.00.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreditSummary {
    pub credits_attempted: Credits,
    /// Credits of courses with a passing grade; a repeat marked E or A gives none (see [`AttemptEvaluation`]).
    pub credits_passed: Credits,
    pub credits_earned: Credits,
    pub gpa_hours: Credits,
    /// GPA hours before their sum is rounded: other than `gpa_hours` only where the policy converts sums of credits.
    pub gpa_hours_exact: Ratio,
    /// Exact.
    pub quality_points: Ratio,
    /// Quality points as printed by the policy's places.
    pub quality_points_displayed: Decimal,
    pub gpa: Option<Gpa>,
}

/// What one attempt did to the totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptEvaluation {
    /// The unit of all credits here: the record's own, or the policy's where that converts course by course.
    pub unit: CreditUnit,
    /// What the course carries.
    pub credits: Credits,
    /// Credits that count as attempted, passed, earned and in the GPA; zero where they do not. Of repeats Banner says:
    /// I counts everywhere, E as attempted alone, A as attempted and in the GPA
    /// (bannerHelp, SHATRNS, Equivalent Course Detail).
    pub credits_attempted: Credits,
    pub credits_passed: Credits,
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
    /// The standing that the policy's rules give, by the term's totals as they stood when it ended (what a later repeat
    /// takes out of a term was in it then; what the record itself marks E is taken as out from the first); absent
    /// without such rules, and while the term has no results.
    /// What the record itself says stands in the record.
    pub standing: Option<Outcome>,
    /// The honours that the policy's rules give for the term.
    pub honors: Option<Outcome>,
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
    /// The unit of all totals; absent where no attempt that counts reports one.
    pub unit: Option<CreditUnit>,
    /// The name of the grade scale that applied (see `Policy`).
    pub scale: String,
    /// In order of designator.
    pub terms: Vec<TermEvaluation>,
    pub transfers: Vec<TransferEvaluation>,
    pub institution: CreditSummary,
    pub transfer: CreditSummary,
    pub overall: CreditSummary,
    /// The policy's other GPAs, in its order.
    pub variants: Vec<Variant>,
    /// The awards of this level that the policy's rules for degrees judge.
    pub awards: Vec<AwardEvaluation>,
    /// Where the record states another standing or honour than the policy's rules give.
    pub differences: Vec<Difference>,
}

/// A GPA with a name of its own ("honors", in which forgiven grades count again).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    pub name: String,
    /// In words, as printed.
    pub title: Text,
    pub summary: CreditSummary,
    /// Whether the policy has it printed.
    pub print: bool,
}

/// A record, judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evaluation {
    /// By the institution's policy.
    Computed { levels: Vec<LevelEvaluation>, policy: String },
    /// The document states its totals; they stand in the record's terms and here for the whole record.
    Stated { summaries: Vec<StatedSummary> },
}
