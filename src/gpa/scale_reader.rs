//! Reads the grade scales of a policy: its grades, those outside the GPA, and changes by term.

use super::built_in;
use super::marks::{MarkRange, MarkReading, RangeFault};
use super::policy_node::{Node, Problems, Section, child};
use super::rounding_reader;
use super::scale::{Best, GradeEntry, GradeScale, ScaleRules};
use crate::domain::decimal::MAX_WRITTEN_PLACES;
use crate::domain::{Grade, GradePoints, Text};

pub(super) const ENTRY_KEYS: &[&str] =
    &["points", "attempted", "passed", "earned", "in_gpa", "in_degree", "marks", "description"];
pub(super) const MARK_KEYS: &[&str] = &["places", "mode", "gaps"];
/// More grades than any scale has: a bound on the work a hostile file can cause.
const MOST_GRADES: usize = 2_000;

/// What a section says of the whole scale, on top of what held before.
pub(super) fn rules(problems: &mut Problems, section: Section, before: ScaleRules) -> ScaleRules {
    let mut rules = before;
    if let Some(node) = section.get("best") {
        let place = section.place_of("best");
        match problems.text(node, &place) {
            Some("highest") => rules.best = Best::Highest,
            Some("lowest") => rules.best = Best::Lowest,
            Some(_) => problems.note("unknown-word", place, "must be highest or lowest").unwrap_or_default(),
            None => {}
        }
        // What passed on a scale that ran the other way says nothing here.
        rules.pass_points = rules.pass_points.filter(|_| rules.best == before.best);
    }
    if let Some(node) = section.get("pass_points") {
        rules.pass_points = points(problems, node, &section.place_of("pass_points")).or(rules.pass_points);
    }
    if let Some(node) = section.get("marks") {
        rules.marks = mark_reading(problems, node, &section.place_of("marks")).unwrap_or(rules.marks);
    }
    rules
}

fn mark_reading(problems: &mut Problems, node: &Node, place: &str) -> Option<MarkReading> {
    let section = problems.section(node, place, MARK_KEYS)?;
    let places = match section.get("places") {
        Some(node) => problems.small(node, &section.place_of("places")),
        None => Some(0),
    };
    let too_many = "marks have 0 to 6 places";
    let places = places?;
    if places > MAX_WRITTEN_PLACES {
        return problems.note("bad-places", section.place_of("places"), too_many);
    }
    let mode = section.get("mode").map(|node| rounding_reader::plain_mode(problems, node, &section.place_of("mode")));
    let gaps = section.get("gaps").map(|node| problems.flag(node, &section.place_of("gaps")));
    Some(MarkReading { places, mode: mode.flatten(), gaps: gaps.flatten().unwrap_or_default() })
}

/// Marks belong to one grade each, and unless the scale says so none is left out between two.
pub(super) fn check_marks(problems: &mut Problems, section: Section, scale: &GradeScale) {
    let marked: Vec<(&Grade, MarkRange)> =
        scale.entries().iter().filter_map(|entry| Some((&entry.grade, entry.marks?))).collect();
    let reading = scale.rules().marks;
    let place = |at: usize| child(&section.place_of("scale"), marked[at].0.as_str());
    if marked.is_empty() && section.get("marks").is_some() {
        problems.note::<()>("idle-key", section.place_of("marks"), "says nothing: no grade of the scale has marks");
    }
    for (at, (_, range)) in marked.iter().enumerate() {
        if range.from.places_needed().max(range.to.places_needed()) > reading.places {
            let message = "has marks with more places than the scale's marks";
            problems.note::<()>("marks-too-fine", place(at), message);
        }
    }
    let ranges: Vec<MarkRange> = marked.iter().map(|(_, range)| *range).collect();
    for fault in reading.faults(&ranges) {
        let (code, at, message) = match fault {
            RangeFault::Overlap(_, at) => ("marks-overlap", at, "has a mark that another grade has, too"),
            RangeFault::Gap(_, at) => {
                ("marks-left-out", at, "leaves marks below it to no grade; say gaps = true where that is meant")
            }
        };
        problems.note::<()>(code, place(at), message);
    }
}

