//! Credits passed, credits of several units, and the GPAs that a policy names.

use crate::gpa_records::*;
use crate::gpa_repeat_records::{UNDERGRADUATE, marked, of};
use registrary::domain::{Attempt, BalanceOrigin, CreditUnit, Error, RepeatTreatment};
use registrary::gpa::{CreditSummary, LevelEvaluation, Policy};

fn policy(file: &str) -> Policy {
    Policy::from_toml(&format!("extends = \"whole-letters\"\n{file}")).unwrap_or_else(|error| panic!("{error:?}"))
}

fn problems(file: &str) -> Vec<(&'static str, String)> {
    match Policy::from_toml(&format!("extends = \"whole-letters\"\n{file}")) {
        Err(Error::Policy(problems)) => problems.into_iter().map(|p| (p.code, p.place)).collect(),
        other => panic!("not refused: {other:?}"),
    }
}

fn level(policy: &Policy, terms: Vec<Vec<Attempt>>) -> LevelEvaluation {
    let dated = |(at, attempts)| term(&format!("{}-09", 2020 + at), UNDERGRADUATE, attempts);
    judged(&record(terms.into_iter().enumerate().map(dated).collect()), policy).remove(0)
}

fn unit(unit: CreditUnit, attempt: Attempt) -> Attempt {
    Attempt { unit, ..attempt }
}

/// attempted, passed, earned, GPA hours, GPA.
fn told(summary: &CreditSummary) -> String {
    let CreditSummary { credits_attempted, credits_passed, credits_earned, gpa_hours, gpa, .. } = summary;
    let gpa = gpa.map_or("none".to_owned(), |gpa| gpa.displayed.to_string());
    format!("{credits_attempted} {credits_passed} {credits_earned} {gpa_hours} {gpa}")
}

/// "Exclude from passed hours, earned hours and GPA, but include only in attempted hours"; "Include in attempted hours
/// and GPA, but exclude from earned hours and passed hours"; "Include in attempted hours, passed hours, earned hours,
/// and GPA". Banner help, SHATRNS, Equivalent Course Detail.
#[test]
fn marks_of_repeats_do_to_credits_passed_what_banner_says() {
    let with = |repeat| told(&level(&whole_letters(), vec![vec![marked(attempt("B", "3"), repeat)]]).overall);
    assert_eq!(with(RepeatTreatment::Excluded), "3 0 0 0 none");
    assert_eq!(with(RepeatTreatment::Averaged), "3 0 0 3 3.00");
    assert_eq!(with(RepeatTreatment::Included), "3 3 3 3 3.00");
    let by_policy = policy("[repeats]\ncounts = \"last\"");
    let twice = level(&by_policy, vec![vec![of("MATH 101", "D", "3")], vec![of("MATH 101", "B", "3")]]);
    assert_eq!([&twice.terms[0].term, &twice.overall].map(told), ["3 0 0 0 none", "6 3 3 3 3.00"]);
}

#[test]
fn a_grade_may_pass_and_earn_nothing_and_recorded_credit_may_be_less_than_was_passed() {
    let remedial = policy("scale = {R = {attempted = true, passed = true, earned = false}}");
    let partly = Attempt { credits_earned: Some(credits("2")), ..attempt("B", "4") };
    let level = level(&remedial, vec![vec![attempt("R", "3"), partly, attempt("F", "1"), attempt("W", "5")]]);
    assert_eq!(told(&level.overall), "13 7 2 5 2.40");
    assert_eq!(level.terms[0].attempts.iter().map(|a| a.credits_passed.to_string()).collect::<String>(), "3400");
}

#[test]
fn transfers_and_balances_pass_what_they_bring() {
    let mut record = record(vec![term("2020-09", UNDERGRADUATE, vec![attempt("A", "4")])]);
    record.balances.push(balance(BalanceOrigin::Institution, None, "10", "30"));
    let elsewhere = Attempt { credits_earned: Some(credits("3")), ..ungraded("3") };
    record.transfers.push(transfer(UNDERGRADUATE, vec![elsewhere]));
    let level = judged(&record, &whole_letters()).remove(0);
    assert_eq!([&level.institution, &level.transfer].map(told), ["14 14 14 14 3.28", "3 3 3 0 none"]);
}

const MIXED: &str = "[units]\nprint = \"semester\"\nround = \"ROUND\"\nrounding = {mode = \"half_up\", places = 2}\n\
                     quarter = \"2/3\"\nects = 0.5\n";

fn mixed(round: &str) -> LevelEvaluation {
    let quarter = |grade, hours| unit(CreditUnit::Quarter, attempt(grade, hours));
    let first = vec![quarter("A", "4"), quarter("B", "4"), quarter("W", "1")];
    let second = vec![attempt("C", "3"), unit(CreditUnit::Ects, attempt("A", "5"))];
    level(&policy(&MIXED.replace("ROUND", round)), vec![first, second])
}

