//! The cells of one row into domain values; everything wrong with them is gathered, nothing is guessed.

use super::{Cell, Row};
use crate::domain::{BalanceOrigin, BirthDate};
use crate::domain::{
    CreditUnit, Credits, Date, Decimal, Grade, GradeStatus, Level, NotADecimal, Problem, ProgramKind, RepeatTreatment,
    SummarySpan, Text, TotalsAuthority, TransferKind, YearMonth,
};
use std::fmt;

/// Where in the record a row belongs: `terms[2]`, or `terms[2].attempts[0]`; empty for the record itself.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub outer: Option<(&'static str, usize)>,
    pub rows: &'a str,
    pub index: usize,
}

impl<'a> Place<'a> {
    pub const RECORD: Place<'static> = Place { outer: None, rows: "", index: 0 };

    pub fn of(rows: &'a str, index: usize) -> Place<'a> {
        Place { outer: None, rows, index }
    }

    pub fn within(outer: &'static str, position: usize, rows: &'a str, index: usize) -> Place<'a> {
        Place { outer: Some((outer, position)), rows, index }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((outer, position)) = self.outer {
            write!(f, "{outer}[{position}].")?;
        }
        if !self.rows.is_empty() {
            write!(f, "{}[{}]", self.rows, self.index)?;
        }
        Ok(())
    }
}

/// Reads the columns of a row one after another, in the order of its entity.
pub struct Cells<'r> {
    row: &'r dyn Row,
    next: usize,
    place: Place<'r>,
    problems: &'r mut Vec<Problem>,
}

/// Words of the published schema that a cell can be read as.
pub trait Word: Sized {
    fn read(word: &str) -> Option<Self>;
}

macro_rules! words_of {
    ($($name:ident),*) => { $(impl Word for $name {
        fn read(word: &str) -> Option<Self> { $name::from_word(word) }
    })* };
}
impl Word for TotalsAuthority {
    fn read(word: &str) -> Option<TotalsAuthority> {
        match word {
            "policy" => Some(TotalsAuthority::Policy),
            "stated" => Some(TotalsAuthority::Stated),
            _ => None,
        }
    }
}
words_of!(GradeStatus, RepeatTreatment, CreditUnit, ProgramKind, TransferKind, BalanceOrigin, SummarySpan);

impl<'r> Cells<'r> {
    /// Starts at column `first`; the columns before it are the row's keys.
    pub fn new(row: &'r dyn Row, first: usize, place: Place<'r>, problems: &'r mut Vec<Problem>) -> Cells<'r> {
        Cells { row, next: first, place, problems }
    }

    /// How many problems the record has so far.
    pub fn problems(&self) -> usize {
        self.problems.len()
    }

    /// Records something wrong with the named field of this row.
    pub fn wrong(&mut self, code: &'static str, field: &str, message: impl Into<String>) {
        let place = self.place.to_string();
        let place = if place.is_empty() { field.to_owned() } else { format!("{place}.{field}") };
        self.problems.push(Problem::new(code, place, message));
    }

    fn take(&mut self, field: &str) -> Cell<'r> {
        debug_assert!(self.row.column(self.next).is_none_or(|name| name == field), "statement and reader disagree");
        let cell = self.row.cell(self.next);
        self.next += 1;
        cell
    }

