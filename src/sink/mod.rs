//! Doors out: where a transcript is saved. Bytes are never changed, and nothing half-written is ever left.

mod directory;
mod failure;
mod name;

pub use directory::{DirectorySink, save_as};
pub use name::file_name;
