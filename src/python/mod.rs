//! The border: values converted, errors mapped. PyO3 is named here alone, and no logic.

mod arrow;
mod batch;
mod bridge;
mod callers;
mod degree;
mod enrollment;
mod errors;
mod evaluation;
mod explanation;
mod gpa;
mod gpa_pieces;
mod gpa_table;
#[cfg(feature = "hazards")]
mod hazards;
mod lent;
mod limits;
mod numbers;
mod outcomes;
mod own_cells;
mod own_columns;
mod own_schema;
mod own_tables;
mod policy;
mod record;
mod registrar;
mod request;
mod runtime;
mod settings;
mod stream;
mod systems;
mod transcript;
mod waiting;
mod what_if;

use pyo3::prelude::*;

/// The private half of registrary: the Rust core as Python sees it.
#[pymodule(gil_used = false)]
mod _core {
    #[pymodule_export]
    use super::arrow::{BatchReader, Columns};
    #[pymodule_export]
    use super::batch::BatchRun;
    #[pymodule_export]
    use super::bridge::{Call, Caller, LoopBridge};
    #[pymodule_export]
    use super::degree::DegreeVerification;
    #[pymodule_export]
    use super::enrollment::EnrollmentVerification;
    #[pymodule_export]
    use super::evaluation::{Evaluation, evaluate};
    #[pymodule_export]
    use super::gpa::{calculate_class_gpa, calculate_gpa};
    #[pymodule_export]
    use super::gpa_pieces::{Clusters, check_mergeable, explain_gpas, merge_gpas};
    #[pymodule_export]
    use super::gpa_table::{GpaRequest, calculate_gpas, calculate_gpas_async};
    #[cfg(feature = "hazards")]
    #[pymodule_export]
    use super::hazards::{hazard, hazard_beats, hazard_counts, hazard_stream, hazard_sync, hazard_sync_inside};
    #[pymodule_export]
    use super::limits::{Limits, Retry};
    #[pymodule_export]
    use super::own_schema::{OwnQueries, OwnSource};
    #[pymodule_export]
    use super::policy::Policy;
    #[pymodule_export]
    use super::record::StudentRecord;
    #[pymodule_export]
    use super::registrar::Registrar;
    #[pymodule_export]
    use super::request::Request;
    #[pymodule_export]
    use super::runtime::{campus_schema, runtime_stats, selection, set_threads, set_workers};
    #[pymodule_export]
    use super::runtime::{shut_down, write_sample_campus};
    #[pymodule_export]
    use super::settings::{FontFile, Settings};
    #[pymodule_export]
    use super::stream::{TranscriptResult, TranscriptStream};
    #[pymodule_export]
    use super::systems::{classify_honours, convert_grade, scheme_names, weighted_average_mark};
    #[pymodule_export]
    use super::transcript::Transcript;
    use super::*;
    use pyo3::exceptions::PyImportError;

    /// The runtime is the process's, and the end of an interpreter ends it: one interpreter alone may have it. From
    /// 3.12 on Python sees to that itself.
    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let _ = module;
        // SAFETY: a module is initialised by an attached thread, which has a current interpreter.
        let interpreter = unsafe { pyo3::ffi::PyInterpreterState_GetID(pyo3::ffi::PyInterpreterState_Get()) };
        match interpreter {
            0 => Ok(()),
            _ => Err(PyImportError::new_err("registrary does not support loading in subinterpreters")),
        }
    }

    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
