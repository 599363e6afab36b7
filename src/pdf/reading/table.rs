//! Where the objects of a file stand: cross-reference tables and streams (ISO 32000-1, 7.5.4 and 7.5.8), newest first.

use super::file::{Packed, stream};
use super::object::{Dictionary, Object, Parser};
use super::{Budget, UNPACKED_BYTES};
use std::collections::{HashMap, HashSet};

/// Where one object stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Entry {
    Free,
    At(usize),
    /// In an object stream of this number.
    Within(u32),
}

/// The places of the objects, and the newest trailer.
#[derive(Default)]
pub struct Table {
    pub entries: HashMap<u32, Entry>,
    pub trailer: Dictionary,
}

/// Objects of a file; 4,000 courses on 200 pages have some 60,000.
const OBJECTS: usize = 500_000;
/// Times that a file was saved again by adding to its end.
const SECTIONS: usize = 64;
/// What an entry costs in memory.
const ENTRY: usize = 32;

impl Table {
    pub fn read(bytes: &[u8], budget: &Budget) -> Option<Table> {
        let mut table = Table::default();
        let mut next = Some(start(bytes, budget)?);
        let mut seen = HashSet::new();
        while let Some(at) = next {
            if seen.len() == SECTIONS || !seen.insert(at) {
                return None;
            }
            let trailer = table.section(bytes, at, budget)?;
            next = place(&trailer, b"Prev");
            if table.trailer.is_empty() {
                table.trailer = trailer;
            }
        }
        Some(table)
    }

    /// What a newer section says of an object stands.
    fn add(&mut self, number: u32, entry: Entry, budget: &Budget) -> Option<()> {
        budget.spend(ENTRY)?;
        self.entries.entry(number).or_insert(entry);
        (self.entries.len() <= OBJECTS).then_some(())
    }

    fn section(&mut self, bytes: &[u8], at: usize, budget: &Budget) -> Option<Dictionary> {
        let mut parser = Parser::at(bytes, at, budget);
        if parser.word("xref").is_none() {
            return self.stream(bytes, at, budget);
        }
        let mut free = Vec::new();
        while parser.word("trailer").is_none() {
            self.rows(&mut parser, &mut free, budget)?;
        }
        let trailer = parser.dictionary()?;
        // A file for old and new readers hides from the old what the stream tells; so it counts before the free ones.
        if let Some(more) = place(&trailer, b"XRefStm") {
            self.stream(bytes, more, budget)?;
        }
        free.into_iter().try_for_each(|number| self.add(number, Entry::Free, budget))?;
        Some(trailer)
    }

    fn rows(&mut self, parser: &mut Parser<'_>, free: &mut Vec<u32>, budget: &Budget) -> Option<()> {
        let (first, count) = (parser.whole()?, parser.whole()?);
        for index in 0..count {
            let before = parser.place();
            // The count may claim more rows than there are.
            let Some(offset) = parser.whole() else {
                parser.back_to(before);
                break;
            };
            parser.whole()?;
            let number = u32::try_from(first.checked_add(index)?).ok()?;
            if parser.word("n").is_some() {
                self.add(number, Entry::At(usize::try_from(offset).ok()?), budget)?;
            } else {
                parser.word("f")?;
                budget.spend(ENTRY)?;
                free.push(number);
            }
        }
        Some(())
    }

    fn stream(&mut self, bytes: &[u8], at: usize, budget: &Budget) -> Option<Dictionary> {
        let Packed { dictionary, content, packing } = stream(bytes, at, None, budget, &|_| None)?;
        let content = super::unpack::unpacked(content, &packing, UNPACKED_BYTES, budget)?;
        let widths = integers(dictionary.get(b"W".as_slice())?)?;
        let [kind, second, third] =
            <[usize; 3]>::try_from(widths).ok().filter(|all| all.iter().all(|one| *one <= 8))?;
        let width = kind + second + third;
        let size = place(&dictionary, b"Size")?;
        let parts = dictionary.get(b"Index".as_slice()).map_or(Some(vec![0, size]), integers)?;
        let mut rows = content.chunks_exact(width.max(1));
        for part in parts.chunks_exact(2) {
            let [first, count] = *part else { return None };
            // As many as there are, whatever is claimed; rows of no bytes are none.
            for (index, row) in rows.by_ref().take(if width == 0 { 0 } else { count }).enumerate() {
                let number = u32::try_from(first.checked_add(index)?).ok()?;
                let (head, tail) = row.split_at_checked(kind)?;
                let entry = match if kind == 0 { 1 } else { number_of(head) } {
                    0 => Entry::Free,
                    1 => Entry::At(usize::try_from(number_of(tail.get(..second)?)).ok()?),
                    2 => Entry::Within(u32::try_from(number_of(tail.get(..second)?)).ok()?),
                    _ => continue,
                };
                self.add(number, entry, budget)?;
            }
        }
        Some(dictionary)
    }
}

fn number_of(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

fn place(dictionary: &Dictionary, key: &[u8]) -> Option<usize> {
    match dictionary.get(key)? {
        Object::Integer(number) => usize::try_from(*number).ok(),
        _ => None,
    }
}

fn integers(object: &Object) -> Option<Vec<usize>> {
    let Object::Array(array) = object else { return None };
    let number = |object: &Object| match object {
        Object::Integer(number) => usize::try_from(*number).ok(),
        _ => None,
    };
    array.iter().map(number).collect()
}

/// Where the newest section begins, as the end of the file says.
fn start(bytes: &[u8], budget: &Budget) -> Option<usize> {
    const WORD: &[u8] = b"startxref";
    let from = bytes.len().saturating_sub(2048);
    let found = bytes.get(from..)?.windows(WORD.len()).rposition(|window| window == WORD)?;
    let start = Parser::at(bytes, from + found + WORD.len(), budget).whole()?;
    usize::try_from(start).ok()
}
