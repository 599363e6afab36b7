//! Plain attempts and one class.

use crate::gpa_records::*;
use registrary::domain::{Error, Level};
use registrary::gpa::{PlainAttempt, Policy, calculate_class_gpa, calculate_gpa};

fn plain(raw_grade: &str, raw_credits: &str, term: Option<&str>) -> PlainAttempt {
    PlainAttempt {
        grade: grade(raw_grade),
        credits: credits(raw_credits),
        course: None,
        term: term.map(text),
        level: None,
    }
}

fn codes<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<(&'static str, String)> {
    match result {
        Err(Error::MalformedRecord(problems)) => problems.into_iter().map(|p| (p.code, p.place)).collect(),
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn nothing_graded_has_no_gpa() {
    assert_eq!(calculate_gpa(&[], &whole_letters()), Ok(None));
    assert_eq!(calculate_gpa(&[plain("P", "3", None), plain("W", "3", None)], &whole_letters()), Ok(None));
    assert_eq!(calculate_gpa(&[plain("A", "0", None)], &whole_letters()), Ok(None));
    assert_eq!(calculate_class_gpa(&[], &whole_letters()), Ok(None));
    assert_eq!(calculate_class_gpa(&[grade("W")], &whole_letters()), Ok(None));
}

#[test]
fn unknown_grades_and_mixed_levels_are_listed() {
    let mut attempts = vec![plain("A", "3", None), plain("Q", "3", None), plain("a", "3", None), plain("B", "3", None)];
    attempts[3].level = Some(Level::graduate());
    let expected = [
        ("grade-not-on-scale", "attempts[1].grade"),
        ("grade-not-on-scale", "attempts[2].grade"),
        ("mixed-levels", "attempts[3].level"),
    ];
    assert_eq!(codes(calculate_gpa(&attempts, &whole_letters())), expected.map(|(c, p)| (c, p.to_owned())));
    let class = [grade("A"), grade("?")];
    assert_eq!(codes(calculate_class_gpa(&class, &whole_letters())), [("grade-not-on-scale", "grades[1]".to_owned())]);
}

#[test]
fn rules_by_term_follow_the_latest_term() {
    let file = r#"
        scale = { A = 4, B = 3 }
        rounding = [{ mode = "truncate", places = 2 }, { from = "2004-06", mode = "half_up", places = 2 }]
    "#;
    let policy = Policy::from_toml(file).expect("a policy");
    let gpa = |last: Option<&str>| {
        let attempts = [plain("A", "2", last), plain("B", "1", Some("2003-09"))];
        calculate_gpa(&attempts, &policy).expect("on the scale").expect("a GPA").displayed.to_string()
    };
    assert_eq!(gpa(Some("2004-01")), "3.66");
    assert_eq!(gpa(Some("2004-06")), "3.67");
    assert_eq!(gpa(Some("Fall 2003")), "3.67", "no designator: the newest rule");
    assert_eq!(gpa(None), "3.67");
}

#[test]
fn a_class_weighs_every_graded_student_once() {
    let grades = ["A", "B", "B", "F", "W", "P"].map(grade);
    let gpa = calculate_class_gpa(&grades, &whole_letters()).expect("on the scale").expect("a GPA");
    assert_eq!((gpa.exact.to_string().as_str(), gpa.displayed.to_string().as_str()), ("5/2", "2.50"));
}
