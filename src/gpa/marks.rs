//! Marks that stand for grades: 73 is a B where B goes from 70 to 79.

use super::rounding::{Rounding, RoundingMode};
use crate::domain::{Decimal, Ratio};

/// The marks of one grade, both ends within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkRange {
    pub from: Decimal,
    pub to: Decimal,
}

/// How the marks of a scale are given and read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MarkReading {
    /// Places of a mark: the next range begins one such step after the last one ends.
    pub places: u8,
    /// How a finer mark is rounded first. Without it a finer mark is on no scale.
    pub mode: Option<RoundingMode>,
    /// Whether marks between two ranges may belong to no grade.
    pub gaps: bool,
}

/// What is wrong with ranges of marks, by the positions of two neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RangeFault {
    Overlap(usize, usize),
    Gap(usize, usize),
}

impl MarkRange {
    pub fn holds(self, mark: Decimal) -> bool {
        self.from <= mark && mark <= self.to
    }
}

impl MarkReading {
    /// The mark that a text is, as the ranges are given. `None` for what is no plain mark, or too fine a one.
    pub(super) fn read(self, text: &str) -> Option<Decimal> {
        if !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return None;
        }
        let mark: Decimal = text.parse().ok()?;
        // Places that are zeros make no mark finer.
        if mark.places_needed() <= self.places {
            return Some(mark);
        }
        let exact = Ratio::new(i128::from(mark.micro()), 1_000_000)?;
        Rounding::new(self.mode?, self.places)?.apply(exact)
    }

    /// Faults of ranges in order of their marks: neighbours that share a mark, or leave one out.
    pub(super) fn faults(self, ranges: &[MarkRange]) -> Vec<RangeFault> {
        let mut order: Vec<usize> = (0..ranges.len()).collect();
        order.sort_by_key(|at| (ranges[*at].from, ranges[*at].to));
        let step = 10i64.pow(6 - u32::from(self.places.min(6)));
        let between = |pair: &[usize]| {
            let (low, high) = (pair[0], pair[1]);
            match ranges[high].from.micro() - ranges[low].to.micro() {
                apart if apart <= 0 => Some(RangeFault::Overlap(low, high)),
                apart if apart > step && !self.gaps => Some(RangeFault::Gap(low, high)),
                _ => None,
            }
        };
        order.windows(2).filter_map(between).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(text: &str) -> Decimal {
        text.parse().expect(text)
    }

    fn range(from: &str, to: &str) -> MarkRange {
        MarkRange { from: mark(from), to: mark(to) }
    }

    #[test]
    fn a_finer_mark_is_rounded_only_where_the_reading_says_how() {
        let whole = MarkReading::default();
        assert_eq!(
            (whole.read("73"), whole.read("73.0"), whole.read("73.5")),
            (Some(mark("73")), Some(mark("73")), None)
        );
        let rounded = MarkReading { mode: Some(RoundingMode::HalfUp), ..whole };
        assert_eq!((rounded.read("69.5"), rounded.read("69.49")), (Some(mark("70")), Some(mark("69"))));
        for text in ["", "-1", "+70", "1e2", "A", "7O", "70%", "."] {
            assert_eq!(rounded.read(text), None, "{text:?}");
        }
    }

    #[test]
    fn neighbours_neither_share_a_mark_nor_leave_one_out() {
        let whole = MarkReading::default();
        assert_eq!(whole.faults(&[range("60", "69"), range("0", "59"), range("70", "100")]), []);
        assert_eq!(whole.faults(&[range("0", "60"), range("60", "100")]), [RangeFault::Overlap(0, 1)]);
        assert_eq!(whole.faults(&[range("0", "100"), range("40", "50")]), [RangeFault::Overlap(0, 1)]);
        assert_eq!(whole.faults(&[range("0", "58"), range("60", "100")]), [RangeFault::Gap(0, 1)]);
        let gaps = MarkReading { gaps: true, ..whole };
        assert_eq!(gaps.faults(&[range("0", "58"), range("60", "100")]), []);
        let fine = MarkReading { places: 2, ..whole };
        assert_eq!(fine.faults(&[range("0", "59.99"), range("60", "100")]), []);
        assert_eq!(fine.faults(&[range("0", "59"), range("60", "100")]), [RangeFault::Gap(0, 1)]);
    }
}
