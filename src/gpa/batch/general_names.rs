//! What the cells of a table name: students, terms, levels, courses and grades, each known by a number.

use super::cells::KeyCell;
use crate::domain::decimal::MAX_WRITTEN_PLACES;
use crate::domain::{Course, Decimal, Error, Grade, GradePoints, Level, Text, YearMonth};
use crate::gpa::policy::Policy;
use crate::gpa::scale::GradeEntry;

/// Integers are written out: 4711 is the course "4711".
fn text(cell: &KeyCell) -> Option<Text> {
    match cell {
        KeyCell::Integer(number) => Text::new(&number.to_string()).ok(),
        KeyCell::Text(bytes) => Text::new(std::str::from_utf8(bytes).ok()?).ok(),
    }
}

/// A course as `general` names it.
pub(super) fn course(cell: &KeyCell) -> Option<Course> {
    Some(super::general::course(&text(cell)?))
}

pub(super) fn level(cell: &KeyCell) -> Option<Level> {
    Level::new(text(cell)?.as_str()).ok()
}

pub(super) fn grade(cell: &KeyCell) -> Option<Grade> {
    Grade::new(text(cell)?.as_str()).ok()
}

/// The designator that each of the terms, in ascending order, is to a policy. Where its rules never changed, all that
/// counts is the order, and any year will do.
pub(super) fn designators(terms: &[KeyCell], dated: bool) -> Result<Vec<Option<YearMonth>>, Error> {
    if dated {
        return Ok(terms.iter().map(designator).collect());
    }
    let ranked = |rank: usize| YearMonth::new(u16::try_from(rank / 12 + 1).ok()?, (rank % 12 + 1) as u8);
    let ranked: Option<Vec<YearMonth>> = (0..terms.len()).map(ranked).collect();
    let ranked = ranked.ok_or_else(|| Error::configuration("the table has more than 119988 different terms"))?;
    Ok(ranked.into_iter().map(Some).collect())
}

/// `2004-09` or 200409.
fn designator(term: &KeyCell) -> Option<YearMonth> {
    match term {
        KeyCell::Text(_) => text(term)?.as_str().parse().ok(),
        KeyCell::Integer(number) => {
            let (year, month) = (number / 100, number % 100);
            YearMonth::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?)
        }
    }
}

/// What stands in a column of grade points where there are none.
pub(super) const NO_POINTS: KeyCell = KeyCell::Integer(-1);

/// A grade of its own for every value of a column of grade points (in thousandths), and the policy that knows them all
/// beside its own grades. Without points an attempt is in no GPA and earns nothing.
pub(super) fn with_points(policy: &Policy, values: &[KeyCell]) -> (Policy, Vec<Option<Grade>>) {
    let entry = |value: &KeyCell| {
        let KeyCell::Integer(milli) = value else { return None };
        if *value == NO_POINTS {
            return Some(GradeEntry::outside_gpa(Grade::new("no points").ok()?, true, false));
        }
        let micro = i64::try_from(*milli).ok()?.checked_mul(1000)?;
        let points = GradePoints::new(Decimal::from_micro(micro, MAX_WRITTEN_PLACES)?)?;
        Some(GradeEntry::worth(Grade::new(&format!("points {milli}")).ok()?, points))
    };
    let entries: Vec<Option<GradeEntry>> = values.iter().map(entry).collect();
    let grades = entries.iter().map(|entry| entry.as_ref().map(|entry| entry.grade.clone())).collect();
    let entries: Vec<GradeEntry> = entries.into_iter().flatten().collect();
    (policy.with_entries(&entries), grades)
}
