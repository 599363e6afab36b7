//! Tables of every encoding, order and chunking have exactly the totals that a plain recomputation gives.

use super::gpa_batch_random::*;
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int32Type};
use arrow_array::*;
use proptest::prelude::*;
use registrary::gpa::batch::*;
use registrary::gpa::{Rounding, RoundingMode};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

#[derive(Clone, Copy, Debug)]
struct Case {
    seed: u64,
    rows: usize,
    students: u64,
    ids: Ids,
    grades: usize,
    credits: usize,
    shuffled: bool,
    by_term: bool,
    chunk: usize,
    marks: usize,
}

fn cases() -> impl Strategy<Value = Case> {
    let sizes = (any::<u64>(), prop_oneof![0usize..40, 4096usize..7000], 1u64..400);
    let forms = (0usize..9, 0usize..6, 0usize..6, 0usize..3);
    let lies = (any::<bool>(), any::<bool>(), prop_oneof![1usize..50, 900usize..3000, Just(100_000)]);
    (sizes, forms, lies).prop_map(|((seed, rows, students), (ids, grades, credits, marks), lies)| {
        let (shuffled, by_term, chunk) = lies;
        // Chunks of a row or two for small tables only.
        let chunk = if rows > 40 { chunk.max(40) } else { chunk };
        Case { seed, rows, students, ids: IDS[ids], grades, credits, shuffled, by_term, chunk, marks }
    })
}

fn table(case: Case, rows: &[Row]) -> Vec<RecordBatch> {
    let mut columns = vec![
        ("who", student_column(case.ids, rows)),
        ("mark", grade_column(case.grades, rows)),
        ("hours", credit_column(case.credits, rows)),
        ("when", Arc::new(Int32Array::from_iter_values(rows.iter().map(|row| row.term))) as ArrayRef),
    ];
    match case.marks {
        0 => {}
        1 => columns.push(("out", Arc::new(rows.iter().map(|row| Some(row.excluded)).collect::<BooleanArray>()))),
        _ => columns.push(("out", Arc::new(Int8Array::from_iter_values(rows.iter().map(|row| row.excluded.into()))))),
    }
    let whole = RecordBatch::try_from_iter(columns).expect("columns of one length");
    if rows.is_empty() {
        return vec![whole];
    }
    let chunks = (0..rows.len()).step_by(case.chunk);
    chunks.map(|start| whole.slice(start, case.chunk.min(rows.len() - start))).collect()
}

fn request(case: Case) -> BatchRequest {
    let name = |text: &str| Some(text.to_owned());
    let columns = ColumnNames {
        student: name("who"),
        grade: name("mark"),
        credits: name("hours"),
        term: name("when"),
        excluded: (case.marks > 0).then(|| "out".to_owned()),
        ..ColumnNames::default()
    };
    let mut keys = vec![KeyColumn::Student];
    keys.extend(case.by_term.then_some(KeyColumn::Term));
    BatchRequest {
        columns,
        by: Grouping { keys },
        cumulative: case.by_term,
        on_error: OnError::Refuse,
        policy: policy("{ mode = \"half_even\", places = 3 }"),
    }
}

fn ids_of(array: &ArrayRef) -> Vec<Id> {
    use arrow_schema::DataType::*;
    let texts = |array: &dyn Array| -> Vec<Id> {
        match array.data_type() {
            Utf8 => array.as_string::<i32>().iter().map(|text| Id::Text(text.expect("a key").to_owned())).collect(),
            LargeUtf8 => {
                array.as_string::<i64>().iter().map(|text| Id::Text(text.expect("a key").to_owned())).collect()
            }
            _ => array.as_string_view().iter().map(|text| Id::Text(text.expect("a key").to_owned())).collect(),
        }
    };
    let numbers = |array: &dyn Array| -> Vec<Id> {
        let number = |row| match array.data_type() {
            Int16 => i64::from(array.as_primitive::<types::Int16Type>().value(row)),
            UInt32 => i64::from(array.as_primitive::<types::UInt32Type>().value(row)),
            _ => array.as_primitive::<types::Int64Type>().value(row),
        };
        (0..array.len()).map(|row| Id::Number(number(row))).collect()
    };
    let plain = |array: &dyn Array| match array.data_type() {
        Utf8 | LargeUtf8 | Utf8View => texts(array),
        _ => numbers(array),
    };
    match array.as_any_dictionary_opt() {
        None => plain(array.as_ref()),
        // Arrow asks for codes only where there is something to code.
        Some(dictionary) if dictionary.values().is_empty() => Vec::new(),
        Some(dictionary) => {
            let values = plain(dictionary.values().as_ref());
            dictionary.normalized_keys().into_iter().map(|code| values[code].clone()).collect()
        }
    }
}

fn decimals<'a>(batch: &'a RecordBatch, name: &str) -> &'a PrimitiveArray<Decimal128Type> {
    batch.column_by_name(name).expect("a column of totals").as_primitive()
}

fn check(case: Case, found: &GpaTable, rows: &[Row]) -> Result<(), TestCaseError> {
    let rounding = Rounding::new(RoundingMode::HalfEven, 3).expect("valid");
    let expected = expected(rows, case.ids, case.by_term);
    let batch = &found.batch;
    prop_assert_eq!(batch.num_rows(), expected.len());
    let whose = ids_of(batch.column(0));
    let when = case.by_term.then(|| batch.column(1).as_primitive::<Int32Type>());
    let prefixes: &[&str] = if case.by_term { &["", "cumulative_"] } else { &[""] };
    for prefix in prefixes {
        let column = |word: &str| decimals(batch, &format!("{prefix}{word}"));
        let mut running: BTreeMap<Id, Expected> = BTreeMap::new();
        for (row, ((id, term), own)) in expected.iter().enumerate() {
            prop_assert_eq!(&whose[row], id);
            prop_assert_eq!(when.map_or(0, |when| when.value(row)), *term);
            let total = running.entry(id.clone()).or_default();
            total.attempted += own.attempted;
            total.earned += own.earned;
            total.hours += own.hours;
            total.pico += own.pico;
            let sums = if prefix.is_empty() { own } else { &*total };
            prop_assert_eq!(column("credits_attempted").value(row), sums.attempted);
            prop_assert_eq!(column("credits_earned").value(row), sums.earned);
            prop_assert_eq!(column("gpa_hours").value(row), sums.hours);
            prop_assert_eq!(column("quality_points").value(row) * 1_000_000, sums.pico);
            let gpa = column("gpa");
            let shown = gpa.is_valid(row).then(|| gpa.value(row));
            prop_assert_eq!(shown, sums.printed(rounding));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn totals_are_those_of_a_plain_recomputation(case in cases()) {
        let mut random = Random(case.seed);
        let mut rows = rows(case.rows, case.students, case.credits >= WHOLE_CREDITS, case.shuffled, &mut random);
        if case.marks == 0 {
            rows.iter_mut().for_each(|row| row.excluded = false);
        }
        let batches = table(case, &rows);
        let request = request(case);
        let go_on = AtomicBool::new(false);
        let alone = calculate_table(&batches, &request, &go_on).expect("every cell is right");
        check(case, &alone, &rows)?;
        prop_assert_eq!(alone.batch.column(0).data_type(), batches[0].column(0).data_type());
        prop_assert_eq!(alone.rows, rows.len() as u64);
        // A number of threads that divides nothing evenly changes nothing.
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().expect("threads");
        let shared = pool.install(|| calculate_table(&batches, &request, &go_on)).expect("every cell is right");
        prop_assert_eq!(shared.batch, alone.batch);
    }
}
