//! Wrong cells of a table: all named at once, or left out and listed; and sums beyond 64 bits.

use super::gpa_batch_random::{Random, SCALE, policy};
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, UInt64Type};
use arrow_array::*;
use registrary::domain::Error;
use registrary::gpa::Policy;
use registrary::gpa::batch::*;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

static GO_ON: AtomicBool = AtomicBool::new(false);

fn name(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn request(on_error: OnError) -> BatchRequest {
    let columns = ColumnNames {
        student: name("who"),
        grade: name("mark"),
        credits: name("hours"),
        excluded: name("out"),
        ..ColumnNames::default()
    };
    let by = Grouping { keys: vec![KeyColumn::Student] };
    BatchRequest { columns, by, cumulative: false, on_error, policy: policy("{ mode = \"truncate\", places = 2 }") }
}

type Cell<'a> = (Option<i64>, Option<&'a str>, Option<f64>, Option<u8>);

fn table(cells: &[Cell]) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable([
        ("who", Arc::new(cells.iter().map(|cell| cell.0).collect::<Int64Array>()) as ArrayRef, true),
        ("mark", Arc::new(cells.iter().map(|cell| cell.1).collect::<StringArray>()), true),
        ("hours", Arc::new(cells.iter().map(|cell| cell.2).collect::<Float64Array>()), true),
        ("out", Arc::new(cells.iter().map(|cell| cell.3).collect::<UInt8Array>()), true),
    ])
    .expect("columns of one length")
}

const RIGHT: Cell = (Some(7), Some("A"), Some(3.0), Some(0));

fn wrong() -> Vec<Cell<'static>> {
    vec![
        RIGHT,
        (None, Some("A"), Some(3.0), Some(0)),
        (Some(7), Some("Z"), Some(0.1 + 0.2), Some(0)),
        RIGHT,
        (Some(7), None, Some(f64::NAN), Some(2)),
        (Some(7), Some("a"), Some(-1.0), Some(0)),
        (Some(7), Some("A"), Some(10_000.0), Some(0)),
        (Some(7), Some("A"), Some(f64::INFINITY), None),
        (None, Some(" Merit  pass "), Some(0.0005), Some(1)),
        (Some(9), Some("Merit  pass"), Some(-0.0), Some(1)),
        (Some(7), Some("A"), None, Some(0)),
    ]
}

#[test]
fn every_kind_of_problem_is_told_once_with_its_first_row_and_count() {
    let cells = wrong();
    let chunks = [table(&cells[..4]), table(&cells[4..])];
    let Err(Error::MalformedRecord(problems)) = calculate_table(&chunks, &request(OnError::Refuse), &GO_ON) else {
        panic!("wrong cells are refused");
    };
    let told: Vec<String> = problems.iter().map(|p| format!("{} {}: {}", p.code, p.place, p.message)).collect();
    let expected = [
        "missing-value who: 2 students are missing, first in row 1 (counted from 0)",
        "missing-value mark: 1 grade is missing, first in row 4 (counted from 0)",
        "grade-not-on-scale mark: 2 grades are not on the scale, first in row 2 (counted from 0)",
        "missing-value hours: 1 number of credits is missing, first in row 10 (counted from 0)",
        "not-a-number hours: 1 number of credits is not a number, first in row 4 (counted from 0)",
        "inexact-number hours: 2 numbers of credits are no exact decimals of at most three places, first in row 2 \
         (counted from 0)",
        "out-of-range hours: 3 numbers of credits are not between 0 and 9999.999, first in row 5 (counted from 0)",
        "missing-value out: 1 repeat mark is missing, first in row 7 (counted from 0)",
        "not-yes-or-no out: 1 repeat mark is neither 0 nor 1, first in row 4 (counted from 0)",
    ];
    assert_eq!(told, expected);
}

