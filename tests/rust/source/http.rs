//! A record service that is right, slow, wrong, huge, or somewhere else.

use super::server::{Server, json, reply};
use super::{id, ids, one, problems, reason, wait};
use registrary::domain::{Error, StudentRecord};
use registrary::exchange::record_json;
use registrary::http::{Manners, Repetition};
use registrary::source::{HttpSource, Resources, Source, campus};
use std::time::Duration;

fn record(number: usize) -> StudentRecord {
    campus::records(number).unwrap().last().unwrap().unwrap()
}

/// The manners of every day with pauses for tests.
fn quick() -> Manners {
    let quickly = Repetition { pause: Duration::from_millis(1), ..Repetition::default() };
    Manners { again: Some(quickly), ..Manners::default() }
}

/// The campus's own records, by the path that asks for them.
fn campus_answer(path: &str) -> Vec<u8> {
    match path.strip_prefix("/sis/students") {
        Some("") => json(r#"{"students": ["101", "102"], "next": null}"#),
        Some("/101") => json(&record_json::write(&record(1))),
        Some("/102") => json(&record_json::write(&record(2))),
        // Another student's record than the one asked for.
        Some("/103") => json(&record_json::write(&record(1))),
        _ => reply("404 Not Found", "text/plain", "no such student"),
    }
}

#[test]
fn a_record_comes_back_as_it_is() {
    wait(async {
        let server = Server::start(campus_answer).await;
        let source = HttpSource::new(&format!("{}/sis/", server.address)).unwrap();
        let resources = Resources::new().unwrap();
        let answers = source.fetch(&resources, &ids(&["102", "9", "101"])).await;
        assert!(answers[0].as_ref().unwrap() == &record(2));
        assert_eq!(answers[1], Err(Error::RecordNotFound));
        assert!(answers[2].as_ref().unwrap() == &record(1));
        assert_eq!(source.student_ids(&resources).await.unwrap(), ids(&["101", "102"]));
        assert_eq!(source.check(&resources).await.unwrap()[1], "2 students");
    });
}

#[test]
fn another_students_record_is_refused() {
    wait(async {
        let server = Server::start(campus_answer).await;
        let source = HttpSource::new(&format!("{}/sis", server.address)).unwrap();
        assert_eq!(problems(one(&source, "103").await), [("wrong-student", "student.id".to_owned())]);
    });
}

#[test]
fn an_id_is_one_path_segment_whatever_it_holds() {
    wait(async {
        let server = Server::start(|_| reply("404 Not Found", "text/plain", "")).await;
        let source = HttpSource::new(&server.address).unwrap();
        for raw in ["../../etc/passwd", "a/b", "50%", "%2e%2e", "a?b=c#d", "Ünï", "a b", "..."] {
            assert_eq!(one(&source, raw).await, Err(Error::RecordNotFound), "{raw}");
        }
        assert_eq!(
            server.asked(),
            [
                "/students/..%2F..%2Fetc%2Fpasswd",
                "/students/a%2Fb",
                "/students/50%25",
                "/students/%252e%252e",
                "/students/a%3Fb%3Dc%23d",
                "/students/%C3%9Cn%C3%AF",
                "/students/a%20b",
                "/students/..."
            ]
        );
    });
}

fn misbehaving(path: &str) -> Vec<u8> {
    match path.strip_prefix("/students").unwrap_or_default() {
        "/unavailable" => reply("503 Service Unavailable", "application/json", "{\"secret\": 1}"),
        "/html" => reply("200 OK", "text/html", "<p>log in"),
        "/empty" => Vec::new(),
        "/garbage" => b"\0\x01\x02 what is this\r\n\r\n".to_vec(),
        "/short" => b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{".to_vec(),
        "/announced" => {
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5000000\r\n\r\n{".to_vec()
        }
        "/huge" => {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";
            [head.as_bytes(), &vec![b' '; 6 << 20]].concat()
        }
        "/elsewhere" => {
            b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.2:1/students/1\r\ncontent-length: 0\r\n\r\n".to_vec()
        }
        "/moved" => {
            b"HTTP/1.1 301 Moved\r\nlocation: /students/102\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec()
        }
        "/circle" => {
            b"HTTP/1.1 302 Found\r\nlocation: /students/circle\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                .to_vec()
        }
        "/102" => json(&record_json::write(&record(2))),
        "/json" => json("{\"student\": 5}"),
        "/broken" => json("{\"student\": "),
        _ => reply("404 Not Found", "text/plain", ""),
    }
}

#[test]
fn every_misbehaviour_has_its_reason_and_no_payload() {
    wait(async {
        let server = Server::start(misbehaving).await;
        let source = HttpSource::new(&server.address).unwrap().with_manners(quick());
        for (raw, words) in [
            ("unavailable", "status 503 (asked 6 times)"),
            ("html", "not JSON by its content type"),
            ("empty", "the connection broke (asked 6 times)"),
            ("garbage", "the connection broke (asked 6 times)"),
            ("short", "the answer broke off (asked 6 times)"),
            ("announced", "larger than 4 MiB"),
            ("huge", "larger than 4 MiB"),
            ("elsewhere", "redirects to another host (status 302)"),
            ("circle", "status 302"),
        ] {
            let said = reason(one(&source, raw).await);
            assert!(said.contains(words), "{raw}: {said}");
            assert!(!said.contains("127.0.0.1") && !said.contains("students"), "{said}");
        }
        for raw in ["json", "broken"] {
            assert!(!problems(one(&source, raw).await).is_empty());
        }
        let resources = Resources::new().unwrap();
        assert!(reason(source.student_ids(&resources).await).contains("does not list"));
        assert!(source.check(&resources).await.unwrap()[1].contains("does not list"));
    });
}

#[test]
fn a_redirect_on_the_same_host_is_followed_to_the_right_student_only() {
    wait(async {
        let server = Server::start(misbehaving).await;
        let source = HttpSource::new(&server.address).unwrap();
        assert_eq!(problems(one(&source, "moved").await), [("wrong-student", "student.id".to_owned())]);
        assert_eq!(server.asked(), ["/students/moved", "/students/102"]);
    });
}

#[test]
fn a_service_that_is_not_there_is_unavailable() {
    wait(async {
        let unused = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let source = HttpSource::new(&format!("http://{unused}")).unwrap().with_manners(quick());
        assert_eq!(reason(one(&source, "1").await), "connection refused (asked 6 times)");
    });
}

/// Nobody is answered before everybody has asked: one after another, the batch would wait for ever.
#[test]
fn a_batch_is_asked_for_at_once() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    wait(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let source = HttpSource::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        tokio::spawn(async move {
            let mut waiting = Vec::new();
            while waiting.len() < 4 {
                let (mut stream, _) = listener.accept().await.unwrap();
                let _ = stream.read(&mut [0; 2048]).await;
                waiting.push(stream);
            }
            for mut stream in waiting {
                let _ = stream.write_all(&reply("404 Not Found", "text/plain", "")).await;
            }
        });
        let answers = source.fetch(&Resources::new().unwrap(), &ids(&["1", "2", "3", "4"])).await;
        assert_eq!(answers, vec![Err(Error::RecordNotFound); 4]);
    });
}

#[test]
fn a_list_with_a_bad_id_is_refused() {
    for body in [r#"{"students": ["ok", ""]}"#, r#"{"students": [101]}"#, "[]", "{}", "nonsense"] {
        wait(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let source = HttpSource::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
            let answer = json(body);
            tokio::spawn(async move {
                use tokio::io::{AsyncReadExt, AsyncWriteExt};
                let (mut stream, _) = listener.accept().await.unwrap();
                let _ = stream.read(&mut [0; 2048]).await;
                let _ = stream.write_all(&answer).await;
            });
            assert!(reason(source.student_ids(&Resources::new().unwrap()).await).contains("list of students"));
        });
    }
}

#[test]
fn addresses_that_cannot_be_right_are_refused_at_once() {
    for address in
        ["", "localhost:8080", "ftp://host/", "http://", "http://u:p@host/", "http://host/?a=b", "http://host/#x"]
    {
        match HttpSource::new(address).map(|_| ()) {
            Err(Error::Configuration { reason }) => assert!(!reason.contains("u:p"), "{reason}"),
            other => panic!("{address}: {other:?}"),
        }
    }
    assert!(HttpSource::new("https://sis.example.edu/api").is_ok());
    assert_eq!(id("101").as_str(), "101");
}
