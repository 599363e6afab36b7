//! What a transcript says, and what it refuses to say.

use super::records::{self, CODE, institution, issue, judged, name, text};
use super::{alumna, certificate, stated_transcript, transcript, undergraduate};
use registrary::document::{BirthDateShown, Certification, PrintedName, Shown, Theme, Transcription};
use registrary::document::{compose, compose_certificate};
use registrary::domain::{Error, Issue, Marking, StudentRecord};
use registrary::gpa::Evaluation;

fn theme() -> Theme {
    Theme::new(institution())
}

fn said(record: &StudentRecord, theme: &Theme) -> String {
    transcript(record, theme, &issue()).to_text()
}

#[test]
fn every_course_grade_and_total_is_said() {
    let record = undergraduate::undergraduate();
    let words = said(&record, &theme());
    let (Evaluation::Computed { levels, .. }, _) = judged(&record) else { panic!("judged") };
    for attempt in record.terms.iter().flat_map(|term| &term.attempts) {
        let title = attempt.course.title.as_ref().expect("a title").as_str();
        let credits = attempt.credits.decimal().with_places(2).to_string();
        let grade = attempt.grade.as_ref().map_or("In prog.", |grade| grade.as_str());
        let parts = [attempt.course.code(), title.to_owned(), credits, format!("| {grade} ")];
        assert!(words.lines().any(|line| parts.iter().all(|part| line.contains(part))), "{parts:?}");
    }
    for term in levels.iter().flat_map(|level| &level.terms) {
        for total in [&term.term, &term.cumulative] {
            let gpa = total.gpa.map_or("—".into(), |gpa| gpa.displayed.to_string());
            let attempted = total.credits_attempted.decimal().with_places(2);
            assert!(
                words.lines().any(|l| l.contains(&format!("| {attempted} |")) && l.contains(&format!("| {gpa} |")))
            );
        }
    }
    assert!(words.contains("| Term | 0.00 | 0.00 | 0.00 | 0.00 | — |"), "no GPA is a dash");
}

#[test]
fn empty_sections_and_columns_are_left_out() {
    let words = said(&records::long(1, 2), &theme());
    for absent in
        ["Transfer credit ·", "Degrees", "Balance", "Remarks", "Suppl", "Mark |", "Unit |", "Program of study"]
    {
        assert!(!words.contains(absent), "{absent}");
    }
    assert!(words.contains("End of transcript"));
}

#[test]
fn names_and_birth_dates_are_shown_as_the_theme_wishes() {
    let record = undergraduate::undergraduate();
    let words = said(&record, &theme());
    assert!(
        words.contains("Name: María Alejandra") && words.contains("Chosen name: Alex") && words.contains(": March 9\n")
    );
    let chosen = Theme { printed_name: PrintedName::Chosen, birth_date: BirthDateShown::None, ..theme() };
    let words = said(&record, &chosen);
    assert!(!words.contains("María") && words.contains("Name: Alex Fuentes-Okafor") && !words.contains("birth"));
    let full = Theme { birth_date: BirthDateShown::Full, ..theme() };
    assert!(said(&record, &full).contains("March 9, 2003"));
    let shown = Shown { former_names: false, ..Shown::default() };
    assert!(said(&alumna::alumna(), &theme()).contains("Former name: Thordis"));
    assert!(!said(&alumna::alumna(), &Theme { shown, ..theme() }).contains("Former name"));
}

#[test]
fn markings_cannot_be_missed() {
    let unofficial = Issue { marking: Marking::Unofficial, ..issue() };
    let mut record = records::long(1, 1);
    assert_eq!(transcript(&record, &theme(), &issue()).watermark, None);
    let document = transcript(&record, &theme(), &unofficial);
    assert_eq!(document.watermark.as_deref(), Some("UNOFFICIAL"));
    assert_eq!(document.title, "Unofficial Academic Transcript");
    record.sample = true;
    let document = transcript(&record, &theme(), &unofficial);
    assert_eq!(document.watermark.as_deref(), Some("SAMPLE"));
    assert_eq!(document.running.marking, "Unofficial · Sample");
}

#[test]
fn stated_totals_are_said_as_stated() {
    let words = stated_transcript(&theme()).to_text();
    for stated in
        ["| SESSIONAL GPA | 1.50 | 1.34 |", "| Cumulative (Undergraduate) | 2.50 | 2.720 |", "| 60 | C- |", "IPR"]
    {
        assert!(words.contains(stated), "{stated}");
    }
    assert!(words.contains("REG HISTORY 2005 Fall-2011 Winter") && words.contains("Standing: DECISION Not assessed"));
}

#[test]
fn characters_no_face_has_are_listed_by_place_and_never_said() {
    let mut record = undergraduate::undergraduate();
    record.student.names.legal = name("王小明");
    record.student.names.native = Some(text("王小明"));
    record.terms[2].attempts[1].course.title = Some(text("Linear Algebra ☃"));
    let (evaluation, policy) = judged(&record);
    let (theme, issue) = (theme(), issue());
    let parts = Transcription {
        record: &record,
        evaluation: &evaluation,
        policy: Some(&policy),
        theme: &theme,
        issue: &issue,
        code: CODE,
    };
    let Err(Error::Render(problems)) = compose(&parts) else { panic!("refused") };
    let places: Vec<&str> = problems.iter().map(|problem| problem.place.as_str()).collect();
    let legal = "student.names.legal";
    assert_eq!(places, [legal, legal, legal, "terms[2].attempts[1].course.title"]);
    assert!(problems[3].message.contains("U+2603") && !problems[3].message.contains('☃'));
    record.student.names.legal = name("Wang Xiaoming");
    record.terms[2].attempts[1].course.title = Some(text("Linear Algebra"));
    assert!(!said(&record, &theme).contains("王"), "a name in its own script is left out where it cannot be printed");
}

#[test]
fn another_records_evaluation_is_refused() {
    let record = undergraduate::undergraduate();
    let (evaluation, policy) = judged(&records::long(2, 2));
    let (theme, issue) = (theme(), issue());
    let parts = Transcription {
        record: &record,
        evaluation: &evaluation,
        policy: Some(&policy),
        theme: &theme,
        issue: &issue,
        code: CODE,
    };
    assert!(matches!(compose(&parts), Err(Error::Internal { .. })));
}

#[test]
fn a_certificate_says_the_degree_and_needs_one() {
    let mut record = undergraduate::undergraduate();
    let words = certificate(&record, &theme()).to_text();
    for said in
        ["Bachelor of Science", "María Alejandra", "magna cum laude", "conferred on May 17, 2025", "V-88213", CODE]
    {
        assert!(words.contains(said), "{said}");
    }
    record.awards[0].conferred = None;
    let (theme, issue) = (theme(), issue());
    let asked = |award| {
        compose_certificate(&Certification {
            record: &record,
            award,
            evaluation: None,
            theme: &theme,
            issue: &issue,
            code: CODE,
            reference: None,
        })
    };
    for (award, code) in [(0, "not-conferred"), (1, "no-such-award")] {
        let Err(Error::Render(problems)) = asked(award) else { panic!("refused") };
        assert_eq!(problems[0].code, code);
    }
}
