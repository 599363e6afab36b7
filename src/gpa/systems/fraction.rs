//! Fractions that are added and multiplied exactly, or not at all.

use crate::domain::{Decimal, Ratio};

/// A ratio in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fraction(Ratio);

impl Fraction {
    /// `None` unless the denominator is positive.
    pub fn new(numerator: i128, denominator: i128) -> Option<Fraction> {
        Ratio::new(numerator, denominator).map(|ratio| Fraction(ratio.reduced()))
    }

    pub fn of(number: Decimal) -> Fraction {
        let exact = Ratio::new(i128::from(number.nano()), 1_000_000_000);
        // The denominator is positive: there is always such a ratio.
        Fraction(exact.map_or_else(|| Fraction::zero().0, Ratio::reduced))
    }

    pub fn zero() -> Fraction {
        Fraction::of(Decimal::ZERO)
    }

    pub fn ratio(self) -> Ratio {
        self.0
    }

    pub fn is_zero(self) -> bool {
        self.0.numerator() == 0
    }

    /// `None` where the sum is beyond 128 bits.
    pub fn plus(self, other: Fraction) -> Option<Fraction> {
        let (a, b) = (self.0, other.0);
        let top = a.numerator().checked_mul(b.denominator())?;
        let top = top.checked_add(b.numerator().checked_mul(a.denominator())?)?;
        Fraction::new(top, a.denominator().checked_mul(b.denominator())?)
    }

    pub fn times(self, other: Fraction) -> Option<Fraction> {
        let (a, b) = (self.0, other.0);
        // Across first, so that what can be held is held.
        let left = Fraction::new(a.numerator(), b.denominator())?.0;
        let right = Fraction::new(b.numerator(), a.denominator())?.0;
        let top = left.numerator().checked_mul(right.numerator())?;
        Fraction::new(top, left.denominator().checked_mul(right.denominator())?)
    }

    /// `None` for a division by zero, too.
    pub fn over(self, other: Fraction) -> Option<Fraction> {
        let (top, bottom) = (other.0.denominator(), other.0.numerator());
        let inverse = if bottom < 0 { Fraction::new(-top, bottom.checked_neg()?) } else { Fraction::new(top, bottom) };
        self.times(inverse?)
    }

    pub fn minus(self, other: Fraction) -> Option<Fraction> {
        self.plus(Fraction::new(other.0.numerator().checked_neg()?, other.0.denominator())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fraction(numerator: i128, denominator: i128) -> Fraction {
        Fraction::new(numerator, denominator).expect("positive denominator")
    }

    #[test]
    fn sums_products_and_quotients_are_exact() {
        let (half, third) = (fraction(1, 2), fraction(1, 3));
        assert_eq!(half.plus(third), Some(fraction(5, 6)));
        assert_eq!(half.minus(third), Some(fraction(1, 6)));
        assert_eq!(half.times(third), Some(fraction(1, 6)));
        assert_eq!(half.over(third), Some(fraction(3, 2)));
        assert_eq!(half.over(fraction(-1, 3)), Some(fraction(-3, 2)));
        assert_eq!(half.over(Fraction::zero()), None);
        assert_eq!(Fraction::of("62.50".parse().expect("a decimal")), fraction(125, 2));
    }

    #[test]
    fn what_cannot_be_held_is_none() {
        let huge = fraction(i128::MAX, 1);
        assert_eq!((huge.plus(huge), huge.times(huge)), (None, None));
        assert_eq!(huge.times(fraction(1, i128::MAX)), Some(fraction(1, 1)));
    }
}
