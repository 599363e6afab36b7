//! Verifying enrolment: the record shows the terms, a signed page says so.

use super::pool::CancelFlag;
use super::registrar::{Fetched, Registrar};
use super::request::Request;
use super::settings::Settings;
use super::slot::Slot;
use super::timings::{Stopwatch, Timings};
use crate::document::{self, EnrollmentCertification};
use crate::domain::{Error, Issue, Stage, StudentId, StudentRecord};
use crate::exchange::record_json;
use crate::gpa::{self, Enrollment, LoadRule};
use crate::pdf;
use crate::seal::{self, Digest, VerificationCode};
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

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
        let limits = self.limits;
        let job = move |flag: &CancelFlag| {
            let began = Instant::now();
            let mut watch = Stopwatch::resuming(fetched.timings);
            watch.enter(Stage::Render);
            let mut verified = verification(fetched.record, &settings, issue, &rules, || {
                flag.check()?;
                limits.check(Stage::Render, began)
            })?;
            verified.timings = watch.stop();
            Ok(verified)
        };
        slot.cpu().run(job).await
    }
}

/// The pure middle of it: no I/O, no clock. An error from `proceed`, asked before each step, ends the work.
fn verification(
    record: Arc<StudentRecord>,
    settings: &Settings,
    issue: Issue,
    rules: &[LoadRule],
    proceed: impl Fn() -> Result<(), Error>,
) -> Result<EnrollmentVerification, Error> {
    proceed()?;
    let enrollment = gpa::enrollment(&record, rules, issue.date)?;
    let code = seal::enrollment_code(&record_json::write(&record), &table(&enrollment), &issue);
    let document = document::compose_enrollment(&EnrollmentCertification {
        record: &record,
        enrollment: &enrollment,
        theme: &settings.theme,
        issue: &issue,
        code: &code.to_string(),
    })?;
    proceed()?;
    let pages = document::paginate(&document)?;
    proceed()?;
    // Without the record: it tells of terms and credits, and of no grade.
    let pdf: Arc<[u8]> = pdf::render(&pages, &[])?.into();
    Ok(EnrollmentVerification {
        student_id: record.student.id.clone(),
        enrollment: Arc::new(enrollment),
        digest: Digest::of(&pdf),
        pages: pages.pages.len(),
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
