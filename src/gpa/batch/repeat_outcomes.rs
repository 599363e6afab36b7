//! What repeats do to the attempts of one course: asked of the one judge, and remembered.

use super::general::{self, Row};
use super::repeat::Plan;
use crate::domain::{Course, Credits, Decimal, Grade, Level, YearMonth};
use crate::gpa::policy::Policy;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// An attempt of one course.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct CourseAttempt {
    /// In the order of terms.
    pub term: u32,
    /// As [`Classed`](super::worth::Classed): credits in thousandths, class, mark.
    pub packed: u32,
}

/// Which of the attempts, by bit, earn their credits and count in the GPA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Verdicts {
    earns: u8,
    counts: u8,
}

/// As many attempts as a remembered sequence has at most: each is 16 bits of its key.
const REMEMBERED: usize = 4;
const SLOTS: usize = 1 << 12;

/// What all tasks have asked so far.
#[derive(Default)]
pub(super) struct Remembered(Mutex<HashMap<u64, Verdicts>>);

/// Verdicts of a policy whose rules look at one course alone.
pub(super) struct Outcomes<'a> {
    policy: &'a Policy,
    level: Level,
    course: Course,
    /// A grade of each class: all grades of a class do the same to every total.
    grades: &'a [Grade],
    /// Of a packed attempt: what stands for it, and its points.
    standing_for: &'a [u8; 256],
    points: [u32; 256],
    known: &'a Remembered,
    /// Those asked for lately, by the upper bits of their scrambled key.
    recent: Vec<(u64, Verdicts)>,
}

impl<'a> Outcomes<'a> {
    pub fn new(plan: &'a Plan) -> Outcomes<'a> {
        Outcomes {
            policy: plan.policy,
            level: plan.policy.general_level(),
            course: plan.any_course.clone(),
            grades: &plan.grades,
            standing_for: &plan.standing_for,
            points: plan.points(),
            known: &plan.remembered,
            recent: vec![(0, Verdicts { earns: 0, counts: 0 }); SLOTS],
        }
    }

    /// Tells `each` of the attempts whether it earns its credits and whether it counts in the GPA. `None` when the
    /// judge refuses them.
    pub fn decide(
        &mut self,
        attempts: &mut [CourseAttempt],
        mut each: impl FnMut(CourseAttempt, bool, bool),
    ) -> Option<()> {
        // Mostly two, the later one first.
        match &mut *attempts {
            [first, second] if first.term > second.term => std::mem::swap(first, second),
            [_, _] => {}
            more => more.sort_unstable_by_key(|attempt| attempt.term),
        }
        let one_a_term = attempts.windows(2).all(|pair| pair[0].term < pair[1].term);
        if attempts.len() > REMEMBERED || !one_a_term {
            for (attempt, (earns, counts)) in attempts.iter().zip(self.judge(attempts)?) {
                each(*attempt, earns, counts);
            }
            return Some(());
        }
        let verdicts = self.remembered(attempts)?;
        for (place, attempt) in attempts.iter().enumerate() {
            each(*attempt, verdicts.earns >> place & 1 == 1, verdicts.counts >> place & 1 == 1);
        }
        Some(())
    }

    /// In different terms, all that matters of the credits is whether there are any.
    fn remembered(&mut self, attempts: &[CourseAttempt]) -> Option<Verdicts> {
        let points = |attempt: &CourseAttempt| self.points[(attempt.packed & 0xff) as usize];
        let short = |own: &CourseAttempt| {
            let grade = u64::from(self.standing_for[(own.packed & 0xff) as usize]);
            let below = attempts.iter().filter(|other| points(other) < points(own)).count() as u64;
            grade << 3 | below << 1 | u64::from(own.packed >> 8 != 0)
        };
        let key = attempts.iter().fold(1, |key, attempt| key << 15 | short(attempt));
        let slot = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 52) as usize % SLOTS;
        if let Some((_, verdicts)) = self.recent.get(slot).filter(|(known, _)| *known == key) {
            return Some(*verdicts);
        }
        let known = self.known.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        let verdicts = match known {
            Some(verdicts) => verdicts,
            None => {
                let verdicts = self.judge_alike(attempts)?;
                self.known.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, verdicts);
                verdicts
            }
        };
        if let Some(recent) = self.recent.get_mut(slot) {
            *recent = (key, verdicts);
        }
        Some(verdicts)
    }

    /// With a term for each attempt and one credit, where it has any.
    fn judge_alike(&self, attempts: &[CourseAttempt]) -> Option<Verdicts> {
        let alike = |(place, own): (usize, &CourseAttempt)| {
            let credits = if own.packed >> 8 == 0 { 0 } else { 1000 };
            CourseAttempt { term: place as u32, packed: credits << 8 | own.packed & 0xff }
        };
        let alike: Vec<CourseAttempt> = attempts.iter().enumerate().map(alike).collect();
        let bits = self.judge(&alike)?.into_iter().enumerate().fold((0, 0), |bits, (place, (earns, counts))| {
            (bits.0 | u8::from(earns) << place, bits.1 | u8::from(counts) << place)
        });
        Some(Verdicts { earns: bits.0, counts: bits.1 })
    }

    /// Of attempts in order of term: whether each earns and counts.
    fn judge(&self, attempts: &[CourseAttempt]) -> Option<Vec<(bool, bool)>> {
        let mut rows = Vec::with_capacity(attempts.len());
        let mut rank = 0;
        for (number, attempt) in attempts.iter().enumerate() {
            if number > 0 && attempts.get(number - 1).is_some_and(|before| before.term < attempt.term) {
                rank += 1;
            }
            rows.push(Row {
                term: YearMonth::new(rank / 12 + 1, (rank % 12 + 1) as u8)?,
                course: &self.course,
                grade: self.grades.get((attempt.packed >> 1 & 0x7f) as usize)?,
                credits: Credits::new(Decimal::from_micro(i64::from(attempt.packed >> 8) * 1000, 3)?)?,
                excluded: attempt.packed & 1 == 1,
                number,
            });
        }
        let evaluation = general::judge(self.policy, &self.level, &mut rows).ok()?;
        let judged = evaluation.terms.iter().flat_map(|term| &term.attempts);
        Some(judged.map(|attempt| (!attempt.credits_earned.is_zero(), !attempt.gpa_hours.is_zero())).collect())
    }
}
