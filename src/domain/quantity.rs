//! Credits, grade points, quality points and exact ratios: what a GPA is made of.

use super::decimal::Decimal;
use std::cmp::Ordering;
use std::fmt;

/// Credits of one attempt or a sum of them, in the record's own unit (see `CreditUnit`). Never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Credits(Decimal);

/// Grade points one credit of a grade is worth (A = 4.0). Never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GradePoints(Decimal);

macro_rules! non_negative {
    ($name:ident, $limit:expr) => {
        impl $name {
            pub const ZERO: $name = $name(Decimal::ZERO);
            /// `None` when negative or above the plausible limit.
            pub fn new(value: Decimal) -> Option<$name> {
                (!value.is_negative() && value.micro() <= $limit * 1_000_000).then_some($name(value))
            }
            pub const fn decimal(self) -> Decimal {
                self.0
            }
            pub const fn is_zero(self) -> bool {
                self.0.is_zero()
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}
non_negative!(Credits, 999_999);
non_negative!(GradePoints, 1_000);

impl Credits {
    /// The exact value as a ratio.
    pub const fn ratio(self) -> Ratio {
        Ratio { numerator: self.0.micro() as i128, denominator: 1_000_000 }
    }

    /// The credits that a ratio is, written with at least so many places; `None` for a ratio that needs more than six,
    /// or passes the limit.
    pub fn exactly(value: Ratio, places: u8) -> Option<Credits> {
        let micro = match value.denominator {
            1_000_000 => value.numerator,
            _ => {
                let scaled = Ratio { numerator: value.numerator.checked_mul(1_000_000)?, ..value }.reduced();
                (scaled.denominator == 1).then_some(scaled.numerator)?
            }
        };
        let whole = i64::try_from(micro).ok()?;
        Credits::new(Decimal::from_micro(whole, places)?)
    }

    /// `None` when the sum passes the plausible limit.
    pub fn checked_add(self, other: Credits) -> Option<Credits> {
        self.0.checked_add(other.0).and_then(Credits::new)
    }
}

/// Quality points: credits × grade points, summed exactly, in millionths of millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QualityPoints {
    pico: i128,
}

impl QualityPoints {
    pub const ZERO: QualityPoints = QualityPoints { pico: 0 };

    pub fn of(credits: Credits, points: GradePoints) -> QualityPoints {
        QualityPoints { pico: i128::from(credits.0.micro()) * i128::from(points.0.micro()) }
    }

    /// Quality points as an old system stated them.
    pub fn stated(value: Decimal) -> QualityPoints {
        QualityPoints { pico: i128::from(value.micro()) * 1_000_000 }
    }

    pub const fn pico(self) -> i128 {
        self.pico
    }

    /// The ratio quality points ÷ GPA hours; `None` when there are no GPA hours: no GPA is not 0.00.
    pub fn per(self, gpa_hours: Credits) -> Option<Ratio> {
        Ratio::new(self.pico, i128::from(gpa_hours.0.micro()) * 1_000_000)
    }

    /// The exact value as a ratio over one.
    pub const fn ratio(self) -> Ratio {
        Ratio { numerator: self.pico, denominator: 1_000_000_000_000 }
    }
}

impl std::ops::Add for QualityPoints {
    type Output = QualityPoints;
    /// Cannot overflow: a product is below 10^21 and no record holds 10^17 attempts.
    fn add(self, other: QualityPoints) -> QualityPoints {
        QualityPoints { pico: self.pico + other.pico }
    }
}

/// An exact ratio of integers with a positive denominator; not reduced.
#[derive(Clone, Copy, Debug)]
pub struct Ratio {
    numerator: i128,
    denominator: i128,
}

impl Ratio {
    /// `None` unless the denominator is positive.
    pub fn new(numerator: i128, denominator: i128) -> Option<Ratio> {
        (denominator > 0).then_some(Ratio { numerator, denominator })
    }

    pub const fn numerator(self) -> i128 {
        self.numerator
    }

    pub const fn denominator(self) -> i128 {
        self.denominator
    }

    /// `None` beyond 128 bits.
    pub fn checked_add(self, other: Ratio) -> Option<Ratio> {
        if self.denominator == other.denominator {
            return Some(Ratio { numerator: self.numerator.checked_add(other.numerator)?, ..self });
        }
        let (a, b) = (self.reduced(), other.reduced());
        let top = a.numerator.checked_mul(b.denominator)?.checked_add(b.numerator.checked_mul(a.denominator)?)?;
        Some(Ratio { numerator: top, denominator: a.denominator.checked_mul(b.denominator)? }.reduced())
    }

    /// `None` beyond 128 bits.
    pub fn checked_mul(self, other: Ratio) -> Option<Ratio> {
        let (a, b) = (self.reduced(), other.reduced());
        let numerator = a.numerator.checked_mul(b.numerator)?;
        Some(Ratio { numerator, denominator: a.denominator.checked_mul(b.denominator)? }.reduced())
    }

    /// `None` beyond 128 bits, and by a divisor that is not positive.
    pub fn checked_div(self, divisor: Ratio) -> Option<Ratio> {
        self.checked_mul(Ratio::new(divisor.denominator, divisor.numerator)?)
    }

    /// The same ratio in lowest terms.
    pub fn reduced(self) -> Ratio {
        let (mut a, mut b) = (self.numerator.unsigned_abs(), self.denominator.unsigned_abs());
        while b != 0 {
            // Division of half the bits takes a fraction of the time, and nearly all numbers fit.
            if let (Ok(small), Ok(smaller)) = (u64::try_from(a), u64::try_from(b)) {
                a = u128::from(common_divisor(small, smaller));
                break;
            }
            (a, b) = (b, a % b);
        }
        // The divisor divides the denominator, which is a positive i128: the cast keeps its value.
        let divisor = a as i128;
        Ratio { numerator: self.numerator / divisor, denominator: self.denominator / divisor }
    }
}

/// Euclid's.
fn common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl From<Decimal> for Ratio {
    fn from(value: Decimal) -> Ratio {
        Ratio { numerator: i128::from(value.nano()), denominator: 1_000_000_000 }
    }
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Ratio) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Ratio {}
impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Ratio) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Ratio {
    /// By whole parts, then by the remainders turned upside down (continued fractions): cross products could
    /// overflow, this cannot.
    fn cmp(&self, other: &Ratio) -> Ordering {
        let (mut a, mut b) = (*self, *other);
        loop {
            let whole = |r: Ratio| r.numerator.div_euclid(r.denominator);
            let rest = |r: Ratio| r.numerator.rem_euclid(r.denominator);
            match (whole(a).cmp(&whole(b)), rest(a), rest(b)) {
                (Ordering::Equal, 0, 0) => return Ordering::Equal,
                (Ordering::Equal, 0, _) => return Ordering::Less,
                (Ordering::Equal, _, 0) => return Ordering::Greater,
                // p/q < r/s exactly when s/r < q/p: the two change sides.
                (Ordering::Equal, of_a, of_b) => {
                    (a, b) = (
                        Ratio { numerator: b.denominator, denominator: of_b },
                        Ratio { numerator: a.denominator, denominator: of_a },
                    );
                }
                (unequal, _, _) => return unequal,
            }
        }
    }
}
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let r = self.reduced();
        write!(f, "{}/{}", r.numerator, r.denominator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().expect(text)
    }

    fn ratio(numerator: i128, denominator: i128) -> Ratio {
        Ratio::new(numerator, denominator).expect("positive denominator")
    }

    #[test]
    fn credits_and_points_have_limits() {
        assert!(Credits::new(decimal("-0.01")).is_none());
        assert!(Credits::new(decimal("999999")).is_some());
        assert!(Credits::new(decimal("999999.000001")).is_none());
        assert!(GradePoints::new(decimal("1000")).is_some() && GradePoints::new(decimal("1001")).is_none());
        let most = Credits::new(decimal("999999")).expect("within the limit");
        assert_eq!(most.checked_add(most), None);
    }

    #[test]
    fn the_largest_products_stay_exact() {
        let credits = Credits::new(decimal("999999")).expect("within the limit");
        let points = GradePoints::new(decimal("999.999999")).expect("within the limit");
        let product = QualityPoints::of(credits, points);
        assert_eq!(product.pico(), 999_999_000_000 * 999_999_999);
        assert_eq!(product.per(credits), Some(ratio(999_999_999, 1_000_000)));
        assert_eq!(QualityPoints::stated(decimal("12.5")).ratio(), ratio(25, 2));
    }

    #[test]
    fn no_hours_no_ratio() {
        assert_eq!(QualityPoints::ZERO.per(Credits::ZERO), None);
        assert!(Ratio::new(1, 0).is_none() && Ratio::new(1, -3).is_none());
    }

    #[test]
    fn ratios_reduce_and_print() {
        assert_eq!(ratio(231, 130).to_string(), "231/130");
        assert_eq!(ratio(40, 14).to_string(), "20/7");
        assert_eq!(ratio(0, 12).to_string(), "0/1");
        assert_eq!(ratio(-6, 4).to_string(), "-3/2");
        assert_eq!(ratio(i128::MIN, i128::MAX).to_string(), format!("{}/{}", i128::MIN, i128::MAX));
    }

    #[test]
    fn credits_are_a_ratio_that_six_places_hold() {
        let printed = |ratio, places| Credits::exactly(ratio, places).map(|credits| credits.to_string());
        assert_eq!(printed(credits_of("2.5").ratio(), 2).as_deref(), Some("2.50"));
        assert_eq!((printed(ratio(5, 2), 0).as_deref(), printed(ratio(1, 3), 2)), (Some("2.5"), None));
        assert_eq!((printed(ratio(-1, 2), 1), printed(ratio(1_000_000, 1), 0)), (None, None));
        assert_eq!(printed(ratio(i128::MAX, 7), 0), None);
    }

    fn credits_of(text: &str) -> Credits {
        Credits::new(decimal(text)).expect(text)
    }

    #[test]
    fn sums_products_and_quotients_are_exact_or_none() {
        assert_eq!(ratio(1, 3).checked_add(ratio(1, 6)), Some(ratio(1, 2)));
        assert_eq!(ratio(1, 4).checked_add(ratio(-3, 4)), Some(ratio(-1, 2)));
        assert_eq!(Ratio::from(decimal("4")).checked_mul(ratio(2, 3)), Some(ratio(8, 3)));
        assert_eq!(ratio(8, 3).checked_div(ratio(2, 3)), Some(ratio(4, 1)));
        assert_eq!(ratio(8, 3).checked_div(ratio(0, 3)), None);
        assert_eq!(ratio(i128::MAX, 1).checked_add(ratio(1, 1)), None);
        assert_eq!(ratio(1, i128::MAX).checked_add(ratio(1, i128::MAX - 1)), None);
        assert_eq!(ratio(i128::MAX, 2).checked_mul(ratio(3, 5)), None);
    }

    #[test]
    fn ratios_compare_without_overflow() {
        assert!(ratio(1, 3) < ratio(1, 2) && ratio(-1, 2) < ratio(-1, 3) && ratio(-1, 2) < ratio(1, 2));
        assert!(ratio(7, 2) > ratio(10, 3) && ratio(4, 2) == ratio(2, 1) && ratio(2, 1) < ratio(9, 4));
        assert!(ratio(i128::MAX, 2) > ratio(i128::MAX - 1, 2));
        assert!(ratio(i128::MAX - 1, i128::MAX) < ratio(1, 1));
        assert!(ratio(1, i128::MAX) < ratio(1, i128::MAX - 1));
        assert!(ratio(i128::MIN, 1) < ratio(i128::MIN + 1, 1));
    }

    proptest::proptest! {
        #[test]
        fn order_is_that_of_the_cross_products(a in -999i128..999, b in 1i128..99, c in -999i128..999, d in 1i128..99) {
            proptest::prop_assert_eq!(ratio(a, b).cmp(&ratio(c, d)), (a * d).cmp(&(c * b)));
        }
    }
}
