//! Rows in any order whose codes are few: every thread adds them up in a table of its own, and nothing is poured.

use super::chunk::{BLOCK, Table};
use super::classes::Classes;
use super::decode::{Decoded, Decoder};
use super::groups::Groups;
use super::kept;
use super::key_code::{Encoder, KeyCode};
use super::pile::Four;
use super::places::{Narrow, Place};
use super::share;
use super::stop::Stop;
use super::worth::{Lanes, WeightTable};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Beyond, tables leave the last cache, and pouring rows into partitions is faster.
const MOST_CODES: usize = 1 << 19;
/// So few have room for whole sums in the second cache.
const FEW_CODES: usize = 1 << 14;

/// How many codes there are, where each thread can have a table of them all.
pub(super) fn codes(code: &KeyCode, rows: usize) -> Option<usize> {
    let codes = usize::try_from(code.largest).ok()?.checked_add(1)?;
    let all = codes.checked_mul(share::threads())?;
    (codes <= MOST_CODES && all <= rows && code.bits <= u32::BITS).then_some(codes)
}

/// Groups in order of their codes, and the or of all credits. `None` where sums are too large for narrow places.
pub(super) fn direct<'a, W: Decoded>(
    table: &Table<'a>,
    classes: &Classes,
    weights: &WeightTable,
    code: &KeyCode<'a>,
    codes: usize,
) -> Result<Option<(Vec<Groups<'a>>, u32)>, Stop> {
    if codes <= FEW_CODES {
        return added::<W, Four>(table, classes, &Four::table(weights), code, codes);
    }
    added::<W, Narrow>(table, classes, &Narrow::table(weights), code, codes)
}

fn added<'a, W: Decoded, P: Place>(
    table: &Table<'a>,
    classes: &Classes,
    weights: &P::Weights,
    code: &KeyCode<'a>,
    codes: usize,
) -> Result<Option<(Vec<Groups<'a>>, u32)>, Stop> {
    let threads = share::threads();
    // Small spans, taken as a thread comes to them: none waits for one that was held up.
    let spans = table.spans(threads * 16);
    let next = AtomicUsize::new(0);
    let places = share::each((0..threads).collect(), |_| {
        let mut places: Option<Places<P>> = None;
        let mut decoder = Decoder::new(classes);
        while let Some(span) = spans.get(next.fetch_add(1, Ordering::Relaxed)) {
            let places = places.get_or_insert_with(|| Places::new(codes));
            places.add::<W>(table, span.clone(), &mut decoder, weights, code)?;
            if !P::holds(places.written, decoder.credit_bits) {
                // Nobody need go on.
                next.store(spans.len(), Ordering::Relaxed);
                break;
            }
        }
        Ok((places, decoder.credit_bits))
    });
    let places = places.into_iter().collect::<Result<Vec<_>, Stop>>()?;
    let credit_bits = places.iter().fold(0, |all, (_, bits)| all | bits);
    let places: Vec<Places<P>> = places.into_iter().filter_map(|(places, _)| places).collect();
    if places.iter().any(|places| !P::holds(places.written, credit_bits)) {
        return Ok(None);
    }
    let length = codes.div_ceil(threads * 4).max(1);
    let ranges = (0..codes).step_by(length).map(|start| start..codes.min(start + length)).collect();
    let groups = share::each(ranges, |range| joined(&places, code, range));
    places.into_iter().for_each(Places::keep);
    Ok(Some((groups, credit_bits)))
}

/// Sums by code, and whether a row had it.
struct Places<P> {
    sums: Vec<P>,
    seen: Vec<u8>,
    /// All sums as they were written, or-ed: whether one was ever full.
    written: u64,
}

impl<P: Place> Places<P> {
    fn new(codes: usize) -> Places<P> {
        let mut sums: Vec<P> = kept::room(codes);
        sums.resize(codes, P::default());
        Places { sums, seen: vec![0; codes], written: 0 }
    }

    fn keep(self) {
        kept::keep(self.sums);
    }

    fn add<'a, W: Decoded>(
        &mut self,
        table: &Table<'a>,
        span: Range<usize>,
        decoder: &mut Decoder,
        weights: &P::Weights,
        code: &KeyCode<'a>,
    ) -> Result<(), Stop> {
        let mut encoder = Encoder::new(code);
        let (mut worths, mut codes) = (Vec::with_capacity(BLOCK), Vec::with_capacity(BLOCK));
        table.blocks(span, |chunk, rows| {
            decoder.block::<W>(chunk, rows.clone(), &mut worths)?;
            encoder.block::<u32>(chunk, rows, &mut codes)?;
            self.written |= P::pile(&codes, &worths, weights, &mut self.sums, &mut self.seen);
            Ok(())
        })
    }
}

/// The groups of a range of codes, from all tables.
fn joined<'a, P: Place>(places: &[Places<P>], code: &KeyCode<'a>, range: Range<usize>) -> Groups<'a> {
    let seen = |at: usize| places.iter().any(|places| places.seen.get(at).is_some_and(|seen| *seen == 1));
    let codes: Vec<u32> = range.filter(|at| seen(*at)).map(|at| at as u32).collect();
    let mut sums: Vec<Lanes> = kept::room(codes.len());
    sums.extend(codes.iter().map(|at| {
        let own = places.iter().filter_map(|places| places.sums.get(*at as usize));
        own.fold(Lanes::default(), |all, own| {
            let own = own.sums();
            std::array::from_fn(|lane| all[lane].wrapping_add(own[lane]))
        })
    }));
    Groups { keys: code.keys(codes.iter().copied()), sums }
}
