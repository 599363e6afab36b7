//! Groups with their keys and sums: put in order, and equal ones joined.

use super::cells::{Integers, KeyCell, KeyCells, Values, with_integers};
use super::kept;
use super::share;
use super::stop::Stop;
use super::totals_output::Total;
use super::worth::Lanes;
use std::cmp::Ordering;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

/// Groups between two looks at the flag.
const LOOK: usize = 4096;

/// Columns of equal length.
#[derive(Debug, Default)]
pub(super) struct Groups<'a, T = Lanes> {
    pub keys: Vec<Keys<'a>>,
    pub sums: Vec<T>,
}

/// One key of one group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum KeyPart<'a> {
    Number(u64),
    Text(&'a [u8]),
    Packed(u128),
}

impl<'a> KeyPart<'a> {
    pub fn number(self) -> Option<u64> {
        if let KeyPart::Number(number) = self { Some(number) } else { None }
    }

    pub fn text(self) -> Option<&'a [u8]> {
        if let KeyPart::Text(text) = self { Some(text) } else { None }
    }
}

/// The keys of one column.
#[derive(Debug)]
pub(super) enum Keys<'a> {
    /// Integers moved so that their order is that of unsigned numbers.
    Numbers(Vec<u64>),
    Texts(Vec<&'a [u8]>),
    /// Up to fifteen bytes from the highest on, their number in the lowest byte.
    Packed(Vec<u128>),
}

/// An integer as an unsigned number of the same order.
pub(super) trait Ordered: Copy + PartialEq {
    fn ordered(self) -> u64;

    /// With its sign in all bits above: a negative number is a very large one.
    fn widened(self) -> u64;

    /// The integer back from its ordered number.
    fn restored(number: u64) -> Self;
}

macro_rules! ordered {
    ($($kind:ty, $sign:expr;)*) => {
        $(impl Ordered for $kind {
            #[inline(always)]
            fn ordered(self) -> u64 {
                self as u64 ^ $sign
            }
            #[inline(always)]
            fn widened(self) -> u64 {
                self as u64
            }
            #[inline(always)]
            fn restored(number: u64) -> $kind {
                (number ^ $sign) as $kind
            }
        })*
    };
}
const SIGN: u64 = 1 << 63;
ordered! {
    i8, SIGN;
    i16, SIGN;
    i32, SIGN;
    i64, SIGN;
    u8, 0;
    u16, 0;
    u32, 0;
    u64, 0;
}

impl From<Vec<u64>> for Keys<'_> {
    fn from(keys: Vec<u64>) -> Self {
        Keys::Numbers(keys)
    }
}

impl<'a> From<Vec<&'a [u8]>> for Keys<'a> {
    fn from(keys: Vec<&'a [u8]>) -> Self {
        Keys::Texts(keys)
    }
}

impl<'a> Keys<'a> {
    pub fn len(&self) -> usize {
        match self {
            Keys::Numbers(keys) => keys.len(),
            Keys::Texts(keys) => keys.len(),
            Keys::Packed(keys) => keys.len(),
        }
    }

