//! Taking attachments out of a PDF file, which may be anybody's: sizes and counts are bounded, and nothing is trusted.

use super::attachment::{Attachment, Relationship};
use crate::domain::{Date, Error, Problem};
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, decode_text_string};
use std::collections::HashSet;

/// Bytes of a file; a transcript of 200 pages has under two million.
pub const FILE_BYTES: usize = 32 * 1024 * 1024;
/// Bytes that any one stream may unpack to: compression makes a small file large.
const UNPACKED_BYTES: usize = 8 * 1024 * 1024;
/// Attachments of a file, and nodes of the tree that lists them.
const ATTACHMENTS: usize = 100;

/// The files inside a PDF file, in the order of their names; then those that only the catalog's list has.
///
/// Refused with [`Error::MalformedRecord`]: bytes that are no PDF file or too many, an encrypted file, and an attachment that
/// cannot be unpacked.
pub fn attachments(bytes: &[u8]) -> Result<Vec<Attachment>, Error> {
    if bytes.len() > FILE_BYTES {
        return refused("too-large", "", format!("is larger than {FILE_BYTES} bytes"));
    }
    let options = LoadOptions { max_decompressed_size: Some(UNPACKED_BYTES), ..LoadOptions::default() };
    let Ok(document) = Document::load_mem_with_options(bytes, options) else {
        return refused("not-a-pdf", "", "cannot be read as a PDF file");
    };
    if document.trailer.has(b"Encrypt") {
        return refused("encrypted", "", "is encrypted");
    }
    let Ok(catalog) = document.catalog() else {
        return refused("not-a-pdf", "", "has no catalog");
    };
    let mut specifications = named(&document, catalog);
    for file in array(&document, catalog, b"AF").unwrap_or_default() {
        // The same file stands in both lists.
        if !specifications.contains(&file) {
            specifications.push(file);
        }
    }
    if specifications.len() > ATTACHMENTS {
        return refused("too-many", "attachments", format!("has more than {ATTACHMENTS} attachments"));
    }
    let read = specifications.into_iter().enumerate();
    read.filter_map(|(index, file)| attachment(&document, file, index).transpose()).collect()
}

fn refused<T>(code: &'static str, place: impl Into<String>, message: impl Into<String>) -> Result<T, Error> {
    Err(Error::MalformedRecord(vec![Problem::new(code, place, message)]))
}

/// The entry of a dictionary, by reference or not.
fn entry<'a>(document: &'a Document, owner: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    document.dereference(owner.get(key).ok()?).ok().map(|(_, object)| object)
}

fn dictionary<'a>(document: &'a Document, owner: &'a Dictionary, key: &[u8]) -> Option<&'a Dictionary> {
    entry(document, owner, key)?.as_dict().ok()
}

fn array<'a>(document: &'a Document, owner: &'a Dictionary, key: &[u8]) -> Option<Vec<&'a Object>> {
    Some(entry(document, owner, key)?.as_array().ok()?.iter().collect())
}

fn text(document: &Document, owner: &Dictionary, key: &[u8]) -> Option<String> {
    decode_text_string(entry(document, owner, key)?).ok()
}

/// The file specifications of the name tree, in its order.
fn named<'a>(document: &'a Document, catalog: &'a Dictionary) -> Vec<&'a Object> {
    let root = dictionary(document, catalog, b"Names").and_then(|names| dictionary(document, names, b"EmbeddedFiles"));
    let mut waiting: Vec<&Dictionary> = root.into_iter().collect();
    let mut seen: HashSet<ObjectId> = HashSet::new();
    let mut found = Vec::new();
    // A tree may be a ring, or as wide as it likes.
    while let Some(node) = waiting.pop() {
        if found.len() > ATTACHMENTS || seen.len() > ATTACHMENTS {
            break;
        }
        let pairs = array(document, node, b"Names").unwrap_or_default();
        found.extend(pairs.into_iter().skip(1).step_by(2).take(ATTACHMENTS + 1));
        for kid in array(document, node, b"Kids").unwrap_or_default().into_iter().rev() {
            let fresh = kid.as_reference().is_ok_and(|id| seen.len() <= ATTACHMENTS && seen.insert(id));
            let kid = if fresh { document.dereference(kid).ok() } else { None };
            waiting.extend(kid.and_then(|(_, kid)| kid.as_dict().ok()));
        }
    }
    found
}

/// The attachment of a specification; none where it names a file outside.
fn attachment(document: &Document, specification: &Object, index: usize) -> Result<Option<Attachment>, Error> {
    let specification = document.dereference(specification).ok().and_then(|(_, object)| object.as_dict().ok());
    let Some(specification) = specification else { return Ok(None) };
    let Some(files) = dictionary(document, specification, b"EF") else { return Ok(None) };
    let file = entry(document, files, b"UF").or_else(|| entry(document, files, b"F"));
    let Some(stream) = file.and_then(|file| file.as_stream().ok()) else { return Ok(None) };
    let parameters = dictionary(document, &stream.dict, b"Params");
    let stated = parameters.and_then(|parameters| entry(document, parameters, b"Size")?.as_i64().ok());
    // A broken stream may unpack in part, without an error.
    let whole = |bytes: &Vec<u8>| stated.is_none_or(|size| usize::try_from(size) == Ok(bytes.len()));
    let Some(bytes) = stream.get_plain_content_with_limit(UNPACKED_BYTES).ok().filter(whole) else {
        return refused("damaged-attachment", format!("attachments[{index}]"), "cannot be unpacked, or is too large");
    };
    let name = text(document, specification, b"UF").or_else(|| text(document, specification, b"F"));
    let word = |owner: &Dictionary, key: &[u8]| entry(document, owner, key)?.as_name().ok().map(<[u8]>::to_vec);
    let mime = word(&stream.dict, b"Subtype").unwrap_or_default();
    let changed = parameters.and_then(|parameters| text(document, parameters, b"ModDate"));
    Ok(Some(Attachment {
        name: name.unwrap_or_default(),
        mime: String::from_utf8_lossy(&mime).into_owned(),
        description: text(document, specification, b"Desc").unwrap_or_default(),
        relationship: Relationship::of(&word(specification, b"AFRelationship").unwrap_or_default()),
        bytes,
        date: changed.as_deref().and_then(day),
    }))
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
