//! Reads the rounding rules of a policy: one rule, or a list of rules by term.

use super::dated::Dated;
use super::policy_node::{Node, Problems, Section};
use super::rounding::{Rounding, RoundingMode};
use crate::domain::YearMonth;

const KEYS: &[&str] = &["mode", "places", "first", "from"];
const MODES: &str = "must be truncate, half_up, half_even or truncate_then_half_down";

/// `{mode, places}`, or a list of `{from, mode, places}` of which exactly one has no `from`.
pub(super) fn read(problems: &mut Problems, node: &Node, place: &str) -> Option<Dated<Rounding>> {
    let Node::List(items) = node else {
        let section = problems.section(node, place, KEYS)?;
        if section.get("from").is_some() {
            return problems.note("rule-from-nowhere", place, "the only rule holds for all terms: leave out from");
        }
        return rule(problems, section).map(Dated::always);
    };
    let mut first = Vec::new();
    let mut later = Vec::new();
    let mut complete = true;
    for (index, item) in items.iter().enumerate() {
        match dated_rule(problems, item, &format!("{place}[{index}]")) {
            Some((None, rule)) => first.push(rule),
            Some((Some(from), rule)) => later.push((from, rule)),
            None => complete = false,
        }
    }
    match (complete, first.as_slice()) {
        (false, _) => None,
        (true, [rule]) => match Dated::new(*rule, later) {
            Some(dated) => Some(dated),
            None => problems.note("rules-from-one-term", place, "two rules begin in the same term"),
        },
        (true, _) => {
            problems.note("no-first-rule", place, "exactly one rule must have no from: it holds from the beginning")
        }
    }
}

fn dated_rule(problems: &mut Problems, node: &Node, place: &str) -> Option<(Option<YearMonth>, Rounding)> {
    let section = problems.section(node, place, KEYS)?;
    let from = match section.get("from") {
        None => Some(None),
        Some(node) => term(problems, node, &section.place_of("from")).map(Some),
    };
    let rule = rule(problems, section);
    Some((from?, rule?))
}

/// The term from which a rule holds.
pub(super) fn term(problems: &mut Problems, node: &Node, place: &str) -> Option<YearMonth> {
    let text = problems.text(node, place)?;
    text.parse().map_or_else(|_| problems.note("not-a-term", place, "must be a text such as 2004-06"), Some)
}

fn rule(problems: &mut Problems, section: Section) -> Option<Rounding> {
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
    Rounding::new(mode, places)
        .or_else(|| problems.note("bad-places", place, "places go from 0 to 6, and first must be more than places"))
}

fn mode(problems: &mut Problems, node: &Node, section: Section) -> Option<RoundingMode> {
    let place = section.place_of("mode");
    let word = problems.text(node, &place)?;
    let first = section.get("first");
    if word != "truncate_then_half_down" && first.is_some() {
        return problems.note("unknown-key", section.place_of("first"), "belongs to truncate_then_half_down alone");
    }
    match (word, first) {
        ("truncate", _) => Some(RoundingMode::Truncate),
        ("half_up", _) => Some(RoundingMode::HalfUp),
        ("half_even", _) => Some(RoundingMode::HalfEven),
        ("truncate_then_half_down", Some(node)) => {
            let first = problems.small(node, &section.place_of("first"))?;
            Some(RoundingMode::TruncateThenHalfDown { first })
        }
        ("truncate_then_half_down", None) => {
            problems.note("no-first", section.place(), "needs first: the places kept by the first cut")
        }
        _ => problems.note("unknown-mode", place, MODES),
    }
}
