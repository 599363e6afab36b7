//! Repeats as the record marks them: E, I and A do what Banner, Fort Smith and Memphis say they do.

use crate::gpa_records::*;
use registrary::domain::{Attempt, BalanceOrigin, Credits, RepeatTreatment};

fn marked(raw_grade: &str, repeat: RepeatTreatment) -> Attempt {
    Attempt { repeat: Some(repeat), ..attempt(raw_grade, "3") }
}

/// University of Arkansas - Fort Smith: F marked E, D marked A, B marked I; D and B in the GPA, B alone used
/// for the degree (admissions.uafs.edu, grade-replacement.php).
#[test]
fn the_example_of_fort_smith() {
    let attempts = vec![
        marked("F", RepeatTreatment::Excluded),
        marked("D", RepeatTreatment::Averaged),
        marked("B", RepeatTreatment::Included),
    ];
    let levels = judged(&record(vec![term("2019-06", "undergraduate", attempts)]), &whole_letters());
    let judged = &levels[0].terms[0].attempts;
    let in_gpa: Vec<bool> = judged.iter().map(|attempt| !attempt.gpa_hours.is_zero()).collect();
    assert_eq!(in_gpa, [false, true, true]);
    assert_eq!(judged.iter().map(|attempt| attempt.in_degree).collect::<Vec<_>>(), [false, false, true]);
    let rules: Vec<&str> = judged.iter().map(|attempt| attempt.rule).collect();
    assert_eq!(rules, ["recorded-repeat-excluded", "recorded-repeat-averaged", "recorded-repeat-included"]);
    let total = levels[0].overall;
    assert_eq!((total.credits_attempted, total.credits_earned), (credits("9"), credits("3")));
    assert_eq!(total.gpa.map(|gpa| gpa.displayed.to_string()).as_deref(), Some("2.00"));
}

/// University of Memphis: the first line keeps its printed 3.00 quality points and shows E; credit is earned once.
#[test]
fn the_example_of_memphis() {
    let excluded = Attempt { credits_earned: Some(credits("3")), ..marked("D", RepeatTreatment::Excluded) };
    let terms = vec![
        term("2010-09", "undergraduate", vec![excluded]),
        term("2012-06", "undergraduate", vec![marked("A", RepeatTreatment::Included)]),
    ];
    let level = &judged(&record(terms), &whole_letters())[0];
    let first = &level.terms[0].attempts[0];
    assert_eq!(first.quality_points.map(|points| points.to_string()).as_deref(), Some("3.00"));
    assert_eq!((first.gpa_hours, first.credits_earned), (Credits::ZERO, Credits::ZERO));
    assert_eq!(level.terms[0].term.gpa, None);
    assert_eq!(level.overall.credits_earned, credits("3"));
    assert_eq!(level.overall.gpa.map(|gpa| gpa.displayed.to_string()).as_deref(), Some("4.00"));
}

/// Tennessee Tech, before its replacement: 60 hours and 123 points so far, and a term of 14 hours and 50 points.
#[test]
fn the_example_of_tennessee_tech_before_replacement() {
    let attempts = vec![attempt("B", "3"), attempt("B", "3"), attempt("A", "5"), attempt("A", "3")];
    let mut student = record(vec![term("2015-01", "undergraduate", attempts)]);
    student.balances = vec![balance(BalanceOrigin::Institution, None, "60", "123")];
    let only = &judged(&student, &whole_letters())[0].terms[0];
    assert_eq!((only.term.gpa_hours, only.term.quality_points_displayed), (credits("14"), decimal("50")));
    assert_eq!((only.cumulative.gpa_hours, only.cumulative.quality_points_displayed), (credits("74"), decimal("173")));
}
