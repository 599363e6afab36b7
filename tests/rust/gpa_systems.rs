//! Honours, weighted marks, grades of another country and cumulative indices come out as published, wrong ones do not.

use crate::gpa_records::*;
use registrary::domain::{Error, Level, Ratio};
use registrary::gpa::systems::*;
use registrary::gpa::{PlainAttempt, Policy, calculate_gpa};
use serde_json::{Value, json};

fn published(list: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("../truth/published_systems.json")).expect("the file is JSON");
    let cases = file[list].as_array().expect(list).clone();
    assert!(!cases.is_empty());
    cases
}

fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} of {value}"))
}

fn module(parts: &Value) -> Module {
    let part = |at: usize| parts[at].as_str().expect("a text");
    Module { mark: decimal(part(0)), credits: credits(part(1)), level: text(part(2)) }
}

fn modules(case: &Value, key: &str) -> Vec<Module> {
    case[key].as_array().expect(key).iter().map(module).collect()
}

fn of(mark: &str, hours: &str, level: &str) -> Module {
    module(&json!([mark, hours, level]))
}

fn exactly(raw: &str) -> Ratio {
    Ratio::new(i128::from(decimal(raw).nano()), 1_000_000_000).expect("positive denominator")
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

fn problems<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<(&'static str, String)> {
    match result {
        Err(Error::Policy(problems) | Error::MalformedRecord(problems)) => {
            problems.into_iter().map(|p| (p.code, p.place)).collect()
        }
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn published_honours_are_reproduced() {
    for case in published("honours") {
        let scheme = HonoursScheme::built_in(word(&case, "scheme")).unwrap_or_else(|| panic!("{case}"));
        let modules = modules(&case, "modules");
        let honours = classify_honours(&modules, &scheme).unwrap_or_else(|error| panic!("{}: {error}", case["id"]));
        assert_eq!(honours.class.as_ref().map(|class| class.as_str()), case["class"].as_str(), "{}", case["id"]);
        assert_eq!(honours.displayed.to_string(), word(&case, "displayed"), "{}", case["id"]);
        let counted: Vec<_> = case["counted"]
            .as_array()
            .expect("counted")
            .iter()
            .map(|c| credits(c.as_str().expect("credits")))
            .collect();
        assert_eq!(honours.counted, counted, "{}", case["id"]);
        for level in &honours.levels {
            assert_eq!(level.exact, exactly(word(&case["levels"], level.level.as_str())), "{}", case["id"]);
        }
        assert_eq!(honours.levels.len(), case["levels"].as_object().map_or(0, |levels| levels.len()), "{}", case["id"]);
        // The order of modules is irrelevant.
        let mut turned = modules;
        turned.reverse();
        let again = classify_honours(&turned, &scheme).expect("as before");
        assert_eq!((again.exact, again.class, again.levels), (honours.exact, honours.class, honours.levels));
    }
}

#[test]
fn published_weighted_marks_are_reproduced() {
    for case in published("weighted_marks") {
        let scheme = MarkScheme::built_in(word(&case, "scheme")).expect("built in");
        let mean = weighted_average_mark(&modules(&case, "units"), &scheme).expect("marks").expect("a mean");
        assert_eq!(mean.displayed.to_string(), word(&case, "displayed"), "{}", case["id"]);
    }
}

#[test]
fn published_conversions_are_reproduced() {
    for case in published("conversions") {
        let scheme = ConversionScheme::built_in(word(&case, "scheme")).expect("built in");
        let number = |key| decimal(word(&case, key));
        let converted = convert_grade(number("grade"), number("best"), number("lowest_pass"), &scheme);
        assert_eq!(converted.map(|grade| grade.to_string()), Ok(word(&case, "converted").to_owned()), "{}", case["id"]);
    }
}

#[test]
fn published_cumulative_indices_are_reproduced() {
    for case in published("cumulative_indices") {
        // A term of one course whose points are its published index.
        let terms = case["terms"].as_array().expect("terms");
        let scale: serde_json::Map<String, Value> =
            terms.iter().enumerate().map(|(at, term)| (format!("T{at}"), term[0].clone())).collect();
        let policy = Policy::from_json(&json!({"extends": "iit-bombay", "scale": scale})).expect("a policy");
        let one = |(at, term): (usize, &Value)| PlainAttempt {
            grade: grade(&format!("T{at}")),
            credits: credits(term[1].as_str().expect("credits")),
            course: None,
            term: Some(text(&format!("2020-{:02}", at + 1))),
            level: None,
        };
        let attempts: Vec<_> = terms.iter().enumerate().map(one).collect();
        let gpa = calculate_gpa(&attempts, &policy).expect("on the scale").expect("a GPA");
        assert_eq!(
            (gpa.exact.to_string(), gpa.displayed.to_string()),
            (word(&case, "exact").into(), word(&case, "displayed").into())
        );
    }
}

/// Each of them is refused as a truth: no rounding makes the claimed figure of what is published beside it.
#[test]
fn figures_published_wrong_are_not_reproduced() {
    for case in published("wrong") {
        let places = word(&case, "claimed").split_once('.').map_or(0, |(_, places)| places.len());
        for mode in ["truncate", "half_up", "half_even"] {
            let mut file = json!({"rounding": {"mode": mode, "places": places}});
            for key in ["scale", "extends"].into_iter().filter(|key| !case[*key].is_null()) {
                file[key] = case[key].clone();
            }
            let policy = Policy::from_json(&file).expect("a policy");
            let gpa = calculate_gpa(&attempts(&case), &policy).expect("on the scale").expect("a GPA");
            assert_eq!(gpa.exact.to_string(), word(&case, "exact"), "{}", case["id"]);
            assert_ne!(
                gpa.displayed.to_string(),
                word(&case, "claimed"),
                "{} {mode}: {}",
                case["id"],
                word(&case, "why")
            );
        }
    }
    for case in published("wrong_classes") {
        for mode in ["truncate", "half_up", "half_even"] {
            let file = json!({"methods": [{"weights": case["weights"]}], "printed": {"mode": mode, "places": 1},
                "classes": [{"name": "First", "from": "70"}, {"name": "Upper second", "from": "60"}]});
            let scheme = HonoursScheme::from_json(&file).expect("a scheme");
            let honours = classify_honours(&modules(&case, "modules"), &scheme).expect("marks");
            assert_eq!(honours.exact.to_string(), word(&case, "exact"), "{}", case["id"]);
            assert_ne!(honours.displayed.to_string(), word(&case, "claimed"), "{}: {}", case["id"], word(&case, "why"));
        }
    }
    for case in published("wrong_points") {
        for name in Policy::built_in_names() {
            let policy = Policy::built_in(name).expect(name);
            let entry =
                policy.scale(&Level::undergraduate(), term_of("2025-01")).entry(&grade(word(&case, "grade"))).cloned();
            let points = entry.and_then(|entry| entry.points).map(|points| points.decimal());
            assert_ne!(points, Some(decimal(word(&case, "claimed"))), "{name}: {}", word(&case, "why"));
        }
    }
}

#[test]
fn the_exact_average_is_compared_unless_the_scheme_rounds_it_first() {
    let classes = json!([{"name": "2:1", "from": "60"}, {"name": "2:2", "from": "50"}]);
    let mut file = json!({"methods": [{"weights": {"6": 1}}], "classes": classes});
    let class = |file: &Value, mark: &str| {
        let scheme = HonoursScheme::from_json(file).expect("a scheme");
        classify_honours(&[of(mark, "120", "6")], &scheme).expect("marks").class.map(|class| class.as_str().to_owned())
    };
    assert_eq!(class(&file, "59.9").as_deref(), Some("2:2"));
    assert_eq!(class(&file, "59.999999").as_deref(), Some("2:2"));
    assert_eq!((class(&file, "60").as_deref(), class(&file, "49.9")), (Some("2:1"), None));
    file["classified"] = json!({"mode": "half_up", "places": 0});
    assert_eq!((class(&file, "59.5").as_deref(), class(&file, "59.49").as_deref()), (Some("2:1"), Some("2:2")));
}

#[test]
fn the_better_method_decides_and_the_first_of_equals() {
    let scheme = HonoursScheme::built_in("sheffield-hallam").expect("built in");
    let result = |five: &str, six: &str| {
        let honours = classify_honours(&[of(five, "100", "5"), of(six, "100", "6")], &scheme).expect("marks");
        (honours.method, honours.displayed.to_string())
    };
    assert_eq!(result("70", "58"), (1, "61.00".into()));
    assert_eq!(result("58", "70"), (2, "70.00".into()));
    assert_eq!(result("60", "60"), (1, "60.00".into()));
}

#[test]
fn what_cannot_be_classified_is_refused_with_every_problem() {
    let scheme = HonoursScheme::built_in("uk-25-75").expect("built in");
    let given = [of("55", "80", "5"), of("55", "120", "6"), of("60", "20", "7"), of("60", "20", "7")];
    let expected = [
        ("level-without-weight", "modules[2].level".to_owned()),
        ("level-without-weight", "modules[3].level".to_owned()),
        ("too-few-credits", "modules".to_owned()),
    ];
    assert_eq!(problems(classify_honours(&given, &scheme)), expected);
    let given = [of("-1", "100", "5"), of("1000.1", "100", "6")];
    let place = |at: usize| ("out-of-range", format!("modules[{at}].mark"));
    assert_eq!(problems(classify_honours(&given, &scheme)), [place(0), place(1)]);
    assert_eq!(problems(classify_honours(&[], &scheme)).len(), 2);
    let birkbeck = HonoursScheme::built_in("birkbeck").expect("built in");
    assert_eq!(
        problems(classify_honours(&[of("60", "30", "4")], &birkbeck)),
        [("too-few-credits", "modules".to_owned())]
    );
}

#[test]
fn a_wrong_scheme_lists_its_problems() {
    let file = json!({"methods": [{"weights": {"6": 0}}, {"weights": {"6": 1}, "weigh": "marks", "colour": 1}],
        "classes": [{"name": "A", "from": 50}, {"name": "B", "from": 50}], "printed": {"mode": "up", "places": 1}});
    let found = problems(HonoursScheme::from_json(&file));
    let expected = [
        ("unknown-mode", "printed.mode"),
        ("no-weights", "methods[0]"),
        ("unknown-key", "methods[1].colour"),
        ("unknown-word", "methods[1].weigh"),
        ("classes-out-of-order", "classes"),
    ];
    assert_eq!(found, expected.map(|(code, place)| (code, place.to_owned())));
    assert_eq!(problems(HonoursScheme::from_json(&json!({}))).len(), 2);
    assert_eq!(problems(MarkScheme::from_json(&json!({}))), [("no-weights", String::new())]);
    let conversion = json!({"best": 1, "lowest_pass": 4, "steps": [1, 2, 2, 4], "to": "better"});
    assert_eq!(problems(ConversionScheme::from_json(&conversion)), [("steps-out-of-order", "steps".to_owned())]);
    let neither = json!({"best": 1, "lowest_pass": 4});
    assert_eq!(problems(ConversionScheme::from_json(&neither)), [("no-rounding", String::new())]);
    let same = json!({"best": 1, "lowest_pass": 1, "rounding": {"mode": "truncate", "places": 1}});
    assert_eq!(problems(ConversionScheme::from_json(&same)), [("empty-range", "lowest_pass".to_owned())]);
}

#[test]
fn conversions_go_either_way_and_refuse_what_lies_outside() {
    let bavarian = ConversionScheme::built_in("modified-bavarian").expect("built in");
    let convert = |grade: &str, best: &str, lowest: &str| {
        convert_grade(decimal(grade), decimal(best), decimal(lowest), &bavarian)
    };
    // A scale of the source that falls: 1 is best, 6 worst, 4 passes.
    assert_eq!(convert("1", "1", "4").map(|g| g.to_string()), Ok("1.0".to_owned()));
    assert_eq!(convert("4", "1", "4").map(|g| g.to_string()), Ok("4.0".to_owned()));
    assert_eq!(convert("4.1", "1", "4").map(|g| g.to_string()), Ok("5.0".to_owned()));
    assert_eq!(problems(convert("0.9", "1", "4")), [("out-of-range", "grade".to_owned())]);
    assert_eq!(problems(convert("101", "100", "50")), [("out-of-range", "grade".to_owned())]);
    assert_eq!(problems(convert("5", "5", "5")), [("empty-range", "lowest_pass".to_owned())]);
    // Where the target rises, better is more: 4.0 for the best, 1.0 for the lowest pass.
    let rising = json!({"best": 4, "lowest_pass": 1, "steps": [4, 3, 2, 1], "to": "better"});
    let rising = ConversionScheme::from_json(&rising).expect("a scheme");
    let to_rising =
        |grade: &str| convert_grade(decimal(grade), decimal("1.0"), decimal("4.0"), &rising).map(|g| g.to_string());
    assert_eq!(
        (to_rising("1.3"), to_rising("2.0"), to_rising("3.9")),
        (Ok("4".into()), Ok("3".into()), Ok("2".into()))
    );
    assert_eq!(problems(to_rising("4.3")), [("out-of-range", "grade".to_owned())]);
}

#[test]
fn a_weighted_mark_without_weight_is_none_and_unknown_levels_are_refused() {
    let monash = MarkScheme::built_in("monash-wam").expect("built in");
    assert_eq!(weighted_average_mark(&[], &monash), Ok(None));
    assert_eq!(weighted_average_mark(&[of("80", "0", "1")], &monash), Ok(None));
    let strict = MarkScheme::from_json(&json!({"weights": {"2": 1}})).expect("a scheme");
    let found =
        problems(weighted_average_mark(&[of("80", "6", "2"), of("80", "6", "1"), of("2000", "6", "2")], &strict));
    assert_eq!(
        found,
        [("level-without-weight", "modules[1].level".to_owned()), ("out-of-range", "modules[2].mark".to_owned())]
    );
}
