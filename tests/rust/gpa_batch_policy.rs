//! A table of many students by a whole policy gives what judging each student's record gives.

use crate::gpa_records::*;
use crate::gpa_repeat_records::*;
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int64Type};
use arrow_array::{ArrayRef, BooleanArray, Decimal128Array, Int64Array, RecordBatch, StringArray};
use proptest::prelude::*;
use registrary::domain::{Attempt, Error, Ratio, RepeatTreatment, StudentRecord};
use registrary::gpa::batch::{BatchRequest, ColumnNames, GpaTable, Grouping, KeyColumn, OnError, calculate_table};
use registrary::gpa::{CreditSummary, Policy};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

const RESULTS: [&str; 10] = ["A", "B-", "C", "C-", "D", "D+", "F", "P", "NP", "W"];
const HOURS: [&str; 6] = ["3", "4", "1.5", "0", "0.333", "12"];
const LEVELS: [&str; 2] = ["undergraduate", "graduate"];
/// Numbers on both sides of 299, two names of one course, one that is never a repeat.
const COURSES: [&str; 5] = ["MATH 101", "MAT 101", "ART 299", "PHYS 801", "MUS 50"];
/// The published shapes of repeat rules, their thresholds and caps made easy to reach, and rules of several terms.
const RULES: [&str; 19] = [
    "counts = \"all_but_first\"",
    "counts = \"all_but_first\"\nstanding = \"last\"",
    "counts = \"best\"",
    "counts = \"last\"\nold_at_most = \"D+\"\ncap = { credits = \"7\" }",
    "recorded = \"requests\"\ncounts = \"all_but_first\"\ncap = { credits = \"6\" }",
    "counts = \"last\"\ncap = { repeats = 3 }\n[levels.graduate.repeats]\ncounts = \"last\"\ncap = { repeats = 1 }",
    "counts = \"last\"\nold_at_most = \"D\"\nnew_at_least = \"C\"",
    "counts = \"last\"\nold_at_most = \"C-\"\ncap = { repeats = 7, per_course = 1 }",
    "counts = \"all\"\nby_number = [{ highest = 299, counts = \"best\", cap = { per_course = 1 } }]",
    "counts = \"all\"",
    "counts = \"last\"\nold_at_most = \"D\"\notherwise = \"keep_old\"",
    "counts = \"last\"\npass_replaces_letter = true\nletter_replaces_pass = false",
    "counts = \"last\"\nchanges = \"repeat_term\"",
    "counts = \"all_but_first\"\nlater = [{ from = \"2004-01\", counts = \"last\" }, { from = \"2006-01\", counts = \"all\" }]",
    "counts = \"first\"",
    "counts = \"last\"\nrecorded = \"ignore\"",
    "counts = \"last\"\nequivalent = [[\"MATH 101\", \"MAT 101\"]]\nrepeatable = [\"MUS 50\"]",
    "counts = \"last\"\nnever_replace = [\"F\"]",
    "counts = \"best\"\nchanges = \"repeat_term\"\nstanding = \"last\"",
];
/// What holds beside the rules for repeats; a scale and roundings that change, a mean of printed terms, a scale by the
/// term of entry, and one on which fewer points are better.
const BASES: [&str; 6] = [
    "extends = \"plus-minus-3\"\n",
    "extends = \"plus-minus-3\"\nrounding = { mode = \"half_even\", places = 3 }\nquality_points = { mode = \"half_up\", places = 1 }\n",
    "extends = \"plus-minus-3\"\nscale_changes = [{ from = \"2004-09\", scale = { \"B-\" = \"2.667\", \"D+\" = 1.5, NP = 0 } }]\n\
     rounding = [{ mode = \"truncate\", places = 2 }, { from = \"2003-09\", mode = \"half_up\", places = 3 }]\n",
    "extends = \"plus-minus-3\"\ncumulative = \"rounded_terms\"\nrounding = { mode = \"half_up\", places = 1 }\n",
    "extends = \"plus-minus-3\"\nscale_changes_by = \"entry\"\n\
     scale_changes = [{ from = \"2003-09\", scale = { \"B-\" = \"2.667\", \"D+\" = 1.5, NP = 0 } }]\n",
    "extends = \"pass-fail\"\nbest = \"lowest\"\npass_points = \"4.0\"\n\
     scale = { A = 1, \"B-\" = \"2.3\", C = 3, \"C-\" = \"3.3\", \"D+\" = \"3.7\", D = 4, F = 5 }\n",
];

#[derive(Clone, Copy, Debug)]
struct Taken {
    student: i64,
    level: usize,
    term: usize,
    course: usize,
    result: usize,
    hours: usize,
    excluded: bool,
}

fn taken(levels: usize) -> impl Strategy<Value = Taken> {
    let results = (0..RESULTS.len(), 0..HOURS.len(), prop::bool::weighted(0.15));
    (0i64..3, 0..levels, 0usize..6, 0..COURSES.len(), results).prop_map(
        |(student, level, term, course, (result, hours, excluded))| Taken {
            student,
            level,
            term,
            course,
            result,
            hours,
            excluded,
        },
    )
}

