//! What a whole policy asks of a table's columns, and the groups and columns beside student and term.

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int64Type};
use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use registrary::domain::Error;
use registrary::gpa::Policy;
use registrary::gpa::batch::{BatchRequest, ColumnNames, GpaTable, Grouping, KeyColumn, OnError, calculate_table};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

fn numbers(values: &[i64]) -> ArrayRef {
    Arc::new(Int64Array::from(values.to_vec()))
}

fn texts(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

/// Five rows; a test puts columns of its own in the place of these.
fn table(own: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("student", numbers(&[1, 1, 1, 2, 2])),
        ("term", numbers(&[200_109, 200_209, 200_209, 200_109, 200_209])),
        ("course", numbers(&[101, 101, 299, 101, 101])),
        ("section", texts(&["x", "y", "y", "x", "y"])),
        ("grade", texts(&["F", "B", "A", "C", "A"])),
        ("credits", Arc::new(Float64Array::from(vec![3.0, 3.0, 1.5, 3.0, 3.0]))),
        ("excluded", Arc::new(BooleanArray::from(vec![false; 5]))),
    ];
    for (name, array) in own {
        columns.retain(|(known, _)| *known != name);
        columns.push((name, array));
    }
    RecordBatch::try_from_iter(columns).expect("columns of one length")
}

fn request(policy: &str, keys: &[KeyColumn], columns: ColumnNames) -> BatchRequest {
    let policy = Policy::from_toml(policy).unwrap_or_else(|error| panic!("{error:?}"));
    let by = Grouping { keys: keys.to_vec() };
    BatchRequest { columns, by, cumulative: false, on_error: OnError::Refuse, policy }
}

fn all_columns() -> ColumnNames {
    let name = |word: &str| Some(word.to_owned());
    ColumnNames {
        student: name("student"),
        grade: name("grade"),
        credits: name("credits"),
        term: name("term"),
        course: name("course"),
        section: name("section"),
        excluded: name("excluded"),
        ..ColumnNames::default()
    }
}

fn calculate(batch: &RecordBatch, request: &BatchRequest) -> Result<GpaTable, Error> {
    calculate_table(std::slice::from_ref(batch), request, &AtomicBool::new(false))
}

fn refused(batch: &RecordBatch, request: &BatchRequest) -> Vec<(&'static str, String)> {
    match calculate(batch, request) {
        Err(Error::MalformedRecord(problems)) => problems.into_iter().map(|p| (p.code, p.place)).collect(),
        other => panic!("not refused: {other:?}"),
    }
}

/// Thousandths of credits, millionths of quality points, the GPA in units of its last place.
fn column(table: &GpaTable, name: &str) -> Vec<Option<i128>> {
    table.batch.column_by_name(name).expect(name).as_primitive::<Decimal128Type>().iter().collect()
}

const LAST: &str = "extends = \"whole-letters\"\n[repeats]\ncounts = \"last\"";
const DATED: &str = "extends = \"whole-letters\"\nrounding = [{ mode = \"truncate\", places = 2 }, \
                     { from = \"2002-09\", mode = \"half_up\", places = 3 }]\n[repeats]\ncounts = \"last\"";

/// Student 1: F replaced by B, and A: (9 + 6) / 4.5 = 3.33; student 2: C replaced by A: 4.
#[test]
fn repeats_count_as_in_a_record() {
    let result = calculate(&table(vec![]), &request(LAST, &[KeyColumn::Student], all_columns())).expect("right");
    assert_eq!(column(&result, "gpa"), [Some(333), Some(400)]);
    assert_eq!(column(&result, "credits_attempted"), [Some(7_500), Some(6_000)]);
    assert_eq!(column(&result, "credits_earned"), [Some(4_500), Some(3_000)]);
    assert_eq!(column(&result, "quality_points"), [Some(15_000_000), Some(12_000_000)]);
}

/// What is replaced leaves its class too: section x has nothing left, y has B, A and A: (9 + 6 + 12) / 7.5.
#[test]
fn sections_count_what_still_counts() {
    let result = calculate(&table(vec![]), &request(LAST, &[KeyColumn::Section], all_columns())).expect("right");
    assert_eq!(column(&result, "gpa"), [None, Some(360)]);
    assert_eq!(column(&result, "credits_attempted"), [Some(6_000), Some(7_500)]);
}

