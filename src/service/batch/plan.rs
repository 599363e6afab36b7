//! From what is asked to the plan of a run: begun anew, or taken up where the journal says it was left.

use super::Batch;
use super::entry::{Entry, Kind};
use super::fingerprint;
use super::journal::{Begun, Header, Journal, Planned, Saved};
use super::names;
use crate::domain::{Error, StudentId, Text};
use crate::gpa::LoadRule;
use crate::seal::Digest;
use crate::service::panics;
use crate::service::registrar::Registrar;
use crate::service::request::Request;
use crate::service::slot::Slot;
use crate::sink::GroupSink;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// A run that is ready to begin.
pub(super) struct Plan {
    pub work: Arc<Work>,
    /// What is saved already, by its place among the entries.
    pub done: HashMap<usize, Saved>,
    pub journal: Option<Journal>,
    pub sink: Arc<dyn GroupSink>,
}

/// What all documents of a run have in common, and what each has of its own.
pub(super) struct Work {
    pub header: Header,
    pub entries: Vec<Entry>,
    pub request: Request,
    pub loads: Vec<LoadRule>,
    /// Whether documents are numbered by the run; else by day and student, as a single transcript is.
    numbered: bool,
}

impl Work {
    /// What is asked for one entry.
    pub fn request(&self, entry: &Entry) -> Result<Request, Error> {
        let mut request = Request { date: self.header.date, ..self.request.clone() };
        if self.numbered {
            request.serial = Some(Text::new(&self.serial(entry)).map_err(|_| unprintable())?);
        }
        if let Some(order) = &entry.order {
            request.recipient = order.recipient.clone().or(request.recipient);
            request.purpose = order.purpose.clone().or(request.purpose);
            request.partial = order.partial.clone().or(request.partial);
        }
        Ok(request)
    }

    /// The number of one entry, where documents are numbered by the run.
    pub fn serial(&self, entry: &Entry) -> String {
        serial(&self.header, entry.key())
    }
}

fn unprintable() -> Error {
    Error::Internal { message: "a serial is no text".to_owned() }
}

/// A number that the run and the student alone decide: made again, it is the same.
fn serial(header: &Header, key: &str) -> String {
    let day = header.date.to_string().replace('-', "");
    let digest = Digest::of(format!("{}\u{0}{key}", header.run).as_bytes()).hex();
    format!("{day}-{}", &digest[..16])
}

pub(super) async fn plan(registrar: &Registrar, slot: &Slot, batch: &mut Batch) -> Result<Plan, Error> {
    check(batch)?;
    let parts = fingerprinted(registrar, slot, batch).await?;
    let (journal, begun) = opened(slot, batch).await?;
    let numbered = journal.is_some() || batch.entries.iter().flatten().any(|entry| entry.order.is_some());
    let resuming = begun.is_some();
    let (header, entries, done) = match begun {
        Some(begun) => resumed(begun, batch, parts)?,
        None => {
            let header = Header { run: batch.run.clone(), date: batch.request.date, parts };
            (header, asked(registrar, slot, batch).await?, HashMap::new())
        }
    };
    let open = std::mem::replace(&mut batch.target.open, Box::new(|_| Err(Error::Cancelled)));
    let run = header.run.clone();
    let sink = on_disk(slot, move || open(&run)).await?;
    let (request, loads) = (batch.request.clone(), std::mem::take(&mut batch.loads));
    let work = Arc::new(Work { header, entries, request, loads, numbered });
    let (named, name, folds_case) = (Arc::clone(&work), batch.name.clone(), batch.target.folds_case);
    on_disk(slot, move || names::apart(&named, &name, folds_case)).await?;
    let journal = match journal {
        Some(journal) if !resuming => Some(begun_anew(slot, Arc::clone(&work), journal).await?),
        unchanged => unchanged,
    };
    Ok(Plan { work, done, journal, sink })
}

fn check(batch: &Batch) -> Result<(), Error> {
    if batch.request.serial.is_some() {
        return Err(Error::configuration("one serial cannot number several documents"));
    }
    if batch.request.save {
        return Err(Error::configuration("a run saves to its own sink"));
    }
    let page = |entry: &&Entry| entry.kind() != Kind::Transcript;
    let partly = |entry: &Entry| entry.order.as_ref().is_some_and(|order| order.partial.is_some());
    if batch.entries.iter().flatten().filter(page).any(partly) {
        return Err(Error::configuration("terms are left out of a transcript only"));
    }
    let mut keys = HashSet::new();
    let mut students = HashSet::new();
    let apart = batch.name.tells_orders_apart();
    for entry in batch.entries.iter().flatten().filter(|entry| entry.order.is_some()) {
        if !keys.insert(entry.key()) {
            return Err(Error::configuration("two orders have the same id"));
        }
        if !students.insert(&entry.student) && !apart {
            return Err(Error::configuration(
                "a student has several orders: the template of file names needs {order_id}, {serial} or {digest}",
            ));
        }
    }
    Ok(())
}

