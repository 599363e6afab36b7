//! Bookmarks: the document's headings, nested as they are (ISO 32000-1, 12.3.3).

use super::frame::Frame;
use super::pack::Pack;
use super::syntax::{integer, length, reference, text_string};
use crate::document::{Item, Length, Pages, Role};
use std::collections::BTreeMap;

/// A heading as bookmarks name it. The first is the outline itself, above all headings.
#[derive(Default)]
struct Entry {
    level: u8,
    element: u32,
    page: usize,
    top: Length,
    title: String,
    /// Whether the title so far ends inside a word.
    runs_on: bool,
    parent: usize,
    previous: Option<usize>,
    next: Option<usize>,
    first: Option<usize>,
    last: Option<usize>,
    /// Entries below it, at any depth: all are shown open.
    below: i64,
}

/// Whether the document has a heading to list.
pub fn has_headings(pages: &Pages) -> bool {
    pages.pages.iter().flat_map(|page| &page.items).any(|item| heading(pages, item).is_some())
}

/// Writes the outline; its entries are numbered from `first`, the elements of the document from `elements`.
/// Returns the next free number.
pub fn write(pack: &mut Pack, pages: &Pages, frame: &Frame, elements: u32, first: u32) -> u32 {
    let Some(outline) = frame.outline else { return first };
    let entries = nested(pages);
    let number = |index: usize| if index == 0 { outline } else { first + index as u32 - 1 };
    for (index, entry) in entries.iter().enumerate() {
        let out = pack.begin(number(index));
        if index == 0 {
            out.extend_from_slice(b"<</Type/Outlines");
        } else {
            out.extend_from_slice(b"<</Title");
            text_string(out, &entry.title);
            out.extend_from_slice(b"/Dest[");
            reference(out, frame.pages[entry.page]);
            out.extend_from_slice(b"/XYZ null ");
            length(out, pages.height - entry.top);
            out.extend_from_slice(b" null]/SE ");
            reference(out, elements + entry.element);
            out.extend_from_slice(b"/Parent ");
            reference(out, number(entry.parent));
        }
        let links: [(&[u8], _); 4] =
            [(b"/Prev ", entry.previous), (b"/Next ", entry.next), (b"/First ", entry.first), (b"/Last ", entry.last)];
        for (key, other) in links {
            if let Some(other) = other {
                out.extend_from_slice(key);
                reference(out, number(other));
            }
        }
        if entry.below > 0 {
            out.extend_from_slice(b"/Count ");
            integer(out, entry.below);
        }
        out.extend_from_slice(b">>");
    }
    first + entries.len() as u32 - 1
}

/// The element and level of a heading that this item is text of.
fn heading(pages: &Pages, item: &Item) -> Option<(u32, u8)> {
    let Item::Text { element: Some(id), .. } = item else { return None };
    match pages.elements.get(id.0 as usize)?.role {
        Role::Heading(level) => Some((id.0, level)),
        _ => None,
    }
}

/// The headings in the order of the elements, each with its text and where it begins.
fn headings(pages: &Pages) -> BTreeMap<u32, Entry> {
    let mut found: BTreeMap<u32, Entry> = BTreeMap::new();
    for (page, sheet) in pages.pages.iter().enumerate() {
        for item in &sheet.items {
            let (Item::Text { y, size, text, runs_on, .. }, Some((element, level))) = (item, heading(pages, item))
            else {
                continue;
            };
            let begun = || Entry { level, element, page, top: *y - *size, ..Entry::default() };
            let entry = found.entry(element).or_insert_with(begun);
            if !entry.title.is_empty() && !entry.runs_on && !entry.title.ends_with([' ', '-']) {
                entry.title.push(' ');
            }
            entry.title.push_str(text);
            entry.runs_on = *runs_on;
        }
    }
    found
}

fn nested(pages: &Pages) -> Vec<Entry> {
    let mut entries = vec![Entry::default()];
    // The headings that the next one may stand under.
    let mut open = vec![0];
    for (_, mut entry) in headings(pages) {
        let index = entries.len();
        while open.len() > 1 && open.last().is_some_and(|above| entries[*above].level >= entry.level) {
            open.pop();
        }
        open.iter().for_each(|above| entries[*above].below += 1);
        entry.parent = open[open.len() - 1];
        entry.previous = entries[entry.parent].last.replace(index);
        match entry.previous {
            Some(previous) => entries[previous].next = Some(index),
            None => entries[entry.parent].first = Some(index),
        }
        open.push(index);
        entries.push(entry);
    }
    entries
}
