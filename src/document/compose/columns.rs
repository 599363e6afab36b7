//! Which columns a document's tables have: the same throughout, none of them empty from top to bottom.

use crate::document::theme::Theme;
use crate::domain::{Attempt, CreditUnit, StudentRecord};
use crate::gpa::{AttemptEvaluation, Evaluation};

/// One column of a table of courses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) enum CourseColumn {
    Code,
    Title,
    Unit,
    /// The credits a course carries, where its document states its totals itself.
    Credits,
    Attempted,
    Earned,
    Mark,
    Grade,
    Supplemental,
    Points,
    Repeat,
}

/// One column of a table of totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) enum TotalsColumn {
    Label,
    Attempted,
    /// Where the theme wants it.
    Passed,
    Earned,
    GpaHours,
    QualityPoints,
    Gpa,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::document) struct DocumentColumns {
    pub courses: Vec<CourseColumn>,
    pub totals: Vec<TotalsColumn>,
    pub several_levels: bool,
    /// Whether terms were spent in different places.
    pub several_campuses: bool,
    /// The units of the credits as printed, each once.
    pub units: Vec<CreditUnit>,
}

impl DocumentColumns {
    pub(super) fn of(record: &StudentRecord, evaluation: &Evaluation, theme: &Theme) -> DocumentColumns {
        DocumentColumns {
            courses: course_columns(record, evaluation, theme),
            totals: match evaluation {
                Evaluation::Computed { .. } => computed_columns(theme),
                Evaluation::Stated { .. } => stated_columns(record, evaluation),
            },
            units: units(record, evaluation),
            several_campuses: record.terms.windows(2).any(|pair| matches!(pair, [a, b] if a.campus != b.campus)),
            several_levels: super::levels::in_order(record, evaluation).len() > 1,
        }
    }
}

fn computed_columns(theme: &Theme) -> Vec<TotalsColumn> {
    use TotalsColumn::{Attempted, Earned, Gpa, GpaHours, Label, Passed, QualityPoints};
    let all = [Label, Attempted, Passed, Earned, GpaHours, QualityPoints, Gpa];
    all.into_iter().filter(|column| *column != Passed || theme.shown.credits_passed).collect()
}

fn course_columns(record: &StudentRecord, evaluation: &Evaluation, theme: &Theme) -> Vec<CourseColumn> {
    use CourseColumn::*;
    let attempts: Vec<&Attempt> = attempts(record).collect();
    let any = |holds: fn(&Attempt) -> bool| attempts.iter().any(|attempt| holds(attempt));
    let units = units(record, evaluation).len() > 1;
    let computed = matches!(evaluation, Evaluation::Computed { .. });
    let (points, repeat) = match evaluation {
        Evaluation::Computed { .. } => {
            let judged = |holds: fn(&AttemptEvaluation) -> bool| judged(evaluation).any(holds);
            (judged(|attempt| attempt.quality_points.is_some()), judged(|attempt| attempt.repeat.is_some()))
        }
        Evaluation::Stated { .. } => (any(|a| a.quality_points.is_some()), any(|a| a.repeat.is_some())),
    };
    let present = [
        (Code, any(|a| a.course.subject.is_some() || a.course.number.is_some())),
        (Title, true),
        (Unit, units),
        (Credits, !computed),
        (Attempted, computed),
        (Earned, computed || any(|a| a.credits_earned.is_some())),
        (Mark, any(|a| a.mark.is_some())),
        (Grade, any(|a| a.grade.is_some() || a.status.is_some())),
        (Supplemental, any(|a| a.supplemental_grade.is_some())),
        (Points, points && theme.shown.quality_points),
        (Repeat, repeat),
    ];
    present.into_iter().filter_map(|(column, present)| present.then_some(column)).collect()
}

fn stated_columns(record: &StudentRecord, evaluation: &Evaluation) -> Vec<TotalsColumn> {
    let Evaluation::Stated { summaries } = evaluation else { return Vec::new() };
    let all = || record.terms.iter().flat_map(|term| &term.stated).chain(summaries);
    // A balance states all its hours; they are never left out for want of a column.
    let balances = !record.balances.is_empty();
    let present = [
        (TotalsColumn::Label, true),
        (TotalsColumn::Attempted, balances || all().any(|s| s.credits_attempted.is_some())),
        (TotalsColumn::Earned, balances || all().any(|s| s.credits_earned.is_some())),
        (TotalsColumn::GpaHours, balances || all().any(|s| s.gpa_hours.is_some())),
        (TotalsColumn::QualityPoints, balances || all().any(|s| s.quality_points.is_some())),
        (TotalsColumn::Gpa, all().any(|s| s.gpa.is_some())),
    ];
    present.into_iter().filter_map(|(column, present)| present.then_some(column)).collect()
}

/// The units of the credits as printed, each once: of every attempt, converted where the policy converts it.
pub(super) fn units(record: &StudentRecord, evaluation: &Evaluation) -> Vec<CreditUnit> {
    let mut units: Vec<CreditUnit> = match evaluation {
        Evaluation::Computed { .. } => judged(evaluation).map(|attempt| attempt.unit).collect(),
        Evaluation::Stated { .. } => attempts(record).map(|attempt| attempt.unit).collect(),
    };
    units.sort();
    units.dedup();
    units
}

pub(super) fn attempts(record: &StudentRecord) -> impl Iterator<Item = &Attempt> {
    let terms = record.terms.iter().flat_map(|term| &term.attempts);
    terms.chain(record.transfers.iter().flat_map(|transfer| &transfer.attempts))
}

pub(super) fn judged(evaluation: &Evaluation) -> impl Iterator<Item = &AttemptEvaluation> {
    let levels = match evaluation {
        Evaluation::Computed { levels, .. } => levels.as_slice(),
        Evaluation::Stated { .. } => &[],
    };
    let terms = levels.iter().flat_map(|level| level.terms.iter().flat_map(|term| &term.attempts));
    terms.chain(levels.iter().flat_map(|level| level.transfers.iter().flat_map(|transfer| &transfer.attempts)))
}
