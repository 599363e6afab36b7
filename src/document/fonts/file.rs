//! One font file: checked once, then asked for glyphs, widths and shaped text.

use crate::domain::Problem;
use harfrust::font::Blob;
use harfrust::{Buffer, BufferFlags, Direction, Feature, Font, Script, ShapeOptions, ShaperFont, Tag};
use std::fmt;
use std::ops::Range;

/// A font as a file holds it, with what shaping prepares from it. Two are equal when their bytes are.
pub struct FontFile {
    blob: Blob,
    index: u32,
    shaping: Font,
    per_em: i32,
}

/// A glyph as shaping placed it, in font units; `cluster` is where its text begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shaped {
    pub glyph: u16,
    pub cluster: usize,
    pub advance: i32,
    pub x: i32,
    pub y: i32,
}

/// Text of one script and direction.
pub(super) struct Stretch<'t> {
    pub text: &'t str,
    pub range: Range<usize>,
    pub script: unicode_script::Script,
    pub right_to_left: bool,
}

impl FontFile {
    /// Bytes of a font file that a user names; collections of Chinese, Japanese and Korean faces take up to 30 million.
    pub const MAX_BYTES: usize = 64 * 1024 * 1024;

    /// A file from outside. `index` counts the faces of a collection.
    ///
    /// Refused: too many bytes; what is no TrueType or OpenType font with outlines; a font whose licence bits forbid that it
    /// is embedded or subset.
    pub fn read(bytes: Vec<u8>, index: u32) -> Result<FontFile, Problem> {
        let refused = |code, message: &str| Err(Problem::new(code, "", message));
        if bytes.len() > FontFile::MAX_BYTES {
            return refused("too-large", "is larger than 64 MiB");
        }
        let Some(file) = FontFile::of(bytes.into(), index) else {
            return refused("not-a-font", "cannot be read as a TrueType or OpenType font");
        };
        let Some(face) = file.parsed() else {
            return refused("not-a-font", "cannot be read as a TrueType or OpenType font");
        };
        if face.tables().glyf.is_none() && face.tables().cff.is_none() {
            return refused("not-a-font", "has no outlines in the TrueType or CFF format");
        }
        if face.permissions() == Some(ttf_parser::Permissions::Restricted) || !face.is_subsetting_allowed() {
            return refused("not-embeddable", "does not permit that it is embedded in documents");
        }
        Ok(file)
    }

    pub(in crate::document) fn shipped(bytes: &'static [u8]) -> Option<FontFile> {
        FontFile::of(bytes.into(), 0)
    }

    fn of(blob: Blob, index: u32) -> Option<FontFile> {
        let shaping = Font::new(blob.clone(), index)?;
        let per_em = i32::from(ttf_parser::Face::parse(&blob, index).ok()?.units_per_em());
        let file = FontFile { blob, index, shaping, per_em };
        // Shaping prepares its tables at first use and behind locks: here, before anybody else can see the file.
        let text = "A";
        let script = unicode_script::Script::Latin;
        file.shape(&Stretch { text, range: 0..text.len(), script, right_to_left: false });
        Some(file)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.blob
    }

    /// The place of the face in a collection.
    pub fn index(&self) -> u32 {
        self.index
    }

    pub fn units_per_em(&self) -> i32 {
        self.per_em
    }

    /// The tables; `None` only if the file broke since it was read, which it cannot.
    pub fn parsed(&self) -> Option<ttf_parser::Face<'_>> {
        ttf_parser::Face::parse(&self.blob, self.index).ok()
    }

    pub fn has(&self, character: char) -> bool {
        self.shaping.charmap().map_unicode(character).is_some()
    }

    /// In font units.
    pub fn advance(&self, glyph: u16) -> i32 {
        ShaperFont::new(&self.shaping).glyph_h_advance(u32::from(glyph).into())
    }

    /// The glyphs of a stretch, from left to right. A glyph 0 stands where the face lacks a character.
    pub(super) fn shape(&self, stretch: &Stretch) -> Vec<Shaped> {
        let mut buffer = Buffer::new();
        let (before, rest) = stretch.text.split_at(stretch.range.start);
        let (own, after) = rest.split_at(stretch.range.len());
        // Letters join with those of the neighbouring stretch.
        buffer.set_pre_context(before);
        for (at, character) in own.char_indices() {
            buffer.push(u32::from(character), (stretch.range.start + at) as u32);
        }
        buffer.set_post_context(after);
        buffer.set_direction(if stretch.right_to_left { Direction::RightToLeft } else { Direction::LeftToRight });
        buffer.set_script(Script::from_iso15924_tag(Tag::from_u32(stretch.script.as_iso15924_tag())));
        buffer.set_flags(BufferFlags::REMOVE_DEFAULT_IGNORABLES | BufferFlags::DO_NOT_INSERT_DOTTED_CIRCLE);
        // As the faces for Latin are set: without ligatures, which nobody asked for.
        let plain = [Feature::new(Tag::new(b"liga"), 0, ..), Feature::new(Tag::new(b"clig"), 0, ..)];
        let features = if super::itemise::is_european(stretch.script) { &plain[..] } else { &[] };
        let font = ShaperFont::new(&self.shaping);
        if harfrust::shape(&font, &mut buffer, ShapeOptions::new().features(features)).is_err() {
            return Vec::new();
        }
        let glyphs = buffer.glyph_infos().iter().zip(buffer.glyph_positions());
        let shaped = glyphs.map(|(glyph, place)| Shaped {
            // No font has more glyphs than 16 bits count.
            glyph: u16::try_from(glyph.glyph_id).unwrap_or(0),
            cluster: glyph.cluster as usize,
            advance: place.x_advance,
            x: place.x_offset,
            y: place.y_offset,
        });
        shaped.collect()
    }
}

impl PartialEq for FontFile {
    fn eq(&self, other: &FontFile) -> bool {
        self.index == other.index && self.bytes() == other.bytes()
    }
}

impl Eq for FontFile {}

impl fmt::Debug for FontFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FontFile({} bytes, face {})", self.blob.len(), self.index)
    }
}
