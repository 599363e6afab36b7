//! Units, standing and honours as institutions publish them.

use crate::gpa_records::*;
use registrary::domain::{Attempt, Award, CreditUnit, Date, Level, Ratio, RepeatTreatment};
use registrary::gpa::{Evaluation, LevelEvaluation, Policy, evaluate};
use serde_json::{Value, json};

fn cases(list: &str) -> Vec<Value> {
    let published: Value =
        serde_json::from_str(include_str!("../truth/published_outcomes.json")).expect("the file is JSON");
    let cases = published[list].as_array().expect(list).clone();
    assert!(!cases.is_empty());
    cases
}

fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} of {value}"))
}

fn policy(file: &Value) -> Policy {
    Policy::from_json(file).unwrap_or_else(|error| panic!("{error}"))
}

/// "8/3" or "4.5".
fn ratio(text: &str) -> Ratio {
    match text.split_once('/') {
        Some((top, bottom)) => {
            let number = |digits: &str| digits.parse::<i128>().expect(digits);
            Ratio::new(number(top), number(bottom)).expect(text)
        }
        None => decimal(text).into(),
    }
}

/// One course of so many credits of one unit, judged by a policy that prints another.
fn converted(case: &Value, taken: &str, round: &str) -> LevelEvaluation {
    let mut units = json!({"print": case["to"], "round": round});
    units[word(case, "from")] = case["factor"].clone();
    let places = case["places"].as_str().unwrap_or("6");
    units["rounding"] = json!({"mode": "half_up", "places": places});
    let policy = policy(&json!({"extends": "whole-letters", "units": units}));
    let unit = CreditUnit::from_word(word(case, "from")).expect("a unit");
    let course = Attempt { unit, ..attempt("B", taken) };
    judged(&record(vec![term("2020-09", "undergraduate", vec![course])]), &policy).remove(0)
}

#[test]
fn every_published_conversion_is_exact() {
    for case in cases("units") {
        for pair in case["pairs"].as_array().expect("pairs") {
            let (taken, published) = (pair[0].as_str().expect("taken"), pair[1].as_str().expect("converted"));
            let level = converted(&case, taken, "sum");
            assert_eq!(level.overall.gpa_hours_exact, ratio(published), "{} {taken}", case["id"]);
            assert_eq!(level.unit.map(CreditUnit::word), case["to"].as_str());
            assert_eq!(level.overall.gpa.map(|gpa| gpa.exact), Ratio::new(3, 1), "a unit does not change a GPA");
        }
    }
}

#[test]
fn every_published_rounding_of_a_conversion_is_printed() {
    for case in cases("rounded_units") {
        for pair in case["pairs"].as_array().expect("pairs") {
            let (taken, published) = (pair[0].as_str().expect("taken"), pair[1].as_str().expect("converted"));
            for round in ["course", "sum"] {
                let total = converted(&case, taken, round).overall;
                assert_eq!(total.credits_earned, credits(published), "{} {taken} {round}", case["source"]);
                assert_eq!(total.credits_passed, total.credits_earned);
            }
        }
    }
}

fn attempts(listed: &Value) -> Vec<Attempt> {
    let one = |listed: &Value| {
        let taken = attempt(listed[0].as_str().expect("a grade"), listed[1].as_str().expect("credits"));
        Attempt { repeat: listed[2].as_str().and_then(RepeatTreatment::from_word), ..taken }
    };
    listed.as_array().expect("attempts").iter().map(one).collect()
}

fn award() -> Award {
    Award {
        title: text("Bachelor of Arts"),
        level: Some(Level::undergraduate()),
        conferred: Date::new(2030, 5, 20),
        programs: Vec::new(),
        honors: Vec::new(),
        thesis_title: None,
        notes: Vec::new(),
    }
}

/// What the rules gave, term by term or award by award.
fn outcomes(level: &LevelEvaluation, of: &str) -> Vec<Option<String>> {
    let decided = match of {
        "standing" => level.terms.iter().map(|term| term.standing.as_ref()).collect::<Vec<_>>(),
        "term_honors" => level.terms.iter().map(|term| term.honors.as_ref()).collect(),
        _ => level.awards.iter().map(|award| award.honors.as_ref()).collect(),
    };
    decided.into_iter().map(|outcome| outcome.map(|outcome| outcome.title.as_str().to_owned())).collect()
}

#[test]
fn every_published_rule_decides_as_it_is_worded() {
    for rules in cases("rules") {
        let policy = policy(&rules["policy"]);
        for case in rules["cases"].as_array().expect("cases") {
            let terms = case["terms"].as_array().expect("terms").iter().enumerate();
            let terms = terms.map(|(at, listed)| term(&format!("{}-09", 2020 + at), "undergraduate", attempts(listed)));
            let mut record = record(terms.collect());
            record.awards.push(award());
            let Ok(Evaluation::Computed { levels, .. }) = evaluate(&record, &policy) else { panic!("{case}") };
            let expected: Vec<Option<String>> = serde_json::from_value(case["outcomes"].clone()).expect("outcomes");
            assert_eq!(outcomes(&levels[0], word(&rules, "of")), expected, "{} {case}", rules["id"]);
        }
    }
}
