//! From judged attempts to the results that a repeat compares, and back: what its decision does to their totals.

use super::evaluation::AttemptEvaluation;
use super::policy::InForce;
use super::repeat_timeline::{Decision, Taken};
use crate::domain::{Attempt, Course, Credits, Date, GradeStatus, RepeatTreatment, YearMonth};

/// What a course is called; `None` where it is never a repeat.
pub(super) type Naming = fn(&Course) -> Option<String>;

/// How a record names its courses. Half a name is none: 101 of which subject?
pub(super) fn subject_and_number(course: &Course) -> Option<String> {
    (course.subject.is_some() && course.number.is_some()).then(|| course.code())
}

/// The result of a judged attempt. `None` for one without: a course under way, left, audited, incomplete or not
/// passed without points, or one that no subject and number name. It replaces nothing and nothing replaces it.
pub(super) fn result<'a>(
    key: usize,
    when: (YearMonth, Option<Date>),
    attempt: &'a Attempt,
    judged: &AttemptEvaluation,
    rules: &InForce<'a>,
    naming: Naming,
) -> Option<Taken<'a>> {
    // The grade beside a transfer without one is a remark.
    let grade = attempt.grade.as_ref().filter(|_| attempt.status != Some(GradeStatus::TransferNoGrade));
    let by_grade = grade.and_then(|grade| rules.scale.entry(grade));
    let by_status = || attempt.status.and_then(|status| rules.entry_for_status(status));
    // Transferred grades may be outside the GPA here and compare all the same.
    let points = judged.points.or_else(|| by_grade.or_else(by_status).and_then(|entry| entry.points));
    let earns = !judged.credits_earned.is_zero();
    let converted = rules.conversion.and_then(|units| units.converted(judged.credits, judged.unit));
    let has_result = points.is_some() || earns || judged.repeat.is_some();
    if !has_result || judged.rule == "in-progress" {
        return None;
    }
    Some(Taken {
        key,
        when,
        code: naming(&attempt.course)?.into(),
        grade: by_grade.or_else(by_status).map(|entry| &entry.grade),
        points,
        credits: converted.unwrap_or(judged.credits),
        earns,
        may_replace: !is_left_or_open(attempt.status),
        marked: attempt.repeat,
        elsewhere: false,
        scale: rules.scale,
    })
}

/// Statuses whose grade, should it have points, replaces no earlier one.
fn is_left_or_open(status: Option<GradeStatus>) -> bool {
    use GradeStatus::{Audited, InProgress, Incomplete, NotYetReported, PlanningToTake};
    use GradeStatus::{Withdrew, WithdrewFailing, WithdrewNoPenalty, WithdrewPassing};
    matches!(
        status,
        Some(
            Audited
                | Incomplete
                | InProgress
                | NotYetReported
                | PlanningToTake
                | Withdrew
                | WithdrewFailing
                | WithdrewNoPenalty
                | WithdrewPassing
        )
    )
}

/// As Banner defines the marks: E counts as attempted alone, A as attempted and in the GPA, I everywhere.
pub(super) fn apply(judged: &mut AttemptEvaluation, decision: Decision) {
    judged.repeat = Some(decision.treatment);
    judged.rule = decision.rule;
    if decision.treatment != RepeatTreatment::Included {
        judged.credits_passed = Credits::ZERO;
        judged.credits_earned = Credits::ZERO;
        judged.in_degree = false;
    }
    if decision.treatment == RepeatTreatment::Excluded {
        judged.gpa_hours = Credits::ZERO;
    }
}
