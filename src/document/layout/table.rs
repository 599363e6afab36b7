//! Tables: a header that is repeated, rows that are never divided.

use super::setter::{Again, Setter, Site};
use super::spacing::{BEFORE_TABLE, CELLS, HAIRLINE, HANG, INSET};
use super::strip::Strip;
use super::voice::{Measured, Speech, Voice};
use super::widths::{Track, runs_to, speech};
use crate::document::content::{Align, Column, Row, Table, TableKind};
use crate::document::length::Length;
use crate::document::page::{ElementId, Role};

impl<'d> Setter<'d> {
    pub(super) fn table(&mut self, table: &'d Table<'d>, site: Site, strips: &mut Vec<Strip<'d>>) {
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
        strips.push(header);
        for (index, row) in table.rows.iter().enumerate() {
            let parent = self.element(Role::Row, body);
            let measured = first_cell.map(|first| first + index * tracks.len());
            self.row((table, row), &tracks, measured, Site { parent, carried, ..site }, strips);
            // Totals stay together; of other tables two rows at least stand on either side of a break.
            let keep = index + 1 < count && (table.kind == TableKind::Totals || index == 0 || index + 2 == count);
            if let Some(last) = strips.last_mut() {
                last.keep = keep;
            }
        }
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
