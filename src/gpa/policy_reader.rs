//! Reads a whole policy from its neutral tree: right, or refused with every problem listed.

use super::by_campus::ByCampus;
use super::dated::Dated;
use super::outcome::Bound;
use super::outcome_reader::Kind;
use super::outcome_rules::{Condition, Measure, OutcomeRules};
use super::policy::{ChangesBy, Cumulative, Entered, LevelRules, Policy, PolicyRules, ScaleVersions};
use super::policy_node::{Node, Problems, Section};
use super::repeats::{Changes, Repeats};
use super::rounding::Rounding;
use super::scale::{Best, GradeScale};
use super::units::RoundCredits;
use super::{outcome_reader, repeat_reader, rounding_reader, scale_versions, unit_reader};
use crate::domain::{Error, Grade, GradeStatus, Level, Text};

const LEVEL_KEYS: &[&str] = &[
    "title",
    "extends",
    "scale",
    "no_gpa",
    "scale_changes",
    "scale_changes_by",
    "best",
    "pass_points",
    "marks",
    "rounding",
    "quality_points",
    "cumulative",
    "transfer_in_gpa",
    "statuses",
    "repeats",
    "units",
    "variants",
    "standing",
    "term_honors",
    "degree_honors",
];

pub(super) fn read(root: &Node) -> Result<Policy, Error> {
    let mut problems = Problems::default();
    let rules = policy(&mut problems, root);
    match (rules, problems.0) {
        (Some(rules), none) if none.is_empty() => Ok(Policy::of(rules)),
        (_, problems) => Err(Error::Policy(problems)),
    }
}

fn policy(problems: &mut Problems, root: &Node) -> Option<PolicyRules> {
    let section = problems.section(root, "", &[&["name", "levels"], LEVEL_KEYS].concat())?;
    let name = words(problems, section, "name").unwrap_or_else(|| "custom".to_owned());
    let title = words(problems, section, "title").unwrap_or_else(|| name.clone());
    let general = level_rules(problems, section, (&name, &title), None);
    let levels = section.get("levels").map(|node| levels(problems, node, (&name, &title), general.as_ref()));
    Some(PolicyRules { levels: levels.unwrap_or_default(), name, title, general: general? })
}

fn levels(
    problems: &mut Problems,
    node: &Node,
    (name, title): (&str, &str),
    general: Option<&LevelRules>,
) -> Vec<(Level, LevelRules)> {
    let mut levels = Vec::new();
    let Some(tables) = problems.table(node, "levels") else { return levels };
    for (key, node) in tables.entries() {
        let place = tables.place_of(key);
        let level = Level::new(key).map_or_else(|error| problems.note("not-a-level", &place, format!("{error}")), Some);
        let Some(table) = problems.section(node, &place, LEVEL_KEYS) else { continue };
        let title = words(problems, table, "title").unwrap_or_else(|| title.to_owned());
        let rules = level_rules(problems, table, (&format!("{name}/{key}"), &title), general);
        levels.extend(level.zip(rules));
    }
    levels
}

/// One line of printable words.
pub(super) fn words(problems: &mut Problems, section: Section, key: &str) -> Option<String> {
    let place = section.place_of(key);
    let text = problems.text(section.get(key)?, &place)?;
    match Text::new(text) {
        Ok(text) => Some(text.as_str().to_owned()),
        Err(error) => problems.note("not-a-text", place, format!("{error}")),
    }
}

