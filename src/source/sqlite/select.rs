//! A query of the caller's that gives student ids, on a connection that cannot write.

use super::{Abandoned, failure};
use crate::domain::{Error, StudentId};
use crate::source::own_schema::{Dialect, OwnCell, ids_of};
use crate::source::selection::{one_column, one_more, selection};
use crate::source::unavailable;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// The ids of the query's one column.
pub fn ids(connection: &Connection, abandoned: &Abandoned, query: &str) -> Result<Vec<StudentId>, Error> {
    let query = selection(query, Dialect::Sqlite)?;
    let mut statement = connection.prepare(&query).map_err(|error| match &error {
        // Words of the caller's own text.
        rusqlite::Error::SqlInputError { msg, .. } => Error::configuration(format!("SQLite refuses the query: {msg}")),
        _ => failure(error),
    })?;
    if !statement.readonly() {
        return Err(unavailable("the query would write"));
    }
    one_column(statement.column_count())?;
    let mut rows = statement.query([]).map_err(failure)?;
    let mut cells = Vec::new();
    while let Some(row) = rows.next().map_err(failure)? {
        abandoned.check()?;
        one_more(cells.len())?;
        cells.push(match row.get_ref(0) {
            Ok(ValueRef::Integer(number)) => OwnCell::Integer(number),
            Ok(ValueRef::Text(bytes)) => std::str::from_utf8(bytes).map_or(OwnCell::Null, OwnCell::text),
            // No id: refused with the place of its row.
            _ => OwnCell::Null,
        });
    }
    ids_of(cells)
}
