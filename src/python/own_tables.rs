//! Tables in memory as a source: copied out of Python's hands once, then served without it.

use super::arrow::batches_in;
use super::errors::OrRaise;
use super::own_columns::{cell, owned};
use crate::domain::{Error, Problem, StudentId, StudentRecord};
use crate::service::panics;
use crate::source::own_schema::{
    Answer, Kind, OwnCell, RawAnswer, Shape, ValueMaps, columns as columns_of, entity, essential, examine, ids_of,
    records,
};
use crate::source::rows::Entity;
use crate::source::{Pending, Report, Resources, Source, read_aside};
use arrow_array::ffi_stream::ArrayStreamReader;
use arrow_array::{Array, ArrayRef, RecordBatch, StructArray};
use arrow_schema::{DataType, Fields};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// More rows than this are of no one institution.
const MOST_ROWS: usize = 200_000_000;
/// How many students are looked at.
const SAMPLE: usize = 100;

/// The rows of one entity, and where each student's are.
struct Rows {
    entity: Entity,
    /// The columns that the table has, by name.
    names: Vec<String>,
    /// Of each batch the contract's columns; none where the table has no such column.
    batches: Vec<Vec<Option<ArrayRef>>>,
    /// The batch and the row in it.
    places: HashMap<StudentId, Vec<(u32, u32)>>,
}

/// Serves records from tables.
struct TablesSource {
    tables: Arc<Vec<Rows>>,
    maps: Arc<ValueMaps>,
    ids: Vec<StudentId>,
}

