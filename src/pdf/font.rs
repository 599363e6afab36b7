//! Embedded fonts: each chunk of a face is subset, described and compressed once per process.

use super::byte_code::{self, Codes};
use super::chunk::{FontKey, FontSet};
use super::unicode_map::Digits;
use super::{deflate, file, program, unicode_map};
use crate::document::Face;
use crate::domain::Error;
use lopdf::{Dictionary, Object, ObjectId, dictionary};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::sync::{Arc, OnceLock};
use subsetter::GlyphRemapper;
use ttf_parser::{GlyphId, name_id};

/// A font ready to embed. A font with codes of one byte has those of [`byte_code`]; in others a character's code is its place,
/// from 1. So two characters that share a glyph (space and no-break space) still read back as themselves.
pub struct Font {
    /// In the order of their codes.
    characters: Vec<char>,
    /// `ABCDEF+Name`.
    pub name: String,
    /// Complete stream objects: the font program, code to Unicode, and with codes of two bytes code to glyph.
    pub streams: Vec<Vec<u8>>,
    widths: Object,
    descriptor: Dictionary,
}

static FONTS: [OnceLock<Arc<Font>>; FontKey::COUNT] = [const { OnceLock::new() }; FontKey::COUNT];

/// Exact fonts that a thread keeps: titles are much the same in all documents of an institution.
const KEPT: usize = 32;

thread_local! {
    // One for each thread: no lock between threads. The last used stands first.
    static EXACT: RefCell<Vec<(FontKey, Codes, Arc<Font>)>> = const { RefCell::new(Vec::new()) };
}

/// The font of a chunk: all of it.
pub fn font(key: FontKey) -> Result<&'static Arc<Font>, Error> {
    let place = &FONTS[key.index()];
    match place.get() {
        Some(font) => Ok(font),
        // Built outside `get_or_init`: a process forked while another thread builds must not wait for it for ever.
        // Two threads that meet here build the same bytes; one of them is kept.
        None => {
            let built = Arc::new(Font::build(key, characters_of(key))?);
            Ok(place.get_or_init(|| built))
        }
    }
}

/// The font that a document with these fonts embeds.
pub fn embedded(key: FontKey, set: &FontSet) -> Result<Arc<Font>, Error> {
    if key.is_exact() { exact(key, set.exact()) } else { font(key).cloned() }
}

fn exact(key: FontKey, codes: Codes) -> Result<Arc<Font>, Error> {
    EXACT.with_borrow_mut(|kept| {
        let entry = match kept.iter().position(|(known, shown, _)| (*known, *shown) == (key, codes)) {
            Some(at) => kept.remove(at),
            None => {
                let shown = byte_code::all().filter(|(code, _)| codes.contains(*code)).map(|(_, character)| character);
                (key, codes, Arc::new(Font::build(key, shown.collect())?))
            }
        };
        let font = Arc::clone(&entry.2);
        kept.insert(0, entry);
        kept.truncate(KEPT);
        Ok(font)
    })
}

impl Font {
    /// The code of a character in a font with codes of two bytes.
    pub fn code(&self, character: char) -> Option<u16> {
        self.characters.binary_search(&character).ok().map(|index| index as u16 + 1)
    }

    fn build(key: FontKey, characters: Vec<char>) -> Result<Font, Error> {
        let face = key.face();
        let mut remapper = GlyphRemapper::new();
        let placed = characters.iter().filter_map(|c| Some((*c, face.glyph(*c)?)));
        let placed: Vec<(char, GlyphId, u16)> = placed.map(|(c, glyph)| (c, glyph, remapper.remap(glyph.0))).collect();
        let mut glyphs = [0; 256];
        for (character, _, glyph) in placed.iter().filter(|_| key.is_simple()) {
            if let Some(code) = byte_code::of(*character) {
                glyphs[usize::from(code)] = *glyph as u8;
            }
        }
        let codes = key.is_simple().then_some(&glyphs);
        let program = program::subset(face.file(), 0, &remapper, &[], codes)?.bytes;
        let name = format!("{}+{}", tag(&program), postscript_name(face.parsed()));
        let mut streams = vec![
            file::stream(&format!("/Length1 {}", program.len()), &deflate::once(&program)),
            file::stream("", &deflate::once(&unicode(key, &characters))),
        ];
        if !key.is_simple() {
            let glyphs: Vec<u8> =
                [0].into_iter().chain(placed.iter().map(|p| p.2)).flat_map(u16::to_be_bytes).collect();
            streams.push(file::stream("", &deflate::once(&glyphs)));
        }
        Ok(Font {
            streams,
            widths: if key.is_simple() { simple_widths(face, &characters) } else { widths(face, &placed) },
            descriptor: descriptor(face.parsed(), Object::Name(name.as_bytes().to_vec()), face == Face::Display),
            characters,
            name,
        })
    }

