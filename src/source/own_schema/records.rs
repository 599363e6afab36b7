//! Answers of all queries into records: one for each student asked for.

use super::answer::Answer;
use super::cell::OwnCell;
use super::contract;
use super::students::{StudentRows, apart};
use super::value_maps::ValueMaps;
use crate::domain::{Error, StudentId, StudentRecord};
use crate::source::rows::{Assembly, Cell, Entity, Row};
use std::collections::HashMap;

/// The records of `ids`, in their order; an id that is there twice has its record twice.
pub fn records(maps: &ValueMaps, answers: Vec<Answer>, ids: &[StudentId]) -> Vec<Result<StudentRecord, Error>> {
    let mut places = HashMap::new();
    let mut distinct: Vec<StudentId> = Vec::new();
    for id in ids {
        places.entry(id).or_insert_with(|| {
            distinct.push(id.clone());
            distinct.len() - 1
        });
    }
    let made: Vec<_> = match apart(answers, &distinct) {
        Ok(students) => distinct.iter().zip(students).map(|(id, rows)| record(id, rows, maps)).collect(),
        Err(problems) => distinct.iter().map(|_| Err(Error::SourceConfiguration(problems.clone()))).collect(),
    };
    if distinct.len() == ids.len() {
        return made;
    }
    let place = |id: &StudentId| places.get(id).and_then(|place| made.get(*place)).cloned();
    ids.iter().map(|id| place(id).unwrap_or(Err(Error::RecordNotFound))).collect()
}

/// Whether a query gave rows of students who were not asked for: which id's fault that is, only fewer ids tell.
pub fn has_strangers(made: &[Result<StudentRecord, Error>]) -> bool {
    matches!(made.first(), Some(Err(Error::SourceConfiguration(problems)))
        if problems.iter().any(|problem| problem.code == "foreign-student"))
}

fn record(id: &StudentId, mut rows: StudentRows, maps: &ValueMaps) -> Result<StudentRecord, Error> {
    rows.normalised(maps);
    let mut assembly = Assembly::new(id.clone());
    for entity in Entity::ALL {
        let rows = rows.rows.get(&entity).map(Vec::as_slice).unwrap_or_default();
        let places = places(entity);
        rows.iter().all(|row| assembly.take(entity, &Mapped { row, places: &places }));
    }
    match (assembly.finish(), rows.problems.is_empty()) {
        (Err(Error::MalformedRecord(theirs)), _) => {
            rows.problems.extend(theirs);
            Err(Error::MalformedRecord(rows.problems))
        }
        (Ok(_), false) => Err(Error::MalformedRecord(rows.problems)),
        (finished, _) => finished,
    }
}

/// Where the contract's row has each of the columns that the reader of the published schema reads; but for the keys of
/// rows that own nothing, which may be of any kind here and were looked at already.
fn places(entity: Entity) -> Vec<Option<usize>> {
    let place = |name: &&str| contract::column(entity, name).map(|(at, _)| at);
    let mut places: Vec<_> = entity.columns().iter().map(place).collect();
    if let Some(key) = entity.key().and_then(|key| places.get_mut(key)) {
        *key = None;
    }
    places
}

struct Mapped<'a> {
    row: &'a [OwnCell],
    places: &'a [Option<usize>],
}

impl Row for Mapped<'_> {
    fn cell(&self, column: usize) -> Cell<'_> {
        let place = self.places.get(column).copied().flatten();
        place.and_then(|place| self.row.get(place)).map_or(Cell::Null, OwnCell::lent)
    }
}
