//! The JSON record: read, written canonically, refused with every problem, and in step with its schema.

use registrary::domain::{Error, Problem};
use registrary::exchange::record_json::{SCHEMA, read, write};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const FULL: &str = include_str!("../record/full.json");

fn problems(json: &str) -> Vec<Problem> {
    match read(json.as_bytes()) {
        Err(Error::MalformedRecord(problems)) => problems,
        Err(other) => panic!("refused for another reason: {other}"),
        Ok(_) => panic!("the record was accepted"),
    }
}

/// `code@place` of each problem.
fn places(json: &str) -> Vec<String> {
    problems(json).iter().map(|p| format!("{}@{}", p.code, p.place)).collect()
}

fn minimal(rest: &str) -> String {
    format!(
        r#"{{"schema":"registrary/student-record/1","student":{{"id":"7","names":{{"legal":{{"family":"Moss"}}}}}}{rest}}}"#
    )
}

#[test]
fn a_full_record_is_written_exactly_as_it_was() {
    let record = read(FULL.as_bytes()).expect("valid");
    assert_eq!(write(&record), FULL);
}

#[test]
fn decimals_keep_their_places_from_strings_and_numbers() {
    let attempts = r#","terms":[{"designator":"2020-01","name":"T","level":"law","attempts":[
        {"course":{"number":101},"credits":3.00,"grade":90},{"course":{"title":"x"},"credits":"0.10"}]}]"#;
    let text = write(&read(minimal(attempts).as_bytes()).expect("valid"));
    for kept in [r#""credits": "3.00""#, r#""credits": "0.10""#, r#""number": "101""#, r#""grade": "90""#] {
        assert!(text.contains(kept), "{kept} is missing");
    }
}

#[test]
fn null_is_absent_and_empty_lists_are_left_out() {
    let with_nulls = minimal(r#","institution":null,"terms":null,"awards":[],"sample":null,"totals":null"#);
    assert_eq!(read(with_nulls.as_bytes()), read(minimal("").as_bytes()));
    assert!(!write(&read(with_nulls.as_bytes()).expect("valid")).contains("awards"));
}

#[test]
fn every_problem_is_listed_at_once_with_its_place() {
    let json = r#"{"student":{"id":" 7","ssn":"1","names":{"legal":{"suffix":"Jr"}},"birth":"1999-02-30"},"totals":"best",
        "terms":[{"designator":"2020-13","name":"","level":"Graduate","begins":"2020-09-01","ends":"2020-01-01",
          "attempts":[{"course":{},"credits":"-1"},{"course":{"title":"t"},"credits":1e3,"grade":"ABCDEFGHIJKLMNOPQ",
          "status":"done","unit":"hour","notes":["ok",7]}]}],"stated":[{"gpa":true}],"sample":"yes"}"#;
    let expected = [
        "missing-field@schema",
        "unknown-field@student.ssn",
        "bad-student-id@student.id",
        "missing-name@student.names.legal",
        "bad-date@student.birth",
        "unknown-word@totals",
        "bad-date@terms[0].designator",
        "bad-text@terms[0].name",
        "bad-level@terms[0].level",
        "missing-course@terms[0].attempts[0].course",
        "bad-credits@terms[0].attempts[0].credits",
        "bad-decimal@terms[0].attempts[1].credits",
        "unknown-word@terms[0].attempts[1].unit",
        "bad-text@terms[0].attempts[1].grade",
        "unknown-word@terms[0].attempts[1].status",
        "wrong-type@terms[0].attempts[1].notes[1]",
        "dates-reversed@terms[0]",
        "missing-field@stated[0].span",
        "wrong-type@stated[0].gpa",
        "wrong-type@sample",
    ];
    assert_eq!(places(json).into_iter().collect::<BTreeSet<_>>(), expected.map(String::from).into());
}

#[test]
fn no_message_holds_a_value() {
    let secret = "Zephyrine";
    let json = minimal(&format!(
        r#","notes":[{{"{secret} x":1}}],"{secret} Quill":1,"totals":"{secret}","terms":[{{"designator":"{secret}",
        "level":"{secret}","name":["{secret}"],"begins":"{secret}","attempts":[{{"credits":"{secret}","status":"{secret}"}}]}}]"#
    ));
    for problem in problems(&json) {
        assert!(!format!("{problem:?}").contains(secret), "{}", problem.code);
    }
}

