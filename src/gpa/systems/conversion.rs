//! Grades of another country by the modified Bavarian formula: where a grade lies between best and lowest pass.

use super::fraction::Fraction;
use super::reader;
use crate::domain::{Decimal, Error, Problem, Ratio};
use crate::gpa::policy_node::{Node, Problems, Section};
use crate::gpa::rounding::Rounding;

/// How an institution converts. Read from data by `from_toml` and `from_json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversionScheme {
    /// What the best grade becomes, and the lowest that passes.
    best: Decimal,
    lowest_pass: Decimal,
    /// What everything below a pass becomes; without it it is refused.
    fail: Option<Decimal>,
    /// Without it the exact figure goes to the steps.
    rounding: Option<Rounding>,
    /// The grades that exist, from best to worst.
    steps: Vec<Decimal>,
    to: ToStep,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ToStep {
    /// The next one in the student's favour.
    Better,
    /// The nearest; halfway between two the better one.
    Nearest,
}

const KEYS: &[&str] = &["name", "title", "best", "lowest_pass", "fail", "rounding", "steps", "to"];
const MOST_STEPS: usize = 1_000;

impl ConversionScheme {
    /// Reads a scheme file. Every problem of its content is listed at once.
    pub fn from_toml(text: &str) -> Result<ConversionScheme, Error> {
        reader::whole(&Node::from_toml_text(text)?, read)
    }

    /// Reads a scheme of the same shape as a TOML file.
    pub fn from_json(value: &serde_json::Value) -> Result<ConversionScheme, Error> {
        reader::whole(&Node::from_json(value), read)
    }

    /// Whether the first of two grades of the target is better, or the same.
    fn reaches(&self, one: Ratio, other: Ratio) -> bool {
        if self.best < self.lowest_pass { one <= other } else { one >= other }
    }
}

fn read(problems: &mut Problems, root: &Node) -> Option<ConversionScheme> {
    let section = problems.section(root, "", KEYS)?;
    for key in ["name", "title"].into_iter().filter(|key| section.get(key).is_some()) {
        reader::words(problems, section, key);
    }
    let mut needed = |key: &str| match section.get(key) {
        Some(node) => reader::number(problems, node, &section.place_of(key)),
        None => problems.note("missing-key", section.place(), format!("needs {key}")),
    };
    let (best, lowest_pass) = (needed("best"), needed("lowest_pass"));
    let fail = reader::optional_number(problems, section, "fail");
    let rounding = reader::rounding(problems, section, "rounding");
    let steps = steps(problems, section);
    let to = to_step(problems, section);
    let scheme = ConversionScheme {
        best: best?,
        lowest_pass: lowest_pass?,
        fail: fail?,
        rounding: rounding?,
        steps: steps?,
        to: to?,
    };
    check(problems, scheme)
}

fn check(problems: &mut Problems, scheme: ConversionScheme) -> Option<ConversionScheme> {
    let exact = |number: Decimal| Fraction::of(number).ratio();
    if scheme.best == scheme.lowest_pass {
        return problems.note("empty-range", "lowest_pass", "must differ from best");
    }
    if scheme.rounding.is_none() && scheme.steps.is_empty() {
        return problems.note("no-rounding", "", "needs rounding, or steps to go to");
    }
    let falls = |pair: &[Decimal]| pair[0] != pair[1] && scheme.reaches(exact(pair[0]), exact(pair[1]));
    let within = scheme.steps.first().is_none_or(|first| *first == scheme.best)
        && scheme.steps.last().is_none_or(|last| *last == scheme.lowest_pass);
    if !scheme.steps.windows(2).all(falls) || !within {
        let message = "must go from best to lowest_pass, each worse than the one before";
        return problems.note("steps-out-of-order", "steps", message);
    }
    Some(scheme)
}

