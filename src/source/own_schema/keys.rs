//! A table of the configuration, read key by key; keys that nobody knows are refused.

use crate::domain::Problem;
use toml::{Table, Value};

/// A table and where it stands.
#[derive(Clone)]
pub struct Keys<'t> {
    pub table: &'t Table,
    place: String,
}

impl<'t> Keys<'t> {
    pub fn of(table: &'t Table, place: impl Into<String>) -> Keys<'t> {
        Keys { table, place: place.into() }
    }

    /// The place of a key: `source.url`.
    pub fn place(&self, key: &str) -> String {
        if self.place.is_empty() { key.to_owned() } else { format!("{}.{key}", self.place) }
    }

    /// A misspelt key would be ignored in silence.
    pub fn refuse_others(&self, known: &[&str], problems: &mut Vec<Problem>) {
        for key in self.table.keys().filter(|key| !known.contains(&key.as_str())) {
            let message = format!("is no key that is known here; there are {}", known.join(", "));
            problems.push(Problem::new("unknown-key", self.place(key), message));
        }
    }

    pub fn text(&self, key: &str, problems: &mut Vec<Problem>) -> Option<&'t str> {
        let value = self.table.get(key)?;
        if !value.is_str() {
            problems.push(Problem::new("not-text", self.place(key), "is no text"));
        }
        value.as_str()
    }

    pub fn table(&self, key: &str, problems: &mut Vec<Problem>) -> Option<Keys<'t>> {
        match self.table.get(key)? {
            Value::Table(table) => Some(Keys::of(table, self.place(key))),
            _ => {
                problems.push(Problem::new("not-a-table", self.place(key), "is no table"));
                None
            }
        }
    }
}
