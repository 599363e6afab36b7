//! PDF's lexical forms (ISO 32000-1, 7.3): numbers, names and strings, and lopdf's objects, as bytes.

use crate::document::Length;
use lopdf::{Dictionary, Object, StringFormat};

/// The numbers below 1,000 as text, the first digit in the lowest byte, and how many digits in the highest.
static SMALL: [u32; 1000] = small();

const fn small() -> [u32; 1000] {
    let mut table = [0; 1000];
    let mut number = 0u32;
    while number < 1000 {
        let (a, b, c) = (b'0' as u32 + number / 100, b'0' as u32 + number / 10 % 10, b'0' as u32 + number % 10);
        table[number as usize] = match number {
            0..10 => c | 1 << 24,
            10..100 => b | c << 8 | 2 << 24,
            _ => a | b << 8 | c << 16 | 3 << 24,
        };
        number += 1;
    }
    table
}

/// So many thousandths as what stands behind a number, needless zeros left out: nothing, `.5`, `.05`. How many bytes, in the
/// highest.
static FRACTIONS: [u64; 1000] = fractions();

const fn fractions() -> [u64; 1000] {
    let mut table = [0; 1000];
    let mut number = 1u64;
    while number < 1000 {
        let (a, b, c) = (b'0' as u64 + number / 100, b'0' as u64 + number / 10 % 10, b'0' as u64 + number % 10);
        let point = b'.' as u64;
        table[number as usize] = if number % 100 == 0 {
            point | a << 8 | 2 << 56
        } else if number % 10 == 0 {
            point | a << 8 | b << 16 | 3 << 56
        } else {
            point | a << 8 | b << 16 | c << 24 | 4 << 56
        };
        number += 1;
    }
    table
}

/// At most eight bytes, the first lowest.
#[inline]
fn eight(out: &mut Vec<u8>, bytes: u64, count: usize) {
    let end = out.len() + count;
    out.extend_from_slice(&bytes.to_le_bytes());
    out.truncate(end);
}

/// A number below 1,000, and how many digits.
#[inline]
fn small_number(value: u64) -> Option<(u64, usize)> {
    let entry = SMALL.get(usize::try_from(value).ok()?)?;
    Some((u64::from(entry & 0x00FF_FFFF), (entry >> 24) as usize))
}

/// A whole number.
#[inline]
pub fn integer(out: &mut Vec<u8>, value: i64) {
    if let Some((bytes, count)) = u64::try_from(value).ok().and_then(small_number) {
        return short(out, bytes as u32, count);
    }
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
    let size = value.unsigned_abs();
    let fraction = FRACTIONS[(size % 1000) as usize];
    let (fraction, places) = (fraction & 0xFFFF_FFFF, (fraction >> 56) as usize);
    let sign = usize::from(value < 0);
    match small_number(size / 1000) {
        // A sign, three digits, a point and three more at most.
        Some((whole, count)) => {
            let number = whole | fraction << (8 * count);
            let minus = u64::from(b'-') * sign as u64;
            eight(out, minus | number << (8 * sign), sign + count + places);
        }
        None => {
            out.extend(std::iter::repeat_n(b'-', sign));
            integer(out, (size / 1000) as i64);
            eight(out, fraction, places);
        }
    }
}

/// A length in points.
pub fn length(out: &mut Vec<u8>, value: Length) {
    thousandths(out, i64::from(value.in_millipoints()));
}

/// `12 0 R`.
#[inline]
pub fn reference(out: &mut Vec<u8>, id: u32) {
    match small_number(u64::from(id)) {
        Some((bytes, count)) => eight(out, bytes | REFERENCE << (8 * count), count + 4),
        None => {
            integer(out, i64::from(id));
            out.extend_from_slice(b" 0 R");
        }
    }
}

const REFERENCE: u64 = u32::from_le_bytes(*b" 0 R") as u64;

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
        for value in 0..2_000 {
            assert_eq!(written(|out| integer(out, value)), value.to_string());
            assert_eq!(written(|out| reference(out, value as u32)), format!("{value} 0 R"));
            for sign in [1, -1] {
                for whole in [0, 7, 42, 999, 1_000, 12_345] {
                    let thousandth = sign * (whole * 1000 + value % 1000);
                    let plain = format!("{}.{:03}", thousandth.abs() / 1000, thousandth.abs() % 1000);
                    let minus = if thousandth < 0 { "-" } else { "" };
                    let expected = format!("{minus}{}", plain.trim_end_matches('0').trim_end_matches('.'));
                    assert_eq!(written(|out| thousandths(out, thousandth)), expected);
                }
            }
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
