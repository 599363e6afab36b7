//! The fonts of one document for text that had to be shaped: the clusters it shows, each a code of its own.

use super::font::{self, descriptor, scaled};
use super::program::{self, Component, Fused};
use super::syntax::{escaped, length, thousandths};
use super::{deflate, file, syntax, unicode_map};
use crate::document::fonts::{Cluster, Glyph, Line, Piece};
use crate::document::{FontFile, FontId, Fonts, Length};
use crate::domain::Error;
use lopdf::Object;
use std::collections::HashMap;
use subsetter::GlyphRemapper;

/// Object numbers that each font takes: font, descendant, descriptor, program, code to glyph, code to Unicode.
pub const NUMBERS: u32 = 6;

/// The fonts in the order of their names: `/F0`, `/F1`, …
#[derive(Default)]
pub struct ScriptFonts {
    fonts: Vec<ScriptFont>,
}

/// One font, and what its codes stand for, from code 1.
struct ScriptFont {
    id: FontId,
    /// Outlines in the CFF format, whose glyphs cannot be put together from others.
    compact: bool,
    signs: Vec<Sign>,
    codes: HashMap<Sign, u16>,
}

/// Glyphs at their places, and the text that they stand for.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Sign {
    glyphs: Vec<Glyph>,
    /// In font units, as the font will have it.
    advance: i32,
    text: String,
}

/// A code on its way to the page.
struct Placed {
    code: u16,
    /// Where it stands in its cluster.
    x: i32,
    y: i32,
    advance: i32,
}

/// No font has codes left for another cluster, or a file that was read before is gone.
fn internal(message: &str) -> Error {
    Error::Internal { message: message.to_owned() }
}

impl ScriptFonts {
    pub fn len(&self) -> usize {
        self.fonts.len()
    }

    /// Shows a line at the pen, in the order in which it is read: what runs from right to left begins at its right end.
    pub fn show(
        &mut self,
        out: &mut Vec<u8>,
        fonts: &Fonts,
        line: &Line,
        text: &str,
        size: Length,
    ) -> Result<(), Error> {
        if line.pieces.is_empty() {
            return Ok(());
        }
        let mut end = 0;
        let mut pieces = Vec::with_capacity(line.pieces.len());
        for piece in &line.pieces {
            pieces.push((end, piece));
            end += piece.clusters.iter().map(|cluster| ems(cluster.advance, piece)).sum::<i64>();
        }
        pieces.sort_by_key(|(_, piece)| piece.clusters.iter().map(|cluster| cluster.text.start).min());
        let mut pen = 0;
        for (start, piece) in pieces {
            let index = self.index(fonts, piece.font)?;
            let file = fonts.file(piece.font).ok_or_else(|| internal("a font went missing"))?;
            out.extend_from_slice(b"/F");
            syntax::integer(out, index as i64);
            out.push(b' ');
            length(out, size);
            out.extend_from_slice(b" Tf ");
            pen = self.fonts[index].show(out, file, (piece, text, size), (start, pen))?;
        }
        // The pen ends where the eye does, for a space after the line.
        out.push(b'[');
        adjust(out, pen - end);
        out.extend_from_slice(b"]TJ ");
        Ok(())
    }

    fn index(&mut self, fonts: &Fonts, id: FontId) -> Result<usize, Error> {
        if let Some(index) = self.fonts.iter().position(|font| font.id == id) {
            return Ok(index);
        }
        let face = fonts.file(id).and_then(FontFile::parsed).ok_or_else(|| internal("a font went missing"))?;
        let compact = face.tables().glyf.is_none();
        self.fonts.push(ScriptFont { id, compact, signs: Vec::new(), codes: HashMap::new() });
        Ok(self.fonts.len() - 1)
    }

    /// Each font's dictionaries and streams, numbered from the font's first number.
    pub fn objects(&self, fonts: &Fonts, firsts: &[u32]) -> Result<Vec<(u32, Body)>, Error> {
        let mut objects = Vec::new();
        for (font, first) in self.fonts.iter().zip(firsts) {
            let file = fonts.file(font.id).ok_or_else(|| internal("a font went missing"))?;
            let bodies = font.build(file, *first)?;
            objects.extend((*first..).zip(bodies));
        }
        Ok(objects)
    }
}

/// An object: to be packed with others, or a whole stream.
pub enum Body {
    Plain(Object),
    Stream(Vec<u8>),
}

