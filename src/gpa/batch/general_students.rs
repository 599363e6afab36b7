//! Brings the rows of every student together without a sort of the whole: each row goes to the part of its student.

use super::chunk::BLOCK;
use super::faults::Fault;
use super::general_distinct::Ranked;
use super::general_meaning::{Named, OnScale};
use super::general_read::{Piece, Wrong};
use super::general_rows::Numbered;
use super::layout::Role;
use super::request::{BatchRequest, KeyColumn};
use super::share;
use crate::domain::Error;
use std::sync::atomic::{AtomicBool, Ordering};

/// Rows of a part, if students are alike: they stay in the second cache.
const PART: usize = 1 << 15;
const MOST_PARTS: usize = 1 << 12;
/// More rows of one student than this are sorted in a way that can be given up.
const MANY: usize = 1 << 12;

/// How students are divided: so many neighbours to a part.
struct Division {
    parts: usize,
    students: usize,
}

impl Division {
    fn of(rows: usize, students: usize) -> Division {
        let parts = (rows / PART).clamp(1, MOST_PARTS);
        let students = students.div_ceil(parts).max(1);
        Division { parts, students }
    }

    fn part(&self, row: &Numbered) -> usize {
        row.student as usize / self.students
    }
}

/// The rows that mean something, by parts of the students and in them by student, level, term and place.
pub(super) fn students(
    pieces: Vec<Piece>,
    ranked: &[Ranked; 6],
    named: &Named,
    by_student: bool,
    wrong: &mut Wrong,
    request: &BatchRequest,
    cancelled: &AtomicBool,
) -> Result<Vec<Vec<Numbered>>, Error> {
    let rows = pieces.iter().map(|piece| piece.rows.len()).sum();
    let students = if by_student { ranked[0].cells.len() } else { rows };
    let division = Division::of(rows, students);
    let mut before = 0;
    let mut tasks = Vec::with_capacity(pieces.len());
    for (at, piece) in pieces.into_iter().enumerate() {
        let first = (!by_student).then_some(before);
        before += piece.rows.len();
        tasks.push((at, piece, first));
    }
    let divided = share::each(tasks, |(at, piece, first)| {
        let ranks = ranked.each_ref().map(|ranked| ranked.ranks.get(at).map_or(&[][..], Vec::as_slice));
        divided(piece, ranks, first, named, &division, cancelled)
    });
    let mut parts: Vec<Vec<Vec<Numbered>>> = (0..division.parts).map(|_| Vec::new()).collect();
    for piece in divided {
        let (own, faults) = piece?;
        wrong.join(faults);
        parts.iter_mut().zip(own).for_each(|(part, rows)| part.push(rows));
    }
    let gathered = share::each(parts, |part| {
        let mut own = Wrong::none_yet(request);
        let mut rows = gathered(part, division.students, cancelled)?;
        keep_levels_apart(&mut rows, &mut own, request);
        Ok((rows, own))
    });
    let mut parts = Vec::with_capacity(gathered.len());
    for part in gathered {
        let (rows, faults) = part?;
        wrong.join(faults);
        parts.push(rows);
    }
    Ok(parts)
}

