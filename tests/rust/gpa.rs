//! The gpa room, from outside.

mod gpa_batch_faults;
mod gpa_batch_laws;
mod gpa_batch_policy;
mod gpa_batch_random;
mod gpa_batch_repeats;
mod gpa_batch_whole;
mod gpa_contradictions;
mod gpa_evaluate;
mod gpa_laws;
mod gpa_plain;
mod gpa_policy;
mod gpa_published;
mod gpa_records;
mod gpa_repeat_laws;
mod gpa_repeat_records;
mod gpa_repeat_rules;
mod gpa_repeat_shapes;
mod gpa_repeats;