    /// Adds the font's dictionaries; returns the number of the first of its streams, and the font.
    pub fn add(&self, objects: &mut lopdf::Document) -> (u32, ObjectId) {
        let ids: Vec<ObjectId> = self.streams.iter().map(|_| objects.new_object_id()).collect();
        let (program, unicode) = (ids[0], ids[1]);
        let mut descriptor = self.descriptor.clone();
        descriptor.set("FontFile2", program);
        let descriptor = objects.add_object(descriptor);
        let name = || Object::Name(self.name.as_bytes().to_vec());
        let Some(glyphs) = ids.get(2) else {
            let first = self.characters.iter().filter_map(|c| byte_code::of(*c)).min().unwrap_or_default();
            let last = self.characters.iter().filter_map(|c| byte_code::of(*c)).max().unwrap_or_default();
            let font = objects.add_object(dictionary! {
                "Type" => "Font",
                "Subtype" => "TrueType",
                "BaseFont" => name(),
                "FirstChar" => i64::from(first),
                "LastChar" => i64::from(last),
                "Widths" => self.widths.clone(),
                "FontDescriptor" => descriptor,
                "ToUnicode" => unicode,
            });
            return (program.0, font);
        };
        let mut descendant = descendant(name(), "CIDFontType2", descriptor.into());
        descendant.set("CIDToGIDMap", *glyphs);
        descendant.set("W", self.widths.clone());
        let descendant = objects.add_object(descendant);
        (program.0, objects.add_object(composite(name(), descendant.into(), unicode.into())))
    }
}

/// The chunk's characters in order of code point, control characters aside.
fn characters_of(key: FontKey) -> Vec<char> {
    if key.is_simple() {
        let shown = |c: &char| key.covers(*c) && key.face().glyph(*c).is_some();
        return byte_code::all().map(|(_, character)| character).filter(shown).collect();
    }
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

fn unicode(key: FontKey, characters: &[char]) -> Vec<u8> {
    if key.is_simple() {
        let coded = characters.iter().filter_map(|c| Some((u16::from(byte_code::of(*c)?), *c)));
        unicode_map::write(Digits::BYTE, &coded.collect::<Vec<_>>())
    } else {
        unicode_map::write(Digits::TWO_BYTES, &(1u16..).zip(characters.iter().copied()).collect::<Vec<_>>())
    }
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
fn widths(face: Face, placed: &[(char, GlyphId, u16)]) -> Object {
    let face = face.parsed();
    let all = std::iter::once(GlyphId(0)).chain(placed.iter().map(|placed| placed.1));
    let widths = all.map(|glyph| scaled(face, i32::from(face.glyph_hor_advance(glyph).unwrap_or(0)))).collect();
    Object::Array(vec![Object::Integer(0), Object::Array(widths)])
}

/// From the first code to the last; 0 where there is none.
fn simple_widths(face: Face, characters: &[char]) -> Object {
    let mut widths = Vec::new();
    let mut next = None;
    for (character, code) in characters.iter().filter_map(|c| Some((*c, byte_code::of(*c)?))) {
        let gap = next.map_or(0, |next| code - next);
        widths.extend((0..gap).map(|_| Object::Integer(0)));
        widths.push(scaled(face.parsed(), face.units(character)));
        next = Some(code.wrapping_add(1));
    }
    Object::Array(widths)
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
            for character in ['ő', 'ệ', 'Ω', 'Ж', 'ʻ'] {
                let font = font(FontKey::of(face, character)).unwrap();
                let code = font.code(character).expect("the built-in faces cover this");
                assert_eq!(font.characters[usize::from(code) - 1], character);
            }
            assert_eq!(font(FontKey::of(face, '漢')).unwrap().code('漢'), None);
        }
    }

    #[test]
    fn a_font_of_one_byte_has_a_glyph_and_a_width_for_each_code() {
        for (face, character) in [(Face::Text, 'a'), (Face::Strong, 'é'), (Face::Text, '€'), (Face::Display, 'x')] {
            let font = font(FontKey::of(face, character)).unwrap();
            assert_eq!(font.streams.len(), 2);
            let widths = font.widths.as_array().unwrap();
            let codes: Vec<u8> = font.characters.iter().filter_map(|c| byte_code::of(*c)).collect();
            assert!(codes.is_sorted() && codes.len() == font.characters.len());
            assert_eq!(widths.len(), usize::from(codes[codes.len() - 1] - codes[0]) + 1);
            let own = usize::from(byte_code::of(character).unwrap() - codes[0]);
            assert_eq!(widths[own], scaled(face.parsed(), face.units(character)));
        }
    }

    #[test]
    fn an_exact_font_holds_what_is_shown_and_is_kept() {
        let key = FontKey::of(Face::Display, 'T');
        let mut set = FontSet::default();
        "Transcript — é".chars().for_each(|c| set.show(byte_code::of(c).unwrap()));
        let font = embedded(key, &set).unwrap();
        assert_eq!(font.characters.iter().collect::<String>(), " Tacinprst—é");
        assert!(Arc::ptr_eq(&font, &embedded(key, &set).unwrap()));
        let fewer = embedded(key, &FontSet::default()).unwrap();
        assert!(fewer.characters.is_empty() && fewer.name != font.name);
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