impl ScriptFont {
    /// Shows a piece that begins at `start` while the pen is at `pen`; returns where it is then.
    fn show(
        &mut self,
        out: &mut Vec<u8>,
        file: &FontFile,
        (piece, text, size): (&Piece, &str, Length),
        (start, mut pen): (i64, i64),
    ) -> Result<i64, Error> {
        let mut at = start;
        let mut clusters = Vec::with_capacity(piece.clusters.len());
        for cluster in &piece.clusters {
            clusters.push((at, cluster));
            at += ems(cluster.advance, piece);
        }
        if piece.right_to_left {
            clusters.reverse();
        }
        let mut rise = 0;
        out.push(b'[');
        for (at, cluster) in clusters {
            for placed in self.placed(file, cluster, text, piece.right_to_left)? {
                if placed.y != rise {
                    rise = placed.y;
                    out.extend_from_slice(b"]TJ ");
                    length(out, piece.scaled(rise, size));
                    out.extend_from_slice(b" Ts [");
                }
                let x = at + ems(placed.x, piece);
                adjust(out, pen - x);
                out.push(b'(');
                escaped(out, &placed.code.to_be_bytes());
                out.push(b')');
                pen = x + ems(placed.advance, piece);
            }
        }
        out.extend_from_slice(b"]TJ ");
        if rise != 0 {
            out.extend_from_slice(b"0 Ts ");
        }
        Ok(pen)
    }

    /// The codes of a cluster: one, unless its font cannot put glyphs together.
    fn placed(
        &mut self,
        file: &FontFile,
        cluster: &Cluster,
        text: &str,
        right_to_left: bool,
    ) -> Result<Vec<Placed>, Error> {
        let own = cluster.text_of(text);
        if right_to_left && !self.compact && own.chars().nth(1).is_some() {
            return self.divided(cluster, own);
        }
        let alone = |glyph: &Glyph, text: &str| Sign {
            glyphs: vec![Glyph { x: 0, y: 0, ..*glyph }],
            advance: file.advance(glyph.id),
            text: text.to_owned(),
        };
        if let [glyph] = cluster.glyphs.as_slice() {
            let sign = alone(glyph, own);
            let advance = sign.advance;
            return Ok(vec![Placed { code: self.code(sign)?, x: glyph.x, y: glyph.y, advance }]);
        }
        if !self.compact {
            let advance = cluster.advance.max(0);
            let sign = Sign { glyphs: cluster.glyphs.clone(), advance, text: own.to_owned() };
            return Ok(vec![Placed { code: self.code(sign)?, x: 0, y: 0, advance }]);
        }
        let texts = shared(own, cluster.glyphs.len());
        let place = |(glyph, text): (&Glyph, &str)| {
            let sign = alone(glyph, text);
            let advance = sign.advance;
            Ok(Placed { code: self.code(sign)?, x: glyph.x, y: glyph.y, advance })
        };
        cluster.glyphs.iter().zip(texts).map(place).collect()
    }

    /// A cluster from right to left as one code a character, the first of which draws it all. Readers turn round what stands
    /// from right to left code by code, and would leave the characters of a longer code in the wrong order.
    fn divided(&mut self, cluster: &Cluster, text: &str) -> Result<Vec<Placed>, Error> {
        let count = text.chars().count() as i32;
        // A mark takes as little as keeps it left of its letter: readers see a space in more.
        let marked = text.chars().any(unicode_normalization::char::is_combining_mark);
        let share = if marked { 1 } else { cluster.advance.max(0) / count };
        let mut placed = Vec::with_capacity(text.chars().count());
        for (index, character) in (0..count).zip(text.chars()) {
            let x = share.saturating_mul(count - 1 - index);
            let drawn = cluster.glyphs.iter().filter(|_| index == 0);
            let glyphs = drawn.map(|glyph| Glyph { x: glyph.x.saturating_sub(x), ..*glyph }).collect();
            let advance = if index == 0 { cluster.advance.saturating_sub(x).max(0) } else { share };
            let code = self.code(Sign { glyphs, advance, text: character.to_string() })?;
            placed.push(Placed { code, x, y: 0, advance });
        }
        Ok(placed)
    }

    fn code(&mut self, sign: Sign) -> Result<u16, Error> {
        if let Some(code) = self.codes.get(&sign) {
            return Ok(*code);
        }
        let code = u16::try_from(self.signs.len() + 1).map_err(|_| internal("a document has too many clusters"))?;
        self.signs.push(sign.clone());
        self.codes.insert(sign, code);
        Ok(code)
    }

