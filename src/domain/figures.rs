//! Decimals as text. Those that nearly all of a record is made of, below 100 with two places or below 10 with three, are
//! written when the program is compiled.

use super::decimal::Decimal;
use std::borrow::Cow;

/// How many numbers a table holds, and the bytes of each.
const COUNT: usize = 10_000;
const WIDTH: usize = 5;

/// `00.00` to `99.99`.
static HUNDREDTHS: [[u8; WIDTH]; COUNT] = table(2);
/// `0.000` to `9.999`.
static THOUSANDTHS: [[u8; WIDTH]; COUNT] = table(1);

const fn table(point: usize) -> [[u8; WIDTH]; COUNT] {
    let mut table = [[b'.'; WIDTH]; COUNT];
    let mut number = 0;
    while number < COUNT {
        let (mut rest, mut at) = (number, WIDTH);
        while at > 0 {
            at -= 1;
            if at != point {
                table[number][at] = b'0' + (rest % 10) as u8;
                rest /= 10;
            }
        }
        number += 1;
    }
    table
}

impl Decimal {
    /// What it displays; a small one without writing anything.
    pub fn text(self) -> Cow<'static, str> {
        self.small().map_or_else(|| self.to_string().into(), Cow::Borrowed)
    }

    fn small(self) -> Option<&'static str> {
        let places = usize::from(self.places());
        // Places that the number is not written with are zeros; a point without any is none.
        let (table, unit, finest) = match places {
            0..=2 => (&HUNDREDTHS, 10_000_000, 2),
            3 => (&THOUSANDTHS, 1_000_000, 3),
            _ => return None,
        };
        let index = usize::try_from(self.nano() / unit).ok().filter(|_| !self.is_negative())?;
        let digits = table.get(index)?;
        let start = usize::from(finest == 2 && index < 1000);
        let end = WIDTH - (finest - places) - usize::from(places == 0);
        std::str::from_utf8(digits.get(start..end)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_what_the_number_displays() {
        for nano in (-100..11_000i64).map(|at| at * 10_000_000).chain((-5..11_000).map(|at| at * 1_000_000)) {
            for places in 0..=9 {
                let value = Decimal::from_nano(nano, places).expect("it is small");
                assert_eq!(value.text(), value.to_string());
            }
        }
        let borrowed = |text: &str| matches!(text.parse::<Decimal>().expect(text).text(), Cow::Borrowed(_));
        assert!(["0", "3", "3.0", "12.00", "99.99", "3.456"].into_iter().all(borrowed));
        assert!(!borrowed("-0.001") && !borrowed("100") && !borrowed("12.345"));
    }
}
