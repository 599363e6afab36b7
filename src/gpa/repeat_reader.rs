//! Reads the rules for repeats of a policy.

use super::dated::Dated;
use super::policy_node::{Node, Problems, Section};
use super::repeats::{
    Cap, Changes, Counts, NumberRange, Otherwise, Recorded, RepeatRule, Repeats, Standing, TermRules,
};
use super::rounding_reader;
use super::scale::GradeScale;
use crate::domain::{Credits, Grade, YearMonth};
use std::collections::BTreeMap;

pub(super) const KEYS: &[&str] = &["recorded", "changes", "equivalent", "repeatable", "later"];
pub(super) const TERM_KEYS: &[&str] = &["transfer", "by_number"];
pub(super) const RULE_KEYS: &[&str] = &[
    "counts",
    "old_at_most",
    "new_at_least",
    "otherwise",
    "cap",
    "standing",
    "pass_replaces_letter",
    "letter_replaces_pass",
    "never_replace",
];
pub(super) const CAP_KEYS: &[&str] = &["credits", "repeats", "per_course"];
pub(super) const RANGE_KEYS: &[&str] = &["lowest", "highest"];
/// Bounds on the work a hostile file can cause.
const MOST: usize = 2_000;

pub(super) fn read(problems: &mut Problems, node: &Node, place: &str) -> Option<Repeats> {
    let section = problems.section(node, place, &[KEYS, TERM_KEYS, RULE_KEYS].concat())?;
    let recorded = [("decides", Recorded::Decides), ("requests", Recorded::Requests), ("ignore", Recorded::Ignore)];
    let recorded = choice(problems, section, "recorded", &recorded, Some(Recorded::Decides));
    let changes = [("original_term", Changes::OriginalTerm), ("repeat_term", Changes::RepeatTerm)];
    let changes = choice(problems, section, "changes", &changes, Some(Changes::OriginalTerm));
    let names = names(problems, section);
    let first = term_rules(problems, section);
    let later = later(problems, section);
    let rules = match (first, later) {
        (Some(first), Some(later)) => Dated::new(first, later).or_else(|| {
            problems.note("rules-from-one-term", section.place_of("later"), "two rules begin in the same term")
        }),
        _ => None,
    };
    Some(Repeats { recorded: recorded?, changes: changes?, names, rules: rules? })
}

/// Every grade a rule names must be on the scale, thresholds with points: else nothing can be compared.
pub(super) fn check_grades(problems: &mut Problems, repeats: &Repeats, scale: &Dated<GradeScale>, place: &str) {
    let on_scale = |grade: &Grade| scale.versions().all(|one| one.entry(grade).is_some());
    let compares = |grade: &Grade| scale.versions().all(|one| one.entry(grade).is_some_and(|e| e.points.is_some()));
    let rules = repeats
        .rules
        .versions()
        .flat_map(|version| std::iter::once(&version.general).chain(version.by_number.iter().map(|(_, rule)| rule)));
    for rule in rules {
        if !rule.old_at_most.iter().chain(&rule.new_at_least).all(compares) {
            let message = "compares with a grade that is not on the scale with points";
            problems.note::<()>("grade-not-on-scale", place, message);
        }
        if !rule.never_replace.iter().all(on_scale) {
            problems.note::<()>("grade-not-on-scale", place, "names a grade that is not on the scale");
        }
    }
}

fn later(problems: &mut Problems, section: Section) -> Option<Vec<(YearMonth, TermRules)>> {
    let place = section.place_of("later");
    let items = list(problems, section.get("later"), &place)?;
    let mut found = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let place = format!("{place}[{index}]");
        let Some(section) = problems.section(item, &place, &[&["from"], TERM_KEYS, RULE_KEYS].concat()) else {
            found.push(None);
            continue;
        };
        let from = match section.get("from") {
            Some(node) => rounding_reader::term(problems, node, &section.place_of("from")),
            None => problems.note("no-from", &place, "needs from: the term in which the rule begins"),
        };
        let rules = term_rules(problems, section);
        found.push(from.zip(rules));
    }
    found.into_iter().collect()
}

