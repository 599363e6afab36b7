//! Calendar dates: the only notion of time the core has, and always an argument.

use std::fmt;
use std::str::FromStr;

/// A day of the proleptic Gregorian calendar, years 1 to 9999. Written `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// A day without its year. Written `MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    month: u8,
    day: u8,
}

/// A term's designator: year and month in which it begins, as PESC's SessionDesignator. Written `YYYY-MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct YearMonth {
    year: u16,
    month: u8,
}

/// A birth date as far as the record tells it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum BirthDate {
    Full(Date),
    MonthDay(MonthDay),
}

/// The text is no date in the form named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a calendar date written {0}")]
pub struct NotADate(pub &'static str);

fn days_in(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

fn number(text: &str, digits: usize) -> Option<u16> {
    let plain = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

impl Date {
    pub fn new(year: u16, month: u8, day: u8) -> Option<Date> {
        let valid =
            (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        valid.then_some(Date { year, month, day })
    }
    pub const fn year(self) -> u16 {
        self.year
    }
    pub const fn month(self) -> u8 {
        self.month
    }
    pub const fn day(self) -> u8 {
        self.day
    }
    pub const fn month_day(self) -> MonthDay {
        MonthDay { month: self.month, day: self.day }
    }
    pub const fn year_month(self) -> YearMonth {
        YearMonth { year: self.year, month: self.month }
    }
}

impl MonthDay {
    /// 29 February is accepted: some years have it.
    pub fn new(month: u8, day: u8) -> Option<MonthDay> {
        Date::new(2000, month, day).map(Date::month_day)
    }
    pub const fn month(self) -> u8 {
        self.month
    }
    pub const fn day(self) -> u8 {
        self.day
    }
}

impl YearMonth {
    pub fn new(year: u16, month: u8) -> Option<YearMonth> {
        Date::new(year, month, 1).map(Date::year_month)
    }
    pub const fn year(self) -> u16 {
        self.year
    }
    pub const fn month(self) -> u8 {
        self.month
    }
}

impl BirthDate {
    pub const fn month_day(self) -> MonthDay {
        match self {
            BirthDate::Full(date) => date.month_day(),
            BirthDate::MonthDay(day) => day,
        }
    }
}

impl FromStr for Date {
    type Err = NotADate;
    fn from_str(text: &str) -> Result<Date, NotADate> {
        let read = || {
            let (year, rest) = text.split_once('-')?;
            let (month, day) = rest.split_once('-')?;
            Date::new(number(year, 4)?, number(month, 2)? as u8, number(day, 2)? as u8)
        };
        read().ok_or(NotADate("YYYY-MM-DD"))
    }
}

impl FromStr for MonthDay {
    type Err = NotADate;
    fn from_str(text: &str) -> Result<MonthDay, NotADate> {
        let read = || {
            let (month, day) = text.split_once('-')?;
            MonthDay::new(number(month, 2)? as u8, number(day, 2)? as u8)
        };
        read().ok_or(NotADate("MM-DD"))
    }
}

impl FromStr for YearMonth {
    type Err = NotADate;
    fn from_str(text: &str) -> Result<YearMonth, NotADate> {
        let read = || {
            let (year, month) = text.split_once('-')?;
            YearMonth::new(number(year, 4)?, number(month, 2)? as u8)
        };
        read().ok_or(NotADate("YYYY-MM"))
    }
}

impl FromStr for BirthDate {
    type Err = NotADate;
    fn from_str(text: &str) -> Result<BirthDate, NotADate> {
        let full = text.parse().map(BirthDate::Full);
        full.or_else(|_| text.parse().map(BirthDate::MonthDay)).map_err(|_: NotADate| NotADate("YYYY-MM-DD or MM-DD"))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}
impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}
impl fmt::Display for YearMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}
impl fmt::Display for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BirthDate::Full(date) => date.fmt(f),
            BirthDate::MonthDay(day) => day.fmt(f),
        }
    }
}
// A birth date is personal: it never shows in a debug print.
impl fmt::Debug for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BirthDate(…)")
    }
}
impl fmt::Debug for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MonthDay(…)")
    }
}
