//! What a query gave: its columns by name, its rows in the contract's order of columns.

use super::cell::OwnCell;
use super::contract::{self, Column, Kind};
use crate::domain::Problem;
use crate::source::rows::Entity;

/// The rows of one query, as its driver gave them.
#[derive(Clone, Debug, Default)]
pub struct RawAnswer {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<OwnCell>>,
}

/// The rows of one entity, each with a cell for each column of the contract.
#[derive(Clone, Debug)]
pub struct Answer {
    pub entity: Entity,
    pub rows: Vec<Vec<OwnCell>>,
}

/// Where an answer has each of the contract's columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    pub entity: Entity,
    places: Vec<Option<usize>>,
}

impl Shape {
    /// Finds the columns by name, upper and lower case alike. A required one that is missing, one that the contract does
    /// not have and one that is there twice are problems.
    pub fn find(entity: Entity, names: &[impl AsRef<str>], problems: &mut Vec<Problem>) -> Shape {
        let table = entity.table();
        let mut places: Vec<Option<usize>> = vec![None; contract::columns(entity).len()];
        for (place, name) in names.iter().map(AsRef::as_ref).enumerate() {
            match contract::column(entity, name).and_then(|(at, _)| places.get_mut(at)) {
                Some(known @ None) => *known = Some(place),
                Some(Some(_)) => {
                    let message = "is the name of more than one column of the answer";
                    problems.push(Problem::new("repeated-column", format!("{table}.{name}"), message));
                }
                None => {
                    let message = "is no column of the contract: leave it out, or name it as the contract does";
                    // A name of the configuration's, not of a person: it may be told, as far as it is a name.
                    let shown: String = name.chars().filter(|c| c.is_alphanumeric() || *c == '_').take(63).collect();
                    problems.push(Problem::new("unknown-column", format!("{table}.{shown}"), message));
                }
            }
        }
        let shape = Shape { entity, places };
        for column in shape.missing().filter(|column| column.required) {
            let message = "is a column of the contract that the answer must have";
            problems.push(Problem::new("missing-column", format!("{table}.{}", column.name), message));
        }
        shape
    }

    /// The contract's columns that the answer has not.
    pub fn missing(&self) -> impl Iterator<Item = &'static Column> + '_ {
        let columns = contract::columns(self.entity).iter().zip(&self.places);
        columns.filter(|(_, place)| place.is_none()).map(|(column, _)| column)
    }

    /// A row of the answer in the contract's order.
    pub fn row(&self, row: &mut [OwnCell]) -> Vec<OwnCell> {
        let mut take =
            |place: &Option<usize>| place.and_then(|place| row.get_mut(place)).map(std::mem::take).unwrap_or_default();
        self.places.iter().map(&mut take).collect()
    }
}

impl RawAnswer {
    /// The rows as the contract has them, or everything wrong with the columns.
    pub fn shaped(self, entity: Entity) -> Result<Answer, Vec<Problem>> {
        let mut problems = Vec::new();
        let shape = Shape::find(entity, &self.columns, &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let rows = self.rows.into_iter().map(|mut row| shape.row(&mut row)).collect();
        Ok(Answer { entity, rows })
    }
}

/// What the contract says where a query has no such column: the defaults of the published schema.
pub fn default_of(entity: Entity, column: &Column) -> OwnCell {
    match (entity, column.name) {
        (Entity::Students, "totals") => OwnCell::text("policy"),
        (Entity::Students, "sample") => OwnCell::Flag(false),
        (Entity::Programs, "award") | (Entity::StatedTotals, "term") => OwnCell::Integer(0),
        _ => OwnCell::Null,
    }
}

/// A sound value for a required cell whose own value was refused already, so that it is not refused a second time.
pub fn stand_in(kind: Kind) -> OwnCell {
    match kind {
        Kind::Word(words) => words.first().map_or(OwnCell::Null, |word| OwnCell::text(word)),
        Kind::Level => OwnCell::text("undergraduate"),
        Kind::Flag => OwnCell::Flag(false),
        _ => OwnCell::text("-"),
    }
}
