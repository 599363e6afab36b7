//! Laws that hold for every record, checked against arithmetic of their own.

use crate::gpa_records::*;
use proptest::prelude::*;
use registrary::domain::{Attempt, Credits, Decimal, Ratio};
use registrary::gpa::{Gpa, PlainAttempt, Policy, Rounding, RoundingMode, calculate_gpa};

const GRADES: [(&str, i128); 12] = [
    ("A", 400),
    ("A-", 370),
    ("B+", 330),
    ("B", 300),
    ("B-", 270),
    ("C+", 230),
    ("C", 200),
    ("C-", 170),
    ("D+", 130),
    ("D", 100),
    ("D-", 70),
    ("F", 0),
];

fn plus_minus() -> Policy {
    Policy::built_in("plus-minus-3").expect("built in")
}

/// A grade by index and credits in quarters of one.
fn courses() -> impl Strategy<Value = Vec<(usize, u32)>> {
    prop::collection::vec((0..GRADES.len(), 0u32..48), 0..30)
}

fn hours(quarters: u32) -> Credits {
    Decimal::from_micro(i64::from(quarters) * 250_000, 0).and_then(Credits::new).expect("in range")
}

fn plain(courses: &[(usize, u32)]) -> Vec<PlainAttempt> {
    let one = |(at, quarters): &(usize, u32)| PlainAttempt {
        grade: grade(GRADES[*at].0),
        credits: hours(*quarters),
        course: None,
        term: None,
        level: None,
    };
    courses.iter().map(one).collect()
}

fn attempts(courses: &[(usize, u32)]) -> Vec<Attempt> {
    courses.iter().map(|(at, quarters)| Attempt { credits: hours(*quarters), ..attempt(GRADES[*at].0, "0") }).collect()
}

fn gpa(courses: &[(usize, u32)]) -> Option<Gpa> {
    calculate_gpa(&plain(courses), &plus_minus()).expect("all on the scale")
}

/// Hundredths of points times quarters of credits, and quarters of credits: the GPA by small whole numbers.
fn by_hand(courses: &[(usize, u32)]) -> (i128, i128) {
    let sums = courses.iter().map(|(at, quarters)| (GRADES[*at].1 * i128::from(*quarters), i128::from(*quarters)));
    sums.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
}

/// Every other one meets exact halves often.
fn denominators() -> impl Strategy<Value = i128> {
    prop_oneof![1i128..10_000, prop::sample::select(vec![2, 4, 20, 40, 200, 2_000, 20_000])]
}

fn micro(decimal: Decimal) -> i128 {
    i128::from(decimal.micro())
}

proptest! {
    #[test]
    fn the_gpa_is_the_exact_quotient(courses in courses()) {
        let (points, quarters) = by_hand(&courses);
        prop_assert_eq!(gpa(&courses).map(|gpa| gpa.exact), Ratio::new(points, quarters * 100));
    }

    #[test]
    fn the_gpa_lies_inside_the_scale(courses in courses()) {
        if let Some(gpa) = gpa(&courses) {
            prop_assert!((0..=4_000_000).contains(&micro(gpa.displayed)));
            prop_assert!(gpa.exact <= Ratio::new(4, 1).expect("positive"));
        }
    }

    #[test]
    fn order_changes_nothing((courses, shuffled) in courses().prop_flat_map(|c| (Just(c.clone()), Just(c).prop_shuffle()))) {
        prop_assert_eq!(gpa(&courses), gpa(&shuffled));
    }

    #[test]
    fn the_cumulative_is_the_sum_of_the_terms(terms in prop::collection::vec(courses(), 1..8)) {
        let term_of = |(index, courses): (usize, &Vec<(usize, u32)>)| {
            term(&format!("{}-09", 2001 + index), "undergraduate", attempts(courses))
        };
        let record = record(terms.iter().enumerate().map(term_of).collect());
        let level = judged(&record, &plus_minus()).remove(0);
        for (index, evaluation) in level.terms.iter().enumerate() {
            let through: Vec<_> = terms[..=index].concat();
            let (points, quarters) = by_hand(&through);
            prop_assert_eq!(evaluation.term.gpa, gpa(&terms[index]));
            prop_assert_eq!(evaluation.cumulative.gpa, gpa(&through));
            prop_assert_eq!(micro(evaluation.cumulative.gpa_hours.decimal()), quarters * 250_000);
            let exact = Ratio::new(points * 2_500_000_000, 1_000_000_000_000).expect("positive");
            prop_assert_eq!(evaluation.cumulative.quality_points, exact);
        }
        prop_assert_eq!(level.institution, level.terms[level.terms.len() - 1].cumulative);
        prop_assert_eq!(level.overall, level.institution);
    }

    /// Truncation is the largest printable number not above the exact one; half-up is truncation after adding half a
    /// unit, which is how RIT words it ("add .005 to the unrounded result and truncate"); half-even differs from it
    /// at exact halves alone.
    #[test]
    fn rounding_is_what_its_definition_says(top in 0i128..2_000_000, bottom in denominators(), places in 0u8..=6) {
        let exact = Ratio::new(top, bottom).expect("positive");
        let apply = |mode, value: Ratio| {
            micro(Rounding::new(mode, places).and_then(|rounding| rounding.apply(value)).expect("in range"))
        };
        let unit = 10i128.pow(6 - u32::from(places));
        let cut = apply(RoundingMode::Truncate, exact);
        prop_assert!(cut % unit == 0 && cut * bottom <= top * 1_000_000 && top * 1_000_000 < (cut + unit) * bottom);
        let up = apply(RoundingMode::HalfUp, exact);
        let raised = Ratio::new(2_000_000 * top + unit * bottom, 2_000_000 * bottom).expect("positive");
        prop_assert_eq!(up, apply(RoundingMode::Truncate, raised));
        let even = apply(RoundingMode::HalfEven, exact);
        let half = 2 * (top * 1_000_000 - cut * bottom) == unit * bottom;
        let as_defined = if half { even / unit % 2 == 0 && (even == up || even == cut) } else { even == up };
        prop_assert!(as_defined, "{} {} {}", cut, even, up);
    }
}
