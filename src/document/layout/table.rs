//! Tables: widths shared by all tables of a kind, a header that is repeated, rows that are never divided.

use super::setter::{Setter, Site};
use super::spacing::{BEFORE_TABLE, CELLS, HAIRLINE, HANG, INSET};
use super::strip::Strip;
use super::voice::Speech;
use crate::document::content::{Align, Block, Column, Document, Row, Table, TableKind};
use crate::document::length::Length;
use crate::document::page::{ElementId, Role};
use std::collections::BTreeMap;

/// The natural width of each column, over all tables of a kind in the document.
#[derive(Default)]
pub(super) struct Widths {
    natural: BTreeMap<TableKind, Vec<Length>>,
    /// The widest number of each column on the right: a number is never divided.
    numbers: BTreeMap<TableKind, Vec<Length>>,
    /// The widest text that runs from a column over the blank cells up to another.
    running: BTreeMap<(TableKind, usize, usize), Length>,
}

/// A column's place in its table.
#[derive(Clone, Copy)]
struct Track {
    x: Length,
    width: Length,
    align: Align,
}

impl Widths {
    pub(super) fn of(document: &Document, setter: &Setter) -> Widths {
        let mut widths = Widths::default();
        for part in &document.parts {
            widths.blocks(&part.blocks, setter);
        }
        for ((kind, from, to), width) in std::mem::take(&mut widths.running) {
            let natural = widths.natural.entry(kind).or_default();
            let room = natural[from..=to].iter().copied().sum::<Length>() + CELLS * (to - from) as i32;
            natural[from] += (width - room).max(Length::ZERO);
        }
        widths
    }

    fn blocks(&mut self, blocks: &[Block], setter: &Setter) {
        for block in blocks {
            match block {
                Block::Table(table) => self.table(table, setter),
                Block::Section(section) => self.blocks(&section.blocks, setter),
                _ => {}
            }
        }
    }

    fn table(&mut self, table: &Table, setter: &Setter) {
        let natural = self.natural.entry(table.kind).or_default();
        let numbers = self.numbers.entry(table.kind).or_default();
        for widths in [&mut *natural, &mut *numbers] {
            widths.resize(widths.len().max(table.columns.len()), Length::ZERO);
        }
        for (index, column) in table.columns.iter().enumerate().filter(|(_, column)| !column.flexible) {
            natural[index] = natural[index].max(setter.voice(Speech::ColumnTitle).width(&column.title));
            for row in table.rows.iter().filter(|row| index < row.cells.len()) {
                let width = setter.voice(speech(table.kind, row, index)).width(&row.cells[index].text);
                let last = match column.align {
                    Align::Left => runs_to(&table.columns, row, index),
                    Align::Right => index,
                };
                let widest = match last == index {
                    true => &mut natural[index],
                    false => self.running.entry((table.kind, index, last)).or_default(),
                };
                *widest = (*widest).max(width);
                if column.align == Align::Right {
                    numbers[index] = numbers[index].max(width);
                }
            }
        }
    }

