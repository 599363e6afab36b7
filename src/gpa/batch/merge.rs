//! Results of the pieces of one table, added up: groups may have rows in any of the pieces.

use super::cells::{KeyCell, KeyCells};
use super::cumulative::cumulative;
use super::general_table;
use super::layout::{Layout, Marking, WholeColumns};
use super::output::{self, GpaTable, Writing};
use super::request::BatchRequest;
use super::sums::Sums;
use crate::domain::Error;
use arrow_array::cast::AsArray;
use arrow_array::types::Decimal128Type;
use arrow_array::{Decimal128Array, RecordBatch};
use std::collections::BTreeMap;

/// Credits have three places in every result.
const CREDIT_PLACES: i8 = 3;

/// The result for all pieces together. Each part is the result for one piece, asked for without cumulative totals; the
/// request says whether the whole has them. Attempts of a group are in several pieces, so a policy that looks at more
/// than one attempt at a time is refused: see [`check_merge`].
pub fn merge_tables(parts: &[RecordBatch], request: &BatchRequest) -> Result<GpaTable, Error> {
    check_merge(request)?;
    let width = request.by.keys.len();
    let mut groups: BTreeMap<Vec<KeyCell>, Sums> = BTreeMap::new();
    let mut point_places = 0;
    for part in parts {
        let totals = Totals::of(part, width)?;
        point_places = point_places.max(totals.point_places);
        let keys = part.columns().iter().take(width).map(|column| KeyCells::of(column.as_ref()));
        let keys = keys.collect::<Option<Vec<_>>>().ok_or_else(not_a_result)?;
        for row in 0..part.num_rows() {
            let key = keys.iter().map(|cells| cells.get(row)).collect::<Option<Vec<_>>>().ok_or_else(not_a_result)?;
            let sum = groups.entry(key).or_default();
            *sum = sum.plus(totals.at(row));
        }
    }
    let rules = request.policy.in_force(None, None);
    let writing = Writing { point_places, rounding: rules.rounding };
    let (keys, sums): (Vec<Vec<KeyCell>>, Vec<Sums>) = groups.into_iter().unzip();
    let places = request.by.keys.iter().copied().zip(0..).collect();
    let whole = WholeColumns { student: None, term: None, level: None, course: None };
    let layout = Layout { keys: places, marking: Marking::Points(width), credits: None, excluded: None, whole };
    let running = request.cumulative.then(|| cumulative(&keys, &sums, &layout));
    let mut columns = Vec::with_capacity(width);
    for place in 0..width {
        let field = parts.first().map(|part| part.schema().field(place).clone()).ok_or_else(not_a_result)?;
        let cells: Vec<KeyCell> = keys.iter().filter_map(|key| key.get(place).copied()).collect();
        columns.push((field.name().clone(), output::key_column(field.data_type(), &cells)?));
    }
    Ok(GpaTable {
        batch: output::batch(columns, &sums, running.as_deref(), writing)?,
        rejected: None,
        keys: width,
        rows: 0,
    })
}

/// Whether results of pieces can be added up at all.
pub fn check_merge(request: &BatchRequest) -> Result<(), Error> {
    if general_table::is_needed(request) {
        let message = "the policy judges all attempts of a student at once (repeats, levels, or rules that changed over \
                       the years): let them come clustered by student";
        return Err(Error::configuration(message));
    }
    Ok(())
}

/// The totals of a part, behind its keys.
struct Totals<'a> {
    columns: [&'a Decimal128Array; 4],
    point_places: u8,
}

impl<'a> Totals<'a> {
    fn of(part: &'a RecordBatch, keys: usize) -> Result<Totals<'a>, Error> {
        let column = |at: usize| part.columns().get(keys + at).and_then(|column| column.as_primitive_opt::<Decimal128Type>());
        let [Some(attempted), Some(earned), Some(hours), Some(quality)] = [0, 1, 2, 3].map(column) else {
            return Err(not_a_result());
        };
        let point_places = u8::try_from(quality.scale() - CREDIT_PLACES).map_err(|_| not_a_result())?;
        Ok(Totals { columns: [attempted, earned, hours, quality], point_places })
    }

    fn at(&self, row: usize) -> Sums {
        let [attempted, earned, gpa_hours, quality_points] = self.columns.map(|column| column.value(row));
        Sums { attempted, earned, gpa_hours, quality_points }
    }
}

fn not_a_result() -> Error {
    Error::Internal { message: "a part to be merged is no result of the batch".to_owned() }
}
