//! A database server as a source of records.

use super::again::Attempts;
use super::pool::Pool;
use super::{Driver, Fault};
use crate::domain::{Error, StudentId, StudentRecord};
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
        Box::pin(async move { resources.servers.of(&self.driver).fetch(ids).await })
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
            let mut attempts = Attempts::default();
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
            let mut attempts = Attempts::default();
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
