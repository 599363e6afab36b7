//! Whole records judged: terms, levels, transfers, balances, and what is refused.

use crate::gpa_records::*;
use registrary::domain::*;
use registrary::gpa::{CreditSummary, Evaluation, Policy, evaluate};

/// Attempted, earned, GPA hours, quality points, GPA, as printed.
fn printed(summary: &CreditSummary) -> String {
    let gpa = summary.gpa.map_or("none".to_owned(), |gpa| gpa.displayed.to_string());
    let hours = [summary.credits_attempted, summary.credits_earned, summary.gpa_hours];
    format!("{} {} {} {} {gpa}", hours[0], hours[1], hours[2], summary.quality_points_displayed)
}

#[test]
fn terms_add_up_to_the_cumulative_in_order_of_designator() {
    let later = term("2025-01", "undergraduate", vec![attempt("A", "3"), attempt("W", "3"), attempt("P", "1")]);
    let first = term("2024-09", "undergraduate", vec![attempt("B", "3"), attempt("F", "4")]);
    let levels = judged(&record(vec![later, first]), &whole_letters());
    let [level] = levels.as_slice() else { panic!("one level") };
    let order: Vec<usize> = level.terms.iter().map(|term| term.term_index).collect();
    assert_eq!(order, [1, 0]);
    assert_eq!(printed(&level.terms[0].term), "7 3 7 9.00 1.28");
    assert_eq!(printed(&level.terms[0].cumulative), "7 3 7 9.00 1.28");
    assert_eq!(printed(&level.terms[1].term), "7 4 3 12.00 4.00");
    assert_eq!(printed(&level.terms[1].cumulative), "14 7 10 21.00 2.10");
    assert_eq!(printed(&level.institution), "14 7 10 21.00 2.10");
    assert_eq!(printed(&level.transfer), "0 0 0 0.00 none");
    assert_eq!(level.scale, "whole-letters");
}

#[test]
fn each_attempt_says_what_it_did() {
    let recorded = Attempt { credits_earned: Some(credits("2")), ..attempt("F", "3") };
    let attempts = vec![attempt("A", "3"), attempt("W", "3"), recorded, with_status(GradeStatus::InProgress, "3")];
    let levels = judged(&record(vec![term("2025-01", "undergraduate", attempts)]), &whole_letters());
    let judged = &levels[0].terms[0].attempts;
    let rules: Vec<&str> = judged.iter().map(|attempt| attempt.rule).collect();
    assert_eq!(rules, ["grade", "grade", "grade", "in-progress"]);
    assert_eq!(judged[0].quality_points.map(|points| points.to_string()).as_deref(), Some("12.00"));
    assert!(judged[0].in_degree && judged[1].points.is_none() && judged[1].quality_points.is_none());
    assert_eq!((judged[1].credits_attempted, judged[1].gpa_hours), (credits("3"), Credits::ZERO));
    assert_eq!(judged[2].credits_earned, credits("2"), "recorded credits win over the policy");
    assert_eq!((judged[3].credits_attempted, judged[3].credits_earned), (Credits::ZERO, Credits::ZERO));
}

#[test]
fn no_gpa_is_none_and_not_zero() {
    let passed = record(vec![term("2025-01", "undergraduate", vec![attempt("P", "3"), attempt("W", "3")])]);
    assert_eq!(judged(&passed, &whole_letters())[0].overall.gpa, None);
    let failed = record(vec![term("2025-01", "undergraduate", vec![attempt("F", "3")])]);
    let gpa = judged(&failed, &whole_letters())[0].overall.gpa.expect("a GPA of zero is a GPA");
    assert_eq!(gpa.displayed.to_string(), "0.00");
    let weightless = record(vec![term("2025-01", "undergraduate", vec![attempt("A", "0")])]);
    assert_eq!(judged(&weightless, &whole_letters())[0].overall.gpa, None);
    assert!(judged(&record(Vec::new()), &whole_letters()).is_empty());
}

