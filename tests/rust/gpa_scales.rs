//! Scales of every kind that institutions have: what each of their grades is worth, and what a mistake in one is called.

use crate::gpa_records::*;
use registrary::domain::{Error, Level};
use registrary::gpa::{Best, PlainAttempt, Policy, calculate_gpa};
use serde_json::{Value, json};

fn published() -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("../truth/published_scales.json")).expect("the file is JSON");
    file["scales"].as_array().expect("scales").clone()
}

fn built_in(name: &str) -> Policy {
    Policy::built_in(name).unwrap_or_else(|| panic!("{name} is no built-in policy"))
}

fn gpa(policy: &Policy, attempts: &[(&str, &str)]) -> String {
    let plain = |(raw_grade, raw_credits): &(&str, &str)| PlainAttempt {
        grade: grade(raw_grade),
        credits: credits(raw_credits),
        course: None,
        term: None,
        level: None,
    };
    let attempts: Vec<PlainAttempt> = attempts.iter().map(plain).collect();
    let gpa = calculate_gpa(&attempts, policy).unwrap_or_else(|error| panic!("{error}"));
    gpa.map_or_else(|| "none".to_owned(), |gpa| gpa.displayed.to_string())
}

fn problems(file: Value) -> Vec<(&'static str, String)> {
    match Policy::from_json(&file) {
        Err(Error::Policy(problems)) => problems.into_iter().map(|p| (p.code, p.place)).collect(),
        other => panic!("not refused as a policy: {other:?}"),
    }
}

#[test]
fn every_published_scale_is_built_in_as_published() {
    for published in published() {
        let name = published["policy"].as_str().expect("a name");
        let policy = built_in(name);
        let scale = policy.scale(&Level::undergraduate(), term_of("2025-01"));
        for (raw, points) in published["points"].as_object().expect("points") {
            let entry = scale.entry(&grade(raw)).unwrap_or_else(|| panic!("{name} has no {raw}"));
            let points = decimal(points.as_str().expect("points"));
            assert_eq!(entry.points.map(|p| p.decimal()), Some(points), "{name} {raw}");
            assert!(entry.in_gpa && entry.attempted, "{name} {raw}");
        }
        let count = scale.entries().iter().filter(|entry| entry.in_gpa).count();
        // WF and its like are the package's own, and nothing where the institution has none.
        let own = ["WF"].iter().filter(|own| published["points"].get(**own).is_none());
        let own = own.filter(|own| scale.entry(&grade(own)).is_some_and(|entry| entry.in_gpa)).count();
        assert_eq!(count - own, published["points"].as_object().map_or(0, |points| points.len()), "{name}");
        let fails: Vec<&str> = published["fails"].as_array().expect("fails").iter().flat_map(Value::as_str).collect();
        for entry in scale.entries().iter().filter(|entry| entry.in_gpa && !["WF"].contains(&entry.grade.as_str())) {
            assert_eq!(!entry.earned, fails.contains(&entry.grade.as_str()), "{name} {}", entry.grade);
        }
        for (mark, letter) in published["marks"].as_object().into_iter().flatten() {
            let entry = scale.entry(&grade(mark)).unwrap_or_else(|| panic!("{name} has no mark {mark}"));
            assert_eq!(Some(entry.grade.as_str()), letter.as_str(), "{name} {mark}");
        }
        if published["marks"].is_null() {
            assert!(scale.entry(&grade("73")).is_none(), "{name}");
        }
    }
    let covered: Vec<Value> = published().iter().map(|scale| scale["policy"].clone()).collect();
    for name in Policy::built_in_names() {
        let covered_otherwise = ["pass-fail", "nigeria-by-entry"].contains(name);
        assert!(covered_otherwise || covered.contains(&json!(name)), "{name} has no published scale beside it");
    }
}

#[test]
fn a_fail_may_be_worth_something_and_earns_nothing_all_the_same() {
    assert_eq!(gpa(&built_in("seven-point"), &[("N", "3"), ("P", "3")]), "2.75");
    assert_eq!(gpa(&built_in("monash"), &[("N", "6"), ("NP", "6")]), "0.500");
    for (name, fail) in
        [("seven-point", "N"), ("monash", "N"), ("monash", "NP"), ("germany", "5.0"), ("nigeria-four", "E")]
    {
        let policy = built_in(name);
        let entry = policy.scale(&Level::undergraduate(), term_of("2025-01")).entry(&grade(fail)).cloned();
        assert!(entry.is_some_and(|entry| entry.in_gpa && !entry.earned && !entry.in_degree), "{name} {fail}");
    }
}

