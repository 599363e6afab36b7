//! The gpa room, from outside.

mod gpa_batch;
mod gpa_contradictions;
mod gpa_entry;
mod gpa_evaluate;
mod gpa_explain_laws;
mod gpa_laws;
mod gpa_outcome_laws;
mod gpa_outcomes;
mod gpa_policy;
mod gpa_published;
mod gpa_published_outcomes;
mod gpa_records;
mod gpa_repeat_laws;
mod gpa_repeat_records;
mod gpa_repeat_rules;
mod gpa_repeat_shapes;
mod gpa_repeats;
mod gpa_roundings;
mod gpa_scales;
mod gpa_systems;
mod gpa_systems_laws;
mod gpa_totals;
