//! All keys of a row as one number whose order is theirs.

use super::cells::{KeyCell, KeyCells, Texts, Values, with_integers};
use super::chunk::{Chunk, Table};
use super::groups::{KeyPart, Keys, Ordered};
use super::kept;
use super::key_extent::{Extent, bits, extent};
use super::share;
use super::stop::Stop;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// A number that holds all keys of a row, the first in the highest bits.
pub(super) trait Code: Copy + Ord + Default + Send + Sync + std::hash::Hash + 'static {
    /// Makes room for `bits` more and puts them there.
    fn join(self, part: Self, bits: u32) -> Self;
    fn of(part: u64) -> Self;
    fn cut(part: u128) -> Self;
    fn wide(self) -> u128;
    fn masked(self, mask: Self) -> Self;
    /// The lowest bits of what is above the lowest `bits`.
    fn above(self, bits: u32) -> usize;
    /// The same bits spread evenly: for tables.
    fn mixed(self) -> u64;
}

const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

macro_rules! code {
    ($($kind:ty, $mixed:expr;)*) => {
        $(impl Code for $kind {
            #[inline(always)]
            fn join(self, part: Self, bits: u32) -> Self {
                self.checked_shl(bits).unwrap_or_default() | part
            }
            #[inline(always)]
            fn of(part: u64) -> Self {
                part as $kind
            }
            #[inline(always)]
            fn cut(part: u128) -> Self {
                part as $kind
            }
            #[inline(always)]
            fn wide(self) -> u128 {
                u128::from(self)
            }
            #[inline(always)]
            fn masked(self, mask: Self) -> Self {
                self & mask
            }
            #[inline(always)]
            fn above(self, bits: u32) -> usize {
                self.checked_shr(bits).unwrap_or_default() as usize
            }
            #[inline(always)]
            fn mixed(self) -> u64 {
                let spread: fn($kind) -> u64 = $mixed;
                spread(self)
            }
        })*
    };
}
code! {
    u32, |code| u64::from(code).wrapping_mul(MIX);
    u64, |code| (code ^ code >> 32).wrapping_mul(MIX);
    u128, |code| {
        let folded = (code as u64).wrapping_mul(MIX) ^ (code >> 64) as u64;
        (folded ^ folded >> 29).wrapping_mul(MIX)
    };
}

/// How the keys of a table become codes.
pub(super) struct KeyCode<'a> {
    pub columns: Vec<ColumnCode<'a>>,
    /// Of all columns.
    pub bits: u32,
    /// No code is above.
    pub largest: u128,
}

pub(super) struct ColumnCode<'a> {
    form: Form<'a>,
    bits: u32,
    largest: u128,
}

enum Form<'a> {
    /// What is above the least.
    Number { least: u64 },
    /// The bytes, filled up with zeros, then their number in four bits.
    Text { longest: u32 },
    /// The place in an ordered list.
    Listed { list: Vec<KeyPart<'a>>, places: HashMap<KeyPart<'a>, u64> },
}

/// More do not fit beside their length into 128 bits.
const LONGEST_TEXT: u32 = 15;

impl<'a> KeyCode<'a> {
    /// Looks at every key of the table.
    pub fn of(table: &Table<'a>) -> Result<KeyCode<'a>, Stop> {
        let looks = share::each(table.spans(share::threads() * 4), |span| {
            let mut extents: Vec<Extent> = Vec::new();
            table.blocks(span, |chunk, rows| {
                let seen = chunk.keys.iter().map(|cells| extent(cells, rows.clone()));
                let seen = seen.collect::<Option<Vec<_>>>().ok_or(Stop::Slow)?;
                extents = match extents.is_empty() {
                    true => seen,
                    false => extents.iter().zip(seen).map(|(a, b)| a.joined(b)).collect(),
                };
                Ok(())
            })?;
            Ok(extents)
        });
        let looks = looks.into_iter().collect::<Result<Vec<Vec<Extent>>, Stop>>()?;
        let joined = |a: Vec<Extent>, b: Vec<Extent>| a.into_iter().zip(b).map(|(a, b)| a.joined(b)).collect();
        let extents = looks.into_iter().reduce(joined).ok_or(Stop::Slow)?;
        let narrow: u32 = extents.iter().map(|extent| bits(*extent)).sum();
        let listed = |extent: &Extent| match extent {
            Extent::Listed => true,
            Extent::Longest(longest) => *longest > LONGEST_TEXT || narrow > u128::BITS,
            Extent::Numbers(..) => false,
        };
        let mut columns = Vec::with_capacity(extents.len());
        for (place, extent) in extents.iter().enumerate() {
            columns.push(if listed(extent) { ColumnCode::listed(table, place)? } else { ColumnCode::plain(*extent) });
        }
        let bits = columns.iter().map(|column| column.bits).sum();
        if bits > u128::BITS {
            return Err(Stop::Slow);
        }
        let largest = columns.iter().fold(0u128, |all, column| all.join(column.largest, column.bits));
        Ok(KeyCode { columns, bits, largest })
    }

    /// Codes back into key columns.
    pub fn keys<K: Code>(&self, codes: impl Iterator<Item = K> + Clone) -> Vec<Keys<'a>> {
        let mut below = self.bits;
        let keys = self.columns.iter().map(|column| {
            below -= column.bits;
            let mask = u128::MAX.checked_shr(u128::BITS - column.bits).unwrap_or_default();
            column.keys(codes.clone().map(|code| code.wide().checked_shr(below).unwrap_or_default() & mask))
        });
        keys.collect()
    }
}