#[test]
fn credits_are_converted_course_by_course_or_on_the_sum() {
    let by_course = mixed("course");
    assert_eq!(told(&by_course.terms[0].term), "6.01 5.34 5.34 5.34 3.50");
    assert_eq!(told(&by_course.overall), "11.51 10.84 10.84 10.84 3.20");
    assert_eq!(by_course.terms[0].attempts[0].credits, credits("2.67"));
    assert_eq!(by_course.terms[0].attempts[0].unit, CreditUnit::Semester);
    // By hand: (8/3 × 4 + 8/3 × 3 + 3 × 2 + 5/2 × 4) ÷ (16/3 + 11/2) = (104/3) ÷ (65/6) = 16/5.
    let by_sum = mixed("sum");
    assert_eq!(told(&by_sum.overall), "11.5 10.83 10.83 10.83 3.20");
    assert_eq!(by_sum.overall.gpa.map(|gpa| gpa.exact.to_string()).as_deref(), Some("16/5"));
    assert_eq!(by_sum.overall.gpa_hours_exact.to_string(), "65/6");
    assert_eq!(by_sum.terms[0].attempts[0].credits, credits("4"));
    assert_eq!((by_sum.terms[0].attempts[0].unit, by_sum.unit), (CreditUnit::Quarter, Some(CreditUnit::Semester)));
}

#[test]
fn a_unit_without_a_factor_is_refused_and_one_that_is_not_reported_goes_with_any() {
    let clock = unit(CreditUnit::ClockHours, attempt("A", "3"));
    let unknown = unit(CreditUnit::Unreported, attempt("A", "3"));
    let judge = policy(&MIXED.replace("ROUND", "sum"));
    let of = |attempts| record(vec![term("2020-09", UNDERGRADUATE, attempts)]);
    let found = refused(&of(vec![attempt("A", "3"), clock]), &judge);
    assert_eq!(found, [("unit-without-factor", "terms[0].attempts[1].unit".to_owned())]);
    assert_eq!(told(&judged(&of(vec![attempt("A", "3"), unknown]), &judge)[0].overall), "6 6 6 6 4.00");
    let quarter = unit(CreditUnit::Quarter, attempt("A", "3"));
    assert_eq!(refused(&of(vec![attempt("A", "3"), quarter]), &whole_letters())[0].0, "mixed-credit-units");
}

#[test]
fn a_cap_in_credits_is_in_the_unit_of_the_totals() {
    let capped = |cap: &str| {
        let rules =
            format!("[repeats]\ncounts = \"last\"\ncap = {{credits = {cap}}}\n{}", MIXED.replace("ROUND", "sum"));
        let of = |grade| unit(CreditUnit::Quarter, of("MATH 101", grade, "6"));
        told(&level(&policy(&rules), vec![vec![of("D")], vec![of("B")]]).overall)
    };
    // Six quarter hours are four semester hours.
    assert_eq!((capped("4").as_str(), capped("3").as_str()), ("8 4 4 4 3.00", "8 4 4 8 2.00"));
}

/// San Bernardino Valley prints 2.67 for four quarter hours at 0.667, wherever the rounding stands.
#[test]
fn converted_credits_are_printed_with_the_places_of_their_rounding() {
    for round in ["course", "sum"] {
        let own = MIXED.replace("ROUND", round).replace("2/3", "0.667");
        let judged = level(&policy(&own), vec![vec![unit(CreditUnit::Quarter, attempt("A", "4"))]]);
        assert_eq!(judged.institution.credits_earned.to_string(), "2.67", "{round}");
    }
}

#[test]
fn rules_that_would_mean_the_contrary_are_refused() {
    let turned = "best = \"lowest\"\npass_points = \"3\"\n";
    assert_eq!(problems(turned), [("inherited-grades", "best".to_owned())]);
    assert_eq!(problems("pass_points = \"2\"\n"), [("inherited-grades", "pass_points".to_owned())]);
    let listed = "pass_points = \"2\"\n[scale]\nD = {points = \"1\", earned = false}\n";
    assert_eq!(told(&level(&policy(listed), vec![vec![attempt("D", "3"), attempt("C", "3")]]).overall), "6 3 3 6 1.50");
    let weighed = "cumulative = \"rounded_terms\"\n".to_owned() + &MIXED.replace("ROUND", "sum");
    assert_eq!(problems(&weighed), [("cumulative-contradicts", "cumulative".to_owned())]);
}

