//! Asking a service: signed, refreshed once where it no longer knows us, page after page, each answer judged.

use super::auth::Asker;
use super::pointer::{Scope, scalar};
use super::request::{Owner, Request, Whose};
use super::{HttpSource, paging};
use crate::domain::{Error, Problem, StudentId};
use crate::http::{Answer, Question, check_json};
use crate::source::read_aside;
use crate::source::{Resources, unavailable};
use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{StatusCode, Url};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// A larger answer is parsed where it keeps no other task waiting.
const PARSED_HERE: usize = 16 * 1024;
/// Bytes of all pages of one list.
const LIST_BYTES: usize = 64 << 20;
/// How long a list that is the same for all students is kept.
const SAME_FOR_ALL: Duration = Duration::from_secs(600);

impl HttpSource {
    /// One GET with everything that belongs to it.
    pub(super) async fn get(&self, resources: &Resources, url: &Url, largest: usize) -> Result<Answer, Error> {
        let key = (self.number, usize::MAX);
        let asker = Asker { resources, manners: &self.manners, trust: &self.trust, key };
        let mut refreshed = false;
        loop {
            let mut question = Question { largest, ..Question::get(url.clone(), &self.manners, &self.trust) };
            question.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
            question.headers.extend(self.headers.clone());
            let token = self.auth.sign(&asker, &mut question.headers).await?;
            let answer = resources.http.ask(&question).await;
            let answer = answer.map_err(|failure| unavailable(failure.to_string()))?;
            match token.filter(|_| answer.status == StatusCode::UNAUTHORIZED && !refreshed) {
                // It ended before its time: once more with another.
                Some(token) => resources.tokens.forget(key, &token).await,
                None => return Ok(answer),
            }
            refreshed = true;
        }
    }

    /// The address of a path below the base.
    pub(super) fn address(&self, path: &str) -> Result<Url, Error> {
        let url = Url::parse(&format!("{}{path}", self.base)).ok();
        url.ok_or_else(|| unavailable("no address can be made of the student id"))
    }

    /// The answer to one of the requests; `Null` where there is nothing and that is allowed.
    pub(super) async fn answer(
        &self,
        resources: &Resources,
        (number, request): (usize, &Request),
        id: &StudentId,
        scope: &Scope<'_, '_>,
    ) -> Result<Arc<Value>, Error> {
        let Some(path) = request.path.filled(id, scope) else {
            let lacking = || unavailable("an answer lacks what the next request needs");
            return if request.may_be_missing { Ok(Arc::default()) } else { Err(lacking()) };
        };
        let url = self.address(&path)?;
        let asked = || async {
            match self.whole(resources, request, url).await {
                Err(Error::RecordNotFound) if request.may_be_missing => Ok(Value::Null),
                other => other,
            }
        };
        if request.path.is_fixed() {
            let whole = || async { Ok((Arc::new(asked().await?), SAME_FOR_ALL)) };
            return resources.answers.get((self.number, number), whole).await;
        }
        let value = asked().await?;
        if let Whose::Of(owner) = &request.owner {
            of_owner(owner, &value, id, scope)?;
        }
        Ok(Arc::new(value))
    }

    /// All pages of an answer as one list, or the answer itself.
    pub(super) async fn whole(&self, resources: &Resources, request: &Request, url: Url) -> Result<Value, Error> {
        let Some(paging) = &request.paging else {
            let answer = self.get(resources, &url, self.manners.largest_body).await?;
            let (_, value) = parsed(answer).await?;
            return match &request.rows {
                Some(_) => Ok(Value::Array(rows(value, request)?.1)),
                None => Ok(value),
            };
        };
        let (mut all, mut bytes, mut progress) = (Vec::new(), 0, paging::Progress::default());
        let mut next = Some(paging.first(&url));
        while let Some(page) = next {
            let answer = self.get(resources, &page, self.manners.largest_body).await?;
            bytes += answer.body.len();
            if bytes > LIST_BYTES {
                return Err(unavailable("the pages of a list are larger than 64 MiB together"));
            }
            let (answer, value) = parsed(answer).await?;
            let (value, mut page) = rows(value, request)?;
            next = paging.next(&url, &answer, &value, &page, &mut progress).map_err(unavailable)?;
            all.append(&mut page);
        }
        Ok(Value::Array(all))
    }
}

