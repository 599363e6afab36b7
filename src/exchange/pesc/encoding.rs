//! Bytes of an XML document into text: UTF-8, UTF-16, and the Latin encodings that older systems declare.

use crate::domain::Error;
use crate::exchange::report::refused;
use std::borrow::Cow;

/// The document as text. The byte order mark decides, then the declaration, else it is UTF-8.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Error> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => match declared(bytes).as_deref() {
            None | Some("utf-8" | "utf8" | "us-ascii" | "ascii") => utf8(bytes),
            Some("iso-8859-1" | "latin1" | "windows-1252" | "cp1252") => Ok(windows_1252(bytes)?.into()),
            Some(_) => refused("unknown-encoding", "", "declares an encoding other than UTF-8, UTF-16 or ISO-8859-1"),
        },
    }
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, Error> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.into()),
        Err(_) => refused("bad-encoding", "", "is not the UTF-8 it should be"),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, Error> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().copied().map(unit).collect();
    match String::from_utf16(&units) {
        Ok(text) if rest.is_empty() => Ok(text.into()),
        _ => refused("bad-encoding", "", "is not the UTF-16 it should be"),
    }
}

/// The encoding that the XML declaration names, in lower case.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..200).unwrap_or(bytes);
    let head: String = head.iter().map(|&byte| char::from(byte)).collect();
    let declaration = head.strip_prefix("<?xml")?.split("?>").next()?;
    let (_, after) = declaration.split_once("encoding")?;
    let quoted = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = quoted.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    quoted[1..].split(quote).next().map(str::to_ascii_lowercase)
}

/// Windows-1252, as every browser reads documents that declare ISO-8859-1: the two differ only where the latter
/// has controls, which no document means.
fn windows_1252(bytes: &[u8]) -> Result<String, Error> {
    const HIGH: &[char; 32] = &[
        '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“', '”',
        '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
    ];
    let read = |&byte: &u8| match byte {
        0x80..=0x9F => Some(HIGH[usize::from(byte - 0x80)]).filter(|&c| c != '\0'),
        _ => Some(char::from(byte)),
    };
    let text: Option<String> = bytes.iter().map(read).collect();
    text.map_or_else(|| refused("bad-encoding", "", "holds a byte that its declared encoding does not have"), Ok)
}
