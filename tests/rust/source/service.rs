//! A student-information system over HTTP in its own words: auth, pages, several answers, and one mapping.

use super::server::{Asked, Service, json, reply, with_header};
use super::{ids, wait};
use registrary::domain::{Error, StudentRecord};
use registrary::exchange::record_json;
use registrary::source::http::{HttpSource, Secrets};
use registrary::source::{Resources, Source, configured};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const MAPPING: &str = r##"
    [source.students]
    path = "/people"
    rows = "/data"
    id = "/number"
    paging = { kind = "cursor", at = "/next", parameter = "after" }

    [source.requests.person]
    path = "/people?number={id}"

    [source.requests.grades]
    path = "/grades?person={person#/0/key}"
    rows = "/data"
    paging = { kind = "offset", size = 2 }
    student = { at = "/person", is = "person#/0/key" }

    [source.requests.terms]
    path = "/terms"
    paging = { kind = "link" }

    [source.requests.transfers]
    path = "/people/{id}/transfers"
    student = "/person"
    missing = "empty"

    [source.record.student]
    id = { at = "person#/0/number", as = "text" }
    names.legal = { given = "person#/0/first", family = "person#/0/last" }
    names.chosen = { given = "person#/0/known_as", family = "person#/0/known_as_family" }
    birth = { at = "person#/0/born", as = "date" }

    [source.record.terms]
    each = "person#/0/terms"
    designator = { at = "#/begins", as = "month" }
    name = { among = "terms#", match = { "#/code" = "^#/code" }, at = "#/title" }
    level = { at = "#/career", values = { UG = "undergraduate", GR = "graduate" } }

    [source.record.terms.attempts]
    each = "grades#"
    match = { "#/term" = "^#/code" }
    course = { subject = "#/course/subject", number = "#/course/number" }
    credits = "#/credits"
    grade = { at = "#/grade", values = { "A minus" = "A-" }, others = "keep" }
    unit = { constant = "semester" }
"##;

fn source(address: &str, more: &str) -> Result<HttpSource, Error> {
    let text = format!("[source]\nurl = \"{address}\"\n{more}");
    let secrets = Secrets { environment: &|name| (name == "KEY").then(|| "hush".to_owned()), written: false };
    configured::service(&text.parse().unwrap(), Path::new("."), &secrets)
}

