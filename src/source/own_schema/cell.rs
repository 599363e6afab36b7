//! A cell as a driver gave it, kept until its student's record is put together.

use crate::domain::{Date, Decimal, NotADecimal};
use crate::source::rows::Cell;

/// A value of a row that outlives its driver.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum OwnCell {
    #[default]
    Null,
    Integer(i64),
    Text(Box<str>),
    Decimal(Result<Decimal, NotADecimal>),
    Date(Date),
    Flag(bool),
    Float(f64),
    /// What no record holds, in words that follow the field's name: `is binary`.
    Other(&'static str),
}

impl OwnCell {
    pub fn text(text: &str) -> OwnCell {
        OwnCell::Text(text.into())
    }

    pub fn is_null(&self) -> bool {
        matches!(self, OwnCell::Null)
    }

    /// As the readers of records take it.
    pub fn lent(&self) -> Cell<'_> {
        match self {
            OwnCell::Null => Cell::Null,
            OwnCell::Integer(number) => Cell::Integer(*number),
            OwnCell::Text(text) => Cell::Text(text),
            OwnCell::Decimal(decimal) => Cell::Decimal(*decimal),
            OwnCell::Date(date) => Cell::Date(*date),
            OwnCell::Flag(flag) => Cell::Flag(*flag),
            OwnCell::Float(number) => match exact(*number) {
                Some(decimal) => Cell::Decimal(Ok(decimal)),
                None => Cell::Float,
            },
            OwnCell::Other(kind) => Cell::Other(kind),
        }
    }

    /// What names the value in a map: a text as it is, a number by its digits, a flag by `true` or `false`.
    pub fn code(&self) -> Option<String> {
        match self {
            OwnCell::Text(text) => Some(text.to_string()),
            OwnCell::Integer(number) => Some(number.to_string()),
            OwnCell::Decimal(Ok(decimal)) => Some(decimal.with_places(0).to_string()),
            OwnCell::Flag(flag) => Some(flag.to_string()),
            OwnCell::Float(number) => exact(*number).map(|decimal| decimal.with_places(0).to_string()),
            _ => None,
        }
    }
}

impl From<Cell<'_>> for OwnCell {
    fn from(cell: Cell<'_>) -> OwnCell {
        match cell {
            Cell::Null => OwnCell::Null,
            Cell::Integer(number) => OwnCell::Integer(number),
            Cell::Text(text) => OwnCell::text(text),
            Cell::Decimal(decimal) => OwnCell::Decimal(decimal),
            Cell::Date(date) => OwnCell::Date(date),
            Cell::Flag(flag) => OwnCell::Flag(flag),
            other => OwnCell::Other(other.kind()),
        }
    }
}

/// A binary number as the decimal it stands for: its shortest form, where that has no more places than a credit is
/// written with. 0.1 is one; the sum 0.1 + 0.2 is none.
pub fn exact(number: f64) -> Option<Decimal> {
    let text = number.to_string();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    // Beyond fifteen digits the shortest form no longer tells the number that was meant.
    (number.is_finite() && digits <= 15).then(|| text.parse().ok()).flatten()
}
