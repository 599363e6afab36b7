//! How GPAs are printed: by term, level and campus, to nine places, and from terms that are printed already.

use crate::gpa_records::*;
use registrary::domain::{BalanceOrigin, Error, StudentRecord, Term};
use registrary::gpa::{CreditSummary, LevelEvaluation, PlainAttempt, Policy, calculate_gpa};
use serde_json::{Value, json};

fn policy(file: Value) -> Policy {
    Policy::from_json(&file).unwrap_or_else(|error| panic!("{error}"))
}

fn problems(file: Value) -> Vec<(&'static str, String)> {
    match Policy::from_json(&file) {
        Err(Error::Policy(problems)) => problems.into_iter().map(|p| (p.code, p.place)).collect(),
        other => panic!("not refused as a policy: {other:?}"),
    }
}

fn on_campus(campus: &str, of: Term) -> Term {
    Term { campus: Some(text(campus)), ..of }
}

fn shown(summary: &CreditSummary) -> String {
    summary.gpa.map_or_else(|| "none".to_owned(), |gpa| gpa.displayed.to_string())
}

fn judged_one(record: &StudentRecord, policy: &Policy) -> LevelEvaluation {
    judged(record, policy).remove(0)
}

/// 4 + 4 + 3 over three: 3.666…
fn thirds(designator: &str) -> Term {
    term(designator, "undergraduate", vec![attempt("A", "2"), attempt("B", "1")])
}

#[test]
fn a_campus_prints_by_its_own_rule_from_its_own_term_on() {
    let rounding = json!([
        {"mode": "truncate", "places": 2},
        {"from": "2020-01", "mode": "half_up", "places": 2},
        {"campus": "Dubai", "from": "2019-01", "mode": "half_up", "places": 3},
    ]);
    let policy = policy(json!({"extends": "whole-letters", "rounding": rounding}));
    let terms = vec![
        on_campus("Dubai", thirds("2018-09")),
        on_campus("Dubai", thirds("2019-02")),
        on_campus("Main", thirds("2019-09")),
        thirds("2020-02"),
        on_campus("Dubai", thirds("2020-09")),
    ];
    let level = judged_one(&record(terms), &policy);
    let terms: Vec<String> = level.terms.iter().map(|term| shown(&term.term)).collect();
    assert_eq!(terms, ["3.66", "3.667", "3.66", "3.67", "3.667"]);
    // What belongs to no term is printed as the last term is.
    assert_eq!((shown(&level.institution), shown(&level.overall)), ("3.667".into(), "3.667".into()));
}

#[test]
fn a_level_on_a_campus_has_both() {
    let campus = |places: u8| json!([{"mode": "truncate", "places": 1}, {"campus": "Kosovo", "mode": "half_up", "places": places}]);
    let file =
        json!({"extends": "whole-letters", "rounding": campus(2), "levels": {"graduate": {"rounding": campus(4)}}});
    let policy = policy(file);
    for (level, expected) in [("undergraduate", "3.67"), ("graduate", "3.6667")] {
        let term = on_campus("Kosovo", term("2020-09", level, vec![attempt("A", "2"), attempt("B", "1")]));
        assert_eq!(shown(&judged_one(&record(vec![term]), &policy).terms[0].term), expected);
    }
}

#[test]
fn nine_places_of_a_gpa_and_six_of_quality_points_print_exactly() {
    let file = json!({"extends": "whole-letters", "rounding": {"mode": "half_up", "places": 9},
        "quality_points": {"mode": "truncate", "places": 6}});
    let level = judged_one(&record(vec![thirds("2020-09")]), &policy(file));
    assert_eq!(shown(&level.institution), "3.666666667");
    assert_eq!(level.institution.quality_points_displayed.to_string(), "11.000000");
    for places in 0..=9 {
        let file = json!({"extends": "whole-letters", "rounding": {"mode": "truncate", "places": places}});
        let printed = shown(&judged_one(&record(vec![thirds("2020-09")]), &policy(file)).institution);
        assert_eq!(printed, &"3.666666666"[..if places == 0 { 1 } else { 2 + places }]);
    }
    let place = |key: &str| (("bad-places"), key.to_owned());
    assert_eq!(problems(json!({"extends": "mit", "rounding": {"mode": "half_up", "places": 10}})), [place("rounding")]);
    let seven = json!({"extends": "mit", "quality_points": {"mode": "half_up", "places": 7}});
    assert_eq!(problems(seven), [place("quality_points")]);
}

