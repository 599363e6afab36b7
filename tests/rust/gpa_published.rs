//! GPAs as institutions published them come out as published.

use crate::gpa_records::{attempt, credits, decimal, grade, judged, record, term, ungraded};
use arrow_array::cast::AsArray;
use arrow_array::types::Decimal128Type;
use arrow_array::{ArrayRef, Decimal128Array, Int64Array, RecordBatch, StringArray};
use registrary::domain::{Attempt, Credits, Ratio};
use registrary::gpa::batch::{BatchRequest, ColumnNames, Grouping, KeyColumn, OnError, calculate_table};
use registrary::gpa::{PlainAttempt, Policy, calculate_gpa};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

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
        let (found, policy) = (attempts(&case), policy(&case, &case["roundings"][0]));
        let of =
            |attempt: &PlainAttempt| Attempt { grade: Some(attempt.grade.clone()), ..ungraded_of(attempt.credits) };
        let levels = judged(&record(vec![term("2020-09", "undergraduate", found.iter().map(of).collect())]), &policy);
        let summary = levels[0].terms[0].term;
        let quality_points = decimal(word(&case["totals"], "quality_points"));
        let exact = Ratio::new(i128::from(quality_points.micro()), 1_000_000);
        assert_eq!(Some(summary.quality_points), exact, "{}", case["id"]);
        assert_eq!(summary.gpa_hours, credits(word(&case["totals"], "gpa_hours")), "{}", case["id"]);
        for (key, total) in [("attempted", summary.credits_attempted), ("earned", summary.credits_earned)] {
            if let Some(published) = case["totals"][key].as_str() {
                assert_eq!(total, credits(published), "{} {key}", case["id"]);
            }
        }
        let [attempted, earned, hours] = [summary.credits_attempted, summary.credits_earned, summary.gpa_hours]
            .map(|credits| i128::from(credits.decimal().micro()) / 1000);
        let expected = [attempted, earned, hours, i128::from(quality_points.micro())];
        assert_eq!(of_a_table(&found, policy), (expected, word(&case, "gpa").to_owned()), "{}", case["id"]);
    }
}

fn ungraded_of(credits: Credits) -> Attempt {
    Attempt { credits, ..ungraded("0") }
}

/// The four totals (credits in thousandths, quality points in millionths) and the GPA of a table of one student.
fn of_a_table(attempts: &[PlainAttempt], policy: Policy) -> ([i128; 4], String) {
    let millionths = attempts.iter().map(|attempt| i128::from(attempt.credits.decimal().micro()));
    let credits = Decimal128Array::from_iter_values(millionths).with_precision_and_scale(20, 6).expect("fits");
    let batch = RecordBatch::try_from_iter([
        ("student", Arc::new(Int64Array::from(vec![1; attempts.len()])) as ArrayRef),
        ("grade", Arc::new(StringArray::from_iter_values(attempts.iter().map(|attempt| attempt.grade.as_str())))),
        ("credits", Arc::new(credits)),
    ]);
    let name = |word: &str| Some(word.to_owned());
    let request = BatchRequest {
        columns: ColumnNames {
            student: name("student"),
            grade: name("grade"),
            credits: name("credits"),
            ..ColumnNames::default()
        },
        by: Grouping { keys: vec![KeyColumn::Student] },
        cumulative: false,
        on_error: OnError::Refuse,
        policy,
    };
    let table = calculate_table(&[batch.expect("a table")], &request, &AtomicBool::new(false)).expect("on the scale");
    let column = |at: usize| table.batch.column(at).as_primitive::<Decimal128Type>();
    assert_eq!(column(4).scale(), 6);
    ([1, 2, 3, 4].map(|at| column(at).value(0)), column(5).value_as_string(0))
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
        let one = vec![attempt(word(&case, "grade"), word(&case, "credits"))];
        let levels = judged(&record(vec![term("2020-09", "undergraduate", one)]), &policy.expect("a policy"));
        let summary = levels[0].terms[0].term;
        assert_eq!(summary.quality_points_displayed.to_string(), word(&case, "displayed"));
    }
}
