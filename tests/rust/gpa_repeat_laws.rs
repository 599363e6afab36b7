//! Laws that every rule for repeats keeps.

use crate::gpa_records::*;
use crate::gpa_repeat_records::*;
use proptest::prelude::*;
use registrary::domain::{Attempt, Credits, RepeatTreatment, StudentRecord};
use registrary::gpa::{AttemptEvaluation, LevelEvaluation, PlainAttempt, Policy, calculate_gpa};
use std::collections::BTreeMap;

pub const RESULTS: [&str; 9] = ["A", "B-", "C", "C-", "D", "F", "P", "NP", "W"];
pub const RULES: [&str; 10] = [
    "counts = \"first\"",
    "counts = \"last\"",
    "counts = \"best\"",
    "counts = \"all\"",
    "counts = \"all_but_first\"\nstanding = \"last\"",
    "counts = \"last\"\nold_at_most = \"C-\"\nnew_at_least = \"C\"",
    "counts = \"last\"\nold_at_most = \"D\"\notherwise = \"keep_old\"\npass_replaces_letter = true",
    "counts = \"last\"\ncap = { credits = 7, repeats = 3 }\nletter_replaces_pass = false",
    "counts = \"best\"\ncap = { per_course = 1 }\nchanges = \"repeat_term\"",
    "counts = \"all\"\nchanges = \"repeat_term\"\nby_number = [{ highest = 1, counts = \"last\", cap = { repeats = 2 } }]",
];

/// Term, course, result.
pub type Taken = (usize, usize, usize);

pub fn histories() -> impl Strategy<Value = Vec<Taken>> {
    prop::collection::vec((0usize..6, 0usize..4, 0..RESULTS.len()), 1..24)
}

pub fn designator(term: usize) -> String {
    format!("{}-09", 2001 + term)
}

fn one((_, course, result): Taken) -> Attempt {
    of(&format!("ENG {course}"), RESULTS[result], ["3", "4", "1.5", "2"][course])
}

/// The terms in the order in which the attempts first name them.
pub fn student(history: &[Taken]) -> StudentRecord {
    let mut terms: Vec<(usize, Vec<Attempt>)> = Vec::new();
    for taken in history {
        match terms.iter_mut().find(|(term, _)| *term == taken.0) {
            Some((_, attempts)) => attempts.push(one(*taken)),
            None => terms.push((taken.0, vec![one(*taken)])),
        }
    }
    record(terms.into_iter().map(|(at, attempts)| term(&designator(at), UNDERGRADUATE, attempts)).collect())
}

fn judge(history: &[Taken], policy: &Policy) -> (LevelEvaluation, Vec<(String, AttemptEvaluation)>) {
    let student = student(history);
    let level = judged(&student, policy).remove(0);
    let coded = |term: &registrary::gpa::TermEvaluation| {
        let attempts = &student.terms[term.term_index].attempts;
        attempts.iter().map(|attempt| attempt.course.code()).zip(term.attempts.clone()).collect::<Vec<_>>()
    };
    let attempts = level.terms.iter().flat_map(coded).collect();
    (level, attempts)
}

fn sum(credits: impl Iterator<Item = Credits>) -> i64 {
    credits.map(|credits| credits.decimal().micro()).sum()
}

