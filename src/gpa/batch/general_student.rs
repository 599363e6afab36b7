//! Judges one student's rows in whole numbers: the judge's own verdicts and decisions, summed without its records.

use super::general_groups::{Group, Wanted, key};
use super::general_meaning::Meaning;
use super::general_output::Printed;
use super::general_rows::Numbered;
use super::general_rules::{NEVER, OfStudent, Rules, TermRules};
use super::request::KeyColumn;
use super::sums::Writing;
use super::totals_output::Total;
use super::worth::Lanes;
use crate::domain::decimal::MAX_PRINTED_PLACES;
use crate::domain::{Credits, Decimal, Problem, RepeatTreatment};
use crate::gpa::level_judge;
use crate::gpa::level_repeats::{self, Decided, Decisions, MOST_TERMS};
use crate::gpa::policy::Cumulative;
use crate::gpa::repeat_timeline::{self, Decision, MOST_ATTEMPTS, Taken};
use crate::gpa::repeats::{Changes, Repeats};
use crate::gpa::rounded_terms::RoundedTerms;
use crate::gpa::rounding::Rounding;
use std::sync::atomic::{AtomicBool, Ordering};

/// Sums below these pass no limit of a record, so that nothing is refused: credits in thousandths, points in ones.
const MOST_CREDITS: u64 = 999_999_000;
const MOST_POINTS: u64 = 100_000_000;

/// Attempts of one student between two looks at the flag.
const LOOK: usize = 4096;

/// Why a student has no groups yet.
pub(super) enum Doubt {
    /// The judge of records would say just this.
    Refused(Problem),
    /// Only the judge of records can tell; or nobody waits any more.
    Unknown,
}

/// Judges one student after the other.
pub(super) struct Quick<'r, 'm> {
    meaning: &'m Meaning,
    rules: &'r Rules<'m>,
    by: &'r [KeyColumn],
    wanted: Wanted,
    cancelled: &'r AtomicBool,
    /// What each row adds, repeats left aside: credits attempted and earned, GPA hours, quality points.
    added: Vec<Lanes>,
    /// By number of the course, who was the last student seen to attempt it, and how often.
    seen: Vec<(u32, u32)>,
    student: u32,
}

impl<'r, 'm> Quick<'r, 'm> {
    pub fn new(
        meaning: &'m Meaning,
        rules: &'r Rules<'m>,
        by: &'r [KeyColumn],
        cancelled: &'r AtomicBool,
    ) -> Quick<'r, 'm> {
        let wanted = Wanted::of(by);
        Quick { meaning, rules, by, wanted, cancelled, added: Vec::new(), seen: Vec::new(), student: 0 }
    }

    fn group(&self, row: &Numbered, total: Printed, running: Printed) -> Group {
        Group { key: key(row, self.by), total, running }
    }

    /// The groups of one student at one level, whose rows are in order of term and place. In doubt nothing is added.
    pub fn student(&mut self, rows: &[Numbered], groups: &mut Vec<Group>) -> Result<(), Doubt> {
        let (first, last) = rows.first().zip(rows.last()).ok_or(Doubt::Unknown)?;
        let rules = self.rules.of_student(first.level, first.term).ok_or(Doubt::Unknown)?;
        let (total, within) = self.add(rows, &rules).ok_or(Doubt::Unknown)?;
        let place = || format!("rows[{}]", first.row);
        let decided = match rules.repeats() {
            Some(repeats) => self.decide(rows, &rules, repeats, within, &place)?,
            None => Decided::nothing(),
        };
        // What repeats decide, they leave what is attempted.
        if total[0] > MOST_CREDITS {
            return Err(Doubt::Refused(level_judge::too_large(&place())));
        }
        let in_force = &rules.at(last.term).filter(|_| within).ok_or(Doubt::Unknown)?.in_force;
        let before = groups.len();
        let done = match self.wanted {
            Wanted::Attempts => self.attempts(rows, &decided, groups),
            Wanted::Students if in_force.cumulative == Cumulative::Totals => {
                self.whole(first, total, &decided, in_force.rounding, groups)
            }
            Wanted::Students | Wanted::Terms => self.terms(rows, &rules, &decided, groups),
        };
        done.ok_or_else(|| {
            groups.truncate(before);
            Doubt::Unknown
        })
    }

    fn whole(
        &self,
        first: &Numbered,
        mut total: Lanes,
        decided: &Decided,
        rounding: Rounding,
        groups: &mut Vec<Group>,
    ) -> Option<()> {
        for (key, decision) in decided.last() {
            let own = *self.added.get(*key)?;
            total = minus(total, own).plus(left(own, decision));
        }
        let total = self.printed(total, rounding)?;
        groups.push(self.group(first, total, total));
        Some(())
    }

