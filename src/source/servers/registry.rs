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
pub struct Servers(Mutex<HashMap<String, Arc<dyn Any + Send + Sync>>>);

impl Servers {
    /// The gatherer of the driver's database.
    pub fn of<D: Driver>(&self, driver: &Arc<D>) -> Arc<Gatherer<D>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Ok(gatherer)) = known.get(&driver.key()).map(|any| Arc::clone(any).downcast()) {
            return gatherer;
        }
        let gatherer = Arc::new(Gatherer::new(Pool::new(Arc::clone(driver))));
        known.insert(driver.key(), Arc::clone(&gatherer) as Arc<dyn Any + Send + Sync>);
        gatherer
    }
}
