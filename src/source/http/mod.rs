//! Records from a service over HTTP: `GET {base}/students/{id}` answers the record as JSON, or requests and a mapping
//! of the institution's own make one of its answers.

mod asking;
mod auth;
mod auth_reader;
mod configuration;
mod json_table;
mod kept;
mod mapping;
mod mapping_reader;
mod paging;
mod pointer;
mod request;
mod request_reader;
mod shape;
mod template;

pub use configuration::{Secrets, read, speaks_http};
pub use json_table::table_of;
pub use kept::Kept;

use super::{Pending, Resources, Source, of_student, read_aside, unavailable};
use crate::domain::{Error, StudentId, StudentRecord};
use crate::exchange::{limits, record_json};
use crate::http::{Manners, Trust, check_json};
use asking::{json_body, read_body};
use auth::Auth;
use futures_util::StreamExt;
use futures_util::stream;
use mapping::Mapping;
use pointer::Scope;
use request::Request;
use reqwest::header::HeaderMap;
use reqwest::{StatusCode, Url};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many records of one batch are asked for at once.
const AT_ONCE: usize = 32;

/// Tells sources apart in what the runtime keeps for them.
static NUMBERS: AtomicU64 = AtomicU64::new(0);

/// A service that answers records: as JSON of the published schema (schemas/student-record.schema.json), or in its own
/// words with a mapping.
#[derive(Clone)]
pub struct HttpSource {
    number: u64,
    /// Without a slash at its end, without query and fragment.
    base: String,
    manners: Manners,
    trust: Trust,
    headers: HeaderMap,
    auth: Auth,
    requests: Arc<[Request]>,
    /// The requests by their order.
    waves: Arc<[Vec<usize>]>,
    /// None: the one answer is a record as published.
    mapping: Option<Arc<Mapping>>,
    listing: Option<Listing>,
}

/// How all students are listed, and where the id stands in each row.
#[derive(Clone, Debug)]
struct Listing {
    request: Request,
    id: String,
}

impl HttpSource {
    /// `base_url` is `http://` or `https://` with an optional path; the ids are put below `{base}/students/`.
    pub fn new(base_url: &str) -> Result<HttpSource, Error> {
        let base = checked_base(base_url)
            .map_err(|why| Error::configuration(format!("the address of the record service {why}")))?;
        Ok(HttpSource {
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            base,
            manners: Manners::default(),
            trust: Trust::default(),
            headers: HeaderMap::new(),
            auth: Auth::Nobody,
            requests: Arc::new([]),
            waves: Arc::new([]),
            mapping: None,
            listing: None,
        })
    }

    /// The same service, asked in another way.
    pub fn with_manners(self, manners: Manners) -> HttpSource {
        HttpSource { manners, ..self }
    }

    /// Trusted by another authority than the machine's.
    pub fn with_trust(self, trust: Trust) -> HttpSource {
        HttpSource { trust, ..self }
    }

    async fn record(&self, resources: &Resources, id: &StudentId) -> Result<StudentRecord, Error> {
        let record = match &self.mapping {
            Some(mapping) => self.mapped(resources, id, mapping).await?,
            None => {
                let path = pointer_free_path(id);
                let mut answer = self.get(resources, &self.address(&path)?, limits::JSON_BYTES).await?;
                let body = json_body(&mut answer)?;
                // Bounds are looked at where it is parsed: a body of megabytes keeps no worker busy.
                read_aside(move || {
                    check_json(&body).map_err(unavailable)?;
                    record_json::read(&body)
                })
                .await?
            }
        };
        of_student(record, id)
    }

    /// The record made of the answers to all requests.
    async fn mapped(
        &self,
        resources: &Resources,
        id: &StudentId,
        mapping: &Arc<Mapping>,
    ) -> Result<StudentRecord, Error> {
        let answers = self.answers(resources, id, mapping).await?;
        let (mapping, requests) = (Arc::clone(mapping), Arc::clone(&self.requests));
        read_aside(move || {
            let of_student =
                |number: usize| requests.get(number).is_some_and(|request: &Request| !request.path.is_fixed());
            let mut made = mapping.applied(&Scope::of(&answers), &of_student).map_err(Error::MalformedRecord)?;
            if let Value::Object(fields) = &mut made {
                fields.entry("schema").or_insert(record_json::MARKER.into());
            }
            let text = serde_json::to_vec(&made).map_err(|_| unavailable("no record can be made of the answers"))?;
            record_json::read(&text)
        })
        .await
    }

