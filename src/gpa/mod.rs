//! Judging a record by an institution's policy: exact totals, never floats.

mod built_in;
mod dated;
pub mod evaluation;
pub mod policy;
mod policy_file;
mod policy_node;
mod policy_reader;
pub mod rounding;
mod rounding_reader;
pub mod scale;
mod scale_reader;

pub use evaluation::{
    AttemptEvaluation, CreditSummary, Evaluation, Gpa, LevelEvaluation, TermEvaluation, TransferEvaluation,
};
pub use policy::Policy;
pub use rounding::{Rounding, RoundingMode};
pub use scale::{GradeEntry, GradeScale};
