//! Dates in words, in the order and with the months of the document's language.

use super::labels::Labels;
use super::theme::BirthDateShown;
use crate::domain::{BirthDate, Date, MonthDay, YearMonth};
use std::fmt::Write;

/// For most dates.
const ROOM: usize = 24;

impl Labels {
    fn month(&self, month: u8) -> &str {
        self.months.split_whitespace().nth(usize::from(month).saturating_sub(1)).unwrap_or_default()
    }

    pub(super) fn date(&self, date: Date) -> String {
        let mut text = String::with_capacity(ROOM);
        self.add_date(&mut text, date);
        text
    }

    pub(super) fn month_day(&self, date: MonthDay) -> String {
        let mut text = String::with_capacity(ROOM);
        self.fill(&mut text, &self.date_month_day, (date.month(), Some(date.day()), None));
        text
    }

    pub(super) fn year_month(&self, date: YearMonth) -> String {
        let mut text = String::with_capacity(ROOM);
        self.fill(&mut text, &self.date_year_month, (date.month(), None, Some(date.year())));
        text
    }

    /// As much as is asked for and known; `None` for nothing.
    pub(super) fn birth(&self, birth: BirthDate, shown: BirthDateShown) -> Option<String> {
        match (shown, birth) {
            (BirthDateShown::None, _) => None,
            (BirthDateShown::Full, BirthDate::Full(date)) => Some(self.date(date)),
            _ => Some(self.month_day(birth.month_day())),
        }
    }

    /// From the first day to the last; one alone where the other is not known.
    pub(super) fn span_of_days(&self, begins: Option<Date>, ends: Option<Date>) -> Option<String> {
        begins.or(ends)?;
        let mut text = String::with_capacity(2 * ROOM);
        if let Some(begins) = begins {
            self.add_date(&mut text, begins);
            text.push(' ');
        }
        text.push('–');
        if let Some(ends) = ends {
            text.push(' ');
            self.add_date(&mut text, ends);
        }
        Some(text)
    }

    fn add_date(&self, text: &mut String, date: Date) {
        self.fill(text, &self.date_full, (date.month(), Some(date.day()), Some(date.year())));
    }

    /// The pattern with its places filled in.
    fn fill(&self, text: &mut String, pattern: &str, (month, day, year): (u8, Option<u8>, Option<u16>)) {
        let mut rest = pattern;
        while let Some((before, place)) = rest.split_once('{') {
            text.push_str(before);
            // Writing to a string cannot fail.
            let (written, after) = match (place.split_once('}'), day, year) {
                (Some(("month", after)), ..) => (text.write_str(self.month(month)), after),
                // French writes the first of a month as an ordinal; a pattern asks for it by being French.
                (Some(("day", after)), Some(1), _) if self.language.starts_with("fr") => (text.write_str("1er"), after),
                (Some(("day", after)), Some(day), _) => (write!(text, "{day}"), after),
                (Some(("year", after)), _, Some(year)) => (write!(text, "{year}"), after),
                _ => (text.write_str("{"), place),
            };
            let _ = written;
            rest = after;
        }
        text.push_str(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_read_as_their_language_writes_them() {
        let date = Date::new(2024, 5, 1).unwrap();
        assert_eq!(Labels::english().date(date), "May 1, 2024");
        assert_eq!(Labels::french().date(date), "1er mai 2024");
        assert_eq!(Labels::french().year_month(date.year_month()), "mai 2024");
        let birth = BirthDate::Full(date);
        assert_eq!(Labels::english().birth(birth, BirthDateShown::MonthDay).as_deref(), Some("May 1"));
        assert_eq!(Labels::english().birth(birth, BirthDateShown::None), None);
        let partial = BirthDate::MonthDay(date.month_day());
        assert_eq!(Labels::english().birth(partial, BirthDateShown::Full).as_deref(), Some("May 1"));
    }
}
