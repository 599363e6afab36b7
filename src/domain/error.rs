//! Every way the work can fail. Messages hold no name, no grade and no payload.

use super::award::Hold;
use super::identifier::StudentId;
use std::time::Duration;

/// One thing wrong with an input: where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable kebab-case word ("unknown-grade").
    pub code: &'static str,
    /// Path into the input, such as `terms[2].attempts[0].credits`; never a value from it.
    pub place: String,
    /// What is wrong there, without quoting the value.
    pub message: String,
}

impl Problem {
    pub fn new(code: &'static str, place: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem { code, place: place.into(), message: message.into() }
    }
}

/// A stage of the straight line, named in time-outs and measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    Fetch,
    Evaluate,
    Render,
    Save,
    Verify,
}

impl Stage {
    pub const fn word(self) -> &'static str {
        match self {
            Stage::Fetch => "fetch",
            Stage::Evaluate => "evaluate",
            Stage::Render => "render",
            Stage::Save => "save",
            Stage::Verify => "verify",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the source has no record of this student")]
    RecordNotFound,
    #[error("the record is malformed: {}", listed(.0))]
    MalformedRecord(Vec<Problem>),
    #[error("the policy cannot be used: {}", listed(.0))]
    Policy(Vec<Problem>),
    /// A theme, or an option that says the same as a key of a theme.
    #[error("the theme or its options cannot be used: {}", listed(.0))]
    Theme(Vec<Problem>),
    /// The mapping of an institution's own schema, or what its queries give.
    #[error("the source's configuration cannot be used: {}", listed(.0))]
    SourceConfiguration(Vec<Problem>),
    #[error("a hold keeps the transcript back ({} on the record)", .0.len())]
    Held(Vec<Hold>),
    #[error("the record shows no conferred degree")]
    DegreeNotConferred,
    #[error("the record shows no term that had begun by the day of issue")]
    NeverEnrolled,
    /// `reason` says what failed in words without payload ("connection refused", "status 503").
    #[error("the source cannot be reached: {reason}")]
    SourceUnavailable { reason: String },
    /// The service answered and refused; `reason` is its reason code.
    #[error("the verification service refused: {reason}")]
    VerificationRefused { reason: String },
    #[error("the verification service cannot be reached or answered nonsense: {reason}")]
    VerificationUnavailable { reason: String },
    /// `code` is a stable word ("disk-full", "read-only", "not-a-directory", …).
    #[error("the transcript cannot be saved: {reason}")]
    Sink { code: &'static str, reason: String },
    #[error("the page cannot be made: {}", listed(.0))]
    Render(Vec<Problem>),
    #[error("the {} stage took longer than its limit of {} s", .stage.word(), .limit.as_secs_f32())]
    TimedOut { stage: Stage, limit: Duration },
    /// A setting or argument is wrong.
    #[error("{reason}")]
    Configuration { reason: String },
    /// Raised by the caller's own coroutine (source, verifier); the border keeps the original under `ask`.
    #[error("the caller's own function failed")]
    Callback { ask: u64 },
    #[error("cancelled")]
    Cancelled,
    #[error("internal error: {message}")]
    Internal { message: String },
}

fn listed(problems: &[Problem]) -> String {
    let lines = problems
        .iter()
        .map(|p| if p.place.is_empty() { p.message.clone() } else { format!("{}: {}", p.place, p.message) });
    lines.collect::<Vec<_>>().join("; ")
}

impl Error {
    /// The stable word of this failure, kebab-case.
    pub fn code(&self) -> &'static str {
        match self {
            Error::RecordNotFound => "record-not-found",
            Error::MalformedRecord(_) => "malformed-record",
            Error::Policy(_) => "policy",
            Error::Theme(_) => "theme",
            Error::SourceConfiguration(_) => "source-configuration",
            Error::Held(_) => "hold",
            Error::DegreeNotConferred => "degree-not-conferred",
            Error::NeverEnrolled => "never-enrolled",
            Error::SourceUnavailable { .. } => "source-unavailable",
            Error::VerificationRefused { .. } => "verification-refused",
            Error::VerificationUnavailable { .. } => "verification-unavailable",
            Error::Sink { code, .. } => code,
            Error::Render(_) => "render",
            Error::TimedOut { stage: Stage::Fetch, .. } => "fetch-timed-out",
            Error::TimedOut { stage: Stage::Verify, .. } => "verify-timed-out",
            Error::TimedOut { stage: Stage::Save, .. } => "save-timed-out",
            Error::TimedOut { .. } => "timed-out",
            Error::Configuration { .. } => "configuration",
            Error::Callback { .. } => "callback",
            Error::Cancelled => "cancelled",
            Error::Internal { .. } => "internal",
        }
    }

    /// What to do about it, in one sentence.
    pub fn hint(&self) -> &'static str {
        match self {
            Error::RecordNotFound => "Check the student id and which source is configured.",
            Error::MalformedRecord(_) => "Correct every field listed at its source; nothing was issued.",
            Error::Policy(_) => "Correct the policy file or choose a built-in policy.",
            Error::Theme(_) => "Correct every key listed in the theme or the options, or choose a built-in theme.",
            Error::SourceConfiguration(_) => "Correct every key listed, then run `registrary sources check`.",
            Error::DegreeNotConferred => "Ask for a transcript: a degree is certified once it is conferred.",
            Error::NeverEnrolled => "Nothing can be certified before the first term begins.",
            Error::Held(_) => "Have the holds released, or ask for an unofficial copy.",
            Error::SourceUnavailable { .. } => "Check that the source is up and its address right, then try again.",
            Error::VerificationRefused { .. } => "Ask the verification service what its reason code means.",
            Error::VerificationUnavailable { .. } => {
                "Check the verification service's address and state, then try again."
            }
            Error::Sink { .. } => "Check the folder's permissions and free space; nothing half-written was left.",
            Error::Render(_) => "Correct the fields listed, or configure a font that has the characters.",
            Error::TimedOut { .. } => "Try again, or give the stage a longer limit.",
            Error::Configuration { .. } => "See the documentation of this argument.",
            Error::Callback { .. } => "See the original exception.",
            Error::Cancelled => "The call was cancelled before it ended.",
            Error::Internal { .. } => "This is a defect of registrary; please report it with the message.",
        }
    }

    pub fn configuration(reason: impl Into<String>) -> Error {
        Error::Configuration { reason: reason.into() }
    }
}

/// A failure that knows whose transcript it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudentError {
    pub student_id: StudentId,
    pub error: Error,
}
