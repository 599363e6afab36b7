//! A query of the caller's that gives student ids: in a transaction that cannot write, row by row.

use super::cell::at;
use super::failure::fault;
use crate::domain::{Error, StudentId};
use crate::source::own_schema::{Dialect, OwnCell, ids_of};
use crate::source::read_aside;
use crate::source::selection::{one_column, one_more, selection};
use crate::source::servers::Fault;
use mysql_async::Conn;
use mysql_async::prelude::Queryable;

/// After so many rows without a pause other tasks of the thread get their turn.
const ROWS_A_TURN: usize = 512;

/// The ids of the query's one column.
pub async fn ids(connection: &mut Conn, query: &str) -> Result<Vec<StudentId>, Fault> {
    let query = selection(query, Dialect::MySql).map_err(Fault::Final)?;
    connection.query_drop("START TRANSACTION READ ONLY").await.map_err(|error| fault(&error))?;
    // Prepared: the server takes one statement that way, whatever stands in the text.
    let statement = connection.prep(query).await.map_err(|error| refused(&error))?;
    one_column(statement.columns().len()).map_err(Fault::Final)?;
    let mut rows = connection.exec_iter(&statement, ()).await.map_err(|error| fault(&error))?;
    let mut cells = Vec::new();
    while let Some(row) = rows.next().await.map_err(|error| fault(&error))? {
        one_more(cells.len()).map_err(Fault::Final)?;
        cells.push(OwnCell::from(at(&row, 0)));
        if cells.len().is_multiple_of(ROWS_A_TURN) {
            tokio::task::yield_now().await;
        }
    }
    rows.drop_result().await.map_err(|error| fault(&error))?;
    connection.close(statement).await.map_err(|error| fault(&error))?;
    connection.query_drop("COMMIT").await.map_err(|error| fault(&error))?;
    read_aside(move || ids_of(cells)).await.map_err(Fault::Final)
}

/// What is wrong with the query is told in the server's words: they are about the caller's own text.
fn refused(error: &mysql_async::Error) -> Fault {
    match error {
        // A table, a column, a function, the grammar.
        mysql_async::Error::Server(told) if [1054, 1064, 1109, 1146, 1305].contains(&told.code) => {
            Fault::Final(Error::configuration(format!("MySQL refuses the query: {}", told.message)))
        }
        _ => fault(error),
    }
}
