//! Saves what is made, group by group, and only then writes it down: what the journal calls done is on the disk.

use super::common::Work;
use super::entry::Entry;
use super::journal::{Event, Journal, Saved};
use super::plan::on_disk;
use super::report::{Failure, Tally};
use super::work::{Answer, Made};
use crate::domain::Error;
use crate::service::slot::Slot;
use crate::sink::{GroupSink, NameFacts, NameTemplate, Parcel};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// Documents and bytes of one group at most; a disk that is quick never sees as many.
pub(super) const MOST: usize = 128;
const MOST_BYTES: usize = 16 << 20;
/// A sink that refuses this many documents in a row will refuse the others too.
const HOPELESS: usize = 200;

/// How long a run that is stopped waits for its last group.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) struct Committer {
    pub slot: Arc<Slot>,
    pub work: Arc<Work>,
    pub name: NameTemplate,
    pub sink: Arc<dyn GroupSink>,
    /// Taken while a thread writes in it.
    pub journal: Option<Journal>,
    pub tally: Tally,
    /// Documents that the sink refused since it last took one.
    pub refused: usize,
}

/// A document with its parcel still to be saved.
struct Ready {
    place: usize,
    made: Made,
    name: String,
}

impl Committer {
    /// Takes answers until there are no more; `told` hears of every group. An error means that the run cannot go on.
    /// Stopped, it finishes the group at hand, if that does not take long.
    pub async fn run(
        &mut self,
        answers: &mut mpsc::Receiver<Answer>,
        stopped: &mut oneshot::Receiver<()>,
        told: impl Fn(&Tally),
    ) -> Result<(), Error> {
        loop {
            let group = tokio::select! {
                biased;
                _ = &mut *stopped => return Err(Error::Cancelled),
                group = gathered(answers) => group,
            };
            let Some(group) = group else { return Ok(()) };
            self.unless_stopped(group, stopped).await?;
            told(&self.tally);
        }
    }

    async fn unless_stopped(&mut self, group: Vec<Answer>, stopped: &mut oneshot::Receiver<()>) -> Result<(), Error> {
        let mut committing = pin!(self.commit(group));
        tokio::select! {
            biased;
            committed = &mut committing => committed,
            _ = stopped => {
                let _ = tokio::time::timeout(PATIENCE, committing).await;
                Err(Error::Cancelled)
            }
        }
    }

    async fn commit(&mut self, group: Vec<Answer>) -> Result<(), Error> {
        let (mut ready, mut refused) = (Vec::new(), Vec::new());
        for Answer { place, outcome } in group {
            match (outcome, self.work.entries.get(place)) {
                (Ok(made), Some(entry)) => ready.push(Ready { place, name: self.named(entry, &made), made }),
                (Ok(_), None) => (),
                (Err(error), _) => refused.push((place, error)),
            }
        }
        let began = Instant::now();
        let parcel = |ready: &Ready| {
            let (name, bytes, digest) = (ready.name.clone(), Arc::clone(&ready.made.bytes), ready.made.digest);
            Parcel { name, bytes, digest }
        };
        let saving =
            if ready.is_empty() { Vec::new() } else { self.sink.save(ready.iter().map(parcel).collect()).await };
        let mut saved = Vec::new();
        let mut stop = None;
        for (ready, outcome) in ready.into_iter().zip(saving) {
            match outcome {
                Ok(()) => {
                    self.refused = 0;
                    saved.push(ready);
                }
                Err(error) => {
                    self.refused += 1;
                    if ends_the_run(&error) || self.refused >= HOPELESS {
                        stop = Some(error.clone());
                    }
                    refused.push((ready.place, error));
                }
            }
        }
        self.write_down(saved, refused).await?;
        self.tally.wrote(began.elapsed());
        stop.map_or(Ok(()), Err)
    }

    fn named(&self, entry: &Entry, made: &Made) -> String {
        let (digest, date) = (made.digest.hex(), self.work.header.date.to_string());
        let term = made.term.map_or("no-term".to_owned(), |term| term.to_string());
        let (student_id, order_id, serial) = (entry.student.as_str(), entry.key(), made.serial.as_str());
        self.name.name(&NameFacts { student_id, order_id, serial, digest: &digest, date: &date, term: &term })
    }

    /// One addition to the journal, then the numbers.
    async fn write_down(&mut self, saved: Vec<Ready>, refused: Vec<(usize, Error)>) -> Result<(), Error> {
        let saved: Vec<(Ready, Saved)> = saved.into_iter().map(told).collect();
        let work = Arc::clone(&self.work);
        let (mut journal, done, refused) = {
            let journal = self.journal.take();
            let writing = move || written(journal, &work, saved, refused);
            on_disk(&self.slot, writing).await?
        };
        std::mem::swap(&mut self.journal, &mut journal);
        for (ready, saved) in done {
            if let Some(entry) = self.work.entries.get(ready.place) {
                self.tally.saved(entry.key(), ready.made.serial.as_str(), &saved, ready.made.timings);
            }
        }
        for (place, error) in refused {
            if let Some(entry) = self.work.entries.get(place) {
                let (key, student) = (entry.key().to_owned(), entry.student.clone());
                self.tally.refused(Failure { key, student, error });
            }
        }
        Ok(())
    }
}

type Written = (Option<Journal>, Vec<(Ready, Saved)>, Vec<(usize, Error)>);

fn written(
    mut journal: Option<Journal>,
    work: &Work,
    saved: Vec<(Ready, Saved)>,
    refused: Vec<(usize, Error)>,
) -> Result<Written, Error> {
    if let Some(journal) = &mut journal {
        let key = |place: usize| work.entries.get(place).map(Entry::key);
        let done = saved.iter().filter_map(|(ready, saved)| Some(Event::Done(key(ready.place)?, saved.clone())));
        let not_done = refused.iter().filter_map(|(place, error)| match error {
            Error::Held(_) => Some(Event::Held(key(*place)?)),
            error => Some(Event::Failed(key(*place)?, error.code())),
        });
        journal.record(done.chain(not_done).collect())?;
    }
    Ok((journal, saved, refused))
}

fn told(ready: Ready) -> (Ready, Saved) {
    let Made { bytes, digest, pages, .. } = &ready.made;
    let saved = Saved { digest: digest.hex(), bytes: bytes.len() as u64, pages: *pages, name: ready.name.clone() };
    (ready, saved)
}

/// What is wrong with the folder is wrong for every document: the run stops, and can be resumed.
fn ends_the_run(error: &Error) -> bool {
    matches!(error.code(), "disk-full" | "read-only" | "not-a-directory" | "folder-missing" | "store-refuses")
}

/// The next answers that are there, at least one; `None` at the end. While one group is saved the next gathers.
async fn gathered(answers: &mut mpsc::Receiver<Answer>) -> Option<Vec<Answer>> {
    let size = |answer: &Answer| answer.outcome.as_ref().map_or(0, |made| made.bytes.len());
    let first = answers.recv().await?;
    let mut bytes = size(&first);
    let mut group = vec![first];
    while group.len() < MOST && bytes < MOST_BYTES {
        let Ok(answer) = answers.try_recv() else { break };
        bytes += size(&answer);
        group.push(answer);
    }
    Some(group)
}
