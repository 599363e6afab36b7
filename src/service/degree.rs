//! Verifying a degree: the record shows it, the external service confirms it, a certificate says so.

use super::drawing::{Proceed, without_record};
use super::registrar::{Fetched, Registrar, timed};
use super::request::Request;
use super::settings::Settings;
use super::slot::Slot;
use super::timings::{Timed, Timings};
use crate::document::{self, Certification};
use crate::domain::{Award, Date, Error, Issue, Stage, StudentId, StudentRecord};
use crate::exchange::record_json;
use crate::gpa;
use crate::seal::{self, Digest, VerificationCode};
use crate::verifier::{Confirmation, DegreeClaim};
use std::fmt;
use std::sync::Arc;

/// A verified degree and its certificate. Cheap to clone.
#[derive(Clone)]
pub struct DegreeVerification {
    pub student_id: StudentId,
    pub record: Arc<StudentRecord>,
    /// The degree itself.
    pub award: Award,
    pub conferred: Date,
    /// The certificate.
    pub pdf: Arc<[u8]>,
    pub pages: usize,
    /// Of the certificate's bytes.
    pub digest: Digest,
    pub code: VerificationCode,
    pub issue: Arc<Issue>,
    /// The verification service's yes, if it was asked.
    pub confirmation: Option<Confirmation>,
    pub timings: Timings,
}

impl Timed for DegreeVerification {
    fn timings(&self) -> &Timings {
        &self.timings
    }
}

// As with a transcript: nothing personal.
impl fmt::Debug for DegreeVerification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("DegreeVerification");
        shown.field("digest", &self.digest).field("timings", &self.timings).finish_non_exhaustive()
    }
}

/// The degree that is certified, by its place in the record.
struct Degree {
    index: usize,
    award: Award,
    conferred: Date,
}

impl Registrar {
    /// Verifies the degree conferred last, up to the day of issue: the source has it, the service confirms it if
    /// `request.verify`, and the certificate carries the service's reference. Holds keep transcripts back, not this;
    /// nothing is saved.
    pub async fn verify_degree(
        &self,
        slot: &Slot,
        id: &StudentId,
        request: &Request,
    ) -> Result<DegreeVerification, Error> {
        let counted = slot.counters().begin();
        let work = async {
            self.accepts(&Request { save: false, ..request.clone() })?;
            let mut fetched = self.fetch(slot, id).await?;
            let degree = latest(&fetched.record, request.date).ok_or(Error::DegreeNotConferred)?;
            let confirmation = self.confirm_degree(slot, &mut fetched, &degree, request).await?;
            self.certify(slot, fetched, degree, confirmation, request).await
        };
        counted.end(work.await)
    }

    async fn confirm_degree(
        &self,
        slot: &Slot,
        fetched: &mut Fetched,
        degree: &Degree,
        request: &Request,
    ) -> Result<Option<Confirmation>, Error> {
        let Some(verifier) = self.verifier.as_ref().filter(|_| request.verify) else { return Ok(None) };
        let claim = DegreeClaim {
            student_id: fetched.record.student.id.clone(),
            title: degree.award.title.clone(),
            conferred: degree.conferred,
        };
        let answer = verifier.confirm_degree(slot.resources(), &claim);
        let (confirmation, took) = timed(self.asking(Stage::Verify, answer)).await?;
        fetched.timings.add(Stage::Verify, took);
        Ok(Some(confirmation))
    }

    async fn certify(
        &self,
        slot: &Slot,
        fetched: Fetched,
        degree: Degree,
        confirmation: Option<Confirmation>,
        request: &Request,
    ) -> Result<DegreeVerification, Error> {
        let issue = request.certificate_issue(&fetched.record.student.id);
        let settings = Arc::clone(&self.settings);
        let Fetched { record, timings, place } = fetched;
        let draw = move |proceed: Proceed| {
            drop(place);
            certificate(record, &settings, issue, degree, confirmation, proceed)
        };
        let (verified, timings) = self.draw(slot, timings, draw).await?;
        Ok(DegreeVerification { timings, ..verified })
    }
}

/// Of several conferred on one day, the one the record names last. A day still to come confers nothing yet.
fn latest(record: &StudentRecord, today: Date) -> Option<Degree> {
    let conferred =
        |(index, award): (usize, &Award)| Some((award.conferred.filter(|conferred| *conferred <= today)?, index));
    let (conferred, index) = record.awards.iter().enumerate().filter_map(conferred).max()?;
    Some(Degree { index, award: record.awards.get(index)?.clone(), conferred })
}

/// The pure middle of it: no I/O, no clock. An error from `proceed`, asked before each step, ends the work.
fn certificate(
    record: Arc<StudentRecord>,
    settings: &Settings,
    issue: Issue,
    degree: Degree,
    confirmation: Option<Confirmation>,
    proceed: Proceed,
) -> Result<DegreeVerification, Error> {
    proceed()?;
    let code = seal::certificate_code(&record_json::write(&record), degree.index, &issue);
    // Honours by rule are printed as the transcript prints them; a policy without such rules judges nothing here.
    let judging = settings.policy.judges_degrees();
    let evaluation = judging.then(|| gpa::evaluate(&record, &settings.policy)).transpose()?;
    proceed()?;
    let reference = confirmation.as_ref().and_then(|yes| yes.reference.as_ref());
    let printed = code.to_string();
    let document = document::compose_certificate(&Certification {
        record: &record,
        award: degree.index,
        evaluation: evaluation.as_ref(),
        theme: &settings.theme,
        issue: &issue,
        code: &printed,
        reference: reference.map(AsRef::as_ref),
    })?;
    let (pdf, pages) = without_record(&document, proceed)?;
    Ok(DegreeVerification {
        student_id: record.student.id.clone(),
        award: degree.award,
        conferred: degree.conferred,
        digest: Digest::of(&pdf),
        pages,
        issue: Arc::new(issue),
        timings: Timings::default(),
        record,
        pdf,
        code,
        confirmation,
    })
}
