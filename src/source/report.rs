//! What looking at a source found, as data: its tables, and everything that would keep a record from being made.

use crate::domain::StudentRecord;
use serde::Serialize;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// Records are refused as long as it stands.
    Fault,
    Warning,
    Note,
}

/// One thing found. It holds no value of a student's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub weight: Weight,
    /// Stable kebab-case word.
    pub code: String,
    /// In the contract's words: `attempts.status`, `terms[].attempts[].credits`.
    pub place: String,
    pub message: String,
    /// In how many places among the students looked at.
    pub count: usize,
}

/// One table of the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    pub name: &'static str,
    /// Rows of the students looked at; none where the query failed, or the institution has no such table.
    pub rows: Option<usize>,
    /// Whether the configuration says that the institution has no such table.
    pub absent: bool,
    /// Optional columns that the answer has not: null for every student.
    pub without: Vec<&'static str>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Lines for people, of a source that tells no more.
    pub lines: Vec<String>,
    /// How many students were looked at, and how many of them have a sound record.
    pub students: usize,
    pub sound: usize,
    pub tables: Vec<Table>,
    /// The heaviest first.
    pub findings: Vec<Finding>,
    /// The sound records themselves, for whoever judges them.
    #[serde(skip)]
    pub records: Vec<StudentRecord>,
}

impl Report {
    pub fn of_lines(lines: Vec<String>) -> Report {
        Report { lines, ..Report::default() }
    }

    /// Whether records can be made.
    pub fn passed(&self) -> bool {
        self.findings.iter().all(|finding| finding.weight != Weight::Fault)
    }

    /// Counts a finding: one of the same place, code and message is counted once more.
    pub fn find(&mut self, weight: Weight, code: &str, place: &str, message: &str, count: usize) {
        let same = |known: &&mut Finding| known.code == code && known.place == place && known.message == message;
        if let Some(known) = self.findings.iter_mut().find(same) {
            known.count += count;
            return;
        }
        let (code, place, message) = (code.to_owned(), place.to_owned(), message.to_owned());
        self.findings.push(Finding { weight, code, place, message, count });
        self.findings.sort_by_key(|finding| finding.weight);
    }

    /// All of it in lines.
    pub fn told(&self) -> Vec<String> {
        let mut lines = self.lines.clone();
        for table in &self.tables {
            lines.push(match (table.absent, table.rows) {
                (true, _) => format!("{}: the institution has none", table.name),
                (false, Some(rows)) => format!("{}: {rows} rows", table.name),
                (false, None) => format!("{}: not read", table.name),
            });
        }
        for finding in &self.findings {
            let weight = match finding.weight {
                Weight::Fault => "fault",
                Weight::Warning => "warning",
                Weight::Note => "note",
            };
            lines.push(format!("{weight}: {}: {} ({} times)", finding.place, finding.message, finding.count));
        }
        lines
    }
}

/// `terms[2].attempts[0].credits` as `terms[].attempts[].credits`: one place for all students.
pub fn without_positions(place: &str) -> String {
    let parts = place.split('[').enumerate().map(|(index, part)| match part.split_once(']') {
        Some((_, rest)) if index > 0 => format!("[]{rest}"),
        _ => part.to_owned(),
    });
    parts.collect()
}