proptest! {
    /// However terms and attempts are listed, every total and the marks of every course are the same.
    #[test]
    fn order_changes_nothing(
        (history, shuffled) in histories().prop_flat_map(|h| (Just(h.clone()), Just(h).prop_shuffle())),
        rule in 0..RULES.len(),
    ) {
        let policy = school(RULES[rule]);
        let told = |history: &[Taken]| {
            let (level, attempts) = judge(history, &policy);
            let mut marks: Vec<String> = attempts.iter().map(|(code, a)| format!("{code} {a:?}")).collect();
            marks.sort();
            let terms: Vec<_> = level.terms.iter().map(|term| (term.term, term.cumulative)).collect();
            (terms, level.institution, level.overall, marks)
        };
        prop_assert_eq!(told(&history), told(&shuffled));
    }

    /// A course with several results has a mark on each of them, exactly one I, and its credit once; one with a single
    /// result has none. E is out of the GPA and I and A are in it, and all stay attempted.
    #[test]
    fn the_marks_partition_repeated_attempts(history in histories(), rule in 0..RULES.len()) {
        let (_, attempts) = judge(&history, &school(RULES[rule]));
        let mut courses: BTreeMap<String, Vec<AttemptEvaluation>> = BTreeMap::new();
        for (code, attempt) in attempts {
            courses.entry(code).or_default().push(attempt);
        }
        for attempts in courses.values() {
            let marked: Vec<_> = attempts.iter().filter_map(|a| a.repeat.map(|repeat| (repeat, a))).collect();
            prop_assert_ne!(marked.len(), 1);
            let included = marked.iter().filter(|(repeat, _)| *repeat == RepeatTreatment::Included).count();
            prop_assert_eq!(included, usize::from(!marked.is_empty()));
            prop_assert!(attempts.iter().filter(|a| !a.credits_earned.is_zero()).count() <= 1);
            for (repeat, attempt) in marked {
                let counts = attempt.points.is_some() && repeat != RepeatTreatment::Excluded;
                prop_assert_eq!(!attempt.gpa_hours.is_zero(), counts);
                prop_assert!(!attempt.credits_attempted.is_zero() && attempt.rule.starts_with("repeat-"));
            }
        }
    }

    /// The totals are the sums of what the attempts show; where the original term changes, term by term too.
    #[test]
    fn totals_are_the_sums_of_their_attempts(history in histories(), rule in 0..RULES.len()) {
        let (level, attempts) = judge(&history, &school(RULES[rule]));
        prop_assert_eq!(sum(attempts.iter().map(|(_, a)| a.gpa_hours)), level.institution.gpa_hours.decimal().micro());
        prop_assert_eq!(sum(attempts.iter().map(|(_, a)| a.credits_earned)), level.institution.credits_earned.decimal().micro());
        prop_assert_eq!(level.terms.last().map(|term| term.cumulative), Some(level.institution));
        if !RULES[rule].contains("repeat_term") {
            let hours = sum(level.terms.iter().map(|term| term.term.gpa_hours));
            prop_assert_eq!(hours, level.institution.gpa_hours.decimal().micro());
        }
    }

    /// What a page said when the term ended is what it says for ever, where only the repeat's term changes.
    #[test]
    fn from_the_repeat_on_no_earlier_total_changes(history in histories()) {
        let policy = school("counts = \"last\"\ncap = { credits = 7 }\nchanges = \"repeat_term\"");
        let (whole, _) = judge(&history, &policy);
        let end = history.iter().map(|taken| taken.0).max().unwrap_or_default();
        let earlier: Vec<Taken> = history.iter().copied().filter(|taken| taken.0 < end).collect();
        let (before, _) = if earlier.is_empty() { return Ok(()) } else { judge(&earlier, &policy) };
        let told = |level: &LevelEvaluation| level.terms.iter().map(|t| (t.term, t.cumulative)).collect::<Vec<_>>();
        prop_assert_eq!(&told(&whole)[..before.terms.len()], &told(&before)[..]);
    }

    /// Without a repeated course a rule changes nothing, and the cumulative is the sum of the terms.
    #[test]
    fn without_repeats_a_rule_changes_nothing(results in prop::collection::vec((0usize..6, 0..RESULTS.len()), 1..24), rule in 0..RULES.len()) {
        let attempts = |at: usize| -> Vec<Attempt> {
            let numbered = results.iter().enumerate().filter(|(_, (term, _))| *term == at);
            numbered.map(|(number, (_, result))| of(&format!("ENG {number}"), RESULTS[*result], "3")).collect()
        };
        let terms = (0..6).map(|at| term(&designator(at), UNDERGRADUATE, attempts(at))).collect();
        let student = record(terms);
        let plain = Policy::built_in("plus-minus-3").expect("built in");
        let (with, without) = (judged(&student, &school(RULES[rule])).remove(0), judged(&student, &plain).remove(0));
        prop_assert_eq!(&with.terms, &without.terms);
        prop_assert_eq!(with.overall, without.overall);
        let mut hours = 0;
        for term in &with.terms {
            hours += term.term.gpa_hours.decimal().micro();
            prop_assert_eq!(hours, term.cumulative.gpa_hours.decimal().micro());
        }
    }

    /// Plain attempts with course and term have the GPA of the record.
    #[test]
    fn plain_attempts_agree_with_the_record(history in histories(), rule in 0..RULES.len()) {
        let policy = school(RULES[rule]);
        let plain = |taken: &Taken| {
            let attempt = one(*taken);
            let (course, term) = (Some(text(&attempt.course.code())), Some(text(&designator(taken.0))));
            PlainAttempt { grade: attempt.grade.expect("graded"), credits: attempt.credits, course, term, level: None }
        };
        let attempts: Vec<PlainAttempt> = history.iter().map(plain).collect();
        prop_assert_eq!(calculate_gpa(&attempts, &policy).expect("judged"), judge(&history, &policy).0.institution.gpa);
    }
}
