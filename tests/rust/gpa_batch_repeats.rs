//! The quick way with repeats gives what judging every student as a whole gives, however the table is laid out.

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int32Array, Int64Array, PrimitiveArray, RecordBatch,
    StringArray, StringViewArray,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use registrary::gpa::Policy;
use registrary::gpa::batch::{BatchRequest, ColumnNames, GpaTable, Grouping, KeyColumn, OnError, calculate_table};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A+ and A count alike; Y is worth as much as D and earns nothing.
const SCALE: &str = "rounding = { mode = \"half_up\", places = 3 }\nno_gpa = [\"W\", \"P\", \"AU\"]\nscale = { \"A+\" = 4, A = 4, \
     \"B-\" = \"2.667\", C = 2, D = 1, F = 0, Y = { points = 1, earned = false } }\n";
const GRADES: [&str; 10] = ["A+", "A", "B-", "C", "D", "F", "Y", "W", "P", "AU"];
const HOURS: [i64; 7] = [3000, 4000, 1500, 333, 0, 1, 9000];
/// Rules that look at one course alone, and one that does not.
const RULES: [&str; 15] = [
    "counts = \"last\"",
    "counts = \"best\"",
    "counts = \"first\"",
    "counts = \"all_but_first\"",
    "counts = \"all_but_first\"\nstanding = \"last\"",
    "counts = \"all\"",
    "counts = \"last\"\nrecorded = \"ignore\"",
    "counts = \"last\"\nrecorded = \"requests\"",
    "counts = \"last\"\nold_at_most = \"D\"\nnew_at_least = \"C\"\notherwise = \"keep_old\"",
    "counts = \"best\"\ncap = { per_course = 1 }\nstanding = \"last\"",
    "counts = \"last\"\npass_replaces_letter = true\nletter_replaces_pass = false",
    "counts = \"last\"\nchanges = \"repeat_term\"",
    "counts = \"last\"\nequivalent = [[\"ART 1\", \"ART 2\"], [\"7\", \"8\"]]\nrepeatable = [\"ART 3\", \"9\"]",
    "counts = \"last\"\ncap = { repeats = 2 }",
    "counts = \"last\"\npass_replaces_letter = true",
];

#[derive(Clone, Copy, Debug)]
struct Taken {
    student: usize,
    term: usize,
    course: usize,
    grade: usize,
    hours: usize,
    excluded: bool,
}

/// How columns are written.
#[derive(Clone, Copy, Debug)]
struct Form {
    students: usize,
    courses: usize,
    terms: usize,
    chunks: usize,
}

fn taken(students: usize) -> impl Strategy<Value = Taken> {
    (0..students, 0usize..7, 0usize..9, 0..GRADES.len(), 0..HOURS.len(), prop::bool::weighted(0.1)).prop_map(
        |(student, term, course, grade, hours, excluded)| Taken { student, term, course, grade, hours, excluded },
    )
}

fn form() -> impl Strategy<Value = Form> {
    (0usize..5, 0usize..5, 0usize..5, 1usize..4).prop_map(|(students, courses, terms, chunks)| Form {
        students,
        courses,
        terms,
        chunks,
    })
}

fn texts(texts: impl Iterator<Item = String>) -> StringArray {
    StringArray::from_iter_values(texts)
}

fn dictionary(values: impl Iterator<Item = String>) -> DictionaryArray<Int32Type> {
    let values: Vec<String> = values.collect();
    values.iter().map(String::as_str).collect()
}

fn students(rows: &[Taken], form: usize) -> ArrayRef {
    let numbers = rows.iter().map(|row| row.student as i64);
    match form {
        0 => Arc::new(Int64Array::from_iter_values(numbers.map(|id| id - 2))),
        1 => Arc::new(Int32Array::from_iter_values(numbers.map(|id| 900_000_000 + 3 * id as i32))),
        // Far apart, on both sides of zero.
        2 => Arc::new(Int64Array::from_iter_values(numbers.map(|id| (id + 1).wrapping_mul(0x5e37_79b9_7f4a_7c15)))),
        3 => Arc::new(texts(numbers.map(|id| format!("U{id:05}")))),
        _ => Arc::new(StringViewArray::from_iter_values(numbers.map(|id| format!("a longer identifier {id:05}")))),
    }
}

