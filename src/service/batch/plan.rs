//! From what is asked to the plan of a run: begun anew, or taken up where the journal says it was left.

use super::common::Work;
use super::entry::{Entry, Kind, Shard};
use super::fingerprint;
use super::journal::{Begun, Header, Journal, Planned, Saved};
use super::names;
use super::report::Documents;
use super::{Batch, OpenSink};
use crate::domain::{Date, Error, StudentId};
use crate::gpa::LoadRule;
use crate::service::panics;
use crate::service::registrar::Registrar;
use crate::service::request::Request;
use crate::service::slot::Slot;
use crate::sink::{GroupSink, NameTemplate};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// As of a student's id.
const LONGEST_KEY: usize = 64;

/// A run that is ready to begin.
pub(super) struct Plan {
    pub work: Arc<Work>,
    /// What is still to be made, by its place among the entries.
    pub open: Vec<usize>,
    pub journal: Option<Journal>,
    pub sink: Arc<dyn GroupSink>,
    /// What is saved already, where the report tells documents.
    pub documents: Documents,
}

/// Everything that grows with the number of documents happens on a thread for blocking work.
pub(super) async fn plan(registrar: &Registrar, slot: &Slot, batch: &mut Batch) -> Result<Plan, Error> {
    check(batch)?;
    let (given, apart) = (batch.entries.take(), batch.name.tells_orders_apart());
    let looking = move || {
        let orders = given.as_deref().map(|entries| looked_at(entries, apart)).transpose()?.flatten();
        Ok((given, orders))
    };
    let (given, orders) = on_disk(slot, looking).await?;
    let parts = fingerprinted(registrar, slot, batch, orders).await?;
    let (journal, begun) = opened(slot, batch).await?;
    let given = match (&begun, given) {
        // The journal's plan counts: whom a query gives may have changed since.
        (Some(_), _) if batch.query.is_some() => None,
        (_, Some(given)) => Some(given),
        (Some(_), None) => None,
        (None, None) => Some(found(registrar, slot, batch).await?),
    };
    let asked = Asked {
        date: batch.request.date,
        date_given: batch.date_given,
        run: batch.run.clone(),
        parts,
        shard: batch.shard,
        request: batch.request.clone(),
        loads: std::mem::take(&mut batch.loads),
        name: batch.name.clone(),
        folds_case: batch.target.folds_case,
        keep_documents: batch.keep_documents,
        open: std::mem::replace(&mut batch.target.open, Box::new(|_| Err(Error::Cancelled))),
    };
    on_disk(slot, move || asked.planned(given, journal, begun)).await
}

/// What is asked of a run, apart from whom it is about.
struct Asked {
    date: Date,
    date_given: bool,
    run: String,
    parts: BTreeMap<String, String>,
    shard: Option<Shard>,
    request: Request,
    loads: Vec<LoadRule>,
    name: NameTemplate,
    folds_case: bool,
    keep_documents: bool,
    open: OpenSink,
}

type Taken = (Header, Vec<Entry>, HashMap<usize, Saved>);

impl Asked {
    /// Blocks. The whole plan is on the disk before the first document is made.
    fn planned(self, given: Option<Vec<Entry>>, journal: Option<Journal>, begun: Option<Begun>) -> Result<Plan, Error> {
        let given = given.map(|entries| own_share(entries, self.shard));
        let resuming = begun.is_some();
        let ordered = given.iter().flatten().any(|entry| entry.order.is_some());
        let numbered = journal.is_some() || ordered;
        let (header, entries, done) = match begun {
            Some(begun) => self.resumed(begun, given)?,
            None => {
                let header = Header { run: self.run, date: self.date, parts: self.parts };
                (header, given.unwrap_or_default(), HashMap::new())
            }
        };
        let sink = (self.open)(&header.run)?;
        let work = Work { header, entries, request: self.request, loads: self.loads, numbered };
        names::apart(&work, &self.name, self.folds_case)?;
        let journal = match journal {
            Some(mut journal) if !resuming => {
                journal.begin(&work.header, work.planned())?;
                Some(journal)
            }
            unchanged => unchanged,
        };
        let documents = if self.keep_documents { work.documents(&done)? } else { Documents::default() };
        let open = (0..work.entries.len()).filter(|place| !done.contains_key(place)).collect();
        Ok(Plan { work: Arc::new(work), open, journal, sink, documents })
    }

