//! One student's transcript from the source to the verification service: fetch, produce, save, verify.

use super::desk::Places;
use super::limits::{Limits, Retry};
use super::panics;
use super::pool::{CancelFlag, CancelOnDrop};
use super::produce::{Transcript, produce_watched};
use super::request::Request;
use super::settings::Settings;
use super::slot::Slot;
use super::timings::{Stopwatch, Timings};
use crate::domain::{Error, Problem, Stage, StudentId, StudentRecord};
use crate::http;
use crate::sink::{DirectorySink, ObjectSink};
use crate::source::Source;
use crate::verifier::Verifier;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// An institution's registrar: where records come from, how documents look, where they go and who confirms them.
#[derive(Clone)]
pub struct Registrar {
    pub source: Arc<dyn Source>,
    pub settings: Arc<Settings>,
    pub sink: Option<DirectorySink>,
    /// In the place of a folder.
    pub store: Option<Arc<ObjectSink>>,
    pub verifier: Option<Arc<dyn Verifier>>,
    pub limits: Limits,
    /// How services are asked again.
    pub retry: Retry,
    /// Its clones share places for records by it.
    pub number: u64,
}

/// The path of a file, or the address in an object store.
type Saved = (Option<PathBuf>, Option<String>);

static REGISTRARS: AtomicU64 = AtomicU64::new(1);

/// A record on its way, and how long it took to come.
pub(super) struct Fetched {
    pub record: Arc<StudentRecord>,
    pub timings: Timings,
    /// Kept until production begins.
    pub place: Option<Places>,
}

impl Registrar {
    /// A registrar that neither saves nor asks for confirmation.
    pub fn new(source: Arc<dyn Source>, settings: Arc<Settings>) -> Registrar {
        let (limits, retry) = (Limits::default(), Retry::default());
        let number = REGISTRARS.fetch_add(1, Ordering::Relaxed);
        Registrar { source, settings, sink: None, store: None, verifier: None, limits, retry, number }
    }

    /// Issues one transcript. Dropping the future ends the work: I/O at once, CPU work between two steps, and a file
    /// not yet under its name never gets there. Equal requests of one student that wait for one record together are
    /// issued once: each gets the transcript, and the work ends with the last who awaits it.
    pub async fn issue(&self, slot: &Arc<Slot>, id: &StudentId, request: &Request) -> Result<Transcript, Error> {
        let desk = slot.desks().of(self);
        desk.board(self.clone(), Arc::clone(slot), id.clone(), request.clone()).await
    }

    /// `fetched` is called when the record has come.
    pub(super) async fn issue_alone(
        &self,
        slot: &Slot,
        id: &StudentId,
        request: &Request,
        fetched: impl FnOnce(),
    ) -> Result<Transcript, Error> {
        let counted = slot.counters().begin();
        let work = async {
            self.accepts(request)?;
            let record = self.fetch(slot, id).await?;
            fetched();
            self.finish(slot, record, request).await
        };
        counted.end(work.await)
    }

    /// Refuses a request that asks for what this registrar does not have, before any work is done.
    pub(super) fn accepts(&self, request: &Request) -> Result<(), Error> {
        if request.save && self.sink.is_none() && self.store.is_none() {
            return Err(Error::configuration("saving is asked for, but no folder to save to is set"));
        }
        if request.verify && self.verifier.is_none() {
            return Err(Error::configuration("verification is asked for, but no verification service is set"));
        }
        Ok(())
    }

    pub(super) async fn fetch(&self, slot: &Slot, id: &StudentId) -> Result<Fetched, Error> {
        let one = self.fetch_all(slot, std::slice::from_ref(id)).await.pop();
        one.unwrap_or_else(|| Err(unanswered()))
    }

    /// One answer for each id, in order, in one call of the source.
    pub(super) async fn fetch_all(&self, slot: &Slot, ids: &[StudentId]) -> Vec<Result<Fetched, Error>> {
        let place = self.places(slot, ids.len()).await;
        let began = Instant::now();
        let asked = async { Ok(self.source.fetch(slot.resources(), ids).await) };
        let answers = match self.asking(Stage::Fetch, asked).await {
            Ok(answers) if answers.len() == ids.len() => answers,
            Ok(_) => vec![Err(unanswered()); ids.len()],
            Err(error) => vec![Err(error); ids.len()],
        };
        let took = began.elapsed();
        let mut place = place.ok();
        let answers = answers.into_iter().zip(ids).map(|(answer, id)| {
            let place = place.as_mut().and_then(Places::one);
            fetched(answer?, id, took, place)
        });
        answers.collect()
    }

    /// Waits for places. Whoever waits holds an id, not a record.
    async fn places(&self, slot: &Slot, count: usize) -> Result<Places, Error> {
        let desk = slot.desks().of(self);
        let _held_back = slot.counters().held_back(count);
        desk.take_places(count).await
    }

    /// Waits for a source's or verifier's answer as long as its stage may take; it is asked again as this registrar says.
    pub(super) async fn asking<T>(
        &self,
        stage: Stage,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        self.limits.within(stage, http::repeating(self.retry, work)).await
    }

