//! Taking attachments out of a PDF file, which may be anybody's: sizes and counts are bounded, and nothing is trusted.

mod budget;
mod file;
mod object;
mod table;
mod unpack;

use super::{Attachment, Relationship};
use crate::domain::{Date, Error, Problem};
use budget::Budget;
use file::File;
use object::{Dictionary, Object};
use std::collections::HashSet;

/// Bytes of a file; a transcript of 200 pages has under two million.
pub const FILE_BYTES: usize = 32 * 1024 * 1024;
/// Bytes that any one stream may unpack to: compression makes a small file large.
const UNPACKED_BYTES: usize = 8 * 1024 * 1024;
/// What reading a whole file may hold or look at, all its streams together.
const BUDGET: usize = 96 * 1024 * 1024;
/// Attachments of a file, and nodes of the tree that lists them.
const ATTACHMENTS: usize = 100;

/// The files inside a PDF file, in the order of their names; then those that only the catalog's list has.
///
/// Refused with [`Error::MalformedRecord`]: bytes that are no PDF file or too many, an encrypted file, and an attachment that
/// cannot be unpacked. A file that does not say where its objects stand is not searched for them.
pub fn attachments(bytes: &[u8]) -> Result<Vec<Attachment>, Error> {
    chosen(bytes, |_| true, ATTACHMENTS)
}

/// The first file inside a PDF file that `wanted` says yes to, told everything but its bytes: no other one is unpacked.
/// Refused as [`attachments`] refuses.
pub fn find_attachment(bytes: &[u8], wanted: impl Fn(&Attachment) -> bool) -> Result<Option<Attachment>, Error> {
    Ok(chosen(bytes, wanted, 1)?.pop())
}

fn chosen(bytes: &[u8], wanted: impl Fn(&Attachment) -> bool, most: usize) -> Result<Vec<Attachment>, Error> {
    if bytes.len() > FILE_BYTES {
        return refused("too-large", "", format!("is larger than {FILE_BYTES} bytes"));
    }
    let budget = Budget::of(BUDGET);
    let Some(file) = File::open(bytes, &budget) else {
        return refused("not-a-pdf", "", "cannot be read as a PDF file");
    };
    if file.trailer().contains_key(b"Encrypt".as_slice()) {
        return refused("encrypted", "", "is encrypted");
    }
    let Some(catalog) = file.dictionary(file.trailer(), b"Root") else {
        return refused("not-a-pdf", "", "has no catalog");
    };
    let specifications = specifications(&file, &catalog);
    if specifications.len() > ATTACHMENTS {
        return refused("too-many", "attachments", format!("has more than {ATTACHMENTS} attachments"));
    }
    let read = specifications.iter().enumerate();
    read.filter_map(|(index, one)| attachment(&file, one, index, &wanted).transpose()).take(most).collect()
}

fn refused<T>(code: &'static str, place: impl Into<String>, message: impl Into<String>) -> Result<T, Error> {
    Err(Error::MalformedRecord(vec![Problem::new(code, place, message)]))
}

/// Every file specification once: the same file stands in both lists, and may stand in one twice.
fn specifications(file: &File<'_>, catalog: &Dictionary) -> Vec<Object> {
    let mut found: Vec<Object> = Vec::new();
    for one in named(file, catalog).into_iter().chain(file.array(catalog, b"AF")) {
        if found.len() > ATTACHMENTS {
            break;
        }
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

/// The file specifications of the name tree, in its order.
fn named(file: &File<'_>, catalog: &Dictionary) -> Vec<Object> {
    let root = file.dictionary(catalog, b"Names").and_then(|names| file.dictionary(&names, b"EmbeddedFiles"));
    let mut waiting: Vec<Dictionary> = root.into_iter().collect();
    let mut seen: HashSet<u32> = HashSet::new();
    let mut found = Vec::new();
    // A tree may be a ring, or as wide as it likes.
    while let Some(node) = waiting.pop() {
        if found.len() > ATTACHMENTS || seen.len() > ATTACHMENTS {
            break;
        }
        let pairs = file.array(&node, b"Names");
        found.extend(pairs.into_iter().skip(1).step_by(2).take(ATTACHMENTS + 1));
        for kid in file.array(&node, b"Kids").into_iter().take(ATTACHMENTS).rev() {
            let fresh = matches!(kid, Object::Reference(id) if seen.len() <= ATTACHMENTS && seen.insert(id));
            if let (true, Some(Object::Dictionary(kid))) = (fresh, file.resolved(&kid)) {
                waiting.push(kid);
            }
        }
    }
    found
}

/// The attachment of a specification; none where it names a file outside, or is not wanted.
fn attachment(
    file: &File<'_>,
    specification: &Object,
    index: usize,
    wanted: &impl Fn(&Attachment) -> bool,
) -> Result<Option<Attachment>, Error> {
    let Some(Object::Dictionary(specification)) = file.resolved(specification) else { return Ok(None) };
    let Some(files) = file.dictionary(&specification, b"EF") else { return Ok(None) };
    let Some(key) = [b"UF".as_slice(), b"F"].into_iter().find(|key| files.contains_key(*key)) else { return Ok(None) };
    let damaged =
        || refused("damaged-attachment", format!("attachments[{index}]"), "cannot be unpacked, or is too large");
    let Some(stream) = file.stream(&files, key) else { return damaged() };
    let parameters = file.dictionary(&stream.dictionary, b"Params").unwrap_or_default();
    let (name, other) = (text(file, &specification, b"UF"), text(file, &specification, b"F"));
    let told = Attachment {
        name: name.or(other).unwrap_or_default(),
        mime: String::from_utf8_lossy(&word(file, &stream.dictionary, b"Subtype")).into_owned(),
        description: text(file, &specification, b"Desc").unwrap_or_default(),
        relationship: Relationship::of(&word(file, &specification, b"AFRelationship")),
        bytes: Vec::new(),
        date: text(file, &parameters, b"ModDate").as_deref().and_then(day),
    };
    if !wanted(&told) {
        return Ok(None);
    }
    // A broken stream may unpack in part, without an error.
    let whole = |bytes: &Vec<u8>| match file.entry(&parameters, b"Size") {
        Some(Object::Integer(size)) => usize::try_from(size) == Ok(bytes.len()),
        _ => true,
    };
    match file.content(&stream).filter(whole) {
        Some(bytes) => Ok(Some(Attachment { bytes, ..told })),
        None => damaged(),
    }
}

fn text(file: &File<'_>, owner: &Dictionary, key: &[u8]) -> Option<String> {
    let Object::Text(bytes) = file.entry(owner, key)? else { return None };
    let text = lopdf::Object::String(bytes, lopdf::StringFormat::Literal);
    lopdf::decode_text_string(&text).ok()
}

fn word(file: &File<'_>, owner: &Dictionary, key: &[u8]) -> Vec<u8> {
    match file.entry(owner, key) {
        Some(Object::Name(name)) => name,
        _ => Vec::new(),
    }
}

/// The day of a PDF date, `D:20260615…`.
fn day(date: &str) -> Option<Date> {
    let digits = date.strip_prefix("D:").unwrap_or(date);
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<u16>().ok();
    Date::new(number(0, 4)?, number(4, 6)?.try_into().ok()?, number(6, 8)?.try_into().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_from_dates_and_nothing_else() {
        assert_eq!(day("D:20260615000000Z"), Date::new(2026, 6, 15));
        assert_eq!(day("20240229"), Date::new(2024, 2, 29));
        for wrong in ["", "D:", "D:2026", "D:20260230", "D:2026061", "D:20é60615"] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }
}
