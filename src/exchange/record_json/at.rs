//! One node of the JSON and its place, where problems are reported.

use super::node::Node;
use crate::exchange::report::Report;
use std::fmt;

/// The way from the root to a node, shown as `terms[2].attempts[0].credits`.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    Root,
    Field(&'a Place<'a>, &'a str),
    Index(&'a Place<'a>, usize),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Root => Ok(()),
            Place::Field(Place::Root, name) => f.write_str(name),
            Place::Field(parent, name) => write!(f, "{parent}.{name}"),
            Place::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub node: &'a Node,
    pub place: Place<'a>,
    pub report: &'a Report,
}

impl<'a> At<'a> {
    pub fn root(node: &'a Node, report: &'a Report) -> At<'a> {
        At { node, place: Place::Root, report }
    }

    /// Reports a problem here; what it gives back stands for the value that is missing.
    pub fn refuse<T>(&self, code: &'static str, message: impl Into<String>) -> Option<T> {
        self.report.add(code, self.place, message);
        None
    }

    pub fn string(&self) -> Option<&'a str> {
        match self.node {
            Node::Text(text) => Some(text),
            _ => self.refuse("wrong-type", "must be a string"),
        }
    }

    /// One of an enumeration's stable words.
    pub fn word<T: Copy>(self, all: &[T], word: fn(T) -> &'static str) -> Option<T> {
        let given = self.string()?;
        let known = all.iter().copied().find(|value| word(*value) == given);
        known.or_else(|| {
            let words: Vec<_> = all.iter().map(|value| word(*value)).collect();
            self.refuse("unknown-word", format!("is none of: {}", words.join(", ")))
        })
    }

    /// Every entry of a list that could be read.
    pub fn list<T>(self, most: usize, read: impl Fn(At<'_>) -> Option<T>) -> Option<Vec<T>> {
        let Node::List(nodes) = self.node else {
            return self.refuse("wrong-type", "must be a list");
        };
        if nodes.len() > most {
            return self.refuse("too-many", format!("has more than {most} entries"));
        }
        let entry = |(index, node)| read(At { node, place: Place::Index(&self.place, index), report: self.report });
        Some(nodes.iter().enumerate().filter_map(entry).collect())
    }
}
