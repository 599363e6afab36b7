//! Reads the versions of a scale: the one a section says or extends, and its changes by term or by entry.

use super::dated::Dated;
use super::policy::{ChangesBy, LevelRules, Policy, ScaleVersions};
use super::policy_node::{Node, Problems, Section};
use super::policy_reader::{extended, words};
use super::rounding_reader;
use super::scale::{GradeEntry, GradeScale, ScaleRules};
use super::scale_reader;
use crate::domain::YearMonth;

/// Of a scale and all its changes together: each change repeats what was there before it.
const MOST_ENTRIES: usize = 10_000;
pub(super) const CHANGE_KEYS: &[&str] =
    &["from", "extends", "scale", "no_gpa", "title", "best", "pass_points", "marks"];
/// What says something of a scale only where there is one.
const SCALE_KEYS: &[&str] = &["no_gpa", "scale_changes", "scale_changes_by", "best", "pass_points", "marks"];

/// A scale while it is put together.
struct Draft {
    rules: ScaleRules,
    entries: Vec<GradeEntry>,
}

impl Draft {
    fn of(scale: Option<&GradeScale>) -> Draft {
        Draft {
            rules: scale.map(GradeScale::rules).unwrap_or_default(),
            entries: scale.map(|scale| scale.entries().to_vec()).unwrap_or_default(),
        }
    }

    /// What a section says on top.
    fn add(&mut self, problems: &mut Problems, section: Section) {
        let before = self.rules;
        self.rules = scale_reader::rules(problems, section, before);
        let own = scale_reader::entries(problems, section, self.rules);
        self.entries.retain(|entry| own.iter().all(|new| new.grade != entry.grade));
        self.check_inherited(problems, section, before);
        self.entries.extend(own);
    }

    /// Grades that were listed for other rules keep what they do, and so must not contradict the new ones.
    fn check_inherited(&self, problems: &mut Problems, section: Section, before: ScaleRules) {
        let turned = self.rules.best != before.best;
        let contradicts =
            |entry: &GradeEntry| entry.points.is_some_and(|points| turned || entry.earned != self.rules.earns(points));
        let changed = turned || self.rules.pass_points != before.pass_points;
        if changed && self.entries.iter().any(contradicts) {
            let key = if turned { "best" } else { "pass_points" };
            let message = "says otherwise than grades that are inherited: list these anew under scale";
            problems.note::<()>("inherited-grades", section.place_of(key), message);
        }
    }

    fn scale(&self, problems: &mut Problems, section: Section, name: String, title: String) -> GradeScale {
        let scale = GradeScale::with_rules(name, title, self.rules, self.entries.clone());
        scale_reader::check_marks(problems, section, &scale);
        scale
    }
}

pub(super) fn read(
    problems: &mut Problems,
    section: Section,
    (name, title): (&str, &str),
    extended: Option<&Policy>,
    general: Option<&LevelRules>,
) -> Option<ScaleVersions> {
    let says = |key: &&str| section.get(key).is_some();
    if !says(&"scale") && !says(&"extends") {
        return match general {
            Some(rules) if !SCALE_KEYS.iter().any(says) => Some(rules.versions()),
            _ => problems.note("no-scale", section.place(), "needs a scale, or extends with a built-in policy"),
        };
    }
    let base = extended.map(|policy| policy.rules(None).versions());
    if let Some(base) = base.as_ref().filter(|base| base.by == ChangesBy::Entry) {
        return on_top(problems, section, (name, title), base);
    }
    let mut draft = Draft::of(base.as_ref().map(|base| base.dated.latest()));
    draft.add(problems, section);
    if draft.entries.is_empty() {
        return problems.note("no-scale", section.place_of("scale"), "lists no valid grade");
    }
    let first = draft.scale(problems, section, name.to_owned(), title.to_owned());
    let by = changes_by(problems, section)?;
    let later = later(problems, section, (name, title), draft)?;
    if !later.is_sorted_by_key(|(from, _)| *from) {
        return problems.note("changes-out-of-order", section.place_of("scale_changes"), "must be in order of from");
    }
    let twice = "two changes begin in the same term";
    let dated = Dated::new(first, later);
    let dated = dated.or_else(|| problems.note("rules-from-one-term", section.place_of("scale_changes"), twice))?;
    Some(ScaleVersions { dated, by })
}

