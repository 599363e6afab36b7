//! Own schemas in SQLite files.

use super::answer::RawAnswer;
use super::cell::OwnCell;
use super::configuration::{IdKind, whole};
use super::driver::{Answers, Driver, MOST_ROWS, Plans};
use super::statement::Statement;
use crate::domain::{Error, StudentId};
use crate::source::sqlite::{Abandoned, Database, connect, failure, selected};
use crate::source::{Pending, Resources, unavailable};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use std::path::PathBuf;
use std::sync::Arc;

/// An SQLite file of any schema.
pub struct SqliteDriver {
    database: Database,
    path: PathBuf,
    ids: IdKind,
}

impl SqliteDriver {
    /// Opens the file once to see that it is there.
    pub fn open(path: PathBuf, ids: IdKind) -> Result<SqliteDriver, Error> {
        let database = Database::Foreign(path.clone());
        connect(&database)?;
        Ok(SqliteDriver { database, path, ids })
    }
}

impl Driver for SqliteDriver {
    fn title(&self) -> String {
        format!("SQLite database {}", self.path.display())
    }

    fn ask<'a>(
        &'a self,
        resources: &'a Resources,
        statements: Arc<[Statement]>,
        ids: &'a [StudentId],
    ) -> Pending<'a, Result<Answers, Error>> {
        let (list, most) = (json(ids, self.ids), ids.len().saturating_mul(MOST_ROWS));
        let job = move |connection: &Connection, abandoned: &Abandoned| {
            let ask = |statement: &Statement| {
                abandoned.check()?;
                answer(connection, &statement.sqlite(), &list, most)
            };
            Ok(statements.iter().map(ask).collect())
        };
        Box::pin(resources.sqlite.run(&self.database, job))
    }

    fn explain<'a>(
        &'a self,
        resources: &'a Resources,
        statements: Arc<[Statement]>,
        ids: &'a [StudentId],
    ) -> Pending<'a, Result<Plans, Error>> {
        let list = json(ids, self.ids);
        let job = move |connection: &Connection, abandoned: &Abandoned| {
            let plan = |statement: &Statement| {
                abandoned.check()?;
                explained(connection, &statement.sqlite(), &list)
            };
            Ok(statements.iter().map(plan).collect())
        };
        Box::pin(resources.sqlite.run(&self.database, job))
    }

    fn select<'a>(&'a self, resources: &'a Resources, query: &'a str) -> Pending<'a, Result<Vec<StudentId>, Error>> {
        let query = query.to_owned();
        let job = move |connection: &Connection, abandoned: &Abandoned| selected(connection, abandoned, &query);
        Box::pin(resources.sqlite.run(&self.database, job))
    }

    fn list<'a>(
        &'a self,
        resources: &'a Resources,
        statement: Statement,
        most: usize,
    ) -> Pending<'a, Result<Vec<OwnCell>, Error>> {
        let job = move |connection: &Connection, abandoned: &Abandoned| {
            let mut statement = prepared(connection, &statement.sqlite())?;
            let mut rows = statement.query([]).map_err(failure)?;
            let mut cells = Vec::new();
            while cells.len() < most
                && let Some(row) = rows.next().map_err(failure)?
            {
                abandoned.check()?;
                cells.push(cell(row, 0));
            }
            Ok(cells)
        };
        Box::pin(resources.sqlite.run(&self.database, job))
    }
}

/// The ids as one JSON array: a single parameter, whatever their number.
fn json(ids: &[StudentId], kind: IdKind) -> String {
    let values = ids.iter().filter_map(|id| match kind {
        IdKind::Text => Some(serde_json::Value::from(id.as_str())),
        // An id that is no number is of no student here.
        IdKind::Integer => whole(id).map(serde_json::Value::from),
    });
    serde_json::Value::Array(values.collect()).to_string()
}

fn prepared<'c>(connection: &'c Connection, sql: &str) -> Result<rusqlite::CachedStatement<'c>, Error> {
    let statement = connection.prepare_cached(sql).map_err(|error| match &error {
        // Words of the SQL, which is the configuration's: it holds nobody's grades.
        rusqlite::Error::SqlInputError { msg, .. } => unavailable(format!("SQLite refuses the query: {msg}")),
        _ => failure(error),
    })?;
    // The connection cannot write; this says so before it is tried.
    if statement.readonly() { Ok(statement) } else { Err(unavailable("the query would write")) }
}

fn answer(connection: &Connection, sql: &str, list: &str, most: usize) -> Result<RawAnswer, Error> {
    let mut statement = prepared(connection, sql)?;
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let width = columns.len();
    let mut found = statement.query([list]).map_err(failure)?;
    let mut rows = Vec::new();
    while let Some(row) = found.next().map_err(failure)? {
        if rows.len() >= most {
            return Err(unavailable(format!("a query gives more than {MOST_ROWS} rows a student")));
        }
        rows.push((0..width).map(|column| cell(row, column)).collect());
    }
    Ok(RawAnswer { columns, rows })
}

fn explained(connection: &Connection, sql: &str, list: &str) -> Result<Vec<String>, Error> {
    // Once as it is: what is wrong with it is told of itself, not of its explanation.
    drop(prepared(connection, sql)?);
    let mut statement = prepared(connection, &format!("EXPLAIN QUERY PLAN {sql}"))?;
    let lines = statement.query_map([list], |row| row.get::<_, String>(3)).map_err(failure)?;
    let lines: Vec<String> = lines.collect::<Result<_, _>>().map_err(failure)?;
    let mut known = prepared(connection, "SELECT count(*) FROM sqlite_schema WHERE name = ?1")?;
    // A part of the query that it scans is no table: its own scans are other lines.
    let mut is_table = |line: &String| {
        let name = line.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next()).unwrap_or_default();
        known.query_row([name], |row| row.get::<_, i64>(0)).is_ok_and(|count| count > 0)
    };
    Ok(lines.into_iter().filter(|line| !line.starts_with("SCAN ") || is_table(line)).collect())
}

fn cell(row: &Row<'_>, column: usize) -> OwnCell {
    match row.get_ref(column) {
        Ok(ValueRef::Null) => OwnCell::Null,
        Ok(ValueRef::Integer(number)) => OwnCell::Integer(number),
        Ok(ValueRef::Real(number)) => OwnCell::Float(number),
        Ok(ValueRef::Text(bytes)) => match std::str::from_utf8(bytes) {
            Ok(text) => OwnCell::text(text),
            Err(_) => OwnCell::Other("is not UTF-8"),
        },
        Ok(ValueRef::Blob(_)) | Err(_) => OwnCell::Other("is binary"),
    }
}
