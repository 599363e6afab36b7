//! The caller's own functions as a source of records and a verifier: questions through the bridge's door.

use super::bridge::{Door, Question};
use super::record::StudentRecord as PyRecord;
use crate::domain::{Error, StudentId, StudentRecord, Text};
use crate::source::{self, Pending, Resources, Source};
use crate::verifier::{Claim, Confirmation, DegreeClaim, Verifier};
use pyo3::Borrowed;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde::Deserialize;
use std::sync::Arc;

/// Asks the caller's `async def fetch(student_id)` for each record.
pub struct CallerSource {
    pub door: Arc<Door>,
    pub same_as: Option<u64>,
}

impl CallerSource {
    async fn one(&self, id: &StudentId) -> Result<StudentRecord, Error> {
        let answer = self.door.ask(Question::Record(id.clone())).await?;
        source::read_json(answer.0).await
    }
}

impl Source for CallerSource {
    fn fetch<'a>(&'a self, _: &'a Resources, ids: &'a [StudentId]) -> Pending<'a, Vec<Result<StudentRecord, Error>>> {
        Box::pin(futures_util::future::join_all(ids.iter().map(|id| self.one(id))))
    }

    fn same_as(&self) -> Option<u64> {
        self.same_as
    }

    fn student_ids<'a>(&'a self, _: &'a Resources) -> Pending<'a, Result<Vec<StudentId>, Error>> {
        Box::pin(async {
            Err(Error::configuration("a function that fetches records cannot list the students it knows"))
        })
    }

    fn check<'a>(&'a self, _: &'a Resources) -> Pending<'a, Result<Vec<String>, Error>> {
        Box::pin(async { Ok(vec!["a function of the caller's; asked at each call".to_owned()]) })
    }
}

/// The one record at hand, whoever is asked for: the service refuses another student's.
pub enum GivenSource {
    Read(Arc<StudentRecord>),
    /// As JSON, which is read where it keeps no event loop waiting.
    Json(Arc<[u8]>),
}

impl GivenSource {
    async fn record(&self) -> Result<StudentRecord, Error> {
        match self {
            GivenSource::Read(record) => Ok(StudentRecord::clone(record)),
            GivenSource::Json(text) => source::read_json(Arc::clone(text)).await,
        }
    }
}

impl FromPyObject<'_, '_> for GivenSource {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<GivenSource> {
        if let Ok(record) = given.cast::<PyRecord>() {
            return Ok(GivenSource::Read(Arc::clone(&record.get().0)));
        }
        Ok(GivenSource::Json(given.cast::<PyBytes>()?.as_bytes().into()))
    }
}

impl Source for GivenSource {
    fn fetch<'a>(&'a self, _: &'a Resources, ids: &'a [StudentId]) -> Pending<'a, Vec<Result<StudentRecord, Error>>> {
        Box::pin(futures_util::future::join_all(ids.iter().map(|_| self.record())))
    }

    fn student_ids<'a>(&'a self, _: &'a Resources) -> Pending<'a, Result<Vec<StudentId>, Error>> {
        Box::pin(async { Ok(vec![self.record().await?.student.id]) })
    }

    fn check<'a>(&'a self, _: &'a Resources) -> Pending<'a, Result<Vec<String>, Error>> {
        Box::pin(async { Ok(vec!["one record in memory".to_owned()]) })
    }
}

/// Asks the caller's own verifier.
pub struct CallerVerifier {
    pub door: Arc<Door>,
    pub same_as: Option<u64>,
}

/// What the facade makes of the verifier's answer.
#[derive(Deserialize)]
struct Verdict {
    confirmed: bool,
    reference: Option<String>,
    reason: Option<String>,
}

impl CallerVerifier {
    async fn ask(&self, kind: &'static str, claim: serde_json::Value) -> Result<Confirmation, Error> {
        let answer = self.door.ask(Question::Confirmation { kind, claim: claim.to_string() }).await?;
        let unavailable = |reason: &str| Error::VerificationUnavailable { reason: reason.to_owned() };
        let verdict: Verdict =
            serde_json::from_slice(&answer.0).map_err(|_| unavailable("an answer of no known shape"))?;
        if !verdict.confirmed {
            // Into messages goes a word, never a sentence that may tell what is nobody's business.
            let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            let reason = verdict.reason.filter(|raw| (1..=64).contains(&raw.len()) && raw.bytes().all(word));
            let reason = reason.unwrap_or_else(|| "not-confirmed".to_owned());
            return Err(Error::VerificationRefused { reason });
        }
        let reference = verdict.reference.map(|raw| Text::new(&raw)).transpose();
        Ok(Confirmation { reference: reference.map_err(|_| unavailable("a reference that is no line of text"))? })
    }
}

impl Verifier for CallerVerifier {
    fn confirm<'a>(&'a self, _: &'a Resources, claim: &'a Claim) -> Pending<'a, Result<Confirmation, Error>> {
        let claim = serde_json::json!({
            "serial": claim.serial.as_str(),
            "code": claim.code.to_string(),
            "digest": claim.digest.hex(),
            "issued": claim.date.to_string(),
        });
        Box::pin(self.ask("transcript", claim))
    }

    fn same_as(&self) -> Option<u64> {
        self.same_as
    }

    fn confirm_degree<'a>(
        &'a self,
        _: &'a Resources,
        claim: &'a DegreeClaim,
    ) -> Pending<'a, Result<Confirmation, Error>> {
        let claim = serde_json::json!({
            "student_id": claim.student_id.as_str(),
            "title": claim.title.as_str(),
            "conferred": claim.conferred.to_string(),
        });
        Box::pin(self.ask("degree", claim))
    }
}
