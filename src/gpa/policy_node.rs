//! A policy as a neutral tree, and the reading of its leaves, collecting every problem on the way.

use crate::domain::{Decimal, Grade, Problem};

/// One value of a policy file, whatever format it was written in.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Text(String),
    /// As written, or its shortest decimal form.
    Number(String),
    Flag(bool),
    List(Vec<Node>),
    Table(Vec<(String, Node)>),
    /// What no policy holds: a date, a null.
    Other,
}

/// A table of the file together with its place in it.
#[derive(Clone, Copy)]
pub(super) struct Section<'a> {
    entries: &'a [(String, Node)],
    place: &'a str,
}

impl<'a> Section<'a> {
    pub fn get(&self, key: &str) -> Option<&'a Node> {
        self.entries.iter().find(|(known, _)| known == key).map(|(_, node)| node)
    }

    /// Where one of its keys stands, in TOML's own notation.
    pub fn place_of(&self, key: &str) -> String {
        child(self.place, key)
    }

    pub fn place(&self) -> &'a str {
        self.place
    }

    pub fn entries(&self) -> &'a [(String, Node)] {
        self.entries
    }
}

/// `levels.law.scale."A+"`. Keys may be anything: controls are not printed, long ones are cut.
pub(super) fn child(place: &str, key: &str) -> String {
    let bare = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    let shown: String = key.chars().take(40).map(|c| if c.is_control() { '?' } else { c }).collect();
    let shown = if bare { shown } else { format!("\"{shown}\"") };
    if place.is_empty() { shown } else { format!("{place}.{shown}") }
}

/// What is wrong so far. Every reading method notes its problem and yields `None`.
#[derive(Default)]
pub(super) struct Problems(pub Vec<Problem>);

impl Problems {
    pub fn note<T>(&mut self, code: &'static str, place: impl Into<String>, message: impl Into<String>) -> Option<T> {
        self.0.push(Problem::new(code, place, message));
        None
    }

    /// A table whose keys are all among `known`.
    pub fn section<'a>(&mut self, node: &'a Node, place: &'a str, known: &[&str]) -> Option<Section<'a>> {
        let section = self.table(node, place)?;
        for (key, _) in section.entries {
            if !known.contains(&key.as_str()) {
                let message = format!("is not known here; known are {}", known.join(", "));
                self.note::<()>("unknown-key", section.place_of(key), message);
            }
        }
        Some(section)
    }

    /// A table with any keys.
    pub fn table<'a>(&mut self, node: &'a Node, place: &'a str) -> Option<Section<'a>> {
        match node {
            Node::Table(entries) => Some(Section { entries, place }),
            _ => self.note("not-a-table", place, "must be a table"),
        }
    }

    pub fn text<'a>(&mut self, node: &'a Node, place: &str) -> Option<&'a str> {
        match node {
            Node::Text(text) => Some(text),
            _ => self.note("not-a-text", place, "must be a text"),
        }
    }

    pub fn flag(&mut self, node: &Node, place: &str) -> Option<bool> {
        match node {
            Node::Flag(flag) => Some(*flag),
            _ => self.note("not-a-flag", place, "must be true or false"),
        }
    }

    /// A number, or a text that is one.
    pub fn decimal(&mut self, node: &Node, place: &str) -> Option<Decimal> {
        let (Node::Text(text) | Node::Number(text)) = node else {
            return self.note("not-a-number", place, "must be a number or a text that is one");
        };
        text.parse().map_or_else(|error| self.note("not-a-number", place, format!("{error}")), Some)
    }

    /// A whole number from 0 to 255.
    pub fn small(&mut self, node: &Node, place: &str) -> Option<u8> {
        let (Node::Text(text) | Node::Number(text)) = node else {
            return self.note("not-a-number", place, "must be a whole number");
        };
        let number = text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        number.map_or_else(|| self.note("not-a-number", place, "must be a small whole number"), Some)
    }

    pub fn grade(&mut self, text: &str, place: &str) -> Option<Grade> {
        Grade::new(text).map_or_else(|error| self.note("not-a-grade", place, format!("as a grade {error}")), Some)
    }
}
