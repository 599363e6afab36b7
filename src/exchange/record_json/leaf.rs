//! Single values from their JSON: each a domain value, or a problem that says why it is none.

use super::at::At;
use super::node::Node;
use crate::domain::{
    BirthDate, Credits, Date, Decimal, Grade, Level, NotADate, NotADecimal, NotText, StudentId, Text, YearMonth,
};

/// A string, or a whole number by its text: codes that many systems keep as numbers.
fn string_or_whole<'a>(at: At<'a>) -> Option<&'a str> {
    match at.node {
        Node::Text(text) => Some(text),
        Node::Number(text) if text.bytes().all(|b| b.is_ascii_digit()) => Some(text),
        _ => at.refuse("wrong-type", "must be a string or a whole number"),
    }
}

fn clean<T>(at: At<'_>, read: Result<T, NotText>) -> Option<T> {
    read.map_or_else(|why| at.refuse("bad-text", why.to_string()), Some)
}

fn day<T>(at: At<'_>, read: Result<T, NotADate>) -> Option<T> {
    read.map_or_else(|why| at.refuse("bad-date", why.to_string()), Some)
}

pub(super) fn text(at: At<'_>) -> Option<Text> {
    clean(at, Text::new(at.string()?))
}

pub(super) fn text_or_whole(at: At<'_>) -> Option<Text> {
    clean(at, Text::new(string_or_whole(at)?))
}

pub(super) fn grade(at: At<'_>) -> Option<Grade> {
    match Grade::new(string_or_whole(at)?) {
        Err(NotText::TooLong) => at.refuse("bad-text", "is longer than 16 characters"),
        read => clean(at, read),
    }
}

pub(super) fn student_id(at: At<'_>) -> Option<StudentId> {
    let read = StudentId::new(string_or_whole(at)?);
    read.map_or_else(|why| at.refuse("bad-student-id", why.to_string()), Some)
}

pub(super) fn level(at: At<'_>) -> Option<Level> {
    Level::new(at.string()?).map_or_else(|why| at.refuse("bad-level", why.to_string()), Some)
}

pub(super) fn date(at: At<'_>) -> Option<Date> {
    day(at, at.string()?.parse())
}

pub(super) fn year_month(at: At<'_>) -> Option<YearMonth> {
    day(at, at.string()?.parse())
}

pub(super) fn birth(at: At<'_>) -> Option<BirthDate> {
    day(at, at.string()?.parse())
}

pub(super) fn decimal(at: At<'_>) -> Option<Decimal> {
    let text = match at.node {
        Node::Number(text) | Node::Text(text) => text,
        _ => return at.refuse("wrong-type", "must be a decimal, as a string or a number"),
    };
    text.parse().map_or_else(|why: NotADecimal| at.refuse("bad-decimal", why.to_string()), Some)
}

pub(super) fn credits(at: At<'_>) -> Option<Credits> {
    let read = Credits::new(decimal(at)?);
    read.or_else(|| at.refuse("bad-credits", "is negative or larger than 999999"))
}

pub(super) fn truth(at: At<'_>) -> Option<bool> {
    match at.node {
        Node::Bool(value) => Some(*value),
        _ => at.refuse("wrong-type", "must be true or false"),
    }
}
