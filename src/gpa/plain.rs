//! A GPA of plain attempts and of one class, without a record around them.

use super::evaluation::Gpa;
use super::judge::entry_on_scale;
use super::policy::{Cumulative, InForce, Policy};
use super::repeat_timeline::{Taken, Timeline, in_order};
use super::repeats::Repeats;
use super::rounded_terms::RoundedTerms;
use super::scale::{GradeEntry, GradeScale};
use super::totals::Totals;
use crate::domain::{Credits, Decimal, Error, Grade, Level, Problem, QualityPoints, RepeatTreatment, Text, YearMonth};
use std::collections::{BTreeMap, BTreeSet};

/// A grade and its credits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainAttempt {
    pub grade: Grade,
    pub credits: Credits,
    pub course: Option<Text>,
    /// Where it is a designator (`2004-09`), rules that changed over the years are taken as of that term;
    /// else the newest hold.
    pub term: Option<Text>,
    pub level: Option<Level>,
}

impl PlainAttempt {
    pub(super) fn designator(&self) -> Option<YearMonth> {
        self.term.as_ref().and_then(|term| term.as_str().parse().ok())
    }
}

/// The GPA of attempts in any order; `None` when nothing counts in it. It is printed by the rule of the latest
/// term among them. Where the policy has rules for repeats, every attempt must say its course and its term.
pub fn calculate_gpa(attempts: &[PlainAttempt], policy: &Policy) -> Result<Option<Gpa>, Error> {
    let level = attempts.first().and_then(|attempt| attempt.level.as_ref());
    refuse_unknown_entry(policy, level)?;
    let mut problems = Vec::new();
    let mut counted = Vec::with_capacity(attempts.len());
    for (index, attempt) in attempts.iter().enumerate() {
        let place = format!("attempts[{index}]");
        if attempt.level.as_ref() != level {
            let message = "is not of the level of the first; each level has its own GPA";
            problems.push(Problem::new("mixed-levels", format!("{place}.level"), message));
            continue;
        }
        let rules = policy.in_force(level, attempt.designator());
        match entry_on_scale(&attempt.grade, rules.scale, &format_args!("{place}.grade")) {
            Ok(entry) => counted.push((attempt, entry, rules.scale)),
            Err(problem) => problems.push(problem),
        }
    }
    let excluded = match &policy.rules(level).repeats {
        Some(repeats) => excluded(repeats, &counted, &mut problems),
        None => BTreeSet::new(),
    };
    let included = counted.iter().enumerate().filter(|(key, _)| !excluded.contains(key));
    let included: Vec<_> = included.map(|(_, (attempt, entry, _))| (*attempt, *entry)).collect();
    let terms: Option<Vec<YearMonth>> = attempts.iter().map(PlainAttempt::designator).collect();
    let last = policy.in_force(level, terms.and_then(|terms| terms.into_iter().max()));
    if last.cumulative == Cumulative::RoundedTerms {
        return mean_of_terms(&included, policy, level, problems);
    }
    let mut totals = included.iter().map(|(attempt, entry)| gpa_totals(entry, attempt.credits));
    gpa(totals.try_fold(Totals::ZERO, Totals::plus), &last, problems)
}

/// Attempts of several terms, each of which is rounded by its own rule first. Attempts that say no term are of one.
fn mean_of_terms(
    attempts: &[(&PlainAttempt, &GradeEntry)],
    policy: &Policy,
    level: Option<&Level>,
    mut problems: Vec<Problem>,
) -> Result<Option<Gpa>, Error> {
    let mut terms: BTreeMap<Option<YearMonth>, Option<Totals>> = BTreeMap::new();
    for (attempt, entry) in attempts {
        let sum = terms.entry(attempt.designator()).or_insert(Some(Totals::ZERO));
        *sum = sum.and_then(|sum| sum.plus(gpa_totals(entry, attempt.credits)));
    }
    if terms.len() > 1 && terms.contains_key(&None) {
        let message = "do not all say their term as year and month: the policy averages the printed GPAs of terms";
        problems.push(Problem::new("attempts-without-term", "attempts", message));
    }
    let mut rounded = RoundedTerms::default();
    for (term, totals) in &terms {
        let rules = policy.in_force(level, *term);
        match totals.and_then(|totals| totals.summary(&rules)) {
            Some(summary) => rounded.add(&summary),
            None => problems.push(too_large()),
        }
    }
    let last = terms.last_key_value().and_then(|(term, _)| *term);
    let gpa = rounded.gpa(&policy.in_force(level, last));
    problems.extend(gpa.is_none().then(too_large));
    if problems.is_empty() { Ok(gpa.flatten()) } else { Err(Error::MalformedRecord(problems)) }
}

