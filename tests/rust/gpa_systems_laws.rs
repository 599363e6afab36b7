//! Laws of honours, weighted marks and conversions, against independent recomputation credit by credit.

use crate::gpa_records::*;
use proptest::collection::vec;
use proptest::prelude::*;
use registrary::domain::{Decimal, Ratio};
use registrary::gpa::systems::*;
use serde_json::json;

/// A mark in tenths and whole credits.
type Taken = (u16, u8);

fn module((tenths, hours): &Taken, level: &str) -> Module {
    let mark = Decimal::from_micro(i64::from(*tenths) * 100_000, 0).expect("in range");
    Module { mark, credits: credits(&hours.to_string()), level: text(level) }
}

fn taken() -> impl Strategy<Value = Vec<Taken>> {
    vec((0..=1000_u16, 1..=40_u8), 1..12)
}

/// Every single credit with its mark, the best first: no module is split, for a credit is whole.
fn best(modules: &[Taken], limit: usize) -> Vec<i128> {
    let mut each: Vec<i128> =
        modules.iter().flat_map(|(mark, hours)| std::iter::repeat_n(i128::from(*mark), usize::from(*hours))).collect();
    each.sort_unstable_by_key(|mark| std::cmp::Reverse(*mark));
    each.truncate(limit);
    each
}

fn mean(marks: &[i128]) -> Ratio {
    Ratio::new(marks.iter().sum(), 10 * marks.len() as i128).expect("positive denominator")
}

proptest! {
    #[test]
    fn the_best_credits_are_those_of_the_best_marks(five in taken(), six in taken(), limit in 1..=100_u8) {
        let file = json!({"methods": [{"weights": {"5": 25, "6": 75}, "best_credits": limit}],
            "classes": [{"name": "any", "from": 0}]});
        let scheme = HonoursScheme::from_json(&file).expect("a scheme");
        let modules: Vec<Module> =
            five.iter().map(|m| module(m, "5")).chain(six.iter().map(|m| module(m, "6"))).collect();
        let (a, b) = (best(&five, limit.into()), best(&six, limit.into()));
        let enough = a.len() == usize::from(limit) && b.len() == usize::from(limit);
        match classify_honours(&modules, &scheme) {
            Err(_) => prop_assert!(!enough),
            Ok(honours) => {
                prop_assert!(enough);
                prop_assert_eq!(honours.levels[0].exact, mean(&a));
                prop_assert_eq!(honours.levels[1].exact, mean(&b));
                let (x, y) = (mean(&a), mean(&b));
                let top = 25 * x.numerator() * y.denominator() + 75 * y.numerator() * x.denominator();
                prop_assert_eq!(honours.exact, Ratio::new(top, 100 * x.denominator() * y.denominator()).expect("positive"));
                let counted: i64 = honours.counted.iter().map(|c| c.decimal().micro() / 1_000_000).sum();
                prop_assert_eq!(counted, 2 * i64::from(limit));
            }
        }
    }

    #[test]
    fn by_credits_every_credit_has_its_weight(five in taken(), six in taken()) {
        let file = json!({"methods": [{"weights": {"5": 1, "6": 2}, "weigh": "credits"}],
            "classes": [{"name": "any", "from": 0}]});
        let scheme = HonoursScheme::from_json(&file).expect("a scheme");
        let marks = MarkScheme::from_json(&json!({"weights": {"5": 1, "6": 2}})).expect("a scheme");
        let modules: Vec<Module> =
            six.iter().map(|m| module(m, "6")).chain(five.iter().map(|m| module(m, "5"))).collect();
        let (a, b) = (best(&five, 1_000), best(&six, 1_000));
        let each: Vec<i128> = a.into_iter().chain(b.iter().copied()).chain(b.iter().copied()).collect();
        let honours = classify_honours(&modules, &scheme).expect("marks");
        prop_assert_eq!(honours.exact, mean(&each));
        // The weighted average mark is the same formula.
        let weighted = weighted_average_mark(&modules, &marks).expect("marks").expect("a mean");
        prop_assert_eq!(weighted.exact, honours.exact);
    }

    #[test]
    fn a_better_grade_never_converts_to_a_worse_one(a in 500..=1000_i64, b in 500..=1000_i64) {
        for name in ConversionScheme::built_in_names() {
            let scheme = ConversionScheme::built_in(name).expect("built in");
            let tenths = |tenths: i64| Decimal::from_micro(tenths * 100_000, 1).expect("in range");
            let convert = |grade| convert_grade(tenths(grade), tenths(1000), tenths(500), &scheme).expect("passes");
            prop_assert!(convert(a.max(b)) <= convert(a.min(b)), "{}", name);
            prop_assert!(convert(a) >= decimal("1.0") && convert(a) <= decimal("4.0"));
            // One decimal cut off is in the student's favour by less than a tenth.
            let exact = 1_000_000 + 3 * (1000 - a) * 1_000_000 / 500;
            if *name == "modified-bavarian" {
                prop_assert!((0..100_000).contains(&(exact - convert(a).micro())));
            }
        }
    }
}
