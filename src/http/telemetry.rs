//! What the manners did so far, for whoever watches.

use std::time::Duration;

/// A look at all hosts asked by this runtime generation, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Telemetry {
    pub hosts: Vec<HostTelemetry>,
}

/// A look at one host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostTelemetry {
    /// Scheme, name and port: `https://sis.example.edu:443`.
    pub host: String,
    pub questions: u64,
    /// Tries beyond the first of a question.
    pub retries: u64,
    /// Answers that asked for fewer questions.
    pub throttled: u64,
    /// Tries that failed on the way or by a status of 5xx.
    pub failed: u64,
    /// Times a repetition had to wait for the budget.
    pub budget_waits: u64,
    pub breaker: BreakerState,
    /// Times the breaker has opened.
    pub breaker_opened: u64,
    /// Questions under way, and how many there may be.
    pub in_flight: usize,
    pub limit: usize,
    /// The 95th percentile of the last fifty good answers, from question to the end of the answer.
    pub p95: Option<Duration>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerState {
    Closed,
    Open,
    HalfOpen,
}

impl BreakerState {
    pub const fn word(self) -> &'static str {
        match self {
            BreakerState::Closed => "closed",
            BreakerState::Open => "open",
            BreakerState::HalfOpen => "half-open",
        }
    }
}