/// Attempts alone do not tell when the student came.
fn refuse_unknown_entry(policy: &Policy, level: Option<&Level>) -> Result<(), Error> {
    let message = "the policy's scale goes by the student's entry term; choose it with Policy.for_entry_term";
    if policy.goes_by_entry(level) { Err(Error::configuration(message)) } else { Ok(()) }
}

/// The attempts, by position, that the rules for repeats leave out of the GPA.
fn excluded(
    repeats: &Repeats,
    attempts: &[(&PlainAttempt, &GradeEntry, &GradeScale)],
    problems: &mut Vec<Problem>,
) -> BTreeSet<usize> {
    let mut taken = Vec::new();
    for (key, (attempt, entry, scale)) in attempts.iter().enumerate() {
        let (Some(course), Some(term)) = (&attempt.course, attempt.designator()) else {
            let message = "must say its course, and its term as year and month: the policy has rules for repeats";
            problems.push(Problem::new("repeat-without-course", format!("attempts[{key}]"), message));
            continue;
        };
        // Neither points nor credit: it replaces nothing.
        if entry.points.is_some() || entry.earned {
            taken.push(Taken {
                key,
                when: (term, None),
                code: course.as_str().to_owned().into(),
                grade: Some(&entry.grade),
                points: entry.points,
                credits: attempt.credits,
                earns: entry.earned && !attempt.credits.is_zero(),
                may_replace: true,
                marked: None,
                elsewhere: false,
                scale,
            });
        }
    }
    let taken = in_order(repeats, taken, "attempts").unwrap_or_else(|problem| {
        problems.push(problem);
        Vec::new()
    });
    let mut timeline = Timeline::new(repeats);
    taken.into_iter().for_each(|next| timeline.take(next));
    let decisions = timeline.decisions();
    let out = decisions.iter().filter(|(_, decision)| decision.treatment == RepeatTreatment::Excluded);
    out.map(|(key, _)| *key).collect()
}

/// The GPA of one class: the mean of its graded students' points. Grades outside the GPA are left out.
pub fn calculate_class_gpa(grades: &[Grade], policy: &Policy) -> Result<Option<Gpa>, Error> {
    refuse_unknown_entry(policy, None)?;
    let rules = policy.in_force(None, None);
    let one = Decimal::whole(1).and_then(Credits::new).unwrap_or(Credits::ZERO);
    let mut problems = Vec::new();
    let mut totals = Some(Totals::ZERO);
    for (index, grade) in grades.iter().enumerate() {
        match entry_on_scale(grade, rules.scale, &format_args!("grades[{index}]")) {
            Ok(entry) => totals = totals.and_then(|sum| sum.plus(gpa_totals(entry, one))),
            Err(problem) => problems.push(problem),
        }
    }
    gpa(totals, &rules, problems)
}

/// What a grade with these credits adds to a GPA.
pub(super) fn gpa_totals(entry: &GradeEntry, credits: Credits) -> Totals {
    let credits_if = |flag: bool| if flag { credits } else { Credits::ZERO };
    let quality_points = entry.points.map_or(QualityPoints::ZERO, |points| QualityPoints::of(credits, points));
    Totals {
        attempted: credits_if(entry.attempted),
        passed: credits_if(entry.passed),
        earned: credits_if(entry.earned),
        gpa_hours: credits_if(entry.in_gpa),
        quality_points,
    }
}

fn too_large() -> Problem {
    Problem::new("totals-too-large", "attempts", "add up to more credits than a GPA can hold")
}

fn gpa(totals: Option<Totals>, rules: &InForce, mut problems: Vec<Problem>) -> Result<Option<Gpa>, Error> {
    let summary = totals.and_then(|totals| totals.summary(rules));
    problems.extend(summary.is_none().then(too_large));
    match summary {
        Some(summary) if problems.is_empty() => Ok(summary.gpa),
        _ => Err(Error::MalformedRecord(problems)),
    }
}