    /// The journal's plan counts. Whoever names students again must name the same ones.
    fn resumed(&self, begun: Begun, given: Option<Vec<Entry>>) -> Result<Taken, Error> {
        let mut differing = fingerprint::differences(&begun.header.parts, &self.parts);
        if self.date_given && self.date != begun.header.date {
            differing.push("issue date".to_owned());
        }
        if !differing.is_empty() {
            return Err(mismatch(format!("the run was begun with another {}", differing.join(", another "))));
        }
        let begun_with = |planned: Planned| (planned.key, planned.student);
        let planned: Vec<(String, StudentId)> = begun.plan.into_iter().map(begun_with).collect();
        let entries = match given {
            None => planned.into_iter().map(|(_, student)| Entry { student, order: None }).collect(),
            Some(given) => matched(planned, given)?,
        };
        Ok((begun.header, entries, begun.done))
    }
}

fn check(batch: &Batch) -> Result<(), Error> {
    if batch.request.serial.is_some() {
        return Err(Error::configuration("one serial cannot number several documents"));
    }
    if batch.request.save {
        return Err(Error::configuration("a run saves to its own sink"));
    }
    Ok(())
}

/// Refuses orders that cannot be told apart; their digest, where there are any.
fn looked_at(entries: &[Entry], apart: bool) -> Result<Option<String>, Error> {
    let page = |entry: &&Entry| entry.kind() != Kind::Transcript;
    let partly = |entry: &Entry| entry.order.as_ref().is_some_and(|order| order.partial.is_some());
    if entries.iter().filter(page).any(partly) {
        return Err(Error::configuration("terms are left out of a transcript only"));
    }
    let mut keys = HashSet::new();
    let mut students = HashSet::new();
    for entry in entries.iter().filter(|entry| entry.order.is_some()) {
        if !(1..=LONGEST_KEY).contains(&entry.key().chars().count()) {
            return Err(Error::configuration(format!("an order's id has 1 to {LONGEST_KEY} characters")));
        }
        if !keys.insert(entry.key()) {
            return Err(Error::configuration("two orders have the same id"));
        }
        if !students.insert(&entry.student) && !apart {
            return Err(Error::configuration(
                "a student has several orders: the template of file names needs {order_id}, {serial} or {digest}",
            ));
        }
    }
    Ok((!keys.is_empty()).then(|| fingerprint::of_orders(entries)))
}

async fn fingerprinted(
    registrar: &Registrar,
    slot: &Slot,
    batch: &Batch,
    orders: Option<String>,
) -> Result<BTreeMap<String, String>, Error> {
    if batch.journal.is_none() {
        return Ok(BTreeMap::new());
    }
    let (settings, request) = (Arc::clone(&registrar.settings), batch.request.clone());
    let sink = format!("{} {:?}", batch.target.address, batch.name);
    let (source, query) = (registrar.source.address(), batch.query.clone());
    let shard = batch.shard.map_or("1/1".to_owned(), |shard| shard.words());
    let mut parts = slot.cpu().run(move |_| fingerprint::parts(&settings, &request, &sink)).await?;
    parts.insert("shard".to_owned(), shard);
    if !batch.loads.is_empty() {
        parts.insert("load of full time".to_owned(), fingerprint::short(format!("{:?}", batch.loads).as_bytes()));
    }
    parts.extend(orders.map(|digest| ("orders".to_owned(), digest)));
    parts.extend(source.map(|address| ("source".to_owned(), fingerprint::short(address.as_bytes()))));
    parts.extend(query.map(|query| ("query".to_owned(), fingerprint::short(query.as_bytes()))));
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

/// Whom the query names, or everyone.
async fn found(registrar: &Registrar, slot: &Slot, batch: &Batch) -> Result<Vec<Entry>, Error> {
    let ids = match &batch.query {
        Some(query) => registrar.select_students(slot, query).await?,
        None => registrar.student_ids(slot).await?,
    };
    Ok(ids.into_iter().map(|student| Entry { student, order: None }).collect())
}

/// Each once, and of this shard.
fn own_share(mut entries: Vec<Entry>, shard: Option<Shard>) -> Vec<Entry> {
    let mut seen: HashSet<String> = HashSet::with_capacity(entries.len());
    entries
        .retain(|entry| shard.is_none_or(|shard| shard.holds(&entry.student)) && seen.insert(entry.key().to_owned()));
    entries
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