/// Year and month as an integer or a text; each term printed by its own rule, all to the most places.
#[test]
fn dated_rules_go_by_year_and_month() {
    let keys = [KeyColumn::Student, KeyColumn::Term];
    let dated = request(DATED, &keys, all_columns());
    let written = texts(&["2001-09", "2002-09", "2002-09", "2001-09", "2002-09"]);
    for batch in [table(vec![]), table(vec![("term", written)])] {
        let result = calculate(&batch, &dated).expect("right");
        assert_eq!(column(&result, "gpa"), [None, Some(3_333), None, Some(4_000)]);
    }
    let whole = calculate(&table(vec![]), &request(DATED, &[KeyColumn::Student], all_columns())).expect("right");
    assert_eq!(column(&whole, "gpa"), [Some(3_333), Some(4_000)]);
}

#[test]
fn dated_rules_refuse_terms_that_are_no_year_and_month() {
    let batch = table(vec![("term", numbers(&[200_130, 200_209, 200_209, 200_109, 9]))]);
    let dated = request(DATED, &[KeyColumn::Student], all_columns());
    assert_eq!(refused(&batch, &dated), [("not-a-term", "term".to_owned())]);
    // Where no rule ever changed only the order matters.
    let plain = request(LAST, &[KeyColumn::Student], all_columns());
    assert!(calculate(&batch, &plain).is_ok());
    let collected = BatchRequest { on_error: OnError::Collect, ..dated };
    let result = calculate(&batch, &collected).expect("the rest");
    assert_eq!(column(&result, "gpa"), [Some(3_333), Some(2_000)], "rows 0 and 4 are set aside");
    assert_eq!(result.rejected.map(|rejected| rejected.num_rows()), Some(2));
}

#[test]
fn rules_for_repeats_need_student_course_and_term() {
    let columns = ColumnNames { course: None, term: None, ..all_columns() };
    let needed = refused(&table(vec![]), &request(LAST, &[KeyColumn::Student], columns));
    assert_eq!(needed, [("missing-column", "term".to_owned()), ("missing-column", "course".to_owned())]);
}

#[test]
fn the_levels_of_a_student_are_not_mixed() {
    let levels = texts(&["law", "law", "graduate", "law", "law"]);
    let batch = table(vec![("level", levels)]);
    let columns = ColumnNames { level: Some("level".to_owned()), ..all_columns() };
    let mixed = request(LAST, &[KeyColumn::Student], columns.clone());
    assert_eq!(refused(&batch, &mixed), [("mixed-levels", "level".to_owned())]);
    let by_level = calculate(&batch, &request(LAST, &[KeyColumn::Student, KeyColumn::Level], columns.clone()));
    let by_level = by_level.expect("right");
    assert_eq!(column(&by_level, "gpa"), [Some(400), Some(300), Some(400)]);
    let students = by_level.batch.column(0).as_primitive::<Int64Type>().values().to_vec();
    assert_eq!(students, [1, 1, 2]);
    let shouted = table(vec![("level", texts(&["LAW", "law", "law", "law", "law"]))]);
    let asked = request(LAST, &[KeyColumn::Student, KeyColumn::Level], columns);
    assert_eq!(refused(&shouted, &asked), [("not-a-level", "level".to_owned())]);
}

/// Grade points in place of grades: a null is in no GPA, earns nothing and replaces nothing.
#[test]
fn points_repeat_as_grades_do() {
    let points: ArrayRef = Arc::new(Float64Array::from(vec![Some(0.0), Some(3.0), None, Some(2.667), None]));
    let columns = ColumnNames { grade: None, points: Some("points".to_owned()), ..all_columns() };
    let result = calculate(&table(vec![("points", points)]), &request(LAST, &[KeyColumn::Student], columns));
    let result = result.expect("right");
    assert_eq!(column(&result, "gpa"), [Some(300), Some(266)]);
    assert_eq!(column(&result, "credits_attempted"), [Some(7_500), Some(6_000)]);
    assert_eq!(column(&result, "gpa_hours"), [Some(3_000), Some(3_000)]);
}

