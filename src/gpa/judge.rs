//! What one attempt does to the totals, and by which rule.

use super::evaluation::AttemptEvaluation;
use super::policy::InForce;
use super::scale::{GradeEntry, GradeScale};
use crate::domain::{Attempt, Credits, Grade, GradeStatus, Problem, QualityPoints, RepeatTreatment};

/// An attempt at the institution itself. `place` is where it stands in the record.
pub(super) fn institution_attempt(
    attempt: &Attempt,
    rules: &InForce,
    place: &str,
) -> Result<AttemptEvaluation, Problem> {
    match (&attempt.grade, attempt.status) {
        (Some(grade), status) => {
            let entry = entry_on_scale(grade, rules.scale, &format!("{place}.grade"))?;
            if result_is_open(status) && (entry.in_gpa || entry.earned) {
                let message = "counts, but the status says that the course has no result";
                return Err(Problem::new("grade-contradicts-status", format!("{place}.grade"), message));
            }
            by_entry(attempt, entry, true, rules, "grade", place)
        }
        (None, Some(GradeStatus::InProgress | GradeStatus::PlanningToTake | GradeStatus::NotYetReported)) => {
            Ok(counts_nowhere(attempt, "in-progress"))
        }
        (None, Some(GradeStatus::TransferNoGrade)) => Ok(without_grade(attempt)),
        (None, Some(status)) => match rules.entry_for_status(status) {
            Some(entry) => by_entry(attempt, entry, true, rules, "status", place),
            None => {
                let message = "has no grade, and the policy has no rule for its status";
                Err(Problem::new("status-without-rule", place, message))
            }
        },
        (None, None) => Err(Problem::new("no-grade", place, "has neither a grade nor a status that says why")),
    }
}

/// An attempt accepted from elsewhere: it earns, and enters the GPA only where the policy says so.
pub(super) fn transfer_attempt(attempt: &Attempt, rules: &InForce, place: &str) -> Result<AttemptEvaluation, Problem> {
    let Some(grade) = attempt.grade.as_ref().filter(|_| attempt.status != Some(GradeStatus::TransferNoGrade)) else {
        return match attempt.status {
            None | Some(GradeStatus::TransferNoGrade | GradeStatus::Completed) => Ok(without_grade(attempt)),
            Some(_) => institution_attempt(attempt, rules, place),
        };
    };
    match (rules.scale.entry(grade), attempt.credits_earned) {
        // Another institution's grade decides nothing here once the record says what it earned.
        (None, Some(_)) if !rules.transfer_in_gpa => Ok(without_grade(attempt)),
        _ if result_is_open(attempt.status) => institution_attempt(attempt, rules, place),
        _ => {
            let entry = entry_on_scale(grade, rules.scale, &format!("{place}.grade"))?;
            by_entry(attempt, entry, rules.transfer_in_gpa, rules, "transfer", place)
        }
    }
}

/// Never a default for an unknown grade.
pub(super) fn entry_on_scale<'a>(grade: &Grade, scale: &'a GradeScale, place: &str) -> Result<&'a GradeEntry, Problem> {
    let unknown = || Problem::new("grade-not-on-scale", place, format!("is not on the grade scale {}", scale.name));
    scale.entry(grade).ok_or_else(unknown)
}

/// Statuses beside which no grade can count.
fn result_is_open(status: Option<GradeStatus>) -> bool {
    use GradeStatus::{Audited, InProgress, NotYetReported, PlanningToTake};
    matches!(status, Some(InProgress | NotYetReported | PlanningToTake | Audited))
}

/// By the flags of a grade; then what the record says about a repeat, as Banner defines E, I and A: E counts
/// as attempted alone, A as attempted and in the GPA, I everywhere.
fn by_entry(
    attempt: &Attempt,
    entry: &GradeEntry,
    gpa_counts: bool,
    rules: &InForce,
    rule: &'static str,
    place: &str,
) -> Result<AttemptEvaluation, Problem> {
    let credits_if = |flag: bool| if flag { attempt.credits } else { Credits::ZERO };
    let earned = attempt.credits_earned.unwrap_or(credits_if(entry.earned));
    let (earned, excluded, rule) = match attempt.repeat {
        None => (earned, false, rule),
        Some(RepeatTreatment::Included) => (earned, false, "recorded-repeat-included"),
        Some(RepeatTreatment::Averaged) => (Credits::ZERO, false, "recorded-repeat-averaged"),
        Some(RepeatTreatment::Excluded) => (Credits::ZERO, true, "recorded-repeat-excluded"),
    };
    let points = entry.points.filter(|_| gpa_counts);
    let quality_points = match points {
        None => None,
        Some(points) => {
            let exact = QualityPoints::of(attempt.credits, points).ratio();
            let too_large =
                || Problem::new("quality-points-too-large", place, "has more quality points than can be printed");
            Some(rules.quality_points.apply(exact).ok_or_else(too_large)?)
        }
    };
    Ok(AttemptEvaluation {
        credits_attempted: credits_if(entry.attempted),
        credits_earned: earned,
        gpa_hours: credits_if(points.is_some() && !excluded),
        in_degree: entry.in_degree && !earned.is_zero(),
        points,
        quality_points,
        repeat: attempt.repeat,
        rule,
    })
}

/// Transferred credit without a grade of this scale: attempted as carried, earned as recorded.
fn without_grade(attempt: &Attempt) -> AttemptEvaluation {
    let excluded = matches!(attempt.repeat, Some(RepeatTreatment::Excluded | RepeatTreatment::Averaged));
    let earned = if excluded { Credits::ZERO } else { attempt.credits_earned.unwrap_or(attempt.credits) };
    AttemptEvaluation {
        credits_attempted: attempt.credits,
        credits_earned: earned,
        in_degree: !earned.is_zero(),
        ..counts_nowhere(attempt, "transfer-no-grade")
    }
}

fn counts_nowhere(attempt: &Attempt, rule: &'static str) -> AttemptEvaluation {
    AttemptEvaluation {
        credits_attempted: Credits::ZERO,
        credits_earned: Credits::ZERO,
        gpa_hours: Credits::ZERO,
        in_degree: false,
        points: None,
        quality_points: None,
        repeat: attempt.repeat,
        rule,
    }
}
