//! How wide the columns of tables are: the same in all tables of a kind, whatever their rows need.

use super::setter::Setter;
use super::spacing::{CELLS, INSET};
use super::voice::{Measured, Speech};
use crate::document::content::{Align, Block, Column, Document, Row, Table, TableKind};
use crate::document::length::Length;

/// The natural width of each column, over all tables of a kind in the document; and of every cell.
#[derive(Default)]
pub(super) struct Widths<'d> {
    /// By kind.
    natural: [Vec<Length>; TableKind::COUNT],
    /// The widest number of each column on the right: a number is never divided.
    numbers: [Vec<Length>; TableKind::COUNT],
    /// The widest text that runs from a column over the blank cells up to another.
    running: Vec<(Run, Length)>,
    /// Row by row of every table, as many a row as the table has columns.
    pub cells: Vec<Measured>,
    /// In the order in which they are set, with the place of their first cell.
    tables: Vec<(&'d Table<'d>, usize)>,
    /// The table that is set next.
    next: usize,
}

/// Cells of a document of ordinary length.
const ORDINARY: usize = 640;

/// Kind, first column and last.
type Run = (TableKind, usize, usize);

/// A column's place in its table.
#[derive(Clone, Copy)]
pub(super) struct Track {
    pub x: Length,
    pub width: Length,
    pub align: Align,
}

impl<'d> Widths<'d> {
    pub(super) fn of(document: &'d Document<'d>, setter: &Setter<'d>) -> Widths<'d> {
        let mut widths = Widths { cells: Vec::with_capacity(ORDINARY), ..Widths::default() };
        for part in &document.parts {
            widths.blocks(&part.blocks, setter);
        }
        let mut running = std::mem::take(&mut widths.running);
        running.sort_unstable_by_key(|(run, _)| *run);
        for ((kind, from, to), width) in running {
            let natural = &mut widths.natural[kind as usize];
            let room = natural[from..=to].iter().copied().sum::<Length>() + CELLS * (to - from) as i32;
            natural[from] += (width - room).max(Length::ZERO);
        }
        widths
    }

    fn blocks(&mut self, blocks: &'d [Block<'d>], setter: &Setter<'d>) {
        for block in blocks {
            match block {
                Block::Table(table) => self.table(table, setter),
                Block::Section(section) => self.blocks(&section.blocks, setter),
                _ => {}
            }
        }
    }

    fn table(&mut self, table: &'d Table<'d>, setter: &Setter<'d>) {
        let count = table.columns.len();
        self.tables.push((table, self.cells.len()));
        for widths in [&mut self.natural[table.kind as usize], &mut self.numbers[table.kind as usize]] {
            widths.resize(widths.len().max(count), Length::ZERO);
        }
        let natural = &mut self.natural[table.kind as usize];
        let title = setter.voice(Speech::ColumnTitle);
        for (natural, column) in natural.iter_mut().zip(&table.columns).filter(|(_, column)| !column.flexible) {
            *natural = (*natural).max(title.width(&column.title));
        }
        for row in &table.rows {
            for index in 0..count {
                let text = row.cells.get(index).map(|cell| cell.text.as_ref()).unwrap_or_default();
                let measured = setter.voice(speech(table.kind, row, index)).measure(text);
                self.cells.push(measured);
                self.widen(table, row, index, measured.width);
            }
        }
    }

    /// Makes the column wide enough for a cell.
    fn widen(&mut self, table: &Table, row: &Row, index: usize, width: Length) {
        let column = &table.columns[index];
        if column.flexible {
            return;
        }
        let last = match column.align {
            Align::Left => runs_to(&table.columns, row, index),
            Align::Right => index,
        };
        if column.align == Align::Right {
            let number = &mut self.numbers[table.kind as usize][index];
            *number = (*number).max(width);
        }
        let run = (table.kind, index, last);
        if last == index {
            let natural = &mut self.natural[table.kind as usize][index];
            *natural = (*natural).max(width);
        } else if let Some((_, widest)) = self.running.iter_mut().find(|(known, _)| *known == run) {
            *widest = (*widest).max(width);
        } else {
            self.running.push((run, width));
        }
    }

    /// Where the cells of the table begin that is set now.
    pub(super) fn begin(&mut self, table: &Table) -> Option<usize> {
        let is_it = |(known, _): &&(&Table, usize)| std::ptr::eq(*known, table);
        let here = self.tables.get(self.next).filter(is_it);
        self.next += 1;
        here.or_else(|| self.tables.iter().find(is_it)).map(|(_, first)| *first)
    }

    /// The width of each column where none may be wider than `cap` but for a number.
    fn capped<'w>(&'w self, table: &'w Table, cap: Length) -> impl Iterator<Item = (&'w Column<'w>, Length)> {
        let kind = table.kind as usize;
        let widths = self.natural[kind].iter().zip(&self.numbers[kind]);
        let width = move |(natural, number): (&Length, &Length)| (*natural).min(cap).max(*number);
        table.columns.iter().zip(widths.map(width))
    }

    fn fixed(&self, table: &Table, cap: Length) -> Length {
        self.capped(table, cap).filter(|(column, _)| !column.flexible).map(|(_, width)| width).sum()
    }

    /// Whether all tables of some blocks can be set in a width without dividing a number.
    pub(super) fn holds(&self, blocks: &[Block], width: Length) -> bool {
        blocks.iter().all(|block| match block {
            Block::Table(table) => self.fixed(table, narrowest(table, width)) <= inner(table, width).scaled(7, 8),
            Block::Section(section) => self.holds(&section.blocks, width),
            _ => true,
        })
    }

    /// Fixed columns as wide as their content, the flexible one what is left: at least a quarter. Where that
    /// is too much, the widest columns give way and their cells wrap; numbers do not.
    pub(super) fn tracks(&self, table: &Table, width: Length) -> Vec<Track> {
        let inner = inner(table, width);
        let caps = [30, 24, 18, 14, 11, 9, 7, 5].map(|percent| inner.scaled(percent, 100));
        let room = inner.scaled(3, 4);
        let cap = caps.into_iter().find(|cap| self.fixed(table, *cap) <= room).unwrap_or(narrowest(table, width));
        let flexible = inner - self.fixed(table, cap);
        let mut x = INSET;
        let mut tracks = Vec::with_capacity(table.columns.len());
        for (column, width) in self.capped(table, cap) {
            let width = if column.flexible { flexible } else { width };
            tracks.push(Track { x, width, align: column.align });
            x += width + CELLS;
        }
        tracks
    }
}

/// What the columns of a table share.
fn inner(table: &Table, width: Length) -> Length {
    width - INSET * 2 - CELLS * (table.columns.len() as i32 - 1).max(0)
}

/// What a column of words may be pressed to.
fn narrowest(table: &Table, width: Length) -> Length {
    inner(table, width).scaled(4, 100)
}

/// The last of the blank cells right after a cell, which its text may run over: none beyond a flexible column.
pub(super) fn runs_to(columns: &[Column], row: &Row, index: usize) -> usize {
    let after = columns.iter().zip(&row.cells).skip(index + 1);
    index + after.take_while(|(column, cell)| cell.text.is_empty() && !column.flexible).count()
}

/// Overall totals stand out, and of any totals the last: the GPA.
pub(super) fn speech(kind: TableKind, row: &Row, column: usize) -> Speech {
    match kind {
        TableKind::Scale => Speech::Legend,
        TableKind::Totals if row.strong || column + 1 == row.cells.len() => Speech::StrongCell,
        _ => Speech::Cell,
    }
}