#[test]
fn wrong_rows_are_left_out_and_listed() {
    let cells = wrong();
    // The right rows many times over, so that what lies between the wrong ones is worth the fast way.
    for right in [0, 400] {
        let mut cells = cells.clone();
        cells.extend(vec![RIGHT; right]);
        let found = calculate_table(&[table(&cells)], &request(OnError::Collect), &GO_ON).expect("collected");
        let rejected = found.rejected.expect("a list");
        let rows = rejected.column(0).as_primitive::<UInt64Type>().values().to_vec();
        assert_eq!(rows, [1, 2, 2, 4, 4, 4, 5, 5, 6, 7, 7, 8, 8, 10]);
        let word = |column: usize, row| rejected.column(column).as_string::<i32>().value(row).to_owned();
        assert_eq!((word(1, 1), word(2, 1)), ("mark".to_owned(), "grade-not-on-scale".to_owned()));
        assert_eq!((word(1, 2), word(2, 2)), ("hours".to_owned(), "inexact-number".to_owned()));
        assert_eq!(found.rows, cells.len() as u64);
        let totals = |at| found.batch.column(at).as_primitive::<Decimal128Type>();
        assert_eq!(found.batch.column(0).as_primitive::<types::Int64Type>().values(), &[7, 9]);
        let hours = 3000 * (2 + right as i128);
        assert_eq!(totals(3).values(), &[hours, 0]);
        assert_eq!(totals(4).values(), &[hours * 4000, 0]);
        assert_eq!((totals(5).value(0), totals(5).is_null(1)), (400, true));
    }
    let clean = calculate_table(&[table(&[RIGHT])], &request(OnError::Collect), &GO_ON).expect("collected");
    assert_eq!(clean.rejected.map(|rejected| rejected.num_rows()), Some(0));
}

#[test]
fn a_table_with_nothing_wrong_between_is_that_without_the_wrong_rows() {
    let mut random = Random(11);
    let mut cells: Vec<Cell> = Vec::new();
    for _ in 0..9000 {
        let grade = SCALE[random.below(9) as usize].0;
        cells.push((Some(random.below(200) as i64), Some(grade), Some(random.below(5000) as f64 / 1000.0), Some(0)));
    }
    let right: Vec<Cell> = cells.iter().copied().enumerate().filter(|(row, _)| row % 97 != 5).map(|(_, c)| c).collect();
    for (row, cell) in cells.iter_mut().enumerate() {
        if row % 97 == 5 {
            cell.1 = Some("no grade at all");
        }
    }
    let chunks = [table(&cells[..5000]), table(&cells[5000..])];
    let collected = calculate_table(&chunks, &request(OnError::Collect), &GO_ON).expect("collected");
    let clean = calculate_table(&[table(&right)], &request(OnError::Refuse), &GO_ON).expect("right");
    assert_eq!(collected.batch, clean.batch);
    assert_eq!(collected.rejected.map(|rejected| rejected.num_rows()), Some(9000usize.div_ceil(97)));
}

#[test]
fn missing_and_unreadable_columns_are_all_told() {
    let batch = RecordBatch::try_from_iter([
        ("who", Arc::new(Float64Array::from(vec![1.0])) as ArrayRef),
        ("mark", Arc::new(Int32Array::from(vec![1]))),
        ("hours", Arc::new(StringArray::from(vec!["3"]))),
    ]);
    let found = calculate_table(&[batch.expect("a table")], &request(OnError::Collect), &GO_ON);
    let Err(Error::MalformedRecord(problems)) = found else { panic!("unreadable columns are refused") };
    let told: Vec<(&str, &str)> = problems.iter().map(|p| (p.code, p.place.as_str())).collect();
    let unreadable = "unreadable-column";
    assert_eq!(told, [(unreadable, "who"), (unreadable, "mark"), (unreadable, "hours"), ("missing-column", "out")]);
}

#[test]
fn a_cancelled_call_ends() {
    let rows = vec![RIGHT; 5000];
    let found = calculate_table(&[table(&rows)], &request(OnError::Refuse), &AtomicBool::new(true));
    assert!(matches!(found, Err(Error::Cancelled)));
}

