//! `[source.auth]`: who asks, with secrets that a file only refers to.

use super::auth::{Auth, sensitive};
use super::configuration::{Secrets, loopback};
use crate::domain::Problem;
use crate::http::Secret;
use crate::source::own_schema::Keys;
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderName};
use std::time::Duration;
use toml::Value;

/// Reads the table; `base` is the service's address.
pub fn read(auth: &Keys<'_>, base: &Url, secrets: &Secrets<'_>, problems: &mut Vec<Problem>) -> Option<Auth> {
    let place = auth.place("kind");
    let known: &[&str] = match auth.text("kind", problems) {
        Some("bearer") => &["kind", "token"],
        Some("api-key") => &["kind", "header", "key"],
        Some("oauth2") => &["kind", "token_url", "client_id", "client_secret", "scope", "credentials"],
        Some("exchange") => &["kind", "token_url", "key", "life"],
        _ => {
            problems.push(Problem::new("unknown-word", place, "is none of bearer, api-key, oauth2, exchange"));
            return None;
        }
    };
    auth.refuse_others(known, problems);
    if base.scheme() == "http" && !loopback(base) {
        let message = "is sent to no service over http://: anybody on the way could read it";
        problems.push(Problem::new("plain-http", "source.auth", message));
    }
    match auth.text("kind", problems)? {
        "bearer" => {
            let token = secrets.read(auth, "token", problems)?;
            Some(Auth::Header { name: AUTHORIZATION, value: Secret::new(format!("Bearer {}", token.reveal())) })
        }
        "api-key" => api_key(auth, secrets, problems),
        "oauth2" => client_credentials(auth, base, secrets, problems),
        _ => exchange(auth, base, secrets, problems),
    }
}

fn api_key(auth: &Keys<'_>, secrets: &Secrets<'_>, problems: &mut Vec<Problem>) -> Option<Auth> {
    let header = auth.text("header", problems).unwrap_or("X-Api-Key");
    let name = HeaderName::from_bytes(header.as_bytes());
    if name.is_err() {
        problems.push(Problem::new("no-header", auth.place("header"), "is no name of a header"));
    }
    let value = secrets.read(auth, "key", problems)?;
    Some(Auth::Header { name: name.ok()?, value })
}

fn client_credentials(auth: &Keys<'_>, base: &Url, secrets: &Secrets<'_>, problems: &mut Vec<Problem>) -> Option<Auth> {
    let token_url = token_url(auth, base, problems);
    let (id, secret) = (secrets.read(auth, "client_id", problems), secrets.read(auth, "client_secret", problems));
    let scope = auth.text("scope", problems).map(str::to_owned);
    let in_body = match auth.text("credentials", problems) {
        None | Some("header") => false,
        Some("body") => true,
        Some(_) => {
            problems.push(Problem::new("unknown-word", auth.place("credentials"), "is neither header nor body"));
            false
        }
    };
    Some(Auth::ClientCredentials { token_url: token_url?, id: id?, secret: secret?, scope, in_body })
}

fn exchange(auth: &Keys<'_>, base: &Url, secrets: &Secrets<'_>, problems: &mut Vec<Problem>) -> Option<Auth> {
    let token_url = token_url(auth, base, problems);
    let key = secrets.read(auth, "key", problems);
    let seconds = match auth.table.get("life") {
        None => Some(300),
        Some(Value::Integer(seconds)) => u64::try_from(*seconds).ok().filter(|seconds| (1..=86_400).contains(seconds)),
        Some(_) => None,
    };
    if seconds.is_none() {
        problems.push(Problem::new("bad-value", auth.place("life"), "is no whole number of seconds from 1 to 86400"));
    }
    Some(Auth::Exchange { token_url: token_url?, key: key?, life: Duration::from_secs(seconds?) })
}

/// A whole address, or a path on the service's own host.
fn token_url(auth: &Keys<'_>, base: &Url, problems: &mut Vec<Problem>) -> Option<Url> {
    let place = auth.place("token_url");
    let Some(text) = auth.text("token_url", problems) else {
        problems.push(Problem::new("missing", place, "must be there"));
        return None;
    };
    let url = base.join(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let url = url.filter(|url| url.username().is_empty() && url.password().is_none());
    let Some(url) = url else {
        problems.push(Problem::new("bad-url", place, "is no address, nor a path that begins with /"));
        return None;
    };
    if url.scheme() == "http" && !loopback(&url) {
        problems.push(Problem::new("plain-http", place, "must begin with https://: secrets are sent there"));
    }
    Some(url)
}

impl Secrets<'_> {
    /// A secret that can be sent.
    pub fn read(&self, keys: &Keys<'_>, key: &str, problems: &mut Vec<Problem>) -> Option<Secret> {
        let Some(text) = keys.text(key, problems) else {
            if !keys.table.contains_key(key) {
                problems.push(Problem::new("missing", keys.place(key), "must be there"));
            }
            return None;
        };
        let found = self.found(text).and_then(|secret| match sensitive(secret.reveal()) {
            Ok(_) if !secret.reveal().is_empty() => Ok(secret),
            _ => Err("is empty, or holds characters that no header can carry"),
        });
        found.map_err(|message| problems.push(Problem::new("no-secret", keys.place(key), message))).ok()
    }
}
