//! The way back: a transcript's PDF gives the record that it carries.

use super::produce::{RECORD_FILE, RECORD_MIME};
use crate::domain::{Error, Problem, StudentRecord};
use crate::exchange::record_json;
use crate::pdf::{self, Attachment, Relationship};

/// The record inside a transcript's PDF, which may be anybody's. Whether the file is genuine is not asked here.
///
/// Refused with [`Error::MalformedRecord`]: a file that is no PDF or has no record inside, and a record that cannot be right.
pub fn extract_record(pdf: &[u8]) -> Result<StudentRecord, Error> {
    let record = |file: &Attachment| {
        file.name == RECORD_FILE && file.mime == RECORD_MIME && file.relationship == Relationship::Data
    };
    match pdf::find_attachment(pdf, record)? {
        Some(file) => record_json::read(&file.bytes),
        None => {
            let message = "carries no record: it is not a transcript that registrary made";
            Err(Error::MalformedRecord(vec![Problem::new("no-record", "", message)]))
        }
    }
}
