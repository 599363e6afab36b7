//! Reads the grade scales of a policy: its grades, those outside the GPA, and changes by term.

use super::built_in;
use super::policy_node::{Node, Problems, Section};
use super::scale::GradeEntry;
use crate::domain::{Grade, GradePoints, Text};

pub(super) const ENTRY_KEYS: &[&str] =
    &["points", "attempted", "passed", "earned", "in_gpa", "in_degree", "description"];
/// More grades than any scale has: a bound on the work a hostile file can cause.
const MOST_GRADES: usize = 2_000;

/// The entries of `scale` and `no_gpa` in a section. A grade listed twice is a problem.
pub(super) fn entries(problems: &mut Problems, section: Section) -> Vec<GradeEntry> {
    let mut entries = Vec::new();
    if let Some(node) = section.get("scale") {
        listed_grades(problems, node, &section.place_of("scale"), &mut entries);
    }
    if let Some(node) = section.get("no_gpa") {
        outside_gpa(problems, node, &section.place_of("no_gpa"), &mut entries);
    }
    entries
}

fn listed_grades(problems: &mut Problems, node: &Node, place: &str, entries: &mut Vec<GradeEntry>) {
    let Some(scale) = problems.table(node, place) else { return };
    if scale.entries().len() > MOST_GRADES {
        problems.note::<()>("too-many-grades", place, "lists more than 2000 grades");
        return;
    }
    for (key, node) in scale.entries() {
        let place = scale.place_of(key);
        let Some(grade) = new_grade(problems, key, &place, entries) else { continue };
        let entry = match node {
            Node::Table(_) => full_entry(problems, grade, node, &place),
            _ => points(problems, node, &place).map(|points| GradeEntry::worth(grade, points)),
        };
        entries.extend(entry);
    }
}

fn outside_gpa(problems: &mut Problems, node: &Node, place: &str, entries: &mut Vec<GradeEntry>) {
    let Node::List(items) = node else {
        problems.note::<()>("not-a-list", place, "must be a list of grades");
        return;
    };
    if items.len() > MOST_GRADES {
        problems.note::<()>("too-many-grades", place, "lists more than 2000 grades");
        return;
    }
    for (index, item) in items.iter().enumerate() {
        let place = format!("{place}[{index}]");
        let text = problems.text(item, &place);
        if let Some(grade) = text.and_then(|text| new_grade(problems, text, &place, entries)) {
            entries.push(customary(grade));
        }
    }
}

/// What a grade that is only named as outside the GPA does: as everywhere when it is a usual one (P earns,
/// W does not; see pass-fail.toml), else its credits are attempted and nothing more.
fn customary(grade: Grade) -> GradeEntry {
    let usual = built_in::grades_outside_gpa().iter().find(|entry| entry.grade == grade).cloned();
    usual.unwrap_or_else(|| GradeEntry::outside_gpa(grade, true, false))
}

fn new_grade(problems: &mut Problems, text: &str, place: &str, entries: &[GradeEntry]) -> Option<Grade> {
    let grade = problems.grade(text, place)?;
    if entries.iter().any(|entry| entry.grade == grade) {
        return problems.note("grade-twice", place, "is listed twice");
    }
    Some(grade)
}

fn points(problems: &mut Problems, node: &Node, place: &str) -> Option<GradePoints> {
    let number = problems.decimal(node, place)?;
    GradePoints::new(number).or_else(|| problems.note("bad-points", place, "points go from 0 to 1000"))
}

/// The full form. Without points, `attempted` and `earned` must be said: nothing tells them otherwise.
fn full_entry(problems: &mut Problems, grade: Grade, node: &Node, place: &str) -> Option<GradeEntry> {
    let known_before = problems.0.len();
    let section = problems.section(node, place, ENTRY_KEYS)?;
    let mut flag = |key: &str| section.get(key).and_then(|node| problems.flag(node, &section.place_of(key)));
    let (attempted, earned) = (flag("attempted"), flag("earned"));
    let passed = flag("passed");
    let (in_gpa, in_degree) = (flag("in_gpa"), flag("in_degree"));
    let worth = section.get("points").map(|node| points(problems, node, &section.place_of("points")));
    let description = section.get("description").map(|node| description(problems, node, &section));
    let mut entry = match worth {
        Some(points) => GradeEntry::worth(grade, points?),
        None => GradeEntry::outside_gpa(grade, attempted.unwrap_or(true), earned.unwrap_or(false)),
    };
    entry.attempted = attempted.unwrap_or(entry.attempted);
    entry.earned = earned.unwrap_or(entry.earned);
    entry.passed = passed.unwrap_or(entry.earned);
    entry.in_gpa = in_gpa.unwrap_or(entry.in_gpa);
    entry.in_degree = in_degree.unwrap_or(entry.earned);
    entry.description = description.flatten();
    if worth.is_none() && (section.get("attempted").is_none() || section.get("earned").is_none()) {
        problems.note::<()>("flags-missing", place, "a grade without points must say attempted and earned");
    }
    if entry.in_gpa != entry.points.is_some() {
        problems.note::<()>("gpa-without-points", place, "has points exactly when it is in the GPA");
    }
    if entry.in_degree && !entry.earned {
        problems.note::<()>("degree-without-earned", place, "credits that are not earned cannot count toward a degree");
    }
    (problems.0.len() == known_before).then_some(entry)
}

fn description(problems: &mut Problems, node: &Node, section: &Section) -> Option<Text> {
    let place = section.place_of("description");
    let text = problems.text(node, &place)?;
    Text::new(text).map_or_else(|error| problems.note("not-a-text", place, format!("{error}")), Some)
}
