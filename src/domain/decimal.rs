//! Exact decimal numbers, as registrars write them: scaled integers, never floats.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// How many decimal places a [`Decimal`] can hold: as many as any student system prints of a GPA.
pub const MAX_PRINTED_PLACES: u8 = 9;
/// How many places a number may be written with: credits, points and marks are never finer.
pub const MAX_WRITTEN_PLACES: u8 = 6;
const SCALE: i64 = 1_000_000_000;
const MICRO: i64 = 1_000;
/// What one of the last place is, by the number of places, in billionths.
const UNITS: [i64; MAX_PRINTED_PLACES as usize + 1] =
    [SCALE, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, MICRO, 100, 10, 1];
/// The largest magnitude accepted, so that sums and products can never overflow 128 bits.
const MAX_WHOLE: i64 = 999_999_999;

/// A signed decimal with at most nine places; what is read has at most six. It remembers how many places it was
/// written with ("3.00" stays "3.00"), but equality and order look at the value alone.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    nano: i64,
    places: u8,
}

impl Decimal {
    pub const ZERO: Decimal = Decimal { nano: 0, places: 0 };

    /// A decimal of `micro` millionths, printed with at least `places` places: more where the value needs
    /// them, so that printing never drops a digit.
    pub fn from_micro(micro: i64, places: u8) -> Option<Decimal> {
        let nano = micro.checked_mul(MICRO)?;
        (places <= MAX_WRITTEN_PLACES).then(|| Decimal::from_nano(nano, places)).flatten()
    }

    /// As `from_micro`, of billionths.
    pub fn from_nano(nano: i64, places: u8) -> Option<Decimal> {
        let fits = nano.unsigned_abs() <= (MAX_WHOLE * SCALE + SCALE - 1) as u64;
        (fits && places <= MAX_PRINTED_PLACES).then(|| Decimal { nano, places: 0 }.with_places(places))
    }

    /// A whole number; `None` beyond nine digits.
    pub fn whole(number: i64) -> Option<Decimal> {
        (number.unsigned_abs() <= MAX_WHOLE as u64).then(|| Decimal { nano: number * SCALE, places: 0 })
    }

    /// The value in millionths: exact for whatever was read, cut off for a GPA printed to more than six places.
    pub const fn micro(self) -> i64 {
        self.nano / MICRO
    }

    /// The value in billionths.
    pub const fn nano(self) -> i64 {
        self.nano
    }

    /// How many places it was written with.
    pub const fn places(self) -> u8 {
        self.places
    }

    pub const fn is_zero(self) -> bool {
        self.nano == 0
    }

    pub const fn is_negative(self) -> bool {
        self.nano < 0
    }

    /// How many places the value needs, zeros left out.
    pub fn places_needed(self) -> u8 {
        let mut needed = MAX_PRINTED_PLACES;
        let mut rest = self.nano;
        while needed > 0 && rest % 10 == 0 {
            rest /= 10;
            needed -= 1;
        }
        needed
    }

    /// The same value written with at least `places` places (more if it needs more to be exact).
    pub fn with_places(self, places: u8) -> Decimal {
        let places = places.min(MAX_PRINTED_PLACES);
        let exact = self.nano % UNITS[usize::from(places)] == 0;
        Decimal { nano: self.nano, places: if exact { places } else { self.places_needed() } }
    }

