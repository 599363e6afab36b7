//! What one attempt does to the totals, and by which rule.

use super::evaluation::AttemptEvaluation;
use super::policy::InForce;
use super::scale::{GradeEntry, GradeScale};
use crate::domain::{Attempt, Credits, Grade, GradeStatus, Problem, QualityPoints, RepeatTreatment};
use std::fmt::Display;

/// An attempt at the institution itself. `place` is where it stands in the record; only a problem is told it.
pub(super) fn institution_attempt(
    attempt: &Attempt,
    rules: &InForce,
    place: &dyn Display,
) -> Result<AttemptEvaluation, Problem> {
    if attempt.status == Some(GradeStatus::TransferNoGrade) && attempt.grade.is_none() {
        return Ok(without_grade(attempt, rules));
    }
    // Credits may be granted without a course that carries them (0), but no course gives more than it carries.
    if !attempt.credits.is_zero() && attempt.credits_earned.is_some_and(|earned| earned > attempt.credits) {
        let message = "are more than the course carries";
        return Err(Problem::new("credits-beyond-course", format!("{place}.credits_earned"), message));
    }
    by_status(attempt, true, rules, place)
}

/// By the grade where there is one that the status allows, else by what the policy says of the status.
fn by_status(
    attempt: &Attempt,
    gpa_counts: bool,
    rules: &InForce,
    place: &dyn Display,
) -> Result<AttemptEvaluation, Problem> {
    if result_is_open(attempt.status) && attempt.credits_earned.is_some_and(|credits| !credits.is_zero()) {
        let message = "are earned, but the status says that the course has no result";
        return Err(Problem::new("credits-contradict-status", format!("{place}.credits_earned"), message));
    }
    match (&attempt.grade, attempt.status) {
        (Some(grade), status) => {
            let entry = entry_on_scale(grade, rules.scale, &format_args!("{place}.grade"))?;
            match contradiction(status, entry) {
                Some(message) => Err(Problem::new("grade-contradicts-status", format!("{place}.grade"), message)),
                None => by_entry(attempt, entry, gpa_counts, rules, "grade", place),
            }
        }
        (None, Some(GradeStatus::InProgress | GradeStatus::PlanningToTake | GradeStatus::NotYetReported)) => {
            Ok(counts_nowhere(attempt, rules, "in-progress"))
        }
        (None, Some(status)) => match rules.entry_for_status(status) {
            Some(entry) => by_entry(attempt, entry, gpa_counts, rules, "status", place),
            None => {
                let message = "has no grade, and the policy has no rule for its status";
                Err(Problem::new("status-without-rule", place.to_string(), message))
            }
        },
        (None, None) => {
            Err(Problem::new("no-grade", place.to_string(), "has neither a grade nor a status that says why"))
        }
    }
}

/// An attempt accepted from elsewhere: it earns, and enters the GPA only where the policy says so.
pub(super) fn transfer_attempt(
    attempt: &Attempt,
    rules: &InForce,
    place: &dyn Display,
) -> Result<AttemptEvaluation, Problem> {
    if attempt.status == Some(GradeStatus::TransferNoGrade) {
        return transferred_without_grade(attempt, rules, place);
    }
    let Some(grade) = &attempt.grade else {
        return match attempt.status {
            None | Some(GradeStatus::Completed) => Ok(without_grade(attempt, rules)),
            Some(_) => by_status(attempt, rules.transfer_in_gpa, rules, place),
        };
    };
    match (rules.scale.entry(grade), attempt.credits_earned) {
        _ if result_is_open(attempt.status) => by_status(attempt, rules.transfer_in_gpa, rules, place),
        // Another institution's grade decides nothing here once the record says what it earned.
        (None, Some(_)) if !rules.transfer_in_gpa => Ok(without_grade(attempt, rules)),
        _ => {
            let entry = entry_on_scale(grade, rules.scale, &format_args!("{place}.grade"))?;
            by_entry(attempt, entry, rules.transfer_in_gpa, rules, "transfer", place)
        }
    }
}

/// The grade beside such a status is a remark ("TR"). One that earns nothing here denies the credit, unless the
/// record itself says what was earned.
fn transferred_without_grade(
    attempt: &Attempt,
    rules: &InForce,
    place: &dyn Display,
) -> Result<AttemptEvaluation, Problem> {
    let entry = attempt.grade.as_ref().and_then(|grade| rules.scale.entry(grade));
    if attempt.credits_earned.is_none() && entry.is_some_and(|entry| !entry.earned) {
        let message = "earns nothing, but the status says that the credit was accepted";
        return Err(Problem::new("grade-contradicts-status", format!("{place}.grade"), message));
    }
    Ok(without_grade(attempt, rules))
}

