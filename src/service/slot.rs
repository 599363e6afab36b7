//! The slot: everything that has threads or connections, one per process generation, built when first used.
//!
//! A forked child inherits memory but no threads. It therefore leaves the parent's slot behind, untouched and never
//! dropped (a drop would speak on the parent's connections), and builds its own at the next use.

use super::desk::Desks;
use super::panics::{self, THREAD_PREFIX};
use super::pool::CpuPool;
use super::stats::Counters;
use crate::document::{Face, Length};
use crate::domain::Error;
use crate::source::Resources;
use std::future::Future;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

/// File and SQLite work waits for this many threads at most.
const BLOCKING_THREADS: usize = 16;
/// Of these, so many write documents at most: a slow disk leaves the others to those who read.
const SAVES_AT_ONCE: usize = 12;

/// The process generation: the fork handler adds one in the child, and does nothing else there.
static GENERATION: AtomicU64 = AtomicU64::new(1);
static FORK_HANDLER: AtomicBool = AtomicBool::new(false);
static ENDING: AtomicBool = AtomicBool::new(false);
static WORKERS: AtomicUsize = AtomicUsize::new(0);
static THREADS: AtomicUsize = AtomicUsize::new(0);
/// More than any machine has cores.
const MOST_THREADS: usize = 1_024;
/// The slot in use. It owns one reference that is never given back, so the pointer stays valid for good.
static CURRENT: AtomicPtr<Slot> = AtomicPtr::new(ptr::null_mut());

/// One runtime, one CPU pool, one set of clients.
pub struct Slot {
    generation: u64,
    workers: usize,
    handle: Handle,
    /// Taken out when the slot shuts down.
    runtime: Mutex<Option<Runtime>>,
    cpu: CpuPool,
    resources: Resources,
    counters: Counters,
    desks: Desks,
    saves: Arc<Semaphore>,
}

impl Slot {
    /// The slot of this process, built now if need be.
    pub fn current() -> Result<Arc<Slot>, Error> {
        if ENDING.load(Ordering::Acquire) {
            return Err(Error::configuration("the process is ending: no new work is taken"));
        }
        watch_forks();
        let installed = CURRENT.load(Ordering::Acquire);
        match shared(installed) {
            Some(slot) if slot.generation == generation() => Ok(slot),
            _ => Slot::install(installed),
        }
    }

    /// The slot of this process if there is one; builds nothing.
    pub fn existing() -> Option<Arc<Slot>> {
        shared(CURRENT.load(Ordering::Acquire)).filter(|slot| slot.generation == generation())
    }

    /// Builds a slot and puts it in the place of `outdated`; a slot that lost the race shuts itself down.
    fn install(outdated: *mut Slot) -> Result<Arc<Slot>, Error> {
        let built = Arc::into_raw(Arc::new(Slot::build()?)).cast_mut();
        let raced = CURRENT.compare_exchange(outdated, built, Ordering::AcqRel, Ordering::Acquire);
        let Err(winner) = raced else {
            return shared(built).ok_or(Error::Cancelled);
        };
        // SAFETY: `built` came from `Arc::into_raw` above and lost the race, so no other thread has seen it.
        unsafe { Arc::from_raw(built) }.end(Duration::ZERO);
        shared(winner).ok_or(Error::Cancelled)
    }

    fn build() -> Result<Slot, Error> {
        panics::install_hook();
        read_faces();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let configured = |count: &AtomicUsize| Some(count.load(Ordering::Acquire)).filter(|count| *count > 0);
        let threads = configured(&THREADS).unwrap_or(cores);
        let workers = configured(&WORKERS).unwrap_or(threads.min(4));
        let runtime = Builder::new_multi_thread()
            .worker_threads(workers)
            .max_blocking_threads(BLOCKING_THREADS)
            .thread_name(format!("{THREAD_PREFIX}io"))
            .enable_all()
            .build()
            .map_err(|error| Error::Internal { message: format!("the runtime cannot start: {error}") })?;
        Ok(Slot {
            generation: generation(),
            workers,
            handle: runtime.handle().clone(),
            runtime: Mutex::new(Some(runtime)),
            cpu: CpuPool::new(threads)?,
            resources: Resources::new()?,
            counters: Counters::default(),
            desks: Desks::default(),
            saves: Arc::new(Semaphore::new(SAVES_AT_ONCE)),
        })
    }

    /// How many workers the runtime gets; only before the first use in this process. The default is one for each
    /// core, at most 4: they only wait for I/O.
    pub fn set_workers(workers: usize) -> Result<(), Error> {
        if !(1..=64).contains(&workers) {
            return Err(Error::configuration("workers must lie between 1 and 64"));
        }
        if Slot::existing().is_some_and(|slot| slot.workers != workers) {
            return Err(Error::configuration("the runtime runs already: set workers before the first call"));
        }
        WORKERS.store(workers, Ordering::Release);
        Ok(())
    }