fn term_rules(problems: &mut Problems, section: Section) -> Option<TermRules> {
    let transfer = flag(problems, section, "transfer", false);
    let general = rule(problems, section);
    let place = section.place_of("by_number");
    let items = list(problems, section.get("by_number"), &place)?;
    let mut by_number: Vec<Option<(NumberRange, RepeatRule)>> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let place = format!("{place}[{index}]");
        let Some(section) = problems.section(item, &place, &[RANGE_KEYS, RULE_KEYS].concat()) else { continue };
        let range = range(problems, section);
        let rule = rule(problems, section);
        let known = by_number.iter().flatten().map(|(known, _)| *known);
        if range.is_some_and(|range| known.into_iter().any(|known| known.overlaps(range))) {
            problems.note::<()>("ranges-overlap", &place, "holds course numbers that an earlier range holds");
        }
        by_number.push(range.zip(rule));
    }
    Some(TermRules { transfer: transfer?, general: general?, by_number: by_number.into_iter().collect::<Option<_>>()? })
}

fn range(problems: &mut Problems, section: Section) -> Option<NumberRange> {
    let mut end = |key: &str, otherwise: u32| match section.get(key) {
        Some(node) => number(problems, node, &section.place_of(key)),
        None => Some(otherwise),
    };
    let (lowest, highest) = (end("lowest", 0), end("highest", u32::MAX));
    let (lowest, highest) = (lowest?, highest?);
    if lowest > highest {
        return problems.note("empty-range", section.place(), "has a lowest number above its highest");
    }
    Some(NumberRange { lowest, highest })
}

fn number(problems: &mut Problems, node: &Node, place: &str) -> Option<u32> {
    let (Node::Text(text) | Node::Number(text)) = node else {
        return problems.note("not-a-number", place, "must be a whole number");
    };
    let whole = text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    whole.or_else(|| problems.note("not-a-number", place, "must be a whole number"))
}

fn rule(problems: &mut Problems, section: Section) -> Option<RepeatRule> {
    let counts = choice(problems, section, "counts", Counts::WORDS, None);
    let old_at_most = grade(problems, section, "old_at_most");
    let new_at_least = grade(problems, section, "new_at_least");
    let otherwise = [("average", Otherwise::Average), ("keep_old", Otherwise::KeepOld)];
    let otherwise = choice(problems, section, "otherwise", &otherwise, Some(Otherwise::Average));
    let standing = choice(
        problems,
        section,
        "standing",
        &[("last", Standing::Last), ("best", Standing::Best)],
        Some(Standing::Best),
    );
    let pass_replaces_letter = flag(problems, section, "pass_replaces_letter", false);
    let letter_replaces_pass = flag(problems, section, "letter_replaces_pass", true);
    let never_replace = grades(problems, section, "never_replace");
    let cap = cap(problems, section);
    if counts.is_some_and(|counts| !counts.replaces()) {
        for key in RULE_KEYS.iter().filter(|key| !["counts", "standing"].contains(key)) {
            if section.get(key).is_some() {
                let message = "says nothing where counts is first or all: no grade is replaced";
                problems.note::<()>("idle-key", section.place_of(key), message);
            }
        }
    }
    Some(RepeatRule {
        counts: counts?,
        old_at_most,
        new_at_least,
        otherwise: otherwise?,
        cap: cap?,
        standing: standing?,
        pass_replaces_letter: pass_replaces_letter?,
        letter_replaces_pass: letter_replaces_pass?,
        never_replace,
    })
}

