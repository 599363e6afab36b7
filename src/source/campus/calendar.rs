//! The campus calendar: fall, spring and summer terms and their dates.

use crate::domain::{Date, YearMonth};

/// When in the year a term lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Season {
    Spring,
    Summer,
    Fall,
}

/// A term of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Session {
    pub year: u16,
    pub season: Season,
}

/// The term in progress. The campus reads no clock.
pub const CURRENT: Session = Session { year: 2026, season: Season::Fall };

impl Session {
    pub const fn fall(year: u16) -> Session {
        Session { year, season: Season::Fall }
    }

    pub const fn spring(year: u16) -> Session {
        Session { year, season: Season::Spring }
    }

    pub const fn summer(year: u16) -> Session {
        Session { year, season: Season::Summer }
    }

    pub fn name(self) -> String {
        format!("{:?} {}", self.season, self.year)
    }

    /// The next fall or spring.
    pub const fn next_regular(self) -> Session {
        match self.season {
            Season::Spring | Season::Summer => Session::fall(self.year),
            Season::Fall => Session::spring(self.year + 1),
        }
    }

    /// A Monday.
    pub fn begins(self) -> Option<Date> {
        let (month, day) = match self.season {
            Season::Spring => (1, 13),
            Season::Summer => (6, 1),
            Season::Fall => (8, 22),
        };
        on_or_after(Date::new(self.year, month, day)?, 0)
    }

    /// A Friday.
    pub fn ends(self) -> Option<Date> {
        let (month, day) = match self.season {
            Season::Spring => (5, 4),
            Season::Summer => (7, 24),
            Season::Fall => (12, 8),
        };
        on_or_after(Date::new(self.year, month, day)?, 4)
    }

    /// The Saturday of the week after: the day on which degrees are conferred.
    pub fn conferral(self) -> Option<Date> {
        let (month, day) = match self.season {
            Season::Spring => (5, 12),
            Season::Summer => (8, 1),
            Season::Fall => (12, 16),
        };
        on_or_after(Date::new(self.year, month, day)?, 5)
    }

    pub fn designator(self) -> Option<YearMonth> {
        self.begins().map(Date::year_month)
    }
}

/// The first such weekday (Monday is 0) on or after a date of the same month.
fn on_or_after(date: Date, weekday: u8) -> Option<Date> {
    let ahead = (weekday + 7 - day_of_week(date)) % 7;
    Date::new(date.year(), date.month(), date.day() + ahead)
}

/// Zeller's congruence, with Monday as 0.
fn day_of_week(date: Date) -> u8 {
    let (year, month) = match date.month() {
        month @ 1..=2 => (u32::from(date.year()) - 1, u32::from(month) + 12),
        month => (u32::from(date.year()), u32::from(month)),
    };
    let (century, rest) = (year / 100, year % 100);
    let saturday_is_0 =
        (u32::from(date.day()) + 13 * (month + 1) / 5 + rest + rest / 4 + century / 4 + 5 * century) % 7;
    ((saturday_is_0 + 5) % 7) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_begin_on_mondays_and_end_on_fridays() {
        let fall = Session::fall(2026);
        assert_eq!(fall.begins(), Date::new(2026, 8, 24));
        assert_eq!(fall.ends(), Date::new(2026, 12, 11));
        assert_eq!(Session::spring(2024).begins(), Date::new(2024, 1, 15));
        assert_eq!(Session::spring(2024).conferral(), Date::new(2024, 5, 18));
        assert_eq!(fall.name(), "Fall 2026");
    }
}
