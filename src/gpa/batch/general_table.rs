//! A whole table by a whole policy: repeats, rules that changed over the years, levels with rules of their own.

use super::cells::KeyCell;
use super::classes::FEW_PLACES;
use super::faults::{Fault, Faults};
use super::general_groups::{self, Meaning};
use super::general_names as names;
use super::general_output::{self, KeyLists};
use super::general_rows::{Chunk, Columns, Numbered};
use super::layout::{Layout, Marking, Role, name_of};
use super::output::{self, GpaTable};
use super::request::{BatchRequest, KeyColumn, OnError};
use super::share;
use super::sums::Writing;
use crate::domain::decimal::MAX_WRITTEN_PLACES;
use crate::domain::{Course, Error, Grade, Level, YearMonth};
use crate::gpa::policy::Policy;
use crate::gpa::rounding::Rounding;
use arrow_array::RecordBatch;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// Rows between two looks at the flag.
const BLOCK: usize = 4096;

/// Whether the policy asks more of a table than to add up its grades.
pub(super) fn is_needed(request: &BatchRequest) -> bool {
    let (policy, levels) = (&request.policy, request.columns.level.is_some());
    let keeps = |key| request.by.keys.contains(&key);
    // Levels never mix, so that a student's level is looked at wherever it is told.
    let of_students = keeps(KeyColumn::Student) && !keeps(KeyColumn::Level);
    let by_level = levels && (of_students || policy.all_rules().count() > 1);
    policy.has_repeats(levels)
        || policy.judges_students(levels)
        || policy.reads_marks(levels)
        || by_level
        || (request.columns.term.is_some() && policy.is_dated(levels))
}

/// What has been read so far.
#[derive(Default)]
struct Read {
    rows: Vec<Numbered>,
    count: u64,
    faults: Faults,
    rejected: Vec<(u64, Role, Fault)>,
}

pub(super) fn calculate(
    batches: &[RecordBatch],
    layout: &Layout,
    request: &BatchRequest,
    cancelled: &AtomicBool,
) -> Result<GpaTable, Error> {
    let chunks = batches.iter().map(|batch| Chunk::of(batch, layout)).collect::<Result<Vec<_>, _>>()?;
    let mut columns = Columns::default();
    let mut read = Read::default();
    for chunk in &chunks {
        read.chunk(chunk, &mut columns, layout, cancelled)?;
    }
    let (meaning, keys) = read.name(columns, layout, request, cancelled)?;
    let order = |a: &Numbered, b: &Numbered| (a.student, a.level, a.row).cmp(&(b.student, b.level, b.row));
    share::sort(&mut read.rows, cancelled, order).map_err(|_| Error::Cancelled)?;
    read.keep_levels_apart(request);
    if request.on_error == OnError::Refuse && !read.faults.is_empty() {
        return Err(read.faults.error(|role| name_of(request, role)));
    }
    let (groups, refused) = general_groups::groups(&read.rows, &meaning, request, cancelled)?;
    // Where nobody's student is named, each row is judged for itself, by its credits if by anything.
    let role = layout.whole.student.map_or(Role::Credits, |_| Role::Key(KeyColumn::Student));
    refused.into_iter().for_each(|(row, code)| read.fault(role, Fault::Judged(code), row));
    Ok(GpaTable {
        batch: general_output::table(&groups, &keys, batches, layout, request, meaning.writing)?,
        rejected: (request.on_error == OnError::Collect).then(|| read.rejected(request)).transpose()?,
        keys: layout.keys.len(),
        rows: read.count,
    })
}

/// The rows that can be right, in order of student and level, and what they mean.
pub(super) fn understood(
    batches: &[RecordBatch],
    layout: &Layout,
    request: &BatchRequest,
) -> Result<(Vec<Numbered>, Meaning), Error> {
    let chunks = batches.iter().map(|batch| Chunk::of(batch, layout)).collect::<Result<Vec<_>, _>>()?;
    let mut columns = Columns::default();
    let mut read = Read::default();
    for chunk in &chunks {
        read.chunk(chunk, &mut columns, layout, &AtomicBool::new(false))?;
    }
    let (meaning, _) = read.name(columns, layout, request, &AtomicBool::new(false))?;
    read.rows.sort_unstable_by_key(|row| (row.student, row.level, row.row));
    read.keep_levels_apart(request);
    Ok((read.rows, meaning))
}