/// The entries of `scale` and `no_gpa` in a section. A grade listed twice is a problem.
pub(super) fn entries(problems: &mut Problems, section: Section, rules: ScaleRules) -> Vec<GradeEntry> {
    let mut entries = Vec::new();
    if let Some(node) = section.get("scale") {
        listed_grades(problems, node, &section.place_of("scale"), rules, &mut entries);
    }
    if let Some(node) = section.get("no_gpa") {
        outside_gpa(problems, node, &section.place_of("no_gpa"), &mut entries);
    }
    entries
}

fn listed_grades(problems: &mut Problems, node: &Node, place: &str, rules: ScaleRules, entries: &mut Vec<GradeEntry>) {
    let Some(scale) = problems.table(node, place) else { return };
    if scale.entries().len() > MOST_GRADES {
        problems.note::<()>("too-many-grades", place, "lists more than 2000 grades");
        return;
    }
    for (key, node) in scale.entries() {
        let place = scale.place_of(key);
        let Some(grade) = new_grade(problems, key, &place, entries) else { continue };
        let entry = match node {
            Node::Table(_) => full_entry(problems, grade, node, &place, rules),
            _ => {
                refuse_without_pass(problems, rules, &place);
                points(problems, node, &place).map(|points| GradeEntry::worth_by(grade, points, rules))
            }
        };
        entries.extend(entry);
    }
}

/// Where fewer points are better, zero points say nothing of who passes.
fn refuse_without_pass(problems: &mut Problems, rules: ScaleRules, place: &str) {
    if rules.best == Best::Lowest && rules.pass_points.is_none() {
        let message = "must say earned, or the scale pass_points: fewer points are better on it";
        problems.note::<()>("no-pass-points", place, message);
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
fn full_entry(
    problems: &mut Problems,
    grade: Grade,
    node: &Node,
    place: &str,
    rules: ScaleRules,
) -> Option<GradeEntry> {
    let known_before = problems.0.len();
    let section = problems.section(node, place, ENTRY_KEYS)?;
    let mut flag = |key: &str| section.get(key).and_then(|node| problems.flag(node, &section.place_of(key)));
    let (attempted, earned) = (flag("attempted"), flag("earned"));
    let passed = flag("passed");
    let (in_gpa, in_degree) = (flag("in_gpa"), flag("in_degree"));
    let worth = section.get("points").map(|node| points(problems, node, &section.place_of("points")));
    let description = section.get("description").map(|node| description(problems, node, &section));
    let marks = section.get("marks").map(|node| mark_range(problems, node, &section.place_of("marks")));
    if worth.is_some() && earned.is_none() {
        refuse_without_pass(problems, rules, place);
    }
    let mut entry = match worth {
        Some(points) => GradeEntry::worth_by(grade, points?, rules),
        None => GradeEntry::outside_gpa(grade, attempted.unwrap_or(true), earned.unwrap_or(false)),
    };
    entry.attempted = attempted.unwrap_or(entry.attempted);
    entry.earned = earned.unwrap_or(entry.earned);
    entry.passed = passed.unwrap_or(entry.earned);
    entry.in_gpa = in_gpa.unwrap_or(entry.in_gpa);
    entry.in_degree = in_degree.unwrap_or(entry.earned);
    entry.marks = marks.flatten();
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

/// Two marks, the lowest and the highest; both stand for the grade.
fn mark_range(problems: &mut Problems, node: &Node, place: &str) -> Option<MarkRange> {
    let Node::List(ends) = node else {
        return problems.note("not-a-range", place, "must be a list of two marks: the lowest and the highest");
    };
    let [from, to] = ends.as_slice() else {
        return problems.note("not-a-range", place, "must be a list of two marks: the lowest and the highest");
    };
    let (from, to) = (problems.decimal(from, place), problems.decimal(to, place));
    let (from, to) = (from?, to?);
    if from.is_negative() || from > to {
        return problems.note("empty-range", place, "must begin with the lower mark, and marks are never negative");
    }
    Some(MarkRange { from, to })
}