#[test]
fn levels_never_mix_and_have_their_own_scales() {
    let file = r#"
        name = "campus"
        extends = "whole-letters"
        [levels.law]
        scale = { H = "4.3", P = "3.0", F = "0" }
        rounding = { mode = "half_up", places = 3 }
    "#;
    let policy = Policy::from_toml(file).expect("a policy");
    let terms = vec![
        term("2020-09", "undergraduate", vec![attempt("B", "3"), attempt("P", "3")]),
        term("2024-09", "law", vec![attempt("H", "3"), attempt("P", "4")]),
    ];
    let levels = judged(&record(terms), &policy);
    let seen: Vec<(&str, &str, String)> =
        levels.iter().map(|l| (l.level.as_str(), l.scale.as_str(), printed(&l.overall))).collect();
    assert_eq!(seen[0], ("undergraduate", "campus", "6 6 3 9.00 3.00".to_owned()));
    assert_eq!(seen[1], ("law", "campus/law", "7 7 7 24.90 3.557".to_owned()));
}

#[test]
fn rounding_is_that_of_the_term() {
    let file = r#"
        extends = "whole-letters"
        rounding = [{ mode = "truncate", places = 2 }, { from = "2004-06", mode = "half_up", places = 2 }]
    "#;
    let policy = Policy::from_toml(file).expect("a policy");
    let work = || vec![attempt("A", "2"), attempt("B", "1")];
    let terms = vec![term("2004-01", "undergraduate", work()), term("2004-06", "undergraduate", work())];
    let level = &judged(&record(terms), &policy)[0];
    assert!(printed(&level.terms[0].cumulative).ends_with(" 3.66"), "not retroactive");
    assert!(printed(&level.terms[1].cumulative).ends_with(" 3.67"));
    assert!(printed(&level.overall).ends_with(" 3.67"));
}

#[test]
fn a_grade_is_worth_what_it_was_worth_in_its_term() {
    let file = r#"
        scale = { A = "5", B = "4", F = "0" }
        [[scale_changes]]
        from = "2017-09"
        scale = { A = "4", B = "3" }
    "#;
    let policy = Policy::from_toml(file).expect("a policy");
    let work = || vec![attempt("B", "3")];
    let terms = vec![term("2017-01", "undergraduate", work()), term("2017-09", "undergraduate", work())];
    let level = &judged(&record(terms), &policy)[0];
    assert!(printed(&level.terms[0].term).ends_with(" 4.00") && printed(&level.terms[1].term).ends_with(" 3.00"));
    assert_eq!(level.scale, "custom@2017-09");
}

#[test]
fn transfer_work_earns_and_enters_the_gpa_only_by_policy() {
    let mut student = record(vec![term("2024-09", "undergraduate", vec![attempt("B", "3")])]);
    let foreign = Attempt { credits_earned: Some(credits("6")), ..attempt("1,3", "6") };
    let not_a_grade = Attempt { status: Some(GradeStatus::TransferNoGrade), ..attempt("XFER", "2") };
    let block = vec![attempt("A", "3"), attempt("F", "3"), ungraded("4"), not_a_grade];
    student.transfers = vec![transfer("undergraduate", [block.clone(), vec![foreign]].concat())];
    let level = &judged(&student, &whole_letters())[0];
    assert_eq!(printed(&level.transfer), "18 15 0 0.00 none");
    assert_eq!(printed(&level.overall), "21 18 3 9.00 3.00");
    assert_eq!(level.transfers[0].attempts[0].points, None);

    let counting = Policy::from_toml("extends = \"whole-letters\"\ntransfer_in_gpa = true").expect("a policy");
    assert_eq!(refused(&student, &counting), [("grade-not-on-scale", "transfers[0].attempts[4].grade".to_owned())]);
    student.transfers = vec![transfer("undergraduate", block)];
    let level = &judged(&student, &counting)[0];
    assert_eq!(printed(&level.transfer), "12 9 6 12.00 2.00");
    assert_eq!(printed(&level.overall), "15 12 9 21.00 2.33");
}

#[test]
fn balances_count_from_the_last_term_they_cover() {
    let work = || vec![attempt("A", "3")];
    let terms = vec![term("1994-01", "undergraduate", work()), term("1995-09", "undergraduate", work())];
    let mut student = record(terms);
    student.balances = vec![
        balance(BalanceOrigin::Institution, Some("1995-06"), "30", "60"),
        balance(BalanceOrigin::Transfer, None, "10", "30"),
    ];
    let level = &judged(&student, &whole_letters())[0];
    assert_eq!(printed(&level.terms[0].cumulative), "3 3 3 12.00 4.00");
    assert_eq!(printed(&level.terms[1].cumulative), "36 36 36 84.00 2.33");
    assert_eq!(printed(&level.institution), "36 36 36 84.00 2.33");
    assert_eq!(printed(&level.transfer), "10 10 0 0.00 none");
    assert_eq!(printed(&level.overall), "46 46 36 84.00 2.33");
    student.balances[0].through = Some(term_of("1995-09"));
    let level = &judged(&student, &whole_letters())[0];
    assert_eq!(printed(&level.terms[1].cumulative), "36 36 36 84.00 2.33", "the last term it covers is covered");
    student.terms.clear();
    student.balances[0].through = None;
    assert_eq!(printed(&judged(&student, &whole_letters())[0].institution), "30 30 30 60.00 2.00");
}

