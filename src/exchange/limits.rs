//! How much a single record may hold, wherever it comes from. Generous for any real student, small enough to bound the work of one call.

use crate::domain::{Attempt, Problem, StatedSummary, StudentRecord};

/// Bytes of a JSON record.
pub const JSON_BYTES: usize = 4 * 1024 * 1024;
/// Attempts in the whole record, those of its transfer blocks included.
pub const ATTEMPTS: usize = 5_000;
/// Terms, and transfer blocks.
pub const BLOCKS: usize = 1_000;
/// Entries of any other list: programs, awards, holds, notes, stated totals, former names, …
pub const ENTRIES: usize = 500;
/// Problems listed in one refusal; the rest are counted.
pub const PROBLEMS: usize = 1_000;
/// Bytes of an XML document.
pub const XML_BYTES: usize = 8 * 1024 * 1024;
/// Depth of an XML document; a College Transcript is some 12 deep.
pub const XML_DEPTH: usize = 64;
/// Elements of an XML document.
pub const XML_ELEMENTS: usize = 250_000;

/// Where a record holds more than it may, each place a problem. What is within these limits can be read back from its JSON.
pub fn exceeded(record: &StudentRecord) -> Vec<Problem> {
    let mut counts = Counts::default();
    counts.of_student(record);
    for (index, term) in record.terms.iter().enumerate() {
        let place = |field: &str| format!("terms[{index}].{field}");
        counts.entries(term.programs.len(), || place("programs"));
        counts.entries(term.honors.len(), || place("honors"));
        counts.entries(term.notes.len(), || place("notes"));
        counts.stated(&term.stated, &|| place("stated"));
        counts.attempts(&term.attempts, &|| place("attempts"));
    }
    for (index, block) in record.transfers.iter().enumerate() {
        counts.entries(block.notes.len(), || format!("transfers[{index}].notes"));
        counts.attempts(&block.attempts, &|| format!("transfers[{index}].attempts"));
    }
    for (index, award) in record.awards.iter().enumerate() {
        let place = |field: &str| format!("awards[{index}].{field}");
        counts.entries(award.programs.len(), || place("programs"));
        counts.entries(award.honors.len(), || place("honors"));
        counts.entries(award.notes.len(), || place("notes"));
    }
    counts.at_most(ATTEMPTS, counts.attempts, String::new);
    counts.problems
}

#[derive(Default)]
struct Counts {
    attempts: usize,
    problems: Vec<Problem>,
}

impl Counts {
    fn at_most(&mut self, most: usize, count: usize, place: impl FnOnce() -> String) {
        if count > most && self.problems.len() < PROBLEMS {
            self.problems.push(Problem::new("too-many", place(), format!("has more than {most} entries")));
        }
    }

    fn entries(&mut self, count: usize, place: impl FnOnce() -> String) {
        self.at_most(ENTRIES, count, place);
    }

    fn of_student(&mut self, record: &StudentRecord) {
        self.entries(record.student.names.former.len(), || "student.names.former".to_owned());
        if let Some(institution) = &record.institution {
            self.entries(institution.address.len(), || "institution.address".to_owned());
            self.entries(institution.codes.len(), || "institution.codes".to_owned());
        }
        self.at_most(BLOCKS, record.terms.len(), || "terms".to_owned());
        self.at_most(BLOCKS, record.transfers.len(), || "transfers".to_owned());
        self.entries(record.programs.len(), || "programs".to_owned());
        self.entries(record.balances.len(), || "balances".to_owned());
        self.entries(record.awards.len(), || "awards".to_owned());
        self.entries(record.holds.len(), || "holds".to_owned());
        self.entries(record.notes.len(), || "notes".to_owned());
        self.stated(&record.stated, &|| "stated".to_owned());
    }

    fn stated(&mut self, stated: &[StatedSummary], place: &dyn Fn() -> String) {
        self.entries(stated.len(), place);
        for (index, summary) in stated.iter().enumerate() {
            self.entries(summary.notes.len(), || format!("{}[{index}].notes", place()));
        }
    }

    fn attempts(&mut self, attempts: &[Attempt], place: &dyn Fn() -> String) {
        self.attempts += attempts.len();
        for (index, attempt) in attempts.iter().enumerate() {
            self.entries(attempt.notes.len(), || format!("{}[{index}].notes", place()));
        }
    }
}
