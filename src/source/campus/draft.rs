//! A record being written term by term, and the sums its standing and honours come from.

use super::calendar::{CURRENT, Session};
use super::catalogue::Catalogue;
use super::grading::Tally;
use super::prng::Prng;
use super::{broken, text};
use crate::domain::{
    Attempt, BirthDate, CreditUnit, Error, Grade, GradeStatus, Level, Names, RepeatTreatment, Student, StudentId,
    StudentRecord, Term, TotalsAuthority,
};

/// What an attempt ended in: its printed grade (none while in progress), status, and points in hundredths
/// where it counts in the GPA; and whether its credits are earned.
#[derive(Clone, Copy)]
pub struct Outcome {
    pub grade: Option<&'static str>,
    pub status: GradeStatus,
    pub points: Option<u32>,
    pub earned: bool,
}

impl Outcome {
    pub const IN_PROGRESS: Outcome =
        Outcome { grade: None, status: GradeStatus::InProgress, points: None, earned: false };

    pub const fn letter((grade, points): super::grading::Mark) -> Outcome {
        let earned = points > 0;
        Outcome { grade: Some(grade), status: GradeStatus::Completed, points: Some(points), earned }
    }

    /// A grade outside the GPA.
    pub const fn other((grade, status): (&'static str, GradeStatus), earned: bool) -> Outcome {
        Outcome { grade: Some(grade), status, points: None, earned }
    }
}

/// A course passed below C, or failed: it may be taken again.
pub struct Failed {
    pub course: usize,
    term: usize,
    attempt: usize,
    tenths: u32,
    pub points: u32,
}

/// The rules by which the campus writes standing and honours at one level.
pub struct Bars {
    /// The lowest cumulative GPA, in hundredths, of good standing.
    pub standing: u32,
    /// The lowest term GPA and credits (in tenths) of the dean's list, where there is one.
    pub deans_list: Option<(u32, u32)>,
}

/// A record while it is written.
pub struct Draft<'a> {
    pub catalogue: &'a Catalogue,
    pub dice: Prng,
    pub record: StudentRecord,
    pub level: Level,
    pub unit: CreditUnit,
    /// At this level: all that counts, and what is earned (in tenths).
    pub cumulative: Tally,
    pub earned: u32,
    pub failed: Vec<Failed>,
    taken: Vec<bool>,
    term: Tally,
}

