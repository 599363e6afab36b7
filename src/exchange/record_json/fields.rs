//! The fields of one JSON object: known ones by name, unknown and repeated ones reported.

use super::at::{At, Place};
use super::node::Node;

pub(super) struct Fields<'a> {
    at: At<'a>,
    entries: &'a [(Box<str>, Node)],
}

impl<'a> Fields<'a> {
    /// Opens an object that may hold the `known` fields and no others, each once.
    pub fn open(at: At<'a>, known: &[&str]) -> Option<Fields<'a>> {
        let Node::Object(entries) = at.node else {
            return at.refuse("wrong-type", "must be an object");
        };
        let mut seen = vec![false; known.len()];
        for (key, _) in entries {
            let report = |code, message| at.report.add(code, Place::Field(&at.place, showable(key)), message);
            match known.iter().position(|name| *name == &**key) {
                None => report("unknown-field", "is not a field known here"),
                Some(index) if seen[index] => report("repeated-field", "is given more than once"),
                Some(index) => seen[index] = true,
            }
        }
        Some(Fields { at, entries })
    }

    fn given(&self, name: &str) -> Option<&'a Node> {
        let (_, node) = self.entries.iter().find(|(key, _)| **key == *name)?;
        (!matches!(node, Node::Null)).then_some(node)
    }

    /// The field's value; absent when it is not given, and when it cannot be read, which is reported.
    pub fn optional<T>(&self, name: &str, read: impl FnOnce(At<'_>) -> Option<T>) -> Option<T> {
        let node = self.given(name)?;
        read(At { node, place: Place::Field(&self.at.place, name), report: self.at.report })
    }

    /// The field's value; a missing one is reported.
    pub fn required<T>(&self, name: &str, read: impl FnOnce(At<'_>) -> Option<T>) -> Option<T> {
        if self.given(name).is_none() {
            self.at.report.add("missing-field", Place::Field(&self.at.place, name), "is required");
        }
        self.optional(name, read)
    }

    /// The entries of a list; none when it is not given.
    pub fn list<T>(&self, name: &str, most: usize, read: impl Fn(At<'_>) -> Option<T>) -> Vec<T> {
        self.optional(name, |at| at.list(most, read)).unwrap_or_default()
    }

    /// Whether any of these fields is given, readable or not.
    pub fn gives(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.given(name).is_some())
    }

    /// Reports a problem of the object as a whole.
    pub fn refuse<T>(&self, code: &'static str, message: &str) -> Option<T> {
        self.at.refuse(code, message)
    }
}

/// An unknown field's name as a message may show it: a plain identifier. Anything else could be a value.
fn showable(key: &str) -> &str {
    let plain = key.len() <= 40 && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if plain && !key.is_empty() { key } else { "(a field)" }
}
