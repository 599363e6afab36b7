//! What a run was begun with, as digests by part: one that is resumed with anything else is refused, and told what.

use super::entry::Entry;
use crate::document::Theme;
use crate::domain::{Date, Error, Issue, Marking, NameParts, Names, PersonName, Student, StudentId, StudentRecord};
use crate::domain::{Partial, Text, TotalsAuthority};
use crate::seal::Digest;
use crate::service::produce::produce;
use crate::service::request::Request;
use crate::service::settings::Settings;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Digits of a digest that are kept: enough to tell settings apart, which nobody forges.
const DIGITS: usize = 16;

/// The parts that a run's documents depend on, besides the records and the day.
pub fn parts(settings: &Settings, request: &Request, sink: &str) -> Result<BTreeMap<String, String>, Error> {
    let asked = format!("{:?} {} {}", request.marking, request.verify, words(request));
    Ok(BTreeMap::from([
        ("program".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ("policy".to_owned(), short(format!("{:?}", settings.policy).as_bytes())),
        ("look".to_owned(), short(&[probe(settings)?, unseen(settings).into_bytes()].concat())),
        ("request".to_owned(), short(asked.as_bytes())),
        ("sink".to_owned(), short(sink.as_bytes())),
    ]))
}

/// The order of the orders does not matter; what each asks for does.
pub fn of_orders(entries: &[Entry]) -> String {
    let ordered = entries.iter().map(|entry| {
        let order = entry.order.as_ref();
        let text = |word: Option<&Text>| word.map_or(String::new(), |word| word.as_str().to_owned());
        let recipient = text(order.and_then(|order| order.recipient.as_ref()));
        let purpose = text(order.and_then(|order| order.purpose.as_ref()));
        let partial = partial(order.and_then(|order| order.partial.as_ref()));
        [entry.key(), entry.student.as_str(), entry.kind().word(), &recipient, &purpose, &partial].join("\u{0}")
    });
    let mut digests: Vec<[u8; 32]> = ordered.map(|text| Sha256::digest(text).into()).collect();
    digests.sort_unstable();
    short(&digests.concat())
}

/// Which parts differ, in words.
pub fn differences(begun: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Vec<String> {
    let all: std::collections::BTreeSet<&String> = begun.keys().chain(now.keys()).collect();
    all.into_iter().filter(|part| begun.get(*part) != now.get(*part)).cloned().collect()
}

fn words(request: &Request) -> String {
    let text = |word: &Option<Text>| word.as_ref().map_or("-".to_owned(), |word| format!("\"{}\"", word.as_str()));
    let partial = partial(request.partial.as_ref());
    format!("{} {} {} {partial}", text(&request.serial), text(&request.recipient), text(&request.purpose))
}

fn partial(partial: Option<&Partial>) -> String {
    let Some(Partial { unpaid, holds }) = partial else { return "whole".to_owned() };
    let unpaid: Vec<String> = unpaid.iter().map(ToString::to_string).collect();
    let holds: Vec<&str> = holds.iter().map(Text::as_str).collect();
    format!("{} {}", unpaid.join(","), holds.join(","))
}

pub fn short(bytes: &[u8]) -> String {
    Digest::of(bytes).hex().chars().take(DIGITS).collect()
}

/// Theme, labels, fonts and letterhead, as the page of an empty record shows them.
fn probe(settings: &Settings) -> Result<Vec<u8>, Error> {
    let issue = Issue {
        date: Date::new(2000, 1, 1).ok_or_else(impossible)?,
        serial: Text::new("0").map_err(|_| impossible())?,
        marking: Marking::Official,
        recipient: None,
        purpose: None,
    };
    Ok(produce(Arc::new(empty_record()?), settings, &issue)?.pdf.to_vec())
}

/// What of the look an empty record does not show.
fn unseen(settings: &Settings) -> String {
    let Theme { columns, headings, birth_date, printed_name, labels, level_names, palette, shown, .. } =
        &settings.theme;
    let Theme { credit_places, statements, .. } = &settings.theme;
    let shape = format!("{columns:?} {headings:?} {birth_date:?} {printed_name:?} {shown:?} {credit_places}");
    format!("{shape} {labels:?} {level_names:?} {palette:?} {statements:?}")
}

fn empty_record() -> Result<StudentRecord, Error> {
    let family = Some(Text::new("Nobody").map_err(|_| impossible())?);
    let legal = PersonName::new(NameParts { family, ..NameParts::default() }).ok_or_else(impossible)?;
    let names = Names { legal, chosen: None, native: None, former: Vec::new() };
    let student = Student { id: StudentId::new("0").map_err(|_| impossible())?, names, birth: None };
    Ok(StudentRecord {
        student,
        institution: None,
        programs: Vec::new(),
        terms: Vec::new(),
        transfers: Vec::new(),
        balances: Vec::new(),
        awards: Vec::new(),
        holds: Vec::new(),
        notes: Vec::new(),
        totals: TotalsAuthority::Policy,
        stated: Vec::new(),
        sample: false,
        partial: false,
    })
}

fn impossible() -> Error {
    Error::Internal { message: "a constant is not valid".to_owned() }
}
