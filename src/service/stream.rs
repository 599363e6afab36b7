//! Many transcripts, a bounded number at once: one student's failure is never another's, and a consumer that is
//! slow slows the work.

use super::driver::{Answered, Driver};
use super::produce::Transcript;
use super::registrar::Registrar;
use super::request::Request;
use super::slot::Slot;
use crate::domain::{Error, StudentId};
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;

/// One student's outcome.
pub type Outcome = (StudentId, Result<Transcript, Error>);

/// Transcripts as they are done, or in the order asked for. Dropping it ends all its work.
pub struct TranscriptStream {
    ids: Arc<[StudentId]>,
    answers: mpsc::Receiver<Answered>,
    /// A place for each id that is begun and not yet taken from here.
    window: Arc<Semaphore>,
    /// Dropped to stop the driver.
    stop: Option<oneshot::Sender<()>>,
    driver: Option<JoinHandle<()>>,
    /// Which ids are answered for.
    answered: Vec<bool>,
    done: usize,
}

impl Registrar {
    /// Issues a transcript for each id, at most `max_concurrency` at once (at least one). Finished ones wait for the
    /// consumer, as many again at most; then no further one is begun. An id named twice is issued twice.
    pub fn stream(
        self: Arc<Self>,
        slot: Arc<Slot>,
        ids: Vec<StudentId>,
        max_concurrency: usize,
        ordered: bool,
        request: Request,
    ) -> TranscriptStream {
        let limit = max_concurrency.clamp(1, super::limits::MAX_CONCURRENCY);
        let ids: Arc<[StudentId]> = ids.into();
        let window = Arc::new(Semaphore::new(2 * limit));
        let (sender, answers) = mpsc::channel(2 * limit);
        let (stop, stopped) = oneshot::channel();
        let answered = vec![false; ids.len()];
        let driver = Driver::new(self, Arc::clone(&slot), Arc::clone(&ids), Arc::new(request), limit, ordered);
        let driver = slot.spawn(driver.drive(Arc::clone(&window), sender, stopped));
        TranscriptStream { ids, answers, window, stop: Some(stop), driver: Some(driver), answered, done: 0 }
    }
}

#[cfg(feature = "hazards")]
impl TranscriptStream {
    /// Copies of one transcript, handed on as a driver would: for measuring the stream alone.
    pub fn of_copies(slot: &Slot, transcript: &Transcript, copies: usize, max_concurrency: usize) -> TranscriptStream {
        let ids: Arc<[StudentId]> = vec![transcript.student_id.clone(); copies].into();
        let window = Arc::new(Semaphore::new(2 * max_concurrency));
        let (sender, answers) = mpsc::channel(2 * max_concurrency);
        let (stop, stopped) = oneshot::channel();
        let (places, transcript) = (Arc::clone(&window), transcript.clone());
        let sending = async move {
            for index in 0..copies {
                let Ok(place) = places.acquire().await else { return };
                place.forget();
                let answer = Answered { index, outcome: Ok(transcript.clone()) };
                if sender.send(answer).await.is_err() {
                    return;
                }
            }
        };
        let driver = slot.spawn(async move {
            tokio::select! { _ = stopped => (), () = sending => () }
        });
        let answered = vec![false; copies];
        TranscriptStream { ids, answers, window, stop: Some(stop), driver: Some(driver), answered, done: 0 }
    }
}

impl TranscriptStream {
    /// The next outcomes, at least one and at most `max` (at least one); none at the end. Waits only for the first.
    /// Dropping the future loses nothing.
    pub async fn next_chunk(&mut self, max: usize) -> Vec<Outcome> {
        let mut taken = Vec::new();
        self.answers.recv_many(&mut taken, max.max(1)).await;
        self.window.add_permits(taken.len());
        let mut outcomes: Vec<_> = taken.into_iter().map(|answer| self.outcome(answer)).collect();
        if outcomes.is_empty() {
            outcomes.extend(self.unanswered(max.max(1)));
        }
        self.done += outcomes.len();
        outcomes
    }

    fn outcome(&mut self, answer: Answered) -> Outcome {
        self.answered[answer.index] = true;
        (self.ids[answer.index].clone(), answer.outcome)
    }

    /// The driver is gone: whatever it did not answer for (the runtime was shut down) is cancelled, never left out.
    fn unanswered(&mut self, max: usize) -> Vec<Outcome> {
        let open = self.answered.iter_mut().zip(self.ids.iter()).filter(|(answered, _)| !**answered);
        let cancelled = |(answered, id): (&mut bool, &StudentId)| {
            *answered = true;
            (id.clone(), Err(Error::Cancelled))
        };
        open.take(max).map(cancelled).collect()
    }

    /// How many outcomes were taken.
    pub fn done(&self) -> usize {
        self.done
    }

    /// How many ids were asked for.
    pub fn total(&self) -> usize {
        self.ids.len()
    }

    /// Ends all work and returns when it has ended; what was not taken until then is given up.
    pub async fn close(&mut self) {
        self.stop = None;
        self.answers.close();
        while self.answers.try_recv().is_ok() {}
        self.answered.fill(true);
        if let Some(driver) = &mut self.driver {
            // It answers nothing; a driver that panicked has ended too.
            let _ = driver.await;
            self.driver = None;
        }
    }
}
