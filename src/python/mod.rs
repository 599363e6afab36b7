//! The border: values converted, errors mapped. PyO3 is named here alone, and no logic.

mod bridge;
mod errors;
mod waiting;

use pyo3::prelude::*;

/// The private half of registrary: the Rust core as Python sees it.
#[pymodule]
mod _core {
    #[pymodule_export]
    use super::bridge::{Call, LoopBridge};
}
