//! Rows in any order: poured into partitions of neighbouring keys, each of which is then grouped in the cache.

use super::chunk::Table;
use super::classes::Classes;
use super::decode::{Decoded, Decoder};
use super::direct;
use super::groups::Groups;
use super::kept;
use super::key_code::{Code, Encoder, KeyCode};
use super::share;
use super::stop::Stop;
use super::tables::{Dense, Hashed, Slots};
use super::worth::WeightTable;
use std::ops::Range;
use std::sync::atomic::Ordering;

/// A row: what is left of its code within the partition, and its worth. Packed, since pouring is bound by memory.
#[derive(Clone, Copy)]
#[repr(C, packed(4))]
pub(super) struct Poured<L, W>(pub L, pub W);

/// Which partition a code goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// A power of two bits wide.
    pub part_bits: u32,
    /// Bits of a code below the partition's number; the whole code where partitions go by hash.
    pub shift: u32,
    pub hashed: bool,
}

/// Rows of one partition that one table in the cache is made for.
const PARTITION_ROWS: usize = 16 * 1024;
/// Entries of a table in the order of the codes.
const DENSE_BITS: u32 = 13;
const MOST_PART_BITS: u32 = 10;

/// Groups by partitions, and the or of all credits. The parts are in order unless the keys crowd so much that
/// partitions go by hash.
pub(super) fn partitions<'a, W: Decoded>(
    table: &Table<'a>,
    classes: &Classes,
    weights: &WeightTable,
) -> Result<(Vec<Groups<'a>>, u32), Stop> {
    let code = KeyCode::of(table)?;
    if let Some(codes) = direct::codes(&code, table.rows)
        && let Some(groups) = direct::direct::<W>(table, classes, weights, &code, codes)?
    {
        return Ok(groups);
    }
    let work = Work { table, classes, weights, code: &code };
    if code.bits <= u64::BITS { work.planned::<u64, W>() } else { work.planned::<u128, W>() }
}

struct Work<'w, 'a> {
    table: &'w Table<'a>,
    classes: &'w Classes,
    weights: &'w WeightTable,
    code: &'w KeyCode<'a>,
}

type Parts<L, W> = Vec<Vec<Poured<L, W>>>;

