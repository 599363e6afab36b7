//! A database server as a source of records.

use super::again::{Attempts, wanted};
use super::pool::Pool;
use super::{Driver, Fault};
use crate::domain::{Error, StudentId, StudentRecord};
use crate::http::repetition;
use crate::source::report::Report;
use crate::source::{Pending, Resources, Source};
use std::sync::Arc;

/// Serves records from a database server.
pub struct ServerSource<D: Driver> {
    driver: Arc<D>,
}

impl<D: Driver> ServerSource<D> {
    /// Nothing is connected until the first question.
    pub fn new(driver: D) -> ServerSource<D> {
        ServerSource { driver: Arc::new(driver) }
    }
}

impl<D: Driver> Source for ServerSource<D> {
    fn fetch<'a>(
        &'a self,
        resources: &'a Resources,
        ids: &'a [StudentId],
    ) -> Pending<'a, Vec<Result<StudentRecord, Error>>> {
        Box::pin(async move { resources.servers.of(&self.driver).fetch(ids, wanted(repetition())).await })
    }

    /// Batches are made below, of all that is asked for at once: a larger group here would only make a stream uneven.
    fn group_size(&self) -> usize {
        16
    }

    fn student_ids<'a>(&'a self, resources: &'a Resources) -> Pending<'a, Result<Vec<StudentId>, Error>> {
        let gatherer = resources.servers.of(&self.driver);
        Box::pin(async move {
            let pool = gatherer.pool();
            let _place = pool.place().await;
            let mut attempts = Attempts::new(wanted(repetition()));
            loop {
                match student_ids(pool).await {
                    Ok(ids) => return Ok(ids),
                    Err(fault) => attempts.another(fault).await?,
                }
            }
        })
    }

    fn address(&self) -> Option<String> {
        Some(self.driver.address())
    }

    fn select<'a>(&'a self, resources: &'a Resources, query: &'a str) -> Pending<'a, Result<Vec<StudentId>, Error>> {
        let gatherer = resources.servers.of(&self.driver);
        Box::pin(async move {
            let pool = gatherer.pool();
            let _place = pool.place().await;
            let mut attempts = Attempts::new(wanted(repetition()));
            loop {
                match select(pool, query).await {
                    Ok(ids) => return Ok(ids),
                    Err(fault) => attempts.another(fault).await?,
                }
            }
        })
    }

    /// Asked once: who checks wants to know how things are.
    fn check<'a>(&'a self, resources: &'a Resources) -> Pending<'a, Result<Vec<String>, Error>> {
        let gatherer = resources.servers.of(&self.driver);
        Box::pin(async move {
            let _place = gatherer.pool().place().await;
            let found = check(gatherer.pool()).await.map_err(Fault::into_error)?;
            Ok(std::iter::once(self.driver.title()).chain(found).collect())
        })
    }

    fn examine<'a>(&'a self, resources: &'a Resources) -> Pending<'a, Result<Report, Error>> {
        let gatherer = resources.servers.of(&self.driver);
        Box::pin(async move {
            let _place = gatherer.pool().place().await;
            examine(gatherer.pool()).await.map_err(Fault::into_error)
        })
    }
}

async fn examine<D: Driver>(pool: &Arc<Pool<D>>) -> Result<Report, Fault> {
    let mut at_work = pool.begin().await?;
    let (driver, link) = at_work.parts()?;
    let outcome = driver.examine(link).await;
    pool.end(at_work, outcome)
}

async fn student_ids<D: Driver>(pool: &Arc<Pool<D>>) -> Result<Vec<StudentId>, Fault> {
    let mut at_work = pool.begin().await?;
    let (driver, link) = at_work.parts()?;
    let outcome = driver.student_ids(link).await;
    pool.end(at_work, outcome)
}

async fn select<D: Driver>(pool: &Arc<Pool<D>>, query: &str) -> Result<Vec<StudentId>, Fault> {
    let mut at_work = pool.begin().await?;
    let (driver, link) = at_work.parts()?;
    let outcome = driver.select(link, query).await;
    pool.end(at_work, outcome)
}

async fn check<D: Driver>(pool: &Arc<Pool<D>>) -> Result<Vec<String>, Fault> {
    let mut at_work = pool.begin().await?;
    let (driver, link) = at_work.parts()?;
    let outcome = driver.check(link).await;
    pool.end(at_work, outcome)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Repetition, repeating};
    use crate::source::rows::Records;
    use crate::source::unavailable;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    /// A server that breaks every question off.
    #[derive(Default)]
    struct Failing(Arc<AtomicU32>);

    impl Failing {
        fn lost<T>(&self) -> Result<T, Fault> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Err(Fault::Lost(unavailable("it broke off")))
        }
    }

    impl Driver for Failing {
        type Link = ();

        fn key(&self) -> String {
            "failing".to_owned()
        }

        fn title(&self) -> String {
            self.key()
        }

        async fn connect(&self) -> Result<(), Fault> {
            Ok(())
        }

        fn alive(&self, (): &()) -> bool {
            true
        }

        async fn read(&self, (): &mut (), _: &[StudentId]) -> Result<Records, Fault> {
            self.lost()
        }

        async fn student_ids(&self, (): &mut ()) -> Result<Vec<StudentId>, Fault> {
            self.lost()
        }

        async fn check(&self, (): &mut ()) -> Result<Vec<String>, Fault> {
            self.lost()
        }

        fn canceller(&self, (): &()) -> impl Future<Output = ()> + Send + 'static {
            std::future::ready(())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn every_question_is_asked_again_as_its_caller_says() {
        let asked = Arc::new(AtomicU32::new(0));
        let source = ServerSource::new(Failing(Arc::clone(&asked)));
        let resources = Resources::new().unwrap();
        let pause = Duration::from_millis(1);
        for tries in [1, 3] {
            let again = Repetition { tries, pause, longest_pause: pause, budget_percent: 0 };
            assert!(repeating(again, source.student_ids(&resources)).await.is_err());
            assert_eq!(asked.swap(0, Ordering::Relaxed), tries);
            let ids = [StudentId::new("1").unwrap()];
            assert!(repeating(again, source.fetch(&resources, &ids)).await.iter().all(Result::is_err));
            assert_eq!(asked.swap(0, Ordering::Relaxed), tries);
            assert!(repeating(again, source.check(&resources)).await.is_err());
            assert_eq!(asked.swap(0, Ordering::Relaxed), 1, "who checks wants to know how things are");
        }
    }
}
