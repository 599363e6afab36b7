//! How much closer or wider two letters of a built-in face stand together, from its GPOS table; each letter's row is looked up
//! once per process.

use super::face::{Face, once};
use std::sync::OnceLock;
use ttf_parser::gpos::{PairAdjustment, PositioningSubtable};
use ttf_parser::{GlyphId, Tag};

/// Letters of Latin as far as U+017F, and typographic punctuation: others stand without kerning.
const LETTERS: usize = 0x160;
const PUNCTUATION: usize = 0x18;
const COUNT: usize = LETTERS + PUNCTUATION;

type Row = Box<[i16; COUNT]>;

static ROWS: [[OnceLock<Row>; COUNT]; Face::ALL.len()] =
    [const { [const { OnceLock::new() }; COUNT] }; Face::ALL.len()];

/// What is added between two characters, in font units; figures keep their columns.
pub fn between(face: Face, before: char, after: char) -> i32 {
    let (Some(row), Some(column)) = (place(before), place(after)) else { return 0 };
    if is_figure(before) && is_figure(after) {
        return 0;
    }
    i32::from(once(&ROWS[face as usize][row], || build(face, before))[column])
}

fn place(character: char) -> Option<usize> {
    match character as usize {
        code @ 0x20..=0x17F => Some(code - 0x20),
        code @ 0x2010..=0x2027 => Some(code - 0x2010 + LETTERS),
        _ => None,
    }
}

fn is_figure(character: char) -> bool {
    matches!(character, '0'..='9' | '.' | ',' | '-' | '+' | ' ' | '\u{a0}')
}

fn build(face: Face, before: char) -> Row {
    let mut row: Row = Box::new([0; COUNT]);
    let pairs = pairs(face.parsed());
    let letters = (0x20..=0x17F).chain(0x2010..=0x2027).filter_map(char::from_u32);
    if let Some(first) = face.glyph(before) {
        for (slot, second) in row.iter_mut().zip(letters) {
            *slot = face.glyph(second).map_or(0, |second| kern(&pairs, first, second));
        }
    }
    row
}

/// The subtables of pairs, by lookup, in their order, of the default language of Latin.
fn pairs<'f>(face: &'f ttf_parser::Face) -> Vec<Vec<PairAdjustment<'f>>> {
    let Some(table) = face.tables().gpos else { return Vec::new() };
    let latin = table.scripts.find(Tag::from_bytes(b"latn")).and_then(|script| script.default_language);
    let features = latin.into_iter().flat_map(|language| language.feature_indices);
    let features = features.filter_map(|index| table.features.get(index));
    let mut lookups: Vec<u16> = features
        .filter(|feature| feature.tag == Tag::from_bytes(b"kern"))
        .flat_map(|feature| feature.lookup_indices)
        .collect();
    lookups.sort_unstable();
    lookups.dedup();
    let lookups = lookups.into_iter().filter_map(|index| table.lookups.get(index));
    let subtables = lookups.map(|lookup| lookup.subtables.into_iter::<PositioningSubtable>());
    let pair = |subtable| if let PositioningSubtable::Pair(pair) = subtable { Some(pair) } else { None };
    subtables.map(|subtables| subtables.filter_map(pair).collect()).collect()
}

/// Of each lookup the first subtable that knows the pair decides.
fn kern(lookups: &[Vec<PairAdjustment>], first: GlyphId, second: GlyphId) -> i16 {
    lookups.iter().map(|subtables| subtables.iter().find_map(|pair| adjustment(pair, first, second)).unwrap_or(0)).sum()
}

fn adjustment(pair: &PairAdjustment, first: GlyphId, second: GlyphId) -> Option<i16> {
    let covered = pair.coverage().get(first)?;
    match pair {
        PairAdjustment::Format1 { sets, .. } => Some(sets.get(covered)?.get(second)?.0.x_advance),
        PairAdjustment::Format2 { classes, matrix, .. } => {
            // Class 0 is everything that the subtable does not mean.
            let class = Some(classes.1.get(second)).filter(|class| *class != 0)?;
            Some(matrix.get((classes.0.get(first), class))?.0.x_advance)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::fonts::{FontId, Fonts};

    /// Shaping, which reads the table for itself, says the same of every pair.
    #[test]
    fn pairs_stand_as_shaping_sets_them() {
        let mut kerned = 0;
        for face in Face::ALL {
            let letters: Vec<char> = ('A'..='Z').chain('a'..='z').chain("éÖ’“.,-–&(".chars()).collect();
            for before in &letters {
                for after in letters.iter().filter(|after| !(is_figure(*before) && is_figure(**after))) {
                    let text = format!("{before}{after}");
                    let line = Fonts::default().line(&text, face);
                    let shaped: i32 = line.pieces.iter().flat_map(|p| &p.clusters).map(|cluster| cluster.advance).sum();
                    let apart: i32 = text.chars().map(|c| face.units(c)).sum();
                    assert!(line.pieces.iter().all(|piece| piece.font == FontId::Face(face)), "{text}");
                    assert_eq!(between(face, *before, *after), shaped - apart, "{face:?} {text}");
                    kerned += i32::from(shaped != apart);
                }
            }
        }
        assert!(kerned > 500, "{kerned}");
    }

    #[test]
    fn figures_keep_their_columns() {
        for face in Face::ALL {
            for before in "0123456789.,-".chars() {
                for after in "0123456789.,-".chars() {
                    assert_eq!(between(face, before, after), 0);
                }
            }
        }
    }
}