fn steps(problems: &mut Problems, section: Section) -> Option<Vec<Decimal>> {
    let place = section.place_of("steps");
    let items = match section.get("steps") {
        None => return Some(Vec::new()),
        Some(Node::List(items)) if items.len() <= MOST_STEPS => items,
        Some(_) => return problems.note("not-a-list", place, "must be a list of at most 1000 grades"),
    };
    let read = |(index, item): (usize, &Node)| reader::number(problems, item, &format!("{place}[{index}]"));
    let steps: Vec<Option<Decimal>> = items.iter().enumerate().map(read).collect();
    steps.into_iter().collect()
}

fn to_step(problems: &mut Problems, section: Section) -> Option<ToStep> {
    let place = section.place_of("to");
    match (section.get("to"), section.get("steps")) {
        (None, None) => Some(ToStep::Better),
        (Some(_), None) => problems.note("idle-key", place, "says nothing without steps"),
        (None, Some(_)) => problems.note("missing-key", section.place(), "needs to: better or nearest"),
        (Some(node), Some(_)) => match problems.text(node, &place)? {
            "better" => Some(ToStep::Better),
            "nearest" => Some(ToStep::Nearest),
            _ => problems.note("unknown-word", place, "must be better or nearest"),
        },
    }
}

/// Where a grade lies between the best of its scale and the lowest that passes, on the target's scale:
/// 1 + 3 (best - grade) / (best - lowest pass) in Germany. Either scale may run either way. Refused are a grade better
/// than the best, and a scale of one grade.
pub fn convert_grade(
    grade: Decimal,
    best: Decimal,
    lowest_pass: Decimal,
    scheme: &ConversionScheme,
) -> Result<Decimal, Error> {
    let refused = |code, place, message| Err(Error::MalformedRecord(vec![Problem::new(code, place, message)]));
    let rises = best > lowest_pass;
    if best == lowest_pass {
        return refused("empty-range", "lowest_pass", "must differ from best");
    }
    if (rises && grade > best) || (!rises && grade < best) {
        return refused("out-of-range", "grade", "is better than the best of its scale");
    }
    if (rises && grade < lowest_pass) || (!rises && grade > lowest_pass) {
        return match scheme.fail {
            Some(fail) => Ok(fail),
            None => refused("out-of-range", "grade", "does not pass, and the scheme says nothing of that"),
        };
    }
    let converted = position(grade, best, lowest_pass, scheme).and_then(|exact| finished(exact, scheme));
    converted.map_or_else(|| refused("totals-too-large", "grade", "is beyond exact arithmetic"), Ok)
}

fn position(grade: Decimal, best: Decimal, lowest_pass: Decimal, scheme: &ConversionScheme) -> Option<Fraction> {
    let [grade, best, lowest] = [grade, best, lowest_pass].map(Fraction::of);
    let share = best.minus(grade)?.over(best.minus(lowest)?)?;
    let (top, bottom) = (Fraction::of(scheme.best), Fraction::of(scheme.lowest_pass));
    top.plus(share.times(bottom.minus(top)?)?)
}

fn finished(exact: Fraction, scheme: &ConversionScheme) -> Option<Decimal> {
    let rounded = match scheme.rounding {
        Some(rounding) => Some(rounding.apply(exact.ratio())?),
        None => None,
    };
    if scheme.steps.is_empty() {
        return rounded;
    }
    let value = rounded.map_or(exact, Fraction::of);
    let of = |step: &Decimal| Fraction::of(*step);
    // What lies between the last step that is as good or better and the next one.
    let at = scheme.steps.iter().rposition(|step| scheme.reaches(of(step).ratio(), value.ratio()))?;
    let (better, worse) = (scheme.steps[at], scheme.steps.get(at + 1));
    let nearer = |worse: &&Decimal| {
        let middle = of(&better).plus(of(worse)).and_then(|sum| sum.over(Fraction::new(2, 1)?));
        middle.is_some_and(|middle| !scheme.reaches(value.ratio(), middle.ratio()))
    };
    match scheme.to {
        ToStep::Better => Some(better),
        ToStep::Nearest => Some(worse.filter(nearer).copied().unwrap_or(better)),
    }
}
