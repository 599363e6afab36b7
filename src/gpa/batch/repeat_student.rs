//! The attempts of one student by course: those of a course taken again, and what their sums lose by it.

use super::repeat::Plan;
use super::repeat_columns::{NEVER, Numbering};
use super::repeat_outcomes::{CourseAttempt, Outcomes};
use super::stop::Stop;
use super::worth::{Classed, Lanes, Worth};

/// All attempts of one student, column by column, in any order of terms.
#[derive(Clone, Copy)]
pub(super) struct Attempts<'s> {
    pub courses: &'s [u32],
    pub terms: &'s [u32],
    pub packed: &'s [Classed],
}

/// No attempt before.
const NONE: u32 = u32::MAX;
/// Few of a student's courses meet in one slot, and all slots stay in the first cache.
const FIRST_SLOTS: usize = 2048;
/// No record holds more credits, in thousandths.
const MOST_CREDITS: u64 = 999_999_000;

/// Sums one student after the other.
pub(super) struct StudentSums<'p, 'a> {
    plan: &'p Plan<'a>,
    outcomes: Outcomes<'p>,
    /// Only names can say that a course is never a repeat.
    named: bool,
    courses: Courses,
    again: Vec<CourseAttempt>,
}

/// The last attempt at each course of the present student. Attempts are numbered on from student to student, so that
/// what a student before has left behind is told by its number, and nothing need be cleared.
struct Courses {
    /// By scrambled course: the number of its last attempt. A power of two of them, at most half of them used.
    slots: Vec<u32>,
    /// The number of the present student's first attempt.
    first: u32,
    /// Of each of the student's attempts with a result: the place of the one before at the same course.
    before: Vec<u32>,
    /// Slots of courses taken again.
    repeated: Vec<u32>,
}

impl Courses {
    /// For a student of so many attempts.
    fn make_room(&mut self, attempts: usize) -> Option<()> {
        let wanted = attempts.checked_mul(2)?;
        let last = u64::from(self.first) + attempts as u64;
        if self.slots.len() < wanted || last >= u64::from(u32::MAX) {
            let slots = wanted.next_power_of_two().max(self.slots.len());
            self.slots.clear();
            self.slots.resize(slots, 0);
            self.first = 1;
        }
        if self.before.len() < attempts {
            self.before.resize(attempts, NONE);
        }
        (u64::from(self.first) + (attempts as u64) < u64::from(u32::MAX)).then_some(())
    }

    /// The student's attempts for which `competes` holds, in order.
    #[inline(always)]
    fn take(&mut self, student: Attempts, competes: impl Fn(u32, Classed) -> bool) {
        let (slots, before, first) = (self.slots.as_mut_slice(), self.before.as_mut_slice(), self.first);
        let mask = slots.len() - 1;
        let rows = student.courses.iter().zip(student.packed).zip(before.iter_mut()).enumerate();
        for (place, ((course, row), own_before)) in rows {
            *own_before = NONE;
            if !competes(*course, *row) {
                continue;
            }
            let number = first.wrapping_add(place as u32);
            let mut at = (course.wrapping_mul(0x9e37_79b1) >> 12) as usize & mask;
            loop {
                let slot = &mut slots[at];
                let last = *slot;
                if last < first {
                    *slot = number;
                    break;
                }
                let last = last.wrapping_sub(first);
                if student.courses.get(last as usize) == Some(course) {
                    *slot = number;
                    *own_before = last;
                    self.repeated.push(at as u32);
                    break;
                }
                at = (at + 1) & mask;
            }
        }
        if self.repeated.len() > 1 {
            // Each course once, however often it was taken.
            self.repeated.sort_unstable();
            self.repeated.dedup();
        }
    }
}

impl<'p, 'a> StudentSums<'p, 'a> {
    pub fn new(plan: &'p Plan<'a>) -> StudentSums<'p, 'a> {
        StudentSums {
            plan,
            outcomes: Outcomes::new(plan),
            named: matches!(plan.courses, Numbering::Courses(_)),
            courses: Courses { slots: vec![0; FIRST_SLOTS], first: 1, before: Vec::new(), repeated: Vec::new() },
            again: Vec::new(),
        }
    }

    /// The totals of a student. `Slow` when the judge refuses the attempts.
    #[inline(always)]
    pub fn judge(&mut self, student: Attempts) -> Result<Lanes, Stop> {
        let mut sums = Lanes::default();
        Classed::sum(student.packed, &self.plan.weights, &mut sums);
        self.courses.make_room(student.packed.len()).ok_or(Stop::Slow)?;
        let (plan, named) = (self.plan, self.named);
        self.courses.take(student, |course, row| {
            // Without credits, a pass is no result.
            let least = u8::from(row.0 >> 8 == 0);
            plan.competes[(row.0 & 0xff) as usize] > least && !(named && course == NEVER)
        });
        if !self.courses.repeated.is_empty() {
            self.take_back(student, &mut sums).ok_or(Stop::Slow)?;
        }
        self.courses.first = self.courses.first.wrapping_add(student.packed.len() as u32);
        let [attempted, earned, hours, _] = sums;
        if attempted.max(earned).max(hours) > MOST_CREDITS { Err(Stop::Slow) } else { Ok(sums) }
    }

    /// What attempts added that do not earn or count.
    fn take_back(&mut self, student: Attempts, sums: &mut Lanes) -> Option<()> {
        for slot in self.courses.repeated.drain(..) {
            let mut at = self.courses.slots.get(slot as usize)?.wrapping_sub(self.courses.first);
            self.again.clear();
            while at != NONE {
                let place = at as usize;
                let attempt = CourseAttempt { term: *student.terms.get(place)?, packed: student.packed.get(place)?.0 };
                self.again.push(attempt);
                at = *self.courses.before.get(place)?;
            }
            let weights = &self.plan.weights;
            self.outcomes.decide(&mut self.again, |attempt, earns, counts| {
                if earns && counts {
                    return;
                }
                let mut added = Lanes::default();
                Classed(attempt.packed).add(weights, &mut added);
                if !earns {
                    sums[1] = sums[1].wrapping_sub(added[1]);
                }
                if !counts {
                    sums[2] = sums[2].wrapping_sub(added[2]);
                    sums[3] = sums[3].wrapping_sub(added[3]);
                }
            })?;
        }
        Some(())
    }
}
