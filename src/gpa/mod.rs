//! Judging a record by an institution's policy: exact totals, never floats.

pub mod evaluation;

pub use evaluation::{
    AttemptEvaluation, CreditSummary, Evaluation, Gpa, LevelEvaluation, TermEvaluation, TransferEvaluation,
};
