//! Showing a service who asks: a fixed secret, or a token that is fetched with one and refreshed.

use super::kept::Key;
use crate::domain::Error;
use crate::http::{Answer, Manners, Question, Secret, Trust, check_json};
use crate::source::{Resources, unavailable};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use std::time::Duration;

/// A token without a stated life is taken to live so long: the shortest among common services.
const USUAL_LIFE: Duration = Duration::from_secs(300);
/// A token is renewed so long before its end, or in the last tenth of a short life.
const BEFORE_END: Duration = Duration::from_secs(60);
/// No honest token is longer.
const LONGEST_ANSWER: usize = 64 * 1024;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Auth {
    Nobody,
    /// The same header each time.
    Header {
        name: HeaderName,
        value: Secret,
    },
    /// OAuth 2.0 client credentials (RFC 6749, section 4.4).
    ClientCredentials {
        token_url: Url,
        id: Secret,
        secret: Secret,
        scope: Option<String>,
        in_body: bool,
    },
    /// A key for which the service gives a short-lived token as its whole answer, as Ellucian Ethos does.
    Exchange {
        token_url: Url,
        key: Secret,
        life: Duration,
    },
}

impl Auth {
    /// Puts on the header that shows who asks. Gives back the token it used, where it was fetched.
    pub async fn sign(&self, asker: &Asker<'_>, headers: &mut HeaderMap) -> Result<Option<Secret>, Error> {
        match self {
            Auth::Nobody => Ok(None),
            Auth::Header { name, value } => {
                headers.insert(name, sensitive(value.reveal())?);
                Ok(None)
            }
            Auth::ClientCredentials { .. } | Auth::Exchange { .. } => {
                let token = asker.resources.tokens.get(asker.key, || self.fetch(asker)).await?;
                headers.insert(AUTHORIZATION, sensitive(&format!("Bearer {}", token.reveal()))?);
                Ok(Some(token))
            }
        }
    }

    async fn fetch(&self, asker: &Asker<'_>) -> Result<(Secret, Duration), Error> {
        let (token, life) = match self {
            Auth::ClientCredentials { token_url, id, secret, scope, in_body } => {
                let answer = asker.post(token_url, credentials(id, secret, scope.as_deref(), *in_body)?).await?;
                token_in(&answer)?
            }
            Auth::Exchange { token_url, key, life } => {
                let header = (AUTHORIZATION, sensitive(&format!("Bearer {}", key.reveal()))?);
                let answer = asker.post(token_url, (vec![header], String::new())).await?;
                let token = std::str::from_utf8(&answer.body).map(str::trim).unwrap_or_default();
                (Secret::new(token), *life)
            }
            Auth::Nobody | Auth::Header { .. } => return Err(unavailable("there is no token to fetch")),
        };
        sensitive(token.reveal()).ok().filter(|value| !value.is_empty()).ok_or_else(nonsense)?;
        Ok((token, life.saturating_sub(BEFORE_END.min(life / 10))))
    }
}

/// On whose behalf a token is asked for.
pub struct Asker<'a> {
    pub resources: &'a Resources,
    pub manners: &'a Manners,
    pub trust: &'a Trust,
    pub key: Key,
}

type Credentials = (Vec<(HeaderName, HeaderValue)>, String);

impl Asker<'_> {
    /// Asking for a token twice does no harm: it is repeated like a GET.
    async fn post(&self, url: &Url, (headers, body): Credentials) -> Result<Answer, Error> {
        let mut question = Question::post(url.clone(), body.into_bytes(), self.manners, self.trust);
        question.repeatable = true;
        question.largest = LONGEST_ANSWER;
        question.headers.insert(ACCEPT, HeaderValue::from_static("application/json, */*;q=0.5"));
        question.headers.extend(headers.into_iter().map(|(name, value)| (Some(name), value)));
        let answer = self.resources.http.ask(&question).await;
        let answer = answer.map_err(|failure| unavailable(format!("the token service: {failure}")))?;
        match answer.status.as_u16() {
            200 | 201 => Ok(answer),
            status => Err(unavailable(format!("the token service does not accept the credentials (status {status})"))),
        }
    }
}

fn credentials(id: &Secret, secret: &Secret, scope: Option<&str>, in_body: bool) -> Result<Credentials, Error> {
    let form = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let mut body = "grant_type=client_credentials".to_owned();
    if let Some(scope) = scope {
        body += &format!("&scope={}", form(scope));
    }
    let mut headers = vec![(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"))];
    let (id, secret) = (form(id.reveal()), form(secret.reveal()));
    if in_body {
        body += &format!("&client_id={id}&client_secret={secret}");
    } else {
        let pair = BASE64_STANDARD.encode(format!("{id}:{secret}"));
        headers.push((AUTHORIZATION, sensitive(&format!("Basic {pair}"))?));
    }
    Ok((headers, body))
}

#[derive(serde::Deserialize)]
struct Granted {
    access_token: String,
    token_type: Option<String>,
    /// Some services write the number as text.
    expires_in: Option<serde_json::Value>,
}

fn token_in(answer: &Answer) -> Result<(Secret, Duration), Error> {
    check_json(&answer.body).map_err(|_| nonsense())?;
    let granted: Granted = serde_json::from_slice(&answer.body).map_err(|_| nonsense())?;
    if granted.token_type.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return Err(unavailable("the token service gives tokens of another kind than bearer"));
    }
    let life = granted.expires_in.map_or(Ok(USUAL_LIFE), life)?;
    Ok((Secret::new(granted.access_token), life))
}

/// Seconds as a number or as text.
fn life(stated: serde_json::Value) -> Result<Duration, Error> {
    let seconds = match stated {
        serde_json::Value::Null => return Ok(USUAL_LIFE),
        serde_json::Value::Number(number) => number.as_u64(),
        serde_json::Value::String(text) => Some(text.trim().parse().map_err(|_| nonsense())?),
        _ => return Err(nonsense()),
    };
    Ok(seconds.map_or(USUAL_LIFE, Duration::from_secs))
}

fn nonsense() -> Error {
    unavailable("the token service answers what is no token")
}

/// A header's value that no log shows.
pub fn sensitive(text: &str) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|_| Error::configuration("a secret holds characters that no header can carry"))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_life_is_a_number_or_its_text() {
        assert_eq!(life(json!(3599)).unwrap(), Duration::from_secs(3_599));
        assert_eq!(life(json!("3599")).unwrap(), Duration::from_secs(3_599));
        assert_eq!(life(json!(null)).unwrap(), USUAL_LIFE);
        for wrong in [json!("soon"), json!("-1"), json!([1]), json!(true)] {
            assert!(life(wrong).is_err());
        }
    }
}
