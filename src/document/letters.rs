//! ASCII in the built-in faces, nearly all of a page: widths and kerning from one small table a face.

use super::face::{Face, once};
use super::kerning;
use std::sync::OnceLock;

const FIRST: usize = 0x20;
const COUNT: usize = 0x5F;

struct Letters {
    advances: [i16; COUNT],
    /// By the letter before and the letter; the last row is that of a line's beginning.
    kerning: Box<[[i16; COUNT]; COUNT + 1]>,
}

static LETTERS: [OnceLock<Letters>; Face::ALL.len()] = [const { OnceLock::new() }; Face::ALL.len()];

impl Letters {
    fn of(face: Face) -> &'static Letters {
        once(&LETTERS[face as usize], || Letters::new(face))
    }

    fn new(face: Face) -> Letters {
        let letter = |at: usize| char::from((FIRST + at) as u8);
        let advances = std::array::from_fn(|at| face.units(letter(at)) as i16);
        let mut rows = Box::new([[0; COUNT]; COUNT + 1]);
        for (before, row) in rows.iter_mut().enumerate().take(COUNT) {
            *row = std::array::from_fn(|at| kerning::between(face, letter(before), letter(at)) as i16);
        }
        Letters { advances, kerning: rows }
    }
}

fn place(character: char) -> Option<usize> {
    (character as usize).checked_sub(FIRST).filter(|place| *place < COUNT)
}

/// Whether a text is ASCII throughout, without controls; every face has all of it.
pub fn are_ascii(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// The width of a line with kerning, in font units.
pub fn units(face: Face, text: &str) -> i32 {
    let letters = Letters::of(face);
    let (mut units, mut row, mut before) = (0, Some(COUNT), None);
    for character in text.chars() {
        let column = place(character);
        units += match (row, column) {
            (Some(row), Some(at)) => i32::from(letters.advances[at]) + i32::from(letters.kerning[row][at]),
            _ => face.step(before, character),
        };
        (row, before) = (column, Some(character));
    }
    units
}

/// What stands between two characters, where both are ASCII.
pub fn kerning(face: Face, before: char, after: char) -> Option<i32> {
    Some(i32::from(Letters::of(face).kerning[place(before)?][place(after)?]))
}

/// How far a character moves the pen, where it is ASCII.
pub fn advance(face: Face, character: char) -> Option<i32> {
    Some(i32::from(Letters::of(face).advances[place(character)?]))
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
