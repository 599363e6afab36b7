//! The font program as it is embedded: a subset without hinting and glyph names, which take half of it and which no
//! reader needs (ISO 32000-1, 9.9). Of the `name` table the copyright stays.

use super::{copyright, fusion};
use crate::domain::Error;
use subsetter::GlyphRemapper;

const HEAD: [u8; 4] = *b"head";
const GLYPHS: [u8; 4] = *b"glyf";
const LOCATIONS: [u8; 4] = *b"loca";
const COMPACT: [u8; 4] = *b"CFF ";
const CHARACTERS: [u8; 4] = *b"cmap";
pub const MAXIMA: [u8; 4] = *b"maxp";
pub const HORIZONTAL: [u8; 4] = *b"hhea";
pub const METRICS: [u8; 4] = *b"hmtx";
/// Hinting programs, and the names of glyphs.
const LEFT_OUT: [[u8; 4]; 4] = [*b"cvt ", *b"fpgm", *b"prep", *b"post"];

/// A table of the font by its tag.
pub type Table = ([u8; 4], Vec<u8>);

/// A glyph put together from others of the subset.
pub struct Fused {
    pub components: Vec<Component>,
    pub advance: i32,
}

/// A glyph of the subset and where it stands, in font units.
#[derive(Clone, Copy)]
pub struct Component {
    pub glyph: u16,
    pub x: i32,
    pub y: i32,
}

/// A program, and the number of the first of the glyphs that were put together.
pub struct Subset {
    pub bytes: Vec<u8>,
    pub first_fused: u16,
}

/// The subset of a font file that the remapper asks for: a TrueType font, or the CFF table of one with such outlines. Of a
/// TrueType font `codes`, if there are any, are the glyphs of its codes of one byte.
pub fn subset(
    file: &[u8],
    index: u32,
    remapper: &GlyphRemapper,
    fused: &[Fused],
    codes: Option<&[u8; 256]>,
) -> Result<Subset, Error> {
    let failed = |reason: &str| Error::Internal { message: format!("a font cannot be subset: {reason}") };
    let whole = subsetter::subset(file, index, remapper).map_err(|reason| failed(&reason.to_string()))?;
    let mut tables = read_tables(&whole).ok_or_else(|| failed("a table is cut short"))?;
    if let Some(at) = tables.iter().position(|table| table.0 == COMPACT) {
        return Ok(Subset { bytes: tables.swap_remove(at).1, first_fused: 0 });
    }
    tables.extend(codes.map(|codes| (CHARACTERS, characters(codes))));
    tables.sort_by_key(|(tag, _)| *tag);
    let bytes = lightened(&whole, tables, fused);
    let (bytes, first_fused) = bytes.ok_or_else(|| failed("a table is cut short"))?;
    Ok(Subset { bytes, first_fused })
}

/// The font without what readers do not need, and the number of its first fused glyph; `None` if it is malformed.
fn lightened(font: &[u8], mut tables: Vec<Table>, fused: &[Fused]) -> Option<(Vec<u8>, u16)> {
    let find = |tag| tables.iter().find(|table| table.0 == tag).map(|table| table.1.as_slice());
    let long = number(find(HEAD)?, 50, 2)? == 1;
    let mut glyphs = without_instructions(find(GLYPHS)?, find(LOCATIONS)?, long)?;
    let first_fused = u16::try_from(glyphs.len()).ok()?;
    let fusion = match fused {
        [] => None,
        _ => Some(fusion::fuse(&mut glyphs, fused, [find(MAXIMA)?, find(HORIZONTAL)?, find(METRICS)?])?),
    };
    tables.retain(|(tag, _)| !LEFT_OUT.contains(tag));
    let (outlines, locations, long) = joined(&glyphs);
    for (tag, content) in &mut tables {
        match *tag {
            GLYPHS => content.clone_from(&outlines),
            LOCATIONS => content.clone_from(&locations),
            HEAD => {
                // Must be zero while the sums are taken.
                content.get_mut(8..12)?.fill(0);
                content.get_mut(50..52)?.copy_from_slice(&u16::from(long).to_be_bytes());
            }
            copyright::NAMES => *content = copyright::alone(content)?,
            _ => {
                let changed = fusion.iter().flatten().find(|(changed, _)| changed == tag);
                changed.into_iter().for_each(|(_, changed)| content.clone_from(changed));
            }
        }
    }
    Some((written(&tables, font.get(..4)?), first_fused))
}

