//! What every grade does by the rules of a level in a term: asked of the judge once, looked up from then on.

use super::general::{self, Row};
use super::general_meaning::Meaning;
use crate::domain::{CreditUnit, Credits, Decimal, Grade, GradePoints, Level};
use crate::gpa::judge;
use crate::gpa::policy::{InForce, LevelRules, Policy};
use crate::gpa::repeats::Repeats;
use std::collections::HashMap;
use std::sync::OnceLock;

/// Beyond these, students are judged as records are.
const MOST_TABLES: usize = 1 << 16;
const MOST_VERDICTS: usize = 1 << 20;

/// The policies of all levels: one each, or one for every term of entry where a scale goes by that.
pub(super) struct Policies(Vec<Vec<Policy>>);

impl Policies {
    /// `None` when they are too many to look up.
    pub fn of(meaning: &Meaning) -> Option<Policies> {
        let policy = &meaning.policy;
        let by_entry = |level: &Level| policy.goes_by_entry(Some(level));
        let entries = if meaning.levels.iter().any(by_entry) { meaning.terms.len() } else { 1 };
        let versions = if policy.is_dated(true) { meaning.terms.len() } else { 1 };
        let tables = meaning.levels.len().checked_mul(entries)?.checked_mul(versions)?;
        if tables > MOST_TABLES || tables.checked_mul(meaning.grades.len())? > MOST_VERDICTS {
            return None;
        }
        let of_level = |level: &Level| match by_entry(level) {
            true => meaning.terms.iter().map(|term| policy.entered_at(Some(level), *term)).collect(),
            false => vec![policy.clone()],
        };
        Some(Policies(meaning.levels.iter().map(of_level).collect()))
    }
}

/// Looked-up rules, filled by all threads as they are asked for.
pub(super) struct Rules<'m> {
    meaning: &'m Meaning,
    levels: Vec<OfLevel<'m>>,
    /// By place among the policy's rules: one number for all names of a course.
    courses: Vec<OnceLock<Vec<u32>>>,
    dated: bool,
}

struct OfLevel<'m> {
    level: &'m Level,
    policies: &'m [Policy],
    unit: CreditUnit,
    /// The place of its rules.
    rules: usize,
    /// By entry, then by term.
    tables: Vec<OnceLock<TermRules<'m>>>,
}

/// The rules in force at a level in a term, and by grade what it does: unmarked, and marked as excluded.
pub(super) struct TermRules<'m> {
    pub in_force: InForce<'m>,
    verdicts: Vec<[Option<Verdict<'m>>; 2]>,
}

/// What a grade does to the totals, and what repeats see of it.
#[derive(Clone, Copy)]
pub(super) struct Verdict<'m> {
    pub attempted: bool,
    pub earned: bool,
    pub in_gpa: bool,
    /// Whether the mark decides here, so that it is a result whatever the grade.
    pub marked: bool,
    /// Of one credit, in the unit of the table's points; 0 outside the GPA.
    pub points: u64,
    pub grade: Option<&'m Grade>,
    pub worth: Option<GradePoints>,
}

/// The rules that hold for one student.
pub(super) struct OfStudent<'r, 'm> {
    rules: &'r Rules<'m>,
    level: &'r OfLevel<'m>,
    policy: &'m Policy,
    entry: usize,
}

/// A course that is never a repeat.
pub(super) const NEVER: u32 = u32::MAX;

impl<'m> Rules<'m> {
    pub fn of(meaning: &'m Meaning, policies: &'m Policies) -> Rules<'m> {
        let dated = meaning.policy.is_dated(true);
        let versions = if dated { meaning.terms.len() } else { 1 };
        let place = |level: &Level| {
            let own: *const LevelRules = meaning.policy.rules(Some(level));
            meaning.policy.all_rules().position(|rules| std::ptr::eq(rules, own)).unwrap_or_default()
        };
        let of_level = |(level, policies): (&'m Level, &'m Vec<Policy>)| OfLevel {
            level,
            policies,
            unit: general::unit(&meaning.policy, level),
            rules: place(level),
            tables: (0..policies.len() * versions).map(|_| OnceLock::new()).collect(),
        };
        Rules {
            meaning,
            levels: meaning.levels.iter().zip(&policies.0).map(of_level).collect(),
            courses: meaning.policy.all_rules().map(|_| OnceLock::new()).collect(),
            dated,
        }
    }

    /// A student enters a level with the first term of it that the table has.
    pub fn of_student(&self, level: u32, first: u32) -> Option<OfStudent<'_, 'm>> {
        let level = self.levels.get(level as usize).filter(|level| level.unit != CreditUnit::NoCredit)?;
        let entry = if level.policies.len() > 1 { first as usize } else { 0 };
        Some(OfStudent { rules: self, level, policy: level.policies.get(entry)?, entry })
    }
}

