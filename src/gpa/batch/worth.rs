//! What an attempt adds, packed into one number, and how it is added to the sums of its group.

use super::classes::Weights;
use super::pile::Four;
use super::places::NarrowWeights;

/// Attempted, earned, GPA hours, quality points.
pub(super) type Lanes = [u64; 4];

/// Credits and what they are multiplied by.
pub(super) trait Worth: Copy + Default + Send + Sync + 'static {
    /// Adds `rows` to `sums`. Sums wrap: the caller proves afterwards that none did.
    fn sum(rows: &[Self], weights: &WeightTable, sums: &mut Lanes);

    /// Adds one row; wraps too.
    fn pile(self, weights: &WeightTable, sums: &mut Four);

    /// What it adds to the two numbers of a narrow place.
    fn side_by_side(self, weights: &NarrowWeights) -> [u64; 2];

    fn add(self, weights: &WeightTable, sums: &mut Lanes) {
        Self::sum(&[self], weights, sums);
    }
}

/// By class, each twice: as it is, and marked as left out.
#[derive(Clone)]
pub(super) struct WeightTable(Box<[Four; 256]>);

impl Default for WeightTable {
    fn default() -> WeightTable {
        WeightTable(Box::new([Four::default(); 256]))
    }
}

impl WeightTable {
    /// More classes than a packed attempt can name have none.
    pub fn of(weights: &[Weights]) -> Option<WeightTable> {
        WeightTable::marked(weights, true)
    }

    /// The same where the policy may say that a mark alone leaves nothing out.
    pub fn marked(weights: &[Weights], marks_decide: bool) -> Option<WeightTable> {
        let mut table = Box::new([Four::default(); 256]);
        for (class, weights) in weights.iter().enumerate() {
            *table.get_mut(class * 2)? = four(*weights);
            *table.get_mut(class * 2 + 1)? = four(if marks_decide { weights.left_out() } else { *weights });
        }
        Some(WeightTable(table))
    }

    pub fn lanes(&self) -> impl Iterator<Item = Lanes> {
        self.0.iter().map(|weights| weights.lanes())
    }
}

fn four(weights: Weights) -> Four {
    Four::of([weights.attempted, weights.earned, weights.gpa_hours, weights.points].map(u64::from))
}

/// Credits in the upper 24 bits, the place in the table of weights in the lower 8.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Classed(pub u32);

impl Worth for Classed {
    #[inline(always)]
    fn sum(rows: &[Classed], weights: &WeightTable, sums: &mut Lanes) {
        let mut own = Four::of(*sums);
        for row in rows {
            row.pile(weights, &mut own);
        }
        *sums = own.lanes();
    }

    #[inline(always)]
    fn pile(self, weights: &WeightTable, sums: &mut Four) {
        sums.add(&weights.0[(self.0 & 0xff) as usize], self.0 >> 8);
    }

    #[inline(always)]
    fn side_by_side(self, weights: &NarrowWeights) -> [u64; 2] {
        weights.of(self.0).map(|weight| weight.wrapping_mul(u64::from(self.0 >> 8)))
    }
}

/// Credits in the lower 24 bits, points in the next 30, then the flags of the other three totals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spelled(pub u64);

const POINTS_AT: u32 = 24;
const ATTEMPTED_AT: u32 = 54;
const EARNED_AT: u32 = 55;
const HOURS_AT: u32 = 56;

impl Spelled {
    /// Without credits.
    pub fn of(weights: Weights) -> Spelled {
        let flag = |set: u32, at: u32| u64::from(set) << at;
        Spelled(
            u64::from(weights.points) << POINTS_AT
                | flag(weights.attempted, ATTEMPTED_AT)
                | flag(weights.earned, EARNED_AT)
                | flag(weights.gpa_hours, HOURS_AT),
        )
    }

    /// Of grade points: null is outside the GPA, zero earns nothing.
    #[inline(always)]
    pub fn of_points(credits: u32, points: u32, known: bool) -> Spelled {
        let (points, earned) = (u64::from(points) << POINTS_AT, u64::from(points > 0) << EARNED_AT);
        let of_known = u64::from(known).wrapping_neg() & (points | earned | 1 << HOURS_AT);
        Spelled(u64::from(credits) | 1 << ATTEMPTED_AT | of_known)
    }

    /// Attempted alone, where `left_out` is 1; the credits stay.
    #[inline(always)]
    pub fn unless(self, left_out: u32) -> Spelled {
        let keep = u64::from(left_out).wrapping_sub(1) | 1 << ATTEMPTED_AT | ((1 << POINTS_AT) - 1);
        Spelled(self.0 & keep)
    }
}

impl Worth for Spelled {
    #[inline(always)]
    fn sum(rows: &[Spelled], _: &WeightTable, sums: &mut Lanes) {
        let mut own = *sums;
        for row in rows {
            let more = row.lanes();
            for lane in 0..4 {
                own[lane] = own[lane].wrapping_add(more[lane]);
            }
        }
        *sums = own;
    }

    #[inline(always)]
    fn pile(self, _: &WeightTable, sums: &mut Four) {
        *sums = sums.plus(self.lanes());
    }

    #[inline(always)]
    fn side_by_side(self, _: &NarrowWeights) -> [u64; 2] {
        let lanes = self.lanes();
        [super::places::side_by_side(lanes), lanes[3]]
    }
}

impl Spelled {
    #[inline(always)]
    fn lanes(self) -> Lanes {
        let credits = self.0 & 0xff_ffff;
        let points = self.0 >> POINTS_AT & 0x3fff_ffff;
        let counted = |at: u32| credits & (self.0 >> at & 1).wrapping_neg();
        [counted(ATTEMPTED_AT), counted(EARNED_AT), counted(HOURS_AT), credits.wrapping_mul(points)]
    }
}