    fn string(&mut self, field: &str) -> Option<&'r str> {
        match self.take(field) {
            Cell::Null => None,
            Cell::Text(text) => Some(text),
            Cell::NotUtf8 => self.refuse(field, "not-utf8", "is not UTF-8"),
            other => self.refuse(field, "not-text", format!("{} where text is wanted", other.kind())),
        }
    }

    fn refuse<T>(&mut self, field: &str, code: &'static str, message: impl Into<String>) -> Option<T> {
        self.wrong(code, field, message);
        None
    }

    /// Reads a text cell with the domain's own reader.
    fn read<T, E: fmt::Display>(
        &mut self,
        field: &str,
        code: &'static str,
        reader: impl Fn(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.string(field)?;
        reader(text).map_err(|why| self.wrong(code, field, why.to_string())).ok()
    }

    /// A value that must be there. A problem found while reading is not reported a second time as missing.
    pub fn required<T>(&mut self, field: &str, read: impl FnOnce(&mut Self, &str) -> Option<T>) -> Option<T> {
        let before = self.problems.len();
        let value = read(self, field);
        if value.is_none() && self.problems.len() == before {
            self.wrong("missing", field, "is missing");
        }
        value
    }

    pub fn text(&mut self, field: &str) -> Option<Text> {
        self.read(field, "bad-text", Text::new)
    }

    pub fn grade(&mut self, field: &str) -> Option<Grade> {
        // The domain words a long grade as a long text: say the limit that holds here.
        self.read(field, "bad-grade", |raw| {
            Grade::new(raw).map_err(|_| "is empty, longer than 16 characters, or holds a control character")
        })
    }

    pub fn level(&mut self, field: &str) -> Option<Level> {
        self.read(field, "bad-level", Level::new)
    }

    pub fn date(&mut self, field: &str) -> Option<Date> {
        match self.row.cell(self.next) {
            Cell::Date(date) => {
                self.next += 1;
                Some(date)
            }
            _ => self.read(field, "bad-date", str::parse::<Date>),
        }
    }

    pub fn birth(&mut self, field: &str) -> Option<BirthDate> {
        match self.row.cell(self.next) {
            Cell::Date(_) => self.date(field).map(BirthDate::Full),
            _ => self.read(field, "bad-date", str::parse::<BirthDate>),
        }
    }

    pub fn month(&mut self, field: &str) -> Option<YearMonth> {
        self.read(field, "bad-month", str::parse::<YearMonth>)
    }

    pub fn word<T: Word>(&mut self, field: &str) -> Option<T> {
        self.read(field, "unknown-word", |raw| T::read(raw).ok_or("is none of the schema's words"))
    }

    /// Several texts, one a line.
    pub fn lines(&mut self, field: &str) -> Vec<Text> {
        let Some(all) = self.string(field) else { return Vec::new() };
        all.split('\n').filter_map(|line| self.line(field, line)).collect()
    }

    fn line(&mut self, field: &str, line: &str) -> Option<Text> {
        Text::new(line).map_err(|why| self.wrong("bad-text", field, format!("has a line that {why}"))).ok()
    }

    /// Pairs of texts, one a line, the two parted by a tab.
    pub fn pairs(&mut self, field: &str) -> Vec<(Text, Text)> {
        let Some(all) = self.string(field) else { return Vec::new() };
        let mut pairs = Vec::new();
        for line in all.split('\n') {
            match line.split_once('\t') {
                Some((left, right)) => pairs.extend(self.line(field, left).zip(self.line(field, right))),
                None => self.wrong("bad-pair", field, "has a line without a tab"),
            }
        }
        pairs
    }

    pub fn decimal(&mut self, field: &str) -> Option<Decimal> {
        let read = match self.take(field) {
            Cell::Null => return None,
            Cell::Integer(number) if number.unsigned_abs() < 1_000_000_000 => return Decimal::whole(number),
            Cell::Integer(_) => Err(NotADecimal::TooLarge),
            Cell::Text(text) => text.parse(),
            Cell::Decimal(read) => read,
            Cell::NotUtf8 => Err(NotADecimal::Malformed),
            Cell::Float => {
                let message = "is a binary floating-point number: store TEXT or INTEGER";
                return self.refuse(field, "inexact", message);
            }
            other => return self.refuse(field, "bad-decimal", format!("{} where a decimal is wanted", other.kind())),
        };
        read.map_err(|why| self.wrong("bad-decimal", field, why.to_string())).ok()
    }

    pub fn credits(&mut self, field: &str) -> Option<Credits> {
        let value = self.decimal(field)?;
        let credits = Credits::new(value);
        credits.or_else(|| self.refuse(field, "bad-credits", "is negative or larger than any credits can be"))
    }

    pub fn integer(&mut self, field: &str) -> Option<i64> {
        match self.take(field) {
            Cell::Null => None,
            Cell::Integer(number) => Some(number),
            other => self.refuse(field, "not-integer", format!("{} where an integer is wanted", other.kind())),
        }
    }

    pub fn flag(&mut self, field: &str) -> Option<bool> {
        match self.take(field) {
            Cell::Null => None,
            Cell::Flag(flag) => Some(flag),
            Cell::Integer(0) => Some(false),
            Cell::Integer(1) => Some(true),
            Cell::Integer(_) => self.refuse(field, "bad-flag", "is neither 0 nor 1"),
            other => self.refuse(field, "not-integer", format!("{} where an integer is wanted", other.kind())),
        }
    }
}
