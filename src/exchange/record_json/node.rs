//! JSON as a tree that keeps what a map would lose: numbers as written, and fields given twice.

use crate::domain::Error;
use crate::exchange::report::refused;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// How serde_json, with `arbitrary_precision`, hands a visitor the text of a number that is no 64-bit integer: as a
/// map with this one key.
const NUMBER: &str = "$serde_json::private::Number";

pub(super) enum Node {
    Null,
    Bool(bool),
    /// The number's text.
    Number(Box<str>),
    Text(Box<str>),
    List(Vec<Node>),
    Object(Vec<(Box<str>, Node)>),
}

/// Parses a whole text. A syntax error tells line and column, and nothing that the text holds.
pub(super) fn parse(bytes: &[u8]) -> Result<Node, Error> {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    serde_json::from_slice(text).or_else(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        if error.is_eof() {
            refused("json-syntax", place, "the JSON ends too early")
        } else if error.to_string().starts_with("recursion limit") {
            refused("too-deep", place, "the JSON is nested too deeply")
        } else {
            refused("json-syntax", place, "is not valid JSON")
        }
    })
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(Shape)
    }
}

struct Shape;

impl<'de> Visitor<'de> for Shape {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Number(value.to_string().into()))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Number(value.to_string().into()))
    }
    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.into()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = access.next_key::<Box<str>>()? {
            if entries.is_empty() && *key == *NUMBER {
                return access.next_value().map(Node::Number);
            }
            entries.push((key, access.next_value()?));
        }
        Ok(Node::Object(entries))
    }
}
