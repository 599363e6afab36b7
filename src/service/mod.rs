//! The conductor: one runtime, one pool, limits, cancellation. No business rules.

pub mod panics;
pub mod pool;
pub mod slot;

pub use pool::{CancelFlag, CpuPool};
pub use slot::Slot;
