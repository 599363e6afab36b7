//! Strips: what is never divided. A column is a stack of them.

use super::voice::Voice;
use crate::document::length::Length;
use crate::document::page::{Colour, ElementId, Item};
use crate::document::theme::Palette;

/// A strip of a column: a line, a row, a heading. Its items are placed from its own top left corner.
#[derive(Clone, Debug, Default)]
pub(super) struct Strip {
    pub items: Vec<Item>,
    pub height: Length,
    /// Space above it, unless it begins a column.
    pub before: Length,
    /// Stays in one column with the strip below it.
    pub keep: bool,
    /// What is repeated above it when it begins a column: a place in the list of repeats.
    pub carried: Option<usize>,
}

impl Strip {
    pub(super) fn of_height(height: Length) -> Strip {
        Strip { height, ..Strip::default() }
    }

    /// One line of text; `y` is the top of the line. Nothing for an empty text.
    pub(super) fn text(&mut self, line: Line, text: &str) {
        if text.is_empty() {
            return;
        }
        let Line { voice, palette, x, y, element, runs_on } = line;
        self.items.push(Item::Text {
            x,
            y: y + voice.baseline(),
            size: voice.size,
            face: voice.face_for(text),
            colour: voice.ink.colour(palette),
            text: text.to_owned(),
            element,
            runs_on,
        });
    }

    pub(super) fn fill(&mut self, [x, y, width, height]: [Length; 4], colour: Colour) {
        self.items.push(Item::Fill { x, y, width, height, colour });
    }

    /// The same as a repeat: no part of the document's structure, which has it already.
    pub(super) fn as_repeat(&self) -> Strip {
        let mut repeat = self.clone();
        for item in &mut repeat.items {
            if let Item::Text { element, .. } = item {
                *element = None;
            }
        }
        repeat
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
pub(super) fn moved(item: Item, dx: Length, dy: Length) -> Item {
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
