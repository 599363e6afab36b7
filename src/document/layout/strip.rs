//! Strips: what is never divided. A column is a stack of them.

use super::voice::{Measured, Voice};
use crate::document::content::Words;
use crate::document::face::Face;
use crate::document::length::Length;
use crate::document::page::{Colour, ElementId, Item};
use crate::document::theme::Palette;

/// A strip of a column: a line, a row, a heading. Its items are placed from its own top left corner.
#[derive(Clone, Debug, Default)]
pub(super) struct Strip<'d> {
    pub items: Vec<Item<'d>>,
    pub height: Length,
    /// Space above it, unless it begins a column.
    pub before: Length,
    /// Stays in one column with the strip below it.
    pub keep: bool,
    /// What is repeated above it when it begins a column: a place among the setter's repeats.
    pub carried: Option<usize>,
}

impl<'d> Strip<'d> {
    pub(super) fn of_height(height: Length) -> Strip<'d> {
        Strip { height, ..Strip::default() }
    }

    /// One line of text; `y` is the top of the line. Nothing for an empty text.
    pub(super) fn text(&mut self, line: Line, text: impl Into<Words<'d>>) {
        let text = text.into();
        if !text.is_empty() {
            self.set(line, line.voice.face_for(&text), text);
        }
    }

    /// The same of a text that was measured.
    pub(super) fn measured(&mut self, line: Line, measured: Measured, text: &'d str) {
        self.set(line, measured.face, text.into());
    }

    fn set(&mut self, line: Line, face: Face, text: Words<'d>) {
        let Line { voice, palette, x, y, element, runs_on } = line;
        self.items.push(Item::Text {
            x,
            y: y + voice.baseline(),
            size: voice.size,
            face,
            colour: voice.ink.colour(palette),
            text,
            element,
            runs_on,
        });
    }

    pub(super) fn fill(&mut self, [x, y, width, height]: [Length; 4], colour: Colour) {
        self.items.push(Item::Fill { x, y, width, height, colour });
    }
}

/// Where and how a line of text stands in its strip.
#[derive(Clone, Copy)]
pub(super) struct Line<'p> {
    pub voice: Voice<'p>,
    pub palette: &'p Palette,
    pub x: Length,
    pub y: Length,
    pub element: Option<ElementId>,
    /// Whether it ends inside a word.
    pub runs_on: bool,
}

impl Line<'_> {
    pub(super) fn running_on(self, runs_on: bool) -> Self {
        Line { runs_on, ..self }
    }
}

/// An item moved right and down.
pub(super) fn moved(item: Item<'_>, dx: Length, dy: Length) -> Item<'_> {
    match item {
        Item::Text { x, y, size, face, colour, text, element, runs_on } => {
            Item::Text { x: x + dx, y: y + dy, size, face, colour, text, element, runs_on }
        }
        Item::Fill { x, y, width, height, colour } => Item::Fill { x: x + dx, y: y + dy, width, height, colour },
        Item::Picture { x, y, width, height, picture, element } => {
            Item::Picture { x: x + dx, y: y + dy, width, height, picture, element }
        }
        watermark @ Item::Watermark { .. } => watermark,
    }
}
