//! Ids asked for while all readers are busy are read together by the next that is free: one hop to a thread for many.

use super::failure;
use super::pool::{Pool, locked};
use super::read::RecordReader;
use crate::domain::{Error, StudentId, StudentRecord};
use crate::source::refuse_all;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// No more students than this are read in one transaction: their askers wait for each other.
const MOST: usize = 32;
/// More readers than this only wait for one another.
const READERS: usize = 4;

type Answers = Vec<Result<StudentRecord, Error>>;

/// One caller and whom he asked for.
struct Asked {
    ids: Vec<StudentId>,
    answer: oneshot::Sender<Answers>,
}

#[derive(Default)]
struct Waiting {
    /// As long as there are callers who wait: bounded by the limits on what runs at once.
    asked: VecDeque<Asked>,
    /// How many read.
    readers: usize,
}

/// Gathers ids for one database.
#[derive(Default)]
pub struct Gatherer(Mutex<Waiting>);

/// A reader who is counted as long as he reads.
struct Reader {
    pool: Arc<Pool>,
    counted: bool,
}

/// He ended before his time: where he was the last, nobody else would come for those who wait.
impl Drop for Reader {
    fn drop(&mut self) {
        if self.counted {
            let mut waiting = locked(&self.pool.gatherer.0);
            waiting.readers -= 1;
            if waiting.readers == 0 {
                waiting.asked.clear();
            }
        }
    }
}

/// The records of these students, in order. When the future is dropped, those not read yet are not read.
pub async fn fetch(pool: Arc<Pool>, ids: &[StudentId]) -> Answers {
    let ended = || Error::Internal { message: "reading SQLite ended before its time".into() };
    let Ok(runtime) = Handle::try_current() else { return refuse_all(ids, &ended()) };
    let (answer, answered) = oneshot::channel();
    let asked = Asked { ids: ids.to_vec(), answer };
    if pool.gatherer.queue(asked) {
        let mut reader = Reader { pool, counted: true };
        drop(runtime.spawn_blocking(move || while reader.read() {}));
    }
    answered.await.unwrap_or_else(|_| refuse_all(ids, &ended()))
}

impl Gatherer {
    /// Whether another reader is needed, who is counted already.
    fn queue(&self, asked: Asked) -> bool {
        let mut waiting = locked(&self.0);
        waiting.asked.push_back(asked);
        let another = waiting.readers < readers();
        waiting.readers += usize::from(another);
        another
    }
}

/// As many as there are cores: they wait for nothing but the disk.
fn readers() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(READERS)
}

impl Reader {
    /// Reads for those who wait. False when nobody did: the reader goes, and the next who asks starts another.
    fn read(&mut self) -> bool {
        let batch = self.take();
        if batch.is_empty() {
            return false;
        }
        let mut left = batch.into_iter();
        let read = self.pool.with(|connection| {
            // One state of the database for each record.
            let _snapshot = connection.unchecked_transaction().map_err(failure)?;
            let mut reader = RecordReader::new(connection)?;
            for asked in left.by_ref() {
                let each = asked
                    .ids
                    .iter()
                    .map(|id| if asked.answer.is_closed() { Err(Error::Cancelled) } else { reader.record(id) });
                let answers = each.collect();
                // Who left meanwhile needs no answer.
                let _ = asked.answer.send(answers);
            }
            Ok(())
        });
        if let Err(error) = read {
            left.for_each(|asked| drop(asked.answer.send(refuse_all(&asked.ids, &error))));
        }
        true
    }

    /// The next of those still waiting; their share, where other readers are there for the rest.
    fn take(&mut self) -> Vec<Asked> {
        let mut waiting = locked(&self.pool.gatherer.0);
        waiting.asked.retain(|asked| !asked.answer.is_closed());
        let share = waiting.asked.len().div_ceil(waiting.readers.max(1));
        let (mut batch, mut count) = (Vec::new(), 0);
        while let Some(next) = waiting.asked.front()
            && (batch.is_empty() || (batch.len() < share && count + next.ids.len() <= MOST))
        {
            count += next.ids.len();
            batch.extend(waiting.asked.pop_front());
        }
        if batch.is_empty() {
            // Under the lock by which others ask: whoever asks from now on sees that he has gone.
            waiting.readers -= 1;
            self.counted = false;
        }
        batch
    }
}
