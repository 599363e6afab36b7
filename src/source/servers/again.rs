//! When to ask a server again that went away: soon, then later, and not for ever.

use super::Fault;
use crate::domain::Error;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Duration;

/// More attempts than this are not made, however long the stage's own limit is: together they wait about forty seconds.
const ATTEMPTS: u32 = 24;
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// The attempts at one piece of work.
#[derive(Default)]
pub struct Attempts(u32);

impl Attempts {
    /// Waits before the next attempt, or says why there is none.
    pub async fn another(&mut self, fault: Fault) -> Result<(), Error> {
        let (Fault::Lost(error) | Fault::Away(error)) = fault else { return Err(fault.into_error()) };
        self.0 += 1;
        if self.0 >= ATTEMPTS {
            return Err(error);
        }
        let ceiling = LONGEST_PAUSE.min(FIRST_PAUSE * 2u32.pow(self.0.min(16)));
        tokio::time::sleep(ceiling.mul_f64(share())).await;
        Ok(())
    }
}

/// A random share of a pause, so that those who lost one server do not come back all at once.
fn share() -> f64 {
    let drawn = RandomState::new().hash_one(0u8) >> 11;
    drawn as f64 / (1u64 << 53) as f64
}