#[test]
fn marks_count_as_the_grade_of_their_range() {
    let toronto = built_in("toronto");
    assert_eq!(gpa(&toronto, &[("73", "0.5"), ("A+", "0.5")]), "3.50");
    assert_eq!(gpa(&toronto, &[("100", "1")]), "4.00");
    let aast = built_in("aast");
    assert_eq!(gpa(&aast, &[("84.99", "3"), ("85", "3")]), "3.4950");
    let unknown = |policy: &Policy, raw: &str| {
        let one = PlainAttempt { grade: grade(raw), credits: credits("1"), course: None, term: None, level: None };
        matches!(calculate_gpa(&[one], policy), Err(Error::MalformedRecord(found)) if found[0].code == "grade-not-on-scale")
    };
    for raw in ["101", "69.5", "-1", "073.5", "7 3", "B++"] {
        assert!(unknown(&toronto, raw), "{raw}");
    }
    // A finer mark is rounded only where the scale says how.
    let file = json!({"extends": "toronto", "marks": {"mode": "half_up"}});
    let rounding = Policy::from_json(&file).expect("a policy");
    assert_eq!((gpa(&rounding, &[("69.5", "1")]), gpa(&rounding, &[("69.49", "1")])), ("2.70".into(), "2.30".into()));
    assert!(unknown(&rounding, "100.5"));
}

#[test]
fn fewer_points_are_better_where_the_scale_says_so() {
    let germany = built_in("germany");
    let scale = germany.scale(&Level::undergraduate(), term_of("2025-01"));
    assert_eq!(scale.best(), Best::Lowest);
    let order: Vec<&str> = scale.entries().iter().map(|entry| entry.grade.as_str()).collect();
    assert_eq!(order[..3], ["1.0", "1.3", "1.7"]);
    assert_eq!(order[10], "5.0");
    // 1.0 and 2.3 over equal credits: 1.65, cut to 1.6.
    assert_eq!(gpa(&germany, &[("1.0", "6"), ("2.3", "6")]), "1.6");
    let short = json!({"best": "lowest", "pass_points": "4.0", "scale": {"1": "1", "4": "4", "5": "5"}});
    let short = Policy::from_json(&short).expect("a policy");
    let earned = |raw: &str| {
        short.scale(&Level::undergraduate(), term_of("2025-01")).entry(&grade(raw)).is_some_and(|entry| entry.earned)
    };
    assert_eq!(["1", "4", "5"].map(earned), [true, true, false]);
    assert_eq!(
        problems(json!({"best": "lowest", "scale": {"1": "1", "5": {"points": "5"}}})),
        [("no-pass-points", "scale.1".into()), ("no-pass-points", "scale.5".into())]
    );
}

#[test]
fn the_better_of_two_attempts_is_the_one_with_fewer_points() {
    let attempt = |raw: &str, term: &str| PlainAttempt {
        grade: grade(raw),
        credits: credits("6"),
        course: Some(text("BWL 1")),
        term: Some(text(term)),
        level: None,
    };
    let displayed = |policy: &Value, attempts: &[PlainAttempt]| {
        let policy = Policy::from_json(policy).expect("a policy");
        calculate_gpa(attempts, &policy).expect("on the scale").map(|gpa| gpa.displayed.to_string())
    };
    let best = json!({"extends": "germany", "repeats": {"counts": "best"}});
    for taken in
        [[attempt("5.0", "2020-10"), attempt("2.3", "2021-04")], [attempt("2.3", "2020-10"), attempt("3.7", "2021-04")]]
    {
        assert_eq!(displayed(&best, &taken).as_deref(), Some("2.3"));
    }
    // Only what is 4.0 or worse may be replaced, by 3.0 or better: 3.7 stands beside 1.0; of 5.0 and 1.0 the 1.0.
    let limits =
        json!({"extends": "germany", "repeats": {"counts": "last", "old_at_most": "4.0", "new_at_least": "3.0"}});
    assert_eq!(displayed(&limits, &[attempt("3.7", "2020-10"), attempt("1.0", "2021-04")]).as_deref(), Some("2.3"));
    assert_eq!(displayed(&limits, &[attempt("5.0", "2020-10"), attempt("1.0", "2021-04")]).as_deref(), Some("1.0"));
    assert_eq!(displayed(&limits, &[attempt("5.0", "2020-10"), attempt("3.3", "2021-04")]).as_deref(), Some("4.1"));
}

