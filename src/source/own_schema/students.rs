//! One student's rows of every entity: told apart, mapped, put in order, their keys made the published schema's.

use super::answer::{Answer, default_of, stand_in};
use super::cell::OwnCell;
use super::contract::{self, Column, Kind};
use super::value_maps::{Mapped, ValueMaps};
use crate::domain::{Problem, StudentId};
use crate::source::rows::Entity;
use std::collections::{HashMap, HashSet};

/// The rows of one student, by entity.
#[derive(Default)]
pub struct StudentRows {
    pub rows: HashMap<Entity, Vec<Vec<OwnCell>>>,
    pub problems: Vec<Problem>,
}

/// Rows by student, in the order of `ids`. A row of anybody else is a problem of the query itself.
pub fn apart(answers: Vec<Answer>, ids: &[StudentId]) -> Result<Vec<StudentRows>, Vec<Problem>> {
    let places: HashMap<&str, usize> = ids.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    let mut students: Vec<StudentRows> = ids.iter().map(|_| StudentRows::default()).collect();
    let mut problems = Vec::new();
    for Answer { entity, rows } in answers {
        let mut strangers = false;
        for row in rows {
            // A column of fixed width fills up with spaces.
            let whose = row.first().and_then(OwnCell::code);
            let place = whose.and_then(|id| places.get(id.trim_end_matches(' ')).copied());
            match place.and_then(|place| students.get_mut(place)) {
                Some(student) => student.rows.entry(entity).or_default().push(row),
                None => strangers = true,
            }
        }
        if strangers {
            let place = format!("{}.{}", entity.table(), entity.student());
            let message = "is not one of the student ids that were asked for: the query must filter by :student_ids";
            problems.push(Problem::new("foreign-student", place, message));
        }
    }
    if problems.is_empty() { Ok(students) } else { Err(problems) }
}

impl StudentRows {
    /// The rows as the published schema has them.
    pub fn normalised(&mut self, maps: &ValueMaps) {
        for entity in Entity::ALL {
            let Some(rows) = self.rows.get_mut(&entity) else { continue };
            sort(entity, rows);
            for (index, row) in rows.iter_mut().enumerate() {
                mapped(entity, index, row, maps, &mut self.problems);
                for (cell, column) in row.iter_mut().zip(contract::columns(entity)) {
                    if cell.is_null() {
                        *cell = default_of(entity, column);
                    } else if column.kind == Kind::Flag {
                        *cell = flag(std::mem::take(cell));
                    }
                }
            }
        }
        self.refuse_repeated();
        self.number(Entity::Terms, &[(Entity::StatedTotals, "term", ""), (Entity::Attempts, "block", "term")]);
        self.number(Entity::TransferBlocks, &[(Entity::Attempts, "block", "transfer")]);
        self.number(Entity::Awards, &[(Entity::Programs, "award", "")]);
        self.refer_to_institution();
    }

    /// A query that joins too much gives a row twice: a course would count twice.
    fn refuse_repeated(&mut self) {
        for entity in Entity::ALL {
            let is_owner = matches!(entity, Entity::Terms | Entity::TransferBlocks | Entity::Awards);
            let at = |name: &str| contract::column(entity, name).map(|(at, _)| at);
            let Some(seq) = at("seq").filter(|_| !is_owner) else { continue };
            let owner = ["block_kind", "block", "award", "term"].map(at);
            let mut seen = HashSet::new();
            for (index, row) in self.rows.get(&entity).into_iter().flatten().enumerate() {
                let code = |at: usize| row.get(at).and_then(OwnCell::code);
                let Some(own) = code(seq) else { continue };
                if !seen.insert((owner.map(|at| at.and_then(code)), own)) {
                    let place = format!("{}[{index}].seq", entity.place());
                    let message = "is the key of an earlier row too: does the query join a row to several others?";
                    self.problems.push(Problem::new("repeated-key", place, message));
                }
            }
        }
    }

    /// The published schema refers by a number; here the row is the student's own.
    fn refer_to_institution(&mut self) {
        let Some((at, _)) = contract::column(Entity::Students, "institution") else { return };
        for cell in self.rows.get_mut(&Entity::Students).into_iter().flatten().filter_map(|row| row.get_mut(at)) {
            if !cell.is_null() {
                *cell = OwnCell::Integer(1);
            }
        }
    }

