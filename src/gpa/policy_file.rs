//! Policies as files: TOML or JSON text becomes a neutral tree. The one place of this room that knows wire formats.

use super::policy::Policy;
use super::policy_node::Node;
use super::policy_reader;
use crate::domain::{Error, Problem};

impl Policy {
    /// Reads a policy file. Every problem of its content is listed at once; a syntax error is one problem.
    pub fn from_toml(text: &str) -> Result<Policy, Error> {
        policy_reader::read(&Node::from_toml_text(text)?)
    }

    /// Reads a policy of the same shape as a TOML file.
    pub fn from_json(value: &serde_json::Value) -> Result<Policy, Error> {
        policy_reader::read(&Node::from_json(value))
    }
}

/// Says where, and leaves out the line that the parser would quote.
fn not_toml(text: &str, error: &toml::de::Error) -> Error {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    Error::Policy(vec![Problem::new("not-toml", format!("line {line}"), error.message())])
}

impl Node {
    /// The tree of a TOML file; a syntax error is one problem.
    pub(super) fn from_toml_text(text: &str) -> Result<Node, Error> {
        let table: toml::Table = text.parse().map_err(|error| not_toml(text, &error))?;
        Ok(Node::from_toml(toml::Value::Table(table)))
    }

    fn from_toml(value: toml::Value) -> Node {
        match value {
            toml::Value::String(text) => Node::Text(text),
            toml::Value::Integer(number) => Node::Number(number.to_string()),
            // Its shortest decimal form: what the file's author wrote.
            toml::Value::Float(number) => Node::Number(number.to_string()),
            toml::Value::Boolean(flag) => Node::Flag(flag),
            toml::Value::Datetime(_) => Node::Other,
            toml::Value::Array(items) => Node::List(items.into_iter().map(Node::from_toml).collect()),
            toml::Value::Table(table) => {
                Node::Table(table.into_iter().map(|(key, value)| (key, Node::from_toml(value))).collect())
            }
        }
    }

    pub(super) fn from_json(value: &serde_json::Value) -> Node {
        match value {
            serde_json::Value::String(text) => Node::Text(text.clone()),
            serde_json::Value::Number(number) => Node::Number(number.to_string()),
            serde_json::Value::Bool(flag) => Node::Flag(*flag),
            serde_json::Value::Null => Node::Other,
            serde_json::Value::Array(items) => Node::List(items.iter().map(Node::from_json).collect()),
            serde_json::Value::Object(map) => {
                Node::Table(map.iter().map(|(key, value)| (key.clone(), Node::from_json(value))).collect())
            }
        }
    }
}
