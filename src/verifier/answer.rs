//! What a verification service answered: yes, no with a reason code, or nonsense.

use super::Confirmation;
use crate::domain::{Error, Text};
use serde::Deserialize;

/// A service's own number is a short thing; anything longer is no reference.
const LONGEST_REFERENCE: usize = 200;

#[derive(Deserialize)]
struct Answer {
    confirmed: bool,
    reference: Option<String>,
    reason: Option<String>,
}

pub(super) fn unavailable(reason: impl Into<String>) -> Error {
    Error::VerificationUnavailable { reason: reason.into() }
}

/// Judges an answer by its status, its content type and its body. Only a clear yes is a yes.
pub(super) fn judge(status: u16, content_type: Option<&str>, body: &[u8]) -> Result<Confirmation, Error> {
    if !matches!(status, 200 | 403 | 409 | 422) {
        return Err(unavailable(format!("status {status}")));
    }
    if !content_type.is_some_and(is_json) {
        return Err(unavailable(format!("status {status} without JSON")));
    }
    let answer: Answer = serde_json::from_slice(body)
        .map_err(|_| unavailable(format!("status {status} with JSON of another shape than agreed")))?;
    match (status, answer.confirmed) {
        (200, true) => confirmation(answer.reference),
        (_, false) => Err(refusal(answer.reason)),
        _ => Err(unavailable(format!("status {status} says no, its body yes"))),
    }
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn confirmation(reference: Option<String>) -> Result<Confirmation, Error> {
    let read = |raw: String| {
        let short = raw.chars().count() <= LONGEST_REFERENCE;
        Text::new(&raw).ok().filter(|_| short).ok_or_else(|| unavailable("a reference that is no short line of text"))
    };
    Ok(Confirmation { reference: reference.map(read).transpose()? })
}

/// The reason code goes into messages and logs: a kebab-case word or it is not repeated.
fn refusal(reason: Option<String>) -> Error {
    let word = |raw: &String| {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=64).contains(&raw.len()) && raw.bytes().all(allowed)
    };
    match reason.filter(word) {
        Some(reason) => Error::VerificationRefused { reason },
        None => unavailable("a refusal without a reason code"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(status: u16, body: &str) -> Result<Confirmation, Error> {
        judge(status, Some("application/json; charset=utf-8"), body.as_bytes())
    }

    #[test]
    fn a_clear_yes_is_a_yes() {
        let reference = Some(Text::new("R-7").unwrap());
        assert_eq!(json(200, r#"{"confirmed":true,"reference":"R-7","new":1}"#), Ok(Confirmation { reference }));
        assert_eq!(json(200, r#"{"confirmed":true}"#), Ok(Confirmation { reference: None }));
    }

    #[test]
    fn a_refusal_carries_its_reason_code() {
        let refused = Err(Error::VerificationRefused { reason: "revoked-2".to_owned() });
        for status in [200, 403, 409, 422] {
            assert_eq!(json(status, r#"{"confirmed":false,"reason":"revoked-2"}"#), refused);
        }
    }

    #[test]
    fn nonsense_is_neither() {
        let long = format!(r#"{{"confirmed":true,"reference":"{}"}}"#, "x".repeat(201));
        let wordy = format!(r#"{{"confirmed":false,"reason":"{}"}}"#, "x".repeat(65));
        let nonsense = [
            (200, ""),
            (200, "yes"),
            (200, r#"{"confirmed":"true"}"#),
            (200, r#"{"confirmed":true,"reference":""}"#),
            (200, long.as_str()),
            (409, r#"{"confirmed":true}"#),
            (409, r#"{"confirmed":false}"#),
            (409, r#"{"confirmed":false,"reason":"Because Ada failed"}"#),
            (409, r#"{"confirmed":false,"reason":""}"#),
            (409, wordy.as_str()),
            (201, r#"{"confirmed":true}"#),
            (404, r#"{"confirmed":false,"reason":"unknown"}"#),
            (503, r#"{"confirmed":true}"#),
        ];
        for (status, body) in nonsense {
            assert_eq!(json(status, body).unwrap_err().code(), "verification-unavailable", "{status} {body}");
        }
        for content_type in [None, Some("text/html"), Some("text/json"), Some("")] {
            let answer = judge(200, content_type, br#"{"confirmed":true}"#);
            assert_eq!(answer.unwrap_err().code(), "verification-unavailable", "{content_type:?}");
        }
    }
}
