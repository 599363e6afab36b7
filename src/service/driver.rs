//! What runs behind a stream: begins work while there is room, and hands on what is done.

use super::panics;
use super::produce::Transcript;
use super::registrar::{Fetched, Registrar};
use super::request::Request;
use super::slot::Slot;
use super::stats::InFlight;
use crate::domain::{Error, StudentId};
use futures_util::FutureExt;
use std::collections::{BTreeMap, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinSet;

/// The outcome of the id at an index.
pub(super) struct Answered {
    pub index: usize,
    pub outcome: Result<Transcript, Error>,
}

/// What a task of the driver comes back with.
#[expect(clippy::large_enum_variant, reason = "a step lives for a moment and is mostly the large one")]
enum Step {
    Fetched { first: usize, records: Vec<Result<Fetched, Error>> },
    Finished(Answered),
}

pub(super) struct Driver {
    registrar: Arc<Registrar>,
    slot: Arc<Slot>,
    ids: Arc<[StudentId]>,
    request: Arc<Request>,
    /// How many ids may be in the works.
    limit: usize,
    /// How many ids one call of the source asks for.
    group: usize,
    ordered: bool,
    /// The first id not begun.
    next: usize,
    in_flight: BTreeMap<usize, InFlight>,
    tasks: JoinSet<Step>,
    /// Done, but behind others that are not: kept back when the order is to be kept.
    early: BTreeMap<usize, Answered>,
    /// The first id not handed on.
    due: usize,
    /// To be handed on now.
    ready: VecDeque<Answered>,
}

impl Driver {
    pub fn new(
        registrar: Arc<Registrar>,
        slot: Arc<Slot>,
        ids: Arc<[StudentId]>,
        request: Arc<Request>,
        limit: usize,
        ordered: bool,
    ) -> Driver {
        // Two groups share the room, so that one is fetched while the other is produced.
        let most = limit.div_ceil(2).min(slot.desks().of(&registrar).places());
        let group = registrar.source.group_size().clamp(1, most);
        Driver {
            registrar,
            slot,
            ids,
            request,
            limit,
            group,
            ordered,
            next: 0,
            in_flight: BTreeMap::new(),
            tasks: JoinSet::new(),
            early: BTreeMap::new(),
            due: 0,
            ready: VecDeque::new(),
        }
    }

    /// Runs until every id is answered for, nobody listens any more, or it is stopped; then all its tasks have ended.
    pub async fn drive(
        mut self,
        window: Arc<Semaphore>,
        answers: mpsc::Sender<Answered>,
        stopped: oneshot::Receiver<()>,
    ) {
        tokio::select! {
            _ = stopped => (),
            _ = self.run(&window, &answers) => (),
        }
        self.tasks.shutdown().await;
    }

    /// `None` when nobody listens any more.
    async fn run(&mut self, window: &Semaphore, answers: &mpsc::Sender<Answered>) -> Option<()> {
        if let Err(refusal) = self.acceptable() {
            return self.refuse_all(&refusal, window, answers).await;
        }
        while self.next < self.ids.len() || !self.tasks.is_empty() {
            let room = self.room();
            tokio::select! {
                Some(step) = self.tasks.join_next() => self.take(step),
                // A place is given back by the consumer.
                Ok(places) = window.acquire_many(room), if room > 0 => {
                    places.forget();
                    self.begin(room as usize);
                }
                // Tasks were lost without an answer: the runtime is shutting down.
                else => return None,
            }
            while let Some(answer) = self.ready.pop_front() {
                answers.send(answer).await.ok()?;
            }
        }
        Some(())
    }

    fn acceptable(&self) -> Result<(), Error> {
        if self.request.serial.is_some() && self.ids.len() > 1 {
            return Err(Error::configuration("one serial cannot number several transcripts"));
        }
        self.registrar.accepts(&self.request)
    }

    async fn refuse_all(
        &mut self,
        refusal: &Error,
        window: &Semaphore,
        answers: &mpsc::Sender<Answered>,
    ) -> Option<()> {
        for index in 0..self.ids.len() {
            window.acquire().await.ok()?.forget();
            answers.send(Answered { index, outcome: Err(refusal.clone()) }).await.ok()?;
        }
        Some(())
    }

    /// How many ids can be begun: a whole group (or what is left) or none, so that groups stay groups.
    fn room(&self) -> u32 {
        let wanted = self.group.min(self.ids.len() - self.next);
        let fits = self.in_flight.len() + wanted <= self.limit;
        if fits { u32::try_from(wanted).unwrap_or(u32::MAX) } else { 0 }
    }

    fn begin(&mut self, count: usize) {
        let (first, end) = (self.next, self.next + count);
        self.next = end;
        self.in_flight.extend((first..end).map(|index| (index, self.slot.counters().begin())));
        let (registrar, slot, ids) = (Arc::clone(&self.registrar), Arc::clone(&self.slot), Arc::clone(&self.ids));
        self.tasks.spawn(async move {
            let asked = AssertUnwindSafe(registrar.fetch_all(&slot, &ids[first..end])).catch_unwind().await;
            let records = asked.unwrap_or_else(|panic| {
                let error = panics::internal(&*panic);
                (first..end).map(|_| Err(error.clone())).collect()
            });
            Step::Fetched { first, records }
        });
    }

    fn take(&mut self, step: Result<Step, tokio::task::JoinError>) {
        match step {
            Ok(Step::Fetched { first, records }) => {
                for (index, record) in (first..).zip(records) {
                    match record {
                        Ok(fetched) => self.finish(index, fetched),
                        Err(error) => self.answer(Answered { index, outcome: Err(error) }),
                    }
                }
            }
            Ok(Step::Finished(answer)) => self.answer(answer),
            // Tasks catch their panics, so this one was aborted: the stream answers for what is left.
            Err(_) => (),
        }
    }

    fn finish(&mut self, index: usize, fetched: Fetched) {
        let registrar = Arc::clone(&self.registrar);
        let (slot, request) = (Arc::clone(&self.slot), Arc::clone(&self.request));
        self.tasks.spawn(async move {
            let work = AssertUnwindSafe(registrar.finish(&slot, fetched, &request)).catch_unwind().await;
            let outcome = work.unwrap_or_else(|panic| Err(panics::internal(&*panic)));
            Step::Finished(Answered { index, outcome })
        });
    }

    /// One id is done: its place in the limit is free, and it is handed on when its turn has come.
    fn answer(&mut self, answer: Answered) {
        let Answered { index, mut outcome } = answer;
        if let Some(counted) = self.in_flight.remove(&index) {
            outcome = counted.end(outcome);
        }
        let answer = Answered { index, outcome };
        if !self.ordered {
            return self.ready.push_back(answer);
        }
        self.early.insert(index, answer);
        while let Some(next) = self.early.remove(&self.due) {
            self.ready.push_back(next);
            self.due += 1;
        }
    }
}
