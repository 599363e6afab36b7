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
use crate::domain::{Credits, Decimal, RepeatTreatment};
use crate::gpa::level_repeats::{self, Decided, Decisions, MOST_TERMS};
use crate::gpa::policy::Cumulative;
use crate::gpa::repeat_timeline::{Decision, Taken};
use crate::gpa::repeats::{Changes, Repeats};
use crate::gpa::rounded_terms::RoundedTerms;
use crate::gpa::rounding::Rounding;

/// Sums below these pass no limit of a record, so that nothing is refused: credits in thousandths, points in ones.
const MOST_CREDITS: u64 = 999_999_000;
const MOST_POINTS: u64 = 100_000_000;

/// Judges one student after the other.
pub(super) struct Quick<'r, 'm> {
    meaning: &'m Meaning,
    rules: &'r Rules<'m>,
    by: &'r [KeyColumn],
    wanted: Wanted,
    /// What each row adds, repeats left aside: credits attempted and earned, GPA hours, quality points.
    added: Vec<Lanes>,
    /// By number of the course, the student who was seen to attempt it, and to attempt it twice.
    seen: Vec<u32>,
    twice: Vec<u32>,
    student: u32,
}

impl<'r, 'm> Quick<'r, 'm> {
    pub fn new(meaning: &'m Meaning, rules: &'r Rules<'m>, by: &'r [KeyColumn]) -> Quick<'r, 'm> {
        let wanted = Wanted::of(by);
        Quick { meaning, rules, by, wanted, added: Vec::new(), seen: Vec::new(), twice: Vec::new(), student: 0 }
    }

    fn group(&self, row: &Numbered, total: Printed, running: Printed) -> Group {
        Group { key: key(row, self.by), total, running }
    }

    /// The groups of one student at one level, whose rows are in order of term and place. `None`, and nothing added,
    /// where only the judge of records can tell what is wrong.
    pub fn student(&mut self, rows: &[Numbered], groups: &mut Vec<Group>) -> Option<()> {
        let (first, last) = rows.first().zip(rows.last())?;
        let rules = self.rules.of_student(first.level, first.term)?;
        let mut total = self.add(rows, &rules)?;
        let decided = match rules.repeats() {
            Some(repeats) => self.decide(rows, &rules, repeats)?,
            None => Decided::nothing(),
        };
        let in_force = &rules.at(last.term)?.in_force;
        if self.wanted == Wanted::Students && in_force.cumulative == Cumulative::Totals {
            for (key, decision) in decided.last() {
                let own = self.added.get(*key)?;
                total = minus(total, *own).plus(left(*own, decision));
            }
            let total = self.printed(total, in_force.rounding)?;
            groups.push(self.group(first, total, total));
            return Some(());
        }
        if self.wanted == Wanted::Attempts {
            for (key, row) in rows.iter().enumerate() {
                let total = Printed { sums: self.counted(key, decided.last())?.sums(), gpa: None };
                groups.push(self.group(row, total, total));
            }
            return Some(());
        }
        let before = groups.len();
        let done = self.terms(rows, &rules, &decided, groups);
        done.or_else(|| {
            groups.truncate(before);
            None
        })
    }

    /// What every row adds, and all of them. `None` where that may pass a limit.
    fn add(&mut self, rows: &[Numbered], rules: &OfStudent<'r, 'm>) -> Option<Lanes> {
        self.added.clear();
        let mut at: Option<(u32, &TermRules)> = None;
        let (mut total, mut credits, mut points) = (Lanes::default(), 0u64, 0u64);
        for row in rows {
            let of_term = match at {
                Some((term, of_term)) if term == row.term => of_term,
                _ => at.insert((row.term, rules.at(row.term)?)).1,
            };
            let verdict = of_term.verdict(row.grade, row.excluded)?;
            let own = u64::from(row.credits);
            let quality = own * verdict.points;
            // Of everything that any total of the policy may count.
            (credits, points) = (credits + own, points.checked_add(quality)?);
            let [attempted, earned, hours] =
                [verdict.attempted, verdict.earned, verdict.in_gpa].map(|counts| if counts { own } else { 0 });
            let added = [attempted, earned, hours, if verdict.in_gpa { quality } else { 0 }];
            total = total.plus(added);
            self.added.push(added);
        }
        let most = MOST_POINTS * 10u64.pow(3 + u32::from(self.meaning.writing.point_places));
        (credits <= MOST_CREDITS && points <= most).then_some(total)
    }

    /// What repeats do. An attempt of a course that has no other is in no need of a decision, and changes those of
    /// others only where a mark takes it out.
    fn decide(&mut self, rows: &[Numbered], rules: &OfStudent<'r, 'm>, repeats: &'m Repeats) -> Option<Decided> {
        let courses = rules.courses(repeats)?;
        if self.seen.len() < courses.len() || self.student == u32::MAX {
            (self.seen, self.twice, self.student) = (vec![0; courses.len()], vec![0; courses.len()], 0);
        }
        self.student += 1;
        let mut repeated = false;
        for row in rows {
            let course = *courses.get(row.course as usize)?;
            if course == NEVER || !has_result(row, rules)? {
                continue;
            }
            let seen = self.seen.get_mut(course as usize)?;
            if *seen == self.student {
                *self.twice.get_mut(course as usize)? = self.student;
                repeated = true;
            }
            *seen = self.student;
        }
        if !repeated {
            return Some(Decided::nothing());
        }
        let mut taken = Vec::new();
        for (key, row) in rows.iter().enumerate() {
            let course = *courses.get(row.course as usize)?;
            let concerned = course != NEVER && (row.excluded || *self.twice.get(course as usize)? == self.student);
            if concerned && has_result(row, rules)? {
                taken.push(self.taken(key, row, rules)?);
            }
        }
        let mut ends = Vec::new();
        if repeats.changes == Changes::RepeatTerm {
            let terms = rows.chunk_by(|a, b| a.term == b.term).filter_map(|own| own.first());
            ends = terms.filter_map(|row| self.meaning.terms.get(row.term as usize).copied()).collect();
        }
        if ends.len() > MOST_TERMS {
            return None;
        }
        // What stood at the end of a term shows in its own totals alone.
        let ends = if self.wanted == Wanted::Terms { ends.as_slice() } else { &[] };
        level_repeats::follow(repeats, taken, ends).ok()
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
