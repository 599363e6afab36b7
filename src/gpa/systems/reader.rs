//! What the schemes of all systems have in common when they are read.

use crate::domain::{Decimal, Error, Text};
use crate::gpa::by_campus::ByCampus;
use crate::gpa::policy_node::{Node, Problems, Section};
use crate::gpa::rounding::Rounding;
use crate::gpa::rounding_reader;

/// Marks, weights and credits are never more than this.
const MOST: i64 = 1_000_000;

/// A scheme of a file, or every problem of it.
pub(super) fn whole<T>(root: &Node, read: fn(&mut Problems, &Node) -> Option<T>) -> Result<T, Error> {
    let mut problems = Problems::default();
    match (read(&mut problems, root), problems.0) {
        (Some(scheme), none) if none.is_empty() => Ok(scheme),
        (_, problems) => Err(Error::Policy(problems)),
    }
}

/// One line of printable words.
pub(super) fn words(problems: &mut Problems, section: Section, key: &str) -> Option<Text> {
    let place = section.place_of(key);
    let Some(node) = section.get(key) else {
        return problems.note("missing-key", section.place(), format!("needs {key}"));
    };
    let text = problems.text(node, &place)?;
    Text::new(text).map_or_else(|error| problems.note("not-a-text", place, format!("{error}")), Some)
}

/// A number from zero to a million.
pub(super) fn number(problems: &mut Problems, node: &Node, place: &str) -> Option<Decimal> {
    let number = problems.decimal(node, place)?;
    let fits = !number.is_negative() && number.micro() <= MOST * 1_000_000;
    if fits { Some(number) } else { problems.note("out-of-range", place, "must lie between 0 and 1000000") }
}

pub(super) fn optional_number(problems: &mut Problems, section: Section, key: &str) -> Option<Option<Decimal>> {
    match section.get(key) {
        Some(node) => number(problems, node, &section.place_of(key)).map(Some),
        None => Some(None),
    }
}

/// One rule, the same at all times.
pub(super) fn rounding(problems: &mut Problems, section: Section, key: &str) -> Option<Option<Rounding>> {
    let Some(node) = section.get(key) else { return Some(None) };
    let place = section.place_of(key);
    if matches!(node, Node::List(_)) {
        return problems.note("not-a-table", place, "must be one rule: mode and places");
    }
    let read: Option<ByCampus<Rounding>> =
        rounding_reader::read(problems, node, &place, rounding_reader::MOST_GPA_PLACES);
    read.map(|rule| Some(*rule.at(None, None)))
}

/// A table of levels, each with its weight.
pub(super) fn weights(problems: &mut Problems, section: Section) -> Option<Vec<(Text, Decimal)>> {
    let place = section.place_of("weights");
    let Some(node) = section.get("weights") else { return Some(Vec::new()) };
    let table = problems.table(node, &place)?;
    let mut weights = Vec::new();
    for (key, node) in table.entries() {
        let place = table.place_of(key);
        let level = Text::new(key).map_or_else(|error| problems.note("not-a-text", &place, format!("{error}")), Some);
        weights.push(level.zip(number(problems, node, &place)));
    }
    weights.into_iter().collect()
}
