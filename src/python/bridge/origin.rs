//! Which process work began in: a forked child neither waits for its parent's work nor drops what belongs to it, for
//! the threads that would answer are not in the child, and a lock that they held at the fork is never given back.

use crate::service::slot;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where something began, once it has.
#[derive(Default)]
pub struct Origin(AtomicU64);

impl Origin {
    /// Begins here, unless it has begun; whether that was in this process.
    pub fn begin(&self) -> bool {
        let here = slot::generation();
        let begun = self.0.compare_exchange(0, here, Ordering::AcqRel, Ordering::Acquire);
        begun.map_or_else(|origin| origin == here, |_| true)
    }

    /// Whether it began in the process that this one was forked from.
    pub fn is_foreign(&self) -> bool {
        let origin = self.0.load(Ordering::Acquire);
        origin != 0 && origin != slot::generation()
    }
}

/// What belongs to the runtime of the process that made it. In a forked child it is not there, and never dropped.
pub struct Native<T> {
    generation: u64,
    value: Option<T>,
}

impl<T> Native<T> {
    pub fn new(value: T) -> Native<T> {
        Native { generation: slot::generation(), value: Some(value) }
    }

    pub fn get(&self) -> Option<&T> {
        self.value.as_ref().filter(|_| self.generation == slot::generation())
    }
}

impl<T> Drop for Native<T> {
    fn drop(&mut self) {
        if self.generation != slot::generation() {
            std::mem::forget(self.value.take());
        }
    }
}
