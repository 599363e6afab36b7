//! How a face's characters are divided, so that a document embeds only the scripts that it uses.

use super::byte_code::{self, Codes};
use crate::document::Face;

/// Number of chunks of a face.
pub const CHUNKS: u8 = 8;
/// The chunks before this one have codes of one byte.
const SIMPLE: u8 = 2;

/// One chunk of one face: what is subset once per process and embedded as one font.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FontKey(u8);

impl FontKey {
    pub const COUNT: usize = Face::ALL.len() * CHUNKS as usize;

    /// Where a face would have the character.
    pub fn of(face: Face, character: char) -> FontKey {
        FontKey(face as u8 * CHUNKS + chunk(face, character))
    }

    pub fn face(self) -> Face {
        Face::ALL[usize::from(self.0 / CHUNKS)]
    }

    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// Whether the chunk holds the character.
    pub fn covers(self, character: char) -> bool {
        chunk(self.face(), character) == self.0 % CHUNKS
    }

    /// Whether its codes are of one byte ([`byte_code`]).
    pub fn is_simple(self) -> bool {
        self.0 % CHUNKS < SIMPLE
    }

    /// Whether each document embeds just what it shows of it: the display face, whose few titles are much the same everywhere.
    pub fn is_exact(self) -> bool {
        self.face() == Face::Display && self.is_simple()
    }

    /// The name in a page's resources: a letter for the face, a digit for the chunk.
    pub fn name(self) -> [u8; 2] {
        let face = match self.face() {
            Face::Text => b'T',
            Face::Strong => b'S',
            Face::Display => b'D',
        };
        [face, b'0' + self.0 % CHUNKS]
    }
}

/// The fonts that a document uses, and what it shows of those that it embeds exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FontSet {
    keys: u32,
    exact: Codes,
}

impl FontSet {
    pub fn insert(&mut self, key: FontKey) {
        self.keys |= 1 << key.0;
    }

    /// Notes a code that a font which is embedded exactly shows.
    #[inline]
    pub fn show(&mut self, code: u8) {
        self.exact.insert(code);
    }

    pub fn exact(&self) -> Codes {
        self.exact
    }

    pub fn iter(self) -> impl Iterator<Item = FontKey> {
        (0..FontKey::COUNT as u8).filter(move |index| self.keys & (1 << index) != 0).map(FontKey)
    }
}

/// By how often characters meet: most documents in languages of western Europe need the first chunk alone.
#[inline]
fn chunk(face: Face, character: char) -> u8 {
    match LOW.get(character as usize) {
        Some(_) if face == Face::Display => 0,
        Some(chunk) => *chunk,
        None => high(face, character),
    }
}

/// Whether a character of ASCII is in every face's first chunk.
pub const fn is_first(code: u8) -> bool {
    LOW[code as usize] == 0
}

/// The chunks of U+0000 to U+00FF.
const LOW: [u8; 256] = low();

/// Of ASCII, what a transcript hardly ever has.
const RARE: &[u8] = b"!\"#$%*<=>?[\\]^_`{|}~";
/// Letters of western Europe's languages that are met with most, in Latin-1.
const ACCENTED: &[u8] = b"\xC9\xD6\xE0\xE1\xE2\xE3\xE4\xE5\xE7\xE8\xE9\xEA\xEB\xEC\xED\xEE\xEF\xF1\xF2\xF3\xF4\xF5\xF6\xF8\xF9\xFA\xFB\xFC\xFD";

const fn low() -> [u8; 256] {
    let mut table = [1; 256];
    let mut code = 0x20;
    while code < 0x7F {
        table[code] = 0;
        code += 1;
    }
    // No-break space and the raised point, which parts what a line lists.
    table[0xA0] = 0;
    table[0xB7] = 0;
    fill(&mut table, RARE, 1);
    fill(&mut table, ACCENTED, 0);
    table
}

const fn fill(table: &mut [u8; 256], codes: &[u8], chunk: u8) {
    let mut at = 0;
    while at < codes.len() {
        table[codes[at] as usize] = chunk;
        at += 1;
    }
}

fn high(face: Face, character: char) -> u8 {
    match u32::from(character) {
        // Dashes, quotation marks and the dots of what is left out.
        0x2013 | 0x2014 | 0x2018 | 0x2019 | 0x201C | 0x201D | 0x2022 | 0x2026 | 0x2212 => 0,
        _ if byte_code::of(character).is_some() => u8::from(face != Face::Display),
        0x100..=0x24F => 2,
        0x1E00..=0x1EFF => 3,
        0x250..=0x36F => 4,
        0x370..=0x3FF | 0x1F00..=0x1FFF => 5,
        0x400..=0x52F | 0x1C80..=0x1C8F | 0x2DE0..=0x2DFF | 0xA640..=0xA69F => 6,
        _ => 7,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_gives_back_what_was_put_in() {
        let keys: Vec<FontKey> = Face::ALL
            .into_iter()
            .flat_map(|face| ['a', '½', 'ő', 'ệ', 'ʻ', 'Ω', 'Ж', '≤'].map(|c| FontKey::of(face, c)))
            .collect();
        let mut set = FontSet::default();
        keys.iter().for_each(|key| set.insert(*key));
        let mut expected = keys.clone();
        // The display face has all that has a code of one byte in one font.
        expected.dedup();
        assert_eq!(set.iter().collect::<Vec<_>>(), expected);
        assert_eq!(expected.len(), FontKey::COUNT - 1);
        assert_eq!(keys.iter().filter(|key| key.is_exact()).count(), 2);
        const { assert!(FontKey::COUNT <= 32, "the set is one word") };
        assert_eq!(keys[9].face(), Face::Strong);
    }
}
