//! The pure middle: a record, the settings and the issue become a transcript. No I/O, no clock, no randomness.

use super::settings::Settings;
use super::timings::{Timed, Timings};
use crate::document::{self, Theme, Transcription};
use crate::domain::{Error, Issue, Marking, Problem, Stage, StudentId, StudentRecord, Text};
use crate::exchange::{limits, record_json};
use crate::gpa::{self, Evaluation, Policy};
use crate::pdf::{self, Attachment, Relationship};
use crate::seal::{self, Digest, VerificationCode};
use crate::verifier::{Claim, Confirmation};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// A transcript: the document, and everything it was made from. Cheap to clone.
#[derive(Clone)]
pub struct Transcript {
    pub student_id: StudentId,
    pub record: Arc<StudentRecord>,
    pub evaluation: Arc<Evaluation>,
    /// What judged.
    pub policy: Policy,
    pub pdf: Arc<[u8]>,
    pub pages: usize,
    /// Of the PDF's bytes.
    pub digest: Digest,
    pub code: VerificationCode,
    pub issue: Arc<Issue>,
    /// Where it was saved, if it was.
    pub saved: Option<PathBuf>,
    /// The same of an object store: `s3://bucket/key`.
    pub saved_url: Option<String>,
    /// The verification service's yes, if it was asked.
    pub confirmation: Option<Confirmation>,
    pub timings: Timings,
}

impl Transcript {
    /// The document's own number.
    pub fn serial(&self) -> &Text {
        &self.issue.serial
    }

    /// What a verification service is asked to confirm.
    pub fn claim(&self) -> Claim {
        Claim { serial: self.serial().clone(), code: self.code, digest: self.digest, date: self.issue.date }
    }
}

impl Timed for Transcript {
    fn timings(&self) -> &Timings {
        &self.timings
    }
}

// A transcript is personal: a debug print tells what a log may hold.
impl fmt::Debug for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Transcript");
        shown.field("digest", &self.digest).field("pages", &self.pages).field("bytes", &self.pdf.len());
        shown.field("timings", &self.timings).finish_non_exhaustive()
    }
}

/// Makes the transcript. An official one is kept back by any hold that blocks transcripts.
pub fn produce(record: Arc<StudentRecord>, settings: &Settings, issue: &Issue) -> Result<Transcript, Error> {
    produce_watched(record, settings, issue, |_| Ok(()))
}

/// The same, telling `enter` before each step which stage it belongs to; an error from it ends the work.
pub fn produce_watched(
    record: Arc<StudentRecord>,
    settings: &Settings,
    issue: &Issue,
    mut enter: impl FnMut(Stage) -> Result<(), Error>,
) -> Result<Transcript, Error> {
    enter(Stage::Evaluate)?;
    released(&record, issue.marking)?;
    sized(&record)?;
    let evaluation = gpa::evaluate(&record, &settings.policy)?;
    enter(Stage::Render)?;
    let json = record_json::write(&record);
    if json.len() > limits::JSON_BYTES {
        return too_much(vec![Problem::new("too-large", "", format!("is larger than {} bytes", limits::JSON_BYTES))]);
    }
    let code = seal::verification_code(&json, issue);
    let printed = code.to_string();
    let theme = &settings.theme;
    let policy = Some(&settings.policy);
    let transcription =
        Transcription { record: &record, evaluation: &evaluation, policy, theme, issue, code: &printed };
    let document = document::compose(&transcription)?;
    enter(Stage::Render)?;
    let pages = document::paginate(&document)?;
    enter(Stage::Render)?;
    let file = pdf::finished(&pages, &[attached(&json, &record, theme, issue)])?;
    Ok(Transcript {
        student_id: record.student.id.clone(),
        digest: Digest::known(file.digest),
        pages: pages.pages.len(),
        evaluation: Arc::new(evaluation),
        policy: settings.policy.clone(),
        issue: Arc::new(issue.clone()),
        saved: None,
        saved_url: None,
        confirmation: None,
        timings: Timings::default(),
        pdf: file.bytes,
        record,
        code,
    })
}

/// The name under which a transcript carries its record.
pub(super) const RECORD_FILE: &str = "student-record.json";
pub(super) const RECORD_MIME: &str = "application/json";

/// The record, whose whole text is `json`, as the transcript carries it.
fn attached(json: &str, record: &StudentRecord, theme: &Theme, issue: &Issue) -> Attachment {
    Attachment {
        name: RECORD_FILE.to_owned(),
        mime: RECORD_MIME.to_owned(),
        description: theme.labels.get("record_attached").unwrap_or_default().to_owned(),
        relationship: Relationship::Data,
        bytes: record_json::retold(json, record, &document::told(&record.student, theme)).into_bytes(),
        date: Some(issue.date),
    }
}

/// Refuses a record that could not be read back from its own transcript.
fn sized(record: &StudentRecord) -> Result<(), Error> {
    match limits::exceeded(record) {
        problems if problems.is_empty() => Ok(()),
        problems => too_much(problems),
    }
}

fn too_much<T>(problems: Vec<Problem>) -> Result<T, Error> {
    Err(Error::MalformedRecord(problems))
}

/// Refuses an official document while holds keep it back, naming all of them.
pub(super) fn released(record: &StudentRecord, marking: Marking) -> Result<(), Error> {
    let blocking: Vec<_> = record.holds.iter().filter(|hold| hold.blocks_transcript).cloned().collect();
    if marking == Marking::Official && !blocking.is_empty() {
        return Err(Error::Held(blocking));
    }
    Ok(())
}