fn courses(rows: &[Taken], form: usize) -> ArrayRef {
    let numbers = rows.iter().map(|row| row.course as i64);
    match form {
        0 => Arc::new(Int32Array::from_iter_values(numbers.map(|course| course as i32 + 2))),
        1 => Arc::new(Int64Array::from_iter_values(numbers.map(|course| i64::MAX - course))),
        2 => Arc::new(Int32Array::from_iter_values(numbers.map(|course| course as i32 - 4))),
        3 => Arc::new(dictionary(numbers.map(|course| format!("ART {course}")))),
        // Double spaces name the same course.
        _ => Arc::new(texts(rows.iter().map(|row| format!("ART{}{}", ["  ", " "][row.term % 2], row.course)))),
    }
}

fn terms(rows: &[Taken], form: usize) -> ArrayRef {
    let numbers = rows.iter().map(|row| row.term as i64);
    match form {
        0 => Arc::new(Int32Array::from_iter_values(numbers.map(|term| 202_410 + 10 * term as i32))),
        1 => Arc::new(Int64Array::from_iter_values(numbers.map(|term| term - 3))),
        2 => Arc::new(texts(numbers.map(|term| format!("{}-09", 2001 + term)))),
        3 => Arc::new(dictionary(numbers.map(|term| format!("term {term}")))),
        _ => Arc::new(PrimitiveArray::<arrow_array::types::Date32Type>::from_iter_values(
            numbers.map(|term| 100 * term as i32 - 250),
        )),
    }
}

fn table(rows: &[Taken], form: Form) -> RecordBatch {
    let hours = rows.iter().map(|row| HOURS[row.hours] as f64 / 1000.0);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("student", students(rows, form.students)),
        ("course", courses(rows, form.courses)),
        ("term", terms(rows, form.terms)),
        ("level", Arc::new(texts(rows.iter().map(|_| "all".to_owned())))),
        ("grade", Arc::new(dictionary(rows.iter().map(|row| GRADES[row.grade].to_owned())))),
        ("credits", Arc::new(Float64Array::from_iter_values(hours))),
        ("excluded", Arc::new(BooleanArray::from(rows.iter().map(|row| row.excluded).collect::<Vec<_>>()))),
    ];
    RecordBatch::try_from_iter(columns).expect("columns of one length")
}

fn calculate(rows: &[Taken], form: Form, rules: usize, whole: bool, threads: usize) -> GpaTable {
    let name = |word: &str| Some(word.to_owned());
    let columns = ColumnNames {
        student: name("student"),
        grade: name("grade"),
        credits: name("credits"),
        term: name("term"),
        course: name("course"),
        // Levels are kept apart by judging students as wholes.
        level: name("level").filter(|_| whole),
        excluded: name("excluded"),
        ..ColumnNames::default()
    };
    let keys = if whole { vec![KeyColumn::Student, KeyColumn::Level] } else { vec![KeyColumn::Student] };
    let policy = Policy::from_toml(&format!("{SCALE}[repeats]\n{}", RULES[rules])).expect("a policy");
    let by = Grouping { keys };
    let request = BatchRequest { columns, by, cumulative: false, on_error: OnError::Refuse, policy };
    let length = rows.len().div_ceil(form.chunks).max(1);
    let batches: Vec<RecordBatch> = rows.chunks(length).map(|rows| table(rows, form)).collect();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
    pool.install(|| calculate_table(&batches, &request, &AtomicBool::new(false))).expect("right rows")
}

/// The result without its level.
fn told(table: GpaTable) -> RecordBatch {
    let schema = table.batch.schema();
    let named = schema.fields().iter().enumerate().filter(|(_, field)| field.name() != "level");
    let kept: Vec<usize> = named.map(|(at, _)| at).collect();
    table.batch.project(&kept).expect("columns of the table")
}

proptest! {
    #[test]
    fn courses_judged_alone_give_what_whole_students_give(
        mut rows in prop::collection::vec(taken(6), 1..120),
        form in form(),
        rules in 0..RULES.len(),
        sorted in any::<bool>(),
    ) {
        if sorted {
            rows.sort_by_key(|row| row.student);
        }
        let quick = told(calculate(&rows, form, rules, false, 2));
        let whole = told(calculate(&rows, form, rules, true, 1));
        prop_assert_eq!(quick, whole);
    }
}

/// Thousands of rows: many tasks, many partitions, chunks that end within a student, more courses than a small table
/// holds; one student takes one course more often than terms are told apart.
#[test]
fn tables_of_many_students_give_what_whole_students_give() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let drawn = prop::collection::vec(taken(300), 6_000..6_001).new_tree(&mut runner).expect("rows");
    let mut rows = drawn.current();
    for (at, row) in rows.iter_mut().enumerate().filter(|(at, _)| at % 20 == 0) {
        (row.student, row.course) = (7, at);
    }
    let chunks = Form { students: 1, courses: 0, terms: 0, chunks: 7 };
    for students in 0..4 {
        for sorted in [false, true] {
            if sorted {
                rows.sort_by_key(|row| row.student);
            }
            for rules in [0, 3, 9] {
                let form = Form { students, ..chunks };
                let whole = told(calculate(&rows, form, rules, true, 2));
                for threads in [1, 2, 3] {
                    assert_eq!(
                        told(calculate(&rows, form, rules, false, threads)),
                        whole,
                        "{students} {sorted} {rules}"
                    );
                }
            }
        }
    }
}

