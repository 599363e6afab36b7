//! The faces a page is set in, whole files under the SIL Open Font License, parsed once per process.

use super::fonts::FontFile;
use super::length::Length;
use super::{kerning, letters};
use std::sync::OnceLock;

/// A face of the house's type: a serif for headings, a sans with tabular figures for everything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Face {
    /// Source Sans 3 Regular.
    Text,
    /// Source Sans 3 Semibold.
    Strong,
    /// Source Serif 4 Semibold.
    Display,
}

static TEXT: &[u8] = include_bytes!("../../assets/fonts/SourceSans3-Regular.ttf");
static STRONG: &[u8] = include_bytes!("../../assets/fonts/SourceSans3-Semibold.ttf");
static DISPLAY: &[u8] = include_bytes!("../../assets/fonts/SourceSerif4-Semibold.ttf");

static PARSED: OnceLock<[ttf_parser::Face<'static>; 3]> = OnceLock::new();

/// Characters below this are looked up in a table: nearly all of a page in a Latin script.
const TABLED: usize = 0x250;

/// And typographic punctuation, which stands behind them in the table.
const PUNCTUATION: usize = 0x2010;
const PUNCTUATIONS: usize = 0x18;

/// Advance in font units, face by face; `None` where the face has no glyph.
static ADVANCES: OnceLock<[[Option<u16>; TABLED + PUNCTUATIONS]; 3]> = OnceLock::new();

/// Made before it is set: a process forked in the meantime finds the cell empty, never locked.
#[inline]
pub(super) fn once<T>(cell: &'static OnceLock<T>, make: impl FnOnce() -> T) -> &'static T {
    cell.get().unwrap_or_else(|| {
        let made = make();
        cell.get_or_init(|| made)
    })
}

/// The faces as shaping wants them, for what cannot be set character by character.
static FILES: [OnceLock<FontFile>; 3] = [const { OnceLock::new() }; 3];

fn parsed() -> [ttf_parser::Face<'static>; 3] {
    // The files are part of the binary: that they parse is checked by the tests, not at run time.
    [TEXT, STRONG, DISPLAY].map(|bytes| ttf_parser::Face::parse(bytes, 0).expect("a built-in face parses"))
}

fn advances() -> [[Option<u16>; TABLED + PUNCTUATIONS]; 3] {
    Face::ALL.map(|face| {
        std::array::from_fn(|at| {
            let code = if at < TABLED { at } else { at - TABLED + PUNCTUATION };
            char::from_u32(code as u32).and_then(|character| face.looked_up(character))
        })
    })
}

impl Face {
    pub const ALL: [Face; 3] = [Face::Text, Face::Strong, Face::Display];

    /// The whole font file.
    pub const fn file(self) -> &'static [u8] {
        match self {
            Face::Text => TEXT,
            Face::Strong => STRONG,
            Face::Display => DISPLAY,
        }
    }

    pub fn parsed(self) -> &'static ttf_parser::Face<'static> {
        &once(&PARSED, parsed)[self as usize]
    }

    /// The glyph of a character; `None` when this face has none.
    pub fn glyph(self, character: char) -> Option<ttf_parser::GlyphId> {
        self.parsed().glyph_index(character)
    }

    /// The face as a font file.
    pub(super) fn font_file(self) -> &'static FontFile {
        once(&FILES[self as usize], || FontFile::shipped(self.file()).expect("a built-in face parses"))
    }

    /// How far a character moves the pen, in font units; zero when the face lacks it.
    pub fn units(self, character: char) -> i32 {
        i32::from(self.advance(character).unwrap_or(0))
    }

    /// What stands between two characters beside their own widths, in font units.
    pub fn kerning(self, before: char, after: char) -> i32 {
        letters::kerning(self, before, after).unwrap_or_else(|| kerning::between(self, before, after))
    }

    /// How far a character moves the pen after another, or at a line's beginning, in font units.
    pub fn step(self, before: Option<char>, character: char) -> i32 {
        let advance = letters::advance(self, character).unwrap_or_else(|| self.units(character));
        advance + before.map_or(0, |before| self.kerning(before, character))
    }

    pub fn units_per_em(self) -> i32 {
        i32::from(self.parsed().units_per_em())
    }

    /// A distance in font units at a type size.
    pub fn scaled(self, units: i32, size: Length) -> Length {
        size.scaled(units, self.units_per_em())
    }

    /// Whether the face has a glyph for a character.
    pub fn covers(self, character: char) -> bool {
        // Every face has all of ASCII, which a test says.
        (' '..='~').contains(&character) || self.advance(character).is_some()
    }

    fn advance(self, character: char) -> Option<u16> {
        let table = &once(&ADVANCES, advances)[self as usize];
        let code = character as usize;
        let place = if code < TABLED { Some(code) } else { code.checked_sub(PUNCTUATION).map(|at| at + TABLED) };
        match place.and_then(|place| table.get(place)) {
            Some(advance) => *advance,
            None => self.looked_up(character),
        }
    }

    fn looked_up(self, character: char) -> Option<u16> {
        self.parsed().glyph_hor_advance(self.glyph(character)?)
    }

    /// The width of a line of text set character by character, with kerning.
    pub fn width(self, text: &str, size: Length) -> Length {
        self.scaled(letters::units(self, text), size)
    }

    /// The least width in font units that is wider than a length at a size.
    pub fn too_wide(self, length: Length, size: Length) -> i64 {
        let (length, size) = (i64::from(length.in_millipoints()), i64::from(size.in_millipoints()).max(1));
        ((length + 1) * i64::from(self.units_per_em()) + size - 1).div_euclid(size)
    }
}