fn policy(base: usize, rules: Option<usize>) -> Policy {
    // A mean of printed terms cannot go with repeats that change what was printed.
    let base = if base == 3 && rules.is_some_and(|rules| RULES[rules].contains("repeat_term")) { 0 } else { base };
    let repeats = rules.map_or(String::new(), |rules| format!("[repeats]\n{}", RULES[rules]));
    Policy::from_toml(&format!("{}{repeats}", BASES[base])).unwrap_or_else(|error| panic!("{error:?}"))
}

fn designator(term: usize) -> String {
    format!("{}-09", 2001 + term)
}

fn table(rows: &[Taken]) -> RecordBatch {
    let texts = |text: fn(&Taken) -> String| StringArray::from_iter_values(rows.iter().map(text));
    let milli = |row: &Taken| i128::from(decimal(HOURS[row.hours]).micro() / 1000);
    let hours = Decimal128Array::from_iter_values(rows.iter().map(milli)).with_precision_and_scale(10, 3);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("student", Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.student)))),
        ("level", Arc::new(texts(|row| LEVELS[row.level].to_owned()))),
        ("term", Arc::new(texts(|row| designator(row.term)))),
        ("course", Arc::new(texts(|row| COURSES[row.course].to_owned()))),
        ("grade", Arc::new(texts(|row| RESULTS[row.result].to_owned()))),
        ("credits", Arc::new(hours.expect("three places"))),
        ("excluded", Arc::new(BooleanArray::from(rows.iter().map(|row| row.excluded).collect::<Vec<_>>()))),
    ];
    RecordBatch::try_from_iter(columns).expect("columns of one length")
}

fn request(policy: &Policy, keys: &[KeyColumn], cumulative: bool) -> BatchRequest {
    let name = |word: &str| Some(word.to_owned());
    let columns = ColumnNames {
        student: name("student"),
        grade: name("grade"),
        credits: name("credits"),
        term: name("term"),
        course: name("course"),
        level: name("level"),
        excluded: name("excluded"),
        ..ColumnNames::default()
    };
    let by = Grouping { keys: keys.to_vec() };
    BatchRequest { columns, by, cumulative, on_error: OnError::Refuse, policy: policy.clone() }
}

fn calculate(rows: &[Taken], request: &BatchRequest) -> Result<GpaTable, Error> {
    // In two chunks, as tables come.
    let (first, second) = rows.split_at(rows.len() / 2);
    calculate_table(&[table(first), table(second)], request, &AtomicBool::new(false))
}

/// Attempted, earned and GPA hours in millionths, quality points in millionths of millionths, the GPA as printed in
/// millionths.
type Figures = (i64, i64, i64, i128, Option<i64>);

fn told(summary: &CreditSummary) -> Figures {
    let micro = |credits: registrary::domain::Credits| credits.decimal().micro();
    let gpa = summary.gpa.map(|gpa| gpa.displayed.micro());
    let (attempted, earned) = (micro(summary.credits_attempted), micro(summary.credits_earned));
    (attempted, earned, micro(summary.gpa_hours), pico(summary.quality_points), gpa)
}

fn pico(points: Ratio) -> i128 {
    let scaled = points.numerator() * 1_000_000_000_000;
    assert_eq!(scaled % points.denominator(), 0, "a table's points are decimals");
    scaled / points.denominator()
}

fn column(table: &GpaTable, name: &str, places: u32) -> Vec<Option<i128>> {
    let array = table.batch.column_by_name(name).unwrap_or_else(|| panic!("{name}"));
    let array = array.as_primitive::<Decimal128Type>();
    let own = u32::try_from(array.scale()).expect("a scale");
    assert!(own <= places, "{name} has {own} places");
    array.iter().map(|value| value.map(|value| value * 10i128.pow(places - own))).collect()
}

fn figures(table: &GpaTable, prefix: &str) -> Vec<Figures> {
    let of = |name: &str, places| column(table, &format!("{prefix}{name}"), places);
    let micro = |name: &str| of(name, 6).into_iter().map(|value| value.expect(name) as i64).collect::<Vec<_>>();
    let (attempted, earned, hours) = (micro("credits_attempted"), micro("credits_earned"), micro("gpa_hours"));
    let (quality, gpas) = (of("quality_points", 12), of("gpa", 6));
    (0..table.batch.num_rows())
        .map(|at| {
            let gpa = gpas[at].map(|gpa| gpa as i64);
            (attempted[at], earned[at], hours[at], quality[at].expect("quality points"), gpa)
        })
        .collect()
}

