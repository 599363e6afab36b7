//! The whole record from its JSON, and what holds between its parts.

use super::MARKER;
use super::at::{At, Place};
use super::fields::Fields;
use super::leaf;
use super::node::Node;
use super::read_person::{award, hold, institution, program, student};
use super::read_terms::{balance, summary, term, transfer};
use crate::domain::{StudentRecord, Term, TotalsAuthority};
use crate::exchange::{in_order, limits};
use std::collections::HashSet;

const KNOWN: &[&str] = &[
    "schema",
    "sample",
    "partial",
    "student",
    "institution",
    "programs",
    "terms",
    "transfers",
    "balances",
    "awards",
    "holds",
    "notes",
    "totals",
    "stated",
];

/// Every field is read before any missing one ends the reading, so that all problems are listed.
pub(super) fn record(at: At<'_>) -> Option<StudentRecord> {
    let fields = Fields::open(at, KNOWN)?;
    fields.required("schema", marker);
    let student = fields.required("student", student);
    let totals = fields.optional("totals", totals).unwrap_or(TotalsAuthority::Policy);
    let institution = fields.optional("institution", institution);
    let programs = fields.list("programs", limits::ENTRIES, program);
    let terms = fields.optional("terms", |at| terms(at, totals)).unwrap_or_default();
    let transfers = fields.list("transfers", limits::BLOCKS, transfer);
    let balances = fields.list("balances", limits::ENTRIES, balance);
    let awards = fields.list("awards", limits::ENTRIES, award);
    let holds = fields.list("holds", limits::ENTRIES, hold);
    let notes = fields.list("notes", limits::ENTRIES, leaf::text);
    let stated = fields.list("stated", limits::ENTRIES, summary);
    let sample = fields.optional("sample", leaf::truth).unwrap_or(false);
    let partial = fields.optional("partial", leaf::truth).unwrap_or(false);
    let attempts = terms.iter().map(|term| term.attempts.len()).sum::<usize>()
        + transfers.iter().map(|block| block.attempts.len()).sum::<usize>();
    if attempts > limits::ATTEMPTS {
        return fields.refuse("too-many", &format!("has more than {} attempts", limits::ATTEMPTS));
    }
    let terms = in_order(terms);
    let student = student?;
    Some(StudentRecord {
        student,
        institution,
        programs,
        terms,
        transfers,
        balances,
        awards,
        holds,
        notes,
        totals,
        stated,
        sample,
        partial,
    })
}

fn marker(at: At<'_>) -> Option<()> {
    match at.node {
        Node::Text(text) if **text == *MARKER => Some(()),
        _ => at.refuse("unknown-schema", format!("must be \"{MARKER}\"")),
    }
}

fn totals(at: At<'_>) -> Option<TotalsAuthority> {
    at.word(&[TotalsAuthority::Policy, TotalsAuthority::Stated], totals_word)
}

/// The word for whose totals the page carries.
pub(super) fn totals_word(totals: TotalsAuthority) -> &'static str {
    match totals {
        TotalsAuthority::Policy => "policy",
        TotalsAuthority::Stated => "stated",
    }
}

/// The terms; where the policy will sum them up, none may be there twice.
fn terms(at: At<'_>, totals: TotalsAuthority) -> Option<Vec<Term>> {
    let terms = at.list(limits::BLOCKS, term)?;
    let mut seen = HashSet::new();
    for (index, term) in terms.iter().enumerate() {
        let new = seen.insert((&term.level, term.designator, &term.name));
        if !new && totals == TotalsAuthority::Policy {
            let message = "has the level, designator and name of an earlier term: its courses would count twice";
            at.report.add("repeated-term", Place::Index(&at.place, index), message);
        }
    }
    Some(terms)
}
