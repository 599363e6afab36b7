//! The record that goes along with a document: what its pages tell, and nothing that they keep to themselves.

use super::theme::{BirthDateShown, PrintedName, Theme};
use crate::domain::{BirthDate, Names, StudentRecord};

/// The record without holds, which concern the institution and the student alone, and without the names and the part of the
/// birth date that the theme does not print. A document composed of it says the same.
pub fn disclosed(record: &StudentRecord, theme: &Theme) -> StudentRecord {
    let mut told = record.clone();
    told.holds.clear();
    told.student.names = names(&record.student.names, theme);
    told.student.birth = record.student.birth.and_then(|birth| match theme.birth_date {
        BirthDateShown::None => None,
        BirthDateShown::MonthDay => Some(BirthDate::MonthDay(birth.month_day())),
        BirthDateShown::Full => Some(birth),
    });
    told
}

fn names(names: &Names, theme: &Theme) -> Names {
    if let (PrintedName::Chosen, Some(chosen)) = (theme.printed_name, &names.chosen) {
        return Names { legal: chosen.clone(), chosen: None, former: Vec::new(), native: None };
    }
    let mut told = names.clone();
    if !theme.shown.chosen_name {
        told.chosen = None;
    }
    if !theme.shown.former_names {
        told.former.clear();
    }
    if !theme.shown.native_name {
        told.native = None;
    }
    told
}
