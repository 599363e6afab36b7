//! Grades to classes: by dictionary, or by their letters packed into one number.

use super::cells::{Integers, Texts, with_integers};
use super::chunk::Table;
use super::classes::Classes;
use super::layout::Marking;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use std::ops::Range;

/// Marks a grade that is not on the scale.
const UNKNOWN: u32 = 1 << 31;

/// What a task has learned about the grades it met.
pub(super) struct GradeCodes<'c> {
    classes: &'c Classes,
    letters: Letters,
    /// The dictionary met last, and its codes' classes; at least 256, so that a byte needs no check.
    dictionary: Option<ArrayRef>,
    table: Vec<u32>,
    /// Of that dictionary, how many codes are their own classes: all of them or none.
    own_classes: u32,
}

/// The classes, numbered as the first dictionary of the table numbers its grades.
pub(super) fn numbered(classes: Classes, table: &Table) -> Classes {
    let Marking::Grades(at) = table.layout.marking else { return classes };
    let column = table.batches.iter().find(|batch| batch.num_rows() > 0).and_then(|batch| batch.columns().get(at));
    let Some(dictionary) = column.and_then(|column| column.as_any_dictionary_opt()) else { return classes };
    let values = dictionary.values();
    match Texts::of(values.as_ref()) {
        Some(texts) if values.null_count() == 0 => classes.numbered_as((0..values.len()).map(|code| texts.get(code))),
        _ => classes,
    }
}

