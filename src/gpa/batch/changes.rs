//! Where the key of a row differs from that of the row before.

use super::ahead;
use super::cells::{KeyCells, Texts, Values, with_integers};
use super::wider::wider;
use std::ops::Range;

wider! {
    /// Marks with 1, for every row but the first, whether its key differs from that of the row before.
    pub(super) fn changes(cells: &KeyCells, rows: Range<usize>, marks: &mut [u8]) -> Option<()> {
        match (&cells.values, &cells.codes) {
            (_, Some(codes)) => with_integers!(codes, values => mark(values.get(rows)?, marks)),
            (Values::Integers(integers), None) => with_integers!(integers, values => mark(values.get(rows)?, marks)),
            (Values::Texts(texts), None) => text_changes(texts, rows, marks)?,
        }
        Some(())
    }
}

/// Nothing to guess for the machine: every pair is compared, whether the one before it differed or not.
#[inline(always)]
fn mark<T: Copy + PartialEq>(values: &[T], marks: &mut [u8]) {
    const TOGETHER: usize = 64;
    let (Some(nows), Some(marks)) = (values.get(1..), marks.get_mut(1..)) else { return };
    for ((before, now), marks) in values.chunks(TOGETHER).zip(nows.chunks(TOGETHER)).zip(marks.chunks_mut(TOGETHER)) {
        before.chunks((64 / size_of::<T>()).max(1)).for_each(ahead::ask);
        for ((before, now), mark) in before.iter().zip(now).zip(marks) {
            *mark |= u8::from(before != now);
        }
    }
}

fn text_changes(texts: &Texts, rows: Range<usize>, marks: &mut [u8]) -> Option<()> {
    match texts {
        Texts::Small(offsets, bytes) => spelled_changes(offsets.get(rows.start..=rows.end)?, bytes, marks),
        Texts::Large(offsets, bytes) => spelled_changes(offsets.get(rows.start..=rows.end)?, bytes, marks),
        Texts::View(_) => {
            let mut before = texts.get(rows.start)?;
            for (row, mark) in rows.zip(marks).skip(1) {
                let text = texts.get(row)?;
                *mark |= u8::from(text != before);
                before = text;
            }
            Some(())
        }
    }
}

fn spelled_changes<T: Copy + TryInto<usize>>(offsets: &[T], bytes: &[u8], marks: &mut [u8]) -> Option<()> {
    let text = |pair: &[T]| {
        let [start, end] = pair else { return None };
        bytes.get((*start).try_into().ok()?..(*end).try_into().ok()?)
    };
    let mut texts = offsets.windows(2).map(text);
    let mut before = texts.next()??;
    for (text, mark) in texts.zip(marks.iter_mut().skip(1)) {
        let text = text?;
        *mark |= u8::from(!same_text(text, before));
        before = text;
    }
    Some(())
}

/// Equal; short texts of one length in two overlapping comparisons instead of a call.
#[inline(always)]
fn same_text(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    match (a.first_chunk::<8>(), b.first_chunk::<8>(), a.last_chunk::<8>(), b.last_chunk::<8>()) {
        (Some(first), Some(other), Some(last), Some(end)) if a.len() <= 16 => first == other && last == end,
        _ => a == b,
    }
}
