//! Which GPA the next credits need for an overall GPA to be printed at a target: exact, and tight.

use super::evaluate::evaluate;
use super::evaluation::{Evaluation, LevelEvaluation};
use super::level_judge::{LevelJudge, Work};
use super::policy::{Cumulative, InForce, Policy};
use super::rounding::Rounding;
use super::scale::{Best, GradeEntry, GradeScale};
use crate::domain::{Credits, Decimal, Error, Grade, GradePoints, Level, Problem, Ratio, StudentRecord};

/// What the next credits must bring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Required {
    pub level: Level,
    /// Which end of the scale is the good one; where it is the lowest, read "less" for "more".
    pub best: Best,
    /// The GPA of the next credits from which on the overall one is printed at the target or above.
    pub exact: Ratio,
    /// Whether exactly this much is too little: a half that rounds to even goes the other way.
    pub more_than: bool,
    /// Whether the worst grade of the scale brings enough.
    pub reached: bool,
    /// The least GPA of the policy's places that reaches the target; absent where none of the scale does.
    pub gpa: Option<Decimal>,
    /// The lowest grade that reaches it in every one of the credits.
    pub grade: Option<Grade>,
    /// What the best grade is worth.
    pub top: GradePoints,
}

/// The GPA that the next `credits` of new courses need so that the level's overall GPA, as its last term prints it, is
/// `target` or better. Where the policy makes it of printed terms, they are one term.
pub fn required_for(
    record: &StudentRecord,
    policy: &Policy,
    level: Option<&Level>,
    target: Decimal,
    credits: Credits,
) -> Result<Required, Error> {
    if credits.is_zero() {
        return Err(Error::configuration("credits must be more than 0"));
    }
    let Some(target) = GradePoints::new(target) else {
        return Err(Error::configuration("target_gpa must lie between 0 and 1000"));
    };
    let Evaluation::Computed { levels, .. } = evaluate(record, policy)? else {
        let message = "are as the document states them: no policy says what they would become";
        return Err(Error::MalformedRecord(vec![Problem::new("totals-stated", "totals", message)]));
    };
    let level = one_level(&levels, level)?;
    let policy = policy.for_student(record, &level.level).map_err(|problem| Error::MalformedRecord(vec![problem]))?;
    let rules = LevelJudge::new(Work::of(record), &policy, &level.level, None).last_rules();
    let too_large = || Error::configuration("target_gpa and credits are more than a GPA can hold");
    let bound = bound(level, &rules, target.decimal(), credits).ok_or_else(too_large)?;
    bound.required(level, &rules).ok_or_else(|| Error::configuration("no grade of the level's scale is worth points"))
}

fn one_level<'a>(levels: &'a [LevelEvaluation], asked: Option<&Level>) -> Result<&'a LevelEvaluation, Error> {
    match (asked, levels) {
        (Some(asked), _) => levels
            .iter()
            .find(|level| level.level == *asked)
            .ok_or_else(|| Error::configuration("level is none of the record's")),
        (None, [level]) => Ok(level),
        (None, _) => Err(Error::configuration("level must be said: the record does not have exactly one")),
    }
}

/// A value from which on (or up to which, on an inverted scale) is enough, and whether it is not enough itself.
#[derive(Clone, Copy)]
struct Bound {
    value: Ratio,
    open: bool,
    best: Best,
}

/// (least printed at the target × (hours + credits) − quality points) ÷ credits.
fn bound(level: &LevelEvaluation, rules: &InForce, target: Decimal, credits: Credits) -> Option<Bound> {
    let best = rules.scale.best();
    let mut points = level.overall.quality_points;
    let mut hours = level.overall.gpa_hours_exact;
    if rules.cumulative == Cumulative::RoundedTerms {
        (points, hours) = of_printed_terms(level)?;
    }
    let printed = Bound::of_printed(rules.rounding, best, target)?;
    let wanted = printed.value.checked_mul(hours.checked_add(credits.ratio())?)?;
    let lacking = wanted.checked_add(points.checked_mul(Ratio::new(-1, 1)?)?)?;
    let needed = Bound { value: lacking.checked_div(credits.ratio())?, ..printed };
    match rules.cumulative {
        Cumulative::Totals => Some(needed),
        // The next term counts as it is printed: it must be printed at what is needed.
        Cumulative::RoundedTerms => match GradePoints::new(needed.printed(rules.rounding.places())?) {
            Some(printed) => Bound::of_printed(rules.rounding, best, printed.decimal()),
            // Out of any scale's reach, or in everybody's.
            None => Some(needed),
        },
    }
}

