//! Facts that contradict each other are refused; credit from elsewhere never slips into the GPA.

use crate::gpa_records::*;
use registrary::domain::*;
use registrary::gpa::Policy;

fn of_one(attempt: Attempt) -> StudentRecord {
    record(vec![term("2025-01", "undergraduate", vec![attempt])])
}

fn transferred(attempt: Attempt) -> StudentRecord {
    let mut student = record(Vec::new());
    student.transfers = vec![transfer("undergraduate", vec![attempt])];
    student
}

#[test]
fn a_status_that_counts_as_a_grade_keeps_transfer_work_out_of_the_gpa_too() {
    let file = |in_gpa| {
        format!(
            r#"
            extends = "whole-letters"
            transfer_in_gpa = {in_gpa}
            statuses = {{ withdrew-failing = "F" }}
        "#
        )
    };
    let student = transferred(with_status(GradeStatus::WithdrewFailing, "3"));
    let total = |in_gpa| {
        let policy = Policy::from_toml(&file(in_gpa)).expect("a policy");
        judged(&student, &policy)[0].transfer
    };
    assert_eq!(total(true).gpa_hours, credits("3"));
    assert_eq!((total(false).gpa_hours, total(false).gpa), (Credits::ZERO, None));
    assert_eq!(total(false).credits_attempted, credits("3"));
}

#[test]
fn no_credits_are_earned_where_the_status_says_that_there_is_no_result() {
    for status in [GradeStatus::InProgress, GradeStatus::PlanningToTake, GradeStatus::NotYetReported] {
        for grade in [None, Some(grade("IP"))] {
            let earned = Attempt { grade, credits_earned: Some(credits("3")), ..with_status(status, "3") };
            let nothing = Attempt { credits_earned: Some(Credits::ZERO), ..earned.clone() };
            let place = "attempts[0].credits_earned";
            let expected = |list| vec![("credits-contradict-status", format!("{list}[0].{place}"))];
            assert_eq!(refused(&of_one(earned.clone()), &whole_letters()), expected("terms"));
            assert_eq!(refused(&transferred(earned), &whole_letters()), expected("transfers"));
            judged(&of_one(nothing.clone()), &whole_letters());
            judged(&transferred(nothing), &whole_letters());
        }
    }
}

#[test]
fn a_grade_that_earns_contradicts_a_withdrawal_or_a_fail() {
    use GradeStatus::*;
    for status in [Withdrew, WithdrewPassing, WithdrewFailing, WithdrewNoPenalty, PassFailFail, OtherFail] {
        let with = |letter| Attempt { status: Some(status), ..attempt(letter, "3") };
        let place = "terms[0].attempts[0].grade".to_owned();
        assert_eq!(refused(&of_one(with("A")), &whole_letters()), [("grade-contradicts-status", place)]);
        judged(&of_one(with("F")), &whole_letters());
        judged(&of_one(with("W")), &whole_letters());
    }
}

#[test]
fn credit_transferred_without_a_grade_has_no_grade_that_counts() {
    let with = |letter| Attempt { status: Some(GradeStatus::TransferNoGrade), ..attempt(letter, "3") };
    let code = |record| refused(&record, &whole_letters())[0].0;
    assert_eq!(code(of_one(with("A"))), "grade-contradicts-status");
    assert_eq!(code(transferred(with("F"))), "grade-contradicts-status");
    let recorded = Attempt { credits_earned: Some(Credits::ZERO), ..with("F") };
    assert_eq!(judged(&transferred(recorded), &whole_letters())[0].transfer.credits_earned, Credits::ZERO);
    assert_eq!(judged(&transferred(with("A")), &whole_letters())[0].transfer.credits_earned, credits("3"));
}

#[test]
fn more_is_not_earned_than_a_course_carries() {
    let earning = |earned, carried| Attempt { credits_earned: Some(credits(earned)), ..attempt("A", carried) };
    let place = "terms[0].attempts[0].credits_earned".to_owned();
    assert_eq!(refused(&of_one(earning("300", "3")), &whole_letters()), [("credits-beyond-course", place)]);
    judged(&of_one(earning("3", "3")), &whole_letters());
    judged(&of_one(earning("1.5", "3")), &whole_letters());
    // Granted without a course to carry them; and what another institution's course carried is another measure.
    assert_eq!(judged(&of_one(earning("3", "0")), &whole_letters())[0].overall.credits_earned, credits("3"));
    assert_eq!(judged(&transferred(earning("4.5", "3")), &whole_letters())[0].transfer.credits_earned, credits("4.5"));
}

#[test]
fn a_course_without_credit_adds_none() {
    let unit = CreditUnit::NoCredit;
    let place = "terms[0].attempts[0].unit".to_owned();
    let counting = of_one(Attempt { unit, ..attempt("A", "3") });
    assert_eq!(refused(&counting, &whole_letters()), [("credits-without-credit", place)]);
    let weightless = of_one(Attempt { unit, ..attempt("A", "0") });
    assert_eq!(judged(&weightless, &whole_letters())[0].overall.gpa, None);
}

#[test]
fn stated_totals_are_not_dropped_where_the_policy_computes() {
    let line = StatedSummary {
        span: SummarySpan::Cumulative,
        label: None,
        level: None,
        unit: None,
        credits_attempted: None,
        credits_earned: None,
        gpa_hours: None,
        quality_points: None,
        gpa: Some(decimal("4.00")),
        standing: None,
        notes: Vec::new(),
    };
    let mut student = of_one(attempt("B", "3"));
    student.stated = vec![line.clone()];
    student.terms[0].stated = vec![line];
    let unused = |place: &str| ("stated-totals-unused", place.to_owned());
    assert_eq!(refused(&student, &whole_letters()), [unused("terms[0].stated"), unused("stated")]);
}
