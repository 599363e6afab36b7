//! What one issuing of a transcript adds to the record. An argument: the core reads no clock and no randomness.

use super::date::Date;
use super::text::Text;

/// Whether the page certifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Marking {
    Official,
    Unofficial,
}

/// One issuing: when, under which number, for whom, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    pub date: Date,
    /// The document's own number, unique at the institution ("T-2026-000101").
    pub serial: Text,
    pub marking: Marking,
    pub recipient: Option<Text>,
    pub purpose: Option<Text>,
}
