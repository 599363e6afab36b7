//! What went wrong on a PostgreSQL server, without a value of the database, and whether to ask again.

use crate::source::servers::{Fault, untrusted};
use crate::source::unavailable;
use std::error::Error as _;
use std::io::ErrorKind;
use tokio_postgres::error::SqlState;

/// The fault behind a driver's error. The server's own message is not told: it may quote a value.
pub fn fault(error: &tokio_postgres::Error) -> Fault {
    match error.code() {
        Some(state) => answered(state),
        None => unanswered(error),
    }
}

/// Whether the database lacks a table, a column or a schema that was named.
pub fn lacking(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|state| {
        [SqlState::UNDEFINED_TABLE, SqlState::UNDEFINED_COLUMN, SqlState::INVALID_SCHEMA_NAME].contains(state)
    })
}

fn answered(state: &SqlState) -> Fault {
    let says = |words: &str| unavailable(words.to_owned());
    match state.code() {
        "28P01" | "28000" => Fault::Final(says("the server refuses the user name or password")),
        "3D000" => Fault::Final(says("the server has no database of this name")),
        "42501" => Fault::Final(says("the user has no permission to read a table of the schema")),
        "42P01" => Fault::Final(says("the database lacks a table of the published schema")),
        "42703" => Fault::Final(says("the database lacks a column of the published schema")),
        "57014" => Fault::Rows(says("the server ended a query that took longer than statement_timeout")),
        "53300" => Fault::Lost(says("the server has no connection to spare")),
        // Shut down, crashed, starting up, or the database is being dropped.
        "57P01" | "57P02" | "57P03" | "57P04" | "57P05" => Fault::Lost(says("the server is not available now")),
        // A statement that a proxy or a change of the tables made stale; a snapshot that a standby could not keep.
        "26000" | "0A000" | "40001" | "40P01" | "25P02" | "XX000" => {
            Fault::Lost(unavailable(format!("PostgreSQL reports SQLSTATE {}", state.code())))
        }
        code if code.starts_with("08") => Fault::Lost(says("the connection to the server was lost")),
        // Two rows where one is wanted, a value, a resource, a limit; what a function of the institution's raises about a row.
        code if ["21", "22", "53", "54", "P0"].iter().any(|class| code.starts_with(class)) => {
            Fault::Rows(unavailable(format!("PostgreSQL reports SQLSTATE {code}")))
        }
        code => Fault::Final(unavailable(format!("PostgreSQL reports SQLSTATE {code}"))),
    }
}

fn unanswered(error: &tokio_postgres::Error) -> Fault {
    let away = |words: &str| Fault::Away(unavailable(words.to_owned()));
    let lost = || Fault::Lost(unavailable("the connection to the server was lost"));
    if error.is_closed() {
        return lost();
    }
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(refused) = inner.downcast_ref::<rustls::Error>() {
            return Fault::Final(untrusted(refused));
        }
        if let Some(io) = inner.downcast_ref::<std::io::Error>() {
            if let Some(refused) = io.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                return Fault::Final(untrusted(refused));
            }
            return away(match io.kind() {
                ErrorKind::ConnectionRefused => "the connection was refused",
                ErrorKind::TimedOut => "the server does not answer in time",
                // Somebody had answered.
                ErrorKind::ConnectionReset
                | ErrorKind::ConnectionAborted
                | ErrorKind::BrokenPipe
                | ErrorKind::UnexpectedEof => return lost(),
                _ => "the connection to the server was lost",
            });
        }
        cause = inner.source();
    }
    worded(&error.to_string())
}

/// By the driver's own words: what it sought in a URL or an answer, never what stood there.
fn worded(words: &str) -> Fault {
    match words {
        words if words.contains("serializing") => {
            Fault::Final(unavailable("a column has another type than the published schema's: ids of students are text"))
        }
        words if words.contains("TLS") || words.contains("tls") => {
            Fault::Final(unavailable("the server does not offer the encryption that sslmode asks for"))
        }
        words if words.contains("authentication") || words.contains("password") => {
            Fault::Final(unavailable("the server asks for a password or a way to show it that was not given"))
        }
        _ => Fault::Away(unavailable("the connection to the server failed")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_row_raises_is_that_row_s() {
        for state in ["P0001", "P0004", "21000", "22012", "54001"] {
            assert!(matches!(answered(&SqlState::from_code(state)), Fault::Rows(_)), "{state}");
        }
        assert!(matches!(answered(&SqlState::from_code("42804")), Fault::Final(_)));
    }

    #[test]
    fn a_value_of_another_type_is_not_asked_for_again() {
        for words in ["error serializing parameter 0", "error deserializing column 3"] {
            assert!(matches!(worded(words), Fault::Final(_)), "{words}");
        }
        assert!(matches!(worded("connection closed"), Fault::Away(_)));
    }
}