    fn build(&self, file: &FontFile, first: u32) -> Result<Vec<Body>, Error> {
        let face = file.parsed().ok_or_else(|| internal("a font went missing"))?;
        let [_, descendant, description, program, glyphs, unicode] =
            [0, 1, 2, 3, 4, 5].map(|offset| Object::Reference((first + offset, 0)));
        let made = self.program(file)?;
        let name = format!("{}+{}", font::tag(&made.bytes), font::postscript_name(&face));
        let name = || Object::Name(name.as_bytes().to_vec());
        let mut description_entries = descriptor(&face, name(), false);
        description_entries.set(if self.compact { "FontFile3" } else { "FontFile2" }, program);
        let subtype = if self.compact { "CIDFontType0" } else { "CIDFontType2" };
        let mut entries = font::descendant(name(), subtype, description);
        entries.set("W", self.widths(&face));
        if !self.compact {
            entries.set("CIDToGIDMap", glyphs);
        }
        let texts: Vec<&str> = self.signs.iter().map(|sign| sign.text.as_str()).collect();
        let stream = |entries: &str, bytes: &[u8]| Body::Stream(file::stream(entries, &deflate::per_document(bytes)));
        let kind =
            if self.compact { "/Subtype/CIDFontType0C".to_owned() } else { format!("/Length1 {}", made.bytes.len()) };
        Ok(vec![
            Body::Plain(font::composite(name(), descendant, unicode).into()),
            Body::Plain(entries.into()),
            Body::Plain(description_entries.into()),
            stream(&kind, &made.bytes),
            stream("", &made.glyphs),
            stream("", &unicode_map::write_texts(&texts)),
        ])
    }

    fn widths(&self, face: &ttf_parser::Face) -> Object {
        let nothing = i32::from(face.glyph_hor_advance(ttf_parser::GlyphId(0)).unwrap_or(0));
        let all = std::iter::once(nothing).chain(self.signs.iter().map(|sign| sign.advance));
        Object::Array(vec![Object::Integer(0), Object::Array(all.map(|units| scaled(face, units)).collect())])
    }

    fn program(&self, file: &FontFile) -> Result<Program, Error> {
        let mut remapper = GlyphRemapper::new();
        let mut fused = Vec::new();
        // Of each sign its glyph in the subset, or its place among those that are put together.
        let mut places: Vec<Result<u16, u16>> = Vec::new();
        for sign in &self.signs {
            let components =
                sign.glyphs.iter().map(|glyph| Component { glyph: remapper.remap(glyph.id), x: glyph.x, y: glyph.y });
            let components: Vec<Component> = components.collect();
            if let [Component { glyph, x: 0, y: 0 }] = components.as_slice() {
                places.push(Ok(*glyph));
            } else {
                places.push(Err(fused.len() as u16));
                fused.push(Fused { components, advance: sign.advance });
            }
        }
        let made = program::subset(file.bytes(), file.index(), &remapper, &fused, None)?;
        let mut glyphs = vec![0, 0];
        for place in places {
            let glyph = place.unwrap_or_else(|fused| made.first_fused + fused);
            glyphs.extend_from_slice(&glyph.to_be_bytes());
        }
        Ok(Program { bytes: made.bytes, glyphs })
    }
}

/// A font program, and code to glyph.
struct Program {
    bytes: Vec<u8>,
    glyphs: Vec<u8>,
}

/// The parts of a text that some glyphs stand for: one character each, the last the rest.
fn shared(text: &str, count: usize) -> Vec<&str> {
    let mut rest = text;
    let mut parts = Vec::with_capacity(count);
    for left in (0..count).rev() {
        let end = if left == 0 { rest.len() } else { rest.chars().next().map_or(0, char::len_utf8) };
        let (part, others) = rest.split_at(end);
        parts.push(part);
        rest = others;
    }
    parts
}

/// Font units in millionths of the type size.
fn ems(units: i32, piece: &Piece) -> i64 {
    i64::from(units) * 1_000_000 / i64::from(piece.units_per_em.max(1))
}

/// Moves the pen back by so many millionths of the type size.
fn adjust(out: &mut Vec<u8>, back: i64) {
    if back != 0 {
        thousandths(out, back);
    }
}
