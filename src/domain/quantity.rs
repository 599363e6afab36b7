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
    pub fn ratio(self) -> Ratio {
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

    /// The same ratio in lowest terms.
    pub fn reduced(self) -> Ratio {
        let (mut a, mut b) = (self.numerator.abs(), self.denominator);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let divisor = a.max(1);
        Ratio { numerator: self.numerator / divisor, denominator: self.denominator / divisor }
    }
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Ratio) -> bool {
        let (a, b) = (self.reduced(), other.reduced());
        a.numerator == b.numerator && a.denominator == b.denominator
    }
}
impl Eq for Ratio {}
impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Ratio) -> Option<Ordering> {
        let (a, b) = (self.reduced(), other.reduced());
        Some(a.numerator.checked_mul(b.denominator)?.cmp(&b.numerator.checked_mul(a.denominator)?))
    }
}
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let r = self.reduced();
        write!(f, "{}/{}", r.numerator, r.denominator)
    }
}
