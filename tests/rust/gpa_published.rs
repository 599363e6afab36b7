//! GPAs as institutions published them come out as published.

use crate::gpa_records::{credits, decimal, grade};
use registrary::domain::Ratio;
use registrary::gpa::{GradeColumns, PlainAttempt, Policy, calculate_gpa, calculate_gpas};
use serde_json::{Value, json};

fn published() -> Value {
    serde_json::from_str(include_str!("../truth/published_gpas.json")).expect("the file is JSON")
}

fn cases(list: &str) -> Vec<Value> {
    let cases = published()[list].as_array().expect(list).clone();
    assert!(!cases.is_empty());
    cases
}

fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} of {value}"))
}

fn policy(case: &Value, rounding: &Value) -> Policy {
    let file = json!({"scale": case["scale"], "no_gpa": case["no_gpa"], "rounding": rounding});
    Policy::from_json(&file).unwrap_or_else(|error| panic!("{}: {error}", case["id"]))
}

fn attempts(case: &Value) -> Vec<PlainAttempt> {
    let pair = |pair: &Value| PlainAttempt {
        grade: grade(pair[0].as_str().expect("a grade")),
        credits: credits(pair[1].as_str().expect("credits")),
        course: None,
        term: None,
        level: None,
    };
    case["attempts"].as_array().expect("attempts").iter().map(pair).collect()
}

#[test]
fn every_published_gpa_is_reproduced_by_the_modes_consistent_with_it_and_by_no_other() {
    for case in cases("gpas") {
        let listed = case["roundings"].as_array().expect("roundings");
        assert!(!listed.is_empty());
        for mode in ["truncate", "half_up", "half_even"] {
            let rounding = json!({"mode": mode, "places": listed[0]["places"]});
            let gpa = calculate_gpa(&attempts(&case), &policy(&case, &rounding)).expect("on the scale").expect("a GPA");
            let agrees = gpa.displayed.to_string() == word(&case, "gpa");
            assert_eq!(agrees, listed.contains(&rounding), "{} {mode}: {}", case["id"], gpa.displayed);
            assert_eq!(gpa.exact.to_string(), word(&case, "exact"), "{}", case["id"]);
        }
    }
}

#[test]
fn the_totals_published_beside_them_are_reproduced() {
    for case in cases("gpas") {
        let attempts = attempts(&case);
        let grades: Vec<_> = attempts.iter().map(|attempt| attempt.grade.clone()).collect();
        let hours: Vec<_> = attempts.iter().map(|attempt| attempt.credits).collect();
        let codes: Vec<u32> = (0..attempts.len() as u32).collect();
        let columns = GradeColumns {
            students: 1,
            student: &vec![0; attempts.len()],
            grade: &codes,
            credits: &hours,
            grades: &grades,
            level: None,
        };
        let gpas = calculate_gpas(&columns, &policy(&case, &case["roundings"][0])).expect("on the scale");
        let summary = gpas[0].summary;
        let quality_points = decimal(word(&case["totals"], "quality_points"));
        let exact = Ratio::new(i128::from(quality_points.micro()), 1_000_000);
        assert_eq!(Some(summary.quality_points), exact, "{}", case["id"]);
        assert_eq!(summary.gpa_hours, credits(word(&case["totals"], "gpa_hours")), "{}", case["id"]);
        for (key, total) in [("attempted", summary.credits_attempted), ("earned", summary.credits_earned)] {
            if let Some(published) = case["totals"][key].as_str() {
                assert_eq!(total, credits(published), "{} {key}", case["id"]);
            }
        }
    }
}

#[test]
fn every_published_rounding_is_reproduced() {
    for case in cases("displayed") {
        let file = json!({"scale": {"X": case["exact"]}, "rounding": case["rounding"]});
        let policy = Policy::from_json(&file).expect("a policy");
        let one = PlainAttempt { grade: grade("X"), credits: credits("1"), course: None, term: None, level: None };
        let gpa = calculate_gpa(&[one], &policy).expect("on the scale").expect("a GPA");
        assert_eq!(gpa.displayed.to_string(), word(&case, "displayed"), "{case}");
    }
}

#[test]
fn published_quality_points_are_reproduced() {
    for case in cases("quality_points") {
        let scale = json!({word(&case, "grade"): word(&case, "points")});
        let policy = Policy::from_json(&json!({"scale": scale, "quality_points": case["quality_points"]}));
        let columns = GradeColumns {
            students: 1,
            student: &[0],
            grade: &[0],
            credits: &[credits(word(&case, "credits"))],
            grades: &[grade(word(&case, "grade"))],
            level: None,
        };
        let gpas = calculate_gpas(&columns, &policy.expect("a policy")).expect("on the scale");
        assert_eq!(gpas[0].summary.quality_points_displayed.to_string(), word(&case, "displayed"));
    }
}