    pub fn get(&self, at: usize) -> Option<KeyPart<'a>> {
        match self {
            Keys::Numbers(keys) => keys.get(at).copied().map(KeyPart::Number),
            Keys::Texts(keys) => keys.get(at).copied().map(KeyPart::Text),
            Keys::Packed(keys) => keys.get(at).copied().map(KeyPart::Packed),
        }
    }

    /// Empty, for so many keys of `cells`.
    pub fn room(cells: &KeyCells, expected: usize) -> Keys<'a> {
        match cells.values {
            Values::Integers(_) => Keys::Numbers(kept::room(expected)),
            Values::Texts(_) => Keys::Texts(Vec::with_capacity(expected)),
        }
    }

    /// Leaves the memory to another call.
    fn keep(self) {
        match self {
            Keys::Numbers(keys) => kept::keep(keys),
            Keys::Packed(keys) => kept::keep(keys),
            Keys::Texts(_) => {}
        }
    }

    /// One key more.
    pub fn push(&mut self, cell: KeyCell<'a>, cells: &KeyCells) {
        match (self, cell) {
            (Keys::Numbers(keys), KeyCell::Integer(value)) => keys.push(cells.ordered(value)),
            (Keys::Texts(keys), KeyCell::Text(text)) => keys.push(text),
            _ => {}
        }
    }

    /// Empty, for the keys of `cells`.
    pub fn empty(cells: &KeyCells) -> Keys<'a> {
        match cells.values {
            Values::Integers(_) => Keys::Numbers(Vec::new()),
            Values::Texts(_) => Keys::Texts(Vec::new()),
        }
    }

    /// The keys of these rows; `None` where there is none.
    pub fn extend(&mut self, cells: &KeyCells<'a>, rows: impl Iterator<Item = usize>) -> Option<()> {
        match (self, &cells.values, &cells.codes) {
            (Keys::Numbers(keys), Values::Integers(integers), None) => with_integers!(integers, values => {
                for row in rows {
                    keys.push(values.get(row)?.ordered());
                }
            }),
            (Keys::Numbers(keys), Values::Integers(integers), Some(codes)) => with_integers!(integers, values => {
                for row in rows {
                    cells.get(row)?;
                    keys.push(values.get(usize::try_from(codes.get(row)?).ok()?)?.ordered());
                }
            }),
            (Keys::Texts(keys), Values::Texts(_), _) => {
                for row in rows {
                    let KeyCell::Text(text) = cells.get(row)? else { return None };
                    keys.push(text);
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// Whether the last key is that of the row.
    pub fn ends_with(&self, cells: &KeyCells, row: usize) -> bool {
        match (self, cells.get(row)) {
            (Keys::Numbers(keys), Some(KeyCell::Integer(value))) => keys.last() == Some(&cells.ordered(value)),
            (Keys::Texts(keys), Some(KeyCell::Text(text))) => keys.last() == Some(&text),
            _ => false,
        }
    }

    fn order(&self, a: usize, b: usize) -> Ordering {
        match self {
            Keys::Numbers(keys) => keys.get(a).cmp(&keys.get(b)),
            Keys::Texts(keys) => keys.get(a).cmp(&keys.get(b)),
            Keys::Packed(keys) => keys.get(a).cmp(&keys.get(b)),
        }
    }

    fn append(&mut self, other: Keys<'a>) {
        match (self, other) {
            (Keys::Numbers(keys), Keys::Numbers(more)) => keys.extend(more),
            (Keys::Texts(keys), Keys::Texts(more)) => keys.extend(more),
            (Keys::Packed(keys), Keys::Packed(more)) => keys.extend(more),
            _ => {}
        }
    }

    fn chosen(&self, places: &[usize]) -> Keys<'a> {
        match self {
            Keys::Numbers(keys) => Keys::Numbers(places.iter().filter_map(|at| keys.get(*at).copied()).collect()),
            Keys::Texts(keys) => Keys::Texts(places.iter().filter_map(|at| keys.get(*at).copied()).collect()),
            Keys::Packed(keys) => Keys::Packed(places.iter().filter_map(|at| keys.get(*at).copied()).collect()),
        }
    }
}

impl KeyCells<'_> {
    /// The key that a cell of this column is.
    pub fn of_cell<'c>(&self, cell: KeyCell<'c>) -> KeyPart<'c> {
        match cell {
            KeyCell::Integer(value) => KeyPart::Number(self.ordered(value)),
            KeyCell::Text(text) => KeyPart::Text(text),
        }
    }

    /// One of this column's integers as an unsigned number of the same order.
    fn ordered(&self, value: i128) -> u64 {
        let signed = match &self.values {
            Values::Integers(integers) => signed(integers),
            Values::Texts(_) => false,
        };
        value as u64 ^ if signed { SIGN } else { 0 }
    }
}

impl<'a, T: Send + 'static> Groups<'a, T> {
    /// Where it has no columns yet, those of `cells` with room for what a first block lets expect: growing would copy
    /// them all.
    pub fn begin(&mut self, cells: &[KeyCells], expected: usize) {
        if self.keys.is_empty() {
            let expected = expected + expected / 16;
            self.keys = cells.iter().map(|cells| Keys::room(cells, expected)).collect();
            self.sums = kept::room(expected);
        }
    }
}

impl<'a, T: Total> Groups<'a, T> {
    /// Leaves the memory to another call.
    pub fn keep(self) {
        self.keys.into_iter().for_each(Keys::keep);
        kept::keep(self.sums);
    }

    pub fn len(&self) -> usize {
        self.sums.len()
    }

    fn order(&self, a: usize, b: usize) -> Ordering {
        let orders = self.keys.iter().map(|keys| keys.order(a, b));
        orders.fold(Ordering::Equal, Ordering::then)
    }