    pub fn checked_add(self, other: Decimal) -> Option<Decimal> {
        let nano = self.nano.checked_add(other.nano)?;
        Decimal::from_nano(nano, self.places.max(other.places))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Decimal) -> bool {
        self.nano == other.nano
    }
}
impl Eq for Decimal {}
impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.nano.hash(state);
    }
}
impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        self.nano.cmp(&other.nano)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Digit by digit from the last: pages and records hold hundreds of them.
        let mut text = [0; 24];
        let mut at = text.len();
        let mut put = |byte: u8| {
            at -= 1;
            text[at] = byte;
        };
        let magnitude = self.nano.unsigned_abs();
        let mut whole = magnitude / SCALE as u64;
        if self.places > 0 {
            let mut fraction = magnitude % SCALE as u64 / 10u64.pow(u32::from(MAX_PRINTED_PLACES - self.places));
            for _ in 0..self.places {
                put(b'0' + (fraction % 10) as u8);
                fraction /= 10;
            }
            put(b'.');
        }
        loop {
            put(b'0' + (whole % 10) as u8);
            whole /= 10;
            if whole == 0 {
                break;
            }
        }
        if self.nano < 0 {
            put(b'-');
        }
        f.write_str(std::str::from_utf8(&text[at..]).unwrap_or_default())
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
        let kept = &fraction[..fraction.len().min(usize::from(MAX_WRITTEN_PLACES))];
        if fraction[kept.len()..].bytes().any(|b| b != b'0') {
            return Err(NotADecimal::TooManyPlaces);
        }
        let whole = whole.trim_start_matches('0');
        if whole.len() > 9 {
            return Err(NotADecimal::TooLarge);
        }
        let mut nano: i64 =
            if whole.is_empty() { 0 } else { whole.parse::<i64>().map_err(|_| NotADecimal::TooLarge)? * SCALE };
        let mut unit = SCALE / 10;
        for digit in kept.bytes() {
            nano += i64::from(digit - b'0') * unit;
            unit /= 10;
        }
        let places = kept.len() as u8;
        Ok(Decimal { nano: if negative { -nano } else { nano }, places })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Decimal {
        text.parse().expect(text)
    }

    #[test]
    fn prints_as_written() {
        for text in ["0", "3", "3.00", "0.5", "-0.5", "-12.345678", "999999999.999999", "0.000001"] {
            assert_eq!(read(text).to_string(), text);
        }
        for (text, printed) in [(".5", "0.5"), ("5.", "5"), ("+4.0", "4.0"), ("-0", "0"), ("-0.00", "0.00")] {
            assert_eq!(read(text).to_string(), printed);
        }
        assert_eq!(read("0007.10").to_string(), "7.10");
        assert_eq!(read("3.00000000").to_string(), "3.000000");
    }

    #[test]
    fn refuses_what_is_no_plain_decimal() {
        for text in ["", ".", "-", "+.", "--1", "1e3", "1,5", "1.2.3", " 1", "1 ", "NaN", "٣", "0x1", "1_000"] {
            assert_eq!(text.parse::<Decimal>(), Err(NotADecimal::Malformed), "{text:?}");
        }
        assert_eq!("1.0000001".parse::<Decimal>(), Err(NotADecimal::TooManyPlaces));
        assert_eq!("1000000000".parse::<Decimal>(), Err(NotADecimal::TooLarge));
        assert_eq!("99999999999999999999999".parse::<Decimal>(), Err(NotADecimal::TooLarge));
    }

    #[test]
    fn equality_and_order_look_at_the_value_alone() {
        assert_eq!(read("3"), read("3.000"));
        assert!(read("-2") < read("-1.9") && read("2.9") < read("3"));
    }

    #[test]
    fn no_place_is_ever_dropped_by_printing() {
        assert_eq!(Decimal::from_micro(1_500_000, 0).map(|d| d.to_string()).as_deref(), Some("1.5"));
        assert_eq!(read("1.230").with_places(0).to_string(), "1.23");
        assert_eq!(read("1.2").with_places(4).to_string(), "1.2000");
    }

    #[test]
    fn limits_are_refused_without_a_panic() {
        assert_eq!(Decimal::whole(i64::MIN), None);
        assert_eq!(Decimal::whole(1_000_000_000), None);
        assert_eq!(Decimal::from_micro(i64::MIN, 0), None);
        assert_eq!(Decimal::from_micro(0, 7), None);
        let largest = read("999999999.999999");
        assert_eq!(largest.checked_add(read("0.000001")), None);
        assert_eq!(largest.checked_add(read("-0.999999")), Decimal::whole(999_999_999));
    }

    #[test]
    fn nine_places_print_and_six_are_read() {
        let printed = |nano, places| Decimal::from_nano(nano, places).map(|d| d.to_string());
        assert_eq!(printed(2_666_666_667, 9).as_deref(), Some("2.666666667"));
        assert_eq!(printed(999_999_999_999_999_999, 9).as_deref(), Some("999999999.999999999"));
        assert_eq!(printed(1_000_000_000_000_000_000, 0), None);
        assert_eq!((printed(1, 10), printed(i64::MIN, 9)), (None, None));
        assert_eq!("2.6666667".parse::<Decimal>(), Err(NotADecimal::TooManyPlaces));
        assert_eq!((read("2.50").places_needed(), read("3").places_needed()), (1, 0));
    }

    #[test]
    fn sums_keep_the_longer_places() {
        assert_eq!(read("1.50").checked_add(read("1.5")).map(|d| d.to_string()).as_deref(), Some("3.00"));
    }
}
