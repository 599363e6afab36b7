//! The weighted average mark (WAM): marks by credits and by the weight of the unit's level.

use super::classification::Module;
use super::fraction::Fraction;
use super::reader;
use crate::domain::{Decimal, Error, Problem, Ratio, Text};
use crate::gpa::policy_node::{Node, Problems};
use crate::gpa::rounding::Rounding;

/// How an institution weighs marks. Read from data by `from_toml` and `from_json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkScheme {
    weights: Vec<(Text, Decimal)>,
    /// The weight of levels that are not named; without it they are refused.
    otherwise: Option<Decimal>,
    rounding: Rounding,
}

/// The average: the exact ratio, and as the scheme prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeightedMark {
    pub exact: Ratio,
    pub displayed: Decimal,
}

const KEYS: &[&str] = &["name", "title", "weights", "otherwise", "rounding"];
const MOST_UNITS: usize = 1_000;
const MOST_MARK: i64 = 1_000;

impl MarkScheme {
    /// Reads a scheme file. Every problem of its content is listed at once.
    pub fn from_toml(text: &str) -> Result<MarkScheme, Error> {
        reader::whole(&Node::from_toml_text(text)?, read)
    }

    /// Reads a scheme of the same shape as a TOML file.
    pub fn from_json(value: &serde_json::Value) -> Result<MarkScheme, Error> {
        reader::whole(&Node::from_json(value), read)
    }

    fn weight(&self, level: &Text) -> Option<Decimal> {
        let own = self.weights.iter().find(|(known, _)| known == level).map(|(_, weight)| *weight);
        own.or(self.otherwise)
    }
}

fn read(problems: &mut Problems, root: &Node) -> Option<MarkScheme> {
    let section = problems.section(root, "", KEYS)?;
    for key in ["name", "title"].into_iter().filter(|key| section.get(key).is_some()) {
        reader::words(problems, section, key);
    }
    let weights = reader::weights(problems, section);
    let otherwise = reader::optional_number(problems, section, "otherwise");
    let rounding = reader::rounding(problems, section, "rounding");
    let (weights, otherwise) = (weights?, otherwise?);
    if otherwise.is_none() && weights.is_empty() {
        return problems.note("no-weights", "", "needs weights by level, or otherwise for all of them");
    }
    Some(MarkScheme { weights, otherwise, rounding: rounding?.unwrap_or(Rounding::BANNER) })
}

/// The mean of the marks, by credits and by the weight of each unit's level; `None` where nothing weighs. Only units with
/// a mark are given: what else leaves the average (withdrawn, satisfied requirements) is the caller's to leave out.
pub fn weighted_average_mark(units: &[Module], scheme: &MarkScheme) -> Result<Option<WeightedMark>, Error> {
    if units.len() > MOST_UNITS {
        return Err(Error::MalformedRecord(vec![Problem::new("too-many-modules", "modules", "are more than 1000")]));
    }
    let mut problems = Vec::new();
    let (mut top, mut bottom) = (Some(Fraction::zero()), Some(Fraction::zero()));
    for (index, unit) in units.iter().enumerate() {
        if unit.mark.is_negative() || unit.mark.micro() > MOST_MARK * 1_000_000 {
            let message = "must lie between 0 and 1000";
            problems.push(Problem::new("out-of-range", format!("modules[{index}].mark"), message));
        }
        let Some(weight) = scheme.weight(&unit.level) else {
            let message = "is of a level that the scheme gives no weight; 0 is one";
            problems.push(Problem::new("level-without-weight", format!("modules[{index}].level"), message));
            continue;
        };
        let hours = Fraction::of(unit.credits.decimal()).times(Fraction::of(weight));
        let points = hours.and_then(|hours| hours.times(Fraction::of(unit.mark)));
        top = top.zip(points).and_then(|(top, points)| top.plus(points));
        bottom = bottom.zip(hours).and_then(|(bottom, hours)| bottom.plus(hours));
    }
    if !problems.is_empty() {
        return Err(Error::MalformedRecord(problems));
    }
    if bottom.is_some_and(Fraction::is_zero) {
        return Ok(None);
    }
    let exact = top.zip(bottom).and_then(|(top, bottom)| top.over(bottom)).map(Fraction::ratio);
    let mean = exact.and_then(|exact| Some(WeightedMark { exact, displayed: scheme.rounding.apply(exact)? }));
    let too_large = || Problem::new("totals-too-large", "modules", "add up to more than can be averaged exactly");
    mean.map(Some).ok_or_else(|| Error::MalformedRecord(vec![too_large()]))
}