    fn attempts(&self, rows: &[Numbered], decided: &Decided, groups: &mut Vec<Group>) -> Option<()> {
        for (key, row) in rows.iter().enumerate() {
            let total = Printed { sums: self.counted(key, decided.last())?.sums(), gpa: None };
            groups.push(self.group(row, total, total));
        }
        Some(())
    }

    /// What all rows add, and whether that is surely within all limits, whatever of it a total counts.
    fn add(&mut self, rows: &[Numbered], rules: &OfStudent<'r, 'm>) -> Option<(Lanes, bool)> {
        self.added.clear();
        let mut at: Option<(u32, &TermRules)> = None;
        let (mut total, mut credits, mut points) = (Lanes::default(), 0u64, 0u128);
        for (number, row) in rows.iter().enumerate() {
            self.look(number)?;
            let of_term = match at {
                Some((term, of_term)) if term == row.term => of_term,
                _ => at.insert((row.term, rules.at(row.term)?)).1,
            };
            let verdict = of_term.verdict(row.grade, row.excluded)?;
            let own = u64::from(row.credits);
            let quality = own * verdict.points;
            (credits, points) = (credits + own, points + u128::from(quality));
            let [attempted, earned, hours] =
                [verdict.attempted, verdict.earned, verdict.in_gpa].map(|counts| if counts { own } else { 0 });
            let added = [attempted, earned, hours, if verdict.in_gpa { quality } else { 0 }];
            total = total.plus(added);
            self.added.push(added);
        }
        let most = u128::from(MOST_POINTS * 10u64.pow(3 + u32::from(self.meaning.writing.point_places)));
        Some((total, credits <= MOST_CREDITS && points <= most))
    }

    fn look(&self, number: usize) -> Option<()> {
        let over = number % LOOK == LOOK - 1 && self.cancelled.load(Ordering::Relaxed);
        (!over).then_some(())
    }

    /// What repeats do. An attempt of a course that has no other is in no need of a decision, and changes those of
    /// others only where a mark takes it out.
    fn decide(
        &mut self,
        rows: &[Numbered],
        rules: &OfStudent<'r, 'm>,
        repeats: &'m Repeats,
        within: bool,
        place: &impl Fn() -> String,
    ) -> Result<Decided, Doubt> {
        let mut ends = Vec::new();
        if repeats.changes == Changes::RepeatTerm {
            let terms = rows.chunk_by(|a, b| a.term == b.term).filter_map(|own| own.first());
            ends = terms.filter_map(|row| self.meaning.terms.get(row.term as usize).copied()).collect();
        }
        if ends.len() > MOST_TERMS {
            return Err(Doubt::Unknown);
        }
        let most = self.attempted(rows, rules, repeats).ok_or(Doubt::Unknown)?;
        if most as usize > MOST_ATTEMPTS {
            return Err(Doubt::Refused(repeat_timeline::too_many(&place())));
        }
        // Beyond the limits there is no total that a decision could change.
        if most < 2 || !within {
            return Ok(Decided::nothing());
        }
        let taken = self.repeated(rows, rules, repeats).ok_or(Doubt::Unknown)?;
        // What stood at the end of a term shows in its own totals alone.
        let ends = if self.wanted == Wanted::Terms { ends.as_slice() } else { &[] };
        level_repeats::follow(repeats, taken, ends).map_err(|_| Doubt::Unknown)
    }

    /// How often at most the student attempted a course with a result.
    fn attempted(&mut self, rows: &[Numbered], rules: &OfStudent<'r, 'm>, repeats: &'m Repeats) -> Option<u32> {
        let courses = rules.courses(repeats)?;
        if self.seen.len() < courses.len() || self.student == u32::MAX {
            (self.seen, self.student) = (vec![(0, 0); courses.len()], 0);
        }
        self.student += 1;
        let mut most = 0;
        for (number, row) in rows.iter().enumerate() {
            self.look(number)?;
            let course = *courses.get(row.course as usize)?;
            if course == NEVER || !has_result(row, rules)? {
                continue;
            }
            let (student, times) = self.seen.get_mut(course as usize)?;
            *times = if *student == self.student { *times + 1 } else { 1 };
            *student = self.student;
            most = most.max(*times);
        }
        Some(most)
    }