/// The rules of a section: what it says itself; else grades and statuses of what it extends, and rounding and
/// transfer as they hold in general.
fn level_rules(
    problems: &mut Problems,
    section: Section,
    names: (&str, &str),
    general: Option<&LevelRules>,
) -> Option<LevelRules> {
    let extended = extended(problems, section);
    let extended_rules = extended.as_ref().map(|policy| policy.rules(None));
    let base = general.or(extended_rules);
    let versions = scale_versions::read(problems, section, names, extended.as_ref(), general);
    let scales = versions.as_ref().map(|versions| &versions.dated);
    let (gpa_rounding, quality_points) = roundings(problems, section, base);
    let cumulative = cumulative(problems, section, base);
    let transfer_in_gpa = match section.get("transfer_in_gpa") {
        Some(node) => problems.flag(node, &section.place_of("transfer_in_gpa")),
        None => Some(base.is_some_and(|rules| rules.transfer_in_gpa)),
    };
    let statuses = statuses(problems, section, extended_rules.or(general), scales);
    let repeats = repeats(problems, section, base, scales);
    let units = unit_reader::own_or_inherited_units(problems, section, base);
    let variants = unit_reader::own_or_inherited_variants(problems, section, base);
    let mut outcomes = |kind: Kind, inherited: fn(&LevelRules) -> &Option<OutcomeRules>| {
        let inherited = base.and_then(|rules| inherited(rules).as_ref());
        outcome_reader::own_or_inherited(problems, section, kind, inherited, scales, &variants)
    };
    let standing = outcomes(Kind::Standing, |rules| &rules.standing);
    let term_honors = outcomes(Kind::TermHonors, |rules| &rules.term_honors);
    let degree_honors = outcomes(Kind::DegreeHonors, |rules| &rules.degree_honors);
    let versions = versions?;
    let rules = LevelRules {
        scale: versions.dated.clone(),
        entered: None,
        rounding: gpa_rounding?,
        quality_points: quality_points?,
        cumulative: cumulative?,
        transfer_in_gpa: transfer_in_gpa?,
        statuses,
        repeats,
        units,
        variants,
        standing,
        term_honors,
        degree_honors,
    };
    check_cumulative(problems, section, &rules);
    check_outcomes(problems, section, &rules);
    Some(by_entry(rules, versions, names))
}

/// Where the scale goes by entry: the rules of each entry apart, and no grade at all before the entry is known.
fn by_entry(rules: LevelRules, versions: ScaleVersions, (name, title): (&str, &str)) -> LevelRules {
    if versions.by == ChangesBy::Term {
        return rules;
    }
    let policy_of = |scale: &GradeScale| {
        let general = LevelRules { scale: Dated::always(scale.clone()), ..rules.clone() };
        let (name, title) = (name.to_owned(), title.to_owned());
        Policy::of(PolicyRules { name, title, general, levels: Vec::new() })
    };
    let policies = versions.dated.map_dated(|_, scale| policy_of(scale));
    let unknown = format!("{name}, which goes by the term of entry, and that is not known");
    let scale = Dated::always(GradeScale::new(unknown, title.to_owned(), Vec::new()));
    LevelRules { scale, entered: Some(Entered { scales: versions.dated, policies }), ..rules }
}

/// How GPAs and quality points are printed.
fn roundings(
    problems: &mut Problems,
    section: Section,
    base: Option<&LevelRules>,
) -> (Option<ByCampus<Rounding>>, Option<ByCampus<Rounding>>) {
    let mut rounding = |key: &str, most: u8, inherited: fn(&LevelRules) -> &ByCampus<Rounding>| match section.get(key) {
        Some(node) => rounding_reader::read(problems, node, &section.place_of(key), most),
        None => {
            let banner = || ByCampus::everywhere(Dated::always(Rounding::BANNER));
            Some(base.map_or_else(banner, |rules| inherited(rules).clone()))
        }
    };
    let gpa = rounding("rounding", rounding_reader::MOST_GPA_PLACES, |rules| &rules.rounding);
    let most = rounding_reader::MOST_QUALITY_POINT_PLACES;
    (gpa, rounding("quality_points", most, |rules| &rules.quality_points))
}

fn cumulative(problems: &mut Problems, section: Section, base: Option<&LevelRules>) -> Option<Cumulative> {
    let place = section.place_of("cumulative");
    let Some(node) = section.get("cumulative") else {
        return Some(base.map(|rules| rules.cumulative).unwrap_or_default());
    };
    match problems.text(node, &place)? {
        "totals" => Some(Cumulative::Totals),
        "rounded_terms" => Some(Cumulative::RoundedTerms),
        _ => problems.note("unknown-word", place, "must be totals or rounded_terms"),
    }
}

