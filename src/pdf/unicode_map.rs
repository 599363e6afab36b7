//! The ToUnicode map of a font (ISO 32000-1, 9.10.3): what makes its text searchable.

use std::fmt::Write;

const HEAD: &str = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n\
/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n";
const TAIL: &str = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";

/// The map of codes 1, 2, … to these texts.
pub fn write_texts(texts: &[&str]) -> Vec<u8> {
    let mut map = String::from(HEAD);
    let codes: Vec<(u16, &str)> = (1u16..).zip(texts.iter().copied()).collect();
    for block in codes.chunks(100) {
        let _ = writeln!(map, "{} beginbfchar", block.len());
        for (code, text) in block {
            let _ = write!(map, "<{code:04X}> <");
            for unit in text.encode_utf16() {
                let _ = write!(map, "{unit:04X}");
            }
            map.push_str(">\n");
        }
        map.push_str("endbfchar\n");
    }
    map.push_str(TAIL);
    map.into_bytes()
}

/// The map of codes 1, 2, … to these characters.
pub fn write(characters: &[char]) -> Vec<u8> {
    let mut map = String::from(HEAD);
    // A block may hold a hundred ranges.
    for block in runs(characters).chunks(100) {
        let _ = writeln!(map, "{} beginbfrange", block.len());
        for (first, last, character) in block {
            let _ = write!(map, "<{first:04X}> <{last:04X}> <");
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(map, "{unit:04X}");
            }
            map.push_str(">\n");
        }
        map.push_str("endbfrange\n");
    }
    map.push_str(TAIL);
    map.into_bytes()
}

/// Codes whose characters follow each other: first and last code, first character.
fn runs(characters: &[char]) -> Vec<(u16, u16, char)> {
    let mut runs: Vec<(u16, u16, char)> = Vec::new();
    for (code, &character) in (1u16..).zip(characters) {
        match runs.last_mut() {
            // A range may change only the last byte of the code, and of the character.
            Some((first, last, start))
                if u32::from(character) == u32::from(*start) + u32::from(code - *first)
                    && code & 0xFF != 0
                    && u32::from(character) & 0xFF != 0 =>
            {
                *last = code;
            }
            _ => runs.push((code, code, character)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_a_range_and_high_characters_take_two_units() {
        assert_eq!(runs(&['a', 'b', 'd']), [(1, 2, 'a'), (3, 3, 'd')]);
        assert_eq!(runs(&['\u{1ff}', '\u{200}']).len(), 2);
        let map = String::from_utf8(write(&['a', '\u{1d49c}'])).unwrap();
        assert!(map.contains("<0001> <0001> <0061>\n<0002> <0002> <D835DC9C>"), "{map}");
    }
}
