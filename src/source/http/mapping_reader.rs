//! A mapping from its TOML: `[source.record]`, in the shape of the record that it makes.

use super::mapping::{Codes, Form, Leaf, Mapping, Rows};
use super::pointer::Pointer;
use crate::domain::Problem;
use serde_json::Value;
use toml::{Table, Value as Toml};

/// Reads with every problem noted; `requests` are the names that pointers may begin with.
pub struct Reader<'r> {
    pub requests: &'r [String],
    pub problems: &'r mut Vec<Problem>,
}

impl Reader<'_> {
    fn note<T>(&mut self, code: &'static str, place: &str, message: impl Into<String>) -> Option<T> {
        self.problems.push(Problem::new(code, place, message));
        None
    }

    pub fn mapping(&mut self, value: &Toml, place: &str) -> Option<Mapping> {
        match value {
            Toml::String(text) => {
                let at = self.pointer(text, place)?;
                Some(Mapping::Leaf(Leaf { among: None, at, form: Form::AsItIs, codes: None }))
            }
            Toml::Array(entries) => {
                let read = |(index, entry)| self.mapping(entry, &format!("{place}[{index}]"));
                Some(Mapping::Entries(entries.iter().enumerate().filter_map(read).collect()))
            }
            Toml::Table(table) if table.contains_key("constant") => self.constant(table, place),
            Toml::Table(table) if table.contains_key("each") => self.list(table, place),
            Toml::Table(table) if table.contains_key("at") => self.leaf(table, place).map(Mapping::Leaf),
            Toml::Table(table) => Some(self.object(table, &[], place)),
            other => self.plain(other, place).map(Mapping::Constant),
        }
    }

    fn object(&mut self, table: &Table, without: &[&str], place: &str) -> Mapping {
        let fields = table.iter().filter(|(name, _)| !without.contains(&name.as_str()));
        let read =
            |(name, value): (&String, &Toml)| Some((name.clone(), self.mapping(value, &format!("{place}.{name}"))?));
        Mapping::Object(fields.filter_map(read).collect())
    }

    fn constant(&mut self, table: &Table, place: &str) -> Option<Mapping> {
        self.only(table, &["constant"], place);
        self.plain(table.get("constant")?, &format!("{place}.constant")).map(Mapping::Constant)
    }

    /// Entries are objects of the other keys; with `at`, single values.
    fn list(&mut self, table: &Table, place: &str) -> Option<Mapping> {
        let rows = self.rows(table, "each", place)?;
        let entry = if table.contains_key("at") {
            let mut single = table.clone();
            single.remove("each");
            single.remove("match");
            Mapping::Leaf(self.leaf(&single, place)?)
        } else {
            self.object(table, &["each", "match"], place)
        };
        Some(Mapping::List { rows, entry: Box::new(entry) })
    }

    fn leaf(&mut self, table: &Table, place: &str) -> Option<Leaf> {
        self.only(table, &["at", "as", "values", "others", "among", "match"], place);
        let at = self.text(table, "at", place).and_then(|text| self.pointer(text, &format!("{place}.at")));
        let among = if table.contains_key("among") { Some(self.rows(table, "among", place)?) } else { None };
        if among.is_none() && table.contains_key("match") {
            self.note::<()>("missing", &format!("{place}.among"), "must be there where there is a match");
        }
        let form = match self.text(table, "as", place) {
            None => Form::AsItIs,
            Some("text") => Form::Text,
            Some("date") => Form::Date,
            Some("month") => Form::Month,
            Some(_) => self.note("unknown-word", &format!("{place}.as"), "is none of text, date, month")?,
        };
        let codes = self.codes(table, place);
        Some(Leaf { among, at: at?, form, codes })
    }

    fn codes(&mut self, table: &Table, place: &str) -> Option<Codes> {
        let keeps_others = match self.text(table, "others", place) {
            None | Some("refuse") => false,
            Some("keep") => true,
            Some(_) => self.note("unknown-word", &format!("{place}.others"), "is neither keep nor refuse")?,
        };
        let place = format!("{place}.values");
        let values = match table.get("values")? {
            Toml::Table(values) => values,
            _ => return self.note("not-a-table", &place, "is no table of their words and ours"),
        };
        let read = |(word, ours): (&String, &Toml)| Some((word.clone(), self.plain(ours, &place)?));
        Some(Codes { words: values.iter().filter_map(read).collect(), keeps_others })
    }

    /// The list under `key` and what its rows must `match`.
    fn rows(&mut self, table: &Table, key: &str, place: &str) -> Option<Rows> {
        let each = self.text(table, key, place).and_then(|text| self.pointer(text, &format!("{place}.{key}")));
        let place = format!("{place}.match");
        let mut matching = Vec::new();
        match table.get("match") {
            None => {}
            Some(Toml::Table(pairs)) => {
                for (one, other) in pairs {
                    let other = other.as_str().map(|other| self.pointer(other, &place));
                    let Some(other) = other else {
                        self.note::<()>("not-text", &place, "holds what is no pointer")?;
                        continue;
                    };
                    matching.extend(self.pointer(one, &place).zip(other));
                }
            }
            Some(_) => self.note("not-a-table", &place, "is no table of pointers and pointers")?,
        }
        Some(Rows { each: each?, matching })
    }

    fn pointer(&mut self, text: &str, place: &str) -> Option<Pointer> {
        let read = Pointer::read(text, self.requests);
        read.map_err(|message| self.problems.push(Problem::new("no-pointer", place, message))).ok()
    }

    fn text<'t>(&mut self, table: &'t Table, key: &str, place: &str) -> Option<&'t str> {
        let value = table.get(key)?;
        if !value.is_str() {
            self.note::<()>("not-text", &format!("{place}.{key}"), "is no text");
        }
        value.as_str()
    }

    fn only(&mut self, table: &Table, known: &[&str], place: &str) {
        for key in table.keys().filter(|key| !known.contains(&key.as_str())) {
            let message = format!("is no key that is known here; there are {}", known.join(", "));
            self.note::<()>("unknown-key", &format!("{place}.{key}"), message);
        }
    }

    /// A constant of the record. Quantities are texts: a binary number is none of theirs.
    fn plain(&mut self, value: &Toml, place: &str) -> Option<Value> {
        match value {
            Toml::String(text) => Some(Value::from(text.as_str())),
            Toml::Integer(number) => Some(Value::from(*number)),
            Toml::Boolean(truth) => Some(Value::from(*truth)),
            Toml::Datetime(date) => Some(Value::from(date.to_string())),
            Toml::Array(entries) => entries.iter().map(|entry| self.plain(entry, place)).collect(),
            Toml::Float(_) => self.note("not-a-constant", place, "is written as a text where it is a decimal: \"3.0\""),
            Toml::Table(_) => self.note("not-a-constant", place, "is no constant: text, whole number, truth or date"),
        }
    }
}