    /// Everything after the fetch. Who waits to finish still has the record's place, so that both are bounded: records,
    /// and documents that are made and neither saved nor confirmed yet.
    pub(super) async fn finish(&self, slot: &Slot, fetched: Fetched, request: &Request) -> Result<Transcript, Error> {
        let _finishing = match request.save || request.verify {
            true => Some(slot.desks().of(self).finishing().await?),
            false => None,
        };
        let mut transcript = self.produce(slot, fetched, request).await?;
        if request.save {
            let (saved, took) = self.save(slot, &transcript).await?;
            (transcript.saved, transcript.saved_url) = saved;
            transcript.timings.add(Stage::Save, took);
        }
        if request.verify {
            let verifier = self.verifier.as_ref().ok_or_else(unset)?;
            let claim = transcript.claim();
            let answer = verifier.confirm(slot.resources(), &claim);
            let (confirmation, took) = timed(self.asking(Stage::Verify, answer)).await?;
            transcript.confirmation = Some(confirmation);
            transcript.timings.add(Stage::Verify, took);
        }
        Ok(transcript)
    }

    async fn produce(&self, slot: &Slot, fetched: Fetched, request: &Request) -> Result<Transcript, Error> {
        let issue = request.issue(&fetched.record.student.id);
        let request = request.clone();
        let settings = Arc::clone(&self.settings);
        let limits = self.limits;
        let job = move |flag: &CancelFlag| {
            let began = Instant::now();
            let Fetched { record, timings, place } = fetched;
            drop(place);
            let mut watch = Stopwatch::resuming(timings);
            let mut transcript = produce_watched(request.record(record)?, &settings, &issue, |stage| {
                watch.enter(stage);
                flag.check()?;
                limits.check(stage, began)
            })?;
            transcript.timings = watch.stop();
            Ok(transcript)
        };
        slot.cpu().run(job).await
    }

    /// In the folder, or in the object store; and how long it took.
    async fn save(&self, slot: &Slot, transcript: &Transcript) -> Result<(Saved, Duration), Error> {
        let Some(store) = &self.store else {
            let (path, took) = self.write(slot, transcript).await?;
            return Ok(((Some(path), None), took));
        };
        let put = store.put_transcript(&transcript.student_id, Arc::clone(&transcript.pdf), transcript.digest);
        let (address, took) = timed(self.limits.within(Stage::Save, put)).await?;
        Ok(((None, Some(address)), took))
    }

    /// Writes on a thread for blocking work, and tells how long it took from when there was one: waiting for a turn
    /// counts towards no stage. Given up, the job removes what it wrote and shows nothing.
    async fn write(&self, slot: &Slot, transcript: &Transcript) -> Result<(PathBuf, Duration), Error> {
        let sink = self.sink.clone().ok_or_else(unset)?;
        let (id, pdf, limits) = (transcript.student_id.clone(), Arc::clone(&transcript.pdf), self.limits);
        let turn = Arc::clone(slot.saves()).acquire_owned().await.map_err(|_| Error::Cancelled)?;
        let waiting = CancelOnDrop(CancelFlag::new());
        let flag = waiting.0.clone();
        let (begun, has_begun) = oneshot::channel();
        let writing = slot.handle().spawn_blocking(move || {
            // Taken as long as the thread is, also by a job that was given up.
            let _turn = turn;
            let began = Instant::now();
            let _ = begun.send(());
            let proceed = || flag.check().and_then(|()| limits.check(Stage::Save, began));
            panics::caught(|| flag.check().and_then(|()| sink.save(&id, &pdf, proceed)))
        });
        let _ = has_begun.await;
        // The job itself catches panics: all that can fail here is the runtime, when it shuts down.
        let written = async { writing.await.unwrap_or(Err(Error::Cancelled)) };
        let outcome = timed(self.limits.within(Stage::Save, written)).await;
        drop(waiting);
        outcome
    }
}

/// The last look at a source's answer: another student's transcript is the worst mistake there is.
fn fetched(record: StudentRecord, id: &StudentId, took: Duration, place: Option<Places>) -> Result<Fetched, Error> {
    if record.student.id != *id {
        let problem = Problem::new("wrong-student", "student.id", "is not the student who was asked for");
        return Err(Error::MalformedRecord(vec![problem]));
    }
    let mut timings = Timings::default();
    timings.add(Stage::Fetch, took);
    Ok(Fetched { record: Arc::new(record), timings, place })
}

pub(super) async fn timed<T>(work: impl Future<Output = Result<T, Error>>) -> Result<(T, Duration), Error> {
    let began = Instant::now();
    let done = work.await?;
    Ok((done, began.elapsed()))
}

fn unanswered() -> Error {
    Error::SourceUnavailable { reason: "it does not answer for every student asked for".to_owned() }
}

fn unset() -> Error {
    Error::Internal { message: "a request was not checked against its registrar".to_owned() }
}
