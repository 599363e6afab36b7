//! No two documents of a run have one file name: looked for before the first is made.

use super::common::Work;
use crate::domain::Error;
use crate::sink::{NameFacts, NameTemplate};
use std::collections::HashSet;

/// Refuses names that meet, such as `{student_id}-{order_id}` of `A`, `B-C` and of `A-B`, `C`. `folds_case`: `ab1` and
/// `AB1` meet as well, as they do on the disks of Windows and macOS. Terms, not known yet, count as the same.
pub(super) fn apart(work: &Work, template: &NameTemplate, folds_case: bool) -> Result<(), Error> {
    // Other bytes, another name.
    if template.names_content() {
        return Ok(());
    }
    let date = work.header.date.to_string();
    let mut seen = HashSet::with_capacity(work.entries.len());
    for entry in &work.entries {
        let (student_id, order_id, serial) = (entry.student.as_str(), entry.key(), work.serial(entry));
        let facts = NameFacts { student_id, order_id, serial: &serial, digest: "", date: &date, term: "" };
        let mut name = template.name(&facts);
        if folds_case {
            name.make_ascii_lowercase();
        }
        if !seen.insert(name) {
            return Err(Error::configuration(
                "two documents would have the same file name (in a folder, letters that differ in case alone are the \
                 same): put {serial} into the template of file names",
            ));
        }
    }
    Ok(())
}