#[test]
fn rules_that_contradict_each_other_are_refused() {
    let rule = |extra: Value| {
        let mut rule = json!({"mode": "half_up", "places": 2});
        rule.as_object_mut().expect("a table").extend(extra.as_object().expect("a table").clone());
        rule
    };
    let refused = |rounding: Value| problems(json!({"extends": "mit", "rounding": rounding}));
    assert_eq!(refused(rule(json!({"campus": "Dubai"}))), [("rule-from-nowhere", "rounding".to_owned())]);
    assert_eq!(refused(json!([rule(json!({"campus": "Dubai"}))])), [("no-first-rule", "rounding".to_owned())]);
    let dubai = rule(json!({"campus": "Dubai", "from": "2020-01"}));
    let twice = json!([rule(json!({})), dubai, dubai]);
    assert_eq!(refused(twice), [("rules-from-one-term", "rounding".to_owned())]);
    let nameless = json!([rule(json!({})), rule(json!({"campus": ""}))]);
    assert_eq!(refused(nameless), [("not-a-text", "rounding[1].campus".to_owned())]);
}

/// The CPI of IIT Bombay. Two semesters of 32 and 36 credits at 7.62 and 8.2: 539.04 / 68 = 7.927…; where the semesters are
/// not whole hundredths the mean of the printed ones differs from that of the totals.
#[test]
fn the_mean_of_printed_terms_is_not_that_of_the_totals() {
    let bombay = Policy::built_in("iit-bombay").expect("built in");
    let sums = Policy::from_json(&json!({"extends": "iit-bombay", "cumulative": "totals"})).expect("a policy");
    // (10 + 10 + 9) / 3 = 9.666…, printed 9.67, and (6 + 6 + 7) / 3 = 6.333…, printed 6.33: 3 x 9.67 + 3 x 6.33 over 6.
    let terms = vec![
        term("2020-07", "undergraduate", vec![attempt("AA", "2"), attempt("AB", "1")]),
        term("2021-01", "undergraduate", vec![attempt("AA", "5"), attempt("AB", "1")]),
    ];
    let level = judged_one(&record(terms), &bombay);
    let printed: Vec<String> = level.terms.iter().map(|term| shown(&term.term)).collect();
    assert_eq!(printed, ["9.67", "9.83"]);
    // (9.67 x 3 + 9.83 x 6) / 9 = 87.99 / 9 = 9.7766…; the totals give 88 / 9 = 9.7777….
    let cumulative = level.terms[1].cumulative.gpa.expect("a GPA");
    assert_eq!((cumulative.exact.to_string(), cumulative.displayed.to_string()), ("2933/300".into(), "9.78".into()));
    assert_eq!((level.institution.gpa, level.overall.gpa), (Some(cumulative), Some(cumulative)));
    let totals = judged_one(&record(vec![level_terms(0), level_terms(1)]), &sums);
    assert_eq!(totals.institution.gpa.map(|gpa| gpa.exact.to_string()).as_deref(), Some("88/9"));
}

fn level_terms(which: usize) -> Term {
    let (designator, hours) = [("2020-07", "2"), ("2021-01", "5")][which];
    term(designator, "undergraduate", vec![attempt("AA", hours), attempt("AB", "1")])
}

#[test]
fn a_term_without_gpa_hours_weighs_nothing_and_no_gpa_is_never_zero() {
    let bombay = Policy::built_in("iit-bombay").expect("built in");
    let terms = vec![term("2020-07", "undergraduate", vec![attempt("W", "6")]), level_terms(1)];
    let level = judged_one(&record(terms), &bombay);
    assert_eq!((level.terms[0].cumulative.gpa, level.terms[0].term.gpa), (None, None));
    assert_eq!(shown(&level.terms[1].cumulative), "9.83");
    let nothing = judged_one(&record(vec![term("2020-07", "undergraduate", vec![attempt("P", "6")])]), &bombay);
    assert_eq!((nothing.institution.gpa, nothing.overall.gpa), (None, None));
}