impl<'r, 'm> OfStudent<'r, 'm> {
    pub fn repeats(&self) -> Option<&'m Repeats> {
        self.policy.rules(Some(self.level.level)).repeats.as_ref()
    }

    /// The number that stands for all names of each course.
    pub fn courses(&self, repeats: &Repeats) -> Option<&'r [u32]> {
        let own = self.rules.courses.get(self.level.rules)?;
        Some(own.get_or_init(|| named_alike(self.rules.meaning, repeats)))
    }

    /// The rules in force in a term.
    pub fn at(&self, term: u32) -> Option<&'r TermRules<'m>> {
        let meaning = self.rules.meaning;
        let (versions, version) = if self.rules.dated { (meaning.terms.len(), term as usize) } else { (1, 0) };
        let designator = *meaning.terms.get(term as usize)?;
        let table = self.level.tables.get(self.entry * versions + version)?;
        Some(table.get_or_init(|| {
            let in_force = self.policy.in_force_at(Some(self.level.level), Some(designator), None);
            let verdicts = (0..meaning.grades.len()).map(|grade| {
                [false, true].map(|excluded| verdict(meaning, &in_force, self.level.unit, grade as u32, excluded))
            });
            TermRules { verdicts: verdicts.collect(), in_force }
        }))
    }
}

impl<'m> TermRules<'m> {
    /// `None` where the judge refuses it.
    pub fn verdict(&self, grade: u32, excluded: bool) -> Option<&Verdict<'m>> {
        let [plain, marked] = self.verdicts.get(grade as usize)?;
        if excluded { marked.as_ref() } else { plain.as_ref() }
    }
}

/// Asks the judge about an attempt of one credit.
fn verdict<'m>(
    meaning: &'m Meaning,
    rules: &InForce<'m>,
    unit: CreditUnit,
    grade: u32,
    excluded: bool,
) -> Option<Verdict<'m>> {
    let credits = Credits::new(Decimal::whole(1)?)?;
    let (term, course) = (*meaning.terms.first()?, meaning.courses.first()?);
    let grade = meaning.grades.get(grade as usize)?;
    let attempt = general::attempt(&Row { term, course, grade, credits, excluded, number: 0 }, unit);
    let judged = judge::institution_attempt(&attempt, rules, &"").ok()?;
    let entry = rules.scale.entry(grade);
    let points = judged.points.map_or(Some(0), |points| u64::try_from(points.decimal().micro()).ok())?;
    // Points of fewer places are multiples: the writing has as many places as any scale of the policy.
    let unit = 10u64.pow(u32::from(crate::domain::decimal::MAX_WRITTEN_PLACES - meaning.writing.point_places));
    (points % unit == 0).then_some(Verdict {
        attempted: !judged.credits_attempted.is_zero(),
        earned: !judged.credits_earned.is_zero(),
        in_gpa: !judged.gpa_hours.is_zero(),
        marked: judged.repeat.is_some(),
        points: points / unit,
        grade: entry.map(|entry| &entry.grade),
        worth: judged.points.or(entry.and_then(|entry| entry.points)),
    })
}

fn named_alike(meaning: &Meaning, repeats: &Repeats) -> Vec<u32> {
    let mut known: HashMap<&str, u32, foldhash::fast::RandomState> = HashMap::default();
    let mut number = |name| {
        let next = known.len() as u32;
        *known.entry(name).or_insert(next)
    };
    let names =
        meaning.courses.iter().map(|course| course.number.as_ref().and_then(|code| repeats.course(code.as_str())));
    names.map(|name| name.map_or(NEVER, &mut number)).collect()
}
