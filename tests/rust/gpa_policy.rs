//! Policies as files and dicts: what they say, and that every mistake is listed.

use crate::gpa_records::*;
use registrary::domain::{Error, Level};
use registrary::gpa::{Policy, Rounding, RoundingMode};
use serde_json::json;

fn problems(result: Result<Policy, Error>) -> Vec<(&'static str, String)> {
    match result {
        Err(Error::Policy(problems)) => problems.into_iter().map(|p| (p.code, p.place)).collect(),
        other => panic!("not refused as a policy: {other:?}"),
    }
}

fn toml_problems(file: &str) -> Vec<(&'static str, String)> {
    problems(Policy::from_toml(file))
}

fn flags(policy: &Policy, raw_grade: &str) -> [bool; 4] {
    let scale = policy.scale(&Level::undergraduate(), term_of("2025-01"));
    let entry = scale.entry(&grade(raw_grade)).unwrap_or_else(|| panic!("{raw_grade} is not on the scale"));
    [entry.attempted, entry.earned, entry.in_gpa, entry.in_degree]
}

#[test]
fn the_simple_dict_is_a_policy() {
    let file = json!({
        "scale": {"A": "4.0", "B": 3, "C": 2.0, "F": "0"},
        "no_gpa": ["P", "W", "ZC"],
        "rounding": {"mode": "truncate", "places": 3},
    });
    let policy = Policy::from_json(&file).expect("a policy");
    assert_eq!(flags(&policy, "A"), [true, true, true, true]);
    assert_eq!(flags(&policy, "F"), [true, false, true, false]);
    assert_eq!(flags(&policy, "P"), [true, true, false, true]);
    assert_eq!(flags(&policy, "W"), [true, false, false, false]);
    assert_eq!(flags(&policy, "ZC"), [true, false, false, false], "nothing says that it earns");
    let rounding = policy.rounding(&Level::graduate(), term_of("1950-01"));
    assert_eq!(Some(rounding), Rounding::new(RoundingMode::Truncate, 3));
    assert_eq!(policy.name(), "custom");
}

#[test]
fn without_a_rounding_it_is_the_default_of_banner() {
    for policy in [Policy::from_toml("scale = {A = 4}"), Policy::from_toml("extends = \"plus-minus-3\"")] {
        let policy = policy.expect("a policy");
        assert_eq!(policy.rounding(&Level::graduate(), term_of("2025-01")), Rounding::BANNER);
        assert_eq!(policy.quality_point_rounding(&Level::graduate(), term_of("2025-01")), Rounding::BANNER);
    }
}