    /// Whether every group is below the next.
    fn ascends(&self) -> bool {
        match self.keys.as_slice() {
            [Keys::Numbers(keys)] => keys.windows(2).all(|pair| pair[0] < pair[1]),
            [Keys::Numbers(first), Keys::Numbers(second)] => {
                let pairs = first.windows(2).zip(second.windows(2));
                // Both looked at, whatever the first tells: no branch to guess.
                let below = |(a, b): (&[u64], &[u64])| (a[0] < a[1]) | ((a[0] == a[1]) & (b[0] < b[1]));
                pairs.fold(true, |all, pair| all & below(pair))
            }
            _ => (1..self.len()).all(|at| self.order(at - 1, at) == Ordering::Less),
        }
    }

    fn append(&mut self, other: Groups<'a, T>) {
        for (keys, more) in self.keys.iter_mut().zip(other.keys) {
            keys.append(more);
        }
        self.sums.extend(other.sums);
    }

    /// In order, equal groups joined.
    fn sorted(self, cancelled: &AtomicBool) -> Result<Groups<'a, T>, Stop> {
        let mut places: Vec<usize> = (0..self.len()).collect();
        share::sort(&mut places, cancelled, |a, b| self.order(*a, *b).then(a.cmp(b)))?;
        let mut first = Vec::with_capacity(places.len());
        let mut sums: Vec<T> = Vec::with_capacity(places.len());
        for (number, at) in places.into_iter().enumerate() {
            if number % LOOK == 0 && cancelled.load(Relaxed) {
                return Err(Stop::Cancelled);
            }
            let Some(lanes) = self.sums.get(at) else { continue };
            match (first.last(), sums.last_mut()) {
                (Some(last), Some(sum)) if self.order(*last, at).is_eq() => *sum = sum.plus(*lanes),
                _ => {
                    first.push(at);
                    sums.push(*lanes);
                }
            }
        }
        Ok(Groups { keys: self.keys.iter().map(|keys| keys.chosen(&first)).collect(), sums })
    }

    /// The last group of this joins the first of the next where both are the same.
    fn join(&mut self, next: &mut Groups<'a, T>) -> bool {
        let (Some(last), Some(first)) = (self.sums.last(), next.sums.first_mut()) else { return false };
        let ends = |keys: (&Keys, &Keys)| match keys {
            (Keys::Numbers(a), Keys::Numbers(b)) => a.last() == b.first(),
            (Keys::Texts(a), Keys::Texts(b)) => a.last() == b.first(),
            (Keys::Packed(a), Keys::Packed(b)) => a.last() == b.first(),
            _ => false,
        };
        let same = self.keys.iter().zip(&next.keys).all(ends);
        if same {
            *first = first.plus(*last);
            self.sums.pop();
            for keys in &mut self.keys {
                match keys {
                    Keys::Numbers(keys) => drop(keys.pop()),
                    Keys::Texts(keys) => drop(keys.pop()),
                    Keys::Packed(keys) => drop(keys.pop()),
                }
            }
        }
        same
    }
}

/// Parts in order, no group twice. Where the parts as they stand are not, everything is sorted.
pub(super) fn ordered<'a, T: Total>(
    mut parts: Vec<Groups<'a, T>>,
    cancelled: &AtomicBool,
) -> Result<Vec<Groups<'a, T>>, Stop> {
    parts.retain(|part| part.len() > 0);
    // Forward, so that a group over many parts gathers in the last of them.
    for at in 1..parts.len() {
        if let [before, next] = &mut parts[at - 1..=at] {
            before.join(next);
        }
    }
    parts.retain(|part| part.len() > 0);
    let each_ascends = share::each(parts.iter().collect(), Groups::ascends).into_iter().all(|ascends| ascends);
    let below = |pair: &[Groups<T>]| match pair {
        [a, b] => ends_below(a, b),
        _ => true,
    };
    if each_ascends && parts.windows(2).all(below) {
        return Ok(parts);
    }
    let whole = parts.into_iter().reduce(|mut all, part| {
        all.append(part);
        all
    });
    whole.map(|whole| whole.sorted(cancelled)).into_iter().collect()
}

fn ends_below<T>(a: &Groups<T>, b: &Groups<T>) -> bool {
    let orders = a.keys.iter().zip(&b.keys).map(|keys| match keys {
        (Keys::Numbers(a), Keys::Numbers(b)) => a.last().cmp(&b.first()),
        (Keys::Texts(a), Keys::Texts(b)) => a.last().cmp(&b.first()),
        (Keys::Packed(a), Keys::Packed(b)) => a.last().cmp(&b.first()),
        _ => Ordering::Equal,
    });
    orders.fold(Ordering::Equal, Ordering::then) == Ordering::Less
}

/// Whether these integers are signed.
pub(super) fn signed(integers: &Integers) -> bool {
    matches!(integers, Integers::I8(_) | Integers::I16(_) | Integers::I32(_) | Integers::I64(_))
}
