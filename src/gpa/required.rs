//! Which GPA the next credits need for an overall GPA to be printed at a target: exact, and tight.

use super::evaluate::evaluate;
use super::evaluation::{Evaluation, LevelEvaluation};
use super::level_judge::LevelJudge;
use super::policy::Policy;
use super::rounding::Rounding;
use super::scale::{GradeEntry, GradeScale};
use crate::domain::{Credits, Decimal, Error, Grade, GradePoints, Level, Problem, Ratio, StudentRecord};

/// What the next credits must bring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Required {
    pub level: Level,
    /// The GPA of the next credits from which on the overall one is printed at the target or above. Not above zero:
    /// it is reached whatever they bring.
    pub exact: Ratio,
    /// Whether exactly this much is too little: a half that rounds to even goes the other way.
    pub more_than: bool,
    /// The least GPA of the policy's places that reaches the target; absent where none of the scale does.
    pub gpa: Option<Decimal>,
    /// The lowest grade that reaches it in every one of the credits.
    pub grade: Option<Grade>,
    /// The most that a credit can be worth.
    pub top: GradePoints,
}

/// Thresholds of a rounding lie among these: half a unit of the ninth place.
const STEPS: i128 = 10_000_000_000;

/// The GPA that the next `credits` of new courses need so that the level's overall GPA, as its last term prints it, is
/// `target` or more.
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
    let rules = LevelJudge::new(record, policy, &level.level, None).last_rules();
    let Some(top) = rules.scale.entries().iter().filter_map(|entry| entry.points).max() else {
        return Err(Error::configuration("the grade scale of this level has no grade worth points"));
    };
    let too_large = || Error::configuration("target_gpa and credits are more than a GPA can hold");
    let (least, strictly) = least_printed_at(rules.rounding, target.decimal()).ok_or_else(too_large)?;
    let exact = needed(level, least, credits).ok_or_else(too_large)?;
    let enough = |value: Ratio| value > exact || (value == exact && !strictly);
    let gpa = least_displayed(exact, strictly, rules.rounding.places(), top);
    Ok(Required {
        level: level.level.clone(),
        exact,
        more_than: strictly,
        gpa: gpa.filter(|gpa| worth(*gpa).is_some_and(enough)),
        grade: lowest(rules.scale, enough),
        top,
    })
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

/// The least value that is printed as the target or above, in steps of [`STEPS`], and whether only more than it is.
/// Printing never lowers the greater of two numbers, so halving finds it.
fn least_printed_at(rounding: Rounding, target: Decimal) -> Option<(i128, bool)> {
    let reaches = |top: i128, bottom: i128| Some(rounding.apply(Ratio::new(top, bottom)?)? >= target);
    let (mut below, mut enough) = (-1, 1_001 * STEPS);
    while enough - below > 1 {
        let middle = below + (enough - below) / 2;
        if reaches(middle, STEPS)? { enough = middle } else { below = middle }
    }
    match enough > 0 && reaches(2 * enough - 1, 2 * STEPS)? {
        true => Some((enough - 1, true)),
        false => Some((enough, false)),
    }
}

/// (least × (hours + credits) − quality points) ÷ credits.
fn needed(level: &LevelEvaluation, least: i128, credits: Credits) -> Option<Ratio> {
    let all = level.overall.gpa_hours_exact.checked_add(credits.ratio())?;
    let wanted = Ratio::new(least, STEPS)?.checked_mul(all)?;
    let have = level.overall.quality_points.checked_mul(Ratio::new(-1, 1)?)?;
    wanted.checked_add(have)?.checked_div(credits.ratio())
}

/// The least number of these places that is enough, but never above the best grade.
fn least_displayed(exact: Ratio, strictly: bool, places: u8, top: GradePoints) -> Option<Decimal> {
    let unit = 10i128.checked_pow(u32::from(places))?;
    let scaled = exact.numerator().max(0).checked_mul(unit)?;
    let (whole, rest) = (scaled / exact.denominator(), scaled % exact.denominator());
    let over = i128::from(rest > 0 || (strictly && exact.numerator() >= 0));
    let micro = (whole + over).checked_mul(1_000_000 / unit)?;
    let most = i128::from(top.decimal().micro());
    Decimal::from_micro(i64::try_from(micro.min(most)).ok()?, places)
}

/// Among grades of one worth the plainest: F before WF, A before A+.
fn lowest(scale: &GradeScale, enough: impl Fn(Ratio) -> bool) -> Option<Grade> {
    let worth = |entry: &&GradeEntry| entry.points.and_then(|points| worth(points.decimal()));
    let reaching = scale.entries().iter().filter(|entry| worth(entry).is_some_and(&enough));
    let found = reaching.min_by_key(|entry| (entry.points, entry.grade.as_str().chars().count()));
    found.map(|entry| entry.grade.clone())
}

fn worth(number: Decimal) -> Option<Ratio> {
    Ratio::new(i128::from(number.micro()), 1_000_000)
}