impl Read {
    fn fault(&mut self, role: Role, fault: Fault, row: u64) {
        self.faults.add(role, fault, row);
        self.rejected.push((row, role, fault));
    }

    fn chunk<'a>(
        &mut self,
        chunk: &Chunk<'a>,
        columns: &mut Columns<'a>,
        layout: &Layout,
        cancelled: &AtomicBool,
    ) -> Result<(), Error> {
        for at in 0..chunk.count {
            if at % BLOCK == 0 && cancelled.load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            let number = self.count;
            let (faults, rejected) = (&mut self.faults, &mut self.rejected);
            let row = chunk.row(at, columns, &mut |role, fault| {
                faults.add(role, fault, number);
                rejected.push((number, role, fault));
            })?;
            if let Some(row) = row {
                // Nobody's attempts stand each for itself.
                let student = if layout.whole.student.is_some() { row.student } else { self.rows.len() as u32 };
                self.rows.push(Numbered { student, row: number, ..row });
            }
            self.count += 1;
        }
        Ok(())
    }

    /// Gives the numbers their meaning, in the order of what they name, and leaves out the rows of which any has none.
    fn name<'a>(
        &mut self,
        columns: Columns<'a>,
        layout: &Layout,
        request: &BatchRequest,
        cancelled: &AtomicBool,
    ) -> Result<(Meaning, KeyLists<'a>), Error> {
        let with_levels = layout.whole.level.is_some();
        let (students, student_ranks) = columns.students.ranked();
        let (terms, term_ranks) = columns.terms.ranked();
        let (levels, level_ranks) = columns.levels.ranked();
        let (sections, section_ranks) = columns.sections.ranked();
        let (policy, grades) = match layout.marking {
            Marking::Grades(_) => (request.policy.clone(), columns.grades.cells().iter().map(names::grade).collect()),
            Marking::Points(_) => names::with_points(&request.policy, columns.grades.cells()),
        };
        let courses = columns.courses.cells().iter().map(names::course).collect();
        let named = Named {
            terms: names::designators(&terms, policy.is_dated(with_levels))?,
            levels: levels.iter().map(names::level).collect(),
            courses,
            grades,
        };
        let rank = |ranks: &[u32], number: u32| ranks.get(number as usize).copied().unwrap_or(number);
        let mut known = HashMap::new();
        let rows = std::mem::take(&mut self.rows);
        self.rows.reserve_exact(rows.len());
        for (at, row) in rows.into_iter().enumerate() {
            if at % BLOCK == 0 && cancelled.load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            let ranked = Numbered {
                student: rank(&student_ranks, row.student),
                term: rank(&term_ranks, row.term),
                level: rank(&level_ranks, row.level),
                section: rank(&section_ranks, row.section),
                ..row
            };
            let faults = named.faults(&ranked, layout, &policy, &mut known);
            if faults.is_empty() {
                self.rows.push(ranked);
            }
            faults.into_iter().for_each(|(role, fault)| self.fault(role, fault, row.row));
        }
        Ok((named.meaning(policy, layout), KeyLists { students, terms, levels, sections }))
    }

    /// A student's levels have totals of their own: added up they are nobody's.
    fn keep_levels_apart(&mut self, request: &BatchRequest) {
        let by = &request.by.keys;
        if !by.contains(&KeyColumn::Student) || by.contains(&KeyColumn::Level) {
            return;
        }
        let mut others = Vec::new();
        for rows in self.rows.chunk_by(|a, b| a.student == b.student) {
            let first = rows.iter().min_by_key(|row| row.row).map(|row| row.level);
            others.extend(rows.iter().filter(|row| Some(row.level) != first).map(|row| row.row));
        }
        if !others.is_empty() {
            others.sort_unstable();
            self.rows.retain(|row| others.binary_search(&row.row).is_err());
            others.into_iter().for_each(|row| self.fault(Role::Key(KeyColumn::Level), Fault::MixedLevels, row));
        }
    }

    fn rejected(&mut self, request: &BatchRequest) -> Result<RecordBatch, Error> {
        self.rejected.sort_unstable();
        let named = self.rejected.iter().map(|(row, role, fault)| (*row, name_of(request, *role), *fault));
        output::rejected(&named.collect::<Vec<_>>())
    }
}