fn cap(problems: &mut Problems, section: Section) -> Option<Cap> {
    let Some(node) = section.get("cap") else { return Some(Cap::default()) };
    let place = section.place_of("cap");
    let section = problems.section(node, &place, CAP_KEYS)?;
    let credits = section.get("credits").and_then(|node| {
        let place = section.place_of("credits");
        let credits = problems.decimal(node, &place)?;
        Credits::new(credits).or_else(|| problems.note("bad-credits", &place, "must be credits from 0 on"))
    });
    let mut small = |key: &str| section.get(key).and_then(|node| problems.small(node, &section.place_of(key)));
    let cap = Cap { credits, repeats: small("repeats"), per_course: small("per_course") };
    if section.entries().is_empty() {
        return problems.note("empty-cap", place.as_str(), "needs credits, repeats or per_course");
    }
    Some(cap)
}

pub(super) fn choice<T: Copy>(
    problems: &mut Problems,
    section: Section,
    key: &str,
    known: &[(&str, T)],
    otherwise: Option<T>,
) -> Option<T> {
    let words = || known.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
    let Some(node) = section.get(key) else {
        let missing = || problems.note("no-counts", section.place(), format!("needs {key}: one of {}", words()));
        return otherwise.or_else(missing);
    };
    let place = section.place_of(key);
    let word = problems.text(node, &place)?;
    let found = known.iter().find(|(known, _)| *known == word).map(|(_, value)| *value);
    found.or_else(|| problems.note("unknown-word", place, format!("must be one of {}", words())))
}

pub(super) fn flag(problems: &mut Problems, section: Section, key: &str, otherwise: bool) -> Option<bool> {
    match section.get(key) {
        Some(node) => problems.flag(node, &section.place_of(key)),
        None => Some(otherwise),
    }
}

pub(super) fn grade(problems: &mut Problems, section: Section, key: &str) -> Option<Grade> {
    let place = section.place_of(key);
    let text = problems.text(section.get(key)?, &place)?;
    problems.grade(text, &place)
}

pub(super) fn grades(problems: &mut Problems, section: Section, key: &str) -> Vec<Grade> {
    let place = section.place_of(key);
    let items = list(problems, section.get(key), &place).unwrap_or_default();
    let one = |(index, item): (usize, &Node)| {
        let place = format!("{place}[{index}]");
        let text = problems.text(item, &place)?;
        problems.grade(text, &place)
    };
    items.iter().enumerate().filter_map(one).collect()
}

/// A missing list is an empty one.
pub(super) fn list<'a>(problems: &mut Problems, node: Option<&'a Node>, place: &str) -> Option<&'a [Node]> {
    match node {
        None => Some(&[]),
        Some(Node::List(items)) if items.len() <= MOST => Some(items),
        Some(_) => problems.note("not-a-list", place, "must be a list of at most 2000 entries"),
    }
}

fn codes(problems: &mut Problems, node: &Node, place: &str) -> Vec<String> {
    let items = list(problems, Some(node), place).unwrap_or_default();
    let one = |(index, item): (usize, &Node)| problems.text(item, &format!("{place}[{index}]")).map(str::to_owned);
    items.iter().enumerate().filter_map(one).collect()
}

/// Each course once: as one of several, or as never a repeat.
fn names(problems: &mut Problems, section: Section) -> BTreeMap<String, Option<String>> {
    let place = section.place_of("equivalent");
    let lists = list(problems, section.get("equivalent"), &place).unwrap_or_default();
    let mut named: Vec<(String, Option<String>)> = Vec::new();
    for (index, same) in lists.iter().enumerate() {
        let same = codes(problems, same, &format!("{place}[{index}]"));
        let name = same.first().cloned();
        named.extend(same.into_iter().map(|code| (code, name.clone())));
    }
    if let Some(node) = section.get("repeatable") {
        named.extend(codes(problems, node, &section.place_of("repeatable")).into_iter().map(|code| (code, None)));
    }
    let listed = named.len();
    let names: BTreeMap<_, _> = named.into_iter().collect();
    if names.len() < listed {
        problems.note::<()>("course-twice", section.place(), "lists a course twice in equivalent and repeatable");
    }
    names
}
