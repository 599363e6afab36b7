//! The attempts of one student by course: those of a course taken again, and what their sums lose by it.

use super::repeat_outcomes::{CourseAttempt, Outcomes};
use super::worth::{Lanes, WeightTable};

/// No attempt before.
const NONE: u32 = u32::MAX;
/// Few of a student's courses meet in one slot, and all slots stay in the first cache.
const FIRST_SLOTS: usize = 1024;

/// A course of the present student, where its generation is the table's.
#[derive(Clone, Copy, Default)]
struct Slot {
    generation: u32,
    course: u32,
    /// Its last attempt so far.
    last: u32,
}

#[derive(Clone, Copy)]
struct Taken {
    term: u32,
    packed: u32,
    /// The attempt of the same course before.
    before: u32,
}

/// Emptied for the next student by counting the generation up.
pub(super) struct StudentCourses {
    slots: Vec<Slot>,
    generation: u32,
    taken: Vec<Taken>,
    /// Slots of courses taken again.
    repeated: Vec<u32>,
    again: Vec<CourseAttempt>,
}

impl StudentCourses {
    pub fn new() -> StudentCourses {
        let slots = vec![Slot::default(); FIRST_SLOTS];
        StudentCourses { slots, generation: 1, taken: Vec::new(), repeated: Vec::new(), again: Vec::new() }
    }

    /// One more attempt with a result, in any order of terms.
    #[inline(always)]
    pub fn take(&mut self, course: u32, term: u32, packed: u32) {
        let number = self.taken.len() as u32;
        let mask = self.slots.len() - 1;
        let mut at = (course.wrapping_mul(0x9e37_79b1) >> 8) as usize & mask;
        let before = loop {
            let slot = &mut self.slots[at & mask];
            if slot.generation != self.generation {
                *slot = Slot { generation: self.generation, course, last: number };
                break NONE;
            }
            if slot.course == course {
                break std::mem::replace(&mut slot.last, number);
            }
            at = (at + 1) & mask;
        };
        self.taken.push(Taken { term, packed, before });
        if before != NONE {
            self.again(before, at as u32);
        }
        if self.taken.len() * 2 > self.slots.len() {
            self.grow();
        }
    }

    #[cold]
    fn again(&mut self, before: u32, slot: u32) {
        if self.taken.get(before as usize).is_some_and(|taken| taken.before == NONE) {
            self.repeated.push(slot);
        }
    }

    #[cold]
    fn grow(&mut self) {
        let courses: Vec<Slot> = self.slots.iter().filter(|slot| slot.generation == self.generation).copied().collect();
        let mask = self.slots.len() * 2 - 1;
        self.slots.clear();
        self.slots.resize(mask + 1, Slot::default());
        self.repeated.clear();
        for course in courses {
            let mut at = (course.course.wrapping_mul(0x9e37_79b1) >> 8) as usize & mask;
            while self.slots[at].generation == self.generation {
                at = (at + 1) & mask;
            }
            self.slots[at] = course;
            if self.taken.get(course.last as usize).is_some_and(|taken| taken.before != NONE) {
                self.repeated.push(at as u32);
            }
        }
    }

    /// Takes back what attempts added that do not earn or count, and forgets the student. `None` when the judge
    /// refuses the attempts.
    pub fn finish(&mut self, sums: &mut Lanes, weights: &WeightTable, outcomes: &mut Outcomes) -> Option<()> {
        for slot in self.repeated.drain(..) {
            let mut at = self.slots.get(slot as usize)?.last;
            self.again.clear();
            while let Some(taken) = self.taken.get(at as usize) {
                self.again.push(CourseAttempt { term: taken.term, packed: taken.packed });
                at = taken.before;
            }
            outcomes.decide(&mut self.again, |attempt, earns, counts| {
                let mut added = Lanes::default();
                super::worth::Worth::add(super::worth::Classed(attempt.packed), weights, &mut added);
                if !earns {
                    sums[1] = sums[1].wrapping_sub(added[1]);
                }
                if !counts {
                    sums[2] = sums[2].wrapping_sub(added[2]);
                    sums[3] = sums[3].wrapping_sub(added[3]);
                }
            })?;
        }
        self.taken.clear();
        self.generation = self.generation.wrapping_add(1);
        if self.generation == 0 {
            self.slots.fill(Slot::default());
            self.generation = 1;
        }
        Some(())
    }
}
