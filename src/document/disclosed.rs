//! The record that goes along with a document: what its pages tell, and nothing that they keep to themselves.

use super::theme::{BirthDateShown, PrintedName, Theme};
use crate::domain::{BirthDate, Names, Student, StudentRecord};

/// The record without holds, which concern the institution and the student alone, and with its student as [`told`]. A document
/// composed of it says the same.
pub fn disclosed(record: &StudentRecord, theme: &Theme) -> StudentRecord {
    StudentRecord { holds: Vec::new(), student: told(&record.student, theme), ..record.clone() }
}

/// The student without the names and the part of the birth date that the theme does not print.
pub fn told(student: &Student, theme: &Theme) -> Student {
    let birth = student.birth.and_then(|birth| match theme.birth_date {
        BirthDateShown::None => None,
        BirthDateShown::MonthDay => Some(BirthDate::MonthDay(birth.month_day())),
        BirthDateShown::Full => Some(birth),
    });
    Student { names: names(&student.names, theme), birth, ..student.clone() }
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
