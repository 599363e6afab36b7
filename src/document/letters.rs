//! ASCII in the built-in faces, nearly all of a page: widths and kerning from one small table a face.

use super::face::{Face, once};
use super::kerning;
use super::length::Length;
use std::sync::OnceLock;

const FIRST: usize = 0x20;
const COUNT: usize = 0x5F;

struct Letters {
    units_per_em: i32,
    /// How far a letter moves the pen, by the letter before and the letter; the last row is that of a line's beginning.
    steps: Box<[[i16; COUNT]; COUNT + 1]>,
}

static LETTERS: [OnceLock<Letters>; Face::ALL.len()] = [const { OnceLock::new() }; Face::ALL.len()];

impl Letters {
    #[inline]
    fn of(face: Face) -> &'static Letters {
        once(&LETTERS[face as usize], || Letters::new(face))
    }

    fn new(face: Face) -> Letters {
        let letter = |at: usize| char::from((FIRST + at) as u8);
        let mut steps = Box::new([[0; COUNT]; COUNT + 1]);
        for (before, row) in steps.iter_mut().enumerate() {
            let kerning =
                |at: usize| if before < COUNT { kerning::between(face, letter(before), letter(at)) } else { 0 };
            *row = std::array::from_fn(|at| (face.units(letter(at)) + kerning(at)) as i16);
        }
        Letters { units_per_em: face.units_per_em(), steps }
    }
}

fn place(character: char) -> Option<usize> {
    (character as usize).checked_sub(FIRST).filter(|place| *place < COUNT)
}

/// Whether a text is ASCII throughout, without controls; every face has all of it.
pub fn are_ascii(text: &str) -> bool {
    // Without an early end: it is done many bytes at a time.
    text.bytes().fold(true, |all, byte| all & (b' '..=b'~').contains(&byte))
}

/// The width of a line with kerning, in font units.
pub fn units(face: Face, text: &str) -> i32 {
    if let Some(units) = ascii_units(face, text) {
        return units;
    }
    steps(face, text).map(|(_, _, step)| step).sum()
}

/// Each character with its place, and how far it moves the pen after the one before it.
pub fn steps(face: Face, text: &str) -> impl Iterator<Item = (usize, char, i32)> {
    let letters = Letters::of(face);
    let (mut row, mut before) = (Some(COUNT), None);
    text.char_indices().map(move |(at, character)| {
        let column = place(character);
        let step = match (row, column) {
            (Some(row), Some(column)) => i32::from(letters.steps[row][column]),
            _ => face.step(before, character),
        };
        (row, before) = (column, Some(character));
        (at, character, step)
    })
}

/// The same of a text that is ASCII throughout, without controls; `None` for any other.
#[inline]
pub fn ascii_units(face: Face, text: &str) -> Option<i32> {
    ascii_units_of(Letters::of(face), text)
}

#[inline]
fn ascii_units_of(letters: &Letters, text: &str) -> Option<i32> {
    let mut units = 0;
    let mut row = &letters.steps[COUNT];
    for byte in text.bytes() {
        let at = usize::from(byte.wrapping_sub(FIRST as u8));
        units += i32::from(*row.get(at)?);
        row = letters.steps.get(at)?;
    }
    Some(units)
}

/// The same at a type size.
#[inline]
pub fn ascii_width(face: Face, text: &str, size: Length) -> Option<Length> {
    let letters = Letters::of(face);
    Some(size.scaled(ascii_units_of(letters, text)?, letters.units_per_em))
}

/// What stands between two characters, where both are ASCII.
pub fn kerning(face: Face, before: char, after: char) -> Option<i32> {
    let steps = &Letters::of(face).steps;
    let (before, after) = (place(before)?, place(after)?);
    Some(i32::from(steps[before][after]) - i32::from(steps[COUNT][after]))
}

/// How far a character moves the pen, where it is ASCII.
pub fn advance(face: Face, character: char) -> Option<i32> {
    Some(i32::from(Letters::of(face).steps[COUNT][place(character)?]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_say_what_the_faces_say() {
        let all: String = (' '..='~').collect();
        for face in Face::ALL {
            assert!(all.chars().all(|letter| face.covers(letter)));
            for before in all.chars() {
                for after in all.chars() {
                    let pair = format!("{before}{after}");
                    let expected = face.units(before) + face.units(after) + kerning::between(face, before, after);
                    assert_eq!(units(face, &pair), expected, "{pair}");
                }
            }
            let stepped = |text: &str| {
                let mut before = None;
                text.chars().map(|character| face.step(before.replace(character), character)).sum::<i32>()
            };
            for mixed in ["", "é", "Té.Té", "— A’V “Öl” · 50 %", "Ελένη V."] {
                assert_eq!(units(face, mixed), stepped(mixed), "{mixed}");
            }
        }
        assert!(are_ascii(&all) && !are_ascii("é") && !are_ascii("\n"));
    }
}
