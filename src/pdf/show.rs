//! Text as the operators that show it: codes of its fonts, and kerning between them.

use super::byte_code;
use super::chunk::{FontKey, FontSet};
use super::font;
use super::syntax::{escaped, integer, length, thousandths};
use crate::document::{Face, Length};
use crate::domain::Error;
use std::sync::OnceLock;

/// Shows a line of common letters, nearly all of a page, and a space after it if it wants one. `false`, and nothing shown, where
/// the line has any other character.
pub fn show_letters(
    out: &mut Vec<u8>,
    state: &mut Option<(FontKey, Length)>,
    (face, size): (Face, Length),
    (text, space): (&str, bool),
    used: &mut FontSet,
) -> bool {
    let bytes = text.as_bytes();
    let Some(kerning) =
        Kerning::of(face).filter(|_| bytes.iter().fold(!bytes.is_empty(), |all, b| all & is_common(*b)))
    else {
        return false;
    };
    let key = FontKey::of(face, 'a');
    used.insert(key);
    select(out, state, key, size);
    out.extend_from_slice(b"[(");
    let mut row = &kerning.0[COUNT];
    let mut from = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let letter = usize::from(byte - FIRST);
        let back = row[letter];
        row = &kerning.0[letter];
        if back != 0 {
            out.extend_from_slice(&bytes[from..at]);
            from = at;
            kern(out, back);
        }
        if key.is_exact() {
            used.show(*byte);
        }
    }
    out.extend_from_slice(&bytes[from..]);
    if space {
        if row[0] != 0 {
            kern(out, row[0]);
        }
        out.push(b' ');
        if key.is_exact() {
            used.show(b' ');
        }
    }
    out.extend_from_slice(b")]TJ");
    true
}

const FIRST: u8 = b' ';
const COUNT: usize = 0x5F;

/// How far the pen moves back between two letters of ASCII, in thousandths of the type size; the last row is that of a line's
/// beginning.
struct Kerning(Box<[[i16; COUNT]; COUNT + 1]>);

static KERNING: [OnceLock<Option<Kerning>>; Face::ALL.len()] = [const { OnceLock::new() }; Face::ALL.len()];

impl Kerning {
    /// None where a face counts in other units.
    fn of(face: Face) -> Option<&'static Kerning> {
        let place = &KERNING[face as usize];
        // Built outside `get_or_init`, as fonts are.
        let kept = place.get().unwrap_or_else(|| {
            let made = (face.units_per_em() == 1000).then(|| Kerning::new(face));
            place.get_or_init(|| made)
        });
        kept.as_ref()
    }

    fn new(face: Face) -> Kerning {
        let letter = |at: usize| char::from(FIRST + at as u8);
        let mut rows = Box::new([[0; COUNT]; COUNT + 1]);
        for (before, row) in rows.iter_mut().enumerate().take(COUNT) {
            *row = std::array::from_fn(|at| -face.kerning(letter(before), letter(at)) as i16);
        }
        Kerning(rows)
    }
}

/// Letters of ASCII in the first font of every face that a string's parentheses hold as they are.
fn is_common(byte: u8) -> bool {
    COMMON[usize::from(byte)]
}

static COMMON: [bool; 256] = common();

const fn common() -> [bool; 256] {
    let mut common = [false; 256];
    let mut code = FIRST;
    while code < 0x7F {
        common[code as usize] = super::chunk::is_first(code) && !matches!(code, b'(' | b')' | b'\\');
        code += 1;
    }
    common
}

fn kern(out: &mut Vec<u8>, back: i16) {
    out.push(b')');
    if back < 0 {
        out.push(b'-');
    }
    integer(out, i64::from(back.unsigned_abs()));
    out.push(b'(');
}

/// Shows a line of text at the pen, one operator for each font that it needs. `state` is the font in force; `used` learns what
/// is shown. Returns the characters that the face lacks.
pub fn show(
    out: &mut Vec<u8>,
    state: &mut Option<(FontKey, Length)>,
    (face, size): (Face, Length),
    text: impl Iterator<Item = char>,
    used: &mut FontSet,
) -> Result<Vec<char>, Error> {
    let mut missing = Vec::new();
    let mut current = None;
    let mut before = None;
    let units_per_em = i64::from(face.units_per_em());
    for character in text {
        let key = FontKey::of(face, character);
        let kerning = before.map_or(0, |before| face.kerning(before, character));
        before = Some(character);
        if kerning != 0 {
            out.push(b')');
            thousandths(out, i64::from(-kerning) * 1_000_000 / units_per_em);
            out.push(b'(');
        }
        if current != Some(key) {
            if current.is_some() {
                out.extend_from_slice(b")]TJ ");
            }
            select(out, state, key, size);
            out.extend_from_slice(b"[(");
            used.insert(key);
            current = Some(key);
        }
        if !code_of(out, key, character, used)? {
            missing.push(character);
        }
    }
    if current.is_some() {
        out.extend_from_slice(b")]TJ");
    }
    Ok(missing)
}

/// A character's code inside a string's parentheses; `false` where the face lacks it.
#[inline]
fn code_of(out: &mut Vec<u8>, key: FontKey, character: char, used: &mut FontSet) -> Result<bool, Error> {
    if key.is_simple() {
        let Some(code) = byte_code::of(character).filter(|_| key.face().covers(character)) else { return Ok(false) };
        if key.is_exact() {
            used.show(code);
        }
        match code {
            b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', code]),
            _ => out.push(code),
        }
        return Ok(true);
    }
    let code = font::font(key)?.code(character);
    code.iter().for_each(|code| escaped(out, &code.to_be_bytes()));
    Ok(code.is_some())
}

fn select(out: &mut Vec<u8>, state: &mut Option<(FontKey, Length)>, key: FontKey, size: Length) {
    if state.replace((key, size)) != Some((key, size)) {
        out.push(b'/');
        out.extend_from_slice(&key.name());
        out.push(b' ');
        length(out, size);
        out.extend_from_slice(b" Tf ");
    }
}
