//! The ToUnicode map of a font (ISO 32000-1, 9.10.3): what makes its text searchable.

use std::fmt::Write;

const HEAD: &str = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n\
/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n";
const TAIL: &str = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";

/// How many hexadecimal digits a code takes: two or four.
#[derive(Clone, Copy)]
pub struct Digits(usize);

impl Digits {
    pub const BYTE: Digits = Digits(2);
    pub const TWO_BYTES: Digits = Digits(4);
}

/// The map of codes 1, 2, … of two bytes to these texts.
pub fn write_texts(texts: &[&str]) -> Vec<u8> {
    let mut map = begun(Digits::TWO_BYTES);
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

/// The map of codes to characters, in the order of the codes.
pub fn write(Digits(digits): Digits, codes: &[(u16, char)]) -> Vec<u8> {
    let mut map = begun(Digits(digits));
    // A block may hold a hundred ranges.
    for block in runs(codes).chunks(100) {
        let _ = writeln!(map, "{} beginbfrange", block.len());
        for (first, last, character) in block {
            let _ = write!(map, "<{first:0digits$X}> <{last:0digits$X}> <");
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

fn begun(Digits(digits): Digits) -> String {
    let (first, last) = ("0".repeat(digits), "F".repeat(digits));
    format!("{HEAD}<{first}> <{last}>\nendcodespacerange\n")
}

/// Codes that follow each other as their characters do: first and last code, first character.
fn runs(codes: &[(u16, char)]) -> Vec<(u16, u16, char)> {
    let mut runs: Vec<(u16, u16, char)> = Vec::new();
    for &(code, character) in codes {
        match runs.last_mut() {
            // A range may change only the last byte of the code, and of the character.
            Some((first, last, start))
                if code == *last + 1
                    && u32::from(character) == u32::from(*start) + u32::from(code - *first)
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
        assert_eq!(runs(&[(1, 'a'), (2, 'b'), (3, 'd'), (5, 'e')]), [(1, 2, 'a'), (3, 3, 'd'), (5, 5, 'e')]);
        assert_eq!(runs(&[(1, '\u{1ff}'), (2, '\u{200}')]).len(), 2);
        let map = String::from_utf8(write(Digits::TWO_BYTES, &[(1, 'a'), (2, '\u{1d49c}')])).unwrap();
        assert!(map.contains("<0000> <FFFF>\nendcodespacerange\n"), "{map}");
        assert!(map.contains("<0001> <0001> <0061>\n<0002> <0002> <D835DC9C>"), "{map}");
        let map = String::from_utf8(write(Digits::BYTE, &[(0x61, 'a'), (0x62, 'b')])).unwrap();
        assert!(map.contains("<00> <FF>\n") && map.contains("<61> <62> <0061>"), "{map}");
    }
}
