//! Shuffled rows of students whose ids are close together: every total is that of plain addition, however large.

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int64Type};
use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use registrary::gpa::Policy;
use registrary::gpa::batch::{BatchRequest, ColumnNames, Grouping, KeyColumn, OnError, calculate_table};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

const ROWS: i64 = 60_000;
/// By the scale of whole letters.
const GRADES: [(&str, i128); 3] = [("A", 4), ("C", 2), ("F", 0)];

/// Attempted, earned and quality points, in thousandths and millionths.
type Sums = (i128, i128, i128);

/// `credits`: in thousandths, of an attempt of a student.
fn check(students: i64, credits: impl Fn(i64, i64) -> i64) {
    let rows: Vec<(i64, usize, i64)> = (0..ROWS)
        .map(|row| {
            let student = row * 7919 % students;
            (900_000 + student, (row % 3) as usize, credits(student, row))
        })
        .collect();
    let mut expected: BTreeMap<i64, Sums> = BTreeMap::new();
    for (student, grade, credits) in &rows {
        let sums = expected.entry(*student).or_default();
        let (credits, points) = (i128::from(*credits), GRADES[*grade].1);
        sums.0 += credits;
        sums.1 += if points > 0 { credits } else { 0 };
        sums.2 += credits * points * 1000;
    }
    let columns: [(&str, ArrayRef); 3] = [
        ("student", Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.0)))),
        ("grade", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| GRADES[row.1].0)))),
        ("credits", Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| row.2 as f64 / 1000.0)))),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    let name = |word: &str| Some(word.to_owned());
    let columns = ColumnNames {
        student: name("student"),
        grade: name("grade"),
        credits: name("credits"),
        ..ColumnNames::default()
    };
    let by = Grouping { keys: vec![KeyColumn::Student] };
    let policy = Policy::from_toml("extends = \"whole-letters\"").expect("a built-in policy");
    let request = BatchRequest { columns, by, cumulative: false, on_error: OnError::Refuse, policy };
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        let batches = std::slice::from_ref(&batch);
        let table = pool.install(|| calculate_table(batches, &request, &AtomicBool::new(false))).expect("right rows");
        let ids = table.batch.column(0).as_primitive::<Int64Type>();
        let total = |name: &str| table.batch.column_by_name(name).expect(name).as_primitive::<Decimal128Type>().clone();
        let (attempted, earned) = (total("credits_attempted"), total("credits_earned"));
        let quality = total("quality_points");
        let found: BTreeMap<i64, Sums> = (0..ids.len())
            .map(|row| (ids.value(row), (attempted.value(row), earned.value(row), quality.value(row))))
            .collect();
        assert!(ids.values().windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(found, expected, "{threads} threads, {students} students");
    }
}

#[test]
fn few_and_many_students_have_the_sums_of_their_rows() {
    for students in [3, 1_000, 20_000, 29_999] {
        check(students, |student, row| 500 * (1 + student % 9) + 333 * (row % 2));
    }
}

/// More credits than any student has, and just as many as a narrow sum has room for.
#[test]
fn large_sums_are_right_too() {
    for most in [9_999_999, 1_048_575, 349_526, 349_525, 349_524] {
        check(20_000, |student, _| if student == 17 { most } else { 3000 });
    }
}
