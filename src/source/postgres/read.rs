//! Many students' rows in one exchange: a transaction with every query, sent at once, read in order.

use super::cell::ServerRow;
use super::connect::Link;
use super::failure::fault;
use crate::domain::{Error, Problem, StudentId};
use crate::source::rows::{Assemblies, Records};
use crate::source::servers::Fault;
use futures_util::TryStreamExt;
use futures_util::future::{MaybeDone, maybe_done};
use std::pin::{Pin, pin};
use std::task::Poll;
use tokio_postgres::RowStream;
use tokio_postgres::types::ToSql;

/// After so many rows without a pause other tasks of the thread get their turn.
const ROWS_A_TURN: usize = 512;

type Asked<'a> = Pin<Box<dyn Future<Output = Result<RowStream, tokio_postgres::Error>> + Send + 'a>>;

/// The records of these students from one snapshot. Everything is sent before the first answer is awaited: a batch
/// costs one round trip, however many tables it reads.
pub async fn records(begin: &str, link: &Link, ids: &[StudentId]) -> Result<Records, Fault> {
    let keys: Vec<&str> = ids.iter().map(StudentId::as_str).collect();
    let client = &link.client;
    let mut began = pin!(maybe_done(client.batch_execute(begin)));
    let mut answers: Vec<MaybeDone<Asked<'_>>> = link
        .statements
        .iter()
        .map(|(statement, _)| {
            let keys: &(dyn ToSql + Sync) = &keys;
            maybe_done(Box::pin(client.query_raw(statement, [keys])) as Asked<'_>)
        })
        .collect();
    let mut ended = pin!(maybe_done(client.batch_execute("COMMIT")));
    // A question is sent when its future is first polled: all are, in order, before any is waited for.
    std::future::poll_fn(|context| {
        let _ = began.as_mut().poll(context);
        for answer in &mut answers {
            let _ = Pin::new(answer).poll(context);
        }
        let _ = ended.as_mut().poll(context);
        Poll::Ready(())
    })
    .await;
    began.as_mut().await;
    began.take_output().unwrap_or(Ok(())).map_err(|error| fault(&error))?;
    let mut assemblies = Assemblies::new(ids.iter().cloned());
    for (answer, (_, layout)) in answers.iter_mut().zip(&link.statements) {
        Pin::new(&mut *answer).await;
        let Some(answer) = Pin::new(answer).take_output() else { continue };
        let mut rows = pin!(answer.map_err(|error| fault(&error))?);
        let mut count = 0usize;
        while let Some(row) = rows.try_next().await.map_err(|error| fault(&error))? {
            let row = ServerRow::new(&row, layout);
            assemblies.take(layout.entity, row.student(), &row).map_err(Fault::Rows)?;
            count += 1;
            if count.is_multiple_of(ROWS_A_TURN) {
                tokio::task::yield_now().await;
            }
        }
    }
    ended.as_mut().await;
    ended.take_output().unwrap_or(Ok(())).map_err(|error| fault(&error))?;
    Ok(assemblies.finish())
}

/// All ids, shorter ones first, as numbers grow.
pub async fn student_ids(link: &Link) -> Result<Vec<StudentId>, Fault> {
    let all = "SELECT id FROM students ORDER BY length(id), id COLLATE \"C\"";
    let rows = link.client.query(all, &[]).await.map_err(|error| fault(&error))?;
    let mut ids = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        let id = row.try_get::<_, &str>(0).ok().and_then(|id| StudentId::new(id).ok());
        ids.push(id.ok_or_else(|| Fault::Final(not_an_id(index)))?);
    }
    Ok(ids)
}

fn not_an_id(index: usize) -> Error {
    let message = "is not text of 1 to 64 characters without controls and outer spaces";
    Error::MalformedRecord(vec![Problem::new("bad-student-id", format!("students[{index}].id"), message)])
}
