//! Blocks of rows into packed attempts: credits and what they are multiplied by.

use super::cells::Integers;
use super::chunk::{BLOCK, Chunk, MarkColumn, MarkingColumn};
use super::classes::Classes;
use super::credit_cells::{MOST_CREDITS, MOST_POINTS, thousandths};
use super::grade_codes::GradeCodes;
use super::groups::Ordered;
use super::stop::Stop;
use super::wider::wider;
use super::worth::{Classed, Spelled};
use std::ops::Range;

/// Room for one block, and what a task remembers of the chunks before.
pub(super) struct Decoder<'c> {
    classes: &'c Classes,
    codes: GradeCodes<'c>,
    credits: Box<[u32; BLOCK]>,
    /// By row: the class of the grade, or the grade points in thousandths.
    marks: Box<[u32; BLOCK]>,
    /// All credits seen so far, or-ed: a bound of the largest.
    pub credit_bits: u32,
}

/// A packed form that blocks can be decoded to.
pub(super) trait Decoded: super::worth::Worth {
    fn pack(decoder: &mut Decoder, chunk: &Chunk, rows: Range<usize>, out: &mut Vec<Self>) -> Result<(), Stop>;
}

impl<'c> Decoder<'c> {
    pub fn new(classes: &'c Classes) -> Decoder<'c> {
        Decoder {
            classes,
            codes: GradeCodes::new(classes),
            credits: Box::new([1000; BLOCK]),
            marks: Box::new([0; BLOCK]),
            credit_bits: 1000,
        }
    }

    /// The rows, at most a block of them. A wrong cell stops.
    pub fn block<W: Decoded>(&mut self, chunk: &Chunk, rows: Range<usize>, out: &mut Vec<W>) -> Result<(), Stop> {
        if let Some(numbers) = &chunk.credits {
            let out = self.credits.get_mut(..rows.len()).ok_or(Stop::Slow)?;
            thousandths(numbers, rows.clone(), MOST_CREDITS, out).ok_or(Stop::Slow)?;
            self.credit_bits |= out.iter().fold(0, |all, credits| all | credits);
        }
        W::pack(self, chunk, rows, out)
    }

    /// Where codes of one byte are classes and marks are bytes too, all three are brought together at once.
    fn codes_as_they_are(
        &mut self,
        chunk: &Chunk,
        rows: Range<usize>,
        out: &mut Vec<Classed>,
    ) -> Option<Result<(), Stop>> {
        let MarkingColumn::Codes(codes, values) = &chunk.marking else { return None };
        let marks = match &chunk.excluded {
            None => NO_MARKS.get(..rows.len())?,
            Some(MarkColumn::Whole(Integers::U8(marks))) => marks.get(rows.clone())?,
            Some(_) => return None,
        };
        let known = self.codes.own_classes(values)?;
        out.resize(rows.len(), Classed::default());
        let credits = self.credits.get(..rows.len())?;
        let (most_code, all_marks) = match codes {
            Integers::I8(codes) => together(credits, codes.get(rows)?, marks, out),
            Integers::U8(codes) => together(credits, codes.get(rows)?, marks, out),
            _ => return None,
        };
        Some(if most_code < known && all_marks <= 1 { Ok(()) } else { Err(Stop::Slow) })
    }

    fn grades(&mut self, chunk: &Chunk, rows: Range<usize>) -> Result<(), Stop> {
        let out = self.marks.get_mut(..rows.len()).ok_or(Stop::Slow)?;
        let whole = match &chunk.marking {
            MarkingColumn::Codes(codes, values) => self.codes.codes(codes, values, rows, out),
            MarkingColumn::Texts(texts) => self.codes.texts(texts, rows, out),
            MarkingColumn::Points(..) => None,
        };
        whole.ok_or(Stop::Slow)
    }
}

const NO_MARKS: [u8; BLOCK] = [0; BLOCK];

wider! {
    /// Credits, codes and marks packed row by row; the greatest code, and all marks or-ed.
    fn together<T: Ordered>(credits: &[u32], codes: &[T], marks: &[u8], out: &mut [Classed]) -> (u32, u8) {
        let (mut most, mut all) = (0, 0);
        for (((credits, code), mark), out) in credits.iter().zip(codes).zip(marks).zip(out) {
            let code = u32::from(code.widened() as u8);
            most = most.max(code);
            all |= *mark;
            *out = Classed(credits << 8 | code << 1 | u32::from(*mark));
        }
        (most, all)
    }
}

impl Decoded for Classed {
    fn pack(decoder: &mut Decoder, chunk: &Chunk, rows: Range<usize>, out: &mut Vec<Classed>) -> Result<(), Stop> {
        if let Some(outcome) = decoder.codes_as_they_are(chunk, rows.clone(), out) {
            return outcome;
        }
        decoder.grades(chunk, rows.clone())?;
        out.clear();
        let cells = decoder.credits.iter().zip(decoder.marks.iter()).take(rows.len());
        out.extend(cells.map(|(credits, class)| Classed(credits << 8 | class << 1)));
        match &chunk.excluded {
            None => Ok(()),
            Some(marks) => left_out(marks, rows, out, |row, mark| row.0 |= mark),
        }
    }
}

impl Decoded for Spelled {
    fn pack(decoder: &mut Decoder, chunk: &Chunk, rows: Range<usize>, out: &mut Vec<Spelled>) -> Result<(), Stop> {
        out.clear();
        match &chunk.marking {
            MarkingColumn::Points(numbers, array) => {
                let marks = decoder.marks.get_mut(..rows.len()).ok_or(Stop::Slow)?;
                let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0);
                let known = |row: usize| nulls.is_none_or(|nulls| nulls.is_valid(row));
                points(numbers, rows.clone(), &known, marks)?;
                let cells = decoder.credits.iter().zip(marks.iter());
                match nulls {
                    None => out.extend(cells.map(|(credits, points)| Spelled::of_points(*credits, *points, true))),
                    Some(nulls) => {
                        let known = nulls.inner().slice(rows.start, rows.len());
                        let cells = cells.zip(known.iter());
                        out.extend(
                            cells.map(|((credits, points), known)| Spelled::of_points(*credits, *points, known)),
                        );
                    }
                }
            }
            _ => {
                decoder.grades(chunk, rows.clone())?;
                let weights = decoder.classes.weights();
                let cells = decoder.credits.iter().zip(decoder.marks.iter()).take(rows.len());
                out.extend(cells.map(|(credits, class)| {
                    let weights = weights.get(*class as usize).copied().unwrap_or_default();
                    Spelled(Spelled::of(weights).0 | u64::from(*credits))
                }));
            }
        }
        match &chunk.excluded {
            None => Ok(()),
            Some(marks) => left_out(marks, rows, out, |row, mark| *row = row.unless(mark)),
        }
    }
}

