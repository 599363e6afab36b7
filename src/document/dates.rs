//! Dates in words, in the order and with the months of the document's language.

use super::labels::Labels;
use super::theme::BirthDateShown;
use crate::domain::{BirthDate, Date, MonthDay, YearMonth};

impl Labels {
    fn month(&self, month: u8) -> &str {
        self.months.split_whitespace().nth(usize::from(month).saturating_sub(1)).unwrap_or_default()
    }

    pub(super) fn date(&self, date: Date) -> String {
        let filled = self.day_and_month(&self.date_full, date.month_day());
        filled.replace("{year}", &date.year().to_string())
    }

    pub(super) fn month_day(&self, date: MonthDay) -> String {
        self.day_and_month(&self.date_month_day, date)
    }

    pub(super) fn year_month(&self, date: YearMonth) -> String {
        let filled = self.date_year_month.replace("{month}", self.month(date.month()));
        filled.replace("{year}", &date.year().to_string())
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
        match (begins, ends) {
            (Some(begins), Some(ends)) => Some(format!("{} – {}", self.date(begins), self.date(ends))),
            (Some(day), None) => Some(format!("{} –", self.date(day))),
            (None, Some(day)) => Some(format!("– {}", self.date(day))),
            (None, None) => None,
        }
    }

    fn day_and_month(&self, pattern: &str, date: MonthDay) -> String {
        // French writes the first of a month as an ordinal; a pattern asks for it by being French.
        let day =
            if date.day() == 1 && self.language.starts_with("fr") { "1er".into() } else { date.day().to_string() };
        pattern.replace("{month}", self.month(date.month())).replace("{day}", &day)
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
