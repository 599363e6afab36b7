//! One student's rows of an SQLite database into a `StudentRecord`, through statements prepared once for a batch.

use super::failure;
use crate::domain::{Error, StudentId, StudentRecord};
use crate::source::rows::{Assembly, Cell, Entity, Row};
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection};
use std::sync::OnceLock;

/// The statements that read a record, prepared, in the order in which they are asked.
pub struct RecordReader<'c> {
    statements: Vec<(Entity, CachedStatement<'c>)>,
}

impl<'c> RecordReader<'c> {
    pub fn new(connection: &'c Connection) -> Result<RecordReader<'c>, Error> {
        let prepare = |entity: Entity| {
            let statement = connection.prepare_cached(written(entity)).map_err(failure)?;
            Ok((entity, statement))
        };
        Ok(RecordReader { statements: Entity::ALL.into_iter().map(prepare).collect::<Result<_, Error>>()? })
    }

    /// The student's record; every problem of every row at once when any row is malformed.
    pub fn record(&mut self, id: &StudentId) -> Result<StudentRecord, Error> {
        let mut assembly = Assembly::new(id.clone());
        for (entity, statement) in &mut self.statements {
            let mut rows = match entity {
                Entity::Institution => match assembly.institution_key() {
                    Some(key) => statement.query([key]),
                    None => continue,
                },
                _ => statement.query([id.as_str()]),
            }
            .map_err(failure)?;
            while let Some(row) = rows.next().map_err(failure)? {
                if !assembly.take(*entity, row) {
                    break;
                }
            }
            if !assembly.known() {
                return Err(Error::RecordNotFound);
            }
        }
        assembly.finish()
    }
}

/// The query of an entity, written once: a connection finds its prepared statement by it.
fn written(entity: Entity) -> &'static str {
    static ALL: OnceLock<Vec<String>> = OnceLock::new();
    let all = ALL.get_or_init(|| Entity::ALL.into_iter().map(select).collect());
    all.get(entity.index()).map_or("", String::as_str)
}

fn select(entity: Entity) -> String {
    let (columns, table) = (entity.columns().join(", "), entity.table());
    match entity {
        Entity::Students | Entity::Institution => format!("SELECT {columns} FROM {table} WHERE id = ?1"),
        _ => format!("SELECT {columns} FROM {table} WHERE student = ?1 ORDER BY {}", entity.order()),
    }
}

impl Row for rusqlite::Row<'_> {
    fn cell(&self, column: usize) -> Cell<'_> {
        match self.get_ref(column).unwrap_or(ValueRef::Null) {
            ValueRef::Null => Cell::Null,
            ValueRef::Integer(number) => Cell::Integer(number),
            ValueRef::Real(_) => Cell::Float,
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).map_or(Cell::NotUtf8, Cell::Text),
            ValueRef::Blob(_) => Cell::Binary,
        }
    }

    fn column(&self, column: usize) -> Option<&str> {
        self.as_ref().column_name(column).ok()
    }
}
