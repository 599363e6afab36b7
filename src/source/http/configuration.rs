//! `[source]` of a configuration whose `url` is a service's: everything wrong with it is listed at once.

use super::mapping::Mapping;
use super::mapping_reader::Reader;
use super::{HttpSource, auth_reader, checked_base, request, request_reader, shape};
use crate::domain::Problem;
use crate::http::{Manners, Repetition, Secret, Trust};
use crate::source::own_schema::{Environment, Keys, VARIABLE};
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use std::path::Path;
use std::time::Duration;
use toml::Value;

const KNOWN: &[&str] =
    &["url", "ca_file", "client_certificate_file", "auth", "headers", "limits", "students", "requests", "record"];

/// No certificate file is larger.
const LONGEST_FILE: u64 = 1 << 20;

/// Where secrets come from: the environment, and the configuration itself where a program wrote it.
pub struct Secrets<'e> {
    pub environment: Environment<'e>,
    /// Whether a secret may stand in the configuration. In a file it may not.
    pub written: bool,
}

impl Secrets<'_> {
    /// What `${NAME}` stands for, or the text itself.
    pub(super) fn found(&self, text: &str) -> Result<Secret, &'static str> {
        let name = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        match name {
            Some(name) => (self.environment)(name).map(Secret::new).ok_or("refers to a variable that is not set"),
            None if self.written => Ok(Secret::new(text)),
            None => Err("is a secret: a file refers to it as ${NAME}, a variable of the environment"),
        }
    }
}

/// Whether this table's address is a service's.
pub fn speaks_http(source: &toml::Table, environment: Environment<'_>) -> bool {
    let address = address(source.get("url").and_then(Value::as_str), environment);
    let scheme = address.as_ref().ok().and_then(|address| address.split_once("://")).map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
}

/// Of the environment where it says one, else what the configuration says with each `${NAME}` in its place. No part of
/// it is a secret: user name and password are refused in it.
fn address(given: Option<&str>, environment: Environment<'_>) -> Result<String, &'static str> {
    if let Some(whole) = environment(VARIABLE).filter(|whole| !whole.is_empty()) {
        return Ok(whole);
    }
    let given = given.ok_or("must be there: the address of the service")?;
    let mut parts = given.split("${");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let value = part.split_once('}').and_then(|(name, rest)| Some((environment(name)?, rest)));
        let (value, rest) =
            value.ok_or("refers to a variable that the environment lacks, or lacks the closing brace")?;
        text.push_str(&value);
        text.push_str(rest);
    }
    Ok(text)
}

/// Reads the table; relative paths in it begin in `folder`.
pub fn read(
    source: &toml::Table,
    folder: &Path,
    secrets: &Secrets<'_>,
    problems: &mut Vec<Problem>,
) -> Option<HttpSource> {
    let keys = Keys::of(source, "source");
    keys.refuse_others(KNOWN, problems);
    let address = address(keys.text("url", problems), secrets.environment);
    let base = match address.and_then(|address| checked_base(&address)) {
        Ok(base) => Some(base),
        Err(why) => note(problems, "bad-url", "source.url", why),
    };
    let url = base.as_deref().and_then(|base| Url::parse(base).ok());
    let auth = keys.table("auth", problems).zip(url.as_ref());
    let auth = auth.map(|(auth, base)| auth_reader::read(&auth, base, secrets, problems));
    let headers = keys.table("headers", problems).map(|keys| headers(&keys, problems)).unwrap_or_default();
    let manners = keys.table("limits", problems).map(|keys| limits(&keys, problems)).unwrap_or_default();
    let trust = trust(&keys, folder, problems);
    let listing = keys.table("students", problems).and_then(|keys| request_reader::listing(&keys, problems));
    let (requests, mapping) = record(&keys, problems);
    let waves = request::waves(&requests).unwrap_or_else(|circle| {
        for request in circle.iter().filter_map(|index| requests.get(*index)) {
            let place = format!("source.requests.{}.path", request.name);
            problems.push(Problem::new(
                "circle",
                place,
                "needs an answer that needs this one, or one that is not asked",
            ));
        }
        Vec::new()
    });
    let mut made = HttpSource::new(&base?).ok()?.with_manners(manners).with_trust(trust?);
    if let Some(auth) = auth {
        made.auth = auth?;
    }
    made.headers = headers;
    (made.requests, made.waves) = (requests.into(), waves.into());
    (made.mapping, made.listing) = (mapping.map(std::sync::Arc::new), listing);
    Some(made)
}

fn note<T>(problems: &mut Vec<Problem>, code: &'static str, place: &str, message: impl Into<String>) -> Option<T> {
    problems.push(Problem::new(code, place, message));
    None
}

