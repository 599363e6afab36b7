//! What a MySQL database holds, in a few lines for `sources check`.

use super::connect::Link;
use super::failure::fault;
use crate::source::servers::{Fault, Holdings};
use mysql_async::prelude::Queryable;

/// Counts, levels and grades, as SQLite's door tells them.
pub async fn lines(link: &mut Link) -> Result<Vec<String>, Fault> {
    let connection = &mut link.connection;
    let counts = connection.query_first(Holdings::COUNTS).await.map_err(|error| fault(&error))?;
    let (a, b, c, d, e, f, g): (i64, i64, i64, i64, i64, i64, i64) = counts.unwrap_or_default();
    let levels = connection.query(Holdings::LEVELS).await.map_err(|error| fault(&error))?;
    let grades = connection.query(Holdings::GRADES).await.map_err(|error| fault(&error))?;
    Ok(Holdings { counts: vec![a, b, c, d, e, f, g], levels, grades }.lines())
}
