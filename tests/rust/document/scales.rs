//! The printed key to the policy: marks, inverted scales, the scale a student came under, roundings of campuses.

use super::CODE;
use super::records::{institution, issue, record, term, text};
use registrary::document::{Theme, Transcription, compose};
use registrary::domain::{Level, StudentRecord};
use registrary::gpa::{Policy, evaluate};

fn page(record: &StudentRecord, policy: &Policy) -> String {
    let evaluation = evaluate(record, policy).expect("the record can be judged");
    let (theme, issue) = (Theme::new(institution()), issue());
    let parts = Transcription {
        record,
        evaluation: &evaluation,
        policy: Some(policy),
        theme: &theme,
        issue: &issue,
        code: CODE,
    };
    compose(&parts).expect("it can be put into words").to_text()
}

fn taken(terms: &[(&str, &str)]) -> StudentRecord {
    let mut student = record("7", "Ada Okafor");
    let level = Level::undergraduate();
    student.terms = terms.iter().map(|(begins, line)| term(begins, begins, "", &level, &[line])).collect();
    student
}

fn built_in(name: &str) -> Policy {
    Policy::built_in(name).expect(name)
}

fn key(page: &str) -> &str {
    page.split("## Key to this transcript").nth(1).expect("a key")
}

#[test]
fn marks_stand_beside_the_grades_they_stand_for() {
    let page = page(&taken(&[("2024-09-04", "LAW 101 | Contracts | 3 | 73")]), &built_in("toronto"));
    let key = key(&page);
    assert!(key.contains("| Grade | Marks | Points | Meaning |"), "{key}");
    assert!(
        key.contains("| A+ | 90–100 | 4.0 | Excellent |") && key.contains("| F | 0–49 | 0.0 | Inadequate |"),
        "{key}"
    );
    assert!(key.contains("| W |  |  | Withdrew |"), "{key}");
    assert!(page.contains("| 73 |") && page.contains("3.00"), "{page}");
}

#[test]
fn where_fewer_points_are_better_the_key_says_so_and_begins_with_1() {
    let page = page(&taken(&[("2024-10-01", "BWL 1 | Bilanzen | 6 | 1.3")]), &built_in("germany"));
    let key = key(&page);
    let at = |row: &str| key.find(row).unwrap_or_else(|| panic!("{row} is not in {key}"));
    assert!(at("| 1.0 | 1.0 | Very good |") < at("| 4.0 | 4.0 | Sufficient |"));
    assert!(at("| 4.0 | 4.0 | Sufficient |") < at("| 5.0 | 5.0 | Not sufficient |"));
    assert!(key.contains("Fewer points are better.") && key.contains("GPAs are cut to 1 places"), "{key}");
}

#[test]
fn each_student_sees_the_scale_of_the_own_entry_alone() {
    let policy = built_in("nigeria-by-entry");
    let old = page(
        &taken(&[("2016-09-12", "LAW 101 | Contracts | 3 | A"), ("2018-09-10", "LAW 201 | Torts | 3 | A")]),
        &policy,
    );
    let new = page(&taken(&[("2018-09-10", "LAW 201 | Torts | 3 | A")]), &policy);
    assert!(key(&old).contains("| A | 70–100 | 5 | Excellent |") && !key(&old).contains("| A | 70–100 | 4 |"), "{old}");
    assert!(key(&new).contains("| A | 70–100 | 4 | Excellent |") && !key(&new).contains("| A | 70–100 | 5 |"), "{new}");
    assert!(key(&old).contains("Five-point scale") && key(&new).contains("Four-point scale"));
}

#[test]
fn the_mean_of_printed_terms_and_the_rounding_of_a_campus_are_told() {
    let bombay = page(&taken(&[("2024-07-22", "MA 101 | Calculus | 6 | AA")]), &built_in("iit-bombay"));
    assert!(key(&bombay).contains("A cumulative GPA is the mean of the terms’ printed GPAs"), "{bombay}");
    let rounding = r#"extends = "plus-minus-3"
        rounding = [{ mode = "truncate", places = 2 }, { campus = "Dubai", mode = "half_up", places = 3 }]"#;
    let policy = Policy::from_toml(rounding).expect("a policy");
    let mut student =
        taken(&[("2024-09-04", "LAW 101 | Contracts | 3 | A"), ("2025-02-03", "LAW 102 | Torts | 3 | B+")]);
    student.terms[1].campus = Some(text("Dubai"));
    let page = page(&student, &policy);
    assert!(key(&page).contains("cut to 2 places") && key(&page).contains("rounded half up to 3 places"), "{page}");
    assert!(!key(&page).contains("Fewer points") && !key(&page).contains("mean of the terms"), "{page}");
}