#[test]
fn broken_json_is_one_problem_with_line_and_column() {
    let cases = [
        ("{\n  \"a\": }", "json-syntax@line 2, column 8"),
        ("{\"a\":[1,2", "json-syntax@line 1, column 9"),
        ("", "json-syntax@line 1, column 0"),
        ("{} {}", "json-syntax@line 1, column 4"),
        ("\"\\ud800\"", "json-syntax@line 1, column 8"),
    ];
    for (json, place) in cases {
        assert_eq!(places(json), [place], "{json}");
    }
    assert_eq!(places("[]"), ["wrong-type@"]);
}

#[test]
fn hostile_input_is_refused_quickly() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(places(&deep)[0].starts_with("too-deep@"));
    assert_eq!(places(&" ".repeat(4 * 1024 * 1024 + 1)), ["too-large@"]);
    let repeated = minimal(&r#","notes":[]"#.repeat(100_000));
    assert_eq!(places(&repeated), ["repeated-field@notes"]);
    let wrong = minimal(&format!(r#","terms":[{}1]"#, r#"{"notes":[1,1]},"#.repeat(900)));
    assert_eq!(problems(&wrong).len(), 1001);
    let many = minimal(&format!(r#","notes":[{}"x"]"#, r#""x","#.repeat(500)));
    assert_eq!(places(&many), ["too-many@notes"]);
}

#[test]
fn four_thousand_courses_are_read_and_six_thousand_are_not() {
    let attempt = r#"{"course":{"title":"t"},"credits":"1"},"#;
    let with = |count: usize| {
        let attempts = attempt.repeat(count);
        let half = attempts.trim_end_matches(',');
        let term = |month| format!(r#"{{"designator":"2020-{month}","name":"T","level":"law","attempts":[{half}]}}"#);
        minimal(&format!(r#","terms":[{},{}]"#, term("01"), term("05")))
    };
    assert!(read(with(2_000).as_bytes()).is_ok());
    assert_eq!(places(&with(3_000)), ["too-many@"]);
}

#[test]
fn a_repeated_field_is_never_silently_the_last() {
    let twice = minimal(r#","notes":["a"],"notes":["b"]"#);
    assert_eq!(places(&twice), ["repeated-field@notes"]);
}

#[test]
fn the_same_term_twice_is_refused_where_the_policy_counts() {
    let term = r#"{"designator":"2020-01","name":"Spring","level":"graduate"}"#;
    let other = r#"{"designator":"2020-01","name":"Spring, evening","level":"graduate"}"#;
    assert_eq!(places(&minimal(&format!(r#","terms":[{term},{term}]"#))), ["repeated-term@terms[1]"]);
    assert!(read(minimal(&format!(r#","terms":[{term},{other}]"#)).as_bytes()).is_ok());
    assert!(read(minimal(&format!(r#","totals":"stated","terms":[{term},{term}]"#)).as_bytes()).is_ok());
}

#[test]
fn terms_are_put_in_order_of_level_designator_and_writing() {
    let term =
        |name: &str, level: &str, when: &str| format!(r#"{{"designator":"{when}","name":"{name}","level":"{level}"}}"#);
    let terms = [
        term("z1", "law", "2020-01"),
        term("g2", "graduate", "2021-09"),
        term("m1", "medicine", "1999-01"),
        term("u2", "undergraduate", "2019-05"),
        term("g1", "graduate", "2021-01"),
        term("u1", "undergraduate", "2018-09"),
        term("u3", "undergraduate", "2019-05"),
    ];
    let record = read(minimal(&format!(r#","terms":[{}]"#, terms.join(","))).as_bytes()).expect("valid");
    let names: Vec<_> = record.terms.iter().map(|term| term.name.as_str()).collect();
    assert_eq!(names, ["u1", "u2", "u3", "g1", "g2", "z1", "m1"]);
}

/// The schema's fields of each kind of object, by the path of keys that leads to it.
fn schema_fields(schema: &Value, node: &Value, path: &str, found: &mut BTreeMap<String, BTreeSet<String>>) {
    let node = node["$ref"].as_str().map_or(node, |name| &schema["$defs"][name.trim_start_matches("#/$defs/")]);
    for choice in node["anyOf"].as_array().into_iter().flatten() {
        if choice.get("required").is_none() {
            schema_fields(schema, choice, path, found);
        }
    }
    schema_items(schema, node, path, found);
    for (key, property) in node["properties"].as_object().into_iter().flatten() {
        assert!(property["description"].is_string(), "{path}.{key} has no description");
        found.entry(path.to_owned()).or_default().insert(key.clone());
        schema_fields(schema, property, &format!("{path}.{key}"), found);
    }
}

fn schema_items(schema: &Value, node: &Value, path: &str, found: &mut BTreeMap<String, BTreeSet<String>>) {
    if let Some(items) = node.get("items") {
        schema_fields(schema, items, path, found);
    }
}

/// The same of a written record.
fn written_fields(node: &Value, path: &str, found: &mut BTreeMap<String, BTreeSet<String>>) {
    for item in node.as_array().into_iter().flatten() {
        written_fields(item, path, found);
    }
    for (key, value) in node.as_object().into_iter().flatten() {
        found.entry(path.to_owned()).or_default().insert(key.clone());
        written_fields(value, &format!("{path}.{key}"), found);
    }
}

/// Repeated shapes, which the full record does not fill everywhere it could.
fn shape(path: &str) -> &str {
    match path {
        ".transfers.attempts" => ".terms.attempts",
        ".transfers.attempts.course" => ".terms.attempts.course",
        ".awards.programs" => ".programs",
        ".stated" => ".terms.stated",
        ".student.names.chosen" | ".student.names.former" => ".student.names.legal",
        other => other,
    }
}

#[test]
fn the_schema_names_exactly_the_fields_that_are_written() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    let (mut schemed, mut written) = (BTreeMap::new(), BTreeMap::new());
    schema_fields(&schema, &schema, "", &mut schemed);
    written_fields(&serde_json::from_str(FULL).expect("JSON"), "", &mut written);
    for (path, fields) in &schemed {
        assert_eq!(Some(fields), written.get(shape(path)), "fields at {path}");
    }
    let known: BTreeSet<_> = schemed.keys().map(|path| shape(path)).collect();
    assert!(written.keys().all(|path| known.contains(shape(path))));
}

#[test]
fn the_schema_lists_exactly_the_words_of_each_enumeration() {
    use registrary::domain::grade::{CreditUnit, GradeStatus, RepeatTreatment};
    use registrary::domain::student::ProgramKind;
    use registrary::domain::summary::SummarySpan;
    use registrary::domain::term::{BalanceOrigin, TransferKind};
    let mut listed = BTreeSet::new();
    collect_words(&serde_json::from_str(SCHEMA).expect("JSON"), &mut listed);
    let expected: BTreeSet<Vec<&str>> = [
        CreditUnit::ALL.iter().map(|w| w.word()).collect(),
        GradeStatus::ALL.iter().map(|w| w.word()).collect(),
        RepeatTreatment::ALL.iter().map(|w| w.word()).collect(),
        ProgramKind::ALL.iter().map(|w| w.word()).collect(),
        SummarySpan::ALL.iter().map(|w| w.word()).collect(),
        BalanceOrigin::ALL.iter().map(|w| w.word()).collect(),
        TransferKind::ALL.iter().map(|w| w.word()).collect(),
        vec!["policy", "stated"],
    ]
    .into();
    let listed: BTreeSet<Vec<&str>> = listed.iter().map(|words| words.iter().map(String::as_str).collect()).collect();
    assert_eq!(listed, expected);
}

fn collect_words(node: &Value, found: &mut BTreeSet<Vec<String>>) {
    match node {
        Value::Array(items) => items.iter().for_each(|item| collect_words(item, found)),
        Value::Object(entries) => {
            for (key, value) in entries {
                match (key.as_str(), value) {
                    ("not", _) => {}
                    ("enum", Value::Array(words)) => {
                        found.insert(words.iter().filter_map(Value::as_str).map(String::from).collect());
                    }
                    _ => collect_words(value, found),
                }
            }
        }
        _ => {}
    }
}
