//! Honours classification as British universities do it: best credits of each level, weighted levels, classes.

use super::fraction::Fraction;
use crate::domain::{Credits, Decimal, Error, Problem, Ratio, Text};
use crate::gpa::rounding::Rounding;

/// One module with its mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    pub mark: Decimal,
    pub credits: Credits,
    /// The level of study, in the scheme's own word ("5").
    pub level: Text,
}

/// How an institution classifies. Read from data by `from_toml` and `from_json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HonoursScheme {
    pub(super) name: String,
    /// How each mark is rounded before anything else; without it marks stand as they are.
    pub(super) module_marks: Option<Rounding>,
    /// How the average is rounded before it is compared; without it the exact average is.
    pub(super) classified: Option<Rounding>,
    /// How averages are printed.
    pub(super) printed: Rounding,
    /// The method with the best average decides; the first of equals.
    pub(super) methods: Vec<Method>,
    /// Best first, each with the least average it takes.
    pub(super) classes: Vec<(Text, Decimal)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Method {
    pub weights: Vec<(Text, Decimal)>,
    pub weigh: Weigh,
    /// Only so many credits of each level count, the best ones; a module is split where it must be.
    pub best_credits: Option<Credits>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weigh {
    /// Each level's average by its weight (25 and 75).
    Levels,
    /// Each credit by its level's weight (1 and 2).
    Credits,
}

/// The average of one level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelMark {
    pub level: Text,
    pub exact: Ratio,
    pub displayed: Decimal,
    pub credits: Credits,
}

/// A classification, and what it was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HonoursClassification {
    pub scheme: String,
    /// Absent where the average is below the lowest class.
    pub class: Option<Text>,
    pub exact: Ratio,
    pub displayed: Decimal,
    /// Which of the scheme's methods gave it, counted from one.
    pub method: usize,
    /// The levels with a weight, in the order of the method.
    pub levels: Vec<LevelMark>,
    /// How many credits of each module counted, parallel to the modules given.
    pub counted: Vec<Credits>,
}

/// More modules than any degree has.
const MOST_MODULES: usize = 1_000;
const MOST_MARK: i64 = 1_000;

struct Outcome {
    method: usize,
    average: Fraction,
    levels: Vec<LevelMark>,
    counted: Vec<Credits>,
}

/// Classifies by every method of the scheme and takes the best. Refused are modules of a level without a weight, levels
/// without enough credits, and marks that are none, all listed.
pub fn classify_honours(modules: &[Module], scheme: &HonoursScheme) -> Result<HonoursClassification, Error> {
    let marks = marks(modules, scheme)?;
    let mut problems = Vec::new();
    let mut best: Option<Outcome> = None;
    for (index, method) in scheme.methods.iter().enumerate() {
        match outcome(modules, &marks, scheme, index, method) {
            Ok(outcome) if best.as_ref().is_none_or(|best| outcome.average.ratio() > best.average.ratio()) => {
                best = Some(outcome);
            }
            Ok(_) => {}
            Err(found) => {
                problems.extend(found.into_iter().filter(|problem| !problems.contains(problem)).collect::<Vec<_>>())
            }
        }
    }
    match best {
        Some(outcome) if problems.is_empty() => classified(outcome, scheme).ok_or_else(|| refused(vec![too_large()])),
        _ => Err(refused(problems)),
    }
}

fn classified(outcome: Outcome, scheme: &HonoursScheme) -> Option<HonoursClassification> {
    let exact = outcome.average.ratio();
    let compared = match scheme.classified {
        Some(rounding) => Fraction::of(rounding.apply(exact)?).ratio(),
        None => exact,
    };
    let reached = |least: &Decimal| compared >= Fraction::of(*least).ratio();
    let class = scheme.classes.iter().find(|(_, least)| reached(least)).map(|(class, _)| class.clone());
    Some(HonoursClassification {
        scheme: scheme.name.clone(),
        class,
        exact,
        displayed: scheme.printed.apply(exact)?,
        method: outcome.method + 1,
        levels: outcome.levels,
        counted: outcome.counted,
    })
}

/// The marks as the scheme takes them.
fn marks(modules: &[Module], scheme: &HonoursScheme) -> Result<Vec<Decimal>, Error> {
    if modules.len() > MOST_MODULES {
        return Err(refused(vec![Problem::new("too-many-modules", "modules", "are more than 1000")]));
    }
    let mut problems = Vec::new();
    let mut marks = Vec::with_capacity(modules.len());
    for (index, module) in modules.iter().enumerate() {
        let plausible = !module.mark.is_negative() && module.mark.micro() <= MOST_MARK * 1_000_000;
        let mark = match scheme.module_marks {
            Some(rounding) => rounding.apply(Fraction::of(module.mark).ratio()),
            None => Some(module.mark),
        };
        match mark.filter(|_| plausible) {
            Some(mark) => marks.push(mark),
            None => problems.push(Problem::new(
                "out-of-range",
                format!("modules[{index}].mark"),
                "must lie between 0 and 1000",
            )),
        }
    }
    if problems.is_empty() { Ok(marks) } else { Err(refused(problems)) }
}

