//! Who was enrolled when, in how many credits, and at which load: what an enrolment verification certifies.

use crate::domain::{Attempt, CreditUnit, Credits, Date, Error, GradeStatus, Level, Problem, StudentRecord};

/// How much of a full programme a term was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Load {
    Full,
    Half,
    LessThanHalf,
}

impl Load {
    /// The stable word.
    pub const fn word(self) -> &'static str {
        match self {
            Load::Full => "full-time",
            Load::Half => "half-time",
            Load::LessThanHalf => "less-than-half-time",
        }
    }
}

/// From how many credits a term counts as full time and as half time; every institution sets its own, by level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadRule {
    /// Absent: of every level that no other rule names.
    pub level: Option<Level>,
    pub full_time: Credits,
    pub half_time: Option<Credits>,
}

/// One term in which the student was enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolledTerm {
    /// Index into `StudentRecord::terms`.
    pub term_index: usize,
    /// Of the courses still enrolled in: without withdrawals, audits and plans.
    pub credits: Credits,
    /// Absent without a rule for the level, and for a term withdrawn from.
    pub load: Option<Load>,
    /// Every course was withdrawn from.
    pub withdrawn: bool,
}

/// What a record says of enrolment, as of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrollment {
    /// In the record's order; none that begins after the day.
    pub terms: Vec<EnrolledTerm>,
    /// Whether one of the terms is under way on that day; absent when a term of the record lacks its dates.
    pub current: Option<bool>,
}

/// The enrolment that a record shows as of a day. Refused: a record without any term begun by then, a load rule that
/// contradicts itself, and terms whose credits cannot be added.
pub fn enrollment(record: &StudentRecord, rules: &[LoadRule], day: Date) -> Result<Enrollment, Error> {
    check(rules)?;
    let mut terms = Vec::new();
    let mut problems = Vec::new();
    for (term_index, term) in record.terms.iter().enumerate() {
        let begun = term.begins.map_or(term.designator <= day.year_month(), |begins| begins <= day);
        if !begun || !term.attempts.iter().any(was_enrolled) {
            continue;
        }
        let mut kept = term.attempts.iter().filter(|attempt| is_enrolled(attempt)).peekable();
        let withdrawn = kept.peek().is_none();
        let units = || term.attempts.iter().filter(|attempt| is_enrolled(attempt)).map(|attempt| attempt.unit);
        let known = units().filter(|unit| *unit != CreditUnit::Unreported);
        if known.clone().zip(known.skip(1)).any(|(one, next)| one != next) {
            let message = "are in several units of credit, which cannot be added";
            problems.push(Problem::new("mixed-credit-units", format!("terms[{term_index}].attempts"), message));
            continue;
        }
        let Some(credits) = kept.try_fold(Credits::ZERO, |sum, attempt| sum.checked_add(attempt.credits)) else {
            let message = "add up to more credits than a term can hold";
            problems.push(Problem::new("totals-too-large", format!("terms[{term_index}].attempts"), message));
            continue;
        };
        let load = rule_for(rules, &term.level).filter(|_| !withdrawn).map(|rule| rule.load(credits));
        terms.push(EnrolledTerm { term_index, credits, load, withdrawn });
    }
    match (problems.is_empty(), terms.is_empty()) {
        (false, _) => Err(Error::MalformedRecord(problems)),
        (true, true) => Err(Error::NeverEnrolled),
        (true, false) => Ok(Enrollment { current: current(record, &terms, day), terms }),
    }
}

impl LoadRule {
    fn load(&self, credits: Credits) -> Load {
        match self.half_time {
            _ if credits >= self.full_time => Load::Full,
            // Without a rule of its own, half of full time is half time.
            None if credits.decimal().micro().saturating_mul(2) >= self.full_time.decimal().micro() => Load::Half,
            Some(half) if credits >= half => Load::Half,
            _ => Load::LessThanHalf,
        }
    }
}

fn check(rules: &[LoadRule]) -> Result<(), Error> {
    let crossed =
        |rule: &LoadRule| rule.full_time.is_zero() || rule.half_time.is_some_and(|half| half > rule.full_time);
    if rules.iter().any(crossed) {
        return Err(Error::configuration("full time takes some credits, and half time not more than full time"));
    }
    let twice = |at: usize| rules[..at].iter().any(|known| known.level == rules[at].level);
    match (0..rules.len()).any(twice) {
        true => Err(Error::configuration("two rules tell the load of one level")),
        false => Ok(()),
    }
}

fn rule_for<'a>(rules: &'a [LoadRule], level: &Level) -> Option<&'a LoadRule> {
    let own = rules.iter().find(|rule| rule.level.as_ref() == Some(level));
    own.or_else(|| rules.iter().find(|rule| rule.level.is_none()))
}

/// A plan is no enrolment, nor is credit brought from elsewhere; and who only listened has not withdrawn.
fn was_enrolled(attempt: &Attempt) -> bool {
    use GradeStatus::{Audited, PlanningToTake, TransferNoGrade};
    !matches!(attempt.status, Some(Audited | PlanningToTake | TransferNoGrade))
}

fn is_enrolled(attempt: &Attempt) -> bool {
    use GradeStatus::{Withdrew, WithdrewFailing, WithdrewNoPenalty, WithdrewPassing};
    let left = matches!(attempt.status, Some(Withdrew | WithdrewFailing | WithdrewNoPenalty | WithdrewPassing));
    was_enrolled(attempt) && !left
}

/// A term under way settles it; else every term enrolled in must say when it ended.
fn current(record: &StudentRecord, terms: &[EnrolledTerm], day: Date) -> Option<bool> {
    let mut known = true;
    for term in terms.iter().filter(|term| !term.withdrawn) {
        let dates = record.terms.get(term.term_index).map(|term| (term.begins, term.ends));
        match dates {
            Some((Some(begins), Some(ends))) if begins <= day && day <= ends => return Some(true),
            Some((_, Some(ends))) if ends < day => {}
            _ => known = false,
        }
    }
    known.then_some(false)
}
