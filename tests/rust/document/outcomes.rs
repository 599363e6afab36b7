//! What a page says of credits passed, other units, named GPAs, standing and honours: the record's words first.

use super::CODE;
use super::records::{institution, issue, record, term, text};
use registrary::document::{Certification, Labels, Shown, Theme, Transcription, compose, compose_certificate};
use registrary::domain::{Award, CreditUnit, Date, Level, StudentRecord};
use registrary::gpa::{Policy, evaluate};

const RULES: &str = "extends = \"whole-letters\"\n[repeats]\ncounts = \"last\"\n\
    [variants.honors]\ntitle = \"Honors GPA\"\nforgiven = \"count\"\nprint = true\n\
    [standing]\nprint = true\nrules = [{is = \"Probation\", term_gpa_below = 2}, {is = \"Good standing\"}]\n\
    [term_honors]\nprint = true\nrules = [{is = \"Dean's list\", term_gpa_at_least = 4}]\n\
    [degree_honors]\nprint = true\ngpa_of = \"honors\"\nrules = [{is = \"cum laude\", gpa_at_least = 2.6}]\n";

fn policy(file: &str) -> Policy {
    Policy::from_toml(file).unwrap_or_else(|error| panic!("{error}"))
}

fn said(record: &StudentRecord, policy: &Policy, theme: &Theme) -> String {
    let (evaluation, issue) = (evaluate(record, policy).expect("the record can be judged"), issue());
    let parts =
        Transcription { record, evaluation: &evaluation, policy: Some(policy), theme, issue: &issue, code: CODE };
    compose(&parts).expect("it can be put into words").to_text()
}

fn plain() -> Theme {
    Theme::new(institution())
}

/// A course failed and taken again, and a degree.
fn graduate() -> StudentRecord {
    let (mut student, level) = (record("7", "Ada Okafor"), Level::undergraduate());
    let failed = ["MATH 101 | Calculus | 3 | F", "HIST 1 | Antiquity | 3 | D"];
    let again = ["MATH 101 | Calculus | 3 | A", "ART 1 | Drawing | 3 | A", "ENGL 1 | Prose | 3 | A"];
    student.terms = vec![
        term("Fall 2024", "2024-09-04", "", &level, &failed),
        term("Spring 2025", "2025-01-10", "", &level, &again),
    ];
    let (programs, honors, notes) = (Vec::new(), Vec::new(), Vec::new());
    let (level, conferred) = (Some(level), Date::new(2025, 5, 20));
    student.awards =
        vec![Award { title: text("Bachelor of Arts"), level, conferred, programs, honors, thesis_title: None, notes }];
    student
}

#[test]
fn what_rules_decide_is_printed_where_the_policy_says_so() {
    let page = said(&graduate(), &policy(RULES), &plain());
    for line in ["Standing: Probation", "Standing: Good standing", "Honors: Dean's list", "Honors: cum laude"] {
        assert!(page.contains(line), "{line} is not in {page}");
    }
    // (0 + 3 × 1 + 3 × 3 × 4) ÷ 15: the F counts again.
    assert!(page.contains("| Honors GPA | 15.00 | 12.00 | 15.00 | 39.00 | 2.60 |"), "{page}");
    let silent = policy(&RULES.replace("print = true\n", ""));
    let page = said(&graduate(), &silent, &plain());
    for absent in ["Standing:", "Honors:", "Honors GPA", "| Pas |"] {
        assert!(!page.contains(absent), "{absent} is in {page}");
    }
}

#[test]
fn what_the_record_states_is_printed_alone() {
    let mut student = graduate();
    student.terms[0].standing = Some(text("Warned"));
    student.terms[1].honors = vec![text("Phi Theta Kappa")];
    student.awards[0].honors = vec![text("with distinction")];
    let page = said(&student, &policy(RULES), &plain());
    for line in ["Standing: Warned", "Standing: Good standing", "Honors: Phi Theta Kappa", "Honors: with distinction"] {
        assert!(page.contains(line), "{line} is not in {page}");
    }
    for absent in ["Probation", "Dean's list", "cum laude"] {
        assert!(!page.contains(absent), "{absent} is in {page}");
    }
}

