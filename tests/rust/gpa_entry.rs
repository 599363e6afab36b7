//! Two scales alive in one school: which one is a student's goes by the term of entry, for good.

use crate::gpa_records::*;
use arrow_array::cast::AsArray;
use arrow_array::types::Decimal128Type;
use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use registrary::domain::{Balance, BalanceOrigin, Date, Error, Level, Program, ProgramKind, StudentRecord};
use registrary::gpa::batch::{BatchRequest, ColumnNames, Grouping, KeyColumn, OnError, calculate_table};
use registrary::gpa::{PlainAttempt, Policy, calculate_class_gpa, calculate_gpa, entry_term};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

fn nigeria() -> Policy {
    Policy::built_in("nigeria-by-entry").expect("built in")
}

fn gpas(record: &StudentRecord, policy: &Policy) -> Vec<(String, Vec<String>)> {
    let told = |level: registrary::gpa::LevelEvaluation| {
        let terms =
            level.terms.iter().map(|term| term.cumulative.gpa.map_or("none".into(), |g| g.displayed.to_string()));
        (level.scale.clone(), terms.collect())
    };
    judged(record, policy).into_iter().map(told).collect()
}

fn program(level: &str, admitted: (u16, u8, u8)) -> Program {
    Program {
        kind: ProgramKind::Program,
        name: text("Law"),
        level: Some(Level::new(level).expect(level)),
        degree: None,
        admitted: Date::new(admitted.0, admitted.1, admitted.2),
        notes: Vec::new(),
    }
}

fn older_work() -> Balance {
    balance(BalanceOrigin::Institution, Some("2015-09"), "10", "40")
}

/// Both sit in the same terms, 2017/2018 and 2018/2019, with the same grades; one came a year before.
#[test]
fn two_students_of_one_class_keep_the_scale_they_came_under() {
    let later = ["2017-09", "2018-09"].map(|t| term(t, "undergraduate", vec![attempt("A", "3"), attempt("65", "3")]));
    let mut older = later.to_vec();
    older.insert(0, term("2016-09", "undergraduate", vec![attempt("E", "3")]));
    let (old, new) = (record(older), record(later.to_vec()));
    assert_eq!(gpas(&new, &nigeria()), [("nigeria-by-entry@2017-09".into(), vec!["3.50".into(), "3.50".into()])]);
    let expected = vec!["1.00".to_owned(), "3.33".to_owned(), "3.80".to_owned()];
    assert_eq!(gpas(&old, &nigeria()), [("nigeria-by-entry".into(), expected)]);
}

#[test]
fn each_level_has_an_entry_of_its_own() {
    let terms = vec![
        term("2014-09", "undergraduate", vec![attempt("A", "3")]),
        term("2018-09", "graduate", vec![attempt("A", "3")]),
    ];
    let expected = [("nigeria-by-entry", "5.00"), ("nigeria-by-entry@2017-09", "4.00")];
    let expected = expected.map(|(scale, gpa)| (scale.to_owned(), vec![gpa.to_owned()]));
    assert_eq!(gpas(&record(terms), &nigeria()), expected);
}

#[test]
fn where_terms_do_not_tell_the_day_of_admission_does_and_else_the_record_is_refused() {
    let mut record = record(vec![term("2018-09", "undergraduate", vec![attempt("A", "3")])]);
    record.balances = vec![older_work()];
    let place = "programs".to_owned();
    assert_eq!(entry_term(&record, &Level::undergraduate()), None);
    assert_eq!(refused(&record, &nigeria()), [("entry-term-unknown", place.clone())]);
    // Of another level it says nothing.
    record.programs = vec![program("graduate", (2013, 9, 1))];
    assert_eq!(refused(&record, &nigeria()), [("entry-term-unknown", place.clone())]);
    record.programs.push(program("undergraduate", (2013, 10, 1)));
    assert_eq!(entry_term(&record, &Level::undergraduate()), Some(term_of("2013-10")));
    // (10 hours of 40 points and 3 of 15): 55 / 13.
    assert_eq!(gpas(&record, &nigeria()), [("nigeria-by-entry".into(), vec!["4.23".into()])]);
    record.terms.clear();
    record.balances.clear();
    record.programs.clear();
    record.transfers = vec![transfer("undergraduate", vec![attempt("A", "3")])];
    assert_eq!(refused(&record, &nigeria()), [("entry-term-unknown", place)]);
}

#[test]
fn attempts_alone_do_not_tell_the_entry() {
    let one = PlainAttempt { grade: grade("A"), credits: credits("3"), course: None, term: None, level: None };
    let attempts = [one];
    assert!(matches!(calculate_gpa(&attempts, &nigeria()), Err(Error::Configuration { .. })));
    assert!(matches!(calculate_class_gpa(&[grade("A")], &nigeria()), Err(Error::Configuration { .. })));
    for (entry, expected) in [("2017-08", "5.00"), ("2017-09", "4.00")] {
        let policy = nigeria().entered(term_of(entry));
        assert!(!policy.goes_by_entry(None));
        let gpa = calculate_gpa(&attempts, &policy).expect("on the scale").map(|gpa| gpa.displayed.to_string());
        assert_eq!(gpa.as_deref(), Some(expected));
    }
}

