//! One enrolment in one course in one term [Course].

use super::decimal::Decimal;
use super::grade::{CreditUnit, Grade, GradeStatus, RepeatTreatment};
use super::quantity::Credits;
use super::text::Text;

/// The course taken, as the catalogue names it. At least one part is present in any valid record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    pub subject: Option<Text>,
    pub number: Option<Text>,
    pub title: Option<Text>,
}

impl Course {
    /// Subject and number as printed ("ECO 100Y1"); empty when the record has neither.
    pub fn code(&self) -> String {
        [&self.subject, &self.number].into_iter().flatten().map(Text::as_str).collect::<Vec<_>>().join(" ")
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub course: Course,
    pub unit: CreditUnit,
    /// Credits the course carries [CourseCreditValue]; what counts as attempted is the grade's business.
    pub credits: Credits,
    /// Credits earned as recorded [CourseCreditEarned]; absent: by the policy.
    pub credits_earned: Option<Credits>,
    /// The grade as awarded; absent while none is.
    pub grade: Option<Grade>,
    /// A second grade shown beside the first [CourseSupplementalGrade].
    pub supplemental_grade: Option<Grade>,
    /// A numeric mark beside the letter.
    pub mark: Option<Decimal>,
    pub status: Option<GradeStatus>,
    /// The repeat indicator as the student system recorded it.
    pub repeat: Option<RepeatTreatment>,
    /// Quality points as recorded; never computed with, shown when totals are stated.
    pub quality_points: Option<Decimal>,
    pub notes: Vec<Text>,
}