/// A glyph for each code of a byte (OpenType, `cmap`: for the Macintosh, which readers ask of a font with codes of its own;
/// format 0).
fn characters(glyphs: &[u8; 256]) -> Vec<u8> {
    let mut table = Vec::with_capacity(12 + 262);
    for value in [0u16, 1, 1, 0, 0, 12, 0, 262, 0] {
        table.extend_from_slice(&value.to_be_bytes());
    }
    table.extend_from_slice(glyphs);
    table
}

/// The tables of outlines and of their places; `true` where the places take four bytes each.
fn joined(glyphs: &[Vec<u8>]) -> (Vec<u8>, Vec<u8>, bool) {
    let long = glyphs.iter().map(Vec::len).sum::<usize>() > 0x1_FFFE;
    let (mut outlines, mut places) = (Vec::new(), Vec::new());
    for end in std::iter::once(None).chain(glyphs.iter().map(Some)) {
        outlines.extend_from_slice(end.map(Vec::as_slice).unwrap_or_default());
        let place = outlines.len() as u32;
        if long {
            places.extend_from_slice(&place.to_be_bytes());
        } else {
            places.extend_from_slice(&((place / 2) as u16).to_be_bytes());
        }
    }
    (outlines, places, long)
}

/// A big-endian number of `size` bytes.
pub fn number(bytes: &[u8], at: usize, size: usize) -> Option<usize> {
    Some(bytes.get(at..at + size)?.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
}

fn read_tables(font: &[u8]) -> Option<Vec<Table>> {
    (0..number(font, 4, 2)?)
        .map(|index| {
            let record = 12 + index * 16;
            let (offset, length) = (number(font, record + 8, 4)?, number(font, record + 12, 4)?);
            Some((font.get(record..record + 4)?.try_into().ok()?, font.get(offset..offset + length)?.to_vec()))
        })
        .collect()
}

/// The outlines of all glyphs, each of an even length.
fn without_instructions(glyphs: &[u8], locations: &[u8], long: bool) -> Option<Vec<Vec<u8>>> {
    let (width, unit) = if long { (4, 1) } else { (2, 2) };
    let offset = |index: usize| number(locations, index * width, width).map(|value| value * unit);
    let count = (locations.len() / width).checked_sub(1)?;
    let mut all = Vec::with_capacity(count);
    for index in 0..count {
        let glyph = glyphs.get(offset(index)?..offset(index + 1)?)?;
        let mut lighter = Vec::with_capacity(glyph.len() + 1);
        if !glyph.is_empty() {
            if number(glyph, 0, 2)? < 0x8000 { simple(glyph, &mut lighter)? } else { composite(glyph, &mut lighter)? }
        }
        lighter.resize(lighter.len().next_multiple_of(2), 0);
        all.push(lighter);
    }
    Some(all)
}

/// An outline: header, ends of contours, instructions, points.
fn simple(glyph: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let instructions = 10 + 2 * number(glyph, 0, 2)?;
    let points = instructions + 2 + number(glyph, instructions, 2)?;
    out.extend_from_slice(glyph.get(..instructions)?);
    out.extend_from_slice(&[0, 0]);
    out.extend_from_slice(glyph.get(points..)?);
    Some(())
}

/// A glyph put together from others: header, components, instructions.
fn composite(glyph: &[u8], out: &mut Vec<u8>) -> Option<()> {
    const WORDS: usize = 0x1;
    const SCALE: usize = 0x8;
    const MORE: usize = 0x20;
    const TWO_SCALES: usize = 0x40;
    const MATRIX: usize = 0x80;
    const INSTRUCTIONS: usize = 0x100;
    out.extend_from_slice(glyph.get(..10)?);
    let mut at = 10;
    loop {
        let flags = number(glyph, at, 2)?;
        let scales = if flags & SCALE != 0 { 2 } else { 0 }
            + if flags & TWO_SCALES != 0 { 4 } else { 0 }
            + if flags & MATRIX != 0 { 8 } else { 0 };
        let end = at + 4 + if flags & WORDS != 0 { 4 } else { 2 } + scales;
        out.extend_from_slice(&((flags & !INSTRUCTIONS) as u16).to_be_bytes());
        out.extend_from_slice(glyph.get(at + 2..end)?);
        at = end;
        if flags & MORE == 0 {
            return Some(());
        }
    }
}

/// The font file of these tables, which are in order of their tags.
fn written(tables: &[Table], version: &[u8]) -> Vec<u8> {
    let count = tables.len() as u16;
    let entry_selector = count.max(1).ilog2() as u16;
    let search_range = 16 << entry_selector;
    let mut font = version.to_vec();
    for value in [count, search_range, entry_selector, count * 16 - search_range] {
        font.extend_from_slice(&value.to_be_bytes());
    }
    let mut offset = font.len() + tables.len() * 16;
    let mut head = 0;
    for (tag, content) in tables {
        if *tag == HEAD {
            head = offset;
        }
        font.extend_from_slice(tag);
        for value in [checksum(content), offset as u32, content.len() as u32] {
            font.extend_from_slice(&value.to_be_bytes());
        }
        offset += content.len().next_multiple_of(4);
    }
    for (_, content) in tables {
        font.extend_from_slice(content);
        font.resize(font.len().next_multiple_of(4), 0);
    }
    let adjustment = 0xB1B0_AFBA_u32.wrapping_sub(checksum(&font));
    font[head + 8..head + 12].copy_from_slice(&adjustment.to_be_bytes());
    font
}

/// The sum of all four-byte words, as the font format has it.
fn checksum(bytes: &[u8]) -> u32 {
    let word = |chunk: &[u8]| (0..4).fold(0, |sum, index| sum << 8 | u32::from(*chunk.get(index).unwrap_or(&0)));
    bytes.chunks(4).map(word).fold(0, u32::wrapping_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Face;

    /// Draws a glyph as words, to compare outlines.
    struct Outline(String);

    impl ttf_parser::OutlineBuilder for Outline {
        fn move_to(&mut self, x: f32, y: f32) {
            self.0 += &format!("M{x} {y} ");
        }
        fn line_to(&mut self, x: f32, y: f32) {
            self.0 += &format!("L{x} {y} ");
        }
        fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
            self.0 += &format!("Q{x1} {y1} {x} {y} ");
        }
        fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
            self.0 += &format!("C{x1} {y1} {x2} {y2} {x} {y} ");
        }
        fn close(&mut self) {
            self.0 += "Z";
        }
    }

    #[test]
    fn outlines_and_advances_are_those_of_the_whole_face() {
        for face in Face::ALL {
            let mut remapper = GlyphRemapper::new();
            let glyphs: Vec<_> = "AgÅéỆЖΩ8 ½".chars().map(|c| face.glyph(c).unwrap()).collect();
            let placed: Vec<u16> = glyphs.iter().map(|glyph| remapper.remap(glyph.0)).collect();
            let bytes = subset(face.file(), 0, &remapper, &[], None).unwrap().bytes;
            assert_eq!(checksum(&bytes), 0xB1B0_AFBA);
            let small = ttf_parser::RawFace::parse(&bytes, 0).unwrap();
            assert!(LEFT_OUT.iter().all(|tag| small.table(ttf_parser::Tag::from_bytes(tag)).is_none()));
            let small = ttf_parser::Face::parse(&bytes, 0).unwrap();
            for (old, new) in glyphs.into_iter().zip(placed) {
                let new = ttf_parser::GlyphId(new);
                let (mut before, mut after) = (Outline(String::new()), Outline(String::new()));
                face.parsed().outline_glyph(old, &mut before);
                small.outline_glyph(new, &mut after);
                assert_eq!(after.0, before.0);
                assert_eq!(small.glyph_hor_advance(new), face.parsed().glyph_hor_advance(old));
            }
        }
    }

    #[test]
    fn a_font_cut_short_is_refused() {
        let whole = subsetter::subset(Face::Text.file(), 0, &GlyphRemapper::new_from_glyphs_sorted(&[30, 31])).unwrap();
        for end in (0..whole.len() - 4).step_by(17) {
            let cut = &whole[..end];
            let read = read_tables(cut).and_then(|tables| lightened(cut, tables, &[]));
            assert!(read.is_none() || end > whole.len() - 16, "cut at {end}");
        }
    }
}