impl<'c> GradeCodes<'c> {
    pub fn new(classes: &'c Classes) -> GradeCodes<'c> {
        GradeCodes {
            classes,
            letters: Letters::of(classes),
            dictionary: None,
            table: vec![UNKNOWN; 256],
            own_classes: 0,
        }
    }

    /// Below which number codes are classes; `None` where they have to be looked up.
    pub fn own_classes(&mut self, values: &ArrayRef) -> Option<u32> {
        self.learn(values)?;
        Some(self.own_classes).filter(|codes| *codes > 0)
    }

    /// `None` when a grade is not on the scale.
    pub fn codes(&mut self, codes: &Integers, values: &ArrayRef, rows: Range<usize>, out: &mut [u32]) -> Option<()> {
        self.learn(values)?;
        let unknown = match codes {
            Integers::I8(codes) => byte_codes(codes.get(rows)?.iter().map(|code| *code as u8), &self.table, out)?,
            Integers::U8(codes) => byte_codes(codes.get(rows)?.iter().copied(), &self.table, out)?,
            wider => with_integers!(wider, codes => {
                codes.get(rows)?.iter().zip(out).fold(0, |all, (code, out)| {
                    *out = self.table.get(*code as usize).copied().unwrap_or(UNKNOWN);
                    all | *out
                })
            }),
        };
        (unknown & UNKNOWN == 0).then_some(())
    }

    /// Chunks of one table mostly share the dictionary, at the same place or as an equal copy.
    fn learn(&mut self, values: &ArrayRef) -> Option<()> {
        let known = self.dictionary.as_ref().is_some_and(|known| std::ptr::addr_eq(known.as_ref(), values.as_ref()));
        if known || self.same_texts(values) {
            return Some(());
        }
        let texts = Texts::of(values.as_ref())?;
        self.table.clear();
        self.table.extend((0..values.len()).map(|code| match values.is_null(code) {
            true => UNKNOWN,
            false => texts.get(code).map_or(UNKNOWN, |raw| class_of(self.classes, raw)),
        }));
        let own = self.table.iter().zip(0..).all(|(class, code)| *class == code);
        self.own_classes = if own { self.table.len() as u32 } else { 0 };
        self.table.resize(values.len().max(256), UNKNOWN);
        self.dictionary = Some(values.clone());
        Some(())
    }

    fn same_texts(&self, values: &ArrayRef) -> bool {
        let Some(known) = &self.dictionary else { return false };
        let (Some(a), Some(b)) = (Texts::of(known.as_ref()), Texts::of(values.as_ref())) else { return false };
        known.len() == values.len()
            && known.null_count() + values.null_count() == 0
            && (0..known.len()).all(|code| a.get(code) == b.get(code))
    }

    /// `None` when a grade is not on the scale.
    pub fn texts(&self, texts: &Texts, rows: Range<usize>, out: &mut [u32]) -> Option<()> {
        let unknown = match texts {
            Texts::Small(offsets, bytes) => {
                let offsets = offsets.get(rows.start..=rows.end)?;
                self.spelled(offsets.windows(2).map(|pair| (pair[0] as usize, pair[1] as usize)), bytes, out)
            }
            Texts::Large(offsets, bytes) => {
                let offsets = offsets.get(rows.start..=rows.end)?;
                self.spelled(offsets.windows(2).map(|pair| (pair[0] as usize, pair[1] as usize)), bytes, out)
            }
            Texts::View(array) => {
                let views = array.views().get(rows.clone())?;
                views.iter().zip(rows).zip(out).fold(0, |all, ((view, row), out)| {
                    // Up to twelve bytes stand in the view itself, the rest of which is zero.
                    let (length, letters) = (*view as u32, (*view >> 32) as u64);
                    *out = match length {
                        0..=7 => self.letters.class(letters | u64::from(length) << 56),
                        _ => None,
                    }
                    .unwrap_or_else(|| texts.get(row).map_or(UNKNOWN, |raw| class_of(self.classes, raw)));
                    all | *out
                })
            }
        };
        (unknown & UNKNOWN == 0).then_some(())
    }

    #[inline(always)]
    fn spelled(&self, places: impl Iterator<Item = (usize, usize)>, bytes: &[u8], out: &mut [u32]) -> u32 {
        places.zip(out).fold(0, |all, ((start, end), out)| {
            let packed = packed(bytes, start, end.wrapping_sub(start));
            let class = packed.and_then(|packed| self.letters.class(packed));
            *out = class.unwrap_or_else(|| bytes.get(start..end).map_or(UNKNOWN, |raw| class_of(self.classes, raw)));
            all | *out
        })
    }
}

#[inline(always)]
fn byte_codes(codes: impl Iterator<Item = u8>, table: &[u32], out: &mut [u32]) -> Option<u32> {
    let table: &[u32; 256] = table.first_chunk()?;
    Some(codes.zip(out).fold(0, |all, (code, out)| {
        *out = table[usize::from(code)];
        all | *out
    }))
}

#[cold]
fn class_of(classes: &Classes, raw: &[u8]) -> u32 {
    classes.class(raw).and_then(|class| u32::try_from(class).ok()).unwrap_or(UNKNOWN)
}

/// Up to seven bytes and their number; `None` for more.
#[inline(always)]
pub(super) fn packed(bytes: &[u8], start: usize, length: usize) -> Option<u64> {
    if length > 7 {
        return None;
    }
    let eight = bytes.get(start..).and_then(|rest| rest.first_chunk::<8>());
    let raw = match eight {
        Some(eight) => u64::from_le_bytes(*eight) & !(u64::MAX << (8 * length)),
        // Near the end of the buffer.
        None => bytes.get(start..start + length)?.iter().rev().fold(0, |all, byte| all << 8 | u64::from(*byte)),
    };
    Some(raw | (length as u64) << 56)
}

const SLOTS: usize = 1024;

/// The scale's grades of up to seven bytes in a table where no two meet.
struct Letters {
    multiplier: u64,
    slots: Box<[(u64, u32); SLOTS]>,
}

impl Letters {
    fn of(classes: &Classes) -> Letters {
        let grades = classes
            .spellings()
            .filter_map(|(text, class)| Some((packed(text.as_bytes(), 0, text.len())?, u32::try_from(class).ok()?)));
        let grades: Vec<(u64, u32)> = grades.collect();
        let mut letters = Letters { multiplier: 0x9e37_79b9_7f4a_7c15, slots: Box::new([(0, UNKNOWN); SLOTS]) };
        // A grade that finds its slot taken is looked up the slow way; a scale has few, so a try or two suffice.
        for _ in 0..64 {
            letters.slots.fill((0, UNKNOWN));
            if grades.iter().all(|(packed, class)| letters.put(*packed, *class)) {
                break;
            }
            letters.multiplier = letters.multiplier.wrapping_mul(0xd134_2543_de82_ef95) | 1;
        }
        letters
    }

    fn slot(&self, packed: u64) -> usize {
        (packed.wrapping_mul(self.multiplier) >> 54) as usize % SLOTS
    }

    /// Whether the slot was free.
    fn put(&mut self, packed: u64, class: u32) -> bool {
        let slot = self.slot(packed);
        let free = self.slots[slot].0 == 0;
        if free {
            self.slots[slot] = (packed, class);
        }
        free
    }

    #[inline(always)]
    fn class(&self, packed: u64) -> Option<u32> {
        let (known, class) = self.slots[self.slot(packed)];
        (known == packed && packed != 0).then_some(class)
    }
}
