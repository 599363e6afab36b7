//! The same record in standards: JSON, and PESC College Transcript XML.

pub mod limits;
mod order;
pub mod pesc;
pub mod record_json;
mod report;

pub use order::in_order;