/// What the numbers mean; `None` where a cell is not what it should be.
struct Named {
    terms: Vec<Option<YearMonth>>,
    levels: Vec<Option<Level>>,
    courses: Vec<Option<Course>>,
    grades: Vec<Option<Grade>>,
}

impl Named {
    /// `known`: by level, term and grade, whether the grade is on the scale.
    fn faults(
        &self,
        row: &Numbered,
        layout: &Layout,
        policy: &Policy,
        known: &mut HashMap<(u32, u32, u32), bool>,
    ) -> Vec<(Role, Fault)> {
        let missing = |at: Option<usize>, is_there: bool| at.is_some() && !is_there;
        let whole = &layout.whole;
        let term = self.terms.get(row.term as usize).copied().flatten();
        let level = self.levels.get(row.level as usize).and_then(Option::as_ref);
        let course = self.courses.get(row.course as usize).and_then(Option::as_ref);
        let mut faults = Vec::new();
        if missing(whole.term, term.is_some()) {
            faults.push((Role::Key(KeyColumn::Term), Fault::NotATerm));
        }
        if missing(whole.level, level.is_some()) {
            faults.push((Role::Key(KeyColumn::Level), Fault::NotALevel));
        }
        if missing(whole.course, course.is_some()) {
            faults.push((Role::Course, Fault::NotACourse));
        }
        let on_scale = || {
            let grade = self.grades.get(row.grade as usize).and_then(Option::as_ref);
            grade.is_some_and(|grade| policy.has_grade(level, term, grade))
        };
        if faults.is_empty() && !*known.entry((row.level, row.term, row.grade)).or_insert_with(on_scale) {
            faults.push((Role::Grade, Fault::GradeNotOnScale));
        }
        faults
    }

    /// Rows without a meaning are gone: what stands in its place is never looked at.
    fn meaning(self, policy: Policy, layout: &Layout) -> Meaning {
        let any_term = YearMonth::new(9999, 12);
        let any_course = || names::course(&KeyCell::Integer(0));
        let (terms, courses) = match &layout.whole {
            whole if whole.term.is_none() => (vec![any_term], self.courses),
            _ => (self.terms, self.courses),
        };
        let courses = if layout.whole.course.is_none() { vec![None] } else { courses };
        let levels = if layout.whole.level.is_none() { vec![Some(policy.general_level())] } else { self.levels };
        let any_grade = self.grades.iter().flatten().next().cloned();
        let with_levels = layout.whole.level.is_some();
        // Where the scale goes by entry, the rules' own has no grade.
        let by_entry = policy.rules_for(with_levels).filter_map(|rules| rules.entered.as_ref());
        let by_entry = by_entry.flat_map(|entered| entered.scales.versions());
        let few = policy.rules_for(with_levels).flat_map(|rules| rules.scale.versions()).chain(by_entry).all(|scale| {
            let micro = |points: crate::domain::GradePoints| points.decimal().micro();
            scale.entries().iter().filter_map(|entry| entry.points).all(|points| micro(points) % 1000 == 0)
        });
        let point_places = if few { FEW_PLACES } else { MAX_WRITTEN_PLACES };
        let roundings = policy.rules_for(with_levels).flat_map(|rules| rules.rounding.general_versions());
        let rounding = roundings.copied().max_by_key(|rounding| rounding.places()).unwrap_or(Rounding::BANNER);
        Meaning {
            terms: terms.into_iter().filter_map(|term| term.or(any_term)).collect(),
            levels: levels.into_iter().map(|level| level.unwrap_or_else(Level::undergraduate)).collect(),
            courses: courses.into_iter().filter_map(|course| course.or_else(any_course)).collect(),
            grades: self.grades.into_iter().filter_map(|grade| grade.or_else(|| any_grade.clone())).collect(),
            writing: Writing { point_places, rounding },
            policy,
        }
    }
}
