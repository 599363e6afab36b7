//! A query of the caller's that gives student ids: in a transaction that cannot write, row by row.

use super::cell::at;
use super::failure::fault;
use crate::domain::{Error, StudentId};
use crate::source::own_schema::{Dialect, OwnCell, ids_of};
use crate::source::read_aside;
use crate::source::selection::{one_column, one_more, selection};
use crate::source::servers::Fault;
use futures_util::TryStreamExt;
use std::pin::pin;
use tokio_postgres::Client;

/// After so many rows without a pause other tasks of the thread get their turn.
const ROWS_A_TURN: usize = 512;

/// The ids of the query's one column.
pub async fn ids(begin: &str, client: &Client, query: &str) -> Result<Vec<StudentId>, Fault> {
    let query = selection(query, Dialect::Postgres).map_err(Fault::Final)?;
    client.batch_execute(begin).await.map_err(|error| fault(&error))?;
    let statement = client.prepare(&query).await.map_err(|error| refused(&error))?;
    one_column(statement.columns().len()).map_err(Fault::Final)?;
    let none: [&str; 0] = [];
    let mut rows = pin!(client.query_raw(&statement, none).await.map_err(|error| fault(&error))?);
    let mut cells = Vec::new();
    while let Some(row) = rows.try_next().await.map_err(|error| fault(&error))? {
        one_more(cells.len()).map_err(Fault::Final)?;
        cells.push(OwnCell::from(at(&row, 0)));
        if cells.len().is_multiple_of(ROWS_A_TURN) {
            tokio::task::yield_now().await;
        }
    }
    client.batch_execute("COMMIT").await.map_err(|error| fault(&error))?;
    read_aside(move || ids_of(cells)).await.map_err(Fault::Final)
}

/// What is wrong with the query is told in the server's words: they are about the caller's own text.
fn refused(error: &tokio_postgres::Error) -> Fault {
    match error.as_db_error() {
        Some(told) if told.code().code().starts_with("42") => {
            Fault::Final(Error::configuration(format!("PostgreSQL refuses the query: {}", told.message())))
        }
        _ => fault(error),
    }
}
