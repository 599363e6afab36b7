//! The databases in use within one runtime generation.

use super::Driver;
use super::gather::Gatherer;
use super::pool::Pool;
use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// By the driver's key: two sources that name the same database share its connections. A forked child has its own
/// registry and never touches the parent's: a connection dropped there would say farewell on the parent's socket.
#[derive(Default)]
pub struct Servers(Mutex<HashMap<String, Known>>);

type Gathers = Arc<dyn Any + Send + Sync>;

struct Known {
    gatherer: Gathers,
    /// Whether nobody asks it and it has no connection left.
    vacant: fn(&Gathers) -> bool,
}

fn vacant<D: Driver>(gatherer: &Gathers) -> bool {
    let empty = (**gatherer).downcast_ref::<Gatherer<D>>().is_some_and(|gatherer| gatherer.pool().is_empty());
    // Under the registry's lock, from which alone others get it.
    empty && Arc::strong_count(gatherer) == 1
}

impl Servers {
    /// The gatherer of the driver's database.
    pub fn of<D: Driver>(&self, driver: &Arc<D>) -> Arc<Gatherer<D>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Ok(gatherer)) = known.get(&driver.key()).map(|known| Arc::clone(&known.gatherer).downcast()) {
            return gatherer;
        }
        let gatherer = Arc::new(Gatherer::new(Pool::new(Arc::clone(driver))));
        // Idle connections are closed in time: a database that nobody asks any more is forgotten after that.
        known.retain(|_, known| !(known.vacant)(&known.gatherer));
        known.insert(driver.key(), Known { gatherer: Arc::clone(&gatherer) as Gathers, vacant: vacant::<D> });
        gatherer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::StudentId;
    use crate::source::rows::Records;
    use crate::source::servers::Fault;

    struct Named(&'static str);

    impl Driver for Named {
        type Link = ();

        fn key(&self) -> String {
            self.0.to_owned()
        }

        fn title(&self) -> String {
            self.0.to_owned()
        }

        async fn connect(&self) -> Result<(), Fault> {
            Ok(())
        }

        fn alive(&self, (): &()) -> bool {
            true
        }

        async fn read(&self, (): &mut (), _: &[StudentId]) -> Result<Records, Fault> {
            Ok(Records::default())
        }

        async fn student_ids(&self, (): &mut ()) -> Result<Vec<StudentId>, Fault> {
            Ok(Vec::new())
        }

        async fn check(&self, (): &mut ()) -> Result<Vec<String>, Fault> {
            Ok(Vec::new())
        }

        fn canceller(&self, (): &()) -> impl Future<Output = ()> + Send + 'static {
            std::future::ready(())
        }
    }

    #[test]
    fn databases_that_nobody_asks_are_forgotten() {
        let servers = Servers::default();
        let asked = servers.of(&Arc::new(Named("asked")));
        for name in ["a", "b", "c"] {
            servers.of(&Arc::new(Named(name)));
        }
        assert!(Arc::ptr_eq(&asked, &servers.of(&Arc::new(Named("asked")))));
        // The last one to come, and the one in use.
        assert_eq!(servers.0.lock().unwrap_or_else(PoisonError::into_inner).len(), 2);
    }
}
