//! One transcript from source to confirmation, and each way it can be refused.

use super::loopback::{Loopback, Reply, patiently};
use super::records::{Scripted, hold, official, record, registrar, settings, student, text};
use registrary::domain::{Error, Grade, Hold, Marking, Stage, StudentId};
use registrary::seal::Digest;
use registrary::service::{Limits, Registrar, Request, Slot, Transcript, produce};
use registrary::sink::DirectorySink;
use registrary::verifier::HttpVerifier;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const YES: &str = r#"{"confirmed":true,"reference":"R-1"}"#;

async fn issue(registrar: &Registrar, id: &StudentId, request: &Request) -> Result<Transcript, Error> {
    registrar.issue(&Slot::current().unwrap(), id, request).await
}

fn whole_line(folder: &Path, service: &Loopback) -> Registrar {
    let verifier = HttpVerifier::new(&service.url).unwrap();
    let sink = Some(DirectorySink::new(folder));
    Registrar { sink, verifier: Some(Arc::new(verifier)), ..registrar(Scripted::generous()) }
}

fn saved_and_verified() -> Request {
    Request { save: true, verify: true, ..official() }
}

#[test]
fn a_transcript_goes_from_source_to_confirmation() {
    patiently(async {
        let folder = TempDir::new().unwrap();
        let service = Loopback::always(200, YES).await;
        let transcript =
            issue(&whole_line(folder.path(), &service), &student("101"), &saved_and_verified()).await.unwrap();
        assert!(transcript.pdf.starts_with(b"%PDF-") && transcript.pages == 1);
        let saved = transcript.saved.as_ref().unwrap();
        assert_eq!(saved, &folder.path().join("transcript-101.pdf"));
        assert_eq!(fs::read(saved).unwrap(), &*transcript.pdf);
        assert_eq!(transcript.digest, Digest::of(&transcript.pdf));
        assert_eq!(transcript.confirmation.as_ref().unwrap().reference, Some(text("R-1")));
        let told: serde_json::Value = serde_json::from_str(&service.asked()[0].body).unwrap();
        assert_eq!(told["digest"], transcript.digest.hex());
        assert_eq!(told["code"], transcript.code.to_string());
        assert_eq!(told["serial"], "20260529-101");
        let stages: Vec<_> = transcript.timings.stages().map(|(stage, _)| stage).collect();
        assert_eq!(stages, [Stage::Fetch, Stage::Evaluate, Stage::Render, Stage::Save, Stage::Verify]);
    });
}

#[test]
fn the_same_record_and_issue_give_the_same_bytes_and_code() {
    let (record, settings) = (Arc::new(record(&student("101"))), settings());
    let issue = produce_issue("T-1");
    let first = produce(Arc::clone(&record), &settings, &issue).unwrap();
    let second = produce(Arc::clone(&record), &settings, &issue).unwrap();
    assert_eq!((first.digest, first.code), (second.digest, second.code));
    let other = produce(record, &settings, &produce_issue("T-2")).unwrap();
    assert_ne!(other.code, first.code);
    assert_ne!(other.digest, first.digest);
}

fn produce_issue(serial: &str) -> registrary::domain::Issue {
    let (date, serial) = (super::records::today(), text(serial));
    registrary::domain::Issue { date, serial, marking: Marking::Official, recipient: None, purpose: None }
}

#[test]
fn a_debug_print_holds_nothing_personal() {
    let transcript = produce(Arc::new(record(&student("s-77"))), &settings(), &produce_issue("T-1")).unwrap();
    let shown = format!("{transcript:?}");
    assert!(["Ada", "Example", "s-77", "BIOL"].iter().all(|word| !shown.contains(word)), "{shown}");
}

