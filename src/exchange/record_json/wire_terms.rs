//! The shape in which terms, attempts, transfer blocks, balances and stated totals are written.

use super::wire::{each, line, lines, shown};
use crate::domain::{self, CreditUnit, Grade, GradeStatus, Level, RepeatTreatment};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Term<'a> {
    designator: String,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    begins: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends: Option<String>,
    level: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    campus: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    programs: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attempts: Vec<Attempt<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    honors: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stated: Vec<StatedSummary<'a>>,
}

impl<'a> From<&'a domain::Term> for Term<'a> {
    fn from(term: &'a domain::Term) -> Term<'a> {
        Term {
            designator: term.designator.to_string(),
            name: term.name.as_str(),
            begins: shown(&term.begins),
            ends: shown(&term.ends),
            level: term.level.as_str(),
            campus: line(&term.campus),
            programs: lines(&term.programs),
            attempts: each(&term.attempts),
            standing: line(&term.standing),
            honors: lines(&term.honors),
            notes: lines(&term.notes),
            stated: each(&term.stated),
        }
    }
}

#[derive(Serialize)]
struct Course<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
}

#[derive(Serialize)]
struct Attempt<'a> {
    course: Course<'a>,
    unit: &'static str,
    credits: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    credits_earned: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grade: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    supplemental_grade: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mark: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repeat: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quality_points: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'a str>,
}

impl<'a> From<&'a domain::Attempt> for Attempt<'a> {
    fn from(attempt: &'a domain::Attempt) -> Attempt<'a> {
        let domain::Course { subject, number, title } = &attempt.course;
        Attempt {
            course: Course { subject: line(subject), number: line(number), title: line(title) },
            unit: attempt.unit.word(),
            credits: attempt.credits.to_string(),
            credits_earned: shown(&attempt.credits_earned),
            grade: attempt.grade.as_ref().map(Grade::as_str),
            supplemental_grade: attempt.supplemental_grade.as_ref().map(Grade::as_str),
            mark: shown(&attempt.mark),
            status: attempt.status.map(GradeStatus::word),
            repeat: attempt.repeat.map(RepeatTreatment::word),
            quality_points: shown(&attempt.quality_points),
            notes: lines(&attempt.notes),
        }
    }
}

#[derive(Serialize)]
pub(super) struct TransferBlock<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    institution: Option<&'a str>,
    level: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    designator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    term_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attempts: Vec<Attempt<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'a str>,
}

impl<'a> From<&'a domain::TransferBlock> for TransferBlock<'a> {
    fn from(block: &'a domain::TransferBlock) -> TransferBlock<'a> {
        TransferBlock {
            kind: block.kind.word(),
            institution: line(&block.institution),
            level: block.level.as_str(),
            designator: shown(&block.designator),
            term_name: line(&block.term_name),
            attempts: each(&block.attempts),
            notes: lines(&block.notes),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Balance<'a> {
    origin: &'static str,
    label: &'a str,
    level: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    through: Option<String>,
    credits_attempted: String,
    credits_earned: String,
    gpa_hours: String,
    quality_points: String,
}

impl<'a> From<&'a domain::Balance> for Balance<'a> {
    fn from(balance: &'a domain::Balance) -> Balance<'a> {
        Balance {
            origin: balance.origin.word(),
            label: balance.label.as_str(),
            level: balance.level.as_str(),
            through: shown(&balance.through),
            credits_attempted: balance.credits_attempted.to_string(),
            credits_earned: balance.credits_earned.to_string(),
            gpa_hours: balance.gpa_hours.to_string(),
            quality_points: balance.quality_points.to_string(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct StatedSummary<'a> {
    span: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credits_attempted: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credits_earned: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gpa_hours: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quality_points: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gpa: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'a str>,
}

impl<'a> From<&'a domain::StatedSummary> for StatedSummary<'a> {
    fn from(summary: &'a domain::StatedSummary) -> StatedSummary<'a> {
        StatedSummary {
            span: summary.span.word(),
            label: line(&summary.label),
            level: summary.level.as_ref().map(Level::as_str),
            unit: summary.unit.map(CreditUnit::word),
            credits_attempted: shown(&summary.credits_attempted),
            credits_earned: shown(&summary.credits_earned),
            gpa_hours: shown(&summary.gpa_hours),
            quality_points: shown(&summary.quality_points),
            gpa: shown(&summary.gpa),
            standing: line(&summary.standing),
            notes: lines(&summary.notes),
        }
    }
}
