//! Manners over HTTP: how a service is asked, asked again, and left alone. Sources and verifiers ask through here.
//!
//! Per host (scheme, name and port) and runtime generation there is one [`Host`](host::Host): a limit of concurrency that
//! adapts, a budget of repetitions, a circuit breaker. One question goes: deadline, breaker, seat, answer, judgement, and
//! perhaps after a pause again. What may be repeated is said by the asker; a GET always may.

mod answer;
mod backoff;
mod body;
mod breaker;
mod budget;
mod client;
mod concurrency;
mod deadline;
mod failure;
mod host;
mod json;
mod latency;
mod manners;
mod persist;
mod question;
mod secret;
mod telemetry;
mod trust;

pub use answer::Answer;
pub use backoff::pause;
pub use client::Http;
pub use deadline::{remaining, repeating, repetition, until};
pub use failure::Failure;
pub use json::{Whole, check_json};
pub use manners::{Manners, Repetition};
pub use question::Question;
pub use secret::Secret;
pub use telemetry::{BreakerState, HostTelemetry, Telemetry};
pub use trust::Trust;
