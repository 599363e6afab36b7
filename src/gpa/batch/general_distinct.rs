//! The distinct cells of a column as numbers: by first appearance in a piece of the table, by their order in all of it.

use super::cells::KeyCell;
use super::share;
use crate::domain::Error;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// Integers as near to the first as this are looked up without hashing.
const NEAR: u128 = 1 << 20;
/// Cells between two looks at the flag.
const LOOK: usize = 4096;

/// The distinct cells of a column in one piece of a table.
#[derive(Default)]
pub(super) struct Distinct<'a> {
    cells: Vec<KeyCell<'a>>,
    /// The cell before and its number: neighbours are often equal.
    last: Option<(KeyCell<'a>, u32)>,
    /// One more than the number of each cell, 0 where it is not known.
    known: HashMap<KeyCell<'a>, u32, foldhash::fast::RandomState>,
    near: Near,
}

/// The integers around the first, by distance.
#[derive(Default)]
struct Near {
    first: Option<i128>,
    above: Vec<u32>,
    below: Vec<u32>,
}

impl Near {
    /// The place of an integer; `None` for one that is far away.
    fn place(&mut self, value: i128) -> Option<&mut u32> {
        let first = *self.first.get_or_insert(value);
        let list = if value >= first { &mut self.above } else { &mut self.below };
        let distance = value.abs_diff(first);
        if distance >= NEAR {
            return None;
        }
        let at = usize::try_from(distance).ok()?;
        if list.len() <= at {
            list.resize((at + 1).max(list.len() * 2).min(NEAR as usize), 0);
        }
        list.get_mut(at)
    }
}

impl<'a> Distinct<'a> {
    /// The number of a cell, by first appearance.
    pub fn number(&mut self, cell: KeyCell<'a>) -> Result<u32, Error> {
        if let Some((_, number)) = self.last.filter(|(last, _)| *last == cell) {
            return Ok(number);
        }
        let near = match cell {
            KeyCell::Integer(value) => self.near.place(value),
            KeyCell::Text(_) => None,
        };
        let place = near.unwrap_or_else(|| self.known.entry(cell).or_insert(0));
        if *place == 0 {
            *place = u32::try_from(self.cells.len() + 1).map_err(|_| too_many())?;
            self.cells.push(cell);
        }
        let number = *place - 1;
        self.last = Some((cell, number));
        Ok(number)
    }

    /// The cells in order, each with its number.
    pub fn sorted(self, cancelled: &AtomicBool) -> Result<Vec<(KeyCell<'a>, u32)>, Error> {
        let mut sorted: Vec<(KeyCell<'a>, u32)> = self.cells.into_iter().zip(0..).collect();
        share::sort(&mut sorted, cancelled, |a, b| a.0.cmp(&b.0)).map_err(|_| Error::Cancelled)?;
        Ok(sorted)
    }
}

fn too_many() -> Error {
    Error::configuration("a column has more than 4294967294 different values")
}

/// The distinct cells of a column in all pieces, in order.
pub(super) struct Ranked<'a> {
    pub cells: Vec<KeyCell<'a>>,
    /// Of each piece, the rank of every number.
    pub ranks: Vec<Vec<u32>>,
}

/// From the sorted cells of every piece.
pub(super) fn ranked<'a>(pieces: &[Vec<(KeyCell<'a>, u32)>], cancelled: &AtomicBool) -> Result<Ranked<'a>, Error> {
    let mut ranks: Vec<Vec<u32>> = pieces.iter().map(|piece| vec![0; piece.len()]).collect();
    let mut heads: Vec<_> = pieces.iter().map(|piece| piece.iter().peekable()).collect();
    let mut cells = Vec::with_capacity(pieces.iter().map(Vec::len).max().unwrap_or_default());
    while let Some(least) = heads.iter_mut().filter_map(|head| head.peek().map(|(cell, _)| *cell)).min() {
        let rank = u32::try_from(cells.len()).map_err(|_| too_many())?;
        if cells.len() % LOOK == 0 && cancelled.load(Ordering::Relaxed) {
            return Err(Error::Cancelled);
        }
        for (head, ranks) in heads.iter_mut().zip(&mut ranks) {
            let own = head.next_if(|(cell, _)| *cell == least);
            if let Some(place) = own.and_then(|(_, number)| ranks.get_mut(*number as usize)) {
                *place = rank;
            }
        }
        cells.push(least);
    }
    Ok(Ranked { cells, ranks })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers<'a>(distinct: &mut Distinct<'a>, cells: &[KeyCell<'a>]) -> Vec<u32> {
        cells.iter().map(|cell| distinct.number(*cell).unwrap()).collect()
    }

    #[test]
    fn pieces_agree_on_the_order_of_all() {
        use KeyCell::{Integer, Text};
        let far = i128::from(u64::MAX);
        let (mut first, mut second) = (Distinct::default(), Distinct::default());
        assert_eq!(
            numbers(&mut first, &[Integer(7), Integer(7), Integer(-3), Integer(far), Integer(7)]),
            [0, 0, 1, 2, 0]
        );
        assert_eq!(numbers(&mut second, &[Integer(far), Integer(8), Integer(-far), Integer(far)]), [0, 1, 2, 0]);
        let cancelled = AtomicBool::new(false);
        let pieces = [first, second].map(|piece| piece.sorted(&cancelled).unwrap());
        let all = ranked(&pieces, &cancelled).unwrap();
        assert_eq!(all.cells, [-far, -3, 7, 8, far].map(Integer));
        assert_eq!(all.ranks, [vec![2, 1, 4], vec![4, 3, 0]]);
        let mut texts = Distinct::default();
        assert_eq!(numbers(&mut texts, &[b"b", b"a", b"b"].map(|text| Text(text))), [0, 1, 0]);
        assert_eq!(texts.sorted(&cancelled).unwrap(), [(Text(b"a"), 1), (Text(b"b"), 0)]);
    }

    #[test]
    fn nobody_waits_for_what_is_cancelled() {
        let mut distinct = Distinct::default();
        numbers(&mut distinct, &[KeyCell::Integer(2), KeyCell::Integer(1)]);
        assert!(matches!(distinct.sorted(&AtomicBool::new(true)), Err(Error::Cancelled)));
        let piece = vec![(KeyCell::Integer(1), 0)];
        assert!(matches!(ranked(&[piece], &AtomicBool::new(true)), Err(Error::Cancelled)));
    }
}
