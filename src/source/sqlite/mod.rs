//! Records from an SQLite database of the published schema (schemas/campus.sql).

mod check;
mod gather;
mod pool;
mod read;
mod schema;
mod select;
mod write;

pub use pool::Pools;
pub(super) use pool::{Abandoned, Database, connect};
pub use read::RecordReader;
pub use schema::{SCHEMA, VERSION};
pub(super) use select::ids as selected;
pub use write::write;

use super::{LOCAL_AT_ONCE, Pending, Resources, Source, unavailable};
use crate::domain::{Error, Problem, StudentId, StudentRecord};
use rusqlite::ErrorCode;
use std::path::Path;

/// Serves records from an SQLite file, or from the built-in sample campus.
pub struct SqliteSource {
    database: Database,
}

impl SqliteSource {
    /// Opens the file once to see that it is there and of the published schema.
    pub fn open(path: impl AsRef<Path>) -> Result<SqliteSource, Error> {
        // Absolute, so that no name is read as a URI of SQLite's own and no change of folder moves it.
        let path = std::path::absolute(path).map_err(|_| unavailable("the path of the database is empty"))?;
        let database = Database::File(path);
        let connection = pool::connect(&database)?;
        RecordReader::new(&connection)?;
        Ok(SqliteSource { database })
    }

    /// The built-in sample campus, in memory; built when it is first read.
    pub fn campus() -> SqliteSource {
        SqliteSource { database: Database::Campus }
    }

    fn title(&self) -> String {
        match &self.database {
            Database::File(path) | Database::Foreign(path) => format!("SQLite database {}", path.display()),
            Database::Campus => "built-in sample campus (SQLite in memory, invented students)".to_owned(),
        }
    }
}

impl Source for SqliteSource {
    /// Each student is read from one state of the database, together with others who are asked for at the time.
    fn fetch<'a>(
        &'a self,
        resources: &'a Resources,
        ids: &'a [StudentId],
    ) -> Pending<'a, Vec<Result<StudentRecord, Error>>> {
        Box::pin(gather::fetch(resources.sqlite.pool(&self.database), ids))
    }

    fn group_size(&self) -> usize {
        16
    }

    fn at_once(&self) -> usize {
        LOCAL_AT_ONCE
    }

    fn student_ids<'a>(&'a self, resources: &'a Resources) -> Pending<'a, Result<Vec<StudentId>, Error>> {
        Box::pin(resources.sqlite.run(&self.database, |connection, abandoned| {
            let by_number = "SELECT id FROM students ORDER BY length(id), id";
            let mut statement = connection.prepare_cached(by_number).map_err(failure)?;
            let mut rows = statement.query([]).map_err(failure)?;
            let mut ids = Vec::new();
            while let Some(row) = rows.next().map_err(failure)? {
                abandoned.check()?;
                let id = row.get_ref(0).ok().and_then(|cell| cell.as_str().ok()).and_then(|id| StudentId::new(id).ok());
                ids.push(id.ok_or_else(|| not_an_id(ids.len()))?);
            }
            Ok(ids)
        }))
    }

    fn address(&self) -> Option<String> {
        Some(self.title())
    }

    fn select<'a>(&'a self, resources: &'a Resources, query: &'a str) -> Pending<'a, Result<Vec<StudentId>, Error>> {
        let query = query.to_owned();
        let job =
            move |connection: &rusqlite::Connection, abandoned: &Abandoned| selected(connection, abandoned, &query);
        Box::pin(resources.sqlite.run(&self.database, job))
    }

    fn check<'a>(&'a self, resources: &'a Resources) -> Pending<'a, Result<Vec<String>, Error>> {
        Box::pin(async move {
            let counted = resources.sqlite.run(&self.database, |connection, _| check::lines(connection)).await?;
            let title = format!("{}, schema version {VERSION}", self.title());
            Ok(std::iter::once(title).chain(counted).collect())
        })
    }
}

fn not_an_id(index: usize) -> Error {
    let message = "is not text of 1 to 64 characters without controls and outer spaces";
    Error::MalformedRecord(vec![Problem::new("bad-student-id", format!("students[{index}].id"), message)])
}

/// What went wrong in SQLite, without a value of the database.
pub(super) fn failure(error: rusqlite::Error) -> Error {
    let rusqlite::Error::SqliteFailure(code, message) = &error else {
        return unavailable("the database gives a value of an unexpected kind");
    };
    unavailable(match (code.code, message) {
        (ErrorCode::NotADatabase, _) => "the file is not an SQLite database".to_owned(),
        (ErrorCode::DatabaseCorrupt, _) => "the database is damaged".to_owned(),
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => "the database is locked by a writer".to_owned(),
        (ErrorCode::CannotOpen, _) => "the database cannot be opened".to_owned(),
        (ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied, _) => {
            "no permission to read the database".to_owned()
        }
        (ErrorCode::SystemIoFailure, _) => "the disk failed while the database was read".to_owned(),
        (ErrorCode::ConstraintViolation, _) => "the row is there already, or breaks the published schema".to_owned(),
        (ErrorCode::ReadOnly, _) => "the database cannot be written".to_owned(),
        (ErrorCode::DiskFull, _) => "the disk is full".to_owned(),
        // SQLite's plain errors name tables and columns that are missing, never a value.
        (ErrorCode::Unknown, Some(text)) if text.starts_with("no such ") => format!("the database has {text}"),
        (code, _) => format!("SQLite reports {code:?}"),
    })
}
