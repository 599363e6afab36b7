//! One line of a journal: what it says, its letters, and the checksum that it ends in.

use crate::domain::{Date, StudentId};
use flate2::Crc;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Bytes of a field that stand for themselves; fields are parted by spaces.
const OUTSIDE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'/').remove(b'~');

/// What one line says. Student ids are needed here; names, grades and whatever else a record holds never are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// The first: the run's own word, and the day of issue.
    Begin {
        run: String,
        date: Date,
    },
    /// One part of what the run was begun with, as a digest.
    With {
        part: String,
        digest: String,
    },
    /// One document that is to be made, and the serial it will have whenever that happens.
    Plan {
        key: String,
        student: StudentId,
        serial: String,
    },
    /// The document is saved, durably.
    Done {
        key: String,
        saved: Saved,
    },
    Failed {
        key: String,
        code: String,
    },
    /// Kept back by a hold.
    Held {
        key: String,
    },
    /// Everything since the line like it before was added in one go; without this line it does not count.
    Commit {
        number: u64,
    },
}

/// A document as it was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// SHA-256 of the file, 64 hexadecimal digits.
    pub digest: String,
    pub bytes: u64,
    pub pages: usize,
    pub name: String,
}

impl Line {
    /// The line with its checksum and its end.
    pub fn write(&self) -> String {
        let body = match self {
            Line::Begin { run, date } => joined("registrary-journal-1", &[run, &date.to_string()]),
            Line::With { part, digest } => joined("with", &[part, digest]),
            Line::Plan { key, student, serial } => joined("plan", &[key, student.as_str(), serial]),
            Line::Done { key, saved: Saved { digest, bytes, pages, name } } => {
                joined("done", &[key, digest, &bytes.to_string(), &pages.to_string(), name])
            }
            Line::Failed { key, code } => joined("failed", &[key, code]),
            Line::Held { key } => joined("held", &[key]),
            Line::Commit { number } => joined("commit", &[&number.to_string()]),
        };
        format!("{body} {:08x}\n", checksum(body.as_bytes()))
    }

    /// The line, unless a single bit of it is not as it was written.
    pub fn read(raw: &[u8]) -> Option<Line> {
        let text = std::str::from_utf8(raw).ok()?.strip_suffix('\n')?;
        let (body, sum) = text.rsplit_once(' ')?;
        if sum != format!("{:08x}", checksum(body.as_bytes())) {
            return None;
        }
        let mut words = body.split(' ');
        let kind = words.next()?;
        let fields = words.map(|word| Some(percent_decode_str(word).decode_utf8().ok()?.into_owned()));
        let fields = fields.collect::<Option<Vec<String>>>()?;
        Line::of(kind, &fields.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn of(kind: &str, fields: &[&str]) -> Option<Line> {
        let owned = |text: &str| text.to_owned();
        Some(match (kind, fields) {
            ("registrary-journal-1", [run, date]) => Line::Begin { run: owned(run), date: date.parse().ok()? },
            ("with", [part, digest]) => Line::With { part: owned(part), digest: owned(digest) },
            ("plan", [key, student, serial]) => {
                Line::Plan { key: owned(key), student: StudentId::new(student).ok()?, serial: owned(serial) }
            }
            ("done", [key, digest, bytes, pages, name]) => {
                let (bytes, pages) = (bytes.parse().ok()?, pages.parse().ok()?);
                let saved = Saved { digest: owned(digest), bytes, pages, name: owned(name) };
                Line::Done { key: owned(key), saved }
            }
            ("failed", [key, code]) => Line::Failed { key: owned(key), code: owned(code) },
            ("held", [key]) => Line::Held { key: owned(key) },
            ("commit", [number]) => Line::Commit { number: number.parse().ok()? },
            _ => return None,
        })
    }
}

fn joined(kind: &str, fields: &[&str]) -> String {
    let fields = fields.iter().map(|field| utf8_percent_encode(field, OUTSIDE).to_string());
    std::iter::once(kind.to_owned()).chain(fields).collect::<Vec<_>>().join(" ")
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let key = || "å b/7".to_owned();
        let saved = Saved { digest: "0f".repeat(32), bytes: 7, pages: 2, name: "2026-01/a%20b.pdf".to_owned() };
        let lines = [
            Line::Begin { run: "ab12".to_owned(), date: Date::new(2026, 5, 29).unwrap() },
            Line::With { part: "policy".to_owned(), digest: "00ff".to_owned() },
            Line::Plan { key: key(), student: StudentId::new("å b").unwrap(), serial: "S-1".to_owned() },
            Line::Done { key: key(), saved },
            Line::Failed { key: key(), code: "record-not-found".to_owned() },
            Line::Held { key: key() },
            Line::Commit { number: 7 },
        ];
        for line in lines {
            assert_eq!(Line::read(line.write().as_bytes()), Some(line));
        }
    }

    #[test]
    fn the_letters_of_a_line_do_not_change() {
        // Runs that were begun before an upgrade are read after it.
        let line = Line::Held { key: "å b/7".to_owned() };
        assert_eq!(line.write(), "held %C3%A5%20b/7 38697ec5\n");
    }

    proptest! {
        #[test]
        fn no_line_survives_a_changed_byte_or_a_cut(key in "\\PC{1,40}", at in 0usize..60, other in any::<u8>()) {
            let raw = Line::Failed { key, code: "hold".to_owned() }.write().into_bytes();
            let at = at % raw.len();
            prop_assert_eq!(Line::read(&raw[..at]), None);
            let mut changed = raw.clone();
            changed[at] = other;
            prop_assert!(changed == raw || Line::read(&changed).is_none());
        }
    }
}
