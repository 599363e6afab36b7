//! Embedded fonts: each chunk of a face is subset, described and compressed once per process.

use super::chunk::FontKey;
use super::{deflate, file, program, unicode_map};
use crate::document::Face;
use crate::domain::Error;
use lopdf::{Dictionary, Object, dictionary};
use sha2::{Digest, Sha256};
use std::sync::OnceLock;
use subsetter::GlyphRemapper;
use ttf_parser::{GlyphId, name_id};

/// One chunk of a face, ready to embed. A character's code is its place in the chunk, from 1; so two characters that share
/// a glyph (space and no-break space) still read back as themselves.
pub struct ChunkFont {
    characters: Vec<char>,
    /// Codes of U+0000 to U+00FF, 0 where the chunk has none.
    low: [u16; 256],
    /// `ABCDEF+Name`.
    pub name: String,
    /// Complete stream objects: the font program, code to glyph, code to Unicode.
    pub streams: [Vec<u8>; 3],
    pub widths: Object,
    pub descriptor: Dictionary,
}

static FONTS: [OnceLock<ChunkFont>; FontKey::COUNT] = [const { OnceLock::new() }; FontKey::COUNT];

/// The font of a chunk.
pub fn font(key: FontKey) -> Result<&'static ChunkFont, Error> {
    let place = &FONTS[key.index()];
    match place.get() {
        Some(font) => Ok(font),
        // Built outside `get_or_init`: a process forked while another thread builds must not wait for it for ever.
        // Two threads that meet here build the same bytes; one of them is kept.
        None => {
            let built = ChunkFont::build(key)?;
            Ok(place.get_or_init(|| built))
        }
    }
}

impl ChunkFont {
    /// The two-byte code of a character in this font.
    pub fn code(&self, character: char) -> Option<u16> {
        match self.low.get(character as usize) {
            Some(0) => None,
            Some(code) => Some(*code),
            None => self.characters.binary_search(&character).ok().map(|index| index as u16 + 1),
        }
    }

    fn build(key: FontKey) -> Result<ChunkFont, Error> {
        let face = key.face();
        let characters = characters_of(key);
        let mut remapper = GlyphRemapper::new();
        let glyphs: Vec<GlyphId> = characters.iter().filter_map(|c| face.glyph(*c)).collect();
        let placed: Vec<u16> = glyphs.iter().map(|glyph| remapper.remap(glyph.0)).collect();
        let program = program::subset(face.file(), 0, &remapper, &[])?.bytes;
        let name = format!("{}+{}", tag(&program), postscript_name(face.parsed()));
        let mut low = [0; 256];
        for (index, character) in characters.iter().enumerate() {
            if let Some(code) = low.get_mut(*character as usize) {
                *code = index as u16 + 1;
            }
        }
        Ok(ChunkFont {
            low,
            streams: streams(&program, &placed, &characters),
            widths: widths(key, &glyphs),
            descriptor: descriptor(face.parsed(), Object::Name(name.as_bytes().to_vec()), face == Face::Display),
            characters,
            name,
        })
    }
}

/// The chunk's characters in order of code point, control characters aside.
fn characters_of(key: FontKey) -> Vec<char> {
    let mut characters = Vec::new();
    for table in key.face().parsed().tables().cmap.into_iter().flat_map(|cmap| cmap.subtables) {
        if table.is_unicode() {
            table.codepoints(|point| characters.extend(char::from_u32(point)));
        }
    }
    // Private characters mean nothing to a reader, and the last two must not be in a map to Unicode (ISO 19005-3, 6.2.11.7).
    let mute = |c: char| c.is_control() || matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{fffe}');
    characters.retain(|c| key.covers(*c) && !mute(*c) && key.face().glyph(*c).is_some());
    characters.sort_unstable();
    characters.dedup();
    characters
}

fn streams(program: &[u8], placed: &[u16], characters: &[char]) -> [Vec<u8>; 3] {
    let mut glyphs = vec![0, 0];
    placed.iter().for_each(|glyph| glyphs.extend_from_slice(&glyph.to_be_bytes()));
    let length = format!("/Length1 {}", program.len());
    [
        file::stream(&length, &deflate::once(program)),
        file::stream("", &deflate::once(&glyphs)),
        file::stream("", &deflate::once(&unicode_map::write(characters))),
    ]
}