/// Student, term and level of every row of the result, where they are keys.
fn keys(table: &GpaTable) -> Vec<(i64, String, String)> {
    let students = table.batch.column_by_name("student").map(|array| array.as_primitive::<Int64Type>().clone());
    let text = |name: &str, at: usize| {
        let array = table.batch.column_by_name(name).filter(|array| array.as_string_opt::<i32>().is_some());
        array.map_or(String::new(), |array| array.as_string::<i32>().value(at).to_owned())
    };
    let student = |at: usize| students.as_ref().map_or(-1, |students| students.value(at));
    (0..table.batch.num_rows()).map(|at| (student(at), text("term", at), text("level", at))).collect()
}

fn record_of(rows: &[Taken], student: i64) -> StudentRecord {
    let mut terms: BTreeMap<(usize, usize), Vec<Attempt>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.student == student) {
        let mut one = of(COURSES[row.course], RESULTS[row.result], HOURS[row.hours]);
        one.repeat = row.excluded.then_some(RepeatTreatment::Excluded);
        terms.entry((row.level, row.term)).or_default().push(one);
    }
    let terms = terms.into_iter().map(|((level, at), attempts)| term(&designator(at), LEVELS[level], attempts));
    record(terms.collect())
}

/// Every summary that judging the records gives: by student and level, and by student, term and level with what had
/// gathered by then.
type Whole = BTreeMap<(i64, String, String), Figures>;

fn expected(rows: &[Taken], policy: &Policy) -> (Whole, Whole, Whole) {
    let (mut whole, mut terms, mut running) = (Whole::new(), Whole::new(), Whole::new());
    let students: std::collections::BTreeSet<i64> = rows.iter().map(|row| row.student).collect();
    for student in students {
        let record = record_of(rows, student);
        for level in judged(&record, policy) {
            let word = level.level.as_str().to_owned();
            whole.insert((student, String::new(), word.clone()), told(&level.institution));
            for term in &level.terms {
                let at = record.terms[term.term_index].designator.to_string();
                terms.insert((student, at.clone(), word.clone()), told(&term.term));
                running.insert((student, at, word.clone()), told(&term.cumulative));
            }
        }
    }
    (whole, terms, running)
}

fn by_key(table: &GpaTable, prefix: &str) -> Whole {
    keys(table).into_iter().zip(figures(table, prefix)).collect()
}

const STUDENT_LEVEL: [KeyColumn; 2] = [KeyColumn::Student, KeyColumn::Level];
const STUDENT_TERM_LEVEL: [KeyColumn; 3] = [KeyColumn::Student, KeyColumn::Term, KeyColumn::Level];

proptest! {
    /// By student and level, by term too, and up to each term: the same exact and printed totals as the record has.
    #[test]
    fn a_table_gives_what_its_records_give(
        rows in prop::collection::vec(taken(2), 1..48),
        base in 0..BASES.len(),
        rules in prop::option::weighted(0.9, 0..RULES.len()),
    ) {
        let policy = policy(base, rules);
        let (whole, terms, running) = expected(&rows, &policy);
        let students = calculate(&rows, &request(&policy, &STUDENT_LEVEL, false)).expect("by student");
        prop_assert_eq!(by_key(&students, ""), whole);
        let by_term = calculate(&rows, &request(&policy, &STUDENT_TERM_LEVEL, true)).expect("by term");
        prop_assert_eq!(by_key(&by_term, ""), terms);
        prop_assert_eq!(by_key(&by_term, "cumulative_"), running);
    }

    /// The order of rows decides nothing, not even within a term.
    #[test]
    fn rows_in_any_order_give_one_answer(
        (rows, shuffled) in prop::collection::vec(taken(1), 1..40).prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle())),
        base in 0..BASES.len(),
        rules in 0..RULES.len(),
    ) {
        let request = request(&policy(base, Some(rules)), &STUDENT_TERM_LEVEL, true);
        let (one, other) = (calculate(&rows, &request).expect("one"), calculate(&shuffled, &request).expect("other"));
        prop_assert_eq!(one.batch, other.batch);
    }

    /// By term or level alone: the sums over the students.
    #[test]
    fn without_the_student_the_students_are_summed(
        rows in prop::collection::vec(taken(2), 1..40),
        base in 0..BASES.len(),
        rules in 0..RULES.len(),
    ) {
        let policy = policy(base, Some(rules));
        let (_, terms, _) = expected(&rows, &policy);
        let mut sums: BTreeMap<String, (i64, i64, i64, i128)> = BTreeMap::new();
        for ((_, term, _), figures) in terms {
            let sum = sums.entry(term).or_default();
            *sum = (sum.0 + figures.0, sum.1 + figures.1, sum.2 + figures.2, sum.3 + figures.3);
        }
        let table = calculate(&rows, &request(&policy, &[KeyColumn::Term], false)).expect("by term");
        let told: BTreeMap<String, (i64, i64, i64, i128)> =
            by_key(&table, "").into_iter().map(|((_, term, _), f)| (term, (f.0, f.1, f.2, f.3))).collect();
        prop_assert_eq!(told, sums);
    }
}
