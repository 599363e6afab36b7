//! The shape in which a record is written, field by field in this order. The JSON Schema describes each field.

use super::MARKER;
use super::read::totals_word;
use super::wire_terms::{Balance, StatedSummary, Term, TransferBlock};
use crate::domain;
use serde::Serialize;

/// Any collection of domain values, as the wire structs borrowed from them.
pub(super) fn each<'a, T, W: From<&'a T>>(values: &'a [T]) -> Vec<W> {
    values.iter().map(W::from).collect()
}

pub(super) fn lines(texts: &[domain::Text]) -> Vec<&str> {
    texts.iter().map(domain::Text::as_str).collect()
}

pub(super) fn line(text: &Option<domain::Text>) -> Option<&str> {
    text.as_ref().map(domain::Text::as_str)
}

/// A value that JSON holds as its text: decimals, dates.
pub(super) fn shown(value: &Option<impl ToString>) -> Option<String> {
    value.as_ref().map(ToString::to_string)
}

#[derive(Serialize)]
pub(super) struct Record<'a> {
    schema: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sample: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partial: Option<bool>,
    student: Student<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    institution: Option<Institution<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    programs: Vec<Program<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    terms: Vec<Term<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    transfers: Vec<TransferBlock<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    balances: Vec<Balance<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    awards: Vec<Award<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    holds: Vec<Hold<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'a str>,
    totals: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stated: Vec<StatedSummary<'a>>,
}

impl<'a> From<&'a domain::StudentRecord> for Record<'a> {
    fn from(record: &'a domain::StudentRecord) -> Record<'a> {
        Record {
            schema: MARKER,
            sample: record.sample.then_some(true),
            partial: record.partial.then_some(true),
            student: Student::from(&record.student),
            institution: record.institution.as_ref().map(Institution::from),
            programs: each(&record.programs),
            terms: each(&record.terms),
            transfers: each(&record.transfers),
            balances: each(&record.balances),
            awards: each(&record.awards),
            holds: each(&record.holds),
            notes: lines(&record.notes),
            totals: totals_word(record.totals),
            stated: each(&record.stated),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Student<'a> {
    id: &'a str,
    names: Names<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    birth: Option<String>,
}

impl<'a> From<&'a domain::Student> for Student<'a> {
    fn from(student: &'a domain::Student) -> Student<'a> {
        Student { id: student.id.as_str(), names: Names::from(&student.names), birth: shown(&student.birth) }
    }
}

#[derive(Serialize)]
struct Names<'a> {
    legal: PersonName<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chosen: Option<PersonName<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    former: Vec<PersonName<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    native: Option<&'a str>,
}

impl<'a> From<&'a domain::Names> for Names<'a> {
    fn from(names: &'a domain::Names) -> Names<'a> {
        Names {
            legal: PersonName::from(&names.legal),
            chosen: names.chosen.as_ref().map(PersonName::from),
            former: each(&names.former),
            native: line(&names.native),
        }
    }
}

#[derive(Serialize)]
struct PersonName<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    prefix: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    middle: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suffix: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    full: Option<&'a str>,
}

impl<'a> From<&'a domain::PersonName> for PersonName<'a> {
    fn from(name: &'a domain::PersonName) -> PersonName<'a> {
        let parts = name.parts();
        PersonName {
            prefix: line(&parts.prefix),
            given: line(&parts.given),
            middle: line(&parts.middle),
            family: line(&parts.family),
            suffix: line(&parts.suffix),
            full: line(&parts.full),
        }
    }
}

#[derive(Serialize)]
struct Institution<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    address: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    website: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    codes: Vec<Code<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accreditation: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registrar_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registrar_title: Option<&'a str>,
}

impl<'a> From<&'a domain::Institution> for Institution<'a> {
    fn from(institution: &'a domain::Institution) -> Institution<'a> {
        Institution {
            name: institution.name.as_str(),
            address: lines(&institution.address),
            phone: line(&institution.phone),
            email: line(&institution.email),
            website: line(&institution.website),
            codes: each(&institution.codes),
            accreditation: line(&institution.accreditation),
            registrar_name: line(&institution.registrar_name),
            registrar_title: line(&institution.registrar_title),
        }
    }
}

#[derive(Serialize)]
struct Code<'a> {
    system: &'a str,
    code: &'a str,
}

impl<'a> From<&'a (domain::Text, domain::Text)> for Code<'a> {
    fn from((system, code): &'a (domain::Text, domain::Text)) -> Code<'a> {
        Code { system: system.as_str(), code: code.as_str() }
    }
}

#[derive(Serialize)]
struct Program<'a> {
    kind: &'static str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    degree: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    admitted: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'a str>,
}

impl<'a> From<&'a domain::Program> for Program<'a> {
    fn from(program: &'a domain::Program) -> Program<'a> {
        Program {
            kind: program.kind.word(),
            name: program.name.as_str(),
            level: program.level.as_ref().map(domain::Level::as_str),
            degree: line(&program.degree),
            admitted: shown(&program.admitted),
            notes: lines(&program.notes),
        }
    }
}

#[derive(Serialize)]
struct Award<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conferred: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    programs: Vec<Program<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    honors: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thesis_title: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'a str>,
}

impl<'a> From<&'a domain::Award> for Award<'a> {
    fn from(award: &'a domain::Award) -> Award<'a> {
        Award {
            title: award.title.as_str(),
            level: award.level.as_ref().map(domain::Level::as_str),
            conferred: shown(&award.conferred),
            programs: each(&award.programs),
            honors: lines(&award.honors),
            thesis_title: line(&award.thesis_title),
            notes: lines(&award.notes),
        }
    }
}

#[derive(Serialize)]
struct Hold<'a> {
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    blocks_transcript: bool,
}

impl<'a> From<&'a domain::Hold> for Hold<'a> {
    fn from(hold: &'a domain::Hold) -> Hold<'a> {
        Hold {
            code: hold.code.as_str(),
            reason: line(&hold.reason),
            since: shown(&hold.since),
            blocks_transcript: hold.blocks_transcript,
        }
    }
}