    /// Numbers the owners 1, 2, 3 … and has what belongs to them say these numbers, whatever their keys were.
    fn number(&mut self, owner: Entity, owned: &[(Entity, &str, &str)]) {
        let mut numbers: HashMap<String, i64> = HashMap::new();
        let key = contract::column(owner, "seq").map_or(0, |(at, _)| at);
        for (index, row) in self.rows.get_mut(&owner).into_iter().flatten().enumerate() {
            let Some(cell) = row.get_mut(key) else { continue };
            let Some(code) = cell.code() else { continue };
            let number = index as i64 + 1;
            if code == "0" {
                // What refers to 0, or to nothing, is of the record itself: it would move to this row.
                let place = format!("{}[{index}].seq", owner.place());
                let message = "is 0, which stands for the record itself: give another key";
                self.problems.push(Problem::new("bad-key", place, message));
                *cell = OwnCell::Integer(number);
                continue;
            }
            if numbers.insert(code, number).is_some() {
                let place = format!("{}[{index}].seq", owner.place());
                let message = "is the key of an earlier row too: what belongs to which cannot be told";
                self.problems.push(Problem::new("repeated-key", place, message));
            }
            *cell = OwnCell::Integer(number);
        }
        for (entity, column, kind) in owned {
            self.refer(*entity, column, kind, &numbers);
        }
    }

    fn refer(&mut self, entity: Entity, column: &str, block_kind: &str, numbers: &HashMap<String, i64>) {
        let (Some((at, _)), kind_at) = (contract::column(entity, column), contract::column(entity, "block_kind"))
        else {
            return;
        };
        for row in self.rows.get_mut(&entity).into_iter().flatten() {
            let kind = kind_at.and_then(|(kind_at, _)| row.get(kind_at)).and_then(OwnCell::code).unwrap_or_default();
            let Some(cell) = row.get_mut(at).filter(|_| kind == block_kind) else { continue };
            let Some(code) = cell.code() else { continue };
            // No owner has a number below 1: the reader says that there is none.
            let of_record = block_kind.is_empty() && code == "0";
            *cell = OwnCell::Integer(numbers.get(&code).copied().unwrap_or(if of_record { 0 } else { -1 }));
        }
    }
}

/// A flag that a database keeps as a number with places.
fn flag(cell: OwnCell) -> OwnCell {
    let number = matches!(cell, OwnCell::Decimal(_) | OwnCell::Float(_));
    match cell.code().as_deref() {
        Some("0") if number => OwnCell::Flag(false),
        Some("1") if number => OwnCell::Flag(true),
        _ => cell,
    }
}

/// By `seq`, where there is one; rows that are alike keep the order of the query.
fn sort(entity: Entity, rows: &mut [Vec<OwnCell>]) {
    let Some((at, _)) = contract::column(entity, "seq") else { return };
    rows.sort_by_cached_key(|row| rank(row.get(at).and_then(OwnCell::code).unwrap_or_default()));
}

/// Numbers by their size and before all other keys, these by their letters: one order of them all, whatever is mixed.
fn rank(key: String) -> (bool, i64, String) {
    let number = key.parse::<i64>();
    (number.is_err(), number.unwrap_or_default(), key)
}

/// Puts the contract's words in the place of the institution's codes.
fn mapped(entity: Entity, index: usize, row: &mut [OwnCell], maps: &ValueMaps, problems: &mut Vec<Problem>) {
    let mut fills: Vec<(&'static str, OwnCell)> = Vec::new();
    for (cell, column) in row.iter_mut().zip(contract::columns(entity)) {
        let Some(codes) = maps.of(entity, column.name).filter(|_| !cell.is_null()) else { continue };
        match cell.code().and_then(|code| codes.get(&code)) {
            Some(Mapped { value, fills: others }) => {
                if let Some(value) = value {
                    *cell = value.clone();
                }
                fills.extend(others.iter().cloned());
            }
            None => {
                problems.push(unmapped(entity, index, column));
                *cell = if column.required { stand_in(column.kind) } else { OwnCell::Null };
            }
        }
    }
    for (name, value) in fills {
        let at = contract::column(entity, name).map(|(at, _)| at);
        if let Some(cell) = at.and_then(|at| row.get_mut(at)).filter(|cell| cell.is_null()) {
            *cell = value;
        }
    }
}

fn unmapped(entity: Entity, index: usize, column: &Column) -> Problem {
    let place = format!("{}[{index}].{}", entity.place(), column.name);
    let message = format!("is a code that source.map.{} does not name", column.name);
    Problem::new("unmapped-value", place, message)
}

/// Whether cells of this kind hold codes of the configuration, never anything of a person's.
pub fn is_code(kind: Kind) -> bool {
    matches!(kind, Kind::Word(_) | Kind::Level | Kind::Grade | Kind::Flag)
}
