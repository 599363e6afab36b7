//! Records from a service: `GET {base}/students/{id}` answers the record as JSON.

use super::{Pending, Resources, Source, of_student, read_json, unavailable};
use crate::domain::{Error, StudentId, StudentRecord};
use crate::exchange::limits;
use crate::http::{Answer, Manners, Question, Trust, check_json};
use futures_util::StreamExt;
use futures_util::stream;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{StatusCode, Url};

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
    manners: Manners,
    trust: Trust,
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
        let base = url.as_str().trim_end_matches('/').to_owned();
        Ok(HttpSource { base, manners: Manners::default(), trust: Trust::default() })
    }

    /// The same service, asked in another way.
    pub fn with_manners(self, manners: Manners) -> HttpSource {
        HttpSource { manners, ..self }
    }

    async fn ask(&self, resources: &Resources, address: &str, largest: usize) -> Result<Answer, Error> {
        let url = Url::parse(address).map_err(|_| unavailable("no address can be made of the student id"))?;
        let mut question = Question { largest, ..Question::get(url, &self.manners, &self.trust) };
        question.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        resources.http.ask(&question).await.map_err(|failure| unavailable(failure.to_string()))
    }

    fn record_address(&self, id: &StudentId) -> String {
        // One path segment whatever the id holds; `.` and `..` are no student ids.
        format!("{}/students/{}", self.base, utf8_percent_encode(id.as_str(), SEGMENT))
    }

    async fn record(&self, resources: &Resources, id: &StudentId) -> Result<StudentRecord, Error> {
        let answer = self.ask(resources, &self.record_address(id), RECORD_BYTES).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Err(Error::RecordNotFound);
        }
        let body = json_body(answer)?;
        of_student(read_json(body).await?, id)
    }

    /// `None` when the service has no such list: it need not.
    async fn list(&self, resources: &Resources) -> Result<Option<Vec<StudentId>>, Error> {
        let answer = self.ask(resources, &format!("{}/students", self.base), LIST_BYTES).await?;
        if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED) {
            return Ok(None);
        }
        let body = json_body(answer)?;
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
        let records = stream::iter(ids).map(|id| self.record(resources, id));
        Box::pin(records.buffered(AT_ONCE).collect())
    }

    fn student_ids<'a>(&'a self, resources: &'a Resources) -> Pending<'a, Result<Vec<StudentId>, Error>> {
        Box::pin(async move {
            let ids = self.list(resources).await?;
            ids.ok_or_else(|| unavailable("the service does not list its students"))
        })
    }

    fn check<'a>(&'a self, resources: &'a Resources) -> Pending<'a, Result<Vec<String>, Error>> {
        Box::pin(async move {
            let mut lines = vec![format!("record service {} answers", self.base)];
            let Some(ids) = self.list(resources).await? else {
                lines.push("it does not list its students".to_owned());
                return Ok(lines);
            };
            lines.push(format!("{} students", ids.len()));
            if let Some(first) = ids.first() {
                self.record(resources, first).await?;
                lines.push("the first student's record is of the published JSON schema".to_owned());
            }
            Ok(lines)
        })
    }
}

/// The body of a good answer: status 200, JSON by its content type, within the bounds of JSON.
fn json_body(answer: Answer) -> Result<Vec<u8>, Error> {
    match answer.status {
        StatusCode::OK => {}
        status if status.is_redirection() => {
            return Err(unavailable(format!("it redirects to another host (status {})", status.as_u16())));
        }
        status => return Err(unavailable(format!("status {}", status.as_u16()))),
    }
    if !answer.is_json() {
        return Err(unavailable("the answer is not JSON by its content type"));
    }
    check_json(&answer.body).map_err(unavailable)?;
    Ok(answer.body)
}
