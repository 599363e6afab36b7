//! The verification service over real sockets: yes, no, nonsense, silence and absence.

#[path = "loopback.rs"]
mod loopback;

use loopback::{Loopback, Reply, patiently, until};
use registrary::domain::{Date, Error, StudentId, Text};
use registrary::http::{Manners, Repetition};
use registrary::seal::Digest;
use registrary::service::Slot;
use registrary::verifier::{Claim, Confirmation, DegreeClaim, HttpVerifier, Verifier};
use std::time::Duration;

fn text(raw: &str) -> Text {
    Text::new(raw).unwrap()
}

fn claim() -> Claim {
    let code = "0123-4567-89AB-CDEF".parse().unwrap();
    Claim { serial: text("T-1"), code, digest: Digest::of(b"abc"), date: Date::new(2026, 5, 29).unwrap() }
}

async fn confirm(url: &str) -> Result<Confirmation, Error> {
    let slot = Slot::current().unwrap();
    let quickly = Repetition { pause: Duration::from_millis(1), ..Repetition::default() };
    let manners = Manners { again: Some(quickly), ..Manners::default() };
    HttpVerifier::new(url).unwrap().with_manners(manners).confirm(slot.resources(), &claim()).await
}

#[test]
fn a_transcript_is_confirmed_by_digest_and_code() {
    patiently(async {
        let service = Loopback::always(200, r#"{"confirmed":true,"reference":"R-1"}"#).await;
        let answer = confirm(&format!("{}/v1/", service.url)).await;
        assert_eq!(answer, Ok(Confirmation { reference: Some(text("R-1")) }));
        let asked = &service.asked()[0];
        assert_eq!(asked.line, "POST /v1/transcripts");
        let told: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let expected = serde_json::json!({
            "serial": "T-1", "code": "0123-4567-89AB-CDEF", "digest": digest, "issued": "2026-05-29"
        });
        assert_eq!(told, expected);
    });
}

#[test]
fn a_degree_is_asked_about_by_title_and_day() {
    patiently(async {
        let service = Loopback::always(403, r#"{"confirmed":false,"reason":"not-on-file"}"#).await;
        let conferred = Date::new(2024, 6, 1).unwrap();
        let claim = DegreeClaim { student_id: StudentId::new("101").unwrap(), title: text("BSc"), conferred };
        let slot = Slot::current().unwrap();
        let verifier = HttpVerifier::new(&service.url).unwrap();
        let answer = verifier.confirm_degree(slot.resources(), &claim).await;
        assert_eq!(answer, Err(Error::VerificationRefused { reason: "not-on-file".to_owned() }));
        let asked = &service.asked()[0];
        assert_eq!(asked.line, "POST /degrees");
        let told: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
        assert_eq!(told, serde_json::json!({"student_id": "101", "title": "BSc", "conferred": "2024-06-01"}));
    });
}

#[test]
fn nonsense_and_absence_are_told_apart_from_refusal() {
    patiently(async {
        let page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\nhi";
        let endless = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{}{}",
            r#"{"confirmed":true}"#,
            " ".repeat(70_000)
        );
        let cut = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{\"confirmed\":true}";
        let away = "HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n";
        for raw in [page, &endless, cut, away, "no HTTP at all\r\n\r\n", ""] {
            let bytes = raw.as_bytes().to_vec();
            let service = Loopback::answering(move |_| Box::pin(std::future::ready(Reply::Raw(bytes.clone())))).await;
            let refusal = confirm(&service.url).await.unwrap_err();
            assert_eq!(refusal.code(), "verification-unavailable", "{refusal}");
        }
        let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", nobody.local_addr().unwrap());
        drop(nobody);
        let reason = "connection refused (asked 6 times)".to_owned();
        assert_eq!(confirm(&url).await, Err(Error::VerificationUnavailable { reason }));
    });
}

/// A service that sends every question to another of its own addresses, where a yes waits.
#[test]
fn a_yes_from_another_address_is_no_yes() {
    patiently(async {
        let service = Loopback::answering(|asked| {
            let reply = match asked.line.as_str() {
                "GET /elsewhere" => Reply::Json(200, r#"{"confirmed":true}"#.to_owned()),
                _ => Reply::Raw(b"HTTP/1.1 303 -\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n".to_vec()),
            };
            Box::pin(std::future::ready(reply))
        })
        .await;
        assert_eq!(confirm(&service.url).await.unwrap_err().code(), "verification-unavailable");
    });
}

#[test]
fn dropping_the_question_hangs_up() {
    patiently(async {
        let service = Loopback::silent().await;
        let url = service.url.clone();
        let question = tokio::spawn(async move { confirm(&url).await });
        until(|| service.open() == 1).await;
        question.abort();
        until(|| service.open() == 0).await;
        assert_eq!(service.most(), 1);
    });
}
