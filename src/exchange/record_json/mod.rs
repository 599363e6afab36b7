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
mod write;
mod write_terms;
mod writer;

use super::limits;
use super::report::{Report, refused};
use crate::domain::{Error, Student, StudentRecord};
use writer::Writer;

/// Room for the text of most records.
const ORDINARY: usize = 24 * 1024;

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

/// A record's text as [`write`] gives it, told with another student and without the holds: what [`write`] would give of such
/// a record, for the price of the student alone.
pub fn retold(whole: &str, record: &StudentRecord, student: &Student) -> String {
    let mut told = String::with_capacity(whole.len() + 256);
    let rest = match parted(whole, STUDENT, END) {
        Some((before, after)) => {
            told.push_str(before);
            told.push_str(STUDENT);
            // One level deeper than the whole, and without what opens it.
            let mut writer = Writer::new(1024, 1);
            writer.object(|writer| write::student(writer, student));
            told.push_str(writer.finish().strip_prefix('{').unwrap_or_default());
            after
        }
        None => whole,
    };
    let held = (!record.holds.is_empty()).then(|| parted(rest, HOLDS, "\n  ],")).flatten();
    match held {
        Some((before, after)) => {
            told.push_str(before);
            told.push_str(after);
        }
        None => told.push_str(rest),
    }
    told
}

// Only members of the record itself stand on lines that begin so: those inside are indented further, and a line break in
// a text is written `\n`.
const STUDENT: &str = "\n  \"student\": {";
const END: &str = "\n  }";
const HOLDS: &str = "\n  \"holds\": [";

/// What stands before and after a member.
fn parted<'t>(text: &'t str, begin: &str, end: &str) -> Option<(&'t str, &'t str)> {
    let (before, member) = text.split_once(begin)?;
    Some((before, member.split_once(end)?.1))
}

/// Writes a record: keys in a fixed order, absent fields left out, two spaces of indent, a newline at the end.
/// The same record always gives the same text, and [`read`] gives the record back.
pub fn write(record: &StudentRecord) -> String {
    let mut writer = Writer::new(ORDINARY, 0);
    writer.object(|writer| write::record(writer, record));
    let mut text = writer.finish();
    text.push('\n');
    text
}