#[test]
fn a_grade_that_fails_on_an_inverted_scale_is_not_passed() {
    let file = json!({"best": "lowest", "pass_points": "4.0", "scale": {"4.0": "4.0", "5.0": "5.0"}});
    let policy = Policy::from_json(&file).expect("a policy");
    let entry = |raw| policy.scale(&Level::undergraduate(), term_of("2025-01")).entry(&grade(raw)).cloned().unwrap();
    assert!(entry("4.0").passed && entry("4.0").earned);
    assert!(!entry("5.0").passed && !entry("5.0").earned && entry("5.0").attempted);
}

#[test]
fn ranges_of_marks_are_checked_when_the_policy_is_read() {
    let marked = |from: &str, to: &str, points: &str| json!({"points": points, "marks": [from, to]});
    let scale = |a: Value, b: Value| json!({"scale": {"A": a, "B": b}});
    assert_eq!(
        problems(scale(marked("70", "100", "4"), marked("0", "70", "0"))),
        [("marks-overlap", "scale.A".to_owned())]
    );
    assert_eq!(
        problems(scale(marked("70", "100", "4"), marked("0", "68", "0"))),
        [("marks-left-out", "scale.A".to_owned())]
    );
    assert_eq!(
        problems(scale(marked("70", "100", "4"), marked("0", "69.9", "0"))),
        [("marks-too-fine", "scale.B".to_owned())]
    );
    assert_eq!(
        problems(scale(marked("100", "70", "4"), json!({"points": "0", "marks": ["0"]}))),
        [
            ("empty-range", "scale.A.marks".to_owned()),
            ("not-a-range", "scale.B.marks".to_owned()),
            ("no-scale", "scale".to_owned())
        ]
    );
    let mut gaps = scale(marked("70", "100", "4"), marked("0", "60", "0"));
    gaps["marks"] = json!({"gaps": true});
    assert!(Policy::from_json(&gaps).is_ok());
    assert_eq!(
        problems(json!({"scale": {"A": "4"}, "marks": {"places": 7, "colour": 1}, "best": "middle"})),
        [
            ("unknown-word", "best".to_owned()),
            ("unknown-key", "marks.colour".to_owned()),
            ("bad-places", "marks.places".to_owned()),
            ("idle-key", "marks".to_owned())
        ]
    );
    // An own entry without marks over one of the built-in's leaves its marks to nobody.
    assert_eq!(
        problems(json!({"extends": "toronto", "scale": {"B": "3.1"}})),
        [("marks-left-out", "scale.\"B+\"".to_owned())]
    );
}

/// From the lowest mark to the highest every one is a grade, and a higher mark never a worse one.
#[test]
fn every_mark_of_a_scale_of_marks_is_a_grade() {
    let scales = [("toronto", 1), ("korea", 1), ("nigeria-five", 1), ("nigeria-four", 1), ("aast", 100)];
    for (name, steps) in scales {
        let policy = built_in(name);
        let scale = policy.scale(&Level::undergraduate(), term_of("2025-01"));
        let mut before = None;
        for step in 0..=100 * steps {
            let mark = if steps == 1 { step.to_string() } else { format!("{}.{:02}", step / steps, step % steps) };
            let entry = scale.entry(&grade(&mark)).unwrap_or_else(|| panic!("{name}: {mark} is no grade"));
            let quality = scale.quality(entry.points);
            assert!(quality >= before, "{name}: {mark} is worse than the mark before it");
            before = quality;
        }
    }
}

/// No GPA lies outside its scale, whichever end is the good one.
#[test]
fn a_gpa_stays_inside_its_scale() {
    for name in Policy::built_in_names().iter().filter(|name| !["pass-fail", "nigeria-by-entry"].contains(name)) {
        let policy = built_in(name);
        let scale = policy.scale(&Level::undergraduate(), term_of("2025-01"));
        let graded: Vec<_> = scale.entries().iter().filter(|entry| entry.in_gpa).collect();
        let points: Vec<_> = graded.iter().filter_map(|entry| entry.points).map(|points| points.decimal()).collect();
        let (lowest, highest) = (points.iter().min().copied(), points.iter().max().copied());
        for step in 1..graded.len() {
            let some: Vec<(&str, &str)> =
                graded.iter().step_by(step).map(|entry| (entry.grade.as_str(), "3")).collect();
            let gpa = Some(decimal(&gpa(&policy, &some)));
            assert!(lowest <= gpa && gpa <= highest, "{name}: {gpa:?}");
        }
        let order: Vec<_> = graded.iter().map(|entry| scale.quality(entry.points)).collect();
        assert!(order.is_sorted_by(|a, b| a >= b), "{name}: the legend does not run from best to worst");
    }
}
