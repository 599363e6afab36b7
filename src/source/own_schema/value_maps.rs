//! Value maps: the institution's codes into the contract's words, as data.

use super::cell::OwnCell;
use super::contract::{self, Column, Kind};
use crate::domain::{Grade, Level, Problem, Text};
use crate::source::rows::Entity;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use toml::{Table, Value};

/// What one code becomes.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapped {
    /// The cell's own value; absent: the code itself.
    pub value: Option<OwnCell>,
    /// Other columns of the row that it fills where they are null.
    pub fills: Vec<(&'static str, OwnCell)>,
}

type Codes = Arc<HashMap<String, Mapped>>;

/// All maps of a configuration, by entity and column.
#[derive(Clone, Debug, Default)]
pub struct ValueMaps {
    maps: HashMap<(Entity, &'static str), Codes>,
}

impl ValueMaps {
    /// All of it as text, the same for maps that are the same.
    pub fn written(&self) -> String {
        let of = |(place, codes): (&(Entity, &'static str), &Codes)| {
            let mut lines: Vec<_> = codes.iter().map(|code| format!("{code:?}")).collect();
            lines.sort();
            format!("{place:?} {lines:?}")
        };
        let mut maps: Vec<_> = self.maps.iter().map(of).collect();
        maps.sort();
        maps.join("\n")
    }

    /// The codes of a column, where it has a map.
    pub fn of(&self, entity: Entity, column: &str) -> Option<&HashMap<String, Mapped>> {
        let (_, column) = contract::column(entity, column)?;
        self.maps.get(&(entity, column.name)).map(Arc::as_ref)
    }

    /// Reads `[source.map]`. A map of `column` is of every entity that has it; one of `entity.column` goes before it.
    pub fn read(table: &Table, problems: &mut Vec<Problem>) -> ValueMaps {
        let mut maps = HashMap::new();
        // Those of all entities first: those of one replace them.
        let (of_one, of_all): (Vec<_>, Vec<_>) = table.iter().partition(|(name, _)| name.contains('.'));
        for (name, codes) in of_all.into_iter().chain(of_one) {
            let place = place_of(name);
            let owners = owners(name);
            if owners.is_empty() {
                let message = "is no column of the contract that holds codes";
                problems.push(Problem::new("unknown-column", place, message));
                continue;
            }
            let Value::Table(codes) = codes else {
                problems.push(Problem::new("not-a-table", place, "is no table of codes"));
                continue;
            };
            for (entity, column) in owners {
                let read = codes.iter().filter_map(|(code, given)| {
                    let mapped = mapped(entity, column, given).map_err(|(what, message)| {
                        problems.push(Problem::new(what, format!("{place}.{code:?}"), message));
                    });
                    Some((code.clone(), mapped.ok()?))
                });
                let codes: HashMap<String, Mapped> = read.collect();
                maps.insert((entity, column.name), Arc::new(codes));
            }
        }
        // One map is read for each table that it is of.
        let mut seen = HashSet::new();
        problems.retain(|problem| seen.insert((problem.place.clone(), problem.message.clone())));
        ValueMaps { maps }
    }
}

fn place_of(name: &str) -> String {
    if name.contains('.') { format!("source.map.{name:?}") } else { format!("source.map.{name}") }
}

fn owners(name: &str) -> Vec<(Entity, &'static Column)> {
    let (entities, name) = match name.split_once('.') {
        Some((entity, column)) => (contract::entity(entity).into_iter().collect(), column),
        None => (Entity::ALL.to_vec(), name),
    };
    let found = entities.into_iter().filter_map(|entity: Entity| Some((entity, contract::column(entity, name)?.1)));
    found.filter(|(_, column)| column.kind.mappable()).collect()
}

type Wrong = (&'static str, String);

fn mapped(entity: Entity, column: &Column, given: &Value) -> Result<Mapped, Wrong> {
    let Value::Table(columns) = given else {
        return Ok(Mapped { value: Some(cell(column.kind, given)?), fills: Vec::new() });
    };
    let mut mapped = Mapped { value: None, fills: Vec::new() };
    for (name, given) in columns {
        let other = contract::column(entity, name).map(|(_, other)| other).filter(|other| other.kind.mappable());
        let unknown = || ("unknown-column", format!("{name} is no column of {} that holds codes", entity.table()));
        let other = other.ok_or_else(unknown)?;
        let value = cell(other.kind, given)?;
        if other.name == column.name {
            mapped.value = Some(value);
        } else {
            mapped.fills.push((other.name, value));
        }
    }
    Ok(mapped)
}

/// A value of the configuration as the cell it stands for; the empty text is null.
fn cell(kind: Kind, given: &Value) -> Result<OwnCell, Wrong> {
    let wrong = |message: String| Err(("bad-value", message));
    match (kind, given) {
        (_, Value::String(text)) if text.is_empty() => Ok(OwnCell::Null),
        (Kind::Flag, Value::Boolean(flag)) => Ok(OwnCell::Flag(*flag)),
        (Kind::Flag, Value::Integer(flag @ (0 | 1))) => Ok(OwnCell::Flag(*flag == 1)),
        (Kind::Flag, _) => wrong("is neither true nor false".to_owned()),
        (Kind::Word(words), Value::String(text)) if words.contains(&text.as_str()) => Ok(OwnCell::text(text)),
        (Kind::Word(words), _) => wrong(format!("is none of {}", words.join(", "))),
        (Kind::Level, Value::String(text)) if Level::new(text).is_ok() => Ok(OwnCell::text(text)),
        (Kind::Level, _) => wrong("is no level: a kebab-case word such as undergraduate".to_owned()),
        (Kind::Grade, Value::String(text)) if Grade::new(text).is_ok() => Ok(OwnCell::text(text)),
        (Kind::Grade, _) => wrong("is no grade: a text of at most 16 characters".to_owned()),
        (Kind::Lines, Value::String(text)) if text.split('\n').all(|line| Text::new(line).is_ok()) => {
            Ok(OwnCell::text(text))
        }
        (Kind::Text, Value::String(text)) if Text::new(text).is_ok() => Ok(OwnCell::text(text)),
        _ => wrong("is no text that a record can hold".to_owned()),
    }
}