#[test]
fn sums_beyond_64_bits_are_exact() {
    let policy = Policy::from_toml("rounding = { mode = \"half_up\", places = 6 }\n[scale]\nA = \"999.999999\"\n");
    let request = BatchRequest { policy: policy.expect("a policy"), ..request(OnError::Refuse) };
    for rows in [900i128, 5000] {
        let cells = vec![(Some(7), Some("A"), Some(9999.999), Some(0)); rows as usize];
        let found = calculate_table(&[table(&cells)], &request, &GO_ON).expect("right");
        let quality = found.batch.column(4).as_primitive::<Decimal128Type>();
        assert_eq!(quality.scale(), 9);
        assert_eq!(quality.value(0), rows * 9_999_999 * 999_999_999);
        assert_eq!(found.batch.column(5).as_primitive::<Decimal128Type>().value(0), 999_999_999);
    }
}

#[test]
fn a_scale_of_more_grades_than_a_packed_row_can_name_counts_the_same() {
    let scale: String = (0..=400).map(|mark| format!("M{mark} = \"{}.{}\"\n", mark / 4, mark % 4 * 25)).collect();
    let policy = Policy::from_toml(&format!("rounding = {{ mode = \"half_up\", places = 3 }}\n[scale]\n{scale}"));
    let request = BatchRequest { policy: policy.expect("a policy"), ..request(OnError::Refuse) };
    let mut random = Random(3);
    let marks: Vec<(i64, i128)> = (0..6000).map(|_| (random.below(50) as i64, random.below(401).into())).collect();
    let texts: Vec<String> = marks.iter().map(|(_, mark)| format!("M{mark}")).collect();
    let cell = |((student, _), text)| (Some(student), Some(text), Some(2.5), Some(u8::from(student == 3)));
    let cells: Vec<Cell> = marks.iter().copied().zip(texts.iter().map(String::as_str)).map(cell).collect();
    let found = calculate_table(&[table(&cells)], &request, &GO_ON).expect("right").batch;
    assert_eq!(found.num_rows(), 50);
    for student in 0..50 {
        let own = marks.iter().filter(|(whose, _)| *whose == student);
        let points: i128 = own.map(|(_, mark)| mark / 4 * 1000 + mark % 4 * 250).sum();
        let quality = found.column(4).as_primitive::<Decimal128Type>().value(student as usize);
        assert_eq!(quality, if student == 3 { 0 } else { points * 2500 });
    }
}

#[test]
fn points_in_place_of_grades() {
    let points: Float64Array = [Some(4.0), None, Some(0.0), Some(3.667), Some(2.0)].into_iter().collect();
    // What a null hides is no number at all.
    let hidden = Float64Array::new(vec![4.0, f64::NAN, 0.0, 3.667, 2.0].into(), points.nulls().cloned());
    let columns = ColumnNames { student: name("who"), points: name("points"), ..ColumnNames::default() };
    let request = BatchRequest { columns, ..request(OnError::Refuse) };
    let students = Arc::new(StringArray::from(vec!["b", "b", "a", "b", "c"]));
    let batch = RecordBatch::try_from_iter([("who", students as ArrayRef), ("points", Arc::new(hidden))]);
    let found = calculate_table(&[batch.expect("a table")], &request, &GO_ON).expect("right").batch;
    assert_eq!(found.column(0).as_string::<i32>().iter().flatten().collect::<Vec<_>>(), ["a", "b", "c"]);
    let totals = |at: usize| found.column(at).as_primitive::<Decimal128Type>().values().to_vec();
    assert_eq!(totals(1), [1000, 3000, 1000]);
    assert_eq!(totals(2), [0, 2000, 1000]);
    assert_eq!(totals(3), [1000, 2000, 1000]);
    assert_eq!(totals(4), [0, 7_667_000, 2_000_000]);
    assert_eq!(totals(5), [0, 383, 200]);
}
