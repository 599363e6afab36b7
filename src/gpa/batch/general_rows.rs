//! Reads a table into rows of numbers, for judging whole students; rows with wrong cells are left out and told.

use super::cells::{KeyCell, KeyCells};
use super::credit_cells::{MOST_CREDITS, MOST_POINTS, NumberCells};
use super::faults::Fault;
use super::general_names::{Distinct, NO_POINTS};
use super::layout::{Layout, Marking, Role};
use super::request::KeyColumn;
use super::rows::MarkCells;
use crate::domain::Error;
use arrow_array::RecordBatch;

/// One attempt: what it names by number, 0 where there is no such column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbered {
    pub student: u32,
    pub term: u32,
    pub level: u32,
    pub section: u32,
    pub course: u32,
    pub grade: u32,
    /// Thousandths.
    pub credits: u32,
    pub excluded: bool,
    /// From 0 through all chunks.
    pub row: u64,
}

/// The distinct cells of the columns that name something.
#[derive(Default)]
pub(super) struct Columns<'a> {
    pub students: Distinct<'a>,
    pub terms: Distinct<'a>,
    pub levels: Distinct<'a>,
    pub sections: Distinct<'a>,
    pub courses: Distinct<'a>,
    pub grades: Distinct<'a>,
}

/// The cells of one chunk.
pub(super) struct Chunk<'a> {
    pub count: usize,
    named: [(Role, Option<KeyCells<'a>>); 5],
    marking: MarkingCells<'a>,
    credits: Option<NumberCells<'a>>,
    excluded: Option<MarkCells<'a>>,
}

enum MarkingCells<'a> {
    Grades(KeyCells<'a>),
    Points(NumberCells<'a>),
}

impl<'a> Chunk<'a> {
    pub fn of(batch: &'a RecordBatch, layout: &Layout) -> Result<Chunk<'a>, Error> {
        // The layout has looked at the types; the chunks share them.
        let unreadable = || Error::configuration("a column's type cannot be read");
        let array = |at: usize| batch.column(at).as_ref();
        let named = |role: Role, at: Option<usize>| -> Result<(Role, Option<KeyCells<'a>>), Error> {
            let cells = at.map(|at| KeyCells::of(array(at)).ok_or_else(unreadable)).transpose()?;
            Ok((role, cells))
        };
        let section = layout.keys.iter().find(|(key, _)| *key == KeyColumn::Section).map(|(_, at)| *at);
        let whole = &layout.whole;
        let marking = match layout.marking {
            Marking::Grades(at) => KeyCells::of(array(at)).map(MarkingCells::Grades),
            Marking::Points(at) => NumberCells::of(array(at), MOST_POINTS).map(MarkingCells::Points),
        };
        let credits = layout.credits.map(|at| NumberCells::of(array(at), MOST_CREDITS).ok_or_else(unreadable));
        let excluded = layout.excluded.map(|at| MarkCells::of(array(at)).ok_or_else(unreadable));
        Ok(Chunk {
            count: batch.num_rows(),
            named: [
                named(Role::Key(KeyColumn::Student), whole.student)?,
                named(Role::Key(KeyColumn::Term), whole.term)?,
                named(Role::Key(KeyColumn::Level), whole.level)?,
                named(Role::Key(KeyColumn::Section), section)?,
                named(Role::Course, whole.course)?,
            ],
            marking: marking.ok_or_else(unreadable)?,
            credits: credits.transpose()?,
            excluded: excluded.transpose()?,
        })
    }

    /// `Ok(None)` when cells of the row are wrong, each of which is told to `fault`.
    pub fn row(
        &self,
        at: usize,
        columns: &mut Columns<'a>,
        fault: &mut dyn FnMut(Role, Fault),
    ) -> Result<Option<Numbered>, Error> {
        let mut whole = true;
        let mut noted = |role: Role, wrong: Fault| {
            whole = false;
            fault(role, wrong);
        };
        let mut numbers = [0; 5];
        let lists = [
            &mut columns.students,
            &mut columns.terms,
            &mut columns.levels,
            &mut columns.sections,
            &mut columns.courses,
        ];
        for (((role, cells), list), number) in self.named.iter().zip(lists).zip(&mut numbers) {
            match cells.as_ref().map(|cells| cells.get(at)) {
                None => {}
                Some(None) => noted(*role, Fault::Missing),
                Some(Some(cell)) => *number = list.number(cell)?,
            }
        }
        let grade = match &self.marking {
            MarkingCells::Grades(cells) => cells.get(at).ok_or((Role::Grade, Fault::Missing)),
            MarkingCells::Points(cells) => match cells.get(at) {
                Ok(milli) => Ok(milli.map_or(NO_POINTS, |milli| KeyCell::Integer(i128::from(milli)))),
                Err(wrong) => Err((Role::Points, wrong)),
            },
        };
        let grade = match grade {
            Ok(cell) => columns.grades.number(cell)?,
            Err((role, wrong)) => {
                noted(role, wrong);
                0
            }
        };
        // Without the column every attempt counts one.
        let credits = self.credits.as_ref().map_or(Ok(Some(1000)), |cells| cells.get(at));
        let credits = credits.and_then(|credits| credits.ok_or(Fault::Missing)).unwrap_or_else(|wrong| {
            noted(Role::Credits, wrong);
            0
        });
        let excluded = self.excluded.as_ref().map_or(Ok(false), |cells| cells.get(at)).unwrap_or_else(|wrong| {
            noted(Role::Excluded, wrong);
            false
        });
        let [student, term, level, section, course] = numbers;
        let row = Numbered { student, term, level, section, course, grade, credits, excluded, row: 0 };
        Ok(whole.then_some(row))
    }
}