    /// The width of each fixed column where none may be wider than `cap` but for a number.
    fn capped<'a>(&'a self, table: &'a Table, cap: Length) -> impl Iterator<Item = (&'a Column, Length)> {
        let of = |widths: &'a BTreeMap<_, Vec<_>>| widths.get(&table.kind).map(Vec::as_slice).unwrap_or_default();
        let widths = of(&self.natural).iter().zip(of(&self.numbers));
        let width = move |(natural, number): (&Length, &Length)| (*natural).min(cap).max(*number);
        table.columns.iter().zip(widths.map(width))
    }

    /// Whether all tables of some blocks can be set in a width without dividing a number.
    pub(super) fn holds(&self, blocks: &[Block], width: Length) -> bool {
        blocks.iter().all(|block| match block {
            Block::Table(table) => self.fixed(table, narrowest(table, width)) <= inner(table, width).scaled(7, 8),
            Block::Section(section) => self.holds(&section.blocks, width),
            _ => true,
        })
    }

    fn fixed(&self, table: &Table, cap: Length) -> Length {
        self.capped(table, cap).filter(|(column, _)| !column.flexible).map(|(_, width)| width).sum()
    }

    /// Fixed columns as wide as their content, the flexible one what is left: at least a quarter. Where that
    /// is too much, the widest columns give way and their cells wrap; numbers do not.
    fn tracks(&self, table: &Table, width: Length) -> Vec<Track> {
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
fn runs_to(columns: &[Column], row: &Row, index: usize) -> usize {
    let after = columns.iter().zip(&row.cells).skip(index + 1);
    index + after.take_while(|(column, cell)| cell.text.is_empty() && !column.flexible).count()
}

/// Overall totals stand out, and of any totals the last: the GPA.
fn speech(kind: TableKind, row: &Row, column: usize) -> Speech {
    match kind {
        TableKind::Scale => Speech::Legend,
        TableKind::Totals if row.strong || column + 1 == row.cells.len() => Speech::StrongCell,
        _ => Speech::Cell,
    }
}

impl Setter<'_> {
    pub(super) fn table(&mut self, table: &Table, site: Site) -> Vec<Strip> {
        let tracks = self.widths.tracks(table, site.width);
        let parent = self.element(Role::Table, site.parent);
        let mut header = self.header(table, &tracks, site.width, parent);
        let mut repeat: Vec<Strip> = site.carried.map(|at| self.repeats[at].clone()).unwrap_or_default();
        repeat.push(Strip { before: Length::ZERO, ..header.as_repeat() });
        let carried = Some(self.repeat(repeat));
        header.carried = site.carried;
        let body = self.element(Role::TableBody, parent);
        let count = table.rows.len();
        let mut strips = Vec::with_capacity(count + 1);
        strips.push(header);
        for (index, row) in table.rows.iter().enumerate() {
            let parent = self.element(Role::Row, body);
            self.row((table, row), &tracks, Site { parent, carried, ..site }, &mut strips);
            // Totals stay together; of other tables two rows at least stand on either side of a break.
            let keep = index + 1 < count && (table.kind == TableKind::Totals || index == 0 || index + 2 == count);
            if let Some(last) = strips.last_mut() {
                last.keep = keep;
            }
        }
        strips
    }

    fn header(&mut self, table: &Table, tracks: &[Track], width: Length, parent: ElementId) -> Strip {
        let voice = self.voice(Speech::ColumnTitle);
        let head = self.element(Role::TableHead, parent);
        let row = self.element(Role::Row, head);
        let totals = table.kind == TableKind::Totals;
        let before = if totals { BEFORE_TABLE * 2 } else { BEFORE_TABLE };
        let mut strip = Strip { before, keep: true, ..Strip::default() };
        for (Column { title, .. }, track) in table.columns.iter().zip(tracks) {
            let element = self.element(Role::ColumnHeader, row);
            let bottom = self.cell(&mut strip, title, *track, voice, Some(element));
            strip.height = strip.height.max(bottom);
        }
        // Totals are summed under a line; other tables have theirs under the header.
        let y = if totals { Length::ZERO } else { strip.height };
        strip.fill([INSET, y, width - INSET * 2, HAIRLINE], self.palette.rule);
        strip.height += HAIRLINE * 2;
        strip
    }

    /// Adds the row, then its notes line by line, all kept together with what follows.
    fn row(&mut self, (table, row): (&Table, &Row), tracks: &[Track], site: Site, strips: &mut Vec<Strip>) {
        let kind = table.kind;
        let Site { parent, width, carried } = site;
        let mut strip = Strip::of_height(self.voice(speech(kind, row, 0)).leading);
        strip.items.reserve(row.cells.len());
        let mut notes = Vec::new();
        for (index, cell) in row.cells.iter().enumerate().take(tracks.len()) {
            let voice = self.voice(speech(kind, row, index));
            let element = self.element(Role::Cell, parent);
            let track = self.widened(table, row, tracks, index);
            let bottom = self.cell(&mut strip, &cell.text, track, voice, Some(element));
            strip.height = strip.height.max(bottom);
            for note in &cell.notes {
                notes.extend(self.row_note(note, track.x, width, element));
            }
        }
        strips.extend(std::iter::once(strip).chain(notes).map(|strip| Strip { keep: true, carried, ..strip }));
    }

    /// The track of a cell; of one on the left, with the room that the cells after it do not need in this row.
    fn widened(&self, table: &Table, row: &Row, tracks: &[Track], index: usize) -> Track {
        let track = tracks[index];
        if track.align == Align::Right {
            return track;
        }
        let last = runs_to(&table.columns, row, index);
        let mut end = tracks.get(last).map_or(track.x + track.width, |last| last.x + last.width);
        if let Some((next, cell)) = tracks.get(last + 1).zip(row.cells.get(last + 1)) {
            let width = self.voice(speech(table.kind, row, last + 1)).width(&cell.text);
            if next.align == Align::Right && width <= next.width {
                end = end.max(next.x + next.width - width - CELLS);
            }
        }
        Track { width: end - track.x, ..track }
    }

    /// Lines of a cell; returns where the last ends.
    fn cell(
        &self,
        strip: &mut Strip,
        text: &str,
        track: Track,
        voice: super::voice::Voice,
        element: Option<ElementId>,
    ) -> Length {
        let hang = if track.align == Align::Left && track.width > HANG * 4 { HANG } else { Length::ZERO };
        let mut y = Length::ZERO;
        let lines = self.lines(text, voice, track.width, hang);
        for (index, line) in lines.iter().enumerate() {
            let x = match track.align {
                Align::Left => track.x + if index > 0 { hang } else { Length::ZERO },
                Align::Right => track.x + track.width - voice.width(line),
            };
            strip.text(self.line(voice, x, y, element).running_on(lines.runs_on(index)), line);
            y += voice.leading;
        }
        y
    }

    /// A note begins under its cell and runs to the table's end.
    fn row_note(&self, note: &str, x: Length, width: Length, element: ElementId) -> Vec<Strip> {
        let voice = self.voice(Speech::CellNote);
        let lines = self.lines(note, voice, width - INSET - x, HANG);
        let set = |(index, line): (usize, &&str)| {
            let mut strip = Strip::of_height(voice.leading);
            let x = x + if index > 0 { HANG } else { Length::ZERO };
            strip.text(self.line(voice, x, Length::ZERO, Some(element)).running_on(lines.runs_on(index)), line);
            strip
        };
        lines.iter().enumerate().map(set).collect()
    }
}
