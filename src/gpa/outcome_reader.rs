//! Reads a policy's rules for standing, term honours and degree honours.

use super::dated::Dated;
use super::outcome::Bound;
use super::outcome_rules::{Condition, GpaOf, Measure, OutcomeRule, OutcomeRules};
use super::policy_node::{Node, Problems, Section};
use super::repeat_reader::{choice, flag, grade, grades, list};
use super::rounding_reader;
use super::scale::GradeScale;
use super::variants::VariantRule;
use crate::domain::{Text, YearMonth};

pub(super) const KEYS: &[&str] = &["print", "on_difference", "compare", "recorded", "rules"];
pub(super) const DEGREE_KEYS: &[&str] = &["gpa_of", "awards"];
pub(super) const RULE_KEYS: &[&str] = &["is", "from", "until"];
pub(super) const TERM_RULE_KEYS: &[&str] = &["without", "no_grade_below"];
pub(super) const STANDING_RULE_KEYS: &[&str] = &["previous", "previous_times"];
pub(super) const HONORS_RULE_KEYS: &[&str] = &["standing"];

/// What the rules are about: which conditions they may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Standing,
    TermHonors,
    DegreeHonors,
}

impl Kind {
    /// The policy's key for them.
    pub const fn key(self) -> &'static str {
        match self {
            Kind::Standing => "standing",
            Kind::TermHonors => "term_honors",
            Kind::DegreeHonors => "degree_honors",
        }
    }

    pub fn keys(self) -> Vec<&'static str> {
        if self == Kind::DegreeHonors { [KEYS, DEGREE_KEYS].concat() } else { KEYS.to_vec() }
    }

    pub fn measures(self) -> &'static [(&'static str, Measure)] {
        if self == Kind::DegreeHonors { Measure::OF_DEGREE } else { Measure::OF_TERM }
    }

    /// All keys that a rule may have but the bounds of its measures.
    pub fn rule_keys(self) -> Vec<&'static str> {
        match self {
            Kind::Standing => [RULE_KEYS, TERM_RULE_KEYS, STANDING_RULE_KEYS].concat(),
            Kind::TermHonors => [RULE_KEYS, TERM_RULE_KEYS, HONORS_RULE_KEYS].concat(),
            Kind::DegreeHonors => RULE_KEYS.to_vec(),
        }
    }
}

/// A section's own rules, else those that hold in general; both must fit its scale and its GPAs.
pub(super) fn own_or_inherited(
    problems: &mut Problems,
    section: Section,
    kind: Kind,
    inherited: Option<&OutcomeRules>,
    scale: Option<&Dated<GradeScale>>,
    variants: &[VariantRule],
) -> Option<OutcomeRules> {
    let place = section.place_of(kind.key());
    let rules = match section.get(kind.key()) {
        Some(node) => read(problems, node, &place, kind),
        None => inherited.cloned(),
    };
    check(problems, rules.as_ref()?, scale, variants, &place);
    rules
}

fn read(problems: &mut Problems, node: &Node, place: &str, kind: Kind) -> Option<OutcomeRules> {
    let section = problems.section(node, place, &kind.keys())?;
    let print = flag(problems, section, "print", false);
    let refuses = choice(problems, section, "on_difference", &[("tell", false), ("refuse", true)], Some(false));
    let exact = choice(problems, section, "compare", &[("displayed", false), ("exact", true)], Some(false));
    let rules = rules(problems, section, kind);
    let titles: Vec<Text> = rules.iter().flatten().map(|rule| rule.title.clone()).collect();
    let recorded = recorded(problems, section, &titles);
    let awards = texts(problems, section, "awards");
    let gpa_of = gpa_of(problems, section);
    Some(OutcomeRules {
        print: print?,
        refuses_differences: refuses?,
        exact: exact?,
        recorded: recorded?,
        awards: awards?,
        gpa_of: gpa_of?,
        rules: rules?,
    })
}

/// Grades that rules name must be on the scale, and the named GPA among the policy's.
fn check(
    problems: &mut Problems,
    rules: &OutcomeRules,
    scale: Option<&Dated<GradeScale>>,
    variants: &[VariantRule],
    place: &str,
) {
    let versions = || scale.into_iter().flat_map(Dated::versions);
    for condition in rules.rules.iter().flat_map(|rule| &rule.conditions) {
        let known = match condition {
            Condition::Without(grades) => {
                grades.iter().all(|grade| scale.is_none() || versions().any(|one| one.entry(grade).is_some()))
            }
            Condition::NoGradeBelow(grade) => {
                versions().all(|one| one.entry(grade).is_some_and(|entry| entry.points.is_some()))
            }
            _ => true,
        };
        if !known {
            problems.note::<()>(
                "grade-not-on-scale",
                place,
                "names a grade that is not on the scale, or has no points",
            );
        }
    }
    let named = |name: &String| variants.iter().any(|variant| variant.name == *name);
    if matches!(&rules.gpa_of, GpaOf::Variant(name) if !named(name)) {
        let message = "must be institution, overall or the name of one of the variants";
        problems.note::<()>("unknown-gpa", format!("{place}.gpa_of"), message);
    }
}

fn rules(problems: &mut Problems, section: Section, kind: Kind) -> Option<Vec<OutcomeRule>> {
    let place = section.place_of("rules");
    let items = list(problems, section.get("rules"), &place)?;
    if items.is_empty() {
        return problems.note("no-rules", section.place(), "needs rules: a list of at least one");
    }
    let measures = bounds(kind);
    let known: Vec<&str> = kind.rule_keys().into_iter().chain(measures.iter().map(|(key, ..)| key.as_str())).collect();
    let mut found = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let place = format!("{place}[{index}]");
        let section = problems.section(item, &place, &known);
        found.push(section.and_then(|section| rule(problems, section, &measures)));
    }
    let rules: Vec<OutcomeRule> = found.into_iter().collect::<Option<_>>()?;
    refuse_unreachable(problems, &rules);
    Some(rules)
}