#[test]
fn every_grade_not_on_the_scale_is_listed() {
    let terms = vec![
        term("2024-09", "undergraduate", vec![attempt("A", "3"), attempt("Z", "3")]),
        term("2025-01", "graduate", vec![attempt("A+", "3"), ungraded("3")]),
    ];
    let mut student = record(terms);
    student.transfers = vec![transfer("graduate", vec![attempt("17/20", "3")])];
    let found = refused(&student, &whole_letters());
    let expected = [
        ("grade-not-on-scale", "terms[0].attempts[1].grade"),
        ("grade-not-on-scale", "terms[1].attempts[0].grade"),
        ("no-grade", "terms[1].attempts[1]"),
        ("grade-not-on-scale", "transfers[0].attempts[0].grade"),
    ];
    assert_eq!(found, expected.map(|(code, place)| (code, place.to_owned())));
}

#[test]
fn a_status_without_a_grade_needs_a_rule() {
    let statuses = vec![with_status(GradeStatus::Withdrew, "3"), with_status(GradeStatus::WithdrewFailing, "3")];
    let student = record(vec![term("2025-01", "undergraduate", statuses)]);
    assert_eq!(printed(&judged(&student, &whole_letters())[0].overall), "6 0 3 0.00 0.00");
    let bare = Policy::from_toml("scale = { A = \"4\" }").expect("a policy");
    let codes: Vec<&str> = refused(&student, &bare).iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, ["status-without-rule", "status-without-rule"]);
}

#[test]
fn a_status_does_not_become_a_grade_that_was_redefined() {
    let passed = vec![with_status(GradeStatus::PassFailPass, "3")];
    let student = record(vec![term("2025-01", "undergraduate", passed)]);
    assert_eq!(printed(&judged(&student, &whole_letters())[0].overall), "3 3 0 0.00 none");
    let redefined = Policy::from_toml("extends = \"whole-letters\"\nscale = { P = \"1.5\" }").expect("a policy");
    assert_eq!(refused(&student, &redefined), [("status-without-rule", "terms[0].attempts[0]".to_owned())]);
}

#[test]
fn contradictions_are_refused() {
    let open = Attempt { status: Some(GradeStatus::InProgress), ..attempt("A", "3") };
    let quarter = Attempt { unit: CreditUnit::Quarter, ..attempt("A", "3") };
    let unknown = Attempt { unit: CreditUnit::Unreported, ..attempt("A", "3") };
    let mut student = record(vec![term("2025-01", "undergraduate", vec![open, attempt("A", "3"), quarter, unknown])]);
    student.balances = vec![
        Balance { gpa_hours: Credits::ZERO, ..balance(BalanceOrigin::Institution, None, "3", "9") },
        balance(BalanceOrigin::Institution, None, "3", "-9"),
    ];
    let mut codes: Vec<&str> = refused(&student, &whole_letters()).iter().map(|(code, _)| *code).collect();
    codes.sort_unstable();
    let expected =
        ["grade-contradicts-status", "mixed-credit-units", "negative-quality-points", "quality-points-without-hours"];
    assert_eq!(codes, expected);
}

#[test]
fn credits_beyond_all_measure_are_refused_once() {
    let terms = vec![term("2025-01", "undergraduate", vec![attempt("A", "999999"), attempt("A", "999999")])];
    assert_eq!(refused(&record(terms), &whole_letters()), [("totals-too-large", "terms".to_owned())]);
}

#[test]
fn stated_totals_are_handed_on_without_a_policy() {
    let mut student = record(vec![term("2025-01", "undergraduate", vec![attempt("not on any scale", "3")])]);
    student.totals = TotalsAuthority::Stated;
    assert_eq!(evaluate(&student, &whole_letters()), Ok(Evaluation::Stated { summaries: Vec::new() }));
}
