//! What a database holds, in a few lines for `sources check`.

use super::{RecordReader, failure};
use crate::domain::Error;
use rusqlite::Connection;

/// Counts, levels and grades. Fails as a fetch would, when a table or column is missing.
pub fn lines(connection: &Connection) -> Result<Vec<String>, Error> {
    RecordReader::new(connection)?;
    let count = |what: &str| {
        let sql = format!("SELECT count(*) FROM {what}");
        connection.query_row(&sql, [], |row| row.get::<_, i64>(0)).map_err(failure)
    };
    let mut lines = vec![
        format!("{} students", count("students")?),
        format!("{} attempts in {} terms", count("attempts WHERE block_kind = 'term'")?, count("terms")?),
        format!("{} transfer blocks, {} balances", count("transfer_blocks")?, count("balances")?),
        format!("{} awards", count("awards")?),
        format!("{} holds that keep transcripts back", count("holds WHERE blocks_transcript = 1")?),
    ];
    lines.extend(levels(connection)?);
    Ok(lines)
}

/// One line a level: its students, and the grades in use, most frequent first.
fn levels(connection: &Connection) -> Result<Vec<String>, Error> {
    let students = "SELECT CAST(level AS TEXT), count(DISTINCT student) FROM terms GROUP BY level ORDER BY 2 DESC, 1";
    let mut students = connection.prepare(students).map_err(failure)?;
    let levels =
        students.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))).map_err(failure)?;
    let levels = levels.collect::<Result<Vec<_>, _>>().map_err(failure)?;
    let grades = "SELECT CAST(attempts.grade AS TEXT) FROM terms JOIN attempts ON attempts.student = terms.student \
                  AND attempts.block_kind = 'term' AND attempts.block = terms.seq \
                  WHERE terms.level = ?1 AND attempts.grade IS NOT NULL \
                  GROUP BY attempts.grade ORDER BY count(*) DESC, attempts.grade LIMIT 40";
    let mut grades = connection.prepare(grades).map_err(failure)?;
    let mut lines = Vec::new();
    for (level, count) in levels {
        let used = grades.query_map([&level], |row| row.get::<_, String>(0)).map_err(failure)?;
        let used = used.collect::<Result<Vec<_>, _>>().map_err(failure)?;
        lines.push(format!("{level}: {count} students, grades {}", used.join(" ")));
    }
    Ok(lines)
}