async fn fingerprinted(registrar: &Registrar, slot: &Slot, batch: &Batch) -> Result<BTreeMap<String, String>, Error> {
    if batch.journal.is_none() {
        return Ok(BTreeMap::new());
    }
    let (settings, request) = (Arc::clone(&registrar.settings), batch.request.clone());
    let sink = format!("{} {:?}", batch.target.address, batch.name);
    let shard = batch.shard.map_or("1/1".to_owned(), |shard| shard.words());
    let orders = batch.entries.as_ref().filter(|entries| entries.iter().any(|entry| entry.order.is_some()));
    let orders = orders.map(|entries| fingerprint::of_orders(entries));
    let mut parts = slot.cpu().run(move |_| fingerprint::parts(&settings, &request, &sink)).await?;
    parts.insert("shard".to_owned(), shard);
    if !batch.loads.is_empty() {
        parts.insert("load of full time".to_owned(), fingerprint::short(format!("{:?}", batch.loads).as_bytes()));
    }
    parts.extend(orders.map(|digest| ("orders".to_owned(), digest)));
    Ok(parts)
}

/// Runs `work` on a thread for blocking work.
pub(super) async fn on_disk<T: Send + 'static>(
    slot: &Slot,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let running = slot.handle().spawn_blocking(move || panics::caught(work));
    running.await.unwrap_or(Err(Error::Cancelled))
}

async fn opened(slot: &Slot, batch: &Batch) -> Result<(Option<Journal>, Option<Begun>), Error> {
    let Some(path) = batch.journal.clone() else { return Ok((None, None)) };
    let disk = Arc::clone(&batch.disk);
    let (journal, begun) = on_disk(slot, move || Journal::open(disk, &path)).await?;
    Ok((Some(journal), begun))
}

/// Whom the caller named, or everyone; each once, and of this shard.
async fn asked(registrar: &Registrar, slot: &Slot, batch: &mut Batch) -> Result<Vec<Entry>, Error> {
    let entries = match batch.entries.take() {
        Some(entries) => entries,
        None => {
            let ids = registrar.student_ids(slot).await?;
            ids.into_iter().map(|student| Entry { student, order: None }).collect()
        }
    };
    Ok(own_share(entries, batch))
}

fn own_share(mut entries: Vec<Entry>, batch: &Batch) -> Vec<Entry> {
    let mut seen: HashSet<String> = HashSet::with_capacity(entries.len());
    entries.retain(|entry| {
        batch.shard.is_none_or(|shard| shard.holds(&entry.student)) && seen.insert(entry.key().to_owned())
    });
    entries
}

type Taken = (Header, Vec<Entry>, HashMap<usize, Saved>);

/// The journal's plan counts. Whoever names students again must name the same ones.
fn resumed(begun: Begun, batch: &mut Batch, parts: BTreeMap<String, String>) -> Result<Taken, Error> {
    let mut differing = fingerprint::differences(&begun.header.parts, &parts);
    if batch.date_given && batch.request.date != begun.header.date {
        differing.push("issue date".to_owned());
    }
    if !differing.is_empty() {
        return Err(mismatch(format!("the run was begun with another {}", differing.join(", another "))));
    }
    let begun_with = |planned: Planned| (planned.key, planned.student);
    let planned: Vec<(String, StudentId)> = begun.plan.into_iter().map(begun_with).collect();
    let entries = match batch.entries.take() {
        None => planned.into_iter().map(|(_, student)| Entry { student, order: None }).collect(),
        Some(given) => matched(planned, own_share(given, batch))?,
    };
    Ok((begun.header, entries, begun.done))
}

/// The given entries in the plan's order.
fn matched(planned: Vec<(String, StudentId)>, given: Vec<Entry>) -> Result<Vec<Entry>, Error> {
    let (planned_count, given_count) = (planned.len(), given.len());
    let mut by_key: HashMap<String, Entry> = given.into_iter().map(|entry| (entry.key().to_owned(), entry)).collect();
    let found = planned.into_iter().map(|(key, student)| by_key.remove(&key).filter(|entry| entry.student == student));
    match found.collect::<Option<Vec<Entry>>>() {
        Some(entries) if given_count == planned_count => Ok(entries),
        _ => Err(mismatch(format!(
            "the {given_count} documents asked for are not the {planned_count} that the run was begun with"
        ))),
    }
}

fn mismatch(reason: String) -> Error {
    Error::Journal { code: "journal-mismatch", reason }
}

/// The whole plan is on the disk before the first document.
async fn begun_anew(slot: &Slot, work: Arc<Work>, mut journal: Journal) -> Result<Journal, Error> {
    on_disk(slot, move || {
        let planned = work.entries.iter().map(|entry| Planned {
            key: entry.key().to_owned(),
            student: entry.student.clone(),
            serial: work.serial(entry),
        });
        journal.begin(&work.header, planned)?;
        Ok(journal)
    })
    .await
}