/// Six letters that no other subset of the face has (ISO 32000-1, 9.6.4), taken from the program itself.
pub fn tag(program: &[u8]) -> String {
    Sha256::digest(program).iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
}

pub fn postscript_name(face: &ttf_parser::Face) -> String {
    let names = face.names();
    let name = names.into_iter().filter(|name| name.name_id == name_id::POST_SCRIPT_NAME);
    name.filter_map(|name| name.to_string()).next().unwrap_or_else(|| "Face".to_owned())
}

/// In thousandths of the type size, as PDF wants them.
pub fn scaled(face: &ttf_parser::Face, units: i32) -> Object {
    // A font of the user's may have clusters of any width.
    let (units, per_em) = (i64::from(units), i64::from(face.units_per_em()));
    if units * 1000 % per_em == 0 {
        Object::Integer(units * 1000 / per_em)
    } else {
        Object::Real(units as f32 * 1000.0 / per_em as f32)
    }
}

/// From code 0, which is the face's own "no glyph".
fn widths(key: FontKey, glyphs: &[GlyphId]) -> Object {
    let face = key.face().parsed();
    let all = std::iter::once(&GlyphId(0)).chain(glyphs);
    let widths = all.map(|glyph| scaled(face, i32::from(face.glyph_hor_advance(*glyph).unwrap_or(0)))).collect();
    Object::Array(vec![Object::Integer(0), Object::Array(widths)])
}

pub fn descriptor(face: &ttf_parser::Face, name: Object, serif: bool) -> Dictionary {
    const SERIF: i64 = 1 << 1;
    const SYMBOLIC: i64 = 1 << 2;
    let edges = face.global_bounding_box();
    let bounds = [edges.x_min, edges.y_min, edges.x_max, edges.y_max];
    let serif = if serif { SERIF } else { 0 };
    dictionary! {
        "Type" => "FontDescriptor",
        "FontName" => name,
        "Flags" => SYMBOLIC | serif,
        "FontBBox" => bounds.map(|edge| scaled(face, i32::from(edge))).to_vec(),
        "ItalicAngle" => 0,
        "Ascent" => scaled(face, i32::from(face.ascender())),
        "Descent" => scaled(face, i32::from(face.descender())),
        "CapHeight" => scaled(face, i32::from(face.capital_height().unwrap_or(face.ascender()))),
        // No table states it; readers use it only to imitate a missing font.
        "StemV" => i64::from(face.weight().to_number()) / 5,
    }
}

/// The font as text names it, with its one descendant.
pub fn composite(name: Object, descendant: Object, unicode: Object) -> Dictionary {
    dictionary! {
        "Type" => "Font",
        "Subtype" => "Type0",
        "BaseFont" => name,
        "Encoding" => "Identity-H",
        "DescendantFonts" => vec![descendant],
        "ToUnicode" => unicode,
    }
}

/// The descendant without its widths.
pub fn descendant(name: Object, subtype: &str, descriptor: Object) -> Dictionary {
    dictionary! {
        "Type" => "Font",
        "Subtype" => subtype,
        "BaseFont" => name,
        "CIDSystemInfo" => dictionary! {
            "Registry" => Object::string_literal("Adobe"),
            "Ordering" => Object::string_literal("Identity"),
            "Supplement" => 0,
        },
        "FontDescriptor" => descriptor,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_of_every_face_has_a_code_of_its_own() {
        for face in Face::ALL {
            for character in ['a', ' ', '\u{a0}', 'é', 'ő', 'ệ', 'Ω', 'Ж', '—'] {
                let font = font(FontKey::of(face, character)).unwrap();
                let code = font.code(character).expect("the built-in faces cover this");
                assert_eq!(font.characters[usize::from(code) - 1], character);
            }
            assert_eq!(font(FontKey::of(face, '漢')).unwrap().code('漢'), None);
        }
    }

    #[test]
    fn names_carry_a_tag_of_six_letters_and_differ() {
        let one = &font(FontKey::of(Face::Text, 'a')).unwrap().name;
        let other = &font(FontKey::of(Face::Text, 'Ж')).unwrap().name;
        assert_ne!(one, other);
        assert!(one[..6].bytes().all(|byte| byte.is_ascii_uppercase()));
        assert_eq!(&one[6..], "+SourceSans3-Regular");
    }
}
