//! The records of many students while the rows of all of them arrive, one query an entity.

use super::{Assembly, Cell, Entity, Row};
use crate::domain::{Error, Problem, StudentId, StudentRecord};
use std::borrow::Cow;
use std::collections::HashMap;

/// The students asked for together. Every id is there once, however often it was asked for.
pub struct Assemblies {
    places: HashMap<StudentId, usize>,
    all: Vec<Assembly>,
}

impl Assemblies {
    pub fn new(ids: impl IntoIterator<Item = StudentId>) -> Assemblies {
        let mut assemblies = Assemblies { places: HashMap::new(), all: Vec::new() };
        for id in ids {
            if !assemblies.places.contains_key(&id) {
                assemblies.places.insert(id.clone(), assemblies.all.len());
                assemblies.all.push(Assembly::new(id));
            }
        }
        assemblies
    }

    /// Takes a row of the student whose id stands in `student`. A row of nobody who was asked for is refused: the
    /// answer is then not an answer to the question.
    pub fn take(&mut self, entity: Entity, student: Cell<'_>, row: &dyn Row) -> Result<(), Error> {
        let place = key(student).and_then(|key| self.places.get(key.as_ref()).copied());
        let Some(assembly) = place.and_then(|place| self.all.get_mut(place)) else {
            let place = format!("{}.{}", entity.place(), entity.student());
            let message = "is not the student who was asked for";
            return Err(Error::MalformedRecord(vec![Problem::new("wrong-student", place, message)]));
        };
        assembly.take(entity, row);
        Ok(())
    }

    /// Each student's record, by id.
    pub fn finish(self) -> Records {
        let mut places: Vec<(StudentId, usize)> = self.places.into_iter().collect();
        places.sort_unstable_by_key(|(_, place)| *place);
        let each = places.into_iter().zip(self.all);
        Records(each.map(|((id, _), assembly)| (id, assembly.finish())).collect())
    }
}

/// What became of each student asked for.
#[derive(Default)]
pub struct Records(HashMap<StudentId, Result<StudentRecord, Error>>);

impl FromIterator<(StudentId, Result<StudentRecord, Error>)> for Records {
    fn from_iter<I: IntoIterator<Item = (StudentId, Result<StudentRecord, Error>)>>(each: I) -> Records {
        Records(each.into_iter().collect())
    }
}

impl Records {
    /// Adds what became of others.
    pub fn extend(&mut self, others: Records) {
        self.0.extend(others.0);
    }

    /// Says that this student's record cannot be read.
    pub fn refuse(&mut self, id: &StudentId, why: Error) {
        self.0.insert(id.clone(), Err(why));
    }

    /// What became of each of those whom these callers asked for. A record that one of them alone asked for is handed on,
    /// not copied.
    pub fn shared_out(mut self, wishes: &[Vec<StudentId>]) -> Vec<Vec<Result<StudentRecord, Error>>> {
        let once = wishes.iter().map(Vec::len).sum::<usize>() == self.0.len();
        let mut answer = |id: &StudentId| {
            let kept = if once { self.0.remove(id) } else { None };
            kept.unwrap_or_else(|| self.get(id))
        };
        wishes.iter().map(|ids| ids.iter().map(&mut answer).collect()).collect()
    }

    /// What became of this student; [`Error::RecordNotFound`] for one who was not asked for.
    pub fn get(&self, id: &StudentId) -> Result<StudentRecord, Error> {
        self.0.get(id).cloned().unwrap_or(Err(Error::RecordNotFound))
    }
}

/// A student's id as an institution's tables may hold it.
fn key(cell: Cell<'_>) -> Option<Cow<'_, str>> {
    match cell {
        Cell::Text(text) => Some(Cow::Borrowed(text)),
        Cell::Integer(number) => Some(Cow::Owned(number.to_string())),
        _ => None,
    }
}