/// The service's answers; `grades` belong to person k7.
fn campus(asked: &Asked, address: &str) -> Vec<u8> {
    let path = asked.path.as_str();
    match path {
        "/people" => json(r#"{"data": [{"number": 7}, {"number": "8"}], "next": "c 2"}"#),
        "/people?after=c+2" => json(r#"{"data": [{"number": 9}], "next": null}"#),
        "/people?number=7" => json(
            r#"[{"key": "k7", "number": 7, "first": "Ada", "last": "Byron", "known_as": "", "born": "1815-12-10T00:00:00Z",
                "terms": [{"code": "2030F", "career": "UG", "begins": "2030-08-25T06:00:00Z"}, {"code": "2031S", "career": "GR", "begins": "2031-01-14"}]}]"#,
        ),
        "/people?number=8" => json(r#"[{"key": "k8", "number": 7, "first": "Eve", "last": "Other", "terms": []}]"#),
        "/people?number=9" => json("[]"),
        "/terms" => {
            let link = format!("link: <{address}/terms?p=2>; rel=\"next\"");
            with_header(json(r#"[{"code": "2030F", "title": "Fall 2030"}]"#), &link)
        }
        "/terms?p=2" => json(r#"[{"code": "2031S", "title": "Spring 2031"}]"#),
        "/grades?person=k7&offset=0&limit=2" => json(
            r#"{"data": [{"person": "k7", "term": "2030F", "course": {"subject": "MATH", "number": 101}, "credits": 3.50, "grade": "A minus"},
                         {"person": "k7", "term": "2031S", "course": {"subject": "HIST", "number": "9"}, "credits": "4", "grade": "B"}]}"#,
        ),
        "/grades?person=k7&offset=2&limit=2" => json(
            r#"{"data": [{"person": "k7", "term": "2030F", "course": {"subject": "ART"}, "credits": 1, "grade": null}]}"#,
        ),
        _ if path.starts_with("/grades?") => json(r#"{"data": []}"#),
        _ => reply("404 Not Found", "text/plain", ""),
    }
}

fn expected() -> StudentRecord {
    let record = r#"{"schema": "registrary/student-record/1",
        "student": {"id": "7", "names": {"legal": {"given": "Ada", "family": "Byron"}}, "birth": "1815-12-10"},
        "terms": [
            {"designator": "2030-08", "name": "Fall 2030", "level": "undergraduate", "attempts": [
                {"course": {"subject": "MATH", "number": "101"}, "credits": "3.50", "grade": "A-", "unit": "semester"},
                {"course": {"subject": "ART"}, "credits": "1", "unit": "semester"}]},
            {"designator": "2031-01", "name": "Spring 2031", "level": "graduate", "attempts": [
                {"course": {"subject": "HIST", "number": "9"}, "credits": "4", "grade": "B", "unit": "semester"}]}]}"#;
    record_json::read(record.as_bytes()).unwrap()
}

#[test]
fn several_answers_make_one_record() {
    wait(async {
        let service = Service::start(campus).await;
        let source = source(&service.address, MAPPING).unwrap();
        let resources = Resources::new().unwrap();
        let answers = source.fetch(&resources, &ids(&["7", "9", "8"])).await;
        assert!(answers[0].as_ref().unwrap() == &expected());
        assert_eq!(answers[1], Err(Error::RecordNotFound), "a search that found nobody");
        let wrong = answers[2].as_ref().map(|_| ()).unwrap_err().code();
        assert_eq!(wrong, "malformed-record", "the number is not the one asked for");
        assert_eq!(source.student_ids(&resources).await.unwrap(), ids(&["7", "8", "9"]));
        let terms = service.asked().iter().filter(|asked| asked.path == "/terms").count();
        assert_eq!(terms, 1, "what is the same for all students is asked for once");
    });
}

#[test]
fn rows_of_another_student_and_unknown_codes_are_refused() {
    wait(async {
        let service = Service::start(|asked, address| {
            let answer = String::from_utf8(campus(asked, address)).unwrap();
            match asked.path.as_str() {
                "/grades?person=k7&offset=0&limit=2" => answer.replacen("\"k7\"", "\"k8\"", 1).into_bytes(),
                "/people?number=7" if address.is_empty() => Vec::new(),
                _ => answer.into_bytes(),
            }
        })
        .await;
        let fetched = super::one(&source(&service.address, MAPPING).unwrap(), "7").await;
        assert_eq!(super::problems(fetched), [("wrong-student", "student.id".to_owned())]);
        let service = Service::start(campus).await;
        let mapping = MAPPING.replace("UG = ", "XX = ").replace("others = \"keep\"", "others = \"refuse\"");
        let fetched = super::one(&source(&service.address, &mapping).unwrap(), "7").await;
        let expected = [
            ("unmapped-value", "terms[0].level".to_owned()),
            ("unmapped-value", "terms[1].attempts[0].grade".to_owned()),
        ];
        let mut found = super::problems(fetched);
        found.sort();
        assert_eq!(found, expected);
    });
}

#[test]
fn a_row_that_matches_nothing_refuses_the_record() {
    wait(async {
        let service = Service::start(|asked, address| {
            let answer = String::from_utf8(campus(asked, address)).unwrap();
            match asked.path.starts_with("/grades") {
                true => answer.replace("2031S", "2099F").into_bytes(),
                false => answer.into_bytes(),
            }
        })
        .await;
        let fetched = super::one(&source(&service.address, MAPPING).unwrap(), "7").await;
        let Err(Error::MalformedRecord(problems)) = fetched else { panic!("a grade vanished") };
        let found: Vec<_> = problems.iter().map(|problem| (problem.code, problem.place.as_str())).collect();
        assert_eq!(found, [("unmatched-row", "terms.attempts")]);
        assert!(problems[0].message.contains(" 1,"), "{}", problems[0].message);
    });
}

#[test]
fn every_answer_of_a_student_says_whose_it_is() {
    let refused = |mapping: String| match source("http://sis.example", &mapping).map(|_| ()) {
        Err(Error::SourceConfiguration(problems)) => {
            problems.into_iter().map(|problem| (problem.code, problem.place)).collect()
        }
        other => panic!("{other:?}"),
    };
    let untold: Vec<_> = refused(MAPPING.replace("student = \"/person\"", ""));
    assert_eq!(untold, [("missing", "source.requests.transfers.student".to_owned())]);
    assert!(source("http://sis.example", &MAPPING.replace("student = \"/person\"", "student = \"unchecked\"")).is_ok());
    let fixed: Vec<_> = refused(MAPPING.replace("path = \"/terms\"", "path = \"/terms\"\nstudent = \"/person\""));
    assert_eq!(fixed, [("same-for-all", "source.requests.terms.student".to_owned())]);
    let row: Vec<_> = refused(MAPPING.replace("is = \"person#/0/key\"", "is = \"#/key\""));
    assert_eq!(row, [("no-pointer", "source.requests.grades.student.is".to_owned())]);
}

#[test]
fn what_is_the_same_for_all_may_be_missing() {
    wait(async {
        let service = Service::start(|asked, address| match asked.path.as_str() {
            path if path.starts_with("/terms") => reply("404 Not Found", "text/plain", ""),
            _ => campus(asked, address),
        })
        .await;
        let mapping = MAPPING.replace("path = \"/terms\"", "path = \"/terms\"\nmissing = \"empty\"");
        let mapping = mapping
            .replace("{ among = \"terms#\", match = { \"#/code\" = \"^#/code\" }, at = \"#/title\" }", "\"#/code\"");
        assert!(super::one(&source(&service.address, &mapping).unwrap(), "7").await.is_ok());
    });
}

/// A service that gives tokens, each good for so many uses, and counts them.
async fn guarded(uses: usize, expires: &'static str) -> (Service, Arc<AtomicUsize>) {
    let given = Arc::new(AtomicUsize::new(0));
    let used = AtomicUsize::new(0);
    let counter = Arc::clone(&given);
    let service = Service::start(move |asked, _| {
        if asked.path == "/token" {
            assert_eq!(asked.header("authorization").as_deref(), Some("Basic aHVzaDpodXNo"));
            assert_eq!(asked.body, "grant_type=client_credentials&scope=transcripts%2Eread");
            let number = counter.fetch_add(1, Ordering::SeqCst) + 1;
            used.store(0, Ordering::SeqCst);
            return json(&format!(r#"{{"access_token": "t{number}", "token_type": "Bearer"{expires}}}"#));
        }
        let current = format!("Bearer t{}", counter.load(Ordering::SeqCst));
        if asked.header("authorization") != Some(current) || used.fetch_add(1, Ordering::SeqCst) >= uses {
            return reply("401 Unauthorized", "text/plain", "");
        }
        reply("404 Not Found", "text/plain", "")
    })
    .await;
    (service, given)
}

const OAUTH: &str = "[source.auth]\nkind = \"oauth2\"\ntoken_url = \"/token\"\nclient_id = \"${KEY}\"\n\
    client_secret = \"${KEY}\"\nscope = \"transcripts.read\"\n";

#[test]
fn a_token_is_fetched_once_for_all_and_again_when_it_is_refused() {
    wait(async {
        let (service, given) = guarded(30, ", \"expires_in\": 3600").await;
        let source = source(&service.address, OAUTH).unwrap();
        let resources = Resources::new().unwrap();
        let names: Vec<_> = (0..24).map(|number| number.to_string()).collect();
        let asked = ids(&names.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(source.fetch(&resources, &asked).await, vec![Err(Error::RecordNotFound); 24]);
        assert_eq!(given.load(Ordering::SeqCst), 1, "one token for 24 questions at once");
        assert_eq!(source.fetch(&resources, &asked[..10]).await, vec![Err(Error::RecordNotFound); 10]);
        assert_eq!(given.load(Ordering::SeqCst), 2, "refused at its 31st use, fetched once more");
    });
}

#[test]
fn credentials_that_are_not_accepted_are_asked_with_twice_at_most() {
    wait(async {
        let (service, given) = guarded(0, "").await;
        let source = source(&service.address, OAUTH).unwrap();
        let reason = super::reason(super::one(&source, "1").await);
        assert_eq!(reason, "it does not accept the credentials (status 401)");
        assert_eq!(given.load(Ordering::SeqCst), 2);
        let refusing =
            Service::start(|_, _| reply("400 Bad Request", "application/json", "{\"error\": \"hush\"}")).await;
        let source = self::source(&refusing.address, OAUTH).unwrap();
        let reason = super::reason(super::one(&source, "1").await);
        assert_eq!(reason, "the token service does not accept the credentials (status 400)");
    });
}

#[test]
fn keys_go_in_their_headers() {
    for (auth, header, value) in [
        ("kind = \"bearer\"\ntoken = \"${KEY}\"", "authorization", "Bearer hush"),
        ("kind = \"api-key\"\nkey = \"${KEY}\"", "x-api-key", "hush"),
        ("kind = \"api-key\"\nheader = \"Ocp-Key\"\nkey = \"${KEY}\"", "ocp-key", "hush"),
    ] {
        wait(async {
            let service = Service::start(|_, _| reply("404 Not Found", "text/plain", "")).await;
            let more = format!("[source.auth]\n{auth}\n[source.headers]\nX-Campus = \"north\"\n");
            let source = source(&service.address, &more).unwrap();
            assert_eq!(super::one(&source, "1").await, Err(Error::RecordNotFound));
            let asked = &service.asked()[0];
            assert_eq!(asked.header(header).as_deref(), Some(value));
            assert_eq!(asked.header("x-campus").as_deref(), Some("north"));
        });
    }
}

#[test]
fn a_key_is_exchanged_for_a_token_as_ethos_does() {
    wait(async {
        let service =
            Service::start(|asked, _| match (asked.path.as_str(), asked.header("authorization").as_deref()) {
                ("/auth", Some("Bearer hush")) => reply("200 OK", "text/plain", "jwt.of.it\n"),
                (_, Some("Bearer jwt.of.it")) => reply("404 Not Found", "text/plain", ""),
                _ => reply("401 Unauthorized", "text/plain", ""),
            })
            .await;
        let auth = "[source.auth]\nkind = \"exchange\"\ntoken_url = \"/auth\"\nkey = \"${KEY}\"\n";
        let fetched = super::one(&source(&service.address, auth).unwrap(), "1").await;
        assert_eq!(fetched, Err(Error::RecordNotFound));
    });
}

#[test]
fn everything_wrong_in_a_configuration_is_listed_and_no_secret_told() {
    let wrong = r##"
        ca_file = "nowhere.pem"
        surprise = 1
        [source.auth]
        kind = "oauth2"
        token_url = "ftp://x"
        client_id = "in-the-clear"
        client_secret = "${UNSET}"
        [source.limits]
        tries = 0
        first_byte = "soon"
        [source.headers]
        Authorization = "Basic c2VjcmV0"
        [source.students]
        path = "/people/{id}"
        [source.requests.person]
        path = "people"
        paging = { kind = "guess" }
        [source.requests.grades]
        path = "/a/{terms#/x}"
        student = 5
        [source.requests.terms]
        path = "/b/{grades#/x}"
        [source.record]
        student = { id = "persons#/id" }
    "##;
    let Err(Error::SourceConfiguration(problems)) = source("http://sis.example", wrong).map(|_| ()) else {
        panic!("it was accepted");
    };
    let found: Vec<_> = problems.iter().map(|problem| (problem.code, problem.place.as_str())).collect();
    let expected = [
        ("unknown-key", "source.surprise"),
        ("plain-http", "source.auth"),
        ("bad-url", "source.auth.token_url"),
        ("no-secret", "source.auth.client_id"),
        ("no-secret", "source.auth.client_secret"),
        ("no-header", "source.headers.Authorization"),
        ("bad-value", "source.limits.tries"),
        ("bad-value", "source.limits.first_byte"),
        ("no-file", "source.ca_file"),
        ("bad-path", "source.students.path"),
        ("bad-path", "source.requests.person.path"),
        ("unknown-word", "source.requests.person.paging.kind"),
        ("not-a-table", "source.requests.grades.student"),
        ("no-pointer", "source.record.student.id"),
        ("missing", "source.record.student.names"),
    ];
    for problem in expected {
        assert!(found.contains(&problem), "{problem:?} in {found:?}");
    }
    let told = format!("{problems:?}");
    for secret in ["in-the-clear", "c2VjcmV0"] {
        assert!(!told.contains(secret), "{told}");
    }
}
