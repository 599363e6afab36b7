//! The faces a page is set in, whole files under the SIL Open Font License, parsed once per process.

use super::length::Length;
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

/// Advance in font units, face by face; `None` where the face has no glyph.
static ADVANCES: OnceLock<[[Option<u16>; TABLED]; 3]> = OnceLock::new();

/// Made before it is set: a process forked in the meantime finds the cell empty, never locked.
fn once<T>(cell: &'static OnceLock<T>, make: impl FnOnce() -> T) -> &'static T {
    cell.get().unwrap_or_else(|| {
        let made = make();
        cell.get_or_init(|| made)
    })
}

fn parsed() -> [ttf_parser::Face<'static>; 3] {
    // The files are part of the binary: that they parse is checked by the tests, not at run time.
    [TEXT, STRONG, DISPLAY].map(|bytes| ttf_parser::Face::parse(bytes, 0).expect("a built-in face parses"))
}

fn advances() -> [[Option<u16>; TABLED]; 3] {
    Face::ALL.map(|face| {
        let mut table = [None; TABLED];
        for (code, advance) in table.iter_mut().enumerate() {
            *advance = char::from_u32(code as u32).and_then(|character| face.looked_up(character));
        }
        table
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

    /// How far a character moves the pen at a size; zero when the face lacks it.
    pub fn advance(self, character: char, size: Length) -> Length {
        let units = self.units(character).unwrap_or(0);
        size.scaled(i32::from(units), i32::from(self.parsed().units_per_em()))
    }

    /// Whether the face has a glyph for a character.
    pub fn covers(self, character: char) -> bool {
        self.units(character).is_some()
    }

    fn units(self, character: char) -> Option<u16> {
        match once(&ADVANCES, advances)[self as usize].get(character as usize) {
            Some(advance) => *advance,
            None => self.looked_up(character),
        }
    }

    fn looked_up(self, character: char) -> Option<u16> {
        self.parsed().glyph_hor_advance(self.glyph(character)?)
    }

    /// The width of a line of text, without kerning.
    pub fn width(self, text: &str, size: Length) -> Length {
        text.chars().map(|c| self.advance(c, size)).sum()
    }
}