/// The rows of a piece by part, with the numbers that all pieces share. `first`: each row stands for itself, and its
/// student is its own number, counted from there.
fn divided(
    piece: Piece,
    ranks: [&[u32]; 6],
    first: Option<usize>,
    named: &Named,
    division: &Division,
    cancelled: &AtomicBool,
) -> Result<(Vec<Vec<Numbered>>, Wrong), Error> {
    let Piece { mut rows, mut wrong, .. } = piece;
    let [students, terms, levels, sections, courses, grades] = ranks;
    let rank = |ranks: &[u32], number: u32| ranks.get(number as usize).copied().unwrap_or(number);
    let mut known = OnScale::default();
    let mut counts = vec![0; division.parts];
    for (at, block) in rows.chunks_mut(BLOCK).enumerate() {
        look(cancelled)?;
        for (number, row) in block.iter_mut().enumerate() {
            row.student = match first {
                Some(first) => u32::try_from(first + at * BLOCK + number).map_err(|_| too_many())?,
                None => rank(students, row.student),
            };
            row.term = rank(terms, row.term);
            row.level = rank(levels, row.level);
            row.section = rank(sections, row.section);
            row.course = rank(courses, row.course);
            row.grade = rank(grades, row.grade);
            let part = division.part(row);
            if let Some(count) = counts.get_mut(part) {
                *count += 1;
            }
        }
    }
    let mut parts: Vec<Vec<Numbered>> = counts.into_iter().map(Vec::with_capacity).collect();
    for block in rows.chunks(BLOCK) {
        look(cancelled)?;
        for row in block {
            if let Some(part) = parts.get_mut(division.part(row)).filter(|_| named.check(row, &mut known, &mut wrong)) {
                part.push(*row);
            }
        }
    }
    Ok((parts, wrong))
}

/// The rows of a part in order. Those of a student stand where counting says they begin; then each student is sorted.
fn gathered(pieces: Vec<Vec<Numbered>>, students: usize, cancelled: &AtomicBool) -> Result<Vec<Numbered>, Error> {
    look(cancelled)?;
    let rows = pieces.concat();
    drop(pieces);
    let order = |row: &Numbered| (row.level, row.term, row.row);
    let mut rows = if rows.is_sorted_by_key(|row| row.student) { rows } else { by_student(&rows, students) };
    for own in rows.chunk_by_mut(|a, b| a.student == b.student) {
        if own.is_sorted_by_key(order) {
            continue;
        }
        if own.len() < MANY {
            own.sort_unstable_by_key(order);
        } else {
            let sorted = share::sort(own, cancelled, |a, b| order(a).cmp(&order(b)));
            sorted.map_err(|_| Error::Cancelled)?;
        }
    }
    look(cancelled)?;
    Ok(rows)
}

/// A counting sort, for neighbouring students; it keeps the order of each student's rows.
fn by_student(rows: &[Numbered], students: usize) -> Vec<Numbered> {
    // A part's students are neighbours: their remainders tell them apart and have their order.
    let place = |row: &Numbered| row.student as usize % students;
    let mut starts = vec![0usize; students + 1];
    for row in rows {
        if let Some(count) = starts.get_mut(place(row) + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut sorted = vec![Numbered::default(); rows.len()];
    for row in rows {
        let start = starts.get_mut(place(row));
        if let Some(start) = start {
            if let Some(slot) = sorted.get_mut(*start) {
                *slot = *row;
            }
            *start += 1;
        }
    }
    sorted
}

/// A student's levels have totals of their own: added up they are nobody's.
fn keep_levels_apart(rows: &mut Vec<Numbered>, wrong: &mut Wrong, request: &BatchRequest) {
    let by = &request.by.keys;
    if !by.contains(&KeyColumn::Student) || by.contains(&KeyColumn::Level) {
        return;
    }
    let one_level = |rows: &[Numbered]| rows.windows(2).all(|pair| pair[0].level == pair[1].level);
    if rows.chunk_by(|a, b| a.student == b.student).all(one_level) {
        return;
    }
    let mut kept = Vec::with_capacity(rows.len());
    for own in rows.chunk_by(|a, b| a.student == b.student) {
        let first = own.iter().min_by_key(|row| row.row).map(|row| row.level);
        for row in own {
            if Some(row.level) == first {
                kept.push(*row);
            } else {
                wrong.add(Role::Key(KeyColumn::Level), Fault::MixedLevels, row.row);
            }
        }
    }
    *rows = kept;
}

fn look(cancelled: &AtomicBool) -> Result<(), Error> {
    if cancelled.load(Ordering::Relaxed) { Err(Error::Cancelled) } else { Ok(()) }
}

fn too_many() -> Error {
    Error::configuration("a table without students has more than 4294967295 rows")
}
