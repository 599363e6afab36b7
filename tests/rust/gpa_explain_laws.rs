//! Laws of explanations and what-ifs: every number is the sum of its parts, and nothing needed is more than needed.

use crate::gpa_records::*;
use crate::gpa_repeat_laws::{RESULTS, RULES, Taken, designator, histories, student};
use crate::gpa_repeat_records::*;
use proptest::prelude::*;
use registrary::domain::{Attempt, Ratio, RepeatTreatment, StudentRecord, Text};
use registrary::gpa::explanation::{Addends, AttemptPlace, LevelExplanation, NumberExplanation};
use registrary::gpa::{
    Explanation, LevelEvaluation, PlainAttempt, Policy, Selection, Span, explain, required_for, with_attempts,
};

const ROUNDINGS: [&str; 4] = [
    "mode = \"truncate\"\nplaces = 2",
    "mode = \"half_up\"\nplaces = 2",
    "mode = \"half_even\"\nplaces = 2",
    "mode = \"truncate_then_half_down\"\nfirst = 3\nplaces = 1",
];

fn explained(record: &StudentRecord, policy: &Policy) -> LevelExplanation {
    match explain(record, policy, &Selection::default()).expect("judged") {
        Explanation::Computed { mut levels, .. } => levels.remove(0),
        Explanation::Stated { .. } => panic!("stated"),
    }
}

fn zero() -> Ratio {
    Ratio::new(0, 1).expect("positive")
}

fn sum(number: &NumberExplanation, of: fn(&Addends) -> Ratio) -> Ratio {
    let adds = number.parts.iter().map(|part| &part.adds).chain(number.balances.iter().map(|one| &one.adds));
    adds.map(of).fold(zero(), |sum, one| sum.checked_add(one).expect("small"))
}

fn attempt_at(record: &StudentRecord, place: AttemptPlace) -> &Attempt {
    match place {
        AttemptPlace::Term(term, at) => &record.terms[term].attempts[at],
        AttemptPlace::Transfer(block, at) => &record.transfers[block].attempts[at],
    }
}

/// The printed line that the explanation is of.
fn printed(level: &LevelEvaluation, number: &NumberExplanation) -> registrary::gpa::CreditSummary {
    let term = || level.terms.iter().find(|term| Some(term.term_index) == number.index).expect("a term");
    match number.span {
        Span::Term => term().term,
        Span::Cumulative => term().cumulative,
        Span::Institution => level.institution,
        Span::Transfer => level.transfer,
        _ => level.overall,
    }
}

/// The history with its last third earned elsewhere, where the rules compare that, too.
fn with_transfers(history: &[Taken]) -> StudentRecord {
    let (here, there) = history.split_at(history.len() - history.len() / 3);
    let mut record = student(here);
    for taken in there {
        record.transfers.push(earned_elsewhere(&designator(taken.0), student(&[*taken]).terms.remove(0).attempts));
    }
    record
}

