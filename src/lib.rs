//! registrary turns a student's record into an official transcript.
//!
//! One transcript is a straight line of steps, each ending in a value that can be printed and compared:
//!
//! 1. [`source`]: a student id becomes a [`domain::StudentRecord`]; malformed input stops here.
//! 2. [`gpa`]: the record and the institution's policy become a [`gpa::Evaluation`].
//! 3. [`document`]: record and evaluation become words (`compose`), then words at fixed places (`paginate`).
//! 4. [`pdf`]: pages become bytes; the same pages, the same bytes.
//! 5. [`seal`]: digest and verification code.
//! 6. [`sink`] and [`verifier`]: saved, and confirmed by an external service.
//!
//! [`http`] has the manners by which sources and verifiers ask over HTTP.
//!
//! [`service`] conducts: async at the two ends, one synchronous pure middle.

pub mod document;
pub mod domain;
pub mod exchange;
pub mod gpa;
pub mod http;
pub mod pdf;
pub mod seal;
pub mod service;
pub mod sink;
pub mod source;
pub mod verifier;

#[cfg(feature = "python")]
mod python;
