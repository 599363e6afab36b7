//! The published schema: its text, its version, and whether a database is of it.

use super::failure;
use crate::domain::Error;
use crate::source::unavailable;
use rusqlite::{Connection, OptionalExtension};

/// The published schema as SQL: every table and column with its meaning.
pub const SCHEMA: &str = include_str!("../../../schemas/campus.sql");

/// The version of the schema that this library reads and writes.
pub const VERSION: u32 = 1;

/// Refuses whatever is no database of this schema and version, saying which of these it is.
pub fn check(connection: &Connection) -> Result<(), Error> {
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'meta' AND type IN ('table', 'view')", [], |row| {
            row.get(0)
        })
        .map_err(failure)?;
    let foreign = || unavailable("the database is not of the published schema (schemas/campus.sql)");
    if tables == 0 {
        return Err(foreign());
    }
    if text(connection, "schema")?.as_deref() != Some("registrary campus") {
        return Err(foreign());
    }
    let version = text(connection, "schema_version")?.and_then(|version| version.parse::<u32>().ok());
    match version {
        Some(VERSION) => Ok(()),
        Some(other) => Err(unavailable(format!("the database has schema version {other}; version {VERSION} is read"))),
        None => Err(unavailable(format!("the database tells no schema version; version {VERSION} is read"))),
    }
}

fn text(connection: &Connection, key: &str) -> Result<Option<String>, Error> {
    let value = connection.query_row("SELECT CAST(value AS TEXT) FROM meta WHERE key = ?1", [key], |row| row.get(0));
    value.optional().map_err(failure)
}
