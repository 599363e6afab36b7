//! Finished pages: words and lines at fixed places, each tied to the element of the document it belongs to.
//! A back end only translates them.

use super::content::Words;
use super::face::Face;
use super::fonts::Fonts;
use super::length::Length;
use super::picture::Picture;

/// A colour as red, green and blue, 0 to 255 (sRGB).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    /// `#RRGGBB`.
    pub fn from_hex(text: &str) -> Option<Colour> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let channel = |at: usize| {
            let pair = digits.get(at..at + 2).filter(|pair| pair.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
            u8::from_str_radix(pair, 16).ok()
        };
        Some(Colour(channel(0)?, channel(2)?, channel(4)?))
    }
}

/// What an element of the document is, in the words of PDF's structure types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    Document,
    Section,
    /// Level 1 to 6.
    Heading(u8),
    Paragraph,
    Table,
    TableHead,
    TableBody,
    Row,
    /// A header cell for its column.
    ColumnHeader,
    Cell,
    Figure,
}

/// Index into [`Pages::elements`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ElementId(pub u32);

/// One element of the logical document; a reader hears elements in this order. The first is the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    pub role: Role,
    pub parent: Option<ElementId>,
    /// What a figure shows, in words.
    pub alternative: Option<String>,
}

/// One thing on a page. Coordinates start at the page's top left corner and grow right and down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item<'d> {
    /// Text on the baseline `y`, from `x` rightwards. `element` is absent for repeated headers and footers.
    Text {
        x: Length,
        y: Length,
        size: Length,
        face: Face,
        colour: Colour,
        text: Words<'d>,
        element: Option<ElementId>,
        /// The element's next text goes on inside the same word: no space is read between them.
        runs_on: bool,
    },
    /// A filled rectangle: decoration, or a rule when thin.
    Fill { x: Length, y: Length, width: Length, height: Length, colour: Colour },
    /// A picture that fills the rectangle; `element` is its figure.
    Picture { x: Length, y: Length, width: Length, height: Length, picture: Picture, element: ElementId },
    /// Large text across the page behind everything (SAMPLE, UNOFFICIAL), centred, rising left to right. Decoration.
    Watermark { text: Words<'d>, face: Face, size: Length, colour: Colour },
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page<'d> {
    pub items: Vec<Item<'d>>,
}

/// The whole document, laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pages<'d> {
    pub width: Length,
    pub height: Length,
    /// Document title and language tag (BCP 47) for the file's metadata. The title holds no grade.
    pub title: Words<'d>,
    pub language: Words<'d>,
    /// What texts are set in that the faces cannot set alone.
    pub fonts: Fonts,
    pub elements: Vec<Element>,
    pub pages: Vec<Page<'d>>,
}