/// Requests and the mapping of their answers: both, or neither.
fn record(keys: &Keys<'_>, problems: &mut Vec<Problem>) -> (Vec<request::Request>, Option<Mapping>) {
    let tables = keys.table("requests", problems);
    let (names, requests) = tables.map(|tables| request_reader::requests(&tables, problems)).unwrap_or_default();
    let Some(record) = keys.table.get("record") else {
        if !names.is_empty() {
            note::<()>(problems, "missing", "source.record", "must be there where there are requests");
        }
        return (requests, None);
    };
    if names.is_empty() {
        note::<()>(problems, "missing", "source.requests", "must be there where there is a mapping");
    }
    if !record.is_table() {
        return (requests, note(problems, "not-a-table", "source.record", "is no table"));
    }
    let mapping = Reader { requests: &names, problems: &mut *problems }.mapping(record, "source.record");
    if let Some(mapping) = &mapping {
        shape::check(mapping, "source.record", problems);
        // A request that cannot be read is told already, and moves the numbers of those behind it.
        if requests.len() == names.len() {
            request_reader::refuse_untold(&requests, mapping.identity().map(|(number, _)| number), problems);
        }
    }
    (requests, mapping)
}

/// Headers that belong to every request. Who asks is told under `auth`.
fn headers(keys: &Keys<'_>, problems: &mut Vec<Problem>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for name in keys.table.keys() {
        let header = HeaderName::from_bytes(name.as_bytes()).ok();
        let value = keys.text(name, problems).and_then(|value| HeaderValue::from_str(value).ok());
        let ours = ["authorization", "cookie", "host", "content-length", "accept-encoding", "connection"];
        match header.zip(value).filter(|(header, _)| !ours.contains(&header.as_str())) {
            Some((header, value)) => drop(headers.insert(header, value)),
            None => {
                let message = "is no header that can be set here; who asks is told under source.auth";
                note::<()>(problems, "no-header", &keys.place(name), message);
            }
        }
    }
    headers
}

fn limits(keys: &Keys<'_>, problems: &mut Vec<Problem>) -> Manners {
    keys.refuse_others(
        &["connect", "first_byte", "between_bytes", "tries", "concurrency", "concurrency_start"],
        problems,
    );
    let mut number = |key: &str, least: f64, most: f64, whole: bool| {
        let given = match keys.table.get(key)? {
            Value::Integer(number) => Some(*number as f64),
            Value::Float(number) if !whole => Some(*number),
            _ => None,
        };
        let given = given.filter(|number| (least..=most).contains(number));
        if given.is_none() {
            let what = if whole { "whole number" } else { "number of seconds" };
            note::<()>(problems, "bad-value", &keys.place(key), format!("is no {what} from {least} to {most}"));
        }
        given
    };
    let most =
        number("concurrency", 1.0, 10_000.0, true).map_or(Manners::default().concurrency_most, |most| most as usize);
    let start = number("concurrency_start", 1.0, most as f64, true);
    let mut manners = Manners::at_once(most);
    manners.concurrency_start = start.map_or(manners.concurrency_start, |start| start as usize);
    let tries = number("tries", 1.0, 20.0, true);
    manners.again = tries.map(|tries| Repetition { tries: tries as u32, ..Repetition::default() });
    for (key, limit) in [
        ("connect", &mut manners.connect),
        ("first_byte", &mut manners.first_byte),
        ("between_bytes", &mut manners.between_bytes),
    ] {
        *limit = number(key, 0.1, 600.0, false).map_or(*limit, Duration::from_secs_f64);
    }
    manners
}

/// The institution's own authorities and certificate, from files beside the configuration.
fn trust(keys: &Keys<'_>, folder: &Path, problems: &mut Vec<Problem>) -> Option<Trust> {
    let mut file = |key: &str| {
        let name = keys.text(key, problems)?;
        let path = folder.join(name);
        let small = std::fs::metadata(&path).is_ok_and(|known| known.is_file() && known.len() <= LONGEST_FILE);
        let bytes = small.then(|| std::fs::read(&path).ok()).flatten();
        Some(
            bytes.ok_or_else(|| problems.push(Problem::new("no-file", keys.place(key), "is no file that can be read"))),
        )
    };
    let (authorities, certificate) = (file("ca_file"), file("client_certificate_file"));
    let mut trust = Trust::default();
    if let Some(pem) = authorities {
        trust = trust.only(&pem.ok()?).map_err(|error| wrong(problems, "source.ca_file", &error)).ok()?;
    }
    if let Some(pem) = certificate {
        let pem = Secret::new(String::from_utf8_lossy(&pem.ok()?).into_owned());
        let place = "source.client_certificate_file";
        trust = trust.showing(pem).map_err(|error| wrong(problems, place, &error)).ok()?;
    }
    Some(trust)
}

fn wrong(problems: &mut Vec<Problem>, place: &str, error: &crate::domain::Error) {
    problems.push(Problem::new("bad-certificate", place, error.to_string()));
}

/// Whether an address is this machine's own, where nobody stands between.
pub(super) fn loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
