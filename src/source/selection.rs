//! A query of the caller's that gives student ids, looked at before it is put: one SELECT, which writes and locks nothing.

use super::own_schema::{Dialect, Statement};
use crate::domain::Error;

/// More students than this are no selection for one run.
pub const MOST_SELECTED: usize = 1_000_000;

/// The query as it is put to a database of this kind.
pub fn selection(query: &str, dialect: Dialect) -> Result<String, Error> {
    let told = |faults: Vec<(&str, &str)>| {
        let messages: Vec<&str> = faults.into_iter().map(|(_, message)| message).collect();
        Error::configuration(format!("the query {}", messages.join(", and ")))
    };
    Statement::of_selection(query, dialect).map(|statement| statement.plain().to_owned()).map_err(told)
}

/// Refuses an answer of several columns: nobody could say which of them holds the ids.
pub fn one_column(columns: usize) -> Result<(), Error> {
    let reason = || Error::configuration(format!("the query gives {columns} columns; one, the student ids, is wanted"));
    if columns == 1 { Ok(()) } else { Err(reason()) }
}

/// Refuses one row too many.
pub fn one_more(rows: usize) -> Result<(), Error> {
    let reason = || Error::configuration(format!("the query gives more than {MOST_SELECTED} students"));
    if rows < MOST_SELECTED { Ok(()) } else { Err(reason()) }
}

/// Of a source that has no SQL.
pub fn no_queries() -> Error {
    Error::configuration("this source takes no SQL: give the student ids themselves")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_select_is_taken_as_it_stands() {
        let ids = "SELECT id FROM students WHERE name LIKE 'into; %' -- the seniors";
        let taken = selection(&format!("{ids}\n ; "), Dialect::Postgres);
        assert_eq!(taken.as_deref(), Ok("SELECT id FROM students WHERE name LIKE 'into; %'"));
        assert!(selection("WITH s AS (SELECT 1) SELECT * FROM s", Dialect::Sqlite).is_ok());
        assert!(selection("SELECT substring(id FROM 1 FOR 3) FROM students", Dialect::Postgres).is_ok());
    }

    #[test]
    fn whatever_else_is_refused() {
        for (query, told) in [
            ("", "must begin with SELECT"),
            ("DELETE FROM students", "must begin with SELECT"),
            ("SELECT id FROM students; DROP TABLE students", "more than one statement"),
            ("SELECT id INTO copy FROM students", "INTO"),
            ("SELECT id FROM students INTO OUTFILE '/tmp/ids'", "INTO"),
            ("SELECT id FROM students FOR UPDATE", "locks"),
            ("SELECT id FROM students for no key update", "locks"),
            ("SELECT id FROM students LOCK IN SHARE MODE", "locks"),
            ("SELECT id FROM students WHERE year = $1", "parameter"),
            ("SELECT id FROM students WHERE id = :student_ids", "parameter"),
            ("SELECT 'id", "never closed"),
            ("SELECT id FROM students\0", "NUL"),
        ] {
            let refused = selection(query, Dialect::MySql).map_err(|error| error.to_string());
            assert!(refused.as_ref().is_err_and(|error| error.contains(told)), "{query}: {refused:?}");
        }
    }
}
