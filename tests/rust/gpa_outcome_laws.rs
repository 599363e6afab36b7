//! Laws of totals, units, named GPAs and standing, checked against arithmetic of their own.

use crate::gpa_records::*;
use crate::gpa_repeat_records::{UNDERGRADUATE, of};
use proptest::prelude::*;
use registrary::domain::{Attempt, CreditUnit, Credits, Decimal, Ratio};
use registrary::gpa::{CreditSummary, LevelEvaluation, Policy};
use serde_json::json;

const LETTERS: [(&str, i128); 5] = [("F", 0), ("D", 1), ("C", 2), ("B", 3), ("A", 4)];
const COURSES: [&str; 4] = ["MATH 101", "HIST 110", "CHEM 120", "ART 1"];
const STANDINGS: [&str; 4] = ["Dismissal", "Probation", "Good standing", "Dean's list"];

/// A letter, tenths of a credit, a course and whether its credits are quarter credits.
type Taken = (usize, i64, usize, bool);

fn history() -> impl Strategy<Value = Vec<Vec<Taken>>> {
    let taken = (0..LETTERS.len(), 1i64..120, 0..COURSES.len(), any::<bool>());
    prop::collection::vec(prop::collection::vec(taken, 1..5), 1..6)
}

fn attempt_of((letter, tenths, course, quarter): &Taken) -> Attempt {
    let hours = Decimal::from_micro(tenths * 100_000, 0).and_then(Credits::new).expect("in range");
    let unit = if *quarter { CreditUnit::Quarter } else { CreditUnit::Semester };
    Attempt { credits: hours, unit, ..of(COURSES[*course], LETTERS[*letter].0, "0") }
}

fn judge(history: &[Vec<Taken>], policy: &Policy) -> LevelEvaluation {
    let dated = |(at, taken): (usize, &Vec<Taken>)| {
        term(&format!("{}-09", 2001 + at), UNDERGRADUATE, taken.iter().map(attempt_of).collect())
    };
    judged(&record(history.iter().enumerate().map(dated).collect()), policy).remove(0)
}

fn in_semesters(history: &[Vec<Taken>]) -> Vec<Vec<Taken>> {
    let plain = |taken: &Vec<Taken>| taken.iter().map(|(l, t, c, _)| (*l, *t, *c, false)).collect();
    history.iter().map(plain).collect()
}

fn policy(rules: serde_json::Value) -> Policy {
    let mut file = json!({"extends": "whole-letters"});
    for (key, value) in rules.as_object().expect("a table") {
        file[key] = value.clone();
    }
    Policy::from_json(&file).expect("a policy")
}

fn units(factor: &str, round: &str) -> Policy {
    let rounding = json!({"mode": "half_up", "places": 2});
    policy(json!({"units": {"print": "semester", "round": round, "rounding": rounding, "quarter": factor}}))
}

fn ratio(top: i128, bottom: i128) -> Ratio {
    Ratio::new(top, bottom).expect("a positive denominator")
}

fn gpa(summary: &CreditSummary) -> Option<Ratio> {
    summary.gpa.map(|gpa| gpa.exact)
}

fn worse(standing: &str, than: &str) -> bool {
    let rank = |words: &str| STANDINGS.iter().position(|known| *known == words);
    rank(standing) < rank(than)
}

