//! Judging a record by an institution's policy: exact totals, never floats.

mod built_in;
mod by_campus;
pub mod columns;
mod dated;
mod entry;
mod evaluate;
pub mod evaluation;
mod exact_totals;
mod judge;
mod level_judge;
mod level_repeats;
mod level_totals;
pub mod marks;
pub mod outcome;
mod outcome_reader;
mod outcome_rules;
mod outcomes;
pub mod plain;
pub mod policy;
mod policy_file;
mod policy_node;
mod policy_reader;
mod repeat_reader;
mod repeat_results;
mod repeat_timeline;
mod repeats;
mod rounded_terms;
pub mod rounding;
mod rounding_reader;
pub mod scale;
mod scale_reader;
mod scale_versions;
pub mod systems;
mod totals;
mod unit_reader;
mod units;
mod variants;

pub use columns::{GradeColumns, StudentGpa, calculate_gpas};
pub use entry::entry_term;
pub use evaluate::evaluate;
pub use evaluation::{
    AttemptEvaluation, CreditSummary, Evaluation, Gpa, LevelEvaluation, TermEvaluation, TransferEvaluation, Variant,
};
pub use marks::{MarkRange, MarkReading};
pub use outcome::{AwardEvaluation, Compared, Difference, Figure, Outcome};
pub use plain::{PlainAttempt, calculate_class_gpa, calculate_gpa};
pub use policy::{Cumulative, Policy};
pub use rounding::{Rounding, RoundingMode};
pub use scale::{Best, GradeEntry, GradeScale, ScaleRules};
