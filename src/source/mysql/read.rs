//! Many students' rows in one transaction: one query a table, the ids bound.

use super::cell::ServerRow;
use super::connect::Link;
use super::failure::fault;
use crate::domain::{Error, Problem, StudentId};
use crate::source::rows::{Assemblies, Entity, Records};
use crate::source::servers::Fault;
use mysql_async::prelude::Queryable;
use mysql_async::{Params, Row, Value};

/// After so many rows without a pause other tasks of the thread get their turn.
const ROWS_A_TURN: usize = 512;
/// How many ids a prepared statement has places for; the last id fills what is left over.
const SIZES: [usize; 5] = [1, 4, 16, 64, 256];

/// The records of these students from one snapshot.
pub async fn records(link: &mut Link, ids: &[StudentId]) -> Result<Records, Fault> {
    let connection = &mut link.connection;
    let begin = "START TRANSACTION READ ONLY, WITH CONSISTENT SNAPSHOT";
    connection.query_drop(begin).await.map_err(|error| fault(&error))?;
    let keys = keys(ids);
    let mut assemblies = Assemblies::new(ids.iter().cloned());
    for layout in &link.layouts {
        let sql = select(layout.entity, keys.len());
        let asked = connection.exec_iter(sql, Params::Positional(keys.clone()));
        let mut rows = asked.await.map_err(|error| fault(&error))?;
        let mut count = 0usize;
        while let Some(row) = rows.next().await.map_err(|error| fault(&error))? {
            let row = ServerRow::new(&row, layout);
            assemblies.take(layout.entity, row.student(), &row).map_err(Fault::Rows)?;
            count += 1;
            if count.is_multiple_of(ROWS_A_TURN) {
                tokio::task::yield_now().await;
            }
        }
        rows.drop_result().await.map_err(|error| fault(&error))?;
    }
    connection.query_drop("COMMIT").await.map_err(|error| fault(&error))?;
    Ok(assemblies.finish())
}

fn keys(ids: &[StudentId]) -> Vec<Value> {
    padded(ids.iter().map(|id| Value::Bytes(id.as_str().as_bytes().to_vec())).collect())
}

/// As many as a prepared statement has places for.
pub fn padded(mut keys: Vec<Value>) -> Vec<Value> {
    let size = SIZES.into_iter().find(|size| *size >= keys.len()).unwrap_or(keys.len());
    if let Some(last) = keys.last().cloned() {
        keys.resize(size, last);
    }
    keys
}

/// The query over so many students. `repeat` is a word of MySQL's own, so every column is quoted.
pub fn select(entity: Entity, ids: usize) -> String {
    let places = vec!["?"; ids].join(", ");
    let columns =
        |of: &str| entity.columns().iter().map(|column| format!("{of}`{column}`")).collect::<Vec<_>>().join(", ");
    match entity {
        Entity::Students => format!("SELECT id, {} FROM students WHERE id IN ({places})", columns("")),
        Entity::Institution => format!(
            "SELECT person.id AS student, {} FROM students person JOIN institution issuer \
             ON issuer.id = person.institution WHERE person.id IN ({places})",
            columns("issuer.")
        ),
        _ => {
            let (table, order) = (entity.table(), entity.order());
            format!(
                "SELECT student, {} FROM {table} WHERE student IN ({places}) ORDER BY student, {order}",
                columns("")
            )
        }
    }
}

/// All ids, shorter ones first, as numbers grow.
pub async fn student_ids(link: &mut Link) -> Result<Vec<StudentId>, Fault> {
    let all = "SELECT id FROM students ORDER BY char_length(id), id";
    let rows: Vec<Row> = link.connection.query(all).await.map_err(|error| fault(&error))?;
    let mut ids = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        let id = row.get_opt::<String, _>(0).and_then(Result::ok).and_then(|id| StudentId::new(&id).ok());
        ids.push(id.ok_or_else(|| Fault::Final(not_an_id(index)))?);
    }
    Ok(ids)
}

fn not_an_id(index: usize) -> Error {
    let message = "is not text of 1 to 64 characters without controls and outer spaces";
    Error::MalformedRecord(vec![Problem::new("bad-student-id", format!("students[{index}].id"), message)])
}
