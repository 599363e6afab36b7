//! Reads the rounding rules of a policy: one rule, or a list of rules by term and campus.

use super::by_campus::{ByCampus, OwnRules};
use super::dated::Dated;
use super::policy_node::{Node, Problems, Section};
use super::rounding::{Rounding, RoundingMode};
use crate::domain::{Text, YearMonth};

pub(super) const KEYS: &[&str] = &["mode", "places", "first", "from", "campus"];
const MODES: &str = "must be truncate, half_up, half_even or truncate_then_half_down";
/// Places that Banner's SHAGPAR and every other rule we know stay within.
pub(super) const MOST_GPA_PLACES: u8 = 9;
pub(super) const MOST_QUALITY_POINT_PLACES: u8 = 6;
/// More rules than any institution ever had.
const MOST_RULES: usize = 2_000;

/// The campus and the term from which a rule holds, where it says them.
type Scope = (Option<Text>, Option<YearMonth>);

/// `{mode, places}`, or a list of `{from, campus, mode, places}` of which exactly one has neither `from` nor `campus`.
pub(super) fn read(problems: &mut Problems, node: &Node, place: &str, most: u8) -> Option<ByCampus<Rounding>> {
    let items = match node {
        Node::List(items) if items.len() <= MOST_RULES => items,
        Node::List(_) => return problems.note("too-many-rules", place, "lists more than 2000 rules"),
        _ => return only(problems, node, place, most),
    };
    let read = |(index, item)| scoped_rule(problems, item, &format!("{place}[{index}]"), most);
    let rules: Vec<Option<(Scope, Rounding)>> = items.iter().enumerate().map(read).collect();
    let rules: Vec<(Scope, Rounding)> = rules.into_iter().collect::<Option<_>>()?;
    let mut scopes: Vec<&Scope> = rules.iter().map(|(scope, _)| scope).collect();
    scopes.sort();
    if scopes.windows(2).any(|pair| pair[0] == pair[1] && *pair[0] != (None, None)) {
        return problems.note("rules-from-one-term", place, "two rules of one campus begin in the same term");
    }
    let (mut first, mut later) = (Vec::new(), Vec::new());
    let mut own: OwnRules<Rounding> = Vec::new();
    for ((campus, from), rule) in rules {
        match (campus, from) {
            (None, None) => first.push(rule),
            (None, Some(from)) => later.push((from, rule)),
            (Some(campus), from) => match own.iter_mut().find(|(known, _)| *known == campus) {
                Some((_, rules)) => rules.push((from, rule)),
                None => own.push((campus, vec![(from, rule)])),
            },
        }
    }
    let [rule] = first.as_slice() else {
        let message = "exactly one rule must have neither from nor campus: it holds from the beginning";
        return problems.note("no-first-rule", place, message);
    };
    Dated::new(*rule, later).map(|general| ByCampus::new(general, own))
}

fn only(problems: &mut Problems, node: &Node, place: &str, most: u8) -> Option<ByCampus<Rounding>> {
    let section = problems.section(node, place, KEYS)?;
    if section.get("from").is_some() || section.get("campus").is_some() {
        let message = "the only rule holds everywhere and for all terms: leave out from and campus";
        return problems.note("rule-from-nowhere", place, message);
    }
    rule(problems, section, most).map(|rule| ByCampus::everywhere(Dated::always(rule)))
}

fn scoped_rule(problems: &mut Problems, node: &Node, place: &str, most: u8) -> Option<(Scope, Rounding)> {
    let section = problems.section(node, place, KEYS)?;
    let from = match section.get("from") {
        None => Some(None),
        Some(node) => term(problems, node, &section.place_of("from")).map(Some),
    };
    let campus = match section.get("campus") {
        None => Some(None),
        Some(node) => campus(problems, node, &section.place_of("campus")).map(Some),
    };
    let rule = rule(problems, section, most);
    Some(((campus?, from?), rule?))
}

fn campus(problems: &mut Problems, node: &Node, place: &str) -> Option<Text> {
    let text = problems.text(node, place)?;
    Text::new(text).map_or_else(|error| problems.note("not-a-text", place, format!("{error}")), Some)
}

/// The term from which a rule holds.
pub(super) fn term(problems: &mut Problems, node: &Node, place: &str) -> Option<YearMonth> {
    let text = problems.text(node, place)?;
    text.parse().map_or_else(|_| problems.note("not-a-term", place, "must be a text such as 2004-06"), Some)
}

fn rule(problems: &mut Problems, section: Section, most: u8) -> Option<Rounding> {
    let place = section.place();
    let places = match section.get("places") {
        Some(node) => problems.small(node, &section.place_of("places")),
        None => problems.note("no-places", place, "needs places"),
    };
    let mode = match section.get("mode") {
        Some(node) => mode(problems, node, section),
        None => problems.note("no-mode", place, "needs a mode"),
    };
    let (mode, places) = (mode?, places?);
    let message = || format!("places go from 0 to {most}, and first must be more than places");
    let rounding = Rounding::new(mode, places).filter(|_| places <= most);
    rounding.or_else(|| problems.note("bad-places", place, message()))
}

/// A mode that needs nothing beside it.
pub(super) fn plain_mode(problems: &mut Problems, node: &Node, place: &str) -> Option<RoundingMode> {
    match problems.text(node, place)? {
        "truncate" => Some(RoundingMode::Truncate),
        "half_up" => Some(RoundingMode::HalfUp),
        "half_even" => Some(RoundingMode::HalfEven),
        _ => problems.note("unknown-mode", place, "must be truncate, half_up or half_even"),
    }
}

fn mode(problems: &mut Problems, node: &Node, section: Section) -> Option<RoundingMode> {
    let place = section.place_of("mode");
    let word = problems.text(node, &place)?;
    let first = section.get("first");
    if word != "truncate_then_half_down" {
        if first.is_some() {
            return problems.note("unknown-key", section.place_of("first"), "belongs to truncate_then_half_down alone");
        }
        let known = ["truncate", "half_up", "half_even"].contains(&word);
        return if known { plain_mode(problems, node, &place) } else { problems.note("unknown-mode", place, MODES) };
    }
    let Some(node) = first else {
        return problems.note("no-first", section.place(), "needs first: the places kept by the first cut");
    };
    let first = problems.small(node, &section.place_of("first"))?;
    Some(RoundingMode::TruncateThenHalfDown { first })
}
