//! What a record says of enrolment, as of a day.

use crate::gpa_records::{attempt, credits, record, term, with_status};
use registrary::domain::{Date, Error, GradeStatus, Level, StudentRecord, Term};
use registrary::gpa::{Enrollment, Load, LoadRule, enrollment};

fn day(text: &str) -> Date {
    text.parse().expect(text)
}

fn rule(level: Option<&str>, full: &str, half: Option<&str>) -> LoadRule {
    let level = level.map(|level| Level::new(level).expect(level));
    LoadRule { level, full_time: credits(full), half_time: half.map(credits) }
}

fn dated(designator: &str, begins: &str, ends: &str, term_credits: &[&str]) -> Term {
    let attempts = term_credits.iter().map(|credits| attempt("A", credits)).collect();
    Term { begins: Some(day(begins)), ends: Some(day(ends)), ..term(designator, "undergraduate", attempts) }
}

fn two_terms() -> StudentRecord {
    record(vec![
        dated("2024-09", "2024-09-02", "2024-12-13", &["3", "3", "4"]),
        dated("2025-01", "2025-01-13", "2025-05-09", &["3", "2.5"]),
    ])
}

fn as_of(date: &str) -> Enrollment {
    enrollment(&two_terms(), &[], day(date)).expect(date)
}

#[test]
fn a_term_is_under_way_from_its_first_day_to_its_last() {
    for (date, terms, current) in [
        ("2024-09-02", 1, true),
        ("2024-12-13", 1, true),
        ("2024-12-14", 1, false),
        ("2025-01-13", 2, true),
        ("2025-05-10", 2, false),
    ] {
        let found = as_of(date);
        assert_eq!((found.terms.len(), found.current), (terms, Some(current)), "{date}");
    }
    let before = enrollment(&two_terms(), &[], day("2024-09-01"));
    assert!(matches!(before, Err(Error::NeverEnrolled)));
}

#[test]
fn the_load_is_told_by_the_rule_of_the_level_alone() {
    let load = |rules: &[LoadRule]| -> Vec<Option<Load>> {
        let found = enrollment(&two_terms(), rules, day("2025-06-01")).expect("a good rule");
        found.terms.iter().map(|term| term.load).collect()
    };
    assert_eq!(load(&[]), [None, None]);
    assert_eq!(load(&[rule(None, "10", None)]), [Some(Load::Full), Some(Load::Half)]);
    assert_eq!(load(&[rule(None, "11", None)]), [Some(Load::Half), Some(Load::Half)]);
    assert_eq!(load(&[rule(None, "11.001", None)]), [Some(Load::Half), Some(Load::LessThanHalf)]);
    assert_eq!(load(&[rule(None, "12", Some("5.6"))]), [Some(Load::Half), Some(Load::LessThanHalf)]);
    assert_eq!(load(&[rule(Some("graduate"), "9", None)]), [None, None]);
    let both = [rule(None, "9", None), rule(Some("undergraduate"), "12", None)];
    assert_eq!(load(&both), [Some(Load::Half), Some(Load::LessThanHalf)]);
}

#[test]
fn withdrawals_audits_and_plans_carry_no_credits() {
    let mut record = two_terms();
    record.terms[0].attempts.push(with_status(GradeStatus::Withdrew, "4"));
    record.terms[0].attempts.push(with_status(GradeStatus::Audited, "3"));
    record.terms[1].attempts = vec![with_status(GradeStatus::WithdrewPassing, "3")];
    record.terms.push(term("2025-05", "undergraduate", vec![with_status(GradeStatus::PlanningToTake, "3")]));
    let found = enrollment(&record, &[rule(None, "10", None)], day("2025-06-01")).expect("two terms");
    let told: Vec<_> = found.terms.iter().map(|t| (t.credits.to_string(), t.withdrawn, t.load)).collect();
    assert_eq!(told, [("10".into(), false, Some(Load::Full)), ("0".into(), true, None)]);
}

#[test]
fn who_only_audits_has_not_withdrawn() {
    let mut record = two_terms();
    record.terms[1].attempts = vec![with_status(GradeStatus::Audited, "3")];
    let found = enrollment(&record, &[], day("2025-02-01")).expect("one term");
    assert_eq!((found.terms.len(), found.terms[0].withdrawn, found.current), (1, false, Some(false)));
}

#[test]
fn without_dates_nobody_can_say_that_a_student_is_or_is_not_enrolled() {
    let mut record = two_terms();
    record.terms[1].ends = None;
    assert_eq!(enrollment(&record, &[], day("2025-06-01")).expect("terms").current, None);
    assert_eq!(enrollment(&record, &[], day("2024-10-01")).expect("terms").current, Some(true));
}

#[test]
fn rules_that_contradict_themselves_are_refused() {
    for rules in [
        vec![rule(None, "12", Some("12.5"))],
        vec![rule(None, "0", None)],
        vec![rule(None, "12", None), rule(None, "9", None)],
    ] {
        assert!(matches!(enrollment(&two_terms(), &rules, day("2025-06-01")), Err(Error::Configuration { .. })));
    }
}