fn outcome(
    modules: &[Module],
    marks: &[Decimal],
    scheme: &HonoursScheme,
    index: usize,
    method: &Method,
) -> Result<Outcome, Vec<Problem>> {
    let mut problems = Vec::new();
    let known = |level: &Text| method.weights.iter().any(|(known, _)| known == level);
    for (at, _) in modules.iter().enumerate().filter(|(_, module)| !known(&module.level)) {
        let message = "is of a level that the scheme gives no weight; 0 is one";
        problems.push(Problem::new("level-without-weight", format!("modules[{at}].level"), message));
    }
    let mut counted = vec![Credits::ZERO; modules.len()];
    let mut levels = Vec::new();
    let (mut top, mut bottom) = (Some(Fraction::zero()), Some(Fraction::zero()));
    let taken = |level: &Text| modules.iter().any(|module| module.level == *level);
    for (level, weight) in method.weights.iter().filter(|(_, weight)| !weight.is_zero()) {
        // By credits a level that was not taken adds nothing; among weighted averages it would be missing.
        if method.weigh == Weigh::Credits && !taken(level) {
            continue;
        }
        let sum = match best_of(modules, marks, level, method.best_credits, &mut counted) {
            Ok(sum) => sum,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        let Some(mark) = level_mark(level, &sum, scheme) else {
            problems.push(too_large());
            continue;
        };
        let weight = Fraction::of(*weight);
        let (points, hours) = match method.weigh {
            Weigh::Levels => {
                (Fraction::new(mark.exact.numerator(), mark.exact.denominator()), Some(Fraction::of(one())))
            }
            Weigh::Credits => (Some(sum.points), Some(sum.hours)),
        };
        let add = |total: Option<Fraction>, part: Option<Fraction>| total?.plus(part?.times(weight)?);
        (top, bottom) = (add(top, points), add(bottom, hours));
        levels.push(mark);
    }
    let average = top.zip(bottom).and_then(|(top, bottom)| top.over(bottom));
    match average {
        _ if !problems.is_empty() => Err(problems),
        Some(average) => Ok(Outcome { method: index, average, levels, counted }),
        None if levels.is_empty() => {
            Err(vec![Problem::new("too-few-credits", "modules", "hold no credits that weigh")])
        }
        None => Err(vec![too_large()]),
    }
}

fn one() -> Decimal {
    Decimal::whole(1).unwrap_or(Decimal::ZERO)
}

/// Marks times credits, and credits, of what counts at a level.
struct LevelSum {
    points: Fraction,
    hours: Fraction,
    credits: Credits,
}

/// The best credits of a level; of the module at the edge only what is missing.
fn best_of(
    modules: &[Module],
    marks: &[Decimal],
    level: &Text,
    limit: Option<Credits>,
    counted: &mut [Credits],
) -> Result<LevelSum, Problem> {
    let mut here: Vec<usize> = (0..modules.len()).filter(|at| modules[*at].level == *level).collect();
    // Of equal marks the earlier module counts first: the average is the same.
    here.sort_by_key(|at| (std::cmp::Reverse(marks[*at]), *at));
    let mut sum = LevelSum { points: Fraction::zero(), hours: Fraction::zero(), credits: Credits::ZERO };
    for at in here {
        let left = limit.map(|limit| limit.decimal().micro() - sum.credits.decimal().micro());
        let taken =
            left.map_or(modules[at].credits.decimal().micro(), |left| left.min(modules[at].credits.decimal().micro()));
        let Some(taken) = Decimal::from_micro(taken, 0).and_then(Credits::new).filter(|taken| !taken.is_zero()) else {
            continue;
        };
        let hours = Fraction::of(taken.decimal());
        let points = hours.times(Fraction::of(marks[at])).and_then(|points| sum.points.plus(points));
        sum = match (points, sum.hours.plus(hours), sum.credits.checked_add(taken)) {
            (Some(points), Some(hours), Some(credits)) => LevelSum { points, hours, credits },
            _ => return Err(too_large()),
        };
        counted[at] = taken;
    }
    let enough = limit.is_none_or(|limit| sum.credits >= limit) && !sum.credits.is_zero();
    let message = || format!("hold too few credits of level {level} for the scheme");
    if enough { Ok(sum) } else { Err(Problem::new("too-few-credits", "modules", message())) }
}

fn level_mark(level: &Text, sum: &LevelSum, scheme: &HonoursScheme) -> Option<LevelMark> {
    let exact = sum.points.over(sum.hours)?.ratio();
    Some(LevelMark { level: level.clone(), exact, displayed: scheme.printed.apply(exact)?, credits: sum.credits })
}

fn too_large() -> Problem {
    Problem::new("totals-too-large", "modules", "add up to more than can be averaged exactly")
}

fn refused(problems: Vec<Problem>) -> Error {
    Error::MalformedRecord(problems)
}
