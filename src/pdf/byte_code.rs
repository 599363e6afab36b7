//! The one-byte codes of the characters that nearly all text is made of, the same in every font; Latin-1 stands for itself.

/// Typographic characters, in the codes that Latin-1 leaves to controls.
const PUNCTUATION: u8 = 0x80;
const OTHERS: [char; 8] =
    ['\u{2212}', '\u{2030}', '\u{2032}', '\u{2033}', '\u{2039}', '\u{203A}', '\u{20AC}', '\u{2122}'];
/// Of the first of the others.
const AFTER: u8 = 0x97;

/// The code of a character, if it has one.
#[inline]
pub fn of(character: char) -> Option<u8> {
    match u32::from(character) {
        code @ (0x20..=0x7E | 0xA0..=0xFF) => Some(code as u8),
        code @ 0x2010..=0x2026 => Some(PUNCTUATION + (code - 0x2010) as u8),
        _ => OTHERS.iter().position(|other| *other == character).map(|at| AFTER + at as u8),
    }
}

/// The character of a code.
pub fn character(code: u8) -> Option<char> {
    match code {
        0x20..=0x7E | 0xA0..=0xFF => Some(char::from(code)),
        PUNCTUATION..AFTER => char::from_u32(0x2010 + u32::from(code - PUNCTUATION)),
        _ => OTHERS.get(usize::from(code.checked_sub(AFTER)?)).copied(),
    }
}

/// All codes and their characters, in the order of the codes.
pub fn all() -> impl Iterator<Item = (u8, char)> {
    (0..=u8::MAX).filter_map(|code| Some((code, character(code)?)))
}

/// Some of the codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Codes([u64; 4]);

impl Codes {
    #[inline]
    pub fn insert(&mut self, code: u8) {
        self.0[usize::from(code >> 6)] |= 1 << (code & 63);
    }

    pub fn contains(&self, code: u8) -> bool {
        self.0[usize::from(code >> 6)] & 1 << (code & 63) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_character_and_back() {
        let mut set = Codes::default();
        for (code, character) in all() {
            assert_eq!(of(character), Some(code));
            assert!(!set.contains(code));
            set.insert(code);
            assert!(set.contains(code));
        }
        assert_eq!(all().count(), 95 + 96 + 23 + 8);
        assert_eq!(
            ['é', '—', '−', '™', '\u{ad}'].map(of),
            [Some(0xE9), Some(0x84), Some(0x97), Some(0x9E), Some(0xAD)]
        );
        assert_eq!(['ő', '\n', '\u{9e}', '漢'].map(of), [None; 4]);
    }
}