#[test]
fn points_are_read_by_their_shortest_decimal_text() {
    let policy = Policy::from_toml("scale = {A = 3.7, B = 3.33, C = 2.0, D = 1}").expect("a policy");
    let scale = policy.scale(&Level::graduate(), term_of("2025-01"));
    let points: Vec<String> = scale.entries().iter().flat_map(|e| e.points).map(|p| p.to_string()).collect();
    assert_eq!(points, ["3.7", "3.33", "2", "1"]);
    let json = Policy::from_json(&serde_json::from_str(r#"{"scale": {"A": 3.70}}"#).expect("JSON")).expect("a policy");
    let scale = json.scale(&Level::graduate(), term_of("2025-01"));
    assert_eq!(scale.entries()[0].points.map(|p| p.to_string()).as_deref(), Some("3.70"));
}

#[test]
fn the_full_form_says_everything() {
    let file = r#"
        name = "larkspur"
        title = "Larkspur"
        extends = "plus-minus-3"
        transfer_in_gpa = true
        quality_points = { mode = "half_even", places = 3 }
        rounding = [
            { mode = "truncate_then_half_down", first = 2, places = 1 },
            { from = "2004-06", mode = "half_up", places = 2 },
        ]
        [scale]
        "A+" = "4.3"
        NG = { attempted = false, earned = false, description = "No grade" }
        [statuses]
        withdrew = "NG"
        [levels.law]
        extends = "four-point-33"
        title = "Law school"
        scale = { D = { points = "1.0", earned = false } }
    "#;
    let policy = Policy::from_toml(file).expect("a policy");
    assert_eq!((policy.name(), policy.title()), ("larkspur", "Larkspur"));
    assert_eq!(flags(&policy, "NG"), [false; 4]);
    assert_eq!(flags(&policy, "W"), [true, false, false, false], "from pass-fail, which plus-minus-3 extends");
    let old = policy.rounding(&Level::undergraduate(), term_of("2004-05"));
    assert_eq!(Some(old), Rounding::new(RoundingMode::TruncateThenHalfDown { first: 2 }, 1));
    let law = policy.scale(&Level::new("law").expect("law"), term_of("2025-01"));
    assert_eq!((law.name.as_str(), law.title.as_str()), ("larkspur/law", "Law school"));
    assert_eq!(law.entries()[0].grade, grade("A+"));
    assert_eq!(law.entry(&grade("D")).map(|entry| (entry.earned, entry.in_degree)), Some((false, false)));
    assert!(law.entry(&grade("NG")).is_none(), "a level's own scale is its own");
    let rounding = policy.rounding(&Level::new("law").expect("law"), term_of("2025-01"));
    assert_eq!(Some(rounding), Rounding::new(RoundingMode::HalfUp, 2), "rounding is the institution's");
}

#[test]
fn every_problem_is_listed() {
    let file = r#"
        nmae = "x"
        scale = { A = "four", B = -1, "C " = 2, C = 2, AVERYLONGGRADENAMEINDEED = 1 }
        no_gpa = ["B", 7, "P", "P"]
        rounding = { mode = "up", places = 9 }
        transfer_in_gpa = "yes"
        statuses = { gone = "P", withdrew = "Q" }
        levels = { Law = { scale = { A = 4 } }, graduate = { no_gpa = ["P"] } }
    "#;
    let mut found: Vec<String> =
        toml_problems(file).into_iter().map(|(code, place)| format!("{code} {place}")).collect();
    found.sort();
    let expected = [
        "bad-points scale.B",
        "grade-twice no_gpa[3]",
        "grade-twice scale.\"C \"",
        "no-scale levels.graduate",
        "not-a-flag transfer_in_gpa",
        "not-a-grade scale.AVERYLONGGRADENAMEINDEED",
        "not-a-level levels.Law",
        "not-a-number scale.A",
        "not-a-text no_gpa[1]",
        "unknown-key nmae",
        "unknown-mode rounding.mode",
        "unknown-status statuses.gone",
        "grade-not-on-scale statuses.withdrew",
    ];
    let mut expected = expected.map(str::to_owned);
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn entries_that_contradict_themselves_are_refused() {
    let entry = |entry: &str| toml_problems(&format!("scale = {{ A = 4, X = {{ {entry} }} }}"));
    assert_eq!(entry("attempted = true"), [("flags-missing", "scale.X".to_owned())]);
    assert_eq!(entry("points = 1, in_gpa = false"), [("gpa-without-points", "scale.X".to_owned())]);
    assert_eq!(
        entry("attempted = true, earned = false, in_gpa = true"),
        [("gpa-without-points", "scale.X".to_owned())]
    );
    assert_eq!(
        entry("points = 1, earned = false, in_degree = true"),
        [("degree-without-earned", "scale.X".to_owned())]
    );
    assert_eq!(entry("points = 1, worth = 2"), [("unknown-key", "scale.X.worth".to_owned())]);
}

#[test]
fn rules_by_term_must_be_complete_and_distinct() {
    let rounding = |list: &str| toml_problems(&format!("scale = {{ A = 4 }}\nrounding = [{list}]"));
    let rule = |from: &str| format!("{{ {from} mode = \"truncate\", places = 2 }}");
    let at = "from = \"2004-06\",";
    assert_eq!(rounding(&rule(at)), [("no-first-rule", "rounding".to_owned())]);
    assert_eq!(rounding(""), [("no-first-rule", "rounding".to_owned())]);
    let twice = [rule(""), rule(at), rule(at)].join(",");
    assert_eq!(rounding(&twice), [("rules-from-one-term", "rounding".to_owned())]);
    let no_term = [rule(""), rule("from = \"2004\",")].join(",");
    assert_eq!(rounding(&no_term), [("not-a-term", "rounding[1].from".to_owned())]);
}

#[test]
fn what_is_no_policy_at_all_is_refused() {
    assert_eq!(toml_problems(""), [("no-scale", String::new())]);
    assert_eq!(toml_problems("scale = {}"), [("no-scale", "scale".to_owned())]);
    assert_eq!(toml_problems("scale = 4\nextends = \"us\"").len(), 3);
    assert_eq!(toml_problems("\n\nscale = {"), [("not-toml", "line 3".to_owned())]);
    assert_eq!(toml_problems("scale = { A = 1\n A = 2 }")[0].0, "not-toml");
    assert_eq!(problems(Policy::from_json(&json!(["A"]))), [("not-a-table", String::new())]);
    assert_eq!(problems(Policy::from_json(&json!(null))), [("not-a-table", String::new())]);
}

#[test]
fn hostile_keys_are_shown_short_and_without_controls() {
    let key = "x\u{1b}[31m".to_owned() + &"y".repeat(500);
    let found = problems(Policy::from_json(&json!({"scale": {"A": 4}, key: 1})));
    assert!(found[0].1.chars().count() <= 42 && !found[0].1.contains('\u{1b}'));
    let most: serde_json::Map<_, _> = (0..3000).map(|n| (n.to_string(), json!("1"))).collect();
    assert_eq!(problems(Policy::from_json(&json!({"scale": most})))[0].0, "too-many-grades");
}

/// The values that the institutions named publish.
#[test]
fn built_in_scales_have_their_published_values() {
    let table = [
        ("whole-letters", "A 4 F 0 WF 0"),
        ("plus-minus-3", "A- 3.7 B+ 3.3 D- 0.7 F 0"),
        ("plus-minus-33", "A- 3.67 B+ 3.33 D- 0.67"),
        ("four-point-33", "A+ 4.33 A 4 A- 3.67"),
        ("five-point", "A 5 E 1 F 0"),
        ("seven-point", "HD 7 D 6 C 5 P 4 N 1.5 WF 0"),
        ("ten-point", "AA 10 DD 4 FF 0"),
        ("twelve-point", "A+ 12 B+ 9 F 0"),
    ];
    for (name, values) in table {
        let policy = Policy::built_in(name).expect(name);
        let scale = policy.scale(&Level::undergraduate(), term_of("2025-01"));
        let words: Vec<&str> = values.split(' ').collect();
        for pair in words.chunks(2) {
            let points = scale.entry(&grade(pair[0])).and_then(|entry| entry.points).map(|points| points.decimal());
            assert_eq!(points, Some(decimal(pair[1])), "{name} {}", pair[0]);
        }
    }
    assert_eq!(flags(&Policy::built_in("seven-point").expect("built in"), "N"), [true, false, true, false]);
    assert_eq!(flags(&whole_letters(), "WF"), [true, false, true, false]);
    // The scales of institutions stand beside what they publish in `gpa_scales`.
    assert!(table.iter().all(|(name, _)| Policy::built_in_names().contains(name)));
}

#[test]
fn changes_that_pile_up_more_grades_than_any_scale_has_are_refused() {
    use std::fmt::Write;
    let mut file = String::from("scale = { A = \"4\" }\n");
    for change in 0..100 {
        let _ = writeln!(file, "[[scale_changes]]\nfrom = \"{}-01\"\n[scale_changes.scale]", 1900 + change);
        file.extend((0..2000).map(|grade| format!("c{change}g{grade} = \"1\"\n")));
    }
    assert_eq!(toml_problems(&file), [("too-many-grades", "scale_changes".to_owned())]);
}
