//! Doors out: where a transcript is saved. Bytes are never changed, and nothing half-written is ever left.

mod directory;
mod disk;
mod failure;
mod group;
mod log;
mod name;
mod objects;
mod template;

pub use directory::{DirectorySink, save_as};
pub use disk::{Disk, LocalDisk};
pub use group::{FolderSink, GroupSink, Parcel, Saving};
pub use log::{LONGEST_LINE, Log};
pub use name::file_name;
pub use objects::ObjectSink;
pub use template::{NameFacts, NameTemplate};
