//! Lengths on a page, in whole thousandths of a point: the same sums on every machine.

/// A length or coordinate; 1 point = 1/72 inch. Sums stop at the ends, half a mile from any page: a font from anywhere may say
/// that its letters are that wide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Length(i32);

impl Length {
    pub const ZERO: Length = Length(0);

    pub const fn millipoints(value: i32) -> Length {
        Length(value)
    }
    pub const fn points(value: i32) -> Length {
        Length(value * 1000)
    }
    /// Nearest thousandth of a point; A4 is 210 × 297 mm.
    pub const fn millimetres(value: i32) -> Length {
        Length(((value as i64 * 72_000 * 10 + 127) / 254) as i32)
    }
    pub const fn in_millipoints(self) -> i32 {
        self.0
    }
    /// This length times `numerator` over `denominator`, rounded down; no more than a length may be.
    pub const fn scaled(self, numerator: i32, denominator: i32) -> Length {
        let scaled = (self.0 as i64 * numerator as i64).div_euclid(denominator as i64);
        // `clamp` is not for constants.
        Length(if scaled > i32::MAX as i64 {
            i32::MAX
        } else if scaled < i32::MIN as i64 {
            i32::MIN
        } else {
            scaled as i32
        })
    }
}

/// In points, with as many places as it takes: `72`, `9.5`.
impl std::fmt::Display for Length {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 1000, self.0.unsigned_abs() % 1000);
        let fraction = format!(".{rest:03}");
        write!(f, "{sign}{whole}{}", fraction.trim_end_matches('0').trim_end_matches('.'))
    }
}
impl std::ops::Add for Length {
    type Output = Length;
    fn add(self, other: Length) -> Length {
        Length(self.0.saturating_add(other.0))
    }
}
impl std::ops::Sub for Length {
    type Output = Length;
    fn sub(self, other: Length) -> Length {
        Length(self.0.saturating_sub(other.0))
    }
}
impl std::ops::Mul<i32> for Length {
    type Output = Length;
    fn mul(self, times: i32) -> Length {
        Length(self.0.saturating_mul(times))
    }
}
impl std::ops::AddAssign for Length {
    fn add_assign(&mut self, other: Length) {
        *self = *self + other;
    }
}
impl std::ops::SubAssign for Length {
    fn sub_assign(&mut self, other: Length) {
        *self = *self - other;
    }
}
impl std::iter::Sum for Length {
    fn sum<I: Iterator<Item = Length>>(lengths: I) -> Length {
        lengths.fold(Length::ZERO, |a, b| a + b)
    }
}
