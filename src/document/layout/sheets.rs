//! The pages as they fill up: where the next part begins, and the running lines around it all.

use super::frame::Frame;
use super::pour::Filled;
use super::spacing::{GUTTER, HAIRLINE, PARTS};
use super::strip::{Strip, moved};
use crate::document::length::Length;
use crate::document::page::{Item, Page};

pub(super) struct Sheets<'f, 'd> {
    frame: &'f Frame<'d>,
    pub pages: Vec<Page<'d>>,
    /// Where the next columns begin on the last page.
    y: Length,
    fresh: bool,
}

impl<'f, 'd> Sheets<'f, 'd> {
    pub(super) fn new(frame: &'f Frame<'d>) -> Sheets<'f, 'd> {
        Sheets { frame, pages: vec![frame.begun()], y: frame.first_top, fresh: true }
    }

    /// Whether nothing stands on the last page yet.
    pub(super) fn is_fresh(&self) -> bool {
        self.fresh
    }

    /// The height left on the last page.
    pub(super) fn room(&self) -> Length {
        (self.frame.bottom - self.y).max(Length::ZERO)
    }

    pub(super) fn turn(&mut self) {
        self.pages.push(self.frame.begun());
        self.y = self.frame.top;
        self.fresh = true;
    }

    /// Space before a new part.
    pub(super) fn part(&mut self) {
        if !self.fresh {
            self.y += PARTS;
        }
    }

    pub(super) fn column(&mut self, strips: impl Iterator<Item = Strip<'d>>, index: usize, columns: usize) {
        let Some(page) = self.pages.last_mut() else { return };
        let x = self.frame.column_x(index, columns);
        let mut y = self.y;
        for (position, strip) in strips.enumerate() {
            if position > 0 {
                y += strip.before;
            }
            page.items.extend(strip.items.into_iter().map(|item| moved(item, x, y)));
            y += strip.height;
        }
        self.fresh = false;
    }

    /// Hairlines between the columns just placed; the next part begins below the longest.
    pub(super) fn close_columns(&mut self, filled: &[Filled]) {
        let height = filled.iter().map(|column| column.height).max().unwrap_or_default();
        let Some(page) = self.pages.last_mut() else { return };
        for (index, column) in filled.iter().enumerate().skip(1) {
            if column.to > column.from {
                let x = self.frame.column_x(index, filled.len()) - GUTTER.scaled(1, 2);
                let colour = self.frame.palette().rule;
                page.items.push(Item::Fill { x, y: self.y, width: HAIRLINE, height, colour });
            }
        }
        self.y += height;
    }
}
