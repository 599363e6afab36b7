//! What the numbers of the rows mean to the policy, each looked at once; rows of which a number means nothing are told.

use super::cells::KeyCell;
use super::classes::FEW_PLACES;
use super::faults::Fault;
use super::general::Row;
use super::general_distinct::Ranked;
use super::general_names as names;
use super::general_read::Wrong;
use super::general_rows::Numbered;
use super::layout::{Layout, Marking, Role};
use super::request::{BatchRequest, KeyColumn};
use super::share;
use super::sums::Writing;
use crate::domain::decimal::MAX_WRITTEN_PLACES;
use crate::domain::{Course, Credits, Decimal, Error, Grade, GradePoints, Level, YearMonth};
use crate::gpa::policy::Policy;
use crate::gpa::rounding::Rounding;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// What the numbers of the rows mean.
pub(super) struct Meaning {
    pub policy: Policy,
    /// In ascending order.
    pub terms: Vec<YearMonth>,
    pub levels: Vec<Level>,
    pub courses: Vec<Course>,
    pub grades: Vec<Grade>,
    /// By the rounding with the most places of all.
    pub writing: Writing,
}

impl Meaning {
    pub fn row(&self, row: &Numbered) -> Option<Row<'_>> {
        let credits = Decimal::from_micro(i64::from(row.credits) * 1000, 3).and_then(Credits::new)?;
        Some(Row {
            term: *self.terms.get(row.term as usize)?,
            course: self.courses.get(row.course as usize)?,
            grade: self.grades.get(row.grade as usize)?,
            credits,
            excluded: row.excluded,
            number: usize::try_from(row.row).ok()?,
        })
    }
}

/// What the cells name; `None` where a cell is not what it should be.
pub(super) struct Named {
    policy: Policy,
    terms: Vec<Option<YearMonth>>,
    levels: Vec<Option<Level>>,
    courses: Vec<Option<Course>>,
    grades: Vec<Option<Grade>>,
    has: Has,
}

/// Which of the columns there are.
#[derive(Clone, Copy)]
struct Has {
    term: bool,
    level: bool,
    course: bool,
}

/// By level, term and grade, whether the grade is on the scale.
pub(super) type OnScale = HashMap<(u32, u32, u32), bool, foldhash::fast::RandomState>;

/// Cells that one task names.
const PIECE: usize = 4096;

impl Named {
    /// Of the cells of all columns, in their order.
    pub fn of(
        [_, terms, levels, _, courses, grades]: &[Ranked; 6],
        layout: &Layout,
        request: &BatchRequest,
        cancelled: &AtomicBool,
    ) -> Result<Named, Error> {
        let whole = &layout.whole;
        let (policy, grades) = match layout.marking {
            Marking::Grades(_) => (request.policy.clone(), grades.cells.iter().map(names::grade).collect()),
            Marking::Points(_) => names::with_points(&request.policy, &grades.cells),
        };
        Ok(Named {
            terms: names::designators(&terms.cells, policy.is_dated(whole.level.is_some()))?,
            levels: named(&levels.cells, names::level, cancelled)?,
            courses: named(&courses.cells, names::course, cancelled)?,
            grades,
            policy,
            has: Has { term: whole.term.is_some(), level: whole.level.is_some(), course: whole.course.is_some() },
        })
    }

    /// Whether the row means something; if not, why.
    pub fn check(&self, row: &Numbered, known: &mut OnScale, wrong: &mut Wrong) -> bool {
        let term = self.terms.get(row.term as usize).copied().flatten();
        let level = self.levels.get(row.level as usize).and_then(Option::as_ref);
        let course = self.courses.get(row.course as usize).and_then(Option::as_ref);
        let faults = [
            (self.has.term && term.is_none(), Role::Key(KeyColumn::Term), Fault::NotATerm),
            (self.has.level && level.is_none(), Role::Key(KeyColumn::Level), Fault::NotALevel),
            (self.has.course && course.is_none(), Role::Course, Fault::NotACourse),
        ];
        if faults.iter().any(|(found, ..)| *found) {
            let found = faults.iter().filter(|(found, ..)| *found);
            found.for_each(|(_, role, fault)| wrong.add(*role, *fault, row.row));
            return false;
        }
        let on_scale = || {
            let grade = self.grades.get(row.grade as usize).and_then(Option::as_ref);
            grade.is_some_and(|grade| self.policy.has_grade(level, term, grade))
        };
        let on_scale = *known.entry((row.level, row.term, row.grade)).or_insert_with(on_scale);
        if !on_scale {
            wrong.add(Role::Grade, Fault::GradeNotOnScale, row.row);
        }
        on_scale
    }

    /// Rows without a meaning are gone: what stands in its place is never looked at.
    pub fn meaning(self) -> Meaning {
        let any_term = YearMonth::new(9999, 12);
        let any_course = || names::course(&KeyCell::Integer(0));
        let terms = if self.has.term { self.terms } else { vec![any_term] };
        let courses = if self.has.course { self.courses } else { vec![None] };
        let levels = if self.has.level { self.levels } else { vec![Some(self.policy.general_level())] };
        let any_grade = self.grades.iter().flatten().next().cloned();
        Meaning {
            terms: terms.into_iter().filter_map(|term| term.or(any_term)).collect(),
            levels: levels.into_iter().map(|level| level.unwrap_or_else(Level::undergraduate)).collect(),
            courses: courses.into_iter().filter_map(|course| course.or_else(any_course)).collect(),
            grades: self.grades.into_iter().filter_map(|grade| grade.or_else(|| any_grade.clone())).collect(),
            writing: writing(&self.policy, self.has.level),
            policy: self.policy,
        }
    }
}

/// Every cell by `name`, threads sharing them.
fn named<T: Send>(
    cells: &[KeyCell],
    name: fn(&KeyCell) -> Option<T>,
    cancelled: &AtomicBool,
) -> Result<Vec<Option<T>>, Error> {
    let pieces = share::each(cells.chunks(PIECE).collect(), |cells: &[KeyCell]| {
        if cancelled.load(Ordering::Relaxed) { Vec::new() } else { cells.iter().map(name).collect() }
    });
    if cancelled.load(Ordering::Relaxed) { Err(Error::Cancelled) } else { Ok(pieces.into_iter().flatten().collect()) }
}

/// How totals by the policy are written, whatever level and term they are of.
fn writing(policy: &Policy, levels: bool) -> Writing {
    // Where the scale goes by entry, the rules' own has no grade.
    let by_entry = policy.rules_for(levels).filter_map(|rules| rules.entered.as_ref());
    let by_entry = by_entry.flat_map(|entered| entered.scales.versions());
    let few = policy.rules_for(levels).flat_map(|rules| rules.scale.versions()).chain(by_entry).all(|scale| {
        let few = |points: GradePoints| points.decimal().micro() % 1000 == 0;
        scale.entries().iter().filter_map(|entry| entry.points).all(few)
    });
    let point_places = if few { FEW_PLACES } else { MAX_WRITTEN_PLACES };
    let roundings = policy.rules_for(levels).flat_map(|rules| rules.rounding.general_versions());
    let rounding = roundings.copied().max_by_key(|rounding| rounding.places()).unwrap_or(Rounding::BANNER);
    Writing { point_places, rounding }
}