/// Integers are course numbers: up to 299 the last counts, above all do.
#[test]
fn integers_are_course_numbers() {
    let rules =
        "extends = \"whole-letters\"\n[repeats]\ncounts = \"all\"\nby_number = [{ highest = 299, counts = \"last\" }]";
    let batch = table(vec![("course", numbers(&[101, 101, 299, 300, 300]))]);
    let result = calculate(&batch, &request(rules, &[KeyColumn::Student], all_columns())).expect("right");
    assert_eq!(column(&result, "gpa"), [Some(333), Some(300)]);
}

#[test]
fn a_flag_ends_it() {
    let request = request(LAST, &[KeyColumn::Student], all_columns());
    let ended = calculate_table(&[table(vec![])], &request, &AtomicBool::new(true));
    assert!(matches!(ended, Err(Error::Cancelled)));
}

#[test]
fn a_student_whom_the_judge_refuses_is_set_aside_where_that_is_asked_for() {
    // A hundred and one attempts of the most credits there are: more than any record holds. Student 2 has one.
    let rows: usize = 102;
    let students = (0..rows).map(|row| if row == 50 { 2 } else { 1 }).collect::<Vec<_>>();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("student", numbers(&students)),
        ("term", numbers(&vec![200_109; rows])),
        ("course", numbers(&(0..rows as i64).collect::<Vec<_>>())),
        ("section", texts(&vec!["x"; rows])),
        ("grade", texts(&vec!["A"; rows])),
        ("credits", Arc::new(Float64Array::from(vec![9999.999; rows]))),
        ("excluded", Arc::new(BooleanArray::from(vec![false; rows]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    let mut request = request(LAST, &[KeyColumn::Student], all_columns());
    assert!(matches!(calculate(&batch, &request), Err(Error::MalformedRecord(_))));
    request.on_error = OnError::Collect;
    let result = calculate(&batch, &request).expect("a table");
    assert_eq!(result.batch.column(0).as_primitive::<Int64Type>().values().to_vec(), [2]);
    let rejected = result.rejected.expect("a list");
    assert_eq!(rejected.num_rows(), rows - 1);
    assert_eq!(rejected.column(1).as_string::<i32>().value(0), "student");
    assert_eq!(rejected.column(2).as_string::<i32>().value(0), "totals-too-large");
}

/// Rows of one student by a whole policy, so many of one course, each of so many credits.
fn of_one_student(rows: usize, courses: usize, credits: f64, policy: &str) -> (RecordBatch, BatchRequest) {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("student", numbers(&vec![7; rows])),
        ("term", numbers(&vec![200_109; rows])),
        ("course", numbers(&(0..rows).map(|row| (row % courses) as i64).collect::<Vec<_>>())),
        ("section", texts(&vec!["x"; rows])),
        ("grade", texts(&vec!["A"; rows])),
        ("credits", Arc::new(Float64Array::from(vec![credits; rows]))),
        ("excluded", Arc::new(BooleanArray::from(vec![false; rows]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    (batch, request(policy, &[KeyColumn::Student], all_columns()))
}

const CAPPED: &str = "extends = \"whole-letters\"\n[repeats]\ncounts = \"last\"\ncap = { credits = 12 }";

/// A column that is not the students' ids makes one student of all rows: told at once, as the judge of records would.
#[test]
fn more_than_one_student_can_have_is_refused_as_in_a_record() {
    let refusal = |rows, courses, credits, policy| {
        let (batch, request) = of_one_student(rows, courses, credits, policy);
        refused(&batch, &request)
    };
    let first = "rows[0]".to_owned();
    assert_eq!(refusal(501, 1, 0.0, CAPPED), [("too-many-attempts", first.clone())]);
    assert_eq!(refusal(50_001, 20_000, 20.0, CAPPED), [("totals-too-large", first.clone())]);
    // What is wrong first is told alone: the judge sums nothing that it could not decide.
    assert_eq!(refusal(1_000_000, 1, 3.0, CAPPED), [("too-many-attempts", first.clone())]);
    assert_eq!(refusal(400_000, 40_000, 3.0, DATED), [("totals-too-large", first)]);
    let (batch, request) = of_one_student(500, 1, 3.0, CAPPED);
    assert_eq!(column(&calculate(&batch, &request).expect("right"), "gpa_hours"), [Some(1_488_000)]);
}
