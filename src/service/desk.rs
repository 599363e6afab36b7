//! A registrar's desk: documents in flight, which identical requests share, and places for the records they fetch.
//!
//! Desks belong to the slot, because a forked child must neither wait for its parent's work nor count its places.

use super::limits::Retry;
use super::panics;
use super::produce::Transcript;
use super::registrar::Registrar;
use super::request::Request;
use super::slot::Slot;
use crate::domain::{Error, StudentId};
use futures_util::FutureExt;
use futures_util::future::{Shared, WeakShared};
use std::collections::HashMap;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

type Work = Pin<Box<dyn Future<Output = Result<Transcript, Error>> + Send>>;

/// Below so many desks, those of registrars that are gone stay listed.
const DESKS_KEPT: usize = 64;

/// The desks of one slot, by the registrar's number.
#[derive(Default)]
pub(super) struct Desks(Mutex<HashMap<u64, Weak<Desk>>>);

/// What one registrar has under way.
pub(super) struct Desk {
    flights: Mutex<Flights>,
    places: Arc<Semaphore>,
    finishing: Arc<Semaphore>,
    most: usize,
}

#[derive(Default)]
struct Flights {
    /// The number of the flight begun last.
    last: u64,
    known: HashMap<Flight, (u64, WeakShared<Work>)>,
}

/// What makes two requests one: the same document, of the same student, made in the same way. Addresses stand for the
/// parts of a registrar; the work holds those parts, so that no other gets the address meanwhile.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Flight {
    student_id: StudentId,
    request: Request,
    source: Part,
    verifier: Option<Part>,
    settings: usize,
    folder: Option<PathBuf>,
    store: Option<usize>,
    limits: super::Limits,
    /// Tries, pause, longest pause, budget.
    retry: (u32, Duration, Duration, u32),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Address(usize),
    /// Made anew for each call, and yet the same as others of this number.
    SameAs(u64),
}

impl Part {
    fn of<T: ?Sized>(part: &Arc<T>, same_as: Option<u64>) -> Part {
        same_as.map_or_else(|| Part::Address(address(part)), Part::SameAs)
    }
}

fn address<T: ?Sized>(part: &Arc<T>) -> usize {
    Arc::as_ptr(part).cast::<()>() as usize
}

impl Flight {
    fn of(registrar: &Registrar, id: &StudentId, request: &Request) -> Flight {
        // Every part by name: whoever adds one decides here what it means for sharing.
        let Registrar { source, settings, sink, store, verifier, limits, retry, number: _ } = registrar;
        let Retry { tries, pause, longest_pause, budget_percent } = *retry;
        Flight {
            student_id: id.clone(),
            request: request.clone(),
            source: Part::of(source, source.same_as()),
            verifier: verifier.as_ref().map(|verifier| Part::of(verifier, verifier.same_as())),
            settings: address(settings),
            folder: sink.as_ref().map(|sink| sink.folder().to_owned()),
            store: store.as_ref().map(address),
            limits: *limits,
            retry: (tries, pause, longest_pause, budget_percent),
        }
    }
}

impl Desks {
    /// The desk of this registrar, which lasts as long as somebody holds it.
    pub fn of(&self, registrar: &Registrar) -> Arc<Desk> {
        let mut desks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(desk) = desks.get(&registrar.number).and_then(Weak::upgrade) {
            return desk;
        }
        if desks.len() >= DESKS_KEPT {
            desks.retain(|_, desk| desk.strong_count() > 0);
        }
        let most = registrar.limits.concurrency.unwrap_or_else(|| registrar.source.at_once()).max(1);
        let places = || Arc::new(Semaphore::new(most));
        let desk = Desk { flights: Mutex::default(), places: places(), finishing: places(), most };
        let desk = Arc::new(desk);
        desks.insert(registrar.number, Arc::downgrade(&desk));
        desk
    }
}

impl Desk {
    /// How many records may be fetched or wait for the CPU pool at once.
    pub fn places(&self) -> usize {
        self.most
    }

    /// Places for so many records, at most as many as there are.
    pub async fn take_places(self: Arc<Desk>, count: usize) -> Result<Places, Error> {
        let count = u32::try_from(count.min(self.most)).unwrap_or(u32::MAX);
        let taken = Arc::clone(&self.places).acquire_many_owned(count).await;
        Ok(Places { taken: taken.map_err(|_| Error::Cancelled)?, desk: self })
    }

    /// A place for one document from its production until it is where it belongs: as many as there are for records.
    pub async fn finishing(self: Arc<Desk>) -> Result<Places, Error> {
        let taken = Arc::clone(&self.finishing).acquire_owned().await;
        Ok(Places { taken: taken.map_err(|_| Error::Cancelled)?, desk: self })
    }

    /// The document in flight for the same request, or a new one. It is joined only until its record has come: who
    /// asks later may ask because the record has changed. It is worked on while anybody awaits it, by whoever awaits
    /// it, and dropped with the last of them.
    pub fn board(
        self: Arc<Desk>,
        registrar: Registrar,
        slot: Arc<Slot>,
        id: StudentId,
        request: Request,
    ) -> Shared<Work> {
        let flight = Flight::of(&registrar, &id, &request);
        let counters = slot.counters().clone();
        let desk = Arc::clone(&self);
        let mut flights = desk.flights();
        let known = flights.known.get(&flight).and_then(|(_, work)| work.upgrade());
        if let Some(known) = known.filter(|known| known.peek().is_none()) {
            counters.joined();
            return known;
        }
        flights.last += 1;
        let number = flights.last;
        let landing = Landing { desk: self, flight: flight.clone(), number };
        let work = async move {
            let issued = registrar.issue_alone(&slot, &id, &request, || landing.land());
            panics::caught_while_awaited(issued).await
        };
        let work: Shared<Work> = (Box::pin(work) as Work).shared();
        if let Some(weak) = work.downgrade() {
            flights.known.insert(flight, (number, weak));
        }
        work
    }

    /// Nothing is dropped under this lock that takes it: a flight's last holder drops it elsewhere.
    fn flights(&self) -> MutexGuard<'_, Flights> {
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Places for records that are fetched, or wait for production, or for one document; given back when dropped.
pub(super) struct Places {
    taken: OwnedSemaphorePermit,
    desk: Arc<Desk>,
}

impl Places {
    /// One of them, for one record.
    pub fn one(&mut self) -> Option<Places> {
        let desk = Arc::clone(&self.desk);
        self.taken.split(1).map(|taken| Places { taken, desk })
    }
}

/// Takes the flight off the desk when its record has come, or its work has ended or is dropped.
struct Landing {
    desk: Arc<Desk>,
    flight: Flight,
    number: u64,
}

impl Landing {
    fn land(&self) {
        let mut flights = self.desk.flights();
        // Ended work may have been followed by new work for the same request, which stays.
        if flights.known.get(&self.flight).is_some_and(|(number, _)| *number == self.number) {
            flights.known.remove(&self.flight);
        }
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        self.land();
    }
}