/// A rule that always holds ends the list: what comes after it would never be asked.
fn refuse_unreachable(problems: &mut Problems, rules: &[OutcomeRule]) {
    let always = |rule: &OutcomeRule| rule.conditions.is_empty() && rule.from.is_none() && rule.until.is_none();
    let Some(last) = rules.iter().position(always) else { return };
    for rule in &rules[last + 1..] {
        problems.note::<()>("unreachable-rule", rule.place.as_str(), "comes after a rule that always holds");
    }
}

/// Every key that bounds a measure: of credits at least and below, of a GPA at most and above, too.
pub(super) fn bounds(kind: Kind) -> Vec<(String, Bound, Measure)> {
    let told = |measure: Measure| {
        let of_gpa = matches!(measure, Measure::Gpa(_));
        Bound::ALL.into_iter().filter(move |bound| of_gpa || matches!(bound, Bound::AtLeast | Bound::Below))
    };
    let keys = |(word, measure): &(&'static str, Measure)| {
        let (word, measure) = (*word, *measure);
        told(measure).map(move |bound| (format!("{word}_{}", bound.word()), bound, measure))
    };
    kind.measures().iter().flat_map(keys).collect()
}

fn rule(problems: &mut Problems, section: Section, bounds: &[(String, Bound, Measure)]) -> Option<OutcomeRule> {
    let known_before = problems.0.len();
    let title = match section.get("is") {
        Some(node) => text(problems, node, &section.place_of("is")),
        None => problems.note("no-title", section.place(), "needs is: what it is called"),
    };
    let mut term =
        |key: &str| section.get(key).and_then(|node| rounding_reader::term(problems, node, &section.place_of(key)));
    let (from, until): (Option<YearMonth>, Option<YearMonth>) = (term("from"), term("until"));
    if from.zip(until).is_some_and(|(from, until)| from > until) {
        problems.note::<()>("empty-range", section.place(), "ends before it begins");
    }
    let mut conditions = Vec::new();
    for (key, bound, measure) in bounds {
        let Some(node) = section.get(key) else { continue };
        let place = section.place_of(key);
        let Some(threshold) = problems.decimal(node, &place) else { continue };
        if threshold.is_negative() {
            problems.note::<()>("not-a-number", place, "must not be negative");
        }
        conditions.push(Condition::Bound(*measure, *bound, threshold));
    }
    conditions.extend(other_conditions(problems, section));
    let place = section.place().to_owned();
    let title = title.filter(|_| problems.0.len() == known_before)?;
    Some(OutcomeRule { place, title, from, until, conditions })
}

fn other_conditions(problems: &mut Problems, section: Section) -> Vec<Condition> {
    let mut conditions = Vec::new();
    if section.get("without").is_some() {
        conditions.push(Condition::Without(grades(problems, section, "without")));
    }
    conditions.extend(grade(problems, section, "no_grade_below").map(Condition::NoGradeBelow));
    let times = section.get("previous_times").map(|node| (node, section.place_of("previous_times")));
    let times = times.map_or(Some(1), |(node, place)| {
        let times = problems.small(node, &place)?;
        let wrong = times == 0 || section.get("previous").is_none();
        if wrong { problems.note("bad-times", place, "goes with previous, from 1 on") } else { Some(times) }
    });
    for (key, times) in [("previous", times), ("standing", Some(1))] {
        let among = section.get(key).and_then(|_| texts(problems, section, key));
        conditions.extend(among.zip(times).map(|(among, times)| Condition::Previous(among, times)));
    }
    conditions
}

/// The record's words for the rules' own.
fn recorded(problems: &mut Problems, section: Section, titles: &[Text]) -> Option<Vec<(Text, Text)>> {
    let place = section.place_of("recorded");
    let Some(node) = section.get("recorded") else { return Some(Vec::new()) };
    let table = problems.table(node, &place)?;
    let mut found = Vec::new();
    for (words, node) in table.entries() {
        let place = table.place_of(words);
        let words = Text::new(words).ok().or_else(|| problems.note("not-a-text", &place, "is no line of words"));
        let title = text(problems, node, &place);
        if title.as_ref().is_some_and(|title| !titles.contains(title)) {
            problems.note::<()>("unknown-title", &place, "must be what one of the rules is called");
        }
        found.push(words.zip(title));
    }
    found.into_iter().collect()
}

fn gpa_of(problems: &mut Problems, section: Section) -> Option<GpaOf> {
    let Some(node) = section.get("gpa_of") else { return Some(GpaOf::Institution) };
    Some(match problems.text(node, &section.place_of("gpa_of"))? {
        "institution" => GpaOf::Institution,
        "overall" => GpaOf::Overall,
        name => GpaOf::Variant(name.to_owned()),
    })
}

fn texts(problems: &mut Problems, section: Section, key: &str) -> Option<Vec<Text>> {
    let place = section.place_of(key);
    let items = list(problems, section.get(key), &place)?;
    items.iter().enumerate().map(|(index, item)| text(problems, item, &format!("{place}[{index}]"))).collect()
}

pub(super) fn text(problems: &mut Problems, node: &Node, place: &str) -> Option<Text> {
    let words = problems.text(node, place)?;
    Text::new(words).map_or_else(|error| problems.note("not-a-text", place, format!("{error}")), Some)
}
