//! A configuration that a program wrote, as the table that a file would be.

use crate::domain::Error;
use serde_json::Value as Json;
use toml::{Table, Value};

/// The table that this JSON stands for; what is null is left out.
pub fn table_of(text: &str) -> Result<Table, Error> {
    match serde_json::from_str(text).ok().and_then(value_of) {
        Some(Value::Table(table)) => Ok(table),
        _ => Err(Error::configuration("the configuration is no mapping of texts, numbers, truths, lists and mappings")),
    }
}

fn value_of(json: Json) -> Option<Value> {
    match json {
        Json::Null => None,
        Json::Bool(truth) => Some(Value::Boolean(truth)),
        Json::Number(number) => number.as_i64().map(Value::Integer).or_else(|| number.as_f64().map(Value::Float)),
        Json::String(text) => Some(Value::String(text)),
        Json::Array(entries) => Some(Value::Array(entries.into_iter().filter_map(value_of).collect())),
        Json::Object(fields) => {
            let fields = fields.into_iter().filter_map(|(name, value)| Some((name, value_of(value)?)));
            Some(Value::Table(fields.collect()))
        }
    }
}
