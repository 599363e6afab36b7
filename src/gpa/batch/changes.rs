//! Where the key of a row differs from that of the row before.

use super::ahead;
use super::cells::{KeyCells, Texts, Values, with_integers};
use std::ops::{BitOr, BitXor, Range};

/// Marks with 1, for every row but the first, whether its key differs from that of the row before.
pub(super) fn changes(cells: &KeyCells, rows: Range<usize>, marks: &mut [u8]) -> Option<()> {
    match (&cells.values, &cells.codes) {
        (_, Some(codes)) => with_integers!(codes, values => mark(values.get(rows)?, marks)),
        (Values::Integers(integers), None) => with_integers!(integers, values => mark(values.get(rows)?, marks)),
        (Values::Texts(texts), None) => text_changes(texts, rows, marks)?,
    }
    Some(())
}

/// Runs are long: eight rows at once are mostly all alike.
#[inline(always)]
fn mark<T>(values: &[T], marks: &mut [u8])
where
    T: Copy + Default + PartialEq + BitXor<Output = T> + BitOr<Output = T>,
{
    let (Some(nows), Some(marks)) = (values.get(1..), marks.get_mut(1..)) else { return };
    for ((before, now), marks) in values.chunks(8).zip(nows.chunks(8)).zip(marks.chunks_mut(8)) {
        ahead::ask(before);
        let pairs = || before.iter().zip(now);
        let changed = match (before.first_chunk::<8>(), now.first_chunk::<8>()) {
            (Some(before), Some(now)) => (0..8).fold(T::default(), |all, at| all | (before[at] ^ now[at])),
            _ => pairs().fold(T::default(), |all, (before, now)| all | (*before ^ *now)),
        };
        if changed != T::default() {
            pairs().zip(marks).for_each(|((before, now), mark)| *mark |= u8::from(before != now));
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