/// By hand, the later of two attempts counting: C then A in three credits; an attempt marked E neither counts nor
/// competes; a withdrawal replaces nothing. 12 points over 3 hours; 12 credits attempted, 3 earned.
#[test]
fn marks_and_withdrawals_stay_out_of_the_competition() {
    let one = |term: usize, grade: &str, excluded: bool| {
        let grade = GRADES.iter().position(|known| *known == grade).expect("on the scale");
        Taken { student: 1, term, course: 1, grade, hours: 0, excluded }
    };
    let rows = [one(3, "W", false), one(2, "A", false), one(1, "C", false), one(4, "F", true)];
    let form = Form { students: 0, courses: 0, terms: 0, chunks: 1 };
    let table = calculate(&rows, form, 0, false, 1);
    let milli = |name: &str| {
        let column = table.batch.column_by_name(name).expect(name);
        column.as_primitive::<arrow_array::types::Decimal128Type>().value(0)
    };
    let totals = ["credits_attempted", "credits_earned", "gpa_hours", "quality_points", "gpa"].map(milli);
    assert_eq!(totals, [12_000, 3_000, 3_000, 12_000_000, 4_000]);
}

/// Thousandths of credits and of points of a grade that is in the GPA; whether it is earned.
fn worth(grade: &str) -> (Option<i128>, bool) {
    match grade {
        "A+" | "A" => (Some(4000), true),
        "B-" => (Some(2667), true),
        "C" => (Some(2000), true),
        "D" => (Some(1000), true),
        "F" => (Some(0), false),
        "Y" => (Some(1000), false),
        "P" => (None, true),
        _ => (None, false),
    }
}

proptest! {
    /// Where passes replace letters too, the arithmetic is short: of the attempts with a result and no mark, the last of
    /// each course counts for earned credits, GPA hours and quality points.
    #[test]
    fn the_last_result_of_a_course_counts(
        taken in prop::collection::btree_map((0usize..5, 0usize..7, 0usize..4), (0..GRADES.len(), 0usize..4, prop::bool::weighted(0.1)), 1..80),
        form in form(),
    ) {
        let row = |((student, term, course), (grade, hours, excluded)): (&(usize, usize, usize), &(usize, usize, bool))| {
            Taken { student: *student, term: *term, course: *course, grade: *grade, hours: *hours, excluded: *excluded }
        };
        let rows: Vec<Taken> = taken.iter().map(row).collect();
        let mut last = std::collections::BTreeMap::new();
        // In order of student and term: a later attempt of a course takes the place of an earlier one.
        for row in rows.iter().filter(|row| !row.excluded && worth(GRADES[row.grade]) != (None, false)) {
            last.insert((row.student, row.course), *row);
        }
        let mut expected = std::collections::BTreeMap::new();
        for row in &rows {
            let sums: &mut [i128; 4] = expected.entry(row.student).or_default();
            sums[0] += if GRADES[row.grade] == "AU" { 0 } else { i128::from(HOURS[row.hours]) };
        }
        for row in last.values() {
            let (hours, (points, earned)) = (i128::from(HOURS[row.hours]), worth(GRADES[row.grade]));
            let sums = expected.entry(row.student).or_default();
            sums[1] += if earned { hours } else { 0 };
            sums[2] += points.map_or(0, |_| hours);
            sums[3] += points.unwrap_or(0) * hours;
        }
        let rules = RULES.len() - 1;
        prop_assert!(RULES[rules].contains("pass_replaces_letter"));
        for whole in [false, true] {
            let table = calculate(&rows, Form { students: form.students % 2, ..form }, rules, whole, 1);
            let column = |name: &str| {
                let column = table.batch.column_by_name(name).expect(name);
                column.as_primitive::<arrow_array::types::Decimal128Type>().values().to_vec()
            };
            let columns = ["credits_attempted", "credits_earned", "gpa_hours", "quality_points"].map(column);
            let told: Vec<[i128; 4]> = (0..table.batch.num_rows()).map(|at| [0, 1, 2, 3].map(|total| columns[total][at])).collect();
            prop_assert_eq!(&told, &expected.values().copied().collect::<Vec<_>>());
        }
    }
}