#[test]
fn the_service_may_refuse_be_silent_or_answer_nonsense() {
    patiently(async {
        let folder = TempDir::new().unwrap();
        let refusing = Loopback::always(409, r#"{"confirmed":false,"reason":"revoked"}"#).await;
        let garbled = Loopback::answering(|_| Box::pin(std::future::ready(Reply::Raw(b"\0\0\r\n\r\n".to_vec())))).await;
        let silent = Loopback::silent().await;
        let limit = Duration::from_millis(200);
        let timed_out = Error::TimedOut { stage: Stage::Verify, limit };
        let refused = Error::VerificationRefused { reason: "revoked".to_owned() };
        let mut line = whole_line(folder.path(), &refusing);
        assert_eq!(issue(&line, &student("101"), &saved_and_verified()).await.unwrap_err(), refused);
        line = whole_line(folder.path(), &garbled);
        let nonsense = issue(&line, &student("101"), &saved_and_verified()).await.unwrap_err();
        assert_eq!(nonsense.code(), "verification-unavailable");
        line = whole_line(folder.path(), &silent);
        line.limits = Limits { verify: limit, ..Limits::default() };
        assert_eq!(issue(&line, &student("101"), &saved_and_verified()).await.unwrap_err(), timed_out);
        assert_eq!(timed_out.code(), "verify-timed-out");
    });
}

#[test]
fn what_the_registrar_does_not_have_is_refused_before_any_work() {
    patiently(async {
        let source = Scripted::generous();
        let bare = registrar(source.clone());
        for request in [Request { save: true, ..official() }, Request { verify: true, ..official() }] {
            assert_eq!(issue(&bare, &student("101"), &request).await.unwrap_err().code(), "configuration");
        }
        assert_eq!(source.asked(), 0);
    });
}

#[test]
fn holds_keep_official_transcripts_back() {
    patiently(async {
        let held = Scripted::each(|id| {
            let holds = vec![hold("BURSAR", true), hold("ADVICE", false), hold("LIBRARY", true)];
            Ok(registrary::domain::StudentRecord { holds, ..record(id) })
        });
        let registrar = registrar(held);
        let Error::Held(holds) = issue(&registrar, &student("101"), &official()).await.unwrap_err() else {
            panic!("not held")
        };
        let codes: Vec<&str> = holds.iter().map(|hold: &Hold| hold.code.as_str()).collect();
        assert_eq!(codes, ["BURSAR", "LIBRARY"]);
        let unofficial = Request { marking: Marking::Unofficial, ..official() };
        assert!(issue(&registrar, &student("101"), &unofficial).await.is_ok());
    });
}

#[test]
fn a_source_that_answers_wrongly_or_not_at_all_is_refused() {
    patiently(async {
        let refusal = async |source: Scripted, limits: Limits| {
            let registrar = Registrar { limits, ..registrar(source) };
            issue(&registrar, &student("101"), &official()).await.unwrap_err().code()
        };
        let usual = Limits::default();
        let swapped = Scripted::each(|_| Ok(record(&student("102"))));
        assert_eq!(refusal(swapped, usual).await, "malformed-record");
        let empty = Scripted::new(|_| Box::pin(std::future::ready(Vec::new())));
        assert_eq!(refusal(empty, usual).await, "source-unavailable");
        let unknown = Scripted::each(|_| Err(Error::RecordNotFound));
        assert_eq!(refusal(unknown, usual).await, "record-not-found");
        let hurried = Limits { fetch: Duration::from_millis(50), ..usual };
        assert_eq!(refusal(Scripted::silent(), hurried).await, "fetch-timed-out");
        let strange = Scripted::each(|id| {
            let mut record = record(id);
            record.terms[0].attempts[0].grade = Some(Grade::new("Q!").unwrap());
            Ok(record)
        });
        assert_eq!(refusal(strange, usual).await, "malformed-record");
        assert_eq!(refusal(Scripted::generous(), Limits { produce: Duration::ZERO, ..usual }).await, "timed-out");
    });
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    patiently(async {
        let folder = TempDir::new().unwrap();
        let sink = Some(DirectorySink::new(folder.path().join("nowhere")));
        let registrar = Registrar { sink, ..registrar(Scripted::generous()) };
        let request = Request { save: true, ..official() };
        assert_eq!(issue(&registrar, &student("101"), &request).await.unwrap_err().code(), "folder-missing");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    });
}
