//! One cell and one row as a reader sees them, without a word of the driver they came from.

use crate::domain::{Date, Decimal, NotADecimal};

/// What stands in a cell. Text is borrowed from the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'r> {
    Null,
    Integer(i64),
    Text(&'r str),
    /// A cell of an exact decimal type, or why it is none that a record can hold.
    Decimal(Result<Decimal, NotADecimal>),
    Date(Date),
    Flag(bool),
    /// A binary floating-point number: read nowhere, because it is not exact.
    Float,
    Binary,
    /// A text that is not UTF-8.
    NotUtf8,
    /// Anything else, in words that follow the field's name: `is a timestamp`.
    Other(&'static str),
}

impl Cell<'_> {
    /// What kind of cell was found where another was wanted.
    pub fn kind(self) -> &'static str {
        match self {
            Cell::Null => "is missing",
            Cell::Integer(_) => "is an integer",
            Cell::Text(_) | Cell::NotUtf8 => "is text",
            Cell::Decimal(_) => "is a decimal number",
            Cell::Date(_) => "is a date",
            Cell::Flag(_) => "is true or false",
            Cell::Float => "is a binary floating-point number",
            Cell::Binary => "is binary",
            Cell::Other(kind) => kind,
        }
    }
}

/// One row of one table: the columns of its [`Entity`](super::Entity), in the entity's order.
pub trait Row {
    /// The cell of a column; [`Cell::Null`] where the table lacks an optional column.
    fn cell(&self, column: usize) -> Cell<'_>;

    /// What the column is called, where the row knows: only to notice that statement and reader disagree.
    fn column(&self, _column: usize) -> Option<&str> {
        None
    }
}

/// The date that is this many days after 1970-01-01, as databases and Arrow store dates; none outside the years 1 to 9999.
pub fn date_of_days(days: i64) -> Option<Date> {
    // Counted from 1 March of the year 0, so that a leap day ends its year; 400 years have 146,097 days.
    let days = days.checked_add(719_468)?;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Date::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates() {
        let written = |days| date_of_days(days).map(|date| date.to_string());
        assert_eq!(written(0).as_deref(), Some("1970-01-01"));
        assert_eq!(written(-1).as_deref(), Some("1969-12-31"));
        assert_eq!(written(11_016).as_deref(), Some("2000-02-29"));
        assert_eq!(written(20_512).as_deref(), Some("2026-02-28"));
        assert_eq!(written(-25_509).as_deref(), Some("1900-02-28"));
        assert_eq!(written(-25_508).as_deref(), Some("1900-03-01"));
        assert_eq!(written(2_932_896).as_deref(), Some("9999-12-31"));
        assert_eq!([i64::MAX, i64::MIN, 2_932_897 + 30_000_000].map(written), [None, None, None]);
    }
}