impl<'a> ColumnCode<'a> {
    fn plain(extent: Extent) -> ColumnCode<'a> {
        let bits = bits(extent);
        let (form, largest) = match extent {
            Extent::Numbers(least, most) => (Form::Number { least }, u128::from(most - least)),
            Extent::Longest(longest) => {
                (Form::Text { longest }, u128::MAX.checked_shr(u128::BITS - bits).unwrap_or_default())
            }
            Extent::Listed => (Form::Listed { list: Vec::new(), places: HashMap::new() }, 0),
        };
        ColumnCode { form, bits, largest }
    }

    /// All distinct keys of the column, in order. Of a dictionary all values are looked at, used or not.
    fn listed(table: &Table<'a>, place: usize) -> Result<ColumnCode<'a>, Stop> {
        let found = share::each(table.spans(share::threads()), |span| {
            let mut distinct: BTreeSet<KeyPart<'a>> = BTreeSet::new();
            let mut seen = std::collections::HashSet::new();
            let mut dictionary = None;
            table.blocks(span, |chunk, rows| {
                let cells = chunk.keys.get(place).ok_or(Stop::Slow)?;
                if cells.codes.is_none() {
                    seen.extend(rows.filter_map(|row| cells.part(row)));
                } else if dictionary != Some(cells.identity()) {
                    dictionary = Some(cells.identity());
                    distinct.extend((0..cells.values.len()).filter_map(|value| cells.value_part(value)));
                }
                Ok(())
            })?;
            distinct.extend(seen);
            Ok(distinct)
        });
        let mut all = BTreeSet::new();
        for mut distinct in found.into_iter().collect::<Result<Vec<_>, Stop>>()? {
            all.append(&mut distinct);
        }
        let list: Vec<KeyPart> = all.into_iter().collect();
        let largest = list.len().saturating_sub(1) as u64;
        let places = list.iter().copied().zip(0..).collect();
        Ok(ColumnCode {
            form: Form::Listed { list, places },
            bits: u64::BITS - largest.leading_zeros(),
            largest: u128::from(largest),
        })
    }

    fn keys(&self, parts: impl Iterator<Item = u128>) -> Keys<'a> {
        match &self.form {
            Form::Number { least } => {
                let mut numbers = kept::room(parts.size_hint().0);
                numbers.extend(parts.map(|part| least.wrapping_add(part as u64)));
                Keys::Numbers(numbers)
            }
            Form::Text { longest } => {
                let shift = u128::BITS - 8 * longest;
                let text = |part: u128| (part >> 4).checked_shl(shift).unwrap_or_default() | (part & 15);
                Keys::Packed(parts.map(text).collect())
            }
            Form::Listed { list, .. } => {
                let parts = parts.filter_map(|part| list.get(part as usize).copied());
                match list.first() {
                    Some(KeyPart::Text(_)) => Keys::Texts(parts.filter_map(KeyPart::text).collect()),
                    _ => Keys::Numbers(parts.filter_map(KeyPart::number).collect()),
                }
            }
        }
    }
}

/// What a task remembers while it encodes.
pub(super) struct Encoder<'k, 'a> {
    code: &'k KeyCode<'a>,
    /// By column: the dictionary met last, and its values' places.
    dictionaries: Vec<(Identity, Vec<u64>)>,
}

/// Where the values of a dictionary lie, where their bytes and nulls do, and how many there are.
type Identity = [usize; 4];

/// No place: the value is null or was never seen.
const NOWHERE: u64 = u64::MAX;

impl<'k, 'a> Encoder<'k, 'a> {
    pub fn new(code: &'k KeyCode<'a>) -> Encoder<'k, 'a> {
        Encoder { code, dictionaries: code.columns.iter().map(|_| (Identity::default(), Vec::new())).collect() }
    }