#[test]
fn what_has_no_printed_terms_is_refused_beside_their_mean() {
    let bombay = Policy::built_in("iit-bombay").expect("built in");
    let mut record = record(vec![level_terms(0)]);
    record.balances = vec![balance(BalanceOrigin::Institution, None, "10", "90")];
    assert_eq!(refused(&record, &bombay), [("balance-without-terms", "balances[0].quality_points".to_owned())]);
    let place = || "cumulative".to_owned();
    let file = json!({"extends": "iit-bombay", "transfer_in_gpa": true, "repeats": {"counts": "last", "changes": "repeat_term"}});
    let code = "cumulative-contradicts";
    assert_eq!(problems(file), [(code, place()), (code, place())]);
    let unknown = json!({"extends": "iit-bombay", "cumulative": "mean"});
    assert_eq!(problems(unknown), [("unknown-word", place())]);
}

#[test]
fn plain_attempts_say_their_terms_or_are_one_term() {
    let bombay = Policy::built_in("iit-bombay").expect("built in");
    let one = |raw: &str, hours: &str, term: Option<&str>| PlainAttempt {
        grade: grade(raw),
        credits: credits(hours),
        course: None,
        term: term.map(text),
        level: None,
    };
    let shown =
        |attempts: &[PlainAttempt]| calculate_gpa(attempts, &bombay).map(|gpa| gpa.map(|g| g.exact.to_string()));
    let (first, second) = (Some("2020-07"), Some("2021-01"));
    let attempts = [
        one("AA", "2", first),
        one("AB", "1", first),
        one("AA", "5", second),
        one("AB", "1", second),
        one("W", "3", second),
    ];
    assert_eq!(shown(&attempts), Ok(Some("2933/300".to_owned())));
    assert_eq!(shown(&[one("AA", "2", None), one("AB", "1", None)]), Ok(Some("967/100".to_owned())));
    let mixed = shown(&[one("AA", "2", None), one("AB", "1", second)]);
    assert!(matches!(mixed, Err(Error::MalformedRecord(found)) if found[0].code == "attempts-without-term"));
    assert_eq!(shown(&[one("W", "2", first)]), Ok(None));
}

/// RIT: "add .005 to the unrounded result and truncate after the second decimal" (its dean's list): half up, for whatever
/// GPA there is.
#[test]
fn adding_half_a_hundredth_and_cutting_is_rounding_half_up() {
    let half_up = policy(json!({"extends": "whole-letters", "rounding": {"mode": "half_up", "places": 2}}));
    for a in 0..=20_u32 {
        for b in 1..=20_u32 {
            let attempts = [("A", a), ("F", b)].map(|(raw, hours)| PlainAttempt {
                grade: grade(raw),
                credits: credits(&hours.to_string()),
                course: None,
                term: None,
                level: None,
            });
            let gpa = calculate_gpa(&attempts, &half_up).expect("on the scale").expect("a GPA");
            // 4a / (a + b) in thousandths and a half: (4000 a / (a + b) + 5) / 10, whole.
            let hundredths = (4_000 * a + 5 * (a + b)) / (10 * (a + b));
            assert_eq!(gpa.displayed.micro(), i64::from(hundredths) * 10_000, "{a} {b}");
        }
    }
}

/// Millersville rounds from summer 2004 on, "NOT retroactive": the term of spring 2004 stays cut.
#[test]
fn a_rounding_is_not_retroactive() {
    let rounding = json!([{"mode": "truncate", "places": 2}, {"from": "2004-06", "mode": "half_up", "places": 2}]);
    let policy = policy(json!({"extends": "whole-letters", "rounding": rounding}));
    let level = judged_one(&record(vec![thirds("2004-01"), thirds("2004-06")]), &policy);
    let printed: Vec<String> = level.terms.iter().map(|term| shown(&term.term)).collect();
    assert_eq!((printed, shown(&level.institution)), (vec!["3.66".into(), "3.67".into()], "3.67".into()));
}
