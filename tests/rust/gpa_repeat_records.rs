//! Records of repeated courses, and what a policy makes of them in short.

use crate::gpa_records::*;
use registrary::domain::{Attempt, Course, Credits, GradeStatus, RepeatTreatment, TransferBlock};
use registrary::gpa::{AttemptEvaluation, LevelEvaluation, Policy};

pub const UNDERGRADUATE: &str = "undergraduate";

/// A policy of plus and minus grades with these rules for repeats.
pub fn school(repeats: &str) -> Policy {
    read("plus-minus-3", repeats)
}

/// The same with whole letters.
pub fn letters(repeats: &str) -> Policy {
    read("whole-letters", repeats)
}

pub fn read(extends: &str, repeats: &str) -> Policy {
    let file = format!("extends = \"{extends}\"\n[repeats]\n{repeats}");
    Policy::from_toml(&file).unwrap_or_else(|error| panic!("{error:?}"))
}

/// A course by its code, with a grade, or a status that says why there is none.
pub fn of(code: &str, result: &str, hours: &str) -> Attempt {
    let (subject, number) = code.split_once(' ').expect(code);
    let course = Course { subject: Some(text(subject)), number: Some(text(number)), title: None };
    let bare = match GradeStatus::from_word(result) {
        Some(status) => with_status(status, hours),
        None => attempt(result, hours),
    };
    Attempt { course, ..bare }
}

pub fn marked(attempt: Attempt, repeat: RepeatTreatment) -> Attempt {
    Attempt { repeat: Some(repeat), ..attempt }
}

/// One undergraduate level of these terms.
pub fn level(policy: &Policy, terms: Vec<(&str, Vec<Attempt>)>) -> LevelEvaluation {
    let terms = terms.into_iter().map(|(designator, attempts)| term(designator, UNDERGRADUATE, attempts)).collect();
    judged(&record(terms), policy).remove(0)
}

/// The same course of three credits, year after year, with these results.
pub fn yearly(policy: &Policy, code: &str, results: &[&str]) -> LevelEvaluation {
    let years: Vec<String> = (0..results.len()).map(|year| format!("{}-09", 2010 + year)).collect();
    let terms = results.iter().zip(&years).map(|(result, year)| (year.as_str(), vec![of(code, result, "3")]));
    level(policy, terms.collect())
}

pub fn earned_elsewhere(designator: &str, attempts: Vec<Attempt>) -> TransferBlock {
    TransferBlock { designator: Some(term_of(designator)), ..transfer(UNDERGRADUATE, attempts) }
}

/// The marks E, I, A (or a dash) of all attempts in order of term.
pub fn marks(level: &LevelEvaluation) -> String {
    attempts(level).map(|attempt| attempt.repeat.map_or("-", |repeat| repeat.indicator())).collect()
}

pub fn rules(level: &LevelEvaluation) -> Vec<&'static str> {
    attempts(level).map(|attempt| attempt.rule).collect()
}

fn attempts(level: &LevelEvaluation) -> impl Iterator<Item = &AttemptEvaluation> {
    level.terms.iter().flat_map(|term| &term.attempts)
}

/// Attempted, earned, GPA hours, quality points and GPA of the institution, as printed.
pub fn totals(level: &LevelEvaluation) -> (String, String, String, String, String) {
    let of = level.institution;
    let hours = |credits: Credits| credits.decimal().to_string();
    let gpa = of.gpa.map_or("none".to_owned(), |gpa| gpa.displayed.to_string());
    (
        hours(of.credits_attempted),
        hours(of.credits_earned),
        hours(of.gpa_hours),
        of.quality_points_displayed.to_string(),
        gpa,
    )
}

/// The totals of `totals`, to compare with.
pub fn figures(
    attempted: &str,
    earned: &str,
    hours: &str,
    points: &str,
    gpa: &str,
) -> (String, String, String, String, String) {
    (attempted.into(), earned.into(), hours.into(), points.into(), gpa.into())
}