/// What has no term of its own has no printed GPA that could be averaged.
fn check_cumulative(problems: &mut Problems, section: Section, rules: &LevelRules) {
    if rules.cumulative == Cumulative::Totals {
        return;
    }
    let place = section.place_of("cumulative");
    if rules.transfer_in_gpa {
        let message = "cannot be rounded_terms where transfer_in_gpa: transferred work has no term of its own";
        problems.note::<()>("cumulative-contradicts", place.as_str(), message);
    }
    if !rules.variants.is_empty() {
        let message = "cannot be rounded_terms where there are variants: they are made of all grades";
        problems.note::<()>("cumulative-contradicts", place.as_str(), message);
    }
    if rules.units.as_ref().is_some_and(|units| units.round == RoundCredits::Sum) {
        let message = "cannot be rounded_terms where units are rounded by sum: the weights would be rounded, too";
        problems.note::<()>("cumulative-contradicts", place.as_str(), message);
    }
    if rules.repeats.as_ref().is_some_and(|repeats| repeats.changes == Changes::RepeatTerm) {
        let message = "cannot be rounded_terms where repeats change from the repeat_term on: terms printed before stay";
        problems.note::<()>("cumulative-contradicts", place, message);
    }
}

/// A rule for honours asks for a good GPA, one for standing may ask for a poor one: which end is the good one must be
/// meant as the scale has it, and nothing tells that of "at least" and "below" where fewer points are better.
fn check_outcomes(problems: &mut Problems, section: Section, rules: &LevelRules) {
    let inverted = rules.scale.versions().any(|scale| scale.best() == Best::Lowest);
    let of_gpa = |condition: &Condition| {
        matches!(condition, Condition::Bound(Measure::Gpa(_), Bound::AtLeast | Bound::Below, _))
    };
    let sections =
        [("standing", &rules.standing), ("term_honors", &rules.term_honors), ("degree_honors", &rules.degree_honors)];
    for (name, outcomes) in sections.into_iter().filter(|_| inverted) {
        let told = outcomes.iter().flat_map(|outcomes| &outcomes.rules).any(|rule| rule.conditions.iter().any(of_gpa));
        if told {
            let message = "says at_least or below of a GPA where fewer points are better: say at_most or above";
            problems.note::<()>("inverted-scale", section.place_of(name), message);
        }
    }
}

/// Its own rules for repeats, else those that hold in general; their grades must be on this scale.
fn repeats(
    problems: &mut Problems,
    section: Section,
    base: Option<&LevelRules>,
    scale: Option<&Dated<GradeScale>>,
) -> Option<Repeats> {
    let place = section.place_of("repeats");
    let repeats = match section.get("repeats") {
        Some(node) => repeat_reader::read(problems, node, &place),
        None => base.and_then(|rules| rules.repeats.clone()),
    };
    if let Some((repeats, scale)) = repeats.as_ref().zip(scale) {
        repeat_reader::check_grades(problems, repeats, scale, &place);
    }
    repeats
}

/// The built-in policy a section starts from.
pub(super) fn extended(problems: &mut Problems, section: Section) -> Option<Policy> {
    let place = section.place_of("extends");
    let name = problems.text(section.get("extends")?, &place)?;
    let known = || format!("is no built-in policy; there are {}", Policy::built_in_names().join(", "));
    Policy::built_in(name).or_else(|| problems.note("unknown-built-in", place, known()))
}

/// Its own statuses, and the inherited ones whose grades still count on this scale as they did where they come
/// from: where P has become a grade worth points, a pass without a grade is no such P.
fn statuses(
    problems: &mut Problems,
    section: Section,
    base: Option<&LevelRules>,
    scale: Option<&Dated<GradeScale>>,
) -> Vec<(GradeStatus, Grade)> {
    let on_scale = |grade: &Grade| scale.is_none_or(|dated| dated.versions().all(|one| one.entry(grade).is_some()));
    let mut statuses = base.zip(scale).map(|(base, scale)| unchanged_statuses(base, scale)).unwrap_or_default();
    let place = section.place_of("statuses");
    let Some(table) = section.get("statuses").and_then(|node| problems.table(node, &place)) else { return statuses };
    for (key, node) in table.entries() {
        let place = table.place_of(key);
        let Some(status) = GradeStatus::from_word(key) else {
            let known: Vec<&str> = GradeStatus::ALL.iter().map(|status| status.word()).collect();
            problems.note::<()>("unknown-status", place, format!("is no status; there are {}", known.join(", ")));
            continue;
        };
        let grade = problems.text(node, &place).and_then(|text| problems.grade(text, &place));
        let Some(grade) = grade else { continue };
        if !on_scale(&grade) {
            problems.note::<()>("grade-not-on-scale", place, "names a grade that is not on the scale");
            continue;
        }
        statuses.retain(|(known, _)| *known != status);
        statuses.push((status, grade));
    }
    statuses
}

