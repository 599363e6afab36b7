//! Verifying enrolment: the record shows the terms, a signed page says so.

use super::drawing::{Proceed, without_record};
use super::registrar::{Fetched, Registrar};
use super::request::Request;
use super::settings::Settings;
use super::slot::Slot;
use super::timings::{Timed, Timings};
use crate::document::{self, EnrollmentCertification};
use crate::domain::{Error, Issue, StudentId, StudentRecord};
use crate::exchange::record_json;
use crate::gpa::{self, Enrollment, LoadRule};
use crate::seal::{self, Digest, VerificationCode};
use std::fmt;
use std::sync::Arc;

/// A verified enrolment and the page that certifies it. Cheap to clone.
#[derive(Clone)]
pub struct EnrollmentVerification {
    pub student_id: StudentId,
    pub record: Arc<StudentRecord>,
    pub enrollment: Arc<Enrollment>,
    pub pdf: Arc<[u8]>,
    pub pages: usize,
    /// Of the PDF's bytes.
    pub digest: Digest,
    pub code: VerificationCode,
    pub issue: Arc<Issue>,
    pub timings: Timings,
}

impl Timed for EnrollmentVerification {
    fn timings(&self) -> &Timings {
        &self.timings
    }
}

// As with a transcript: nothing personal.
impl fmt::Debug for EnrollmentVerification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("EnrollmentVerification");
        shown.field("digest", &self.digest).field("timings", &self.timings).finish_non_exhaustive()
    }
}

impl Registrar {
    /// Certifies the terms that a student was enrolled in up to the day of issue, with the load of each where a rule
    /// tells it. Holds keep transcripts back, not this; nothing is saved, and no service is asked.
    pub async fn verify_enrollment(
        &self,
        slot: &Slot,
        id: &StudentId,
        request: &Request,
        rules: Vec<LoadRule>,
    ) -> Result<EnrollmentVerification, Error> {
        let counted = slot.counters().begin();
        let work = async {
            self.accepts(&Request { save: false, verify: false, ..request.clone() })?;
            let fetched = self.fetch(slot, id).await?;
            self.certify_enrollment(slot, fetched, request, rules).await
        };
        counted.end(work.await)
    }

    async fn certify_enrollment(
        &self,
        slot: &Slot,
        fetched: Fetched,
        request: &Request,
        rules: Vec<LoadRule>,
    ) -> Result<EnrollmentVerification, Error> {
        let issue = request.enrollment_issue(&fetched.record.student.id);
        let settings = Arc::clone(&self.settings);
        let Fetched { record, timings, place } = fetched;
        let draw = move |proceed: Proceed| {
            drop(place);
            verification(record, &settings, issue, &rules, proceed)
        };
        let (verified, timings) = self.draw(slot, timings, draw).await?;
        Ok(EnrollmentVerification { timings, ..verified })
    }
}

/// The pure middle of it: no I/O, no clock. An error from `proceed`, asked before each step, ends the work.
fn verification(
    record: Arc<StudentRecord>,
    settings: &Settings,
    issue: Issue,
    rules: &[LoadRule],
    proceed: Proceed,
) -> Result<EnrollmentVerification, Error> {
    proceed()?;
    let enrollment = gpa::enrollment(&record, rules, issue.date)?;
    let code = seal::enrollment_code(&record_json::write(&record), &table(&enrollment), &issue);
    let printed = code.to_string();
    let document = document::compose_enrollment(&EnrollmentCertification {
        record: &record,
        enrollment: &enrollment,
        theme: &settings.theme,
        issue: &issue,
        code: &printed,
    })?;
    let (pdf, pages) = without_record(&document, proceed)?;
    Ok(EnrollmentVerification {
        student_id: record.student.id.clone(),
        enrollment: Arc::new(enrollment),
        digest: Digest::of(&pdf),
        pages,
        issue: Arc::new(issue),
        timings: Timings::default(),
        record,
        pdf,
        code,
    })
}

/// What is certified, for the code: other rules for the load make another document.
fn table(enrollment: &Enrollment) -> String {
    let load = |load: Option<gpa::Load>| load.map_or("", gpa::Load::word);
    let row = |term: &gpa::EnrolledTerm| format!("{} {} {};", term.term_index, term.credits, load(term.load));
    enrollment.terms.iter().map(row).collect()
}
