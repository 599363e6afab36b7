//! Answers of all queries into records: one for each student asked for.

use super::answer::Answer;
use super::cell::OwnCell;
use super::contract;
use super::students::{StudentRows, apart};
use super::value_maps::ValueMaps;
use crate::domain::{Error, Problem, StudentId, StudentRecord};
use crate::source::rows::{Assembly, Cell, Entity, Row};

/// The records of `ids`, in their order.
pub fn records(maps: &ValueMaps, answers: Vec<Answer>, ids: &[StudentId]) -> Vec<Result<StudentRecord, Error>> {
    match apart(answers, ids) {
        Ok(students) => ids.iter().zip(students).map(|(id, rows)| record(id, rows, maps)).collect(),
        Err(problems) => ids.iter().map(|_| Err(Error::SourceConfiguration(problems.clone()))).collect(),
    }
}

fn record(id: &StudentId, mut rows: StudentRows, maps: &ValueMaps) -> Result<StudentRecord, Error> {
    rows.normalised(maps);
    let mut assembly = Assembly::new(id.clone());
    for entity in Entity::ALL {
        let rows = rows.rows.get(&entity).map(Vec::as_slice).unwrap_or_default();
        let places = places(entity);
        if entity == Entity::Institution && rows.len() > 1 {
            let message = "has more than one row of this student: which of them holds is unclear";
            return Err(Error::MalformedRecord(vec![Problem::new("repeated-institution", "institution", message)]));
        }
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

/// Where the contract's row has each of the columns that the reader of the published schema reads.
fn places(entity: Entity) -> Vec<Option<usize>> {
    entity.columns().iter().map(|name| contract::column(entity, name).map(|(at, _)| at)).collect()
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
