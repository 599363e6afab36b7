//! A degree: found in the record, confirmed by the service, certified.

use super::loopback::{Loopback, patiently};
use super::records::{Scripted, official, record, registrar, student, text};
use registrary::domain::{Award, Date, Error, Stage, StudentRecord};
use registrary::seal::Digest;
use registrary::service::{DegreeVerification, Limits, Registrar, Request, Slot};
use registrary::verifier::HttpVerifier;
use std::sync::Arc;
use std::time::Duration;

fn award(title: &str, conferred: Option<Date>) -> Award {
    let (level, thesis_title) = (None, None);
    Award { title: text(title), level, conferred, programs: vec![], honors: vec![], thesis_title, notes: vec![] }
}

fn graduates(awards: Vec<Award>) -> Registrar {
    registrar(Scripted::each(move |id| Ok(StudentRecord { awards: awards.clone(), ..record(id) })))
}

async fn verify(registrar: &Registrar, request: &Request) -> Result<DegreeVerification, Error> {
    registrar.verify_degree(&Slot::current().unwrap(), &student("101"), request).await
}

fn two_degrees() -> Vec<Award> {
    vec![
        award("Master of Science", Date::new(2024, 6, 1)),
        award("Bachelor of Science", Date::new(2022, 6, 1)),
        award("Doctor of Philosophy", None),
    ]
}

#[test]
fn the_degree_conferred_last_is_confirmed_and_certified() {
    patiently(async {
        let service = Loopback::always(200, r#"{"confirmed":true,"reference":"R-9"}"#).await;
        let verifier = HttpVerifier::new(&service.url).unwrap();
        let registrar = Registrar { verifier: Some(Arc::new(verifier)), ..graduates(two_degrees()) };
        let verified = verify(&registrar, &Request { verify: true, ..official() }).await.unwrap();
        assert_eq!(verified.award.title, text("Master of Science"));
        assert_eq!(verified.confirmation.as_ref().unwrap().reference, Some(text("R-9")));
        assert!(verified.pdf.starts_with(b"%PDF-"));
        assert_eq!((verified.pages, verified.digest), (1, Digest::of(&verified.pdf)));
        let told: serde_json::Value = serde_json::from_str(&service.asked()[0].body).unwrap();
        let expected =
            serde_json::json!({"student_id": "101", "title": "Master of Science", "conferred": "2024-06-01"});
        assert_eq!(told, expected);
        let unasked = verify(&registrar, &official()).await.unwrap();
        assert_eq!(unasked.confirmation, None);
        // The service's reference is on the page, so a certificate without it is another document.
        assert_ne!(unasked.digest, verified.digest);
        assert_eq!(service.asked().len(), 1);
    });
}

#[test]
fn a_degree_that_is_refused_or_not_conferred_has_no_certificate() {
    patiently(async {
        let service = Loopback::always(409, r#"{"confirmed":false,"reason":"rescinded"}"#).await;
        let verifier = HttpVerifier::new(&service.url).unwrap();
        let registrar = Registrar { verifier: Some(Arc::new(verifier)), ..graduates(two_degrees()) };
        let asking = Request { verify: true, ..official() };
        let refused = Error::VerificationRefused { reason: "rescinded".to_owned() };
        assert_eq!(verify(&registrar, &asking).await.unwrap_err(), refused);
        for awards in [Vec::new(), vec![award("Doctor of Philosophy", None)]] {
            assert_eq!(verify(&graduates(awards), &official()).await.unwrap_err(), Error::DegreeNotConferred);
        }
        assert_eq!(verify(&graduates(two_degrees()), &asking).await.unwrap_err().code(), "configuration");
    });
}

#[test]
fn a_degree_is_conferred_once_its_day_has_come() {
    patiently(async {
        let tomorrow = award("Doctor of Philosophy", Date::new(2026, 5, 30));
        let today = award("Master of Science", Date::new(2026, 5, 29));
        let graduate = graduates(vec![today.clone(), tomorrow.clone()]);
        assert_eq!(verify(&graduate, &official()).await.unwrap().award, today);
        let candidate = graduates(vec![tomorrow]);
        assert_eq!(verify(&candidate, &official()).await.unwrap_err(), Error::DegreeNotConferred);
    });
}

#[test]
fn a_certificate_has_another_code_than_the_transcript_of_the_same_serial() {
    patiently(async {
        let registrar = graduates(two_degrees());
        let numbered = Request { serial: Some(text("T-9")), ..official() };
        let certificate = verify(&registrar, &numbered).await.unwrap();
        let transcript = registrar.issue(&Slot::current().unwrap(), &student("101"), &numbered).await.unwrap();
        assert_eq!(certificate.issue, transcript.issue);
        assert_ne!(certificate.code, transcript.code);
    });
}

#[test]
fn a_certificate_has_the_time_limit_of_its_stage() {
    patiently(async {
        let hurried = Limits { produce: Duration::ZERO, ..Limits::default() };
        let registrar = Registrar { limits: hurried, ..graduates(two_degrees()) };
        let timed_out = Error::TimedOut { stage: Stage::Render, limit: Duration::ZERO };
        assert_eq!(verify(&registrar, &official()).await.unwrap_err(), timed_out);
    });
}