proptest! {
    #[test]
    fn every_number_is_the_sum_of_its_parts(history in histories(), rule in 0..RULES.len(), transfer in any::<bool>()) {
        let rules = if transfer { format!("transfer = true\n{}", RULES[rule]) } else { RULES[rule].to_owned() };
        let (policy, record) = (school(&rules), with_transfers(&history));
        let level = judged(&record, &policy).remove(0);
        let explanation = explained(&record, &policy);
        prop_assert_eq!(explanation.numbers.len(), 2 * level.terms.len() + level.transfers.len() + 3);
        for number in &explanation.numbers {
            let summary = number.summary;
            if number.span != Span::TransferBlock {
                prop_assert_eq!(summary, printed(&level, number));
            }
            prop_assert_eq!(sum(number, |adds| adds.quality_points), summary.quality_points);
            prop_assert_eq!(sum(number, |adds| adds.gpa_hours), summary.gpa_hours_exact);
            prop_assert_eq!(sum(number, |adds| adds.credits_attempted), summary.credits_attempted.ratio());
            prop_assert_eq!(sum(number, |adds| adds.credits_passed), summary.credits_passed.ratio());
            prop_assert_eq!(sum(number, |adds| adds.credits_earned), summary.credits_earned.ratio());
            prop_assert_eq!(summary.gpa.map(|gpa| gpa.exact), summary.quality_points.checked_div(summary.gpa_hours_exact));
            prop_assert_eq!(summary.gpa.map(|gpa| gpa.displayed), summary.gpa.and_then(|gpa| number.rounding.apply(gpa.exact)));
        }
    }

    /// Every GPA of every number lies inside the scale, whatever repeats do.
    #[test]
    fn every_gpa_lies_inside_the_scale(history in histories(), rule in 0..RULES.len()) {
        for number in explained(&with_transfers(&history), &school(RULES[rule])).numbers {
            if let Some(gpa) = number.summary.gpa {
                prop_assert!((0..=4_000_000).contains(&gpa.displayed.micro()));
                prop_assert!(gpa.exact >= zero() && gpa.exact <= Ratio::new(4, 1).expect("positive"));
            }
        }
    }

    /// E, I and A partition the attempts of a repeated course, each is compared with another attempt of it, and the one
    /// that gives the credit is the one that earned it.
    #[test]
    fn every_repeat_names_the_other(history in histories(), rule in 0..RULES.len()) {
        let (policy, record) = (school(RULES[rule]), with_transfers(&history));
        for number in explained(&record, &policy).numbers {
            for part in &number.parts {
                prop_assert_eq!(part.evaluation.repeat.is_some(), part.repeat.is_some());
                let Some(reason) = &part.repeat else { continue };
                let code = |place| attempt_at(&record, place).course.code();
                let other = reason.other.expect("a repeat is never alone");
                prop_assert!(other != part.place && code(other) == code(part.place));
                let credit = reason.credit.expect("one of them gives the credit");
                let treatment = part.evaluation.repeat.expect("marked");
                prop_assert_eq!(credit == part.place, treatment == RepeatTreatment::Included);
                prop_assert_eq!(part.adds.gpa_hours == zero(), treatment == RepeatTreatment::Excluded || part.evaluation.gpa_hours.is_zero());
                for limit in &reason.limits {
                    prop_assert_eq!(limit.over, limit.used.micro() + limit.asks.micro() > limit.limit.micro());
                }
            }
        }
    }

    /// Planned or taken, the policy says the same.
    #[test]
    fn planned_attempts_are_judged_as_taken(history in histories(), more in histories(), rule in 0..RULES.len()) {
        let policy = school(RULES[rule]);
        // A plan has a grade, not a status.
        let plan = |taken: &Taken| PlainAttempt {
            grade: grade(RESULTS[taken.2]),
            credits: credits(["3", "4", "1.5", "2"][taken.1]),
            course: Text::new(&format!("ENG {}", taken.1)).ok(),
            term: Text::new(&designator(taken.0)).ok(),
            level: None,
        };
        let planned: Vec<Option<PlainAttempt>> = more.iter().map(|taken| Some(plan(taken))).collect();
        let both = with_attempts(&student(&history), &planned, Vec::new()).expect("added");
        let taken = student(&[history, more].concat());
        let (one, other) = (judged(&both, &policy).remove(0), judged(&taken, &policy).remove(0));
        prop_assert_eq!(one.overall, other.overall);
        let totals = |level: &LevelEvaluation| level.terms.iter().map(|term| (term.term, term.cumulative)).collect::<Vec<_>>();
        prop_assert_eq!(totals(&one), totals(&other));
    }

    /// What is required reaches the target, and the least step less does not.
    #[test]
    fn what_is_required_is_tight(history in histories(), hundredths in 0i64..=400, quarters in 1i64..200, mode in 0..ROUNDINGS.len()) {
        let file = format!("extends = \"plus-minus-3\"\n[rounding]\n{}", ROUNDINGS[mode]);
        let policy = Policy::from_toml(&file).unwrap_or_else(|error| panic!("{error:?}"));
        let (record, target) = (student(&history), decimal(&format!("{}.{:02}", hundredths / 100, hundredths % 100)));
        let more = decimal(&format!("{}.{:02}", quarters / 4, quarters % 4 * 25));
        let more = registrary::domain::Credits::new(more).expect("in range");
        let required = required_for(&record, &policy, None, target, more).expect("computed");
        let overall = judged(&record, &policy).remove(0).overall;
        let rounding = explained(&record, &policy).numbers.last().expect("overall").rounding;
        let reaches = |gpa: Ratio| {
            let points = gpa.checked_mul(more.ratio()).and_then(|new| new.checked_add(overall.quality_points));
            let hours = overall.gpa_hours_exact.checked_add(more.ratio()).expect("small");
            let exact = points.and_then(|points| points.checked_div(hours)).expect("small");
            exact >= zero() && rounding.apply(exact).expect("small") >= target
        };
        let step = |sign| required.exact.checked_add(Ratio::new(sign, 1_000_000_000_000).expect("positive")).expect("small");
        let (enough, less) = if required.more_than { (step(1), required.exact) } else { (required.exact, step(-1)) };
        prop_assert!(target.is_zero() || (reaches(enough) && !reaches(less)));
    }
}