    async fn answers(
        &self,
        resources: &Resources,
        id: &StudentId,
        mapping: &Mapping,
    ) -> Result<Vec<Arc<Value>>, Error> {
        let mut answers: Vec<Arc<Value>> = vec![Arc::default(); self.requests.len()];
        let identity = mapping.identity();
        for wave in self.waves.iter() {
            let scope = Scope::of(&answers);
            let numbered = wave.iter().filter_map(|number| Some((*number, self.requests.get(*number)?)));
            let asked =
                numbered.map(|request| async move { (request.0, self.answer(resources, request, id, &scope).await) });
            let mut come = futures_util::future::join_all(asked).await;
            // Whether there is such a student is the first thing to know.
            come.sort_by_key(|(number, _)| identity.is_none_or(|(request, _)| request != *number));
            for (number, answer) in come {
                let who = identity.filter(|(request, _)| *request == number);
                let answer = answer.map_err(|error| match error {
                    Error::RecordNotFound if who.is_none() => unavailable("status 404 for a part of the record"),
                    other => other,
                })?;
                if who.is_some() && nobody(&answer) {
                    return Err(Error::RecordNotFound);
                }
                if let Some(place) = answers.get_mut(number) {
                    *place = answer;
                }
            }
        }
        Ok(answers)
    }

    /// `None` when the service has no such list: it need not.
    async fn list(&self, resources: &Resources) -> Result<Option<Vec<StudentId>>, Error> {
        let Some(listing) = &self.listing else {
            return if self.mapping.is_some() { Ok(None) } else { self.published_list(resources).await };
        };
        let path = listing.request.path.filled_without_student().unwrap_or_default();
        let rows = self.whole(resources, &listing.request, self.address(&path)?).await;
        let Value::Array(rows) = rows.map_err(|error| match error {
            Error::RecordNotFound => unavailable("status 404 for the list of students"),
            other => other,
        })?
        else {
            return Err(unavailable("the list of students is no list"));
        };
        let id = |row: &Value| StudentId::new(&pointer::scalar(row.pointer(&listing.id)?)?).ok();
        let ids: Option<Vec<_>> = rows.iter().map(id).collect();
        ids.map(Some).ok_or_else(|| unavailable("the list of students holds what is no student id"))
    }

    async fn published_list(&self, resources: &Resources) -> Result<Option<Vec<StudentId>>, Error> {
        let mut answer = self.get(resources, &self.address("/students")?, self.manners.largest_body).await?;
        if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED) {
            return Ok(None);
        }
        let body = json_body(&mut answer)?;
        let otherwise = "the list of students is not JSON of the form {\"students\": [\"101\", …]}";
        let list: StudentList = read_body(body, otherwise).await?;
        let ids = list.students.iter().map(|id| StudentId::new(id)).collect::<Result<_, _>>();
        ids.map(Some).map_err(|_| unavailable("the list of students holds what is no student id"))
    }
}

/// The answer to `GET {base}/students`. Other members are ignored: a service may add paging hints.
#[derive(serde::Deserialize)]
struct StudentList {
    students: Vec<String>,
}

/// A search that found nobody.
fn nobody(answer: &Value) -> bool {
    match answer {
        Value::Null => true,
        Value::Array(rows) => rows.is_empty(),
        _ => false,
    }
}

/// One path segment whatever the id holds; `.` and `..` are no student ids.
fn pointer_free_path(id: &StudentId) -> String {
    format!("/students/{}", template::segment(id.as_str()))
}

/// The base without a slash at its end, or what is wrong with it.
fn checked_base(base_url: &str) -> Result<String, &'static str> {
    let url = Url::parse(base_url).map_err(|_| "is not a URL")?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("must begin with http:// or https://");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must not have a query (?) or a fragment (#)");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not hold a user name or password");
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
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

    fn address(&self) -> Option<String> {
        Some(self.base.clone())
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
                let how = if self.mapping.is_some() {
                    "can be made by the mapping"
                } else {
                    "is of the published JSON schema"
                };
                lines.push(format!("the first student's record {how}"));
            }
            Ok(lines)
        })
    }
}
