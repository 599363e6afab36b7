//! How an exact number becomes the one that is printed: by mode and places, with integers alone.

use crate::domain::decimal::MAX_PRINTED_PLACES;
use crate::domain::{Decimal, Ratio};

/// What happens to the digits beyond the last place printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundingMode {
    /// Cut off. What Banner does unless told otherwise (SHAGPAR).
    Truncate,
    /// To the nearer; a half goes away from zero.
    HalfUp,
    /// To the nearer; a half goes to the even digit.
    HalfEven,
    /// Cut off after `first` places, then to the nearer with a half going toward zero (MIT's older rule:
    /// 4.76 prints 4.8, 4.75 and 4.759 print 4.7).
    TruncateThenHalfDown { first: u8 },
}

/// A mode and a number of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rounding {
    mode: RoundingMode,
    places: u8,
}

impl RoundingMode {
    /// As a policy names it.
    pub const fn word(self) -> &'static str {
        match self {
            RoundingMode::Truncate => "truncate",
            RoundingMode::HalfUp => "half_up",
            RoundingMode::HalfEven => "half_even",
            RoundingMode::TruncateThenHalfDown { .. } => "truncate_then_half_down",
        }
    }

    /// The places kept by the first of two steps.
    pub const fn first(self) -> Option<u8> {
        match self {
            RoundingMode::TruncateThenHalfDown { first } => Some(first),
            _ => None,
        }
    }
}

impl Rounding {
    /// Cut off after two places: Banner's default.
    pub const BANNER: Rounding = Rounding { mode: RoundingMode::Truncate, places: 2 };

    /// `None` beyond nine places, or when the first cut keeps no digit for the second to look at.
    pub fn new(mode: RoundingMode, places: u8) -> Option<Rounding> {
        let valid = match mode {
            RoundingMode::TruncateThenHalfDown { first } => places < first && first <= MAX_PRINTED_PLACES,
            _ => places <= MAX_PRINTED_PLACES,
        };
        valid.then_some(Rounding { mode, places })
    }

    pub const fn mode(self) -> RoundingMode {
        self.mode
    }

    pub const fn places(self) -> u8 {
        self.places
    }

    /// The number as printed; `None` beyond the nine digits a [`Decimal`] holds.
    pub fn apply(self, value: Ratio) -> Option<Decimal> {
        // Only large ones need their lowest terms, so as not to pass 128 bits below.
        let value = if value.numerator().unsigned_abs() >> 80 == 0 { value } else { value.reduced() };
        let (top, bottom) = (value.numerator().unsigned_abs(), value.denominator().unsigned_abs());
        let magnitude = match self.mode {
            RoundingMode::Truncate => cut(top, bottom, self.places)?.0,
            RoundingMode::HalfUp => nearest(top, bottom, self.places, |_| true)?,
            RoundingMode::HalfEven => nearest(top, bottom, self.places, |last| last % 2 == 1)?,
            RoundingMode::TruncateThenHalfDown { first } => {
                let kept = cut(top, bottom, first)?.0;
                nearest(kept, power_of_ten(first), self.places, |_| false)?
            }
        };
        let nano = i64::try_from(magnitude.checked_mul(power_of_ten(MAX_PRINTED_PLACES - self.places))?).ok()?;
        Decimal::from_nano(if value.numerator() < 0 { -nano } else { nano }, self.places)
    }
}

fn power_of_ten(exponent: u8) -> u128 {
    10u128.pow(u32::from(exponent))
}

/// `top / bottom` in units of the last place, and the remainder out of `bottom`.
fn cut(top: u128, bottom: u128, places: u8) -> Option<(u128, u128)> {
    let scaled = top.checked_mul(power_of_ten(places))?;
    Some((scaled / bottom, scaled % bottom))
}

/// `half_rises` decides an exact half by the last digit kept.
fn nearest(top: u128, bottom: u128, places: u8, half_rises: fn(u128) -> bool) -> Option<u128> {
    let (kept, rest) = cut(top, bottom, places)?;
    let rises = match rest.cmp(&(bottom - rest)) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => half_rises(kept),
        std::cmp::Ordering::Greater => true,
    };
    Some(kept + u128::from(rises))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(mode: RoundingMode, places: u8, top: i128, bottom: i128) -> String {
        let rounding = Rounding::new(mode, places).expect("valid rounding");
        let ratio = Ratio::new(top, bottom).expect("positive denominator");
        rounding.apply(ratio).expect("in range").to_string()
    }

    #[test]
    fn modes_differ_where_they_should() {
        use RoundingMode::*;
        assert_eq!(printed(Truncate, 2, 231, 130), "1.77");
        assert_eq!(printed(HalfUp, 2, 231, 130), "1.78");
        assert_eq!((printed(HalfUp, 1, 49, 20), printed(HalfEven, 1, 49, 20)), ("2.5".into(), "2.4".into()));
        assert_eq!(printed(HalfEven, 1, 51, 20), "2.6");
        assert_eq!(printed(HalfEven, 1, 4_900_001, 2_000_000), "2.5");
        assert_eq!(printed(HalfUp, 0, 7, 2), "4");
        assert_eq!(printed(Truncate, 6, 2, 3), "0.666666");
        assert_eq!(
            (printed(Truncate, 9, 2, 3), printed(HalfUp, 9, 2, 3)),
            ("0.666666666".into(), "0.666666667".into())
        );
        assert_eq!(printed(HalfEven, 7, 5, 100_000_000), "0.0000000");
        assert_eq!(printed(HalfUp, 2, 3999, 1000), "4.00");
    }

    #[test]
    fn the_older_rule_of_mit_cuts_first() {
        let old = RoundingMode::TruncateThenHalfDown { first: 2 };
        assert_eq!(printed(old, 1, 475, 100), "4.7");
        assert_eq!(printed(old, 1, 476, 100), "4.8");
        assert_eq!(printed(old, 1, 4759, 1000), "4.7");
        assert_eq!(printed(old, 1, 4999, 1000), "5.0");
    }

    #[test]
    fn negative_numbers_mirror_positive_ones() {
        assert_eq!(printed(RoundingMode::HalfUp, 1, -49, 20), "-2.5");
        assert_eq!(printed(RoundingMode::Truncate, 1, -49, 20), "-2.4");
    }

    #[test]
    fn impossible_roundings_are_refused() {
        assert!(Rounding::new(RoundingMode::HalfUp, 10).is_none());
        assert!(Rounding::new(RoundingMode::TruncateThenHalfDown { first: 1 }, 1).is_none());
        assert!(Rounding::new(RoundingMode::TruncateThenHalfDown { first: 10 }, 1).is_none());
    }

    #[test]
    fn numbers_too_large_are_none() {
        let huge = Ratio::new(i128::MAX, 1).expect("positive denominator");
        assert_eq!(Rounding::BANNER.apply(huge), None);
        let billion = Ratio::new(1_000_000_000, 1).expect("positive denominator");
        assert_eq!(Rounding::BANNER.apply(billion), None);
    }
}
