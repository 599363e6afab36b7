//! The end-of-term run: many documents saved once each, whatever happens in between, and a report of all of them.

mod commit;
mod common;
mod entry;
mod fingerprint;
mod journal;
mod names;
mod plan;
mod report;
mod work;

pub use entry::{Entry, Kind, Order, Shard};
pub use journal::Saved;
pub use report::{BatchReport, Failure, Progress};

use super::registrar::Registrar;
use super::request::Request;
use super::slot::Slot;
use crate::domain::Error;
use crate::gpa::LoadRule;
use crate::sink::{Disk, FolderSink, GroupSink, LocalDisk, NameTemplate, ObjectSink};
use commit::Committer;
use plan::{Plan, plan};
use report::Tally;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use work::Maker;

/// What is to be made, and where it goes.
pub struct Batch {
    /// `None`: the journal's plan, or whom `query` gives, or every student of the source.
    pub entries: Option<Vec<Entry>>,
    /// A query that gives the ids of the students, put once, before the run is planned. Beside `entries`: the one that
    /// gave them, for a source that only the caller can ask.
    pub query: Option<String>,
    /// For every document; its serial is absent, and nothing is saved to the registrar's own folder.
    pub request: Request,
    /// Whether the day of issue was asked for. If not, a run that is resumed keeps the day it was begun on.
    pub date_given: bool,
    /// A word that no other run has. A run that is resumed keeps its own.
    pub run: String,
    pub target: Target,
    pub name: NameTemplate,
    /// Without it nothing can be resumed.
    pub journal: Option<PathBuf>,
    /// Where the journal is written.
    pub disk: Arc<dyn Disk>,
    pub shard: Option<Shard>,
    /// How many documents may be in the works at once.
    pub concurrency: usize,
    /// For certificates of enrolment.
    pub loads: Vec<LoadRule>,
    /// Whether the report tells every document that was saved.
    pub keep_documents: bool,
}

/// Opens a sink for the run of that word.
pub type OpenSink = Box<dyn FnOnce(&str) -> Result<Arc<dyn GroupSink>, Error> + Send + Sync>;

/// Where a run's documents go.
pub struct Target {
    /// Without anything secret: a run resumes to the same place only.
    pub address: String,
    /// Whether names that differ in the case of their letters alone may be one name there.
    pub folds_case: bool,
    pub open: OpenSink,
}

impl Target {
    /// A folder that exists. What a killed run left there half-written is removed.
    pub fn folder(folder: impl Into<PathBuf>) -> Target {
        Target::folder_on(Arc::new(LocalDisk), folder)
    }

    /// An object store: `s3://bucket/prefix`, and how it is reached. `name` is the run's template. The store's options
    /// are read when the run begins.
    pub fn objects(address: &str, options: Vec<(String, String)>, name: &NameTemplate) -> Result<Target, Error> {
        let (address, content_names) = (ObjectSink::address_of(address)?, name.names_content());
        let place = address.clone();
        let open = move |_: &str| {
            let sink = ObjectSink::new(&place, &options, content_names)?;
            Ok(Arc::new(sink) as Arc<dyn GroupSink>)
        };
        Ok(Target { address, folds_case: false, open: Box::new(open) })
    }

    /// The same as a folder, on another disk.
    pub fn folder_on(disk: Arc<dyn Disk>, folder: impl Into<PathBuf>) -> Target {
        let folder: PathBuf = folder.into();
        let address = FolderSink::on(Arc::clone(&disk), &folder, "").address();
        let open = move |run: &str| {
            let sink = FolderSink::on(disk, folder, run);
            sink.sweep()?;
            Ok(Arc::new(sink) as Arc<dyn GroupSink>)
        };
        Target { address, folds_case: true, open: Box::new(open) }
    }
}

/// A run that goes on by itself. Dropping it ends its work.
pub struct BatchRun {
    progress: watch::Receiver<Progress>,
    stop: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<Result<BatchReport, Error>>>,
}

impl Registrar {
    /// Begins a run, or takes it up again.
    pub fn run_batch(self: Arc<Self>, slot: Arc<Slot>, batch: Batch) -> BatchRun {
        let (told, progress) = watch::channel(Progress::default());
        let (stop, stopped) = oneshot::channel();
        let work = conduct(self, Arc::clone(&slot), batch, told, stopped);
        BatchRun { progress, stop: Some(stop), running: Some(slot.spawn(work)) }
    }
}

async fn conduct(
    registrar: Arc<Registrar>,
    slot: Arc<Slot>,
    mut batch: Batch,
    told: watch::Sender<Progress>,
    mut stopped: oneshot::Receiver<()>,
) -> Result<BatchReport, Error> {
    registrar.accepts(&batch.request)?;
    let mut tally = Tally::new(batch.keep_documents);
    let plan = tokio::select! {
        _ = &mut stopped => return Err(Error::Cancelled),
        plan = plan(&registrar, &slot, &mut batch) => plan?,
    };
    let Plan { work, open, journal, sink, documents } = plan;
    tally.planned(&work.header.run, work.entries.len(), work.entries.len() - open.len(), documents);
    told.send_replace(tally.progress());
    let concurrency = batch.concurrency.clamp(1, super::limits::MAX_CONCURRENCY);
    let maker = Maker { registrar, slot: Arc::clone(&slot), work: Arc::clone(&work) };
    let mut committer = Committer { slot, work, name: batch.name, sink, journal, tally, refused: 0 };
    // What is made waits here while a group is saved: as many again as one group takes.
    let (sender, mut answers) = mpsc::channel(concurrency.min(commit::MOST));
    let (halt, halted) = oneshot::channel();
    let making = tokio::spawn(maker.run(open, concurrency, sender, halted));
    let told = |tally: &Tally| {
        told.send_replace(tally.progress());
    };
    let committed = committer.run(&mut answers, &mut stopped, told).await;
    answers.close();
    drop(halt);
    // It answers nothing; makers that panicked have ended too.
    let _ = making.await;
    committed?;
    let Progress { total, done, .. } = committer.tally.progress();
    if done != total {
        // Its makers ended early: nobody may take this run for a whole one.
        return Err(Error::Internal { message: "a run ended before all its documents were answered for".to_owned() });
    }
    Ok(committer.tally.report())
}

impl BatchRun {
    /// How far the run is, once that has changed; `None` once it has ended. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Progress> {
        self.progress.changed().await.ok()?;
        Some(*self.progress.borrow_and_update())
    }

    /// Waits for the end, and tells what came of the run. What was saved until an error is in the journal.
    pub async fn finish(&mut self) -> Result<BatchReport, Error> {
        let Some(running) = &mut self.running else { return Err(Error::Cancelled) };
        let outcome = running.await;
        self.running = None;
        outcome.unwrap_or(Err(Error::Cancelled))
    }

    /// Ends the run and returns when it has ended: a group that is being saved is saved whole, or not at all.
    pub async fn close(&mut self) {
        self.stop = None;
        if let Some(running) = &mut self.running {
            // Nobody wants the report any more.
            let _ = running.await;
            self.running = None;
        }
    }
}