#[test]
fn mistakes_in_units_and_variants_are_all_listed() {
    let units = "[units]\nprint = \"hours\"\nround = \"never\"\nrounding = {mode = \"half_up\", places = 7}\n\
                 quarter = \"2/0\"\nects = \"-1\"\nunits = \"0\"\nother = \"1/1000001\"\nfortnights = 2\n";
    let mut codes: Vec<_> = problems(units).into_iter().map(|(code, _)| code).collect();
    codes.sort_unstable();
    let bad = ["bad-factor", "bad-factor", "bad-factor", "bad-factor", "bad-places"];
    assert_eq!(codes, [&bad[..], &["unknown-key", "unknown-word", "unknown-word"]].concat());
    let missing = problems("[units]\nquarter = \"2/3\"\n");
    assert_eq!(missing.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["key-missing"; 3]);
    let own = MIXED.replace("ROUND", "sum") + "semester = \"2\"\n";
    assert_eq!(problems(&own), [("bad-factor", "units.semester".to_owned())]);
    let variants = "[variants.Honors]\ntitle = \"x\"\n[variants.overall]\ntitle = \"x\"\n\
                    [variants.h]\nforgiven = \"maybe\"\nlast_credits = 0\nrank = 1\n";
    let mut codes: Vec<_> = problems(variants).into_iter().map(|(code, _)| code).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["bad-credits", "bad-name", "bad-name", "no-title", "unknown-key", "unknown-word"]);
    let averaged = "cumulative = \"rounded_terms\"\n[variants.h]\ntitle = \"x\"\n";
    assert_eq!(problems(averaged), [("cumulative-contradicts", "cumulative".to_owned())]);
}

const VARIANTS: &str = "[repeats]\ncounts = \"last\"\n\
    [variants.honors]\ntitle = \"Honors GPA\"\nforgiven = \"count\"\nrounding = {mode = \"half_up\", places = 3}\n\
    [variants.all]\ntitle = \"With transfer work\"\nforgiven = \"count\"\ntransfer = true\n\
    [variants.last]\ntitle = \"Last 6\"\nlast_credits = 6\nprint = true\n";

#[test]
fn named_gpas_count_forgiven_grades_transfer_work_or_the_last_terms() {
    let terms = ["D", "B", "A"].map(|grade| vec![of("MATH 101", grade, "3"), of("HIST 1", "C", "1")]);
    let dated = |(at, attempts)| term(&format!("{}-09", 2020 + at), UNDERGRADUATE, attempts);
    let mut terms: Vec<_> = terms.into_iter().enumerate().map(dated).collect();
    terms[1].attempts[1] = of("ART 1", "C", "1");
    terms[2].attempts[1] = of("ENG 1", "C", "1");
    let mut record = record(terms);
    record.transfers.push(transfer(UNDERGRADUATE, vec![of("CHEM 1", "A", "4")]));
    record.balances.push(balance(BalanceOrigin::Transfer, None, "2", "6"));
    let level = judged(&record, &policy(VARIANTS)).remove(0);
    let gpas: Vec<String> = level.variants.iter().map(|v| format!("{} {}", v.name, told(&v.summary))).collect();
    // By hand: all = (3 × (1 + 3 + 4) + 3 × 2 + 16 + 6) ÷ 18 = 52/18; honors = 30/12; last two terms: (0 + 12 + 4) ÷ 5,
    // where the B is forgiven, so that three terms are needed: (12 + 6) ÷ 6.
    assert_eq!(gpas, ["all 18 12 12 18 2.88", "honors 12 6 6 12 2.500", "last 12 6 6 6 3.00"]);
    assert_eq!(told(&level.overall), "18 12 12 6 3.00");
    assert_eq!(level.variants.iter().map(|v| (v.title.as_str(), v.print)).next_back(), Some(("Last 6", true)));
}

#[test]
fn the_last_credits_are_whole_terms_and_what_precedes_them_when_they_are_too_few() {
    let last = policy("[variants.last]\ntitle = \"Last 6\"\nlast_credits = 6\n");
    let of_terms = |terms: &[&[(&str, &str)]], balance_hours: Option<&str>| {
        let of = |listed: &&[(&str, &str)]| listed.iter().map(|(grade, hours)| attempt(grade, hours)).collect();
        let dated = |(at, listed)| term(&format!("{}-09", 2020 + at), UNDERGRADUATE, of(listed));
        let mut record = record(terms.iter().enumerate().map(dated).collect());
        record.balances.extend(balance_hours.map(|hours| balance(BalanceOrigin::Institution, None, hours, "10")));
        told(&judged(&record, &last)[0].variants[0].summary)
    };
    assert_eq!(of_terms(&[&[("F", "9")], &[("C", "5")], &[("A", "5")]], Some("10")), "10 10 10 10 3.00");
    assert_eq!(of_terms(&[&[("F", "9")], &[("A", "6")]], Some("10")), "6 6 6 6 4.00");
    assert_eq!(of_terms(&[&[("A", "5")]], Some("10")), "15 15 15 15 2.00");
    assert_eq!(of_terms(&[&[("P", "5")]], None), "5 5 5 0 none");
}