    /// How many threads evaluate and render; only before the first use in this process. The default is one for each core
    /// that the process may use. An engine that runs several processes on a machine grants each its share.
    pub fn set_threads(threads: usize) -> Result<(), Error> {
        if !(1..=MOST_THREADS).contains(&threads) {
            return Err(Error::configuration(format!("threads must lie between 1 and {MOST_THREADS}")));
        }
        if Slot::existing().is_some_and(|slot| slot.cpu.threads() != threads) {
            return Err(Error::configuration("the runtime runs already: set threads before the first call"));
        }
        THREADS.store(threads, Ordering::Release);
        Ok(())
    }

    /// Takes no new work, drops what waits for I/O, and gives running jobs at most `patience` to end.
    pub fn shut_down(patience: Duration) {
        ENDING.store(true, Ordering::Release);
        if let Some(slot) = Slot::existing() {
            slot.end(patience);
        }
    }

    fn end(&self, patience: Duration) {
        let runtime = self.runtime.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(runtime) = runtime {
            runtime.shutdown_timeout(patience);
        }
    }

    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Threads of the runtime.
    pub fn workers(&self) -> usize {
        self.workers
    }

    pub fn cpu(&self) -> &CpuPool {
        &self.cpu
    }

    pub fn resources(&self) -> &Resources {
        &self.resources
    }

    pub(super) fn counters(&self) -> &Counters {
        &self.counters
    }

    pub(super) fn desks(&self) -> &Desks {
        &self.desks
    }

    /// Turns to write a document.
    pub(super) fn saves(&self) -> &Arc<Semaphore> {
        &self.saves
    }

    /// Starts `work` on the runtime.
    pub fn spawn<F>(&self, work: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.handle.spawn(work)
    }

    /// The runtime's handle, for `enter` and `spawn_blocking`.
    pub fn handle(&self) -> &Handle {
        &self.handle
    }
}

/// The process generation now: it differs in a forked child.
pub fn generation() -> u64 {
    GENERATION.load(Ordering::Acquire)
}

/// Reads the built-in faces here, on the thread that makes the first call and that most likely forks: a child forked
/// while another thread reads them would wait for that thread for ever.
fn read_faces() {
    for face in Face::ALL {
        face.width("A", Length::points(1));
    }
}

/// Another reference to the slot behind `pointer`.
fn shared(pointer: *mut Slot) -> Option<Arc<Slot>> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: a pointer in CURRENT came from `Arc::into_raw`, and the reference it stands for is never given back.
    unsafe {
        Arc::increment_strong_count(pointer);
        Some(Arc::from_raw(pointer))
    }
}

/// Registers the fork handler, once in the life of the process and its children.
fn watch_forks() {
    #[cfg(unix)]
    if !FORK_HANDLER.swap(true, Ordering::AcqRel) {
        extern "C" fn in_child() {
            // All that is safe between fork and the child's own code: one atomic.
            GENERATION.fetch_add(1, Ordering::AcqRel);
        }
        // SAFETY: the handler touches one atomic only, which is async-signal-safe.
        unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slot_serves_all_threads() {
        let threads = (0..8).map(|_| std::thread::spawn(|| Slot::current().unwrap()));
        let slots: Vec<_> = threads.collect::<Vec<_>>().into_iter().map(|t| t.join().unwrap()).collect();
        assert!(slots.iter().all(|slot| Arc::ptr_eq(slot, &slots[0])));
        assert!(Arc::ptr_eq(&Slot::existing().unwrap(), &slots[0]));
        let different = slots[0].workers() + 1;
        assert_eq!(Slot::set_workers(different).unwrap_err().code(), "configuration");
        assert_eq!(Slot::set_workers(slots[0].workers()), Ok(()));
        let threads = slots[0].cpu().threads();
        assert_eq!(Slot::set_threads(threads + 1).unwrap_err().code(), "configuration");
        assert_eq!(Slot::set_threads(threads), Ok(()));
    }

    #[test]
    fn workers_out_of_range_are_refused() {
        assert_eq!(Slot::set_workers(0).unwrap_err().code(), "configuration");
        assert_eq!(Slot::set_workers(65).unwrap_err().code(), "configuration");
        assert_eq!(Slot::set_threads(0).unwrap_err().code(), "configuration");
    }

    #[test]
    fn work_runs_on_the_runtime_and_panics_print_nothing() {
        let slot = Slot::current().unwrap();
        let (sender, receiver) = std::sync::mpsc::channel();
        drop(slot.spawn(async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            let _ = sender.send(std::thread::current().name().map(str::to_owned));
        }));
        let name = receiver.recv_timeout(Duration::from_secs(20)).unwrap();
        assert_eq!(name.as_deref(), Some("registrary-io"));
    }
}
