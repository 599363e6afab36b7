//! The border: values converted, errors mapped. PyO3 is named here alone, and no logic.

mod bridge;
mod callers;
mod degree;
mod errors;
mod evaluation;
mod gpa;
mod gpa_table;
#[cfg(feature = "hazards")]
mod hazards;
mod numbers;
mod policy;
mod record;
mod registrar;
mod request;
mod runtime;
mod settings;
mod stream;
mod transcript;
mod waiting;

use pyo3::prelude::*;

/// The private half of registrary: the Rust core as Python sees it.
#[pymodule(gil_used = false)]
mod _core {
    #[pymodule_export]
    use super::bridge::{Call, LoopBridge};
    #[pymodule_export]
    use super::degree::DegreeVerification;
    #[pymodule_export]
    use super::evaluation::{Evaluation, evaluate};
    #[pymodule_export]
    use super::gpa::{calculate_class_gpa, calculate_gpa};
    #[pymodule_export]
    use super::gpa_table::{GpaTable, calculate_gpas};
    #[cfg(feature = "hazards")]
    #[pymodule_export]
    use super::hazards::{hazard, hazard_counts, hazard_sync};
    #[pymodule_export]
    use super::policy::Policy;
    #[pymodule_export]
    use super::record::StudentRecord;
    #[pymodule_export]
    use super::registrar::Registrar;
    #[pymodule_export]
    use super::request::Request;
    #[pymodule_export]
    use super::runtime::{runtime_stats, set_workers, shut_down, write_sample_campus};
    #[pymodule_export]
    use super::settings::{FontFile, Settings};
    #[pymodule_export]
    use super::stream::{TranscriptResult, TranscriptStream};
    #[pymodule_export]
    use super::transcript::Transcript;

    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
