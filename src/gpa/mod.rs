//! Judging a record by an institution's policy: exact totals, never floats.

mod built_in;
mod by_campus;
pub mod columns;
mod dated;
mod entry;
mod evaluate;
pub mod evaluation;
mod judge;
mod level_judge;
mod level_repeats;
pub mod marks;
pub mod plain;
pub mod policy;
mod policy_file;
mod policy_node;
mod policy_reader;
mod repeat_reader;
mod repeat_results;
mod repeat_timeline;
mod repeats;
pub mod rounding;
mod rounded_terms;
mod rounding_reader;
pub mod scale;
mod scale_reader;
mod scale_versions;
mod totals;

pub use columns::{GradeColumns, StudentGpa, calculate_gpas};
pub use evaluate::evaluate;
pub use evaluation::{
    AttemptEvaluation, CreditSummary, Evaluation, Gpa, LevelEvaluation, TermEvaluation, TransferEvaluation,
};
pub use plain::{PlainAttempt, calculate_class_gpa, calculate_gpa};
pub use entry::entry_term;
pub use marks::{MarkRange, MarkReading};
pub use policy::{Cumulative, Policy};
pub use rounding::{Rounding, RoundingMode};
pub use scale::{Best, GradeEntry, GradeScale, ScaleRules};
