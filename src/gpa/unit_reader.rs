//! Reads how a policy converts credits, and the GPAs it names.

use super::exact_totals::Forgiven;
use super::outcome_reader::text;
use super::policy::LevelRules;
use super::policy_node::{Node, Problems, Section};
use super::repeat_reader::{choice, flag};
use super::rounding_reader;
use super::units::{RoundCredits, Units};
use super::variants::VariantRule;
use crate::domain::decimal::MAX_WRITTEN_PLACES;
use crate::domain::{CreditUnit, Credits, Ratio};

pub(super) const UNIT_KEYS: &[&str] = &["print", "round", "rounding"];
pub(super) const VARIANT_KEYS: &[&str] = &["title", "forgiven", "transfer", "last_credits", "rounding", "print"];
/// Bounds of a factor's numerator and denominator, so that sums stay exact.
const MOST: u32 = 1_000_000;

/// Units that credits can be converted from and to.
pub(super) fn convertible() -> impl Iterator<Item = CreditUnit> {
    let never = |unit: &CreditUnit| matches!(unit, CreditUnit::NoCredit | CreditUnit::Unreported);
    CreditUnit::ALL.iter().copied().filter(move |unit| !never(unit))
}

/// A section's own conversion, else the one that holds in general.
pub(super) fn own_or_inherited_units(
    problems: &mut Problems,
    section: Section,
    base: Option<&LevelRules>,
) -> Option<Units> {
    match section.get("units") {
        Some(node) => units(problems, node, &section.place_of("units")),
        None => base.and_then(|rules| rules.units.clone()),
    }
}

/// A section's own named GPAs, in the order of their names, else those that hold in general.
pub(super) fn own_or_inherited_variants(
    problems: &mut Problems,
    section: Section,
    base: Option<&LevelRules>,
) -> Vec<VariantRule> {
    match section.get("variants") {
        Some(node) => variants(problems, node, &section.place_of("variants")).unwrap_or_default(),
        None => base.map(|rules| rules.variants.clone()).unwrap_or_default(),
    }
}

fn units(problems: &mut Problems, node: &Node, place: &str) -> Option<Units> {
    let words: Vec<&str> = convertible().map(CreditUnit::word).collect();
    let section = problems.section(node, place, &[UNIT_KEYS, &words].concat())?;
    let known: Vec<(&str, CreditUnit)> = convertible().map(|unit| (unit.word(), unit)).collect();
    let needed = |problems: &mut Problems, key: &str| {
        let message = format!("needs {key}: an institution's own, which nothing tells otherwise");
        section.get(key).is_some().then_some(()).or_else(|| problems.note("key-missing", section.place(), message))
    };
    let needs = [needed(problems, "print"), needed(problems, "round"), needed(problems, "rounding")];
    needs.into_iter().collect::<Option<Vec<()>>>()?;
    let print = choice(problems, section, "print", &known, None);
    let round = [("course", RoundCredits::Course), ("sum", RoundCredits::Sum)];
    let round = choice(problems, section, "round", &round, None);
    let rounding =
        rounding_reader::read(problems, section.get("rounding")?, &section.place_of("rounding"), MAX_WRITTEN_PLACES);
    let mut factors = Vec::new();
    for unit in convertible() {
        let Some(node) = section.get(unit.word()) else { continue };
        let place = section.place_of(unit.word());
        let one = Ratio::new(1, 1);
        let factor = factor(problems, node, &place);
        if print == Some(unit) && factor != one {
            problems.note::<()>("bad-factor", &place, "is the printed unit, whose factor is 1");
        }
        factors.push(factor.map(|factor| (unit, factor)));
    }
    let factors: Option<Vec<(CreditUnit, Ratio)>> = factors.into_iter().collect();
    Some(Units { print: print?, factors: factors?, round: round?, rounding: rounding? })
}

/// A fraction ("2/3") or a decimal ("0.667"), exact as written.
fn factor(problems: &mut Problems, node: &Node, place: &str) -> Option<Ratio> {
    let (Node::Text(text) | Node::Number(text)) = node else {
        return problems.note("not-a-number", place, "must be a fraction such as \"2/3\" or a decimal");
    };
    let whole = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<u32>().ok()).flatten();
    let ratio = match text.split_once('/') {
        Some((top, bottom)) => {
            let parts = whole(top.trim()).zip(whole(bottom.trim()));
            parts.and_then(|(top, bottom)| Ratio::new(top.into(), bottom.into()))
        }
        None => text.parse().ok().map(|decimal: crate::domain::Decimal| decimal.into()),
    };
    let fits = |ratio: &Ratio| {
        let (ratio, most) = (ratio.reduced(), i128::from(MOST));
        (1..=most).contains(&ratio.numerator()) && ratio.denominator() <= most
    };
    let message = "must be a positive fraction such as \"2/3\", or a decimal, of at most a million over a million";
    ratio.map(Ratio::reduced).filter(fits).or_else(|| problems.note("bad-factor", place, message))
}

fn variants(problems: &mut Problems, node: &Node, place: &str) -> Option<Vec<VariantRule>> {
    let table = problems.table(node, place)?;
    if table.entries().len() > 20 {
        return problems.note("too-many-variants", place, "names more than 20 GPAs");
    }
    let mut found = Vec::new();
    for (name, node) in table.entries() {
        let place = table.place_of(name);
        let word =
            |name: &str| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b));
        if name.is_empty() || name.len() > 40 || !word(name) || ["institution", "overall"].contains(&name.as_str()) {
            let message = "must be a word of small letters, digits, - and _, other than institution and overall";
            problems.note::<()>("bad-name", &place, message);
            continue;
        }
        let section = problems.section(node, &place, VARIANT_KEYS);
        found.push(section.and_then(|section| variant(problems, name, section)));
    }
    let mut variants = found.into_iter().collect::<Option<Vec<VariantRule>>>()?;
    variants.sort_by(|a, b| a.name.cmp(&b.name));
    Some(variants)
}

fn variant(problems: &mut Problems, name: &str, section: Section) -> Option<VariantRule> {
    let title = match section.get("title") {
        Some(node) => text(problems, node, &section.place_of("title")),
        None => problems.note("no-title", section.place(), "needs a title: what it is called on a page"),
    };
    let forgiven = [("count", Forgiven::Counted), ("exclude", Forgiven::Excluded)];
    let forgiven = choice(problems, section, "forgiven", &forgiven, Some(Forgiven::Excluded));
    let transfer = flag(problems, section, "transfer", false);
    let print = flag(problems, section, "print", false);
    let last_credits = section.get("last_credits").map(|node| {
        let place = section.place_of("last_credits");
        let credits = Credits::new(problems.decimal(node, &place)?).filter(|credits| !credits.is_zero());
        credits.or_else(|| problems.note("bad-credits", &place, "must be credits above 0"))
    });
    let rounding = section.get("rounding").map(|node| {
        rounding_reader::read(problems, node, &section.place_of("rounding"), rounding_reader::MOST_GPA_PLACES)
    });
    Some(VariantRule {
        name: name.to_owned(),
        title: title?,
        forgiven: forgiven?,
        transfer: transfer?,
        last_credits: last_credits.map_or(Some(None), |credits| credits.map(Some))?,
        rounding: rounding.map_or(Some(None), |rounding| rounding.map(Some))?,
        print: print?,
    })
}