/// Of a built-in whose scales go by entry each takes what the section says on top.
fn on_top(
    problems: &mut Problems,
    section: Section,
    (name, title): (&str, &str),
    base: &ScaleVersions,
) -> Option<ScaleVersions> {
    if section.get("scale_changes").is_some() || section.get("scale_changes_by").is_some() {
        let message =
            "cannot change the scales of a built-in that go by entry; say each scale with scale_changes alone";
        return problems.note("changes-of-changes", section.place_of("scale_changes"), message);
    }
    let mut first_of_all = true;
    let dated = base.dated.map_dated(|from, scale| {
        let mut draft = Draft::of(Some(scale));
        // The problems of a section are the same each time.
        let mut found = Problems::default();
        draft.add(&mut found, section);
        let name = from.map_or_else(|| name.to_owned(), |from| format!("{name}@{from}"));
        let title = if section.get("title").is_some() { title.to_owned() } else { scale.title.clone() };
        let scale = draft.scale(&mut found, section, name, title);
        if std::mem::take(&mut first_of_all) {
            problems.0.append(&mut found.0);
        }
        scale
    });
    Some(ScaleVersions { dated, by: ChangesBy::Entry })
}

fn changes_by(problems: &mut Problems, section: Section) -> Option<ChangesBy> {
    let place = section.place_of("scale_changes_by");
    let Some(node) = section.get("scale_changes_by") else { return Some(ChangesBy::Term) };
    if section.get("scale_changes").is_none() {
        return problems.note("idle-key", place, "says nothing without scale_changes");
    }
    match problems.text(node, &place)? {
        "term" => Some(ChangesBy::Term),
        "entry" => Some(ChangesBy::Entry),
        _ => problems.note("unknown-word", place, "must be term or entry"),
    }
}

fn later(
    problems: &mut Problems,
    section: Section,
    (name, title): (&str, &str),
    mut draft: Draft,
) -> Option<Vec<(YearMonth, GradeScale)>> {
    let mut later = Vec::new();
    for (index, node) in changes(problems, section).iter().enumerate() {
        let place = format!("{}[{index}]", section.place_of("scale_changes"));
        let Some(change) = problems.section(node, &place, CHANGE_KEYS) else { continue };
        let Some(from) = change.get("from") else {
            problems.note::<()>("no-from", &place, "needs from: the term in which the change begins");
            continue;
        };
        let from = rounding_reader::term(problems, from, &change.place_of("from"));
        if change.get("extends").is_some() {
            let policy = extended(problems, change);
            let base = policy.as_ref().map(|policy| policy.rules(None).versions());
            if base.as_ref().is_some_and(|base| base.by == ChangesBy::Entry) {
                let message = "is a built-in whose own scales go by entry; a change begins with one scale";
                problems.note::<()>("changes-of-changes", change.place_of("extends"), message);
            }
            draft = Draft::of(base.as_ref().map(|base| base.dated.latest()));
        }
        draft.add(problems, change);
        if draft.entries.len() > MOST_ENTRIES {
            let message = "list more grades together than a scale can have";
            return problems.note("too-many-grades", section.place_of("scale_changes"), message);
        }
        let title = words(problems, change, "title").unwrap_or_else(|| title.to_owned());
        let named = from.map(|from| (from, draft.scale(problems, change, format!("{name}@{from}"), title)));
        later.extend(named);
    }
    Some(later)
}

fn changes<'a>(problems: &mut Problems, section: Section<'a>) -> &'a [Node] {
    match section.get("scale_changes") {
        None => &[],
        Some(Node::List(items)) if items.len() <= 100 => items,
        Some(_) => {
            problems.note::<()>(
                "not-a-list",
                section.place_of("scale_changes"),
                "must be a list of at most 100 tables",
            );
            &[]
        }
    }
}
