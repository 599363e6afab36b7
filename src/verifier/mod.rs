//! Doors out: an external service that confirms transcripts and degrees. It is told digests, codes and degrees,
//! never names or grades.

mod answer;
mod http;

pub use http::HttpVerifier;

use crate::domain::{Date, Error, StudentId, Text};
use crate::seal::{Digest, VerificationCode};
use crate::source::{Pending, Resources};

/// What a service is asked to confirm about one transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub serial: Text,
    pub code: VerificationCode,
    /// Of the PDF's bytes.
    pub digest: Digest,
    /// The day of issue.
    pub date: Date,
}

/// What a service is asked to confirm about one degree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DegreeClaim {
    pub student_id: StudentId,
    /// The degree as the record names it ("Bachelor of Science").
    pub title: Text,
    pub conferred: Date,
}

/// The service's yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// The service's own number for it.
    pub reference: Option<Text>,
}

/// An external verification service. A refusal is [`Error::VerificationRefused`] with the service's reason code; a
/// service that cannot be reached, or answers nonsense, is [`Error::VerificationUnavailable`].
pub trait Verifier: Send + Sync + 'static {
    /// Asks about one transcript. Dropping the future ends the work.
    fn confirm<'a>(&'a self, resources: &'a Resources, claim: &'a Claim) -> Pending<'a, Result<Confirmation, Error>>;

    /// Verifiers that answer the same are one by this number although they are made anew for each call.
    fn same_as(&self) -> Option<u64> {
        None
    }

    /// Asks about one degree. Dropping the future ends the work.
    fn confirm_degree<'a>(
        &'a self,
        resources: &'a Resources,
        claim: &'a DegreeClaim,
    ) -> Pending<'a, Result<Confirmation, Error>>;
}