proptest! {
    /// With factor p/q: hours are Σ semester + Σ quarter × p/q, and so are points, in whole numbers of 1/(10 q).
    #[test]
    fn units_convert_exactly(history in history(), top in 1i128..20, bottom in 1i128..20) {
        let total = judge(&history, &units(&format!("{top}/{bottom}"), "sum")).overall;
        let factor = |quarter: bool| if quarter { top } else { bottom };
        let hours = history.iter().flatten().map(|(_, tenths, _, quarter)| i128::from(*tenths) * factor(*quarter));
        let points = history.iter().flatten().map(|(letter, tenths, _, quarter)| {
            LETTERS[*letter].1 * i128::from(*tenths) * factor(*quarter)
        });
        let (hours, points): (i128, i128) = (hours.sum(), points.sum());
        prop_assert_eq!(total.gpa_hours_exact, ratio(hours, 10 * bottom));
        prop_assert_eq!(total.quality_points, ratio(points, 10 * bottom));
        prop_assert_eq!(gpa(&total), Some(ratio(points, hours)));
        // Printed: the nearest hundredth.
        let printed = i128::from(total.gpa_hours.decimal().micro()) * bottom;
        prop_assert!((printed - hours * 100_000).abs() * 200 <= 1_000_000 * bottom);
    }

    /// One factor for all credits scales every total and no GPA.
    #[test]
    fn a_unit_does_not_change_a_gpa(history in history(), top in 1i128..20, bottom in 1i128..20) {
        let all = |quarter: bool| history.iter().map(|taken| {
            taken.iter().map(|(l, t, c, _)| (*l, *t, *c, quarter)).collect::<Vec<Taken>>()
        }).collect::<Vec<_>>();
        let policy = units(&format!("{top}/{bottom}"), "sum");
        let (quarters, semesters) = (judge(&all(true), &policy), judge(&all(false), &policy));
        prop_assert_eq!(gpa(&quarters.overall), gpa(&semesters.overall));
        let scaled = semesters.overall.gpa_hours_exact.checked_mul(ratio(top, bottom));
        prop_assert_eq!(Some(quarters.overall.gpa_hours_exact), scaled);
    }

    /// Rounded course by course: the sum of what each course prints.
    #[test]
    fn credits_rounded_by_course_add_up_as_printed(history in history()) {
        let level = judge(&history, &units("2/3", "course"));
        let credits = level.terms.iter().flat_map(|term| &term.attempts).map(|attempt| attempt.credits.decimal().micro());
        prop_assert_eq!(level.overall.credits_attempted.decimal().micro(), credits.sum::<i64>());
    }

    /// A GPA in which forgiven grades count is the GPA of a policy that forgives none; over more credits than there
    /// are, it is the usual one.
    #[test]
    fn a_named_gpa_is_what_its_rule_says(history in history(), counts in prop::sample::select(vec!["last", "best", "first"])) {
        let history = in_semesters(&history);
        let variants = json!({
            "honors": {"title": "Honors", "forgiven": "count"},
            "last": {"title": "Last", "last_credits": "999999"},
        });
        let level = judge(&history, &policy(json!({"repeats": {"counts": counts}, "variants": variants})));
        let without = judge(&history, &whole_letters());
        prop_assert_eq!(gpa(&level.variants[0].summary), gpa(&without.institution));
        prop_assert_eq!(gpa(&level.variants[1].summary), gpa(&level.institution));
        let hours = |summary: &CreditSummary| summary.gpa_hours;
        prop_assert!(hours(&level.variants[0].summary) >= hours(&level.institution));
    }

    /// Of one course repeated, the GPA of the best is at least that of all attempts, and that of the first at most the
    /// best.
    #[test]
    fn of_one_course_forgiving_the_lower_grade_never_lowers_a_gpa(grades in prop::collection::vec(0..LETTERS.len(), 1..6)) {
        let history: Vec<Vec<Taken>> = grades.iter().map(|letter| vec![(*letter, 30, 0, false)]).collect();
        let variants = json!({"honors": {"title": "Honors", "forgiven": "count"}});
        let of = |counts: &str| judge(&history, &policy(json!({"repeats": {"counts": counts}, "variants": variants})));
        let best = of("best");
        prop_assert!(gpa(&best.institution) >= gpa(&best.variants[0].summary));
        prop_assert!(gpa(&of("first").institution) <= gpa(&best.institution));
    }

    /// Where a record states no earned credits, the built-in scales pass what they earn; both are attempted.
    #[test]
    fn passed_lies_between_earned_and_attempted(history in history(), counts in prop::sample::select(vec!["last", "best", "all"])) {
        let level = judge(&in_semesters(&history), &policy(json!({"repeats": {"counts": counts}})));
        for summary in level.terms.iter().flat_map(|term| [term.term, term.cumulative]).chain([level.overall]) {
            prop_assert_eq!(summary.credits_passed, summary.credits_earned);
            prop_assert!(summary.credits_passed <= summary.credits_attempted);
        }
    }

    /// A better grade never gives a worse standing, and the printed GPA alone decides.
    #[test]
    fn standing_is_monotone_in_the_gpa(taken in prop::collection::vec((0..4usize, 1i64..120), 1..6), at in 0..6usize) {
        let rules = json!([
            {"is": STANDINGS[0], "term_gpa_below": "1.5"},
            {"is": STANDINGS[1], "term_gpa_below": "2"},
            {"is": STANDINGS[3], "term_gpa_at_least": "3.4"},
            {"is": STANDINGS[2]},
        ]);
        let policy = policy(json!({"standing": {"rules": rules}}));
        let mut better = taken.clone();
        let at = at % taken.len();
        better[at].0 += 1;
        let standing = |taken: &[(usize, i64)]| {
            let history = [taken.iter().map(|(letter, tenths)| (*letter, *tenths, 0, false)).collect::<Vec<Taken>>()];
            let term = judge(&history, &policy).terms.remove(0);
            (term.standing.expect("the last rule holds always").title, term.term.gpa.expect("a GPA").displayed)
        };
        let ((before, low), (after, high)) = (standing(&taken), standing(&better));
        prop_assert!(high >= low && !worse(after.as_str(), before.as_str()));
        let by_hand = match low.micro() {
            ..1_500_000 => 0,
            1_500_000..2_000_000 => 1,
            3_400_000.. => 3,
            _ => 2,
        };
        prop_assert_eq!(before.as_str(), STANDINGS[by_hand]);
    }
}
