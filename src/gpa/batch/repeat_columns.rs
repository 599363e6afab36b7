//! Courses and terms as 32-bit numbers: integers as they are, texts by what they are called.

use super::cells::{Integers, KeyCell, KeyCells, Values, with_integers};
use super::chunk::Table;
use super::general_names;
use super::groups::Ordered;
use super::share;
use super::stop::Stop;
use crate::gpa::repeats::Repeats;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// How the cells of one column become numbers.
pub(super) enum Numbering<'a> {
    /// Integers of at most 32 bits, and what keeps their order as unsigned numbers.
    Narrow,
    /// Of 64 bits, within 2^31 of the first.
    Wide(u64),
    /// Courses by their name, in order of appearance.
    Courses(Courses<'a>),
    /// Terms by their rank.
    Terms(HashMap<KeyCell<'a>, u32>),
}

/// The courses met so far, shared by all tasks.
pub(super) struct Courses<'a> {
    repeats: &'a Repeats,
    known: Mutex<HashMap<String, u32>>,
}

/// A course that is never a repeat.
pub(super) const NEVER: u32 = u32::MAX;
const UNLEARNED: u32 = u32::MAX - 1;

impl<'a> Numbering<'a> {
    /// Courses go by the names that the policy gives them.
    pub fn courses(first: &KeyCells, repeats: &'a Repeats) -> Numbering<'a> {
        match plain(first).filter(|_| repeats.names.is_empty()) {
            Some(numbering) => numbering,
            None => Numbering::Courses(Courses { repeats, known: Mutex::default() }),
        }
    }

    /// Terms in their order: integers by value, texts by their bytes.
    pub fn terms(table: &Table<'a>, column: usize) -> Result<Numbering<'a>, Stop> {
        let Some(batch) = table.batches.iter().find(|batch| batch.num_rows() > 0) else { return Ok(Numbering::Narrow) };
        if let Some(numbering) = plain(&open(batch, column)?) {
            return Ok(numbering);
        }
        let distinct = |span: Range<usize>| {
            let mut found = BTreeSet::new();
            let mut last = None;
            table.blocks(span, |chunk, rows| {
                let cells = open(chunk.batch, column)?;
                for row in rows {
                    let cell = cells.get(row).ok_or(Stop::Slow)?;
                    if last != Some(cell) {
                        found.insert(cell);
                        last = Some(cell);
                    }
                }
                Ok(())
            })?;
            Ok(found)
        };
        let mut all = BTreeSet::new();
        for found in share::each(table.spans(share::threads() * 2), distinct) {
            all.extend(found?);
        }
        let ranks = all.into_iter().zip(0..);
        Ok(Numbering::Terms(ranks.collect()))
    }

    fn number(&self, cell: KeyCell<'a>) -> Result<u32, Stop> {
        match self {
            Numbering::Terms(ranks) => ranks.get(&cell).copied().ok_or(Stop::Slow),
            Numbering::Courses(courses) => courses.number(&cell),
            Numbering::Narrow | Numbering::Wide(_) => Err(Stop::Slow),
        }
    }
}

impl Courses<'_> {
    fn number(&self, cell: &KeyCell) -> Result<u32, Stop> {
        let course = general_names::course(cell).ok_or(Stop::Slow)?;
        let code = course.number.as_ref().ok_or(Stop::Slow)?;
        let Some(name) = self.repeats.course(code.as_str()) else { return Ok(NEVER) };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = known.get(name) {
            return Ok(*number);
        }
        let number = u32::try_from(known.len()).ok().filter(|number| *number < UNLEARNED).ok_or(Stop::Slow)?;
        known.insert(name.to_owned(), number);
        Ok(number)
    }
}

/// The cells of a column, none of them null.
pub(super) fn open(batch: &arrow_array::RecordBatch, column: usize) -> Result<KeyCells<'_>, Stop> {
    let array = batch.columns().get(column).ok_or(Stop::Slow)?;
    let cells = KeyCells::of(array.as_ref()).ok_or(Stop::Slow)?;
    let nulls = array.null_count() > 0 || cells.value_nulls.is_some_and(|nulls| nulls.null_count() > 0);
    if nulls { Err(Stop::Slow) } else { Ok(cells) }
}

fn plain<'n>(cells: &KeyCells) -> Option<Numbering<'n>> {
    match (&cells.values, &cells.codes) {
        (Values::Integers(Integers::I64(values)), None) => Some(around(values.first()?.ordered())),
        (Values::Integers(Integers::U64(values)), None) => Some(around(values.first()?.ordered())),
        (Values::Integers(_), None) => Some(Numbering::Narrow),
        _ => None,
    }
}

