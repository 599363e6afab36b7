//! Tables: widths shared by all tables of a kind, a header that is repeated, rows that are never divided.

use super::setter::{Again, Setter, Site};
use super::spacing::{BEFORE_TABLE, CELLS, HAIRLINE, HANG, INSET};
use super::strip::Strip;
use super::voice::{Measured, Speech, Voice};
use crate::document::content::{Align, Block, Column, Document, Row, Table, TableKind};
use crate::document::length::Length;
use crate::document::page::{ElementId, Role};

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
    cells: Vec<Measured>,
    /// In the order in which they are set, with the place of their first cell.
    tables: Vec<(&'d Table<'d>, usize)>,
    /// The table that is set next.
    next: usize,
}

/// Kind, first column and last.
type Run = (TableKind, usize, usize);

/// A column's place in its table.
#[derive(Clone, Copy)]
struct Track {
    x: Length,
    width: Length,
    align: Align,
}

impl<'d> Widths<'d> {
    pub(super) fn of(document: &'d Document<'d>, setter: &Setter<'d>) -> Widths<'d> {
        let mut widths = Widths::default();
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
    fn begin(&mut self, table: &Table) -> Option<usize> {
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

impl<'d> Setter<'d> {
    pub(super) fn table(&mut self, table: &'d Table<'d>, site: Site) -> Vec<Strip<'d>> {
        let tracks = self.widths.tracks(table, site.width);
        let first_cell = self.widths.begin(table);
        let parent = self.element(Role::Table, site.parent);
        let head = self.element(Role::TableHead, parent);
        let titles = self.element(Role::Row, head);
        let elements: Vec<ElementId> = table.columns.iter().map(|_| self.element(Role::ColumnHeader, titles)).collect();
        let mut header = self.header(table, &tracks, site.width, &elements);
        header.carried = site.carried;
        let carried = Some(self.repeat(Again::Header { above: site.carried, table, width: site.width }));
        let body = self.element(Role::TableBody, parent);
        let count = table.rows.len();
        let mut strips = Vec::with_capacity(count + 1);
        strips.push(header);
        for (index, row) in table.rows.iter().enumerate() {
            let parent = self.element(Role::Row, body);
            let measured = first_cell.map(|first| first + index * tracks.len());
            self.row((table, row), &tracks, measured, Site { parent, carried, ..site }, &mut strips);
            // Totals stay together; of other tables two rows at least stand on either side of a break.
            let keep = index + 1 < count && (table.kind == TableKind::Totals || index == 0 || index + 2 == count);
            if let Some(last) = strips.last_mut() {
                last.keep = keep;
            }
        }
        strips
    }

    /// The header as it is repeated above rows that are carried over.
    pub(super) fn repeated_header(&self, table: &'d Table<'d>, width: Length) -> Strip<'d> {
        let header = self.header(table, &self.widths.tracks(table, width), width, &[]);
        Strip { before: Length::ZERO, ..header }
    }

    /// `elements` are those of the titles; a repeated header has none.
    fn header(&self, table: &'d Table<'d>, tracks: &[Track], width: Length, elements: &[ElementId]) -> Strip<'d> {
        let voice = self.voice(Speech::ColumnTitle);
        let totals = table.kind == TableKind::Totals;
        let before = if totals { BEFORE_TABLE * 2 } else { BEFORE_TABLE };
        let mut strip = Strip { before, keep: true, ..Strip::default() };
        strip.items.reserve(tracks.len() + 1);
        for (index, (Column { title, .. }, track)) in table.columns.iter().zip(tracks).enumerate() {
            let element = elements.get(index).copied();
            let bottom = self.cell(&mut strip, (title, voice.measure(title)), *track, voice, element);
            strip.height = strip.height.max(bottom);
        }
        // Totals are summed under a line; other tables have theirs under the header.
        let y = if totals { Length::ZERO } else { strip.height };
        strip.fill([INSET, y, width - INSET * 2, HAIRLINE], self.palette.rule);
        strip.height += HAIRLINE * 2;
        strip
    }

    /// What is known of a cell of the row whose first one stands at a place.
    fn measured(&self, (table, row): (&Table, &Row), first: Option<usize>, index: usize) -> Measured {
        let kept = first.and_then(|first| self.widths.cells.get(first + index).copied());
        kept.unwrap_or_else(|| {
            let text = row.cells.get(index).map(|cell| cell.text.as_ref()).unwrap_or_default();
            self.voice(speech(table.kind, row, index)).measure(text)
        })
    }

    /// Adds the row, then its notes line by line, all kept together with what follows.
    fn row(
        &mut self,
        (table, row): (&'d Table<'d>, &'d Row<'d>),
        tracks: &[Track],
        first: Option<usize>,
        site: Site,
        strips: &mut Vec<Strip<'d>>,
    ) {
        let kind = table.kind;
        let Site { parent, width, carried } = site;
        let mut strip = Strip::of_height(self.voice(speech(kind, row, 0)).leading);
        strip.items.reserve(row.cells.len());
        let mut notes = Vec::new();
        for (index, cell) in row.cells.iter().enumerate().take(tracks.len()) {
            let voice = self.voice(speech(kind, row, index));
            let element = self.element(Role::Cell, parent);
            let track = self.widened((table, row), tracks, first, index);
            let measured = self.measured((table, row), first, index);
            let bottom = self.cell(&mut strip, (&cell.text, measured), track, voice, Some(element));
            strip.height = strip.height.max(bottom);
            for note in &cell.notes {
                notes.extend(self.row_note(note, track.x, width, element));
            }
        }
        strips.extend(std::iter::once(strip).chain(notes).map(|strip| Strip { keep: true, carried, ..strip }));
    }

    /// The track of a cell; of one on the left, with the room that the cells after it do not need in this row.
    fn widened(&self, (table, row): (&Table, &Row), tracks: &[Track], first: Option<usize>, index: usize) -> Track {
        let track = tracks[index];
        if track.align == Align::Right {
            return track;
        }
        let last = runs_to(&table.columns, row, index);
        let mut end = tracks.get(last).map_or(track.x + track.width, |last| last.x + last.width);
        if let Some((next, _)) = tracks.get(last + 1).zip(row.cells.get(last + 1)) {
            let width = self.measured((table, row), first, last + 1).width;
            if next.align == Align::Right && width <= next.width {
                end = end.max(next.x + next.width - width - CELLS);
            }
        }
        Track { width: end - track.x, ..track }
    }

    /// Lines of a cell; returns where the last ends.
    fn cell(
        &self,
        strip: &mut Strip<'d>,
        (text, measured): (&'d str, Measured),
        track: Track,
        voice: Voice<'d>,
        element: Option<ElementId>,
    ) -> Length {
        if text.is_empty() {
            return Length::ZERO;
        }
        // Nearly every cell has one line.
        if measured.width <= track.width && text.trim().len() == text.len() {
            let spare = if track.align == Align::Left { Length::ZERO } else { track.width - measured.width };
            strip.measured(self.line(voice, track.x + spare, Length::ZERO, element), measured, text);
            return voice.leading;
        }
        let hang = if track.align == Align::Left && track.width > HANG * 4 { HANG } else { Length::ZERO };
        let mut y = Length::ZERO;
        let lines = self.lines(text, voice, track.width, hang);
        for (index, line) in lines.iter().copied().enumerate() {
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
    fn row_note(&self, note: &'d str, x: Length, width: Length, element: ElementId) -> Vec<Strip<'d>> {
        let voice = self.voice(Speech::CellNote);
        let lines = self.lines(note, voice, width - INSET - x, HANG);
        let set = |(index, line): (usize, &'d str)| {
            let mut strip = Strip::of_height(voice.leading);
            let x = x + if index > 0 { HANG } else { Length::ZERO };
            strip.text(self.line(voice, x, Length::ZERO, Some(element)).running_on(lines.runs_on(index)), line);
            strip
        };
        lines.iter().copied().enumerate().map(set).collect()
    }
}
