//! JSON text as it is written: two spaces of indent, one member a line, nothing kept but the text.

use crate::domain::{Decimal, Text};
use std::fmt::{Display, Write};

/// How a member begins, by the number of objects and lists that are open around it.
const OPENINGS: [&str; 9] = [
    ",\n\"",
    ",\n  \"",
    ",\n    \"",
    ",\n      \"",
    ",\n        \"",
    ",\n          \"",
    ",\n            \"",
    ",\n              \"",
    ",\n                \"",
];
/// Deeper than any record.
const SPACES: &str = "                                                                ";

pub(super) struct Writer {
    text: String,
    /// How many objects and lists are open.
    depth: usize,
    /// Whether the innermost of them holds nothing yet.
    empty: bool,
}

impl Writer {
    /// `depth` is that of what is written.
    pub fn new(room: usize, depth: usize) -> Writer {
        Writer { text: String::with_capacity(room), depth, empty: true }
    }

    pub fn finish(self) -> String {
        self.text
    }

    /// An object that is no member: the whole, or one of a list.
    pub fn object(&mut self, members: impl FnOnce(&mut Writer)) {
        self.nested(['{', '}'], members);
    }

    pub fn member_object(&mut self, key: &'static str, members: impl FnOnce(&mut Writer)) {
        self.key(key);
        self.text.push_str("\": ");
        self.object(members);
    }

    /// A list of objects, where there are any.
    pub fn objects<T>(&mut self, key: &'static str, values: &[T], members: impl Fn(&mut Writer, &T)) {
        self.list(key, values, |writer, value| writer.object(|writer| members(writer, value)));
    }

    /// A list of texts, where there are any.
    pub fn texts(&mut self, key: &'static str, values: &[Text]) {
        self.list(key, values, |writer, value| {
            writer.text.push('"');
            writer.string(value.as_str());
        });
    }

    pub fn text(&mut self, key: &'static str, value: &str) {
        self.key(key);
        self.text.push_str("\": \"");
        self.string(value);
    }

    /// A text that may be absent, and then is left out.
    pub fn text_if<T: AsRef<str>>(&mut self, key: &'static str, value: &Option<T>) {
        if let Some(value) = value {
            self.text(key, value.as_ref());
        }
    }

    /// A number, as a string of its digits.
    pub fn number(&mut self, key: &'static str, value: Decimal) {
        self.key(key);
        self.text.push_str("\": \"");
        self.text.push_str(&value.text());
        self.text.push('"');
    }

    pub fn number_if(&mut self, key: &'static str, value: Option<Decimal>) {
        if let Some(value) = value {
            self.number(key, value);
        }
    }

    /// What displays itself in letters and digits: a date.
    pub fn shown_if<T: Display>(&mut self, key: &'static str, value: Option<T>) {
        if let Some(value) = value {
            self.key(key);
            // Writing to a string cannot fail.
            let _ = write!(self.text, "\": \"{value}\"");
        }
    }

    pub fn flag(&mut self, key: &'static str, value: bool) {
        self.key(key);
        self.text.push_str(if value { "\": true" } else { "\": false" });
    }

    fn list<T>(&mut self, key: &'static str, values: &[T], write: impl Fn(&mut Writer, &T)) {
        if values.is_empty() {
            return;
        }
        self.key(key);
        self.text.push_str("\": ");
        self.nested(['[', ']'], |writer| {
            for value in values {
                writer.line();
                write(writer, value);
            }
        });
    }

    fn nested(&mut self, [open, close]: [char; 2], inside: impl FnOnce(&mut Writer)) {
        self.text.push(open);
        self.depth += 1;
        self.empty = true;
        inside(self);
        self.depth -= 1;
        if !self.empty {
            self.text.push('\n');
            self.indent();
        }
        self.empty = false;
        self.text.push(close);
    }

    /// Begins what comes next on a line of its own.
    fn line(&mut self) {
        self.text.push_str(if self.empty { "\n" } else { ",\n" });
        self.indent();
        self.empty = false;
    }

    fn indent(&mut self) {
        self.text.push_str(SPACES.get(..2 * self.depth).unwrap_or(SPACES));
    }

    /// A member's key, its closing quotation mark left to what follows.
    fn key(&mut self, key: &'static str) {
        match OPENINGS.get(self.depth) {
            // The first follows no comma.
            Some(opening) => self.text.push_str(&opening[usize::from(self.empty)..]),
            None => {
                self.line();
                self.text.push('"');
            }
        }
        self.empty = false;
        self.text.push_str(key);
    }

    /// The rest of a string whose opening quotation mark is written.
    fn string(&mut self, value: &str) {
        // Without an early end: it is done many bytes at a time.
        let special = value.bytes().fold(false, |any, byte| any | (byte < b' ') | (byte == b'"') | (byte == b'\\'));
        if special {
            let quoted = serde_json::Value::from(value).to_string();
            self.text.push_str(quoted.strip_prefix('"').unwrap_or(&quoted));
        } else {
            self.text.push_str(value);
            self.text.push('"');
        }
    }
}