fn around<'n>(first: u64) -> Numbering<'n> {
    Numbering::Wide(first.saturating_sub(1 << 31))
}

/// What one task knows of a column.
pub(super) struct Numbers<'a, 'n> {
    numbering: &'n Numbering<'a>,
    known: HashMap<KeyCell<'a>, u32>,
    last: Option<(KeyCell<'a>, u32)>,
    /// By code of the dictionary whose first text lies at the address.
    table: Vec<u32>,
    dictionary: usize,
}

impl<'a, 'n> Numbers<'a, 'n> {
    pub fn new(numbering: &'n Numbering<'a>) -> Numbers<'a, 'n> {
        Numbers { numbering, known: HashMap::new(), last: None, table: Vec::new(), dictionary: 0 }
    }

    /// The numbers of these rows behind those that are there. `batch` tells dictionaries apart.
    pub fn append(
        &mut self,
        cells: &KeyCells<'a>,
        batch: &'a arrow_array::RecordBatch,
        rows: Range<usize>,
        out: &mut Vec<u32>,
    ) -> Result<(), Stop> {
        let start = out.len();
        out.resize(start + rows.len(), 0);
        self.fill(cells, batch, rows, out.get_mut(start..).unwrap_or_default())
    }

    /// The numbers of these rows.
    pub fn fill(
        &mut self,
        cells: &KeyCells<'a>,
        batch: &'a arrow_array::RecordBatch,
        rows: Range<usize>,
        out: &mut [u32],
    ) -> Result<(), Stop> {
        match (self.numbering, &cells.values, &cells.codes) {
            (Numbering::Narrow, Values::Integers(integers), None) => narrow(integers, rows, out),
            (Numbering::Wide(base), Values::Integers(integers), None) => wide(integers, *base, rows, out),
            (_, _, Some(codes)) => {
                let address = std::ptr::from_ref(batch).addr();
                if std::mem::replace(&mut self.dictionary, address) != address {
                    self.table.clear();
                }
                for (row, out) in rows.zip(out) {
                    let code = codes.get(row).and_then(|code| usize::try_from(code).ok()).ok_or(Stop::Slow)?;
                    *out = match self.table.get(code) {
                        Some(number) if *number != UNLEARNED => *number,
                        _ => self.learn(code, cells.get(row).ok_or(Stop::Slow)?)?,
                    };
                }
                Ok(())
            }
            _ => {
                for (row, out) in rows.zip(out) {
                    *out = self.number(cells.get(row).ok_or(Stop::Slow)?)?;
                }
                Ok(())
            }
        }
    }

    fn learn(&mut self, code: usize, cell: KeyCell<'a>) -> Result<u32, Stop> {
        let number = self.number(cell)?;
        if self.table.len() <= code {
            self.table.resize(code + 1, UNLEARNED);
        }
        if let Some(place) = self.table.get_mut(code) {
            *place = number;
        }
        Ok(number)
    }

    fn number(&mut self, cell: KeyCell<'a>) -> Result<u32, Stop> {
        if let Some((_, number)) = self.last.filter(|(last, _)| *last == cell) {
            return Ok(number);
        }
        let number = match self.known.get(&cell) {
            Some(number) => *number,
            None => {
                let number = self.numbering.number(cell)?;
                self.known.insert(cell, number);
                number
            }
        };
        self.last = Some((cell, number));
        Ok(number)
    }
}

#[expect(clippy::unnecessary_cast, reason = "one piece of code for every width")]
fn narrow(integers: &Integers, rows: Range<usize>, out: &mut [u32]) -> Result<(), Stop> {
    // Of at most 32 bits: the lower half of the ordered number keeps the order.
    const SIGN: u32 = 1 << 31;
    let flip = if super::groups::signed(integers) { SIGN } else { 0 };
    with_integers!(integers, values => {
        for (value, out) in values.get(rows).ok_or(Stop::Slow)?.iter().zip(out) {
            *out = *value as u32 ^ flip;
        }
    });
    Ok(())
}

fn wide(integers: &Integers, base: u64, rows: Range<usize>, out: &mut [u32]) -> Result<(), Stop> {
    let mut beyond = 0;
    with_integers!(integers, values => {
        for (value, out) in values.get(rows).ok_or(Stop::Slow)?.iter().zip(out) {
            let distance = value.ordered().wrapping_sub(base);
            beyond |= distance >> 32;
            *out = distance as u32;
        }
    });
    if beyond == 0 { Ok(()) } else { Err(Stop::Slow) }
}
