//! CPU work: a bounded rayon pool of its own, with a semaphore in front; one job is one whole transcript.

use super::panics::{self, THREAD_PREFIX};
use crate::domain::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio::sync::{Semaphore, oneshot};

/// Set when nobody waits for a job any more; a job looks between its stages.
#[derive(Clone, Debug, Default)]
pub struct CancelFlag(Arc<AtomicBool>);

impl CancelFlag {
    pub fn new() -> CancelFlag {
        CancelFlag::default()
    }

    pub fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// For work that knows nothing of this room: true once cancelled.
    pub fn as_atomic(&self) -> &AtomicBool {
        &self.0
    }

    /// [`Error::Cancelled`] once cancelled; call it between stages.
    pub fn check(&self) -> Result<(), Error> {
        if self.is_cancelled() { Err(Error::Cancelled) } else { Ok(()) }
    }
}

/// Cancels its flag when dropped: the future that waited for the job is gone.
pub(super) struct CancelOnDrop(pub(super) CancelFlag);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// The threads that evaluate and render. Never rayon's global pool: that one does not survive a fork.
pub struct CpuPool {
    threads: rayon::ThreadPool,
    admission: Arc<Semaphore>,
    waiting: AtomicUsize,
    running: Arc<AtomicUsize>,
}

/// Counts up now and down when dropped.
struct Counted<'a>(&'a AtomicUsize);

impl<'a> Counted<'a> {
    fn new(counter: &'a AtomicUsize) -> Counted<'a> {
        counter.fetch_add(1, Ordering::Relaxed);
        Counted(counter)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl CpuPool {
    /// A pool of `threads` threads; twice as many jobs are admitted, so that queued jobs do not hold fetched records.
    pub fn new(threads: usize) -> Result<CpuPool, Error> {
        panics::install_hook();
        let threads = threads.max(1);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|index| format!("{THREAD_PREFIX}cpu-{index}"))
            .build()
            .map_err(|error| Error::Internal { message: format!("the CPU pool cannot start: {error}") })?;
        Ok(CpuPool {
            threads: pool,
            admission: Arc::new(Semaphore::new(2 * threads)),
            waiting: AtomicUsize::new(0),
            running: Arc::new(AtomicUsize::new(0)),
        })
    }

    pub fn threads(&self) -> usize {
        self.threads.current_num_threads()
    }

    /// Jobs that wait for admission or for a thread.
    pub fn queued(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Jobs on a thread now.
    pub fn running(&self) -> usize {
        self.running.load(Ordering::Relaxed)
    }

    /// Runs `job` on the pool. Dropping the future sets the job's flag; a job not begun by then never begins.
    /// A panic in it becomes [`Error::Internal`] with its message.
    pub async fn run<T, J>(&self, job: J) -> Result<T, Error>
    where
        T: Send + 'static,
        J: FnOnce(&CancelFlag) -> Result<T, Error> + Send + 'static,
    {
        let queued = Counted::new(&self.waiting);
        let permit = Arc::clone(&self.admission).acquire_owned().await.map_err(|_| Error::Cancelled)?;
        let cancel = CancelOnDrop(CancelFlag::new());
        let flag = cancel.0.clone();
        let running = Arc::clone(&self.running);
        let (begun, has_begun) = oneshot::channel();
        let (answer, outcome) = oneshot::channel();
        self.threads.spawn_fifo(move || {
            let _ = begun.send(());
            let result = {
                let _running = Counted::new(&running);
                flag.check().and_then(|()| panics::caught(|| job(&flag)))
            };
            // The place is free before the answer is known: whoever gets the answer may count on it.
            drop(permit);
            let _ = answer.send(result);
        });
        let _ = has_begun.await;
        drop(queued);
        let result = outcome.await.unwrap_or(Err(Error::Cancelled));
        drop(cancel);
        result
    }

    /// Runs `work` inside the pool and waits here for it: for columnar work that splits itself with rayon.
    /// Never call it from a tokio task.
    pub fn install<T: Send>(&self, work: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Error> {
        self.threads.install(|| panics::caught(work))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Duration;

    fn patiently<T>(work: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async { tokio::time::timeout(Duration::from_secs(20), work).await.unwrap() })
    }

    #[test]
    fn runs_jobs_and_reports_panics_as_errors() {
        let pool = CpuPool::new(2).unwrap();
        assert_eq!(patiently(pool.run(|_| Ok(6 * 7))), Ok(42));
        let panicked = patiently(pool.run(|_| -> Result<(), Error> { panic!("boom {}", 3) }));
        assert_eq!(panicked, Err(Error::Internal { message: "boom 3".to_owned() }));
        assert_eq!(patiently(pool.run(|_| Ok("still works"))), Ok("still works"));
        assert_eq!((pool.queued(), pool.running()), (0, 0));
    }

    #[test]
    fn dropping_the_future_cancels_the_running_job_and_frees_its_place() {
        let pool = CpuPool::new(1).unwrap();
        let (started, has_started) = mpsc::channel();
        let (ended, has_ended) = mpsc::channel();
        patiently(async {
            let mut job = Box::pin(pool.run(move |flag| {
                started.send(()).unwrap();
                while !flag.is_cancelled() {
                    std::thread::sleep(Duration::from_millis(1));
                }
                ended.send(flag.check()).unwrap();
                Ok(())
            }));
            let _ = futures_util::poll!(&mut job);
            has_started.recv_timeout(Duration::from_secs(20)).unwrap();
            drop(job);
            assert_eq!(has_ended.recv_timeout(Duration::from_secs(20)), Ok(Err(Error::Cancelled)));
            assert_eq!(pool.run(|_| Ok(1)).await, Ok(1));
        });
        assert_eq!(pool.queued(), 0);
    }

    #[test]
    fn admits_twice_as_many_jobs_as_threads() {
        let pool = CpuPool::new(1).unwrap();
        let (release, gate) = mpsc::channel::<()>();
        patiently(async {
            let blocked = pool.run(move |_| gate.recv().map_err(|_| Error::Cancelled));
            let second = pool.run(|_| Ok(()));
            let third = pool.run(|_| Ok(()));
            let (mut blocked, mut second, mut third) = (Box::pin(blocked), Box::pin(second), Box::pin(third));
            assert!(futures_util::poll!(&mut blocked).is_pending());
            assert!(futures_util::poll!(&mut second).is_pending());
            assert!(futures_util::poll!(&mut third).is_pending());
            assert_eq!(pool.admission.available_permits(), 0);
            release.send(()).unwrap();
            assert_eq!((blocked.await, second.await, third.await), (Ok(()), Ok(()), Ok(())));
        });
    }
}
