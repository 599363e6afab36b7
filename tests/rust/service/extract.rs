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
