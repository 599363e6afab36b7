//! What a PostgreSQL database holds, in a few lines for `sources check`.

use super::connect::Link;
use super::failure::fault;
use crate::source::servers::{Fault, Holdings};

/// Counts, levels and grades, as SQLite's door tells them.
pub async fn lines(link: &Link) -> Result<Vec<String>, Fault> {
    let counts = link.client.query_one(Holdings::COUNTS, &[]).await.map_err(|error| fault(&error))?;
    let counts: Vec<i64> = (0..counts.len()).map(|column| counts.try_get(column).unwrap_or_default()).collect();
    let mut levels = Vec::new();
    for row in link.client.query(Holdings::LEVELS, &[]).await.map_err(|error| fault(&error))? {
        let (Ok(level), Ok(students)) = (row.try_get::<_, String>(0), row.try_get::<_, i64>(1)) else { continue };
        levels.push((level, students));
    }
    let mut grades = Vec::new();
    for row in link.client.query(Holdings::GRADES, &[]).await.map_err(|error| fault(&error))? {
        let (Ok(level), Ok(grade)) = (row.try_get::<_, String>(0), row.try_get::<_, String>(1)) else { continue };
        grades.push((level, grade));
    }
    Ok(Holdings { counts, levels, grades }.lines())
}