/// Printed GPAs times their hours, and the hours.
fn of_printed_terms(level: &LevelEvaluation) -> Option<(Ratio, Ratio)> {
    let none = Ratio::new(0, 1)?;
    level.terms.iter().filter_map(|term| Some((term.term.gpa?.displayed, term.term.gpa_hours.ratio()))).try_fold(
        (none, none),
        |(points, hours), (gpa, more)| {
            let one = Ratio::from(gpa).checked_mul(more)?;
            Some((points.checked_add(one)?, hours.checked_add(more)?))
        },
    )
}

/// Thresholds of a rounding lie among these: half a unit of the ninth place.
const STEPS: i128 = 10_000_000_000;

impl Bound {
    /// Where values begin that are printed as the target or better. Printing never turns two numbers round, so that
    /// halving finds it.
    fn of_printed(rounding: Rounding, best: Best, target: Decimal) -> Option<Bound> {
        let above = |top: i128, bottom: i128| {
            let printed = rounding.apply(Ratio::new(top, bottom)?)?;
            Some(if best == Best::Highest { printed >= target } else { printed > target })
        };
        let (mut below, mut first) = (-1, 1_001 * STEPS);
        while first - below > 1 {
            let middle = below + (first - below) / 2;
            if above(middle, STEPS)? { first = middle } else { below = middle }
        }
        // Between two steps the threshold is one of them, on the side where the numbers between change.
        let from_below = first > 0 && above(2 * first - 1, 2 * STEPS)?;
        let value = Ratio::new(first - i128::from(from_below), STEPS)?;
        Some(Bound { value, open: (best == Best::Highest) == from_below, best })
    }

    fn enough(&self, value: Ratio) -> bool {
        self.best.reaches_exactly(value, self.value) && !(self.open && value == self.value)
    }

    fn required(&self, level: &LevelEvaluation, rules: &InForce) -> Option<Required> {
        let worth = || rules.scale.entries().iter().filter_map(|entry| entry.points);
        let top = worth().max_by_key(|points| self.best.quality(*points))?;
        let worst = worth().min_by_key(|points| self.best.quality(*points))?;
        let displayed = self.printed(rules.rounding.places());
        // Never past either end of the scale.
        let (lowest, highest) = (top.min(worst).decimal(), top.max(worst).decimal());
        let displayed = displayed.map(|gpa| gpa.max(lowest).min(highest).with_places(rules.rounding.places()));
        Some(Required {
            level: level.level.clone(),
            best: self.best,
            exact: self.value.reduced(),
            more_than: self.open,
            reached: self.enough(Ratio::from(worst.decimal())),
            gpa: displayed.filter(|gpa| self.enough(Ratio::from(*gpa))),
            grade: self.lowest(rules.scale),
            top,
        })
    }

    /// The first number of these places that is enough.
    fn printed(&self, places: u8) -> Option<Decimal> {
        let unit = 10i128.checked_pow(u32::from(places))?;
        let scaled = self.value.numerator().checked_mul(unit)?;
        let (whole, rest) = (scaled.div_euclid(self.value.denominator()), scaled.rem_euclid(self.value.denominator()));
        let beyond = self.open && rest == 0;
        let whole = match self.best {
            Best::Highest => whole + i128::from(rest > 0 || beyond),
            Best::Lowest => whole - i128::from(beyond),
        };
        Decimal::from_nano(i64::try_from(whole.checked_mul(1_000_000_000 / unit)?).ok()?, places)
    }

    /// Among grades of one worth the plainest: F before WF, A before A+.
    fn lowest(&self, scale: &GradeScale) -> Option<Grade> {
        let worth = |entry: &&GradeEntry| entry.points.map(|points| Ratio::from(points.decimal()));
        let reaching = scale.entries().iter().filter(|entry| worth(entry).is_some_and(|worth| self.enough(worth)));
        let found = reaching.min_by_key(|entry| (scale.quality(entry.points), entry.grade.as_str().chars().count()));
        found.map(|entry| entry.grade.clone())
    }
}
