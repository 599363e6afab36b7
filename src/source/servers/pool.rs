//! The few connections to one database, each used by one piece of work at a time and never after a failure.

use super::{CONNECTING, Driver, Fault};
use crate::source::unavailable;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Two connections do the work of many, since all that one batch asks is sent at once.
const CONNECTIONS: usize = 2;
/// Beside them, for what is asked a second time because a connection lost its pace.
const SPARE: usize = 2;
/// A server that was never reached may break off so many connections before it counts as none.
const BROKEN: u32 = 8;
/// A connection that nobody used for so long is closed.
const IDLE: Duration = Duration::from_secs(60);

pub struct Pool<D: Driver> {
    driver: Arc<D>,
    places: Arc<Semaphore>,
    spare: Arc<Semaphore>,
    idle: Mutex<Vec<(Instant, D::Link)>>,
    /// Whether a connection was ever opened: a server that was there may come back, one that never was is misnamed.
    reached: AtomicBool,
    /// How many connections broke off before one held.
    broken: AtomicU32,
    /// Whether somebody looks after idle connections.
    watched: AtomicBool,
}

/// A connection at work. Dropped before its work ended, it ends the work on the server, and is not used again.
pub struct AtWork<D: Driver> {
    link: Option<D::Link>,
    driver: Arc<D>,
}

impl<D: Driver> AtWork<D> {
    /// Who knows how to ask, and whom.
    pub fn parts(&mut self) -> Result<(&D, &mut D::Link), Fault> {
        let link = self.link.as_mut().ok_or_else(|| Fault::Lost(unavailable("there is no connection")))?;
        Ok((&self.driver, link))
    }
}

impl<D: Driver> Drop for AtWork<D> {
    fn drop(&mut self) {
        let Some(link) = self.link.take() else { return };
        let cancel = self.driver.canceller(&link);
        // At the end of the runtime there is nobody left to do it: the server's own limit ends the query then.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let _ = tokio::time::timeout(CONNECTING, cancel).await;
                drop(link);
            });
        }
    }
}

impl<D: Driver> Pool<D> {
    pub fn new(driver: Arc<D>) -> Arc<Pool<D>> {
        Arc::new(Pool {
            driver,
            places: Arc::new(Semaphore::new(CONNECTIONS)),
            spare: Arc::new(Semaphore::new(SPARE)),
            idle: Mutex::default(),
            reached: AtomicBool::new(false),
            broken: AtomicU32::new(0),
            watched: AtomicBool::new(false),
        })
    }

    /// Whether no connection is kept for the next question.
    pub fn is_empty(&self) -> bool {
        self.locked().is_empty()
    }

    /// Waits until a connection may be used. None once the pool is closed, which it never is.
    pub async fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).acquire_owned().await.ok()
    }

    /// The same for one of the spare connections.
    pub async fn spare(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.spare).acquire_owned().await.ok()
    }

    /// A connection to work on; the caller has a place.
    pub async fn begin(&self) -> Result<AtWork<D>, Fault> {
        Ok(AtWork { link: Some(self.take().await?), driver: Arc::clone(&self.driver) })
    }

    /// Takes the connection back when the work went well; after a failure nobody knows what stands on it.
    pub fn end<T>(self: &Arc<Self>, mut at_work: AtWork<D>, outcome: Result<T, Fault>) -> Result<T, Fault> {
        let link = at_work.link.take();
        if let Some(link) = link.filter(|_| outcome.is_ok()) {
            self.locked().push((Instant::now(), link));
            self.watch();
        }
        outcome
    }

    fn locked(&self) -> MutexGuard<'_, Vec<(Instant, D::Link)>> {
        // A list of connections is whole at every moment: a panic elsewhere cannot spoil it.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn take(&self) -> Result<D::Link, Fault> {
        loop {
            let idle = self.locked().pop();
            match idle {
                Some((_, link)) if self.driver.alive(&link) => return Ok(link),
                Some(_) => {}
                None => break,
            }
        }
        let slow = || Fault::Away(unavailable("the database server does not answer in time"));
        let opened = tokio::time::timeout(CONNECTING, self.driver.connect()).await.unwrap_or_else(|_| Err(slow()));
        match opened {
            Ok(link) => {
                self.reached.store(true, Ordering::Relaxed);
                Ok(link)
            }
            Err(Fault::Away(error)) if !self.reached.load(Ordering::Relaxed) => Err(Fault::Final(error)),
            Err(Fault::Lost(error)) if self.is_hopeless() => Err(Fault::Final(error)),
            Err(fault) => Err(fault),
        }
    }

    /// Somebody answers at the address, and breaks off each time: no such server.
    fn is_hopeless(&self) -> bool {
        !self.reached.load(Ordering::Relaxed) && self.broken.fetch_add(1, Ordering::Relaxed) >= BROKEN
    }

    /// Starts the one who closes connections that were idle for long, unless he is there.
    fn watch(self: &Arc<Self>) {
        if !self.watched.swap(true, Ordering::Relaxed) {
            tokio::spawn(close_idle(Arc::downgrade(self)));
        }
    }
}

async fn close_idle<D: Driver>(pool: Weak<Pool<D>>) {
    loop {
        tokio::time::sleep(IDLE).await;
        let Some(pool) = pool.upgrade() else { return };
        let mut idle = pool.locked();
        let (fresh, old): (Vec<_>, Vec<_>) = idle.drain(..).partition(|(since, _)| since.elapsed() < IDLE);
        *idle = fresh;
        let empty = idle.is_empty();
        if empty {
            // Under the lock: whoever puts a connection back now starts another watch.
            pool.watched.store(false, Ordering::Relaxed);
        }
        drop(idle);
        drop(old);
        if empty {
            return;
        }
    }
}
