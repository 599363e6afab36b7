//! Every student of the sample campus, on both papers.

use super::boxes::text_boxes;
use super::{CODE, issue};
use registrary::document;
use registrary::document::{
    BirthDateShown, Columns, Paper, PrintedName, Shown, Theme, Transcription, compose, disclosed, paginate,
};
use registrary::exchange::record_json;
use registrary::gpa::{Policy, evaluate};
use registrary::source::campus;

#[test]
fn every_student_of_the_campus_is_set_whole() {
    let policy = Policy::from_toml(campus::policy_toml()).expect("the campus policy");
    let letter = Theme::new(campus::institution());
    let a4 = Theme { paper: Paper::A4, columns: Columns::One, ..letter.clone() };
    let mut students = 0;
    for record in campus::records(300).expect("the campus") {
        let record = record.expect("a record");
        let evaluation = evaluate(&record, &policy).expect("it can be judged");
        for theme in [&letter, &a4] {
            let (policy, issue) = (Some(&policy), &issue());
            let parts = Transcription { record: &record, evaluation: &evaluation, policy, theme, issue, code: CODE };
            let document = compose(&parts).expect("it can be put into words");
            let pages = paginate(&document).expect("it can be set");
            let words: String = text_boxes(&pages).into_iter().map(|line| line.text).collect();
            let words = words.replace(' ', "");
            for attempt in record.terms.iter().flat_map(|term| &term.attempts) {
                let title = attempt.course.title.as_ref().map(|title| title.as_str().replace(' ', ""));
                assert!(title.is_none_or(|title| words.contains(&title)), "a title is missing");
            }
        }
        students += 1;
    }
    assert!(students >= 300, "{students} students");
}

#[test]
fn the_record_that_goes_along_makes_the_same_document() {
    let policy = Policy::from_toml(campus::policy_toml()).expect("the campus policy");
    let plain = Theme::new(campus::institution());
    let shown = Shown { chosen_name: false, former_names: false, native_name: false, ..Shown::default() };
    let silent = Theme { birth_date: BirthDateShown::None, shown, ..plain.clone() };
    let chosen = Theme { birth_date: BirthDateShown::Full, printed_name: PrintedName::Chosen, ..plain.clone() };
    let mut kept_back = 0;
    for record in campus::records(300).expect("the campus") {
        let record = record.expect("a record");
        let evaluation = evaluate(&record, &policy).expect("it can be judged");
        for theme in [&plain, &silent, &chosen] {
            let (policy, issue) = (Some(&policy), &issue());
            let document =
                |record| compose(&Transcription { record, evaluation: &evaluation, policy, theme, issue, code: CODE });
            let told = disclosed(&record, theme);
            assert!(document(&told) == document(&record), "{}", record.student.id.as_str());
            kept_back += usize::from(told != record);
            let whole = record_json::write(&record);
            let student = document::told(&record.student, theme);
            assert!(record_json::retold(&whole, &record, &student) == record_json::write(&told));
            let names = &told.student.names;
            assert!(told.holds.is_empty() && told.terms == record.terms);
            assert!(theme != &silent || (told.student.birth.is_none() && names.chosen.is_none()));
            assert!(theme != &chosen || record.student.names.chosen.as_ref().is_none_or(|name| names.legal == *name));
        }
    }
    assert!(kept_back > 300, "{kept_back} records held something back");
}