fn unchanged_statuses(base: &LevelRules, scale: &Dated<GradeScale>) -> Vec<(GradeStatus, Grade)> {
    let versions = base.versions();
    let newest = versions.dated.latest();
    let unchanged = |grade: &Grade| {
        let before = newest.entry(grade);
        let same = |now: &GradeScale| before.zip(now.entry(grade)).is_some_and(|(a, b)| a.counts_like(b));
        scale.versions().all(same)
    };
    base.statuses.iter().filter(|(_, grade)| unchanged(grade)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpa::scale_reader;

    /// The published schema and this reader know the same keys.
    #[test]
    fn the_schema_knows_every_key() {
        let schema: serde_json::Value =
            serde_json::from_str(include_str!("../../schemas/policy.schema.json")).expect("the schema is JSON");
        let keys = |place: &str| {
            let properties = schema.pointer(place).and_then(|node| node.as_object()).expect(place);
            properties.keys().cloned().collect::<std::collections::BTreeSet<String>>()
        };
        let set = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
        assert_eq!(keys("/properties"), set(&[&["name", "levels"], LEVEL_KEYS].concat()));
        assert_eq!(keys("/properties/levels/additionalProperties/properties"), set(LEVEL_KEYS));
        assert_eq!(keys("/properties/scale_changes/items/properties"), set(scale_versions::CHANGE_KEYS));
        assert_eq!(keys("/$defs/entry/properties"), set(scale_reader::ENTRY_KEYS));
        assert_eq!(keys("/$defs/mark_reading/properties"), set(scale_reader::MARK_KEYS));
        assert_eq!(keys("/$defs/rounding_rule/properties"), set(rounding_reader::KEYS));
        let statuses: Vec<&str> = GradeStatus::ALL.iter().map(|status| status.word()).collect();
        assert_eq!(keys("/properties/statuses/properties"), set(&statuses));
        use repeat_reader::{CAP_KEYS, KEYS, RANGE_KEYS, RULE_KEYS, TERM_KEYS};
        assert_eq!(keys("/$defs/repeats/properties"), set(&[KEYS, TERM_KEYS, RULE_KEYS].concat()));
        let later = [&["from"], TERM_KEYS, RULE_KEYS].concat();
        assert_eq!(keys("/$defs/repeats/properties/later/items/properties"), set(&later));
        let ranges = [RANGE_KEYS, RULE_KEYS].concat();
        assert_eq!(keys("/$defs/repeats/properties/by_number/items/properties"), set(&ranges));
        assert_eq!(keys("/$defs/repeat_cap/properties"), set(CAP_KEYS));
        let entry = keys("/$defs/entry/properties");
        assert_eq!(entry, set(scale_reader::ENTRY_KEYS));
        let units: Vec<&str> = unit_reader::convertible().map(|unit| unit.word()).collect();
        assert_eq!(keys("/$defs/units/properties"), set(&[unit_reader::UNIT_KEYS, &units].concat()));
        assert_eq!(keys("/$defs/variants/additionalProperties/properties"), set(unit_reader::VARIANT_KEYS));
        for kind in [Kind::Standing, Kind::TermHonors, Kind::DegreeHonors] {
            assert_eq!(keys(&format!("/$defs/{}/properties", kind.key())), set(&kind.keys()));
            let bounds: Vec<String> = outcome_reader::bounds(kind).into_iter().map(|(key, ..)| key).collect();
            let own = kind.rule_keys().into_iter().chain(bounds.iter().map(String::as_str)).collect::<Vec<_>>();
            assert_eq!(keys(&format!("/$defs/{}/properties/rules/items/properties", kind.key())), set(&own));
        }
    }
}