    /// The attempts that decisions are about, and those that a mark takes out.
    fn repeated(&self, rows: &[Numbered], rules: &OfStudent<'r, 'm>, repeats: &'m Repeats) -> Option<Vec<Taken<'m>>> {
        let courses = rules.courses(repeats)?;
        let mut taken = Vec::new();
        for (key, row) in rows.iter().enumerate() {
            let course = *courses.get(row.course as usize)?;
            let repeated = || self.seen.get(course as usize).is_some_and(|(_, times)| *times > 1);
            if course != NEVER && has_result(row, rules)? && (row.excluded || repeated()) {
                taken.push(self.taken(key, row, rules)?);
            }
        }
        Some(taken)
    }

    /// An attempt as repeats see it.
    fn taken(&self, key: usize, row: &Numbered, rules: &OfStudent<'r, 'm>) -> Option<Taken<'m>> {
        let of_term = rules.at(row.term)?;
        let verdict = of_term.verdict(row.grade, row.excluded)?;
        let code = self.meaning.courses.get(row.course as usize)?.number.as_ref()?;
        Some(Taken {
            key,
            when: (*self.meaning.terms.get(row.term as usize)?, None),
            code: code.as_str().into(),
            grade: verdict.grade,
            points: verdict.worth,
            credits: Credits::new(Decimal::from_micro(i64::from(row.credits) * 1000, 3)?)?,
            earns: verdict.earned && row.credits > 0,
            may_replace: true,
            marked: row.excluded.then_some(RepeatTreatment::Excluded),
            elsewhere: false,
            scale: of_term.in_force.scale,
        })
    }

    /// Term by term: totals as the term's page prints them, or those of the whole where they are made of the terms'.
    fn terms(
        &self,
        rows: &[Numbered],
        rules: &OfStudent<'r, 'm>,
        decided: &Decided,
        groups: &mut Vec<Group>,
    ) -> Option<()> {
        let (mut begun, mut so_far) = (0, Lanes::default());
        let (mut rounded, mut last) = (RoundedTerms::default(), None);
        for (at, own) in rows.chunk_by(|a, b| a.term == b.term).enumerate() {
            let first = own.first()?;
            let (end, decisions) = (begun + own.len(), decided.at(at));
            let alone = self.sum(begun..end, decisions)?;
            let known = if decided.changes_by_term() { self.sum(0..begun, decisions)? } else { so_far };
            (begun, so_far) = (end, known.plus(alone));
            let in_force = &rules.at(first.term)?.in_force;
            let (total, mut running) =
                (self.printed(alone, in_force.rounding)?, self.printed(so_far, in_force.rounding)?);
            if in_force.cumulative == Cumulative::RoundedTerms {
                if let Some(gpa) = total.gpa {
                    rounded.add_printed(gpa, i64::try_from(alone[2]).ok()?.checked_mul(1000)?);
                }
                running.gpa = rounded.gpa(in_force)?.map(|gpa| gpa.displayed.nano());
            }
            if self.wanted == Wanted::Terms {
                groups.push(self.group(first, total, running));
            }
            last = Some((first, in_force, running.gpa));
        }
        let (first, in_force, gpa) = last?;
        if self.wanted == Wanted::Students {
            let sums = self.sum(0..rows.len(), decided.last())?;
            let total = Printed { gpa, ..self.printed(sums, in_force.rounding)? };
            groups.push(self.group(first, total, total));
        }
        Some(())
    }

    fn sum(&self, keys: std::ops::Range<usize>, decisions: &Decisions) -> Option<Lanes> {
        if decisions.is_empty() {
            return Some(self.added.get(keys)?.iter().fold(Lanes::default(), |sum, own| sum.plus(*own)));
        }
        keys.into_iter().try_fold(Lanes::default(), |sum, key| Some(sum.plus(self.counted(key, decisions)?)))
    }

    /// What a row adds, as decided.
    fn counted(&self, key: usize, decisions: &Decisions) -> Option<Lanes> {
        let own = *self.added.get(key)?;
        Some(decisions.get(&key).map_or(own, |decision| left(own, decision)))
    }

    fn printed(&self, total: Lanes, rounding: Rounding) -> Option<Printed> {
        let places = total.gpa(Writing { rounding, ..self.meaning.writing });
        let unit = 10i128.pow(u32::from(MAX_PRINTED_PLACES - rounding.places()));
        let gpa = places.map(|places| i64::try_from(places * unit).ok());
        // Hours without a GPA are more than can be printed.
        let lost = gpa.is_none() && total[2] > 0;
        if lost { None } else { Some(Printed { sums: total.sums(), gpa: gpa.unwrap_or(None) }) }
    }
}

/// Whether repeats see the attempt at all.
fn has_result(row: &Numbered, rules: &OfStudent) -> Option<bool> {
    let verdict = rules.at(row.term)?.verdict(row.grade, row.excluded)?;
    Some(verdict.worth.is_some() || (verdict.earned && row.credits > 0) || verdict.marked)
}

/// What a decision leaves of what an attempt adds.
fn left([attempted, earned, hours, quality]: Lanes, decision: &Decision) -> Lanes {
    match decision.treatment {
        RepeatTreatment::Included => [attempted, earned, hours, quality],
        RepeatTreatment::Averaged => [attempted, 0, hours, quality],
        RepeatTreatment::Excluded => [attempted, 0, 0, 0],
    }
}

fn minus(total: Lanes, own: Lanes) -> Lanes {
    std::array::from_fn(|lane| total[lane].wrapping_sub(own[lane]))
}