/// Each student's first term in the table is that of entry.
#[test]
fn a_table_tells_the_entry_by_its_terms_and_is_refused_without() {
    let name = |word: &str| Some(word.to_owned());
    let columns = ColumnNames { student: name("student"), grade: name("grade"), ..ColumnNames::default() };
    let request = BatchRequest {
        columns: ColumnNames { term: name("term"), ..columns.clone() },
        by: Grouping { keys: vec![KeyColumn::Student] },
        cumulative: false,
        on_error: OnError::Refuse,
        policy: nigeria(),
    };
    let cells: Vec<(&str, ArrayRef)> = vec![
        ("student", Arc::new(Int64Array::from(vec![1, 2, 1]))),
        ("term", Arc::new(StringArray::from(vec!["2018-01", "2017-09", "2017-08"]))),
        ("grade", Arc::new(StringArray::from(vec!["A", "A", "A"]))),
    ];
    let table = [RecordBatch::try_from_iter(cells).expect("columns of one length")];
    let go = |request: &BatchRequest| calculate_table(&table, request, &AtomicBool::new(false));
    let gpas = go(&request).expect("judged").batch.column_by_name("gpa").cloned().expect("a GPA");
    let gpas = gpas.as_primitive::<Decimal128Type>();
    assert_eq!(gpas.values().to_vec(), [500, 400]);
    match go(&BatchRequest { columns, ..request }) {
        Err(Error::MalformedRecord(problems)) => assert_eq!(problems[0].code, "missing-column"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn nothing_is_judged_before_the_entry_is_known() {
    let policy = nigeria();
    assert!(policy.goes_by_entry(None) && policy.goes_by_entry(Some(&Level::graduate())));
    assert!(policy.scale(&Level::graduate(), term_of("2020-01")).entries().is_empty());
}

#[test]
fn a_policy_may_stand_on_top_of_one_that_goes_by_entry() {
    let file = json!({"extends": "nigeria-by-entry", "name": "ibadan", "no_gpa": ["ZZ"], "levels": {
        "graduate": {"rounding": {"mode": "half_up", "places": 1}}}});
    let policy = Policy::from_json(&file).expect("a policy");
    let one =
        |designator, level, raw| record(vec![term(designator, level, vec![attempt(raw, "3"), attempt("ZZ", "3")])]);
    assert_eq!(gpas(&one("2016-09", "undergraduate", "A"), &policy), [("ibadan".into(), vec!["5.00".into()])]);
    let graduate = gpas(&one("2018-09", "graduate", "B"), &policy);
    assert_eq!(graduate, [("ibadan@2017-09".into(), vec!["3.0".into()])]);
    for (key, value) in [("scale_changes", json!([{"from": "2019-09"}])), ("scale_changes_by", json!("term"))] {
        let mut file = file.clone();
        file[key] = value;
        assert!(matches!(Policy::from_json(&file), Err(Error::Policy(found)) if found[0].code == "changes-of-changes"));
    }
}

#[test]
fn by_term_each_attempt_has_the_scale_of_its_term() {
    let file = json!({"extends": "nigeria-five", "scale_changes_by": "term",
        "scale_changes": [{"from": "2017-09", "extends": "nigeria-four"}]});
    let policy = Policy::from_json(&file).expect("a policy");
    let terms = ["2016-09", "2017-09"].map(|t| term(t, "undergraduate", vec![attempt("A", "3")]));
    let cumulative = vec!["5.00".to_owned(), "4.50".to_owned()];
    assert_eq!(gpas(&record(terms.to_vec()), &policy), [("custom@2017-09".into(), cumulative)]);
    let idle = json!({"extends": "nigeria-five", "scale_changes_by": "entry"});
    assert!(matches!(Policy::from_json(&idle), Err(Error::Policy(found)) if found[0].code == "idle-key"));
}

/// What a record's own entry gives is what the policy of that entry gives, whenever the student came.
#[test]
fn the_entry_found_is_the_entry_chosen() {
    for year in 2014..2021 {
        let terms: Vec<_> = (year..year + 4)
            .map(|year| term(&format!("{year}-09"), "undergraduate", vec![attempt("B", "3"), attempt("47", "2")]))
            .collect();
        let record = record(terms);
        let entry = entry_term(&record, &Level::undergraduate()).expect("a first term");
        assert_eq!(entry, term_of(&format!("{year}-09")));
        assert_eq!(judged(&record, &nigeria()), judged(&record, &nigeria().entered(entry)));
        assert_eq!(
            judged(&record, &nigeria()),
            judged(&record, &nigeria().entered_at(Some(&Level::undergraduate()), entry))
        );
        let expected = if year < 2017 { "3.20" } else { "2.20" };
        assert_eq!(gpas(&record, &nigeria())[0].1[3], expected);
    }
}