/// Never a default for an unknown grade.
pub(super) fn entry_on_scale<'a>(
    grade: &Grade,
    scale: &'a GradeScale,
    place: &dyn Display,
) -> Result<&'a GradeEntry, Problem> {
    let unknown =
        || Problem::new("grade-not-on-scale", place.to_string(), format!("is not on the grade scale {}", scale.name));
    scale.entry(grade).ok_or_else(unknown)
}

/// Statuses of a course without a result.
fn result_is_open(status: Option<GradeStatus>) -> bool {
    use GradeStatus::{Audited, InProgress, NotYetReported, PlanningToTake};
    matches!(status, Some(InProgress | NotYetReported | PlanningToTake | Audited))
}

/// Why a grade cannot stand beside a status: what it would add to the totals is not so.
fn contradiction(status: Option<GradeStatus>, entry: &GradeEntry) -> Option<&'static str> {
    use GradeStatus::*;
    match status {
        status if result_is_open(status) && (entry.in_gpa || entry.earned) => {
            Some("counts, but the status says that the course has no result")
        }
        Some(Withdrew | WithdrewPassing | WithdrewFailing | WithdrewNoPenalty | PassFailFail | OtherFail)
            if entry.earned =>
        {
            Some("earns credits, but the status says that the course was left or failed")
        }
        Some(TransferNoGrade) if entry.in_gpa => {
            Some("counts in the GPA, but the status says that the credit was transferred without a grade")
        }
        _ => None,
    }
}

/// By the flags of a grade; then what the record says about a repeat, as Banner defines E, I and A: E counts
/// as attempted alone, A as attempted and in the GPA, I everywhere.
fn by_entry(
    attempt: &Attempt,
    entry: &GradeEntry,
    gpa_counts: bool,
    rules: &InForce,
    rule: &'static str,
    place: &dyn Display,
) -> Result<AttemptEvaluation, Problem> {
    let credits_if = |flag: bool| if flag { attempt.credits } else { Credits::ZERO };
    let earned = attempt.credits_earned.unwrap_or(credits_if(entry.earned));
    let passed = if entry.passed { attempt.credits.max(earned) } else { Credits::ZERO };
    let none = Credits::ZERO;
    let (passed, earned, excluded, rule) = match mark(attempt, rules) {
        None => (passed, earned, false, rule),
        Some(RepeatTreatment::Included) => (passed, earned, false, "recorded-repeat-included"),
        Some(RepeatTreatment::Averaged) => (none, none, false, "recorded-repeat-averaged"),
        Some(RepeatTreatment::Excluded) => (none, none, true, "recorded-repeat-excluded"),
    };
    let points = entry.points.filter(|_| gpa_counts);
    let quality_points = match points {
        None => None,
        Some(points) => {
            let exact = QualityPoints::of(attempt.credits, points).ratio();
            let too_large = || {
                Problem::new(
                    "quality-points-too-large",
                    place.to_string(),
                    "has more quality points than can be printed",
                )
            };
            Some(rules.quality_points.apply(exact).ok_or_else(too_large)?)
        }
    };
    Ok(AttemptEvaluation {
        unit: attempt.unit,
        credits: attempt.credits,
        credits_attempted: credits_if(entry.attempted),
        credits_passed: passed,
        credits_earned: earned,
        gpa_hours: credits_if(points.is_some() && !excluded),
        in_degree: entry.in_degree && !earned.is_zero(),
        points,
        quality_points,
        repeat: mark(attempt, rules),
        rule,
    })
}

/// The record's own mark, where the policy lets it decide.
fn mark(attempt: &Attempt, rules: &InForce) -> Option<RepeatTreatment> {
    attempt.repeat.filter(|_| rules.marks_decide)
}

/// Transferred credit without a grade of this scale: attempted as carried, earned as recorded.
fn without_grade(attempt: &Attempt, rules: &InForce) -> AttemptEvaluation {
    let excluded = matches!(mark(attempt, rules), Some(RepeatTreatment::Excluded | RepeatTreatment::Averaged));
    let earned = if excluded { Credits::ZERO } else { attempt.credits_earned.unwrap_or(attempt.credits) };
    AttemptEvaluation {
        credits_attempted: attempt.credits,
        credits_passed: if excluded { Credits::ZERO } else { attempt.credits.max(earned) },
        credits_earned: earned,
        in_degree: !earned.is_zero(),
        ..counts_nowhere(attempt, rules, "transfer-no-grade")
    }
}

fn counts_nowhere(attempt: &Attempt, rules: &InForce, rule: &'static str) -> AttemptEvaluation {
    AttemptEvaluation {
        unit: attempt.unit,
        credits: attempt.credits,
        credits_attempted: Credits::ZERO,
        credits_passed: Credits::ZERO,
        credits_earned: Credits::ZERO,
        gpa_hours: Credits::ZERO,
        in_degree: false,
        points: None,
        quality_points: None,
        repeat: mark(attempt, rules),
        rule,
    }
}
