//! The table of groups whose GPAs are printed already, each by the rules of its own term and level.

use super::cells::{KeyCell, KeyCells};
use super::general_groups::Group;
use super::groups::Keys;
use super::key_output::key_column;
use super::layout::{Layout, Role, name_of};
use super::output;
use super::request::{BatchRequest, KeyColumn};
use super::share;
use super::sums::{Sums, Writing};
use super::totals_output::{Total, total_columns};
use crate::domain::Error;
use crate::domain::decimal::MAX_PRINTED_PLACES;
use arrow_array::{ArrayRef, RecordBatch};

/// The totals of a group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Printed {
    pub sums: Sums,
    /// The GPA as printed, in billionths.
    pub gpa: Option<i64>,
}

impl Total for Printed {
    fn sums(&self) -> Sums {
        self.sums
    }

    /// Sums alone: nobody has printed their GPA.
    fn plus(self, other: Printed) -> Printed {
        Printed { sums: self.sums.joined(other.sums), gpa: None }
    }

    /// The column's rounding is the one with the most places: no digit is lost.
    fn gpa(&self, writing: Writing) -> Option<i128> {
        let unit = 10i128.pow(u32::from(MAX_PRINTED_PLACES - writing.rounding.places()));
        self.gpa.map(|nano| i128::from(nano) / unit)
    }
}

/// The cells of the key columns, in order.
pub(super) struct KeyLists<'a> {
    pub students: Vec<KeyCell<'a>>,
    pub terms: Vec<KeyCell<'a>>,
    pub levels: Vec<KeyCell<'a>>,
    pub sections: Vec<KeyCell<'a>>,
}

/// Parts of groups, all in order of key.
pub(super) fn table(
    parts: &[Vec<Group>],
    lists: &KeyLists,
    batches: &[RecordBatch],
    layout: &Layout,
    request: &BatchRequest,
    writing: Writing,
) -> Result<RecordBatch, Error> {
    let mut columns = Vec::with_capacity(layout.keys.len());
    for (key, at) in &layout.keys {
        let (place, list) = match key {
            KeyColumn::Student => (0, &lists.students),
            KeyColumn::Term => (1, &lists.terms),
            KeyColumn::Level => (2, &lists.levels),
            KeyColumn::Section => (3, &lists.sections),
        };
        let array = batches.first().and_then(|batch| batch.columns().get(*at));
        let Some((array, cells)) = array.and_then(|array| Some((array, KeyCells::of(array.as_ref())?))) else {
            return Err(Error::configuration("a key column's type cannot be read"));
        };
        let cell = |group: &Group| list.get(*group.key.get(place)? as usize).copied();
        let keys = share::each(parts.iter().collect(), |groups: &Vec<Group>| {
            let mut keys = Keys::empty(&cells);
            groups.iter().filter_map(cell).for_each(|cell| keys.push(cell, &cells));
            keys
        });
        let keys: Vec<&Keys> = keys.iter().collect();
        columns.push((name_of(request, Role::Key(*key)), key_column(array.data_type(), &keys)?));
    }
    let mut totals = written("", parts, |group| group.total, writing)?;
    if request.cumulative {
        totals.extend(written("cumulative_", parts, |group| group.running, writing)?);
    }
    output::batch(columns, totals)
}

fn written(
    prefix: &str,
    parts: &[Vec<Group>],
    total: fn(&Group) -> Printed,
    writing: Writing,
) -> Result<Vec<(String, ArrayRef)>, Error> {
    let totals =
        share::each(parts.iter().collect(), |groups: &Vec<Group>| groups.iter().map(total).collect::<Vec<_>>());
    let totals: Vec<&[Printed]> = totals.iter().map(Vec::as_slice).collect();
    total_columns(prefix, &totals, writing)
}