#[test]
fn credits_passed_are_a_column_where_the_theme_wants_it() {
    let shown = Shown { credits_passed: true, ..Shown::default() };
    let page = said(&graduate(), &policy(RULES), &Theme { shown, ..plain() });
    assert!(page.contains("| Totals | Att | Pas | Ern | GPA hrs | Points | GPA |"), "{page}");
    assert!(page.contains(" Overall | 15.00 | 12.00 | 12.00 | 12.00 | 39.00 | 3.25 |"), "{page}");
    assert!(page.contains("Pas: credits passed."), "{page}");
    let french = Theme { shown, labels: Labels::french(), ..plain() };
    assert!(said(&graduate(), &policy(RULES), &french).contains("Réu : crédits réussis."));
}

#[test]
fn converted_credits_say_their_unit_and_factor() {
    let mut student = graduate();
    student.terms[1].attempts[1].unit = CreditUnit::Quarter;
    student.terms[1].attempts[1].credits = super::records::credits("5");
    let units = |round: &str| {
        let units = "[units]\nprint = \"semester\"\nrounding = {mode = \"half_up\", places = 2}\nquarter = \"2/3\"\n";
        said(&student, &policy(&format!("{RULES}{units}round = \"{round}\"\n")), &plain())
    };
    let (by_course, by_sum) = (units("course"), units("sum"));
    let factor = "Totals are counted in one unit: 1 quarter hour = 2/3 semester hour.";
    assert!(by_course.contains("| ART 1 | Drawing | 3.33 | 3.33 | A | 13.32 | "), "{by_course}");
    assert!(by_course.contains("Unit of credit: semester hour.") && by_course.contains(factor), "{by_course}");
    assert!(by_sum.contains("| ART 1 | Drawing | qtr | 5.00 | 5.00 | A | 20.00 | "), "{by_sum}");
    assert!(by_sum.contains("Unit of credit: sem = semester hour, qtr = quarter hour."), "{by_sum}");
    assert!(
        by_sum.contains(factor) && by_sum.contains(" Overall | 15.33 | 12.33 | 12.33 | 40.33 | 3.27 |"),
        "{by_sum}"
    );
    assert!(!said(&graduate(), &policy(RULES), &plain()).contains("Totals are counted"));
}

#[test]
fn a_certificate_has_the_honors_that_the_transcript_has() {
    let certified = |record: &StudentRecord, file: &str| {
        let (evaluation, issue) = (evaluate(record, &policy(file)).expect("the record can be judged"), issue());
        let evaluation = Some(&evaluation);
        let (theme, award, reference) = (&plain(), 0, None);
        let parts = Certification { record, award, evaluation, theme, issue: &issue, code: CODE, reference };
        compose_certificate(&parts).expect("it can be put into words").to_text()
    };
    let mut record = graduate();
    assert_eq!(certified(&record, RULES).matches("cum laude").count(), 1);
    assert!(!certified(&record, &RULES.replace("print = true\n", "")).contains("cum laude"));
    record.awards[0].honors = vec![text("cum laude")];
    assert_eq!(certified(&record, RULES).matches("cum laude").count(), 1);
    record.awards[0].honors.clear();
    record.partial = true;
    assert!(!certified(&record, RULES).contains("cum laude"));
}

#[test]
fn what_a_page_does_not_imply_it_says() {
    let mut student = graduate();
    let page = said(&student, &policy(RULES), &plain());
    assert!(!page.contains("Bay Campus") && !page.contains("Bachelor of Arts ("), "{page}");
    student.terms[1].campus = Some(text("Bay Campus"));
    student.terms.push(term("Fall 2026", "2026-09-04", "", &Level::graduate(), &["ART 501 | Colour | 3 | A"]));
    let page = said(&student, &policy(RULES), &plain());
    assert!(page.contains("Bay Campus") && page.contains("Bachelor of Arts (Undergraduate)"), "{page}");
}
