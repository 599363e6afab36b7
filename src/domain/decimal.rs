//! Exact decimal numbers, as registrars write them: scaled integers, never floats.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// How many decimal places a [`Decimal`] can hold.
pub const MAX_PLACES: u8 = 6;
const SCALE: i64 = 1_000_000;
/// The largest magnitude accepted, so that sums and products can never overflow 128 bits.
const MAX_WHOLE: i64 = 999_999_999;

/// A signed decimal with at most six places. It remembers how many places it was written with
/// ("3.00" stays "3.00"), but equality and order look at the value alone.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    micro: i64,
    places: u8,
}

impl Decimal {
    pub const ZERO: Decimal = Decimal { micro: 0, places: 0 };

    /// A decimal of `micro` millionths, printed with at least `places` places.
    pub fn from_micro(micro: i64, places: u8) -> Option<Decimal> {
        let fits = micro.unsigned_abs() <= (MAX_WHOLE * SCALE + SCALE - 1) as u64;
        (fits && places <= MAX_PLACES).then_some(Decimal { micro, places })
    }

    /// A whole number; `None` beyond nine digits.
    pub fn whole(number: i64) -> Option<Decimal> {
        (number.abs() <= MAX_WHOLE).then(|| Decimal { micro: number * SCALE, places: 0 })
    }

    /// The value in millionths.
    pub const fn micro(self) -> i64 {
        self.micro
    }

    /// How many places it was written with.
    pub const fn places(self) -> u8 {
        self.places
    }

    pub const fn is_zero(self) -> bool {
        self.micro == 0
    }

    pub const fn is_negative(self) -> bool {
        self.micro < 0
    }

    /// The same value written with at least `places` places (more if it needs more to be exact).
    pub fn with_places(self, places: u8) -> Decimal {
        let mut needed = MAX_PLACES;
        let mut rest = self.micro;
        while needed > 0 && rest % 10 == 0 {
            rest /= 10;
            needed -= 1;
        }
        Decimal { micro: self.micro, places: places.max(needed).min(MAX_PLACES) }
    }

    pub fn checked_add(self, other: Decimal) -> Option<Decimal> {
        let micro = self.micro.checked_add(other.micro)?;
        Decimal::from_micro(micro, self.places.max(other.places))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Decimal) -> bool {
        self.micro == other.micro
    }
}
impl Eq for Decimal {}
impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.micro.hash(state);
    }
}
impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        self.micro.cmp(&other.micro)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.micro < 0 { "-" } else { "" };
        let magnitude = self.micro.unsigned_abs();
        let whole = magnitude / SCALE as u64;
        if self.places == 0 {
            return write!(f, "{sign}{whole}");
        }
        let fraction = magnitude % SCALE as u64 / 10u64.pow(u32::from(MAX_PLACES - self.places));
        write!(f, "{sign}{whole}.{fraction:0width$}", width = usize::from(self.places))
    }
}

/// Why a text is not a [`Decimal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotADecimal {
    #[error("is not a plain decimal number")]
    Malformed,
    #[error("has more than six decimal places")]
    TooManyPlaces,
    #[error("is larger than nine digits before the point")]
    TooLarge,
}

impl FromStr for Decimal {
    type Err = NotADecimal;

    /// Reads `-12.345`: ASCII digits, at most one point, no exponent, no grouping. `.5` and `5.` are read.
    fn from_str(text: &str) -> Result<Decimal, NotADecimal> {
        let (negative, digits) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
            return Err(NotADecimal::Malformed);
        }
        // Places beyond the sixth are accepted when they are zeros: 3.0000000 is exact.
        let kept = &fraction[..fraction.len().min(usize::from(MAX_PLACES))];
        if fraction[kept.len()..].bytes().any(|b| b != b'0') {
            return Err(NotADecimal::TooManyPlaces);
        }
        let whole = whole.trim_start_matches('0');
        if whole.len() > 9 {
            return Err(NotADecimal::TooLarge);
        }
        let mut micro: i64 =
            if whole.is_empty() { 0 } else { whole.parse::<i64>().map_err(|_| NotADecimal::TooLarge)? * SCALE };
        let mut unit = SCALE / 10;
        for digit in kept.bytes() {
            micro += i64::from(digit - b'0') * unit;
            unit /= 10;
        }
        let places = kept.len() as u8;
        Ok(Decimal { micro: if negative { -micro } else { micro }, places })
    }
}
