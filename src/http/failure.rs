//! Why a question has no answer, in words without address and payload.

use std::fmt;
use std::io::ErrorKind;
use std::time::Duration;

/// A question without an answer: the cause of its last try, and how often it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub(super) cause: Cause,
    pub(super) tries: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// No connection was made.
    Unreachable(&'static str),
    /// The connection is not to be trusted: asking again would not change that.
    Untrusted,
    /// Silence, at the head or within the body.
    Slow(&'static str),
    /// The connection or the body ended too early.
    BrokeOff(&'static str),
    /// A status that says "not now".
    Status(u16),
    /// The service asks for fewer questions; it may say how long to wait.
    Throttled { status: u16, wait: Option<Duration> },
    /// The host failed too often of late.
    BreakerOpen { failed: u32, seen: u32, wait: Option<Duration> },
    /// All seats at the host were taken until the caller's time was up.
    NoSeat,
    /// An answer that is refused whatever it says.
    Unacceptable(String),
}

impl Cause {
    /// Whether the same question may get an answer later.
    pub fn passing(&self) -> bool {
        !matches!(self, Cause::Untrusted | Cause::Unacceptable(_) | Cause::BreakerOpen { .. } | Cause::NoSeat)
    }

    pub fn after(self, tries: u32) -> Failure {
        Failure { cause: self, tries }
    }
}

impl Failure {
    /// Whether the circuit breaker kept the question back.
    pub fn is_breaker(&self) -> bool {
        matches!(self.cause, Cause::BreakerOpen { .. })
    }

    /// Whether the service asked for fewer questions.
    pub fn is_throttling(&self) -> bool {
        matches!(self.cause, Cause::Throttled { .. })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Cause::Unreachable(words) | Cause::Slow(words) | Cause::BrokeOff(words) => f.write_str(words)?,
            Cause::Untrusted => f.write_str("its certificate is not trusted")?,
            Cause::Status(status) => write!(f, "status {status}")?,
            Cause::Throttled { status, wait } => {
                write!(f, "it asks for fewer questions (status {status}")?;
                wait.map_or(Ok(()), |wait| write!(f, ", wait {} s", seconds(wait)))?;
                f.write_str(")")?;
            }
            Cause::BreakerOpen { failed, seen, wait } => {
                write!(f, "the circuit breaker is open after {failed} failures in {seen} answers")?;
                wait.map_or(Ok(()), |wait| write!(f, "; it is asked again in {} s", seconds(wait)))?;
            }
            Cause::NoSeat => f.write_str("too many questions to it are waiting")?,
            Cause::Unacceptable(words) => f.write_str(words)?,
        }
        if self.tries > 1 { write!(f, " (asked {} times)", self.tries) } else { Ok(()) }
    }
}

fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

impl From<&reqwest::Error> for Cause {
    /// The library's own words carry the address and with it the student's id.
    fn from(error: &reqwest::Error) -> Cause {
        if untrusted(error) {
            return Cause::Untrusted;
        }
        if error.is_timeout() {
            let words = if error.is_connect() { "no connection in time" } else { "no answer in time" };
            return Cause::Slow(words);
        }
        if error.is_dns() {
            return Cause::Unreachable("the host name is not known");
        }
        let kind = io_kind(error);
        match kind {
            Some(ErrorKind::ConnectionRefused) => Cause::Unreachable("connection refused"),
            _ if error.is_connect() => Cause::Unreachable("the connection cannot be made"),
            _ if error.is_body() || error.is_decode() => Cause::BrokeOff("the answer broke off"),
            _ => Cause::BrokeOff("the connection broke"),
        }
    }
}

fn causes<'a>(error: &'a reqwest::Error) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(std::error::Error::source(error), |cause| cause.source())
}

fn io_kind(error: &reqwest::Error) -> Option<ErrorKind> {
    causes(error).find_map(|cause| Some(cause.downcast_ref::<std::io::Error>()?.kind()))
}

/// TLS refused: an unknown issuer, another host's name, a version or cipher of old.
fn untrusted(error: &reqwest::Error) -> bool {
    let tls = |cause: &(dyn std::error::Error + 'static)| {
        let io = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        cause.is::<rustls::Error>() || io.is_some_and(|inner| inner.is::<rustls::Error>())
    };
    causes(error).any(tls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_tell_cause_tries_and_waiting() {
        let wait = Some(Duration::from_millis(1_500));
        let told = |cause: Cause, tries| cause.after(tries).to_string();
        assert_eq!(told(Cause::Unreachable("connection refused"), 1), "connection refused");
        assert_eq!(told(Cause::Status(503), 6), "status 503 (asked 6 times)");
        let throttled = Cause::Throttled { status: 429, wait };
        assert_eq!(told(throttled, 1), "it asks for fewer questions (status 429, wait 2 s)");
        let open = Cause::BreakerOpen { failed: 25, seen: 50, wait };
        let words = "the circuit breaker is open after 25 failures in 50 answers; it is asked again in 2 s";
        assert_eq!(told(open, 0), words);
    }
}
