//! Judging a record by an institution's policy: exact totals, never floats.

pub mod batch;
mod built_in;
mod dated;
mod evaluate;
pub mod evaluation;
mod judge;
mod level_judge;
mod level_repeats;
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
mod rounding_reader;
pub mod scale;
mod scale_reader;
mod totals;

pub use evaluate::evaluate;
pub use evaluation::{
    AttemptEvaluation, CreditSummary, Evaluation, Gpa, LevelEvaluation, TermEvaluation, TransferEvaluation,
};
pub use plain::{PlainAttempt, calculate_class_gpa, calculate_gpa};
pub use policy::Policy;
pub use rounding::{Rounding, RoundingMode};
pub use scale::{GradeEntry, GradeScale};
