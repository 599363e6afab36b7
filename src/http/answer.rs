//! An answer, and what it says about asking again.

use super::body::Body;
use super::failure::Cause;
use super::json::Whole;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use reqwest::{StatusCode, Url};
use std::time::{Duration, SystemTime};

/// What stands in for "none left" where a service counts down.
const REMAINING: &[&str] = &["x-rate-limit-remaining", "x-ratelimit-remaining", "ratelimit-remaining"];

/// No service is waited for longer than this: a greater number is a mistake.
const LONGEST_WAIT: Duration = Duration::from_secs(86_400);

/// A whole answer, small enough and in time. What its status means to the question is the asker's business.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// Where it came from, after redirects on the same host.
    pub url: Url,
}

impl Answer {
    /// `application/json`, or a type that ends in `+json`.
    pub fn is_json(&self) -> bool {
        let value = self.content_type().unwrap_or_default();
        let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
    }

    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE)?.to_str().ok()
    }

    /// The whole answer, unless JSON whose end nobody told broke off in its middle.
    pub(super) fn of(status: StatusCode, headers: HeaderMap, url: Url, body: Body) -> Result<Answer, Cause> {
        let answer = Answer { status, headers, body: body.bytes, url };
        let cut = !body.end_told && answer.is_json() && super::json::check_json(&answer.body) == Ok(Whole(false));
        if cut { Err(Cause::BrokeOff("the answer broke off")) } else { Ok(answer) }
    }
}

/// Why a question answered so is to be asked again, if it is.
pub(super) fn not_now(status: StatusCode, headers: &HeaderMap) -> Option<Cause> {
    let wait = retry_after(headers);
    let number = status.as_u16();
    match number {
        429 => Some(Cause::Throttled { status: number, wait }),
        // Some services throttle by "forbidden"; one that only forbids says nothing of the kind.
        403 if wait.is_some() || none_left(headers) => Some(Cause::Throttled { status: number, wait }),
        503 if wait.is_some() => Some(Cause::Throttled { status: number, wait }),
        408 | 500..=599 => Some(Cause::Status(number)),
        _ => None,
    }
}

fn none_left(headers: &HeaderMap) -> bool {
    let zero = |name: &&str| headers.get(*name).is_some_and(|value| decimal(value.as_bytes()) == Some(0));
    REMAINING.iter().any(zero)
}

/// Whole units of `0`, `0.0`, `12`, `12.5`: some services count cost in fractions.
fn decimal(bytes: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(bytes).ok()?.trim();
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits(whole) && digits(part)).then(|| whole.parse().ok()).flatten()
}

/// How long the service wants to be left alone: seconds, or a date. The date is read by the service's own clock
/// where it tells it, so that two clocks need not agree.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Some(seconds) = decimal(text.as_bytes()) {
        return Some(Duration::from_secs(seconds).min(LONGEST_WAIT));
    }
    let then = httpdate::parse_http_date(text).ok()?;
    let told = headers.get(DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
    let now = told.unwrap_or_else(SystemTime::now);
    Some(then.duration_since(now).unwrap_or_default().min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(status: u16, headers: &[(&'static str, &'static str)]) -> Option<Cause> {
        let pairs = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        not_now(StatusCode::from_u16(status).unwrap(), &pairs.collect())
    }

    #[test]
    fn what_is_asked_again() {
        for status in [408, 500, 502, 503, 504, 599] {
            assert_eq!(judged(status, &[]), Some(Cause::Status(status)));
        }
        for status in [200, 201, 204, 301, 304, 400, 401, 403, 404, 409, 410, 422] {
            assert_eq!(judged(status, &[]), None);
        }
        assert_eq!(judged(429, &[]), Some(Cause::Throttled { status: 429, wait: None }));
    }

    #[test]
    fn a_forbidden_with_evidence_is_throttling() {
        let wait = Some(Duration::from_secs(3));
        assert_eq!(judged(403, &[("retry-after", "3")]), Some(Cause::Throttled { status: 403, wait }));
        for (name, value) in [("x-rate-limit-remaining", "0.0"), ("x-ratelimit-remaining", "0")] {
            assert_eq!(judged(403, &[(name, value)]), Some(Cause::Throttled { status: 403, wait: None }));
        }
        for value in ["12.5", "", "none", "0x", "-0"] {
            assert_eq!(judged(403, &[("x-rate-limit-remaining", value)]), None, "{value}");
        }
    }

    #[test]
    fn waiting_is_told_in_seconds_or_by_a_date_of_the_services_own_clock() {
        let waits = |headers: &[_]| match judged(503, headers) {
            Some(Cause::Throttled { wait, .. }) => wait.map(|wait| wait.as_secs()),
            _ => None,
        };
        assert_eq!(waits(&[("retry-after", " 120 ")]), Some(120));
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(waits(&[("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT"), date]), Some(30));
        assert_eq!(waits(&[("retry-after", "Sun, 06 Nov 1994 08:40:00 GMT"), date]), Some(0), "past is now");
        assert_eq!(waits(&[("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT")]), Some(0), "by this clock long ago");
        for endless in ["18446744073709551615", "Fri, 31 Dec 9999 23:59:59 GMT"] {
            assert_eq!(waits(&[("retry-after", endless)]), Some(86_400), "a day at most");
        }
        assert_eq!(waits(&[("retry-after", "soon")]), None);
        assert_eq!(waits(&[("retry-after", "-1")]), None);
    }
}
