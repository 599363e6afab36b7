//! Records from a service: `GET {base}/students/{id}` answers the record as JSON.

use super::{Pending, Resources, Source, of_student, read_json, unavailable};
use crate::domain::{Error, StudentId, StudentRecord};
use crate::exchange::limits;
use futures_util::StreamExt;
use futures_util::stream;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, Response, StatusCode, Url};

/// The largest answer read, after decompression: a record, and the list of all students.
const RECORD_BYTES: usize = limits::JSON_BYTES;
const LIST_BYTES: usize = 16 << 20;

/// How many records of one batch are asked for at once.
const AT_ONCE: usize = 32;

/// What stays as it is in a path segment: RFC 3986's unreserved characters.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A service that answers records as JSON of the published schema (schemas/student-record.schema.json).
#[derive(Clone)]
pub struct HttpSource {
    /// Without a slash at its end, without query and fragment.
    base: String,
}

impl HttpSource {
    /// `base_url` is `http://` or `https://` with an optional path; the ids are put below `{base}/students/`.
    pub fn new(base_url: &str) -> Result<HttpSource, Error> {
        let refuse = |why: &str| Err(Error::configuration(format!("the address of the record service {why}")));
        let Ok(url) = Url::parse(base_url) else { return refuse("is not a URL") };
        if !matches!(url.scheme(), "http" | "https") {
            return refuse("must begin with http:// or https://");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refuse("must not have a query (?) or a fragment (#)");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("must not hold a user name or password");
        }
        Ok(HttpSource { base: url.as_str().trim_end_matches('/').to_owned() })
    }

    fn record_address(&self, id: &StudentId) -> String {
        // One path segment whatever the id holds; `.` and `..` are no student ids.
        format!("{}/students/{}", self.base, utf8_percent_encode(id.as_str(), SEGMENT))
    }

    async fn record(&self, client: &Client, id: &StudentId) -> Result<StudentRecord, Error> {
        let answer = ask(client, &self.record_address(id)).await?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Err(Error::RecordNotFound);
        }
        let body = json_body(answer, RECORD_BYTES).await?;
        of_student(read_json(body).await?, id)
    }

    /// `None` when the service has no such list: it need not.
    async fn list(&self, client: &Client) -> Result<Option<Vec<StudentId>>, Error> {
        let answer = ask(client, &format!("{}/students", self.base)).await?;
        if matches!(answer.status(), StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED) {
            return Ok(None);
        }
        let body = json_body(answer, LIST_BYTES).await?;
        let list: StudentList = serde_json::from_slice(&body)
            .map_err(|_| unavailable("the list of students is not JSON of the form {\"students\": [\"101\", …]}"))?;
        let ids = list.students.iter().map(|id| StudentId::new(id));
        let ids = ids
            .collect::<Result<_, _>>()
            .map_err(|_| unavailable("the list of students holds what is no student id"))?;
        Ok(Some(ids))
    }
}

/// The answer to `GET {base}/students`. Other members are ignored: a service may add paging hints.
#[derive(serde::Deserialize)]
struct StudentList {
    students: Vec<String>,
}

impl Source for HttpSource {
    fn fetch<'a>(
        &'a self,
        resources: &'a Resources,
        ids: &'a [StudentId],
    ) -> Pending<'a, Vec<Result<StudentRecord, Error>>> {
        let records = stream::iter(ids).map(|id| self.record(&resources.http, id));
        Box::pin(records.buffered(AT_ONCE).collect())
    }

    fn student_ids<'a>(&'a self, resources: &'a Resources) -> Pending<'a, Result<Vec<StudentId>, Error>> {
        Box::pin(async move {
            let ids = self.list(&resources.http).await?;
            ids.ok_or_else(|| unavailable("the service does not list its students"))
        })
    }

    fn check<'a>(&'a self, resources: &'a Resources) -> Pending<'a, Result<Vec<String>, Error>> {
        Box::pin(async move {
            let mut lines = vec![format!("record service {} answers", self.base)];
            let Some(ids) = self.list(&resources.http).await? else {
                lines.push("it does not list its students".to_owned());
                return Ok(lines);
            };
            lines.push(format!("{} students", ids.len()));
            if let Some(first) = ids.first() {
                self.record(&resources.http, first).await?;
                lines.push("the first student's record is of the published JSON schema".to_owned());
            }
            Ok(lines)
        })
    }
}

async fn ask(client: &Client, address: &str) -> Result<Response, Error> {
    let request = client.get(address).header(ACCEPT, "application/json");
    request.send().await.map_err(|error| unavailable(words(&error)))
}

/// The body of a good answer: status 200, JSON by its content type, no larger than `limit`.
async fn json_body(mut answer: Response, limit: usize) -> Result<Vec<u8>, Error> {
    match answer.status() {
        StatusCode::OK => {}
        status if status.is_redirection() => {
            return Err(unavailable(format!("it redirects to another host (status {})", status.as_u16())));
        }
        status => return Err(unavailable(format!("status {}", status.as_u16()))),
    }
    if !is_json(&answer) {
        return Err(unavailable("the answer is not JSON by its content type"));
    }
    let too_large = || unavailable(format!("the answer is larger than {} MiB", limit >> 20));
    if answer.content_length().is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    // Counted as it arrives, after decompression: an answer that never ends is not waited for.
    while let Some(chunk) = answer.chunk().await.map_err(|error| unavailable(words(&error)))? {
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// `application/json`, or a type that ends in `+json`.
fn is_json(answer: &Response) -> bool {
    let value = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// What failed, in words of ours: the library's own carry the address and with it the student's id.
fn words(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "no answer in time"
    } else if error.is_dns() {
        "the host name is not known"
    } else if error.is_connect() {
        if refused(error) { "connection refused" } else { "the connection cannot be made" }
    } else if error.is_body() || error.is_decode() {
        "the answer broke off"
    } else {
        "the connection broke"
    }
}

fn refused(error: &reqwest::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        if let Some(io) = inner.downcast_ref::<std::io::Error>() {
            return io.kind() == std::io::ErrorKind::ConnectionRefused;
        }
        cause = inner.source();
    }
    false
}
