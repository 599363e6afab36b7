//! Ids asked for at about the same time become one question to the server, and each asker gets his own answers.

use super::again::{Attempts, wanted};
use super::patience::Patience;
use super::pool::Pool;
use super::{Driver, Fault};
use crate::domain::{Error, StudentId, StudentRecord};
use crate::http::Repetition;
use crate::source::refuse_all;
use crate::source::rows::Records;
use futures_util::future::join_all;
use futures_util::stream::{FuturesUnordered, StreamExt};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::time::Instant;

/// How long the first id of a batch waits for others.
const WINDOW: Duration = Duration::from_millis(1);
/// No more ids than this in one question: they are answered together, and are held in memory together.
const MOST: usize = 256;
/// A question is on so many connections at once at most.
const MOST_AT_ONCE: usize = 3;

type Answers = Vec<Result<StudentRecord, Error>>;

/// One caller and what he asked for.
struct Asked {
    ids: Vec<StudentId>,
    /// How he wants the server asked again.
    again: Repetition,
    answer: oneshot::Sender<Answers>,
}

#[derive(Default)]
struct Waiting {
    /// As long as there are callers who wait: bounded by the limits on what runs at once.
    asked: VecDeque<Asked>,
    /// Whether somebody is about to collect them.
    collector: bool,
}

/// Gathers ids for one database.
pub struct Gatherer<D: Driver> {
    pool: Arc<Pool<D>>,
    waiting: Mutex<Waiting>,
    patience: Patience,
}

impl<D: Driver> Gatherer<D> {
    pub fn new(pool: Arc<Pool<D>>) -> Gatherer<D> {
        Gatherer { pool, waiting: Mutex::default(), patience: Patience::default() }
    }

    pub fn pool(&self) -> &Arc<Pool<D>> {
        &self.pool
    }

    /// The records of these students, in order. When the future is dropped, they are not read unless others wait too.
    pub async fn fetch(self: &Arc<Self>, ids: &[StudentId], again: Repetition) -> Answers {
        let parts = ids.chunks(MOST).map(|part| {
            let (answer, answered) = oneshot::channel();
            self.ask(Asked { ids: part.to_vec(), again, answer });
            async move {
                let ended = Error::Internal { message: "reading from the database ended before its time".into() };
                answered.await.unwrap_or_else(|_| refuse_all(part, &ended))
            }
        });
        join_all(parts).await.into_iter().flatten().collect()
    }

