//! One row of a table at a time, every cell of it checked: the slow way, which knows what is wrong.

use super::cells::{KeyCell, KeyCells};
use super::classes::{Classes, Weights};
use super::credit_cells::{MOST_CREDITS, MOST_POINTS, NumberCells};
use super::faults::Fault;
use super::layout::{Layout, Marking, Role};
use super::request::KeyColumn;
use crate::domain::Error;
use arrow_array::cast::AsArray;
use arrow_array::{Array, BooleanArray, RecordBatch};

/// What a row adds to its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Worth {
    /// Thousandths.
    pub credits: u32,
    pub weights: Weights,
}

/// The cells of one batch.
pub(super) struct Rows<'a> {
    pub count: usize,
    pub keys: Vec<(KeyColumn, KeyCells<'a>)>,
    marking: MarkingCells<'a>,
    credits: Option<NumberCells<'a>>,
    excluded: Option<MarkCells<'a>>,
}

enum MarkingCells<'a> {
    Grades(KeyCells<'a>, &'a Classes),
    Points(NumberCells<'a>),
}

pub(super) enum MarkCells<'a> {
    Yes(&'a BooleanArray),
    Whole(NumberCells<'a>),
}

impl<'a> Rows<'a> {
    pub fn of(batch: &'a RecordBatch, layout: &Layout, classes: &'a Classes) -> Result<Rows<'a>, Error> {
        let column = |at: usize| batch.column(at).as_ref();
        let keys = layout.keys.iter().map(|(key, at)| Some((*key, KeyCells::of(column(*at))?)));
        let marking = match layout.marking {
            Marking::Grades(at) => KeyCells::of(column(at)).map(|cells| MarkingCells::Grades(cells, classes)),
            Marking::Points(at) => NumberCells::of(column(at), MOST_POINTS).map(MarkingCells::Points),
        };
        let credits = layout.credits.map(|at| NumberCells::of(column(at), MOST_CREDITS));
        let excluded = layout.excluded.map(|at| MarkCells::of(column(at)));
        let rows = || {
            Some(Rows {
                count: batch.num_rows(),
                keys: keys.collect::<Option<_>>()?,
                marking: marking?,
                credits: transposed(credits)?,
                excluded: transposed(excluded)?,
            })
        };
        // The layout has looked at the types; the batches share them.
        rows().ok_or_else(|| Error::configuration("a column's type cannot be read"))
    }

    /// What the row adds; `None` when cells of it are wrong, each of which is told to `fault`.
    pub fn worth(&self, row: usize, fault: &mut dyn FnMut(Role, Fault)) -> Option<Worth> {
        let weights = match &self.marking {
            MarkingCells::Grades(cells, classes) => {
                grade_weights(cells.get(row), classes).map_err(|wrong| fault(Role::Grade, wrong)).ok()
            }
            MarkingCells::Points(cells) => {
                cells.get(row).map(weights_of).map_err(|wrong| fault(Role::Points, wrong)).ok()
            }
        };
        let credits = match &self.credits {
            None => Some(1000),
            Some(cells) => {
                let credits = cells.get(row).and_then(|cell| cell.ok_or(Fault::Missing));
                credits.map_err(|wrong| fault(Role::Credits, wrong)).ok()
            }
        };
        let excluded = match &self.excluded {
            None => Some(false),
            Some(cells) => cells.get(row).map_err(|wrong| fault(Role::Excluded, wrong)).ok(),
        };
        let (weights, credits, excluded) = (weights?, credits?, excluded?);
        Some(Worth { credits, weights: if excluded { weights.left_out() } else { weights } })
    }
}

fn grade_weights(cell: Option<KeyCell>, classes: &Classes) -> Result<Weights, Fault> {
    let Some(KeyCell::Text(raw)) = cell else { return Err(Fault::Missing) };
    let class = classes.class(raw).and_then(|class| classes.weights().get(class));
    class.copied().ok_or(Fault::GradeNotOnScale)
}

/// Of grade points: null is outside the GPA, zero earns nothing.
pub(super) fn weights_of(points: Option<u32>) -> Weights {
    Weights {
        attempted: 1,
        earned: points.is_some_and(|points| points > 0).into(),
        gpa_hours: points.is_some().into(),
        points: points.unwrap_or_default(),
    }
}

impl<'a> MarkCells<'a> {
    pub fn of(array: &'a dyn Array) -> Option<MarkCells<'a>> {
        match array.as_boolean_opt() {
            Some(marks) => Some(MarkCells::Yes(marks)),
            None => NumberCells::of(array, 1000).map(MarkCells::Whole),
        }
    }

    pub fn get(&self, row: usize) -> Result<bool, Fault> {
        match self {
            MarkCells::Yes(marks) if marks.is_null(row) => Err(Fault::Missing),
            MarkCells::Yes(marks) => Ok(marks.value(row)),
            MarkCells::Whole(cells) => match cells.get(row) {
                Ok(Some(0)) => Ok(false),
                Ok(Some(1000)) => Ok(true),
                Ok(None) => Err(Fault::Missing),
                _ => Err(Fault::NotYesOrNo),
            },
        }
    }
}

/// `Some(None)` when there is no such column, `None` when there is one that cannot be read.
fn transposed<T>(cells: Option<Option<T>>) -> Option<Option<T>> {
    match cells {
        None => Some(None),
        Some(cells) => cells.map(Some),
    }
}