/// The rows of an answer, taken out of it.
fn rows(mut value: Value, request: &Request) -> Result<(Value, Vec<Value>), Error> {
    let place = request.rows.as_deref().unwrap_or_default();
    match value.pointer_mut(place).map(Value::take) {
        Some(Value::Array(rows)) => Ok((value, rows)),
        _ => Err(unavailable(format!("the answer to {} has no list where its rows should be", request.name))),
    }
}

/// A good answer and the JSON in it.
async fn parsed(mut answer: Answer) -> Result<(Answer, Value), Error> {
    let body = json_body(&mut answer)?;
    Ok((answer, read_body(body, "the answer is not JSON").await?))
}

/// What a body of JSON holds; `otherwise` says what it is not. A large one keeps no worker busy.
pub(super) async fn read_body<T>(body: Vec<u8>, otherwise: &'static str) -> Result<T, Error>
where
    T: serde::de::DeserializeOwned + Send + 'static,
{
    let small = body.len() <= PARSED_HERE;
    let parse = move || {
        check_json(&body).map_err(unavailable)?;
        serde_json::from_slice(&body).map_err(|_| unavailable(otherwise))
    };
    if small { parse() } else { read_aside(parse).await }
}

/// The body of a good answer: status 200, JSON by its content type. 404 means that there is no such student.
pub(super) fn json_body(answer: &mut Answer) -> Result<Vec<u8>, Error> {
    let words = match answer.status {
        StatusCode::OK if answer.is_json() => return Ok(std::mem::take(&mut answer.body)),
        StatusCode::OK => "the answer is not JSON by its content type".to_owned(),
        StatusCode::NOT_FOUND => return Err(Error::RecordNotFound),
        StatusCode::UNAUTHORIZED => "it does not accept the credentials (status 401)".to_owned(),
        status if status.is_redirection() => format!("it redirects to another host (status {})", status.as_u16()),
        status => format!("status {}", status.as_u16()),
    };
    Err(unavailable(words))
}

/// Refuses rows of another student than the one asked for.
fn of_owner(owner: &Owner, value: &Value, id: &StudentId, scope: &Scope<'_, '_>) -> Result<(), Error> {
    let expected = match &owner.is {
        None => Some(id.as_str().to_owned()),
        Some(pointer) => pointer.find(scope).and_then(scalar),
    };
    let rows = match value {
        Value::Null => &[],
        Value::Array(rows) => rows.as_slice(),
        single => std::slice::from_ref(single),
    };
    let theirs = |row: &Value| row.pointer(&owner.at).and_then(scalar);
    if expected.is_some() && rows.iter().all(|row| theirs(row) == expected) {
        return Ok(());
    }
    let message = "is not of the student who was asked for, in an answer of the service";
    Err(Error::MalformedRecord(vec![Problem::new("wrong-student", "student.id", message)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread::{self, ThreadId};

    /// Where it was read.
    struct Reader(ThreadId);

    impl<'de> serde::Deserialize<'de> for Reader {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Reader, D::Error> {
            serde::de::IgnoredAny::deserialize(deserializer).map(|_| Reader(thread::current().id()))
        }
    }

    #[tokio::test]
    async fn a_large_body_is_read_beside_the_worker() {
        for (length, here) in [(100, true), (PARSED_HERE + 1, false)] {
            let body = format!("\"{}\"", "x".repeat(length)).into_bytes();
            let read: Reader = read_body(body, "is none").await.unwrap();
            assert_eq!(read.0 == thread::current().id(), here, "{length} bytes");
        }
    }
}
