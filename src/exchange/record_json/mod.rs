//! A student's record as JSON: read with every problem listed, written canonically.
//!
//! The shape is published as JSON Schema 2020-12 in [`SCHEMA`]. Field names are the domain's own words. Quantities
//! are decimals: written as strings, read from strings or from JSON numbers by their text, never through a float.
//! An optional field may be left out or `null`; an unknown or repeated field is refused, so that a misspelt one is
//! never silently ignored. What the reader holds a record to, beyond its shape:
//!
//! * at most [`limits::JSON_BYTES`] bytes, 128 levels deep, and the counts of [`limits`];
//! * a course has a subject, a number or a title; a person's name a given, family or full name;
//! * a term or transfer block does not begin after it ends;
//! * where the policy computes the totals, no two terms share level, designator and name: counted twice, a term's
//!   courses would double. (Earned credits above the credits carried are allowed: variable-credit courses have them.)
//!
//! Terms are put in order: by level (undergraduate, graduate, then others as they first appear), designator, and
//! then as written.

mod at;
mod fields;
mod leaf;
mod node;
mod read;
mod read_person;
mod read_terms;
mod wire;
mod wire_terms;

use super::limits;
use super::report::{Report, refused};
use crate::domain::{Error, StudentRecord};

/// What the `schema` field of every record says.
pub const MARKER: &str = "registrary/student-record/1";

/// The JSON Schema (2020-12) of a record.
pub const SCHEMA: &str = include_str!("../../../schemas/student-record.schema.json");

/// Reads a record; a malformed one is refused with every problem and its place.
pub fn read(bytes: &[u8]) -> Result<StudentRecord, Error> {
    if bytes.len() > limits::JSON_BYTES {
        return refused("too-large", "", format!("is larger than {} bytes", limits::JSON_BYTES));
    }
    let root = node::parse(bytes)?;
    let report = Report::default();
    let record = read::record(at::At::root(&root, &report));
    report.close(record)
}

/// Writes a record: keys in a fixed order, absent fields left out, two spaces of indent, a newline at the end.
/// The same record always gives the same text, and [`read`] gives the record back.
pub fn write(record: &StudentRecord) -> String {
    // Serializing strings, booleans and sequences into memory has nothing that can fail.
    let mut text = serde_json::to_string_pretty(&wire::Record::from(record)).unwrap_or_default();
    text.push('\n');
    text
}
