//! The sample campus through the whole line, and three of its students over a slow HTTP service.

use super::loopback::{Loopback, Reply, patiently};
use super::records::{official, student};
use registrary::domain::{Error, StudentId};
use registrary::exchange::record_json;
use registrary::service::{Registrar, Request, Settings, Slot};
use registrary::sink::DirectorySink;
use registrary::source::{HttpSource, Source, SqliteSource};
use std::collections::HashMap;
use std::fs;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::sync::Barrier;

fn sample(source: impl Source) -> Registrar {
    Registrar::new(Arc::new(source), Arc::new(Settings::sample().unwrap()))
}

#[test]
fn every_student_of_the_campus_has_a_transcript_or_a_hold() {
    patiently(async {
        let slot = Slot::current().unwrap();
        let folder = TempDir::new().unwrap();
        let sink = Some(DirectorySink::new(folder.path()));
        let registrar = Registrar { sink, ..sample(SqliteSource::campus()) };
        let ids = registrar.source.student_ids(slot.resources()).await.unwrap();
        assert!(ids.len() >= 300);
        let request = Request { save: true, ..official() };
        let mut stream = Arc::new(registrar).stream(slot, ids.clone(), 32, true, request);
        let (mut answered, mut held) = (Vec::new(), Vec::new());
        while stream.done() < stream.total() {
            for (id, outcome) in stream.next_chunk(64).await {
                match outcome {
                    Ok(transcript) => assert!(transcript.saved.unwrap().starts_with(folder.path())),
                    Err(Error::Held(_)) => held.push(id.clone()),
                    Err(other) => panic!("{id}: {other}"),
                }
                answered.push(id);
            }
        }
        assert_eq!(answered, ids);
        assert_eq!(held, [student("112"), student("145")]);
        let names = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let saved = names.filter(|name| name.starts_with("transcript-") && name.ends_with(".pdf")).count();
        assert_eq!(saved, ids.len() - held.len());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), saved);
    });
}

/// A service that has three students' records, and answers when all three are asked for at once.
async fn three_at_once(ids: &[StudentId]) -> Loopback {
    let slot = Slot::current().unwrap();
    let records = SqliteSource::campus().fetch(slot.resources(), ids).await;
    let told =
        |(id, record): (&StudentId, _)| (format!("GET /students/{id}"), record_json::write(&Result::unwrap(record)));
    let bodies: HashMap<String, String> = ids.iter().zip(records).map(told).collect();
    let together = Arc::new(Barrier::new(ids.len()));
    Loopback::answering(move |asked| {
        let (together, body) = (Arc::clone(&together), bodies.get(&asked.line).cloned());
        Box::pin(async move {
            together.wait().await;
            Reply::Json(if body.is_some() { 200 } else { 404 }, body.unwrap_or_default())
        })
    })
    .await
}

#[test]
fn three_students_take_the_time_of_one() {
    patiently(async {
        let ids = ["101", "102", "103"].map(student);
        let service = three_at_once(&ids).await;
        let slot = Slot::current().unwrap();
        let registrar = sample(HttpSource::new(&service.url).unwrap());
        let request = official();
        let issued = futures_util::future::join_all(ids.iter().map(|id| registrar.issue(&slot, id, &request))).await;
        assert_eq!(service.most(), 3);
        let campus = sample(SqliteSource::campus());
        for (id, transcript) in ids.iter().zip(issued) {
            // The door a record came through leaves no trace on the page.
            assert_eq!(transcript.unwrap().digest, campus.issue(&slot, id, &request).await.unwrap().digest);
        }
    });
}

#[test]
fn unknown_unreachable_and_malformed_are_told_apart() {
    patiently(async {
        let slot = Slot::current().unwrap();
        let request = official();
        let campus = sample(SqliteSource::campus());
        for absent in ["100000", "../../etc/passwd"] {
            let refusal = campus.issue(&slot, &student(absent), &request).await.unwrap_err();
            assert_eq!(refusal, Error::RecordNotFound);
        }
        let service = Loopback::always(200, r#"{"student":{"id":7},"terms":"none"}"#).await;
        let malformed = sample(HttpSource::new(&service.url).unwrap());
        let Error::MalformedRecord(problems) = malformed.issue(&slot, &student("101"), &request).await.unwrap_err()
        else {
            panic!("not malformed")
        };
        assert!(problems.len() > 1, "one problem at a time: {problems:?}");
        let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", nobody.local_addr().unwrap());
        drop(nobody);
        let unreachable = sample(HttpSource::new(&url).unwrap());
        let refusal = unreachable.issue(&slot, &student("101"), &request).await.unwrap_err();
        assert_eq!(refusal.code(), "source-unavailable");
    });
}