/// The source of these tables. Everything wrong with their columns is told at once.
pub fn source(
    py: Python<'_>,
    tables: &[(String, Bound<'_, PyAny>)],
    absent: &[String],
    maps: &str,
) -> PyResult<impl Source> {
    let mut problems = Vec::new();
    let mut read = Vec::new();
    for (name, table) in tables {
        let Some(entity) = entity(name) else {
            problems.push(Problem::new("unknown-table", name, "is none of the contract's tables"));
            continue;
        };
        // One stream after the other: some producers have but one open at a time.
        let stream = table.call_method0("__arrow_c_stream__")?;
        let (reader, fields) = batches_in(stream.cast::<PyCapsule>()?)?;
        // The producer may make its rows now, on any thread; ours must not hold the interpreter meanwhile.
        let rows = py.detach(|| panics::caught(|| Rows::read(entity, reader, &fields, &mut problems)));
        read.push(rows.or_raise(py)?);
    }
    let map = serde_json::from_str::<toml::Table>(maps).map_err(|_| {
        let message = "is no mapping of columns to codes";
        Error::SourceConfiguration(vec![Problem::new("not-a-table", "source.map", message)])
    });
    let maps = ValueMaps::read(&map.or_raise(py)?, &mut problems);
    forgotten(&read, absent, &mut problems);
    if !problems.is_empty() {
        return Err(Error::SourceConfiguration(problems)).or_raise(py);
    }
    read.sort_by_key(|rows| Entity::ALL.iter().position(|entity| *entity == rows.entity));
    let ids = py.detach(|| listed(&read)).or_raise(py)?;
    Ok(TablesSource { tables: Arc::new(read), maps: Arc::new(maps), ids })
}

/// Each of the contract's tables is given or named absent: a hold that was forgotten would let a transcript go.
fn forgotten(read: &[Rows], absent: &[String], problems: &mut Vec<Problem>) {
    let given: HashSet<&str> = read.iter().map(|rows| rows.entity.table()).collect();
    for name in absent.iter().filter(|name| entity(name).is_none_or(essential)) {
        problems.push(Problem::new("unknown-table", name, "is no table that an institution can be without"));
    }
    for entity in Entity::ALL {
        let name = entity.table();
        match (given.contains(name), absent.iter().any(|other| other == name)) {
            (true, true) => problems.push(Problem::new("both", name, "is given and named absent")),
            (false, false) => {
                let advice = if essential(entity) { "" } else { ", or be named absent" };
                problems.push(Problem::new("missing", name, format!("is a table that must be given{advice}")));
            }
            _ => {}
        }
    }
}

/// The students in the order of their table.
fn listed(read: &[Rows]) -> Result<Vec<StudentId>, Error> {
    let Some(students) = read.iter().find(|rows| rows.entity == Entity::Students) else { return Ok(Vec::new()) };
    let cells = students.batches.iter().filter_map(|batch| batch.first().and_then(Option::as_ref));
    let ids = ids_of(cells.flat_map(|column| (0..column.len()).map(|row| cell(column, row))).collect())?;
    let mut seen = HashSet::new();
    Ok(ids.into_iter().filter(|id| seen.insert(id.clone())).collect())
}

impl Rows {
    fn read(
        entity: Entity,
        reader: ArrayStreamReader,
        fields: &Fields,
        problems: &mut Vec<Problem>,
    ) -> Result<Rows, Error> {
        let names = names(fields);
        let before = problems.len();
        let shape = Shape::find(entity, &names, problems);
        let mut rows = Rows { entity, names, batches: Vec::new(), places: HashMap::new() };
        if problems.len() > before {
            return Ok(rows);
        }
        let mut total = 0usize;
        for chunk in reader {
            let failed = || Error::SourceUnavailable { reason: "the table failed to give its rows".to_owned() };
            let chunk = chunk.map_err(|_| failed())?;
            // A row that is null as a whole is no row of anybody.
            let columns = chunk.as_any().downcast_ref::<StructArray>().filter(|columns| columns.null_count() == 0);
            let batch = RecordBatch::from(columns.ok_or_else(failed)?.clone());
            total = total.saturating_add(batch.num_rows());
            if total > MOST_ROWS {
                let reason = format!("the table has more than {MOST_ROWS} rows");
                return Err(Error::SourceUnavailable { reason });
            }
            rows.add(&batch, &shape)?;
        }
        Ok(rows)
    }

    fn add(&mut self, batch: &RecordBatch, shape: &Shape) -> Result<(), Error> {
        let copy = |place: Option<usize>| place.and_then(|place| batch.columns().get(place)).map(owned).transpose();
        let columns = shape.places().iter().map(|place| copy(*place)).collect::<Result<Vec<_>, String>>();
        let table = self.entity.table();
        let columns = columns.map_err(|kind| {
            let message = format!("has a column of type {kind}, which no column of a record has");
            Error::SourceConfiguration(vec![Problem::new("bad-type", table, message)])
        })?;
        for (column, kept) in columns_of(self.entity).iter().zip(&columns) {
            let is_key = matches!(column.kind, Kind::Student | Kind::Key);
            let single = kept.as_ref().is_some_and(|kept| *kept.data_type() == DataType::Float32);
            if is_key && single {
                // From 2^24 on two keys are one such number: rows would go to another student.
                let place = format!("{table}.{}", column.name);
                let message = "is a column of 32-bit floating-point numbers, which do not tell keys apart";
                return Err(Error::SourceConfiguration(vec![Problem::new("bad-type", place, message)]));
            }
        }
        let at = u32::try_from(self.batches.len()).unwrap_or(u32::MAX);
        if let Some(Some(students)) = columns.first() {
            for row in 0..students.len() {
                let id = cell(students, row).code().and_then(|code| StudentId::new(code.trim_end_matches(' ')).ok());
                let id = id.ok_or_else(|| {
                    let place = format!("{table}.{}", self.entity.student());
                    let message = "is no text of 1 to 64 characters without controls and outer spaces in some row";
                    Error::SourceConfiguration(vec![Problem::new("bad-student-id", place, message)])
                })?;
                let row = u32::try_from(row).unwrap_or(u32::MAX);
                self.places.entry(id).or_default().push((at, row));
            }
        }
        self.batches.push(columns);
        Ok(())
    }

    /// The rows of these students, with a cell for each column of the contract.
    fn of(&self, ids: &[StudentId]) -> Vec<Vec<OwnCell>> {
        let mut seen = HashSet::new();
        let places = ids.iter().filter(|id| seen.insert(*id)).filter_map(|id| self.places.get(id)).flatten();
        let row = |(batch, row): &(u32, u32)| {
            let columns = self.batches.get(*batch as usize)?;
            let cell =
                |column: &Option<ArrayRef>| column.as_ref().map_or(OwnCell::Null, |column| cell(column, *row as usize));
            Some(columns.iter().map(cell).collect())
        };
        places.filter_map(row).collect()
    }
}

fn names(fields: &Fields) -> Vec<String> {
    fields.iter().map(|field| field.name().clone()).collect()
}

impl TablesSource {
    fn examined(&self) -> Report {
        let ids: Vec<StudentId> = self.ids.iter().take(SAMPLE).cloned().collect();
        let mut report = Report::of_lines(vec![format!("tables in memory, {} students", self.ids.len())]);
        let given = self.tables.iter().map(|rows| {
            let present = |name: &&str| rows.names.iter().any(|known| known.eq_ignore_ascii_case(name));
            let wanted: Vec<&str> = columns_of(rows.entity).iter().map(|column| column.name).collect();
            let kept: Vec<bool> = wanted.iter().map(&present).collect();
            let only = |row: Vec<OwnCell>| row.into_iter().zip(&kept).filter(|(_, kept)| **kept).map(|(cell, _)| cell);
            let rows_of = rows.of(&ids).into_iter().map(|row| only(row).collect()).collect();
            let names = wanted.into_iter().filter(present).map(str::to_owned).collect();
            (rows.entity, Ok(RawAnswer { columns: names, rows: rows_of }))
        });
        examine(&self.maps, given.collect(), &ids, &mut report);
        report
    }
}

impl Source for TablesSource {
    fn fetch<'a>(&'a self, _: &'a Resources, ids: &'a [StudentId]) -> Pending<'a, Vec<Result<StudentRecord, Error>>> {
        let (tables, maps, asked) = (Arc::clone(&self.tables), Arc::clone(&self.maps), ids.to_vec());
        Box::pin(async move {
            let made = read_aside(move || {
                let answer = |rows: &Rows| Answer { entity: rows.entity, rows: rows.of(&asked) };
                Ok(records(&maps, tables.iter().map(answer).collect(), &asked))
            });
            made.await.unwrap_or_else(|error| ids.iter().map(|_| Err(error.clone())).collect())
        })
    }

    fn group_size(&self) -> usize {
        16
    }

    fn student_ids<'a>(&'a self, _: &'a Resources) -> Pending<'a, Result<Vec<StudentId>, Error>> {
        Box::pin(async move { Ok(self.ids.clone()) })
    }

    fn check<'a>(&'a self, resources: &'a Resources) -> Pending<'a, Result<Vec<String>, Error>> {
        Box::pin(async move { Ok(self.examine(resources).await?.told()) })
    }

    fn examine<'a>(&'a self, _: &'a Resources) -> Pending<'a, Result<Report, Error>> {
        let own =
            TablesSource { tables: Arc::clone(&self.tables), maps: Arc::clone(&self.maps), ids: self.ids.clone() };
        Box::pin(read_aside(move || Ok(own.examined())))
    }
}