    fn locked(&self) -> MutexGuard<'_, Waiting> {
        // A queue is whole at every moment: a panic elsewhere cannot spoil it.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(self: &Arc<Self>, asked: Asked) {
        let mut waiting = self.locked();
        waiting.asked.push_back(asked);
        if !std::mem::replace(&mut waiting.collector, true) {
            tokio::spawn(Arc::clone(self).collect());
        }
    }

    /// Waits for more ids and for a free connection, then asks for as many as one batch holds. The next collector
    /// starts when this one leaves ids behind, so that the connections work side by side.
    async fn collect(self: Arc<Self>) {
        tokio::time::sleep(WINDOW).await;
        let place = self.pool.place().await;
        let batch = self.take();
        let Some(place) = place.filter(|_| !batch.is_empty()) else { return };
        let mut ids: Vec<StudentId> = Vec::with_capacity(batch.len());
        ids.extend(batch.iter().flat_map(|asked| asked.ids.iter().cloned()));
        // Of those who ask together the most patient decides.
        let again = batch.iter().map(|asked| asked.again).max_by_key(|again| again.tries);
        let attempts = Attempts::new(again.unwrap_or_else(|| wanted(None)));
        let (askers, wishes): (Vec<_>, Vec<_>) = batch.into_iter().map(|asked| (asked.answer, asked.ids)).unzip();
        let mut askers = askers;
        let gone = async { join_all(askers.iter_mut().map(oneshot::Sender::closed)).await };
        let outcome = tokio::select! {
            records = self.read(&ids, attempts) => records,
            // Nobody waits any more: dropping the read ends it on the server too.
            _ = gone => return,
        };
        drop(place);
        let answers = match outcome {
            Ok(records) => records.shared_out(&wishes),
            Err(error) => wishes.iter().map(|ids| refuse_all(ids, &error)).collect(),
        };
        for (asker, answers) in askers.into_iter().zip(answers) {
            // An asker who left meanwhile needs no answer.
            let _ = asker.send(answers);
        }
    }

    /// The next batch of those still waiting.
    fn take(self: &Arc<Self>) -> Vec<Asked> {
        let mut waiting = self.locked();
        waiting.asked.retain(|asked| !asked.answer.is_closed());
        let mut count = 0;
        let mut batch = Vec::new();
        while let Some(next) = waiting.asked.front() {
            count += next.ids.len();
            if count > MOST && !batch.is_empty() {
                break;
            }
            batch.extend(waiting.asked.pop_front());
        }
        waiting.collector = !waiting.asked.is_empty();
        if waiting.collector {
            tokio::spawn(Arc::clone(self).collect());
        }
        batch
    }

    /// One question; asked again while the server is away, and in halves when it fails on the rows it reads, so that
    /// one student's failure is nobody else's.
    async fn read(&self, ids: &[StudentId], mut attempts: Attempts) -> Result<Records, Error> {
        let mut records = Records::default();
        let mut parts = vec![ids];
        while let Some(part) = parts.pop() {
            match self.read_once(part).await {
                Ok(read) => records.extend(read),
                Err(Fault::Rows(error)) => match part {
                    [id] => records.refuse(id, error),
                    _ => parts.extend(<[_; 2]>::from(part.split_at(part.len() / 2))),
                },
                Err(fault) => {
                    attempts.another(fault).await?;
                    parts.push(part);
                }
            }
        }
        Ok(records)
    }

    /// One question. Where its answer takes far longer than such answers do, it is put again beside the first, and the
    /// first whole answer ends the others, on the server too.
    async fn read_once(&self, ids: &[StudentId]) -> Result<Records, Fault> {
        let mut reads = FuturesUnordered::new();
        reads.push(self.read_on(ids, None));
        loop {
            let count = reads.len();
            tokio::select! {
                biased;
                Some(outcome) = reads.next() => match outcome {
                    // Another connection may still bring what this one lost.
                    Err(Fault::Lost(_) | Fault::Away(_)) if !reads.is_empty() => {}
                    outcome => return outcome,
                },
                spare = self.spare(count), if count < MOST_AT_ONCE => reads.push(self.read_on(ids, spare)),
            }
        }
    }

    /// On one connection; `spare` is given back with it.
    async fn read_on(&self, ids: &[StudentId], spare: Option<OwnedSemaphorePermit>) -> Result<Records, Fault> {
        let mut at_work = self.pool.begin().await?;
        let (driver, link) = at_work.parts()?;
        let began = Instant::now();
        let outcome = driver.read(link, ids).await;
        if outcome.is_ok() {
            self.patience.read(began.elapsed());
        }
        drop(spare);
        self.pool.end(at_work, outcome)
    }

    /// A place beside the usual ones, once `count` reads have taken too long.
    async fn spare(&self, count: usize) -> Option<OwnedSemaphorePermit> {
        loop {
            tokio::time::sleep(self.patience.lasts() * u32::try_from(count).unwrap_or(u32::MAX)).await;
            let place = self.pool.spare().await;
            if self.patience.spend() {
                return place;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Its first reads never end; it counts reads begun and reads given up.
    struct Dripping {
        silent: usize,
        begun: AtomicUsize,
        given_up: Arc<AtomicUsize>,
    }

    impl Driver for Dripping {
        type Link = ();

        fn key(&self) -> String {
            String::new()
        }

        fn title(&self) -> String {
            String::new()
        }

        async fn connect(&self) -> Result<(), Fault> {
            Ok(())
        }

        fn alive(&self, (): &()) -> bool {
            true
        }

        async fn read(&self, (): &mut (), ids: &[StudentId]) -> Result<Records, Fault> {
            if self.begun.fetch_add(1, Ordering::SeqCst) < self.silent {
                std::future::pending::<()>().await;
            }
            let mut records = Records::default();
            ids.iter().for_each(|id| records.refuse(id, Error::RecordNotFound));
            Ok(records)
        }

        async fn student_ids(&self, (): &mut ()) -> Result<Vec<StudentId>, Fault> {
            Ok(Vec::new())
        }

        async fn check(&self, (): &mut ()) -> Result<Vec<String>, Fault> {
            Ok(Vec::new())
        }

        fn canceller(&self, (): &()) -> impl Future<Output = ()> + Send + 'static {
            self.given_up.fetch_add(1, Ordering::SeqCst);
            std::future::ready(())
        }
    }

    async fn asked(silent: usize) -> (Option<Answers>, usize, usize) {
        let given_up = Arc::new(AtomicUsize::new(0));
        let driver = Arc::new(Dripping { silent, begun: AtomicUsize::new(0), given_up: Arc::clone(&given_up) });
        let gatherer = Arc::new(Gatherer::new(Pool::new(Arc::clone(&driver))));
        let ids: Vec<StudentId> = StudentId::new("7").into_iter().collect();
        let answers = tokio::time::timeout(Duration::from_secs(30), gatherer.fetch(&ids, wanted(None))).await.ok();
        (answers, driver.begun.load(Ordering::SeqCst), given_up.load(Ordering::SeqCst))
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_drips_is_asked_for_elsewhere_and_given_up() {
        assert_eq!(asked(0).await, (Some(vec![Err(Error::RecordNotFound)]), 1, 0));
        assert_eq!(asked(1).await, (Some(vec![Err(Error::RecordNotFound)]), 2, 1));
        assert_eq!(asked(2).await, (Some(vec![Err(Error::RecordNotFound)]), 3, 2));
        // A server that answers nobody is not stormed.
        assert_eq!(asked(usize::MAX).await.1, MOST_AT_ONCE);
    }
}
