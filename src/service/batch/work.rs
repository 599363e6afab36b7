//! Makes the documents of a run: a bounded number at once, fetched in groups where the source can.

use super::common::Work;
use super::entry::{Entry, Kind};
use crate::domain::{Error, StudentId, StudentRecord, Text, YearMonth};
use crate::seal::Digest;
use crate::service::panics;
use crate::service::registrar::{Fetched, Registrar};
use crate::service::slot::Slot;
use crate::service::timings::Timings;
use futures_util::FutureExt;
use futures_util::future::join_all;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinSet;

/// A document made, or why there is none; by its place among the entries.
pub(super) struct Answer {
    pub place: usize,
    pub outcome: Result<Made, Error>,
}

pub(super) struct Made {
    pub bytes: Arc<[u8]>,
    pub digest: Digest,
    pub pages: usize,
    pub serial: Text,
    /// The last term on the record.
    pub term: Option<YearMonth>,
    pub timings: Timings,
}

/// Cheap to clone: one for each task.
#[derive(Clone)]
pub(super) struct Maker {
    pub registrar: Arc<Registrar>,
    pub slot: Arc<Slot>,
    pub work: Arc<Work>,
}

impl Maker {
    /// Makes everything that is open, until nobody listens or it is stopped; then all its tasks have ended.
    pub async fn run(
        self,
        open: Vec<usize>,
        concurrency: usize,
        answers: mpsc::Sender<Answer>,
        stopped: oneshot::Receiver<()>,
    ) {
        let mut tasks = JoinSet::new();
        tokio::select! {
            _ = stopped => (),
            () = self.make_all(&mut tasks, &open, concurrency, answers) => (),
        }
        tasks.shutdown().await;
    }

    async fn make_all(
        &self,
        tasks: &mut JoinSet<()>,
        open: &[usize],
        concurrency: usize,
        answers: mpsc::Sender<Answer>,
    ) {
        // Two groups share the room, so that one is fetched while the other is produced.
        let most = concurrency.div_ceil(2).min(self.slot.desks().of(&self.registrar).places());
        let group = self.registrar.source.group_size().clamp(1, most);
        let window = Arc::new(Semaphore::new(concurrency));
        for places in open.chunks(group) {
            let places = places.to_vec();
            let count = u32::try_from(places.len()).unwrap_or(u32::MAX);
            let Ok(mut room) = Arc::clone(&window).acquire_many_owned(count).await else { return };
            while tasks.try_join_next().is_some() {}
            if answers.is_closed() {
                return;
            }
            let (maker, answers) = (self.clone(), answers.clone());
            tasks.spawn(async move {
                let records = maker.records(&places).await;
                let each = places.into_iter().zip(records).map(|(place, record)| {
                    let (room, maker, answers) = (room.split(1), maker.clone(), answers.clone());
                    async move {
                        let made = AssertUnwindSafe(maker.make(place, record)).catch_unwind().await;
                        let outcome = made.unwrap_or_else(|panic| Err(panics::internal(&*panic)));
                        // Nobody listens any more: the run is over.
                        let _ = answers.send(Answer { place, outcome }).await;
                        drop(room);
                    }
                });
                join_all(each).await;
            });
        }
        while tasks.join_next().await.is_some() {}
    }

    fn entry(&self, place: usize) -> Option<&Entry> {
        self.work.entries.get(place)
    }

    /// The records of those among them that get a transcript, asked for together; `None` for the others.
    async fn records(&self, places: &[usize]) -> Vec<Option<Result<Fetched, Error>>> {
        let grouped = |place: &usize| self.entry(*place).filter(|entry| entry.kind() == Kind::Transcript);
        let ids: Vec<StudentId> = places.iter().filter_map(grouped).map(|entry| entry.student.clone()).collect();
        let asked = AssertUnwindSafe(self.registrar.fetch_all(&self.slot, &ids)).catch_unwind();
        let answers = if ids.is_empty() { Ok(Vec::new()) } else { asked.await };
        let mut answers = answers
            .unwrap_or_else(|panic| {
                let error = panics::internal(&*panic);
                ids.iter().map(|_| Err(error.clone())).collect()
            })
            .into_iter();
        places.iter().map(|place| grouped(place).and_then(|_| answers.next())).collect()
    }

    async fn make(&self, place: usize, record: Option<Result<Fetched, Error>>) -> Result<Made, Error> {
        let entry = self.entry(place).ok_or(Error::Cancelled)?;
        let request = self.work.request(entry)?;
        let (registrar, slot, id) = (&self.registrar, &self.slot, &entry.student);
        match (entry.kind(), record) {
            (Kind::Transcript, Some(fetched)) => {
                let counted = slot.counters().begin();
                let work = async { registrar.finish(slot, fetched?, &request).await };
                let t = counted.end(work.await)?;
                let serial = t.serial().clone();
                Ok(made(&t.record, t.pdf, t.digest, t.pages, serial, t.timings))
            }
            (Kind::Transcript, None) => Err(Error::Internal { message: "a record was not asked for".to_owned() }),
            (Kind::Degree, _) => {
                let d = registrar.verify_degree(slot, id, &request).await?;
                Ok(made(&d.record, d.pdf, d.digest, d.pages, d.issue.serial.clone(), d.timings))
            }
            (Kind::Enrollment, _) => {
                let e = registrar.verify_enrollment(slot, id, &request, self.work.loads.clone()).await?;
                Ok(made(&e.record, e.pdf, e.digest, e.pages, e.issue.serial.clone(), e.timings))
            }
        }
    }
}

fn made(
    record: &StudentRecord,
    bytes: Arc<[u8]>,
    digest: Digest,
    pages: usize,
    serial: Text,
    timings: Timings,
) -> Made {
    let term = record.terms.iter().map(|term| term.designator).max();
    Made { bytes, digest, pages, serial, term, timings }
}
