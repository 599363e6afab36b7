//! The border: values converted, errors mapped. PyO3 is named here alone, and no logic.

mod bridge;
mod errors;
#[cfg(feature = "hazards")]
mod hazards;
mod runtime;
mod waiting;

use pyo3::prelude::*;

/// The private half of registrary: the Rust core as Python sees it.
#[pymodule(gil_used = false)]
mod _core {
    #[pymodule_export]
    use super::bridge::{Call, LoopBridge};
    #[cfg(feature = "hazards")]
    #[pymodule_export]
    use super::hazards::{hazard, hazard_counts, hazard_sync};
    #[pymodule_export]
    use super::runtime::{set_workers, shut_down};
}
