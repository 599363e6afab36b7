//! Pours strips into the columns of pages: greedily down to the last page, whose columns are balanced.

use super::setter::Setter;
use super::sheets::Sheets;
use super::strip::Strip;
use crate::document::length::Length;
use crate::domain::{Error, Problem};

/// Strips on their way into columns, with what is repeated above those that begin one.
pub(super) struct Stream<'s, 'd> {
    pub strips: &'s mut [Strip<'d>],
    /// Who knows what is repeated.
    pub setter: &'s Setter<'d>,
    /// The height of a column of a page that holds nothing else.
    pub tallest: Length,
    /// By strip, the first that it need not be kept together with.
    ends: Vec<usize>,
    /// The height of all strips before each, with the space above them, in thousandths of a point.
    tops: Vec<i64>,
}

/// What one column takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Filled {
    pub from: usize,
    /// The first strip that it does not take.
    pub to: usize,
    pub height: Length,
}

impl<'s, 'd> Stream<'s, 'd> {
    pub(super) fn new(strips: &'s mut [Strip<'d>], setter: &'s Setter<'d>, tallest: Length) -> Stream<'s, 'd> {
        let count = strips.len();
        let mut ends = vec![count; count];
        for at in (0..count).rev() {
            ends[at] = if strips[at].keep { ends.get(at + 1).copied().unwrap_or(count) } else { at + 1 };
        }
        let mut tops = Vec::with_capacity(count + 1);
        let mut top = 0;
        tops.push(top);
        tops.extend(strips.iter().map(|strip| {
            top += i64::from((strip.before + strip.height).in_millipoints());
            top
        }));
        Stream { strips, setter, tallest, ends, tops }
    }

    /// Fills the rest of the current page and as many more as it takes. `together`: begins on a new page
    /// sooner than being divided.
    pub(super) fn pour(&mut self, sheets: &mut Sheets<'_, 'd>, columns: usize, together: bool) -> Result<(), Error> {
        let mut at = 0;
        // What no page could hold is divided where it stands: a page turned for it would be left blank.
        let turned = together && !sheets.is_fresh() && self.fits(columns, self.tallest, true);
        if turned && !self.fits(columns, sheets.room(), true) {
            sheets.turn();
        }
        while at < self.strips.len() {
            let mut filled = self.columns(at, columns, sheets.room());
            // One column takes them however high it may be.
            if columns > 1 && self.all_taken(&filled) {
                filled = self.balanced(at, columns, sheets.room());
            }
            let to = filled.last().map_or(at, |last| last.to);
            if to == at && sheets.is_fresh() {
                let message = "is taller than a page and cannot be divided";
                return Err(Error::Render(vec![Problem::new("too-tall", format!("document.strips[{at}]"), message)]));
            }
            self.place(&filled, sheets);
            at = to;
            if at < self.strips.len() {
                sheets.turn();
            }
        }
        Ok(())
    }

    /// Whether the columns can begin in a height: with all strips where they are to stay together, else with any.
    pub(super) fn fits(&self, columns: usize, height: Length, together: bool) -> bool {
        let filled = self.columns(0, columns, height);
        self.all_taken(&filled) || (!together && filled.first().is_some_and(|first| first.to > 0))
    }

    fn all_taken(&self, filled: &[Filled]) -> bool {
        filled.last().is_none_or(|last| last.to == self.strips.len())
    }

    /// So many columns of a height, filled one after another.
    fn columns(&self, from: usize, columns: usize, height: Length) -> Vec<Filled> {
        let mut filled: Vec<Filled> = Vec::with_capacity(columns);
        let mut at = from;
        for _ in 0..columns {
            let column = self.column(at, height);
            at = column.to;
            filled.push(column);
        }
        filled
    }

    /// The lowest columns that take all the rest, to the nearest point.
    fn balanced(&self, from: usize, columns: usize, height: Length) -> Vec<Filled> {
        let (mut low, mut high) = (Length::ZERO, height);
        let least = self.least(from, columns);
        while high - low > Length::points(1) {
            let middle = low + (high - low).scaled(1, 2);
            if i64::from(middle.in_millipoints()) >= least && self.take_all(from, columns, middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
        self.columns(from, columns, high)
    }

    /// What columns that take all the rest are never lower than, in thousandths of a point: without any space above a column.
    fn least(&self, from: usize, columns: usize) -> i64 {
        let before = self.strips[from..].iter().map(|strip| strip.before).max().unwrap_or_default();
        let all = self.tops[self.strips.len()] - self.tops[from];
        let columns = columns as i64;
        (all - columns * i64::from(before.in_millipoints())) / columns
    }

    fn take_all(&self, from: usize, columns: usize, height: Length) -> bool {
        (0..columns).fold(from, |at, _| self.column(at, height).to) == self.strips.len()
    }

    /// Takes whole runs of strips that are kept together; a run that no page could hold, strip by strip.
    fn column(&self, from: usize, height: Length) -> Filled {
        let repeated = self.repeated(from).iter().map(|strip| strip.height).sum::<Length>();
        let mut filled = Filled { from, to: from, height: repeated };
        while filled.to < self.strips.len() {
            let end = self.run_end(filled.to);
            let run = self.run_height(filled.to, end, filled.to == from);
            let divided = run + repeated > self.tallest;
            let end = if divided { filled.to + 1 } else { end };
            let run = if divided { self.run_height(filled.to, end, filled.to == from) } else { run };
            if filled.height + run > height {
                break;
            }
            filled = Filled { to: end, height: filled.height + run, ..filled };
        }
        filled
    }

    pub(super) fn repeated(&self, at: usize) -> &[Strip<'d>] {
        let carried = self.strips.get(at).and_then(|strip| strip.carried);
        carried.map(|place| self.setter.repeated(place)).unwrap_or_default()
    }

    fn run_end(&self, from: usize) -> usize {
        self.ends.get(from).copied().unwrap_or(self.strips.len())
    }

    fn run_height(&self, from: usize, to: usize, begins_column: bool) -> Length {
        // Higher than any page is high enough.
        let heights = (self.tops[to] - self.tops[from]).min(i64::from(i32::MAX / 4));
        let heights = Length::millipoints(heights as i32);
        if begins_column { heights - self.strips[from].before } else { heights }
    }

    fn place(&mut self, filled: &[Filled], sheets: &mut Sheets<'_, 'd>) {
        let columns = filled.len();
        for (index, column) in filled.iter().enumerate() {
            if column.from == column.to {
                continue;
            }
            let repeated: Vec<Strip> = self.repeated(column.from).to_vec();
            let own = self.strips[column.from..column.to].iter_mut().map(std::mem::take);
            sheets.column(repeated.into_iter().chain(own), index, columns);
        }
        sheets.close_columns(filled);
    }
}
