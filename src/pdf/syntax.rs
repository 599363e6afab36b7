//! PDF's lexical forms (ISO 32000-1, 7.3): numbers, names and strings, and lopdf's objects, as bytes.

use crate::document::Length;
use lopdf::{Dictionary, Object, StringFormat};

/// A whole number.
#[inline]
pub fn integer(out: &mut Vec<u8>, value: i64) {
    match u32::try_from(value) {
        Ok(small @ 0..10_000) => digits(out, small),
        Ok(medium @ 10_000..100_000_000) => {
            digits(out, medium / 10_000);
            out.extend_from_slice(&four(medium % 10_000).to_le_bytes());
        }
        _ => out.extend_from_slice(value.to_string().as_bytes()),
    }
}

/// Four digits, the first in the lowest byte.
#[inline]
fn four(value: u32) -> u32 {
    let (high, low) = (value / 100, value % 100);
    let pair = |pair: u32| (pair / 10) | ((pair % 10) << 8);
    (pair(high) | (pair(low) << 16)) + 0x3030_3030
}

/// A number below 10,000, as most on a page are: four digits are written and those kept that count.
#[inline]
fn digits(out: &mut Vec<u8>, value: u32) {
    let zeros = usize::from(value < 1000) + usize::from(value < 100) + usize::from(value < 10);
    short(out, four(value) >> (8 * zeros), 4 - zeros);
}

/// At most four bytes, the first lowest.
#[inline]
pub fn short(out: &mut Vec<u8>, bytes: u32, count: usize) {
    let end = out.len() + count;
    out.extend_from_slice(&bytes.to_le_bytes());
    out.truncate(end);
}

/// A decimal given in thousandths, without needless zeros.
#[inline]
pub fn thousandths(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    let size = value.unsigned_abs();
    integer(out, (size / 1000) as i64);
    let fraction = (size % 1000) as u32;
    if fraction > 0 {
        let zeros = usize::from(fraction.is_multiple_of(10)) + usize::from(fraction.is_multiple_of(100));
        short(out, (four(fraction) & 0xFFFF_FF00) | u32::from(b'.'), 4 - zeros);
    }
}

/// A length in points.
pub fn length(out: &mut Vec<u8>, value: Length) {
    thousandths(out, i64::from(value.in_millipoints()));
}

/// `12 0 R`.
pub fn reference(out: &mut Vec<u8>, id: u32) {
    integer(out, i64::from(id));
    out.extend_from_slice(b" 0 R");
}

/// Bytes inside a literal string's parentheses. A bare carriage return would be read back as a line feed.
pub fn escaped(out: &mut Vec<u8>, bytes: &[u8]) {
    for &byte in bytes {
        match byte {
            b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\r' => out.extend_from_slice(b"\\r"),
            _ => out.push(byte),
        }
    }
}

/// A text string: plain where ASCII will do, else UTF-16 with its byte order mark (7.9.2.2).
pub fn text_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'(');
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        escaped(out, text.as_bytes());
    } else {
        escaped(out, &[0xFE, 0xFF]);
        text.encode_utf16().for_each(|unit| escaped(out, &unit.to_be_bytes()));
    }
    out.push(b')');
}

/// A name; every byte that is not a regular printable one is written `#xx` (7.3.5).
pub fn name(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'/');
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"+-_.*:".contains(&byte) {
            out.push(byte);
        } else {
            out.push(b'#');
            hexadecimal(out, byte);
        }
    }
}

/// Two digits of base 16.
pub fn hexadecimal(out: &mut Vec<u8>, byte: u8) {
    let digit = |value: u8| if value < 10 { b'0' + value } else { b'A' + value - 10 };
    out.extend_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
}

/// An object that lopdf holds; of a stream, its dictionary.
pub fn object(out: &mut Vec<u8>, value: &Object) {
    match value {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
        Object::Integer(value) => integer(out, *value),
        Object::Real(value) => thousandths(out, (f64::from(*value) * 1000.0).round() as i64),
        Object::Name(value) => name(out, value),
        Object::String(bytes, StringFormat::Literal) => {
            out.push(b'(');
            escaped(out, bytes);
            out.push(b')');
        }
        Object::String(bytes, StringFormat::Hexadecimal) => {
            out.push(b'<');
            bytes.iter().for_each(|byte| hexadecimal(out, *byte));
            out.push(b'>');
        }
        Object::Array(values) => {
            out.push(b'[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                object(out, value);
            }
            out.push(b']');
        }
        Object::Dictionary(entries) => dictionary(out, entries),
        Object::Stream(stream) => dictionary(out, &stream.dict),
        Object::Reference((id, _)) => reference(out, *id),
    }
}

fn dictionary(out: &mut Vec<u8>, entries: &Dictionary) {
    out.extend_from_slice(b"<<");
    for (key, value) in entries {
        name(out, key);
        out.push(b' ');
        object(out, value);
    }
    out.extend_from_slice(b">>");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn numbers_are_plain_decimals() {
        for (value, expected) in
            [(0, "0"), (1, "0.001"), (-250, "-0.25"), (612_000, "612"), (595_276, "595.276"), (-1_010, "-1.01")]
        {
            assert_eq!(written(|out| thousandths(out, value)), expected);
        }
        for value in [0, 9, 10, 99, 100, 9_999, 10_000, 10_001, 99_999_999, 100_000_000, i64::MAX, i64::MIN, -7] {
            assert_eq!(written(|out| integer(out, value)), value.to_string());
        }
    }

    #[test]
    fn strings_and_names_escape_what_would_end_them() {
        assert_eq!(written(|out| text_string(out, r"a(b)\c")), r"(a\(b\)\\c)");
        let mut wide = Vec::new();
        text_string(&mut wide, "Ω\u{d}");
        assert_eq!(wide, b"(\xFE\xFF\x03\xA9\x00\\r)");
        assert_eq!(written(|out| name(out, b"A B/C")), "/A#20B#2FC");
    }
}