impl<'a> Draft<'a> {
    pub fn new(
        catalogue: &'a Catalogue,
        dice: Prng,
        id: &str,
        names: Names,
        birth: Option<BirthDate>,
    ) -> Result<Draft<'a>, Error> {
        let id = StudentId::new(id).map_err(|_| broken("a student id"))?;
        let record = StudentRecord {
            student: Student { id, names, birth },
            institution: None,
            programs: Vec::new(),
            terms: Vec::new(),
            transfers: Vec::new(),
            balances: Vec::new(),
            awards: Vec::new(),
            holds: Vec::new(),
            notes: Vec::new(),
            totals: TotalsAuthority::Policy,
            stated: Vec::new(),
            sample: true,
            partial: false,
        };
        Ok(Draft {
            catalogue,
            dice,
            record,
            level: Level::undergraduate(),
            unit: CreditUnit::Semester,
            cumulative: Tally::default(),
            earned: 0,
            failed: Vec::new(),
            taken: vec![false; catalogue.listings.len()],
            term: Tally::default(),
        })
    }

    /// From here on the student is at this level; nothing is carried over.
    pub fn begin_level(&mut self, word: &str) -> Result<(), Error> {
        self.level = Level::new(word).map_err(|_| broken("a level"))?;
        (self.cumulative, self.earned) = (Tally::default(), 0);
        self.failed.clear();
        Ok(())
    }

    pub fn is_taken(&self, course: usize) -> bool {
        self.taken.get(course).copied().unwrap_or(true)
    }

    pub fn open_term(&mut self, session: Session, program: &str) -> Result<(), Error> {
        self.term = Tally::default();
        self.record.terms.push(Term {
            designator: session.designator().ok_or_else(|| broken("the calendar"))?,
            name: text(&session.name())?,
            begins: session.begins(),
            ends: session.ends(),
            level: self.level.clone(),
            campus: None,
            programs: vec![text(program)?],
            attempts: Vec::new(),
            standing: None,
            honors: Vec::new(),
            notes: Vec::new(),
            stated: Vec::new(),
        });
        Ok(())
    }

    /// An attempt at a course of the catalogue, not yet part of anything.
    pub fn attempt(&self, course: usize, outcome: Outcome) -> Result<Attempt, Error> {
        let listing = self.catalogue.listings.get(course).ok_or_else(|| broken("a course"))?;
        let grade = outcome.grade.map(|grade| Grade::new(grade).map_err(|_| broken("a grade"))).transpose()?;
        Ok(Attempt {
            course: listing.course.clone(),
            unit: self.unit,
            credits: listing.credits,
            credits_earned: None,
            grade,
            supplemental_grade: None,
            mark: None,
            status: Some(outcome.status),
            repeat: None,
            quality_points: None,
            notes: Vec::new(),
        })
    }

    /// Writes an attempt into the open term.
    pub fn take(&mut self, course: usize, outcome: Outcome) -> Result<(), Error> {
        let attempt = self.attempt(course, outcome)?;
        let tenths = self.catalogue.listings[course].tenths;
        self.taken[course] = true;
        let position = self.record.terms.len().checked_sub(1).ok_or_else(|| broken("no term is open"))?;
        let attempts = &mut self.record.terms[position].attempts;
        attempts.push(attempt);
        let number = attempts.len() - 1;
        if let Some(points) = outcome.points {
            self.term.add(tenths, points);
            self.cumulative.add(tenths, points);
            if points < 200 {
                self.failed.push(Failed { course, term: position, attempt: number, tenths, points });
            }
        }
        if outcome.earned {
            self.earned += tenths;
        }
        Ok(())
    }

    /// Takes a failed course again. Once it has a grade the earlier attempt is excluded, this one included.
    pub fn retake(&mut self, failed: Failed, outcome: Outcome) -> Result<(), Error> {
        self.take(failed.course, outcome)?;
        if outcome.points.is_none() {
            return Ok(());
        }
        self.cumulative.remove(failed.tenths, failed.points);
        if failed.points > 0 && outcome.earned {
            self.earned = self.earned.saturating_sub(failed.tenths);
        }
        self.record.terms[failed.term].attempts[failed.attempt].repeat = Some(RepeatTreatment::Excluded);
        if let Some(again) = self.record.terms.last_mut().and_then(|term| term.attempts.last_mut()) {
            again.repeat = Some(RepeatTreatment::Included);
        }
        Ok(())
    }

    /// Writes standing and honours; a term in progress has neither.
    pub fn close_term(&mut self, session: Session, bars: &Bars) -> Result<(), Error> {
        let (term, cumulative) = (self.term, self.cumulative);
        let Some(last) = self.record.terms.last_mut() else { return Ok(()) };
        if session == CURRENT {
            return Ok(());
        }
        if let Some(gpa) = cumulative.hundredths() {
            let good = gpa >= bars.standing;
            last.standing = Some(text(if good { "Good standing" } else { "Academic probation" })?);
        }
        if let Some(((gpa, credits), own)) = bars.deans_list.zip(term.hundredths())
            && own >= gpa
            && term.hours >= credits
        {
            last.honors.push(text("Dean's list")?);
        }
        Ok(())
    }

    /// Counts credit accepted from elsewhere and keeps its course from being taken again.
    pub fn accept(&mut self, course: usize) {
        self.taken[course] = true;
        self.earned += self.catalogue.listings[course].tenths;
    }
}