    /// The codes of the rows.
    pub fn block<K: Code>(&mut self, chunk: &Chunk<'a>, rows: Range<usize>, out: &mut Vec<K>) -> Result<(), Stop> {
        out.clear();
        out.resize(rows.len(), K::default());
        let columns = self.code.columns.iter().zip(&chunk.keys).zip(&mut self.dictionaries);
        for ((column, cells), dictionary) in columns {
            column.encode(cells, rows.clone(), dictionary, out).ok_or(Stop::Slow)?;
        }
        Ok(())
    }
}

impl<'a> ColumnCode<'a> {
    fn encode<K: Code>(
        &self,
        cells: &KeyCells<'a>,
        rows: Range<usize>,
        dictionary: &mut (Identity, Vec<u64>),
        out: &mut [K],
    ) -> Option<()> {
        match (&self.form, &cells.values, &cells.codes) {
            (Form::Number { least }, Values::Integers(integers), None) => with_integers!(integers, values => {
                for (value, out) in values.get(rows)?.iter().zip(out) {
                    *out = out.join(K::of(value.ordered().wrapping_sub(*least)), self.bits);
                }
            }),
            (Form::Text { longest }, Values::Texts(texts), None) => {
                for (row, out) in rows.zip(out) {
                    *out = out.join(K::cut(packed(texts.get(row)?, *longest)), self.bits);
                }
            }
            (Form::Listed { places, .. }, _, None) => {
                for (row, out) in rows.zip(out) {
                    *out = out.join(K::of(*places.get(&cells.part(row)?)?), self.bits);
                }
            }
            (Form::Listed { places, .. }, values, Some(codes)) => {
                if dictionary.0 != cells.identity() {
                    let place = |value| cells.value_part(value).and_then(|part| places.get(&part).copied());
                    dictionary.1 = (0..values.len()).map(|value| place(value).unwrap_or(NOWHERE)).collect();
                    dictionary.0 = cells.identity();
                }
                with_integers!(codes, codes => {
                    for (code, out) in codes.get(rows)?.iter().zip(out) {
                        let place = *dictionary.1.get(*code as usize)?;
                        if place == NOWHERE {
                            return None;
                        }
                        *out = out.join(K::of(place), self.bits);
                    }
                })
            }
            _ => return None,
        }
        Some(())
    }
}

/// At most fifteen bytes, filled up to `longest` with zeros, then their number in four bits.
#[inline(always)]
fn packed(text: &[u8], longest: u32) -> u128 {
    let length = text.len() as u32;
    let bytes = match (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        // Two loads that may overlap.
        (Some(first), Some(last)) => {
            let low = u128::from(u64::from_be_bytes(*last));
            let beyond = 8 * (length - 8);
            u128::from(u64::from_be_bytes(*first)) << beyond | low
        }
        _ => text.iter().fold(0, |all, byte| all << 8 | u128::from(*byte)),
    };
    bytes << (8 * (longest - length)) << 4 | u128::from(length)
}

impl<'a> KeyCells<'a> {
    /// The key of a row.
    fn part(&self, row: usize) -> Option<KeyPart<'a>> {
        self.get(row).map(|cell| self.of_cell(cell))
    }

    /// Chunks of one table mostly share a dictionary. Texts of equal lengths may share their offsets and nothing else.
    fn identity(&self) -> Identity {
        let [place, bytes] = match &self.values {
            Values::Integers(integers) => with_integers!(integers, values => [values.as_ptr().addr(), 0]),
            Values::Texts(Texts::Small(offsets, bytes)) => [offsets.as_ptr().addr(), bytes.as_ptr().addr()],
            Values::Texts(Texts::Large(offsets, bytes)) => [offsets.as_ptr().addr(), bytes.as_ptr().addr()],
            Values::Texts(Texts::View(array)) => [array.views().as_ptr().addr(), array.data_buffers().as_ptr().addr()],
        };
        [place, bytes, self.value_nulls.map_or(0, |nulls| nulls.validity().as_ptr().addr()), self.values.len()]
    }

    /// A value of the dictionary.
    fn value_part(&self, value: usize) -> Option<KeyPart<'a>> {
        if self.value_nulls.is_some_and(|nulls| value >= nulls.len() || nulls.is_null(value)) {
            return None;
        }
        let cell = match &self.values {
            Values::Integers(integers) => integers.get(value).map(KeyCell::Integer),
            Values::Texts(texts) => texts.get(value).map(KeyCell::Text),
        };
        cell.map(|cell| self.of_cell(cell))
    }
}

impl Values<'_> {
    pub fn len(&self) -> usize {
        match self {
            Values::Integers(integers) => with_integers!(integers, values => values.len()),
            Values::Texts(Texts::Small(offsets, _)) => offsets.len().saturating_sub(1),
            Values::Texts(Texts::Large(offsets, _)) => offsets.len().saturating_sub(1),
            Values::Texts(Texts::View(array)) => array.views().len(),
        }
    }
}
