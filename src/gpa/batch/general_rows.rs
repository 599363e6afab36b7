//! Reads a table into rows of numbers, for judging whole students; rows with wrong cells are left out and told.

use super::cells::{KeyCell, KeyCells};
use super::credit_cells::{MOST_CREDITS, MOST_POINTS, NumberCells};
use super::faults::Fault;
use super::general_distinct::Distinct;
use super::general_names::NO_POINTS;
use super::layout::{Layout, Marking, Role};
use super::request::KeyColumn;
use super::rows::MarkCells;
use crate::domain::Error;
use arrow_array::{Array, RecordBatch};

/// One attempt: what it names by number, 0 where there is no such column.
#[derive(Clone, Copy, Debug, Default)]
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

/// The distinct cells of the columns that name something: students, terms, levels, sections, courses and grades.
pub(super) type Columns<'a> = [Distinct<'a>; 6];

/// The cells of one chunk.
pub(super) struct Chunk<'a> {
    named: [NamingCells<'a>; 5],
    marking: MarkingCells<'a>,
    credits: Option<NumberCells<'a>>,
    excluded: Option<MarkCells<'a>>,
}

/// The cells of a column that names something.
struct NamingCells<'a> {
    role: Role,
    cells: Option<KeyCells<'a>>,
    /// One more than the number of each code of a dictionary, 0 where it is not known; only of cells without nulls.
    codes: Option<Vec<u32>>,
}

/// A larger dictionary is looked up by what its codes stand for: learning them would cost a small chunk too much.
const MOST_CODES: usize = 4096;

enum MarkingCells<'a> {
    Grades(NamingCells<'a>),
    Points(NumberCells<'a>),
}

impl<'a> Chunk<'a> {
    pub fn of(batch: &'a RecordBatch, layout: &Layout) -> Result<Chunk<'a>, Error> {
        // The layout has looked at the types; the chunks share them.
        let unreadable = || Error::configuration("a column's type cannot be read");
        let array = |at: usize| batch.column(at).as_ref();
        let named = |role: Role, at: Option<usize>| -> Result<NamingCells<'a>, Error> {
            at.map_or(Some(NamingCells::none(role)), |at| NamingCells::of(role, array(at))).ok_or_else(unreadable)
        };
        let section = layout.keys.iter().find(|(key, _)| *key == KeyColumn::Section).map(|(_, at)| *at);
        let whole = &layout.whole;
        let marking = match layout.marking {
            Marking::Grades(at) => NamingCells::of(Role::Grade, array(at)).map(MarkingCells::Grades),
            Marking::Points(at) => NumberCells::of(array(at), MOST_POINTS).map(MarkingCells::Points),
        };
        let credits = layout.credits.map(|at| NumberCells::of(array(at), MOST_CREDITS).ok_or_else(unreadable));
        let excluded = layout.excluded.map(|at| MarkCells::of(array(at)).ok_or_else(unreadable));
        Ok(Chunk {
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
        &mut self,
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
        let [named @ .., grades] = columns;
        for ((cells, list), number) in self.named.iter_mut().zip(named).zip(&mut numbers) {
            match cells.number(at, list)? {
                Some(known) => *number = known,
                None => noted(cells.role, Fault::Missing),
            }
        }
        let grade = match &mut self.marking {
            MarkingCells::Grades(cells) => cells.number(at, grades)?.ok_or((Role::Grade, Fault::Missing)),
            MarkingCells::Points(cells) => match cells.get(at) {
                Ok(milli) => Ok(grades.number(milli.map_or(NO_POINTS, |milli| KeyCell::Integer(i128::from(milli))))?),
                Err(wrong) => Err((Role::Points, wrong)),
            },
        };
        let grade = grade.unwrap_or_else(|(role, wrong)| {
            noted(role, wrong);
            0
        });
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

impl<'a> NamingCells<'a> {
    /// No such column.
    fn none(role: Role) -> NamingCells<'a> {
        NamingCells { role, cells: None, codes: None }
    }

    fn of(role: Role, array: &'a dyn Array) -> Option<NamingCells<'a>> {
        let cells = KeyCells::of(array)?;
        let nulls = array.null_count() > 0 || cells.value_nulls.is_some_and(|nulls| nulls.null_count() > 0);
        let codes = (cells.codes.is_some() && !nulls).then(Vec::new);
        Some(NamingCells { role, cells: Some(cells), codes })
    }

    /// The number of a cell; `None` where it is null, 0 where there is no such column.
    fn number(&mut self, at: usize, list: &mut Distinct<'a>) -> Result<Option<u32>, Error> {
        let Some(cells) = &self.cells else { return Ok(Some(0)) };
        let code = cells.codes.as_ref().and_then(|codes| usize::try_from(codes.get(at)?).ok());
        let (Some(known), Some(code)) = (&mut self.codes, code.filter(|code| *code < MOST_CODES)) else {
            return cells.get(at).map(|cell| list.number(cell)).transpose();
        };
        if let Some(number) = known.get(code).filter(|number| **number > 0) {
            return Ok(Some(*number - 1));
        }
        let Some(number) = cells.get(at).map(|cell| list.number(cell)).transpose()? else { return Ok(None) };
        known.resize(known.len().max(code + 1), 0);
        if let Some(place) = known.get_mut(code) {
            *place = number + 1;
        }
        Ok(Some(number))
    }
}
