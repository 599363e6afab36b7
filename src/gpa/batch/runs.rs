//! Rows of one group that stand together: each run is summed where it lies.

use super::changes::changes;
use super::chunk::{BLOCK, Chunk, Table};
use super::classes::Classes;
use super::decode::{Decoded, Decoder};
use super::groups::Groups;
use super::share;
use super::stop::Stop;
use super::wider::wider;
use super::worth::{Lanes, WeightTable};
use std::ops::Range;

/// A group for every run, in order of the rows, and the or of all credits.
pub(super) fn runs<'a, W: Decoded>(
    table: &Table<'a>,
    classes: &Classes,
    weights: &WeightTable,
) -> Result<(Vec<Groups<'a>>, u32), Stop> {
    let spans = table.spans(share::threads() * 8);
    let parts = share::each(spans, |span| Task::<W>::new(classes, weights).run(table, span));
    let mut groups = Vec::with_capacity(parts.len());
    let mut credit_bits = 0;
    for part in parts {
        let (part, bits) = part?;
        groups.push(part);
        credit_bits |= bits;
    }
    Ok((groups, credit_bits))
}

struct Task<'a, 't, W> {
    decoder: Decoder<'t>,
    weights: &'t WeightTable,
    rows: Vec<W>,
    starts: Starts,
    groups: Groups<'a>,
    /// Of the run that has not ended yet.
    open: Option<Lanes>,
}

impl<'a, 't, W: Decoded> Task<'a, 't, W> {
    fn new(classes: &'t Classes, weights: &'t WeightTable) -> Task<'a, 't, W> {
        Task {
            decoder: Decoder::new(classes),
            weights,
            rows: Vec::with_capacity(BLOCK),
            starts: Starts::default(),
            groups: Groups::default(),
            open: None,
        }
    }

    fn run(mut self, table: &Table<'a>, span: Range<usize>) -> Result<(Groups<'a>, u32), Stop> {
        let length = span.len();
        table.blocks(span, |chunk, rows| self.block(chunk, rows, length))?;
        self.groups.sums.extend(self.open);
        Ok((self.groups, self.decoder.credit_bits))
    }

    /// `length`: of the whole span.
    fn block(&mut self, chunk: &Chunk<'a>, rows: Range<usize>, length: usize) -> Result<(), Stop> {
        self.decoder.block(chunk, rows.clone(), &mut self.rows)?;
        self.starts.find(chunk, rows.clone(), &self.groups, self.open.is_some())?;
        self.groups.begin(&chunk.keys, self.starts.places.len() * (length / rows.len().max(1) + 1));
        for (keys, cells) in self.groups.keys.iter_mut().zip(&chunk.keys) {
            let starts = self.starts.places.iter().map(|start| rows.start + usize::from(*start));
            keys.extend(cells, starts).ok_or(Stop::Slow)?;
        }
        self.open = summed(&self.rows, &self.starts.places, self.weights, self.open, &mut self.groups.sums);
        Ok(())
    }
}

wider! {
    /// The runs of a block that end in it; and the one that does not. `open` began before.
    fn summed<W: Decoded>(
        rows: &[W], starts: &[u16], weights: &WeightTable, open: Option<Lanes>, ended: &mut Vec<Lanes>,
    ) -> Option<Lanes> {
        let mut at = 0;
        let mut open = open;
        for start in starts {
            let start = usize::from(*start);
            if let Some(mut sums) = open {
                W::sum(rows.get(at..start).unwrap_or_default(), weights, &mut sums);
                ended.push(sums);
            }
            open = Some(Lanes::default());
            at = start;
        }
        if let Some(sums) = &mut open {
            W::sum(rows.get(at..).unwrap_or_default(), weights, sums);
        }
        open
    }
}

/// Places in a block where a run begins.
pub(super) struct Starts {
    marks: Box<[u8; BLOCK]>,
    pub places: Vec<u16>,
    /// Whether the block before had many runs.
    crowded: bool,
}

const CROWDED: usize = BLOCK / 16;

impl Default for Starts {
    fn default() -> Starts {
        Starts { marks: Box::new([0; BLOCK]), places: Vec::with_capacity(BLOCK), crowded: false }
    }
}

impl Starts {
    /// `open`: whether the last of `groups` may go on.
    pub fn find(&mut self, chunk: &Chunk, rows: Range<usize>, groups: &Groups, open: bool) -> Result<(), Stop> {
        let marks = self.marks.get_mut(..rows.len()).ok_or(Stop::Slow)?;
        marks.fill(0);
        if let Some(first) = marks.first_mut() {
            let mut ends = groups.keys.iter().zip(&chunk.keys);
            let goes_on = open && ends.all(|(keys, cells)| keys.ends_with(cells, rows.start));
            *first = u8::from(!goes_on);
        }
        for cells in &chunk.keys {
            changes(cells, rows.clone(), marks).ok_or(Stop::Slow)?;
        }
        self.places.clear();
        if self.crowded {
            // Written for every row, counted for those where a run begins: nothing to guess.
            self.places.resize(marks.len(), 0);
            let mut count = 0;
            for (at, mark) in marks.iter().enumerate() {
                if let Some(place) = self.places.get_mut(count) {
                    *place = at as u16;
                }
                count += usize::from(*mark);
            }
            self.places.truncate(count);
            self.crowded = count > CROWDED;
            return Ok(());
        }
        for (eight, marks) in self.marks.chunks_exact(8).take(rows.len().div_ceil(8)).enumerate() {
            let mut set = marks.first_chunk::<8>().map_or(0, |marks| u64::from_le_bytes(*marks));
            while set != 0 {
                let at = eight * 8 + set.trailing_zeros() as usize / 8;
                if at < rows.len() {
                    self.places.push(at as u16);
                }
                set &= set - 1;
            }
        }
        self.crowded = self.places.len() > CROWDED;
        Ok(())
    }
}
