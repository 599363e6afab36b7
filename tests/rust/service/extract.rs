//! A transcript gives back the record that it carries; nothing else does.

use super::records::{Scripted, hold, official, record, registrar, settings, student, text, today};
use registrary::domain::{Award, BirthDate, Date, Error, Issue, Marking, StudentRecord};
use registrary::service::{Settings, Slot, extract_record, produce};
use std::sync::Arc;

fn code(pdf: &[u8]) -> &'static str {
    match extract_record(pdf) {
        Err(Error::MalformedRecord(problems)) => problems[0].code,
        other => panic!("expected a refusal, not {other:?}"),
    }
}

fn pdf(record: StudentRecord, settings: &Settings) -> Arc<[u8]> {
    let (marking, recipient, purpose) = (Marking::Unofficial, None, None);
    let issue = Issue { date: today(), serial: text("T-1"), marking, recipient, purpose };
    produce(Arc::new(record), settings, &issue).unwrap().pdf
}

#[test]
fn the_record_comes_out_as_it_went_in() {
    let record = record(&student("101"));
    assert_eq!(extract_record(&pdf(record.clone(), &settings())).unwrap(), record);
}

#[test]
fn what_the_document_keeps_to_itself_does_not_go_along() {
    let mut whole = record(&student("101"));
    whole.student.birth = Date::new(2001, 2, 3).map(BirthDate::Full);
    whole.holds = vec![hold("library-fine", false)];
    let mut told = whole.clone();
    told.student.birth = whole.student.birth.map(|birth| BirthDate::MonthDay(birth.month_day()));
    told.holds.clear();
    assert_eq!(extract_record(&pdf(whole, &settings())).unwrap(), told);
}

#[test]
fn a_certificate_and_other_bytes_carry_no_record() {
    super::loopback::patiently(async {
        let award = Award {
            title: text("Master of Science"),
            level: None,
            conferred: Date::new(2024, 6, 1),
            programs: vec![],
            honors: vec![],
            thesis_title: None,
            notes: vec![],
        };
        let source = Scripted::each(move |id| Ok(StudentRecord { awards: vec![award.clone()], ..record(id) }));
        let verified =
            registrar(source).verify_degree(&Slot::current().unwrap(), &student("101"), &official()).await.unwrap();
        assert_eq!(code(&verified.pdf), "no-record");
    });
    assert_eq!(code(b"%PDF-1.7"), "not-a-pdf");
}

#[test]
fn what_could_not_be_read_back_is_not_issued() {
    let (marking, recipient, purpose) = (Marking::Unofficial, None, None);
    let issue = Issue { date: today(), serial: text("T-1"), marking, recipient, purpose };
    let issued = |record: StudentRecord| produce(Arc::new(record), &settings(), &issue).map(|made| made.pdf);
    let noted = |count: usize| StudentRecord { notes: vec![text("Kept"); count], ..record(&student("101")) };
    assert_eq!(extract_record(&issued(noted(500)).unwrap()).unwrap(), noted(500));
    let Err(Error::MalformedRecord(problems)) = issued(noted(501)) else { panic!("refused") };
    assert_eq!(problems.iter().map(|one| (one.code, one.place.as_str())).collect::<Vec<_>>(), [("too-many", "notes")]);
    // Within every count, and still more than the reader takes.
    let mut whole = noted(500);
    whole.notes = vec![text(&"Kept ".repeat(200)); 500];
    whole.terms = vec![whole.terms[0].clone(); 10];
    whole.terms.iter_mut().for_each(|term| term.notes = whole.notes.clone());
    let Err(Error::MalformedRecord(problems)) = issued(whole) else { panic!("refused") };
    assert_eq!(problems[0].code, "too-large");
}

#[test]
fn what_its_sender_calls_unofficial_is_never_issued_as_official() {
    let sent = registrary::exchange::pesc::read(include_bytes!("../../pesc/release-1-8.xml")).unwrap();
    let issued = |marking| {
        let issue = Issue { date: today(), serial: text("T-1"), marking, recipient: None, purpose: None };
        produce(Arc::new(sent.clone()), &settings(), &issue)
    };
    assert!(matches!(issued(Marking::Official), Err(Error::Held(holds)) if holds[0].code == text("SENDER-UNOFFICIAL")));
    let made = issued(Marking::Unofficial).unwrap();
    assert!(extract_record(&made.pdf).unwrap().partial);
}