/// Calls `mark` with each row and 1 where it is marked as left out, else 0.
fn left_out<W>(marks: &MarkColumn, rows: Range<usize>, out: &mut [W], mark: impl Fn(&mut W, u32)) -> Result<(), Stop> {
    match marks {
        MarkColumn::Yes(marks) => {
            for (row, out) in rows.zip(out) {
                mark(out, u32::from(marks.value(row)));
            }
            Ok(())
        }
        MarkColumn::Whole(integers) => super::cells::with_integers!(integers, values => {
            let values = values.get(rows).ok_or(Stop::Slow)?;
            let wrong = values.iter().fold(0, |all, value| all | *value);
            for (value, out) in values.iter().zip(out) {
                mark(out, value.widened() as u32 & 1);
            }
            if wrong.widened() > 1 { Err(Stop::Slow) } else { Ok(()) }
        }),
    }
}

/// Grade points in thousandths, whatever a null hides.
fn points(
    numbers: &super::credit_cells::Numbers,
    rows: Range<usize>,
    known: &impl Fn(usize) -> bool,
    out: &mut [u32],
) -> Result<(), Stop> {
    if thousandths(numbers, rows.clone(), MOST_POINTS, out).is_some() {
        return Ok(());
    }
    for (place, row) in rows.enumerate() {
        if known(row) {
            let one = out.get_mut(place..=place).ok_or(Stop::Slow)?;
            thousandths(numbers, row..row + 1, MOST_POINTS, one).ok_or(Stop::Slow)?;
        }
    }
    Ok(())
}