impl<'a> Work<'_, 'a> {
    fn planned<K: Code, W: Decoded>(&self) -> Result<(Vec<Groups<'a>>, u32), Stop> {
        let rows = self.table.rows;
        let code_bits = u128::BITS - self.code.largest.leading_zeros();
        if self.code.largest < 2 * rows as u128 {
            // Codes as close as that fill a table in their own order.
            let shift = code_bits.saturating_sub(MOST_PART_BITS).max(DENSE_BITS.min(code_bits));
            let plan = Plan { part_bits: code_bits - shift, shift, hashed: false };
            return self.grouped::<K, u32, W, Dense>(plan);
        }
        let part_bits = (rows / PARTITION_ROWS).max(1).ilog2().min(MOST_PART_BITS).min(code_bits);
        let plan = Plan { part_bits, shift: code_bits - part_bits, hashed: false };
        if !self.even::<K>(plan)? {
            return self.grouped::<K, K, W, Hashed<K>>(Plan { part_bits, shift: code_bits, hashed: true });
        }
        if plan.shift <= u32::BITS {
            self.grouped::<K, u32, W, Hashed<u32>>(plan)
        } else {
            self.grouped::<K, K, W, Hashed<K>>(plan)
        }
    }

    /// Whether no partition gets far more than its share, by a sample.
    fn even<K: Code>(&self, plan: Plan) -> Result<bool, Stop> {
        const PLACES: usize = 128;
        const EACH: usize = 16;
        let mut counts = vec![0usize; 1 << plan.part_bits];
        let mut encoder = Encoder::new(self.code);
        let mut codes: Vec<K> = Vec::new();
        for place in 0..PLACES {
            let start = self.table.rows / PLACES * place;
            self.table.blocks(start..self.table.rows.min(start + EACH), |chunk, rows| {
                encoder.block(chunk, rows, &mut codes)?;
                for code in &codes {
                    if let Some(count) = counts.get_mut(plan.part(*code)) {
                        *count += 1;
                    }
                }
                Ok(())
            })?;
        }
        let share = PLACES * EACH / counts.len();
        Ok(counts.iter().all(|count| *count <= 8 * share + 32))
    }

    fn grouped<K: Code, L: Code, W: Decoded, S: Slots<L>>(&self, plan: Plan) -> Result<(Vec<Groups<'a>>, u32), Stop> {
        let spans = self.table.spans(share::threads() * 2);
        let poured = share::each(spans, |span| self.pour::<K, L, W>(plan, span));
        let poured = poured.into_iter().collect::<Result<Vec<_>, Stop>>()?;
        let credit_bits = poured.iter().fold(0, |all, (_, bits)| all | bits);
        let sources: Vec<Parts<L, W>> = poured.into_iter().map(|(parts, _)| parts).collect();
        // Several partitions a task, so that it clears and fills one table again and again.
        let part_count = plan.parts(self.code.largest);
        let each = part_count.div_ceil(share::threads() * 8);
        let mut tasks = Vec::new();
        for first in (0..part_count).step_by(each) {
            tasks.push(first..part_count.min(first + each));
        }
        let groups = share::each(tasks, |parts| self.gather::<K, L, W, S>(plan, &sources, parts));
        sources.into_iter().flatten().for_each(kept::keep);
        Ok((groups.into_iter().collect::<Result<Vec<_>, Stop>>()?, credit_bits))
    }

    /// The rows of a span into partitions.
    fn pour<K: Code, L: Code, W: Decoded>(&self, plan: Plan, span: Range<usize>) -> Result<(Parts<L, W>, u32), Stop> {
        let part_count = plan.parts(self.code.largest);
        let share = span.len() / part_count;
        let mut parts: Parts<L, W> = (0..part_count).map(|_| kept::room(share + share / 16 + 8)).collect();
        let mut decoder = Decoder::new(self.classes);
        let mut encoder = Encoder::new(self.code);
        let (mut worths, mut codes): (Vec<W>, Vec<K>) = (Vec::new(), Vec::new());
        self.table.blocks(span, |chunk, rows| {
            decoder.block(chunk, rows.clone(), &mut worths)?;
            encoder.block(chunk, rows, &mut codes)?;
            let parts = parts.as_mut_slice();
            if plan.hashed {
                for (code, worth) in codes.iter().zip(&worths) {
                    parts[plan.by_hash(*code)].push(Poured(L::cut(code.wide()), *worth));
                }
            } else {
                for (code, worth) in codes.iter().zip(&worths) {
                    parts[plan.by_range(*code)].push(Poured(L::cut(code.wide()), *worth));
                }
            }
            Ok(())
        })?;
        Ok((parts, decoder.credit_bits))
    }

    fn gather<K: Code, L: Code, W: Decoded, S: Slots<L>>(
        &self,
        plan: Plan,
        sources: &[Parts<L, W>],
        parts: Range<usize>,
    ) -> Result<Groups<'a>, Stop> {
        let mut slots = S::new(plan);
        let (mut codes, mut sums): (Vec<K>, Vec<_>) = (Vec::new(), Vec::new());
        let (first, count) = (parts.start, parts.len());
        for part in parts {
            if self.table.cancelled.load(Ordering::Relaxed) {
                return Err(Stop::Cancelled);
            }
            sources.iter().filter_map(|parts| parts.get(part)).for_each(|rows| slots.add(rows, self.weights));
            let above = if plan.hashed { 0 } else { (part as u128).checked_shl(plan.shift).unwrap_or_default() };
            slots.take(&mut |local: L, lanes| {
                codes.push(K::cut(above | local.wide()));
                sums.push(lanes);
            });
            if part == first {
                // As many as the first partition lets expect: growing would copy them all.
                let expected = codes.len() * count * 9 / 8;
                codes = refilled(codes, expected);
                sums = refilled(sums, expected);
            }
        }
        let keys = self.code.keys(codes.iter().copied());
        kept::keep(codes);
        Ok(Groups { keys, sums })
    }
}

/// The same with room for more.
fn refilled<T: Copy + Send + 'static>(values: Vec<T>, expected: usize) -> Vec<T> {
    let mut roomy = kept::room(expected);
    roomy.extend_from_slice(&values);
    roomy
}

impl Plan {
    /// How many partitions there are. No code is above `largest`.
    fn parts(self, largest: u128) -> usize {
        let all = 1usize << self.part_bits;
        if self.hashed { all } else { all.min((largest.checked_shr(self.shift).unwrap_or_default() as usize) + 1) }
    }

    #[inline(always)]
    fn by_range<K: Code>(self, code: K) -> usize {
        code.above(self.shift) & ((1 << self.part_bits) - 1)
    }

    #[inline(always)]
    fn by_hash<K: Code>(self, code: K) -> usize {
        code.mixed().checked_shr(u64::BITS - self.part_bits).unwrap_or_default() as usize
    }

    fn part<K: Code>(self, code: K) -> usize {
        if self.hashed { self.by_hash(code) } else { self.by_range(code) }
    }
}
