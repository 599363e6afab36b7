//! Arrow tables across the border: taken and given by the PyCapsule interface of the C structures, nothing copied.

mod buffers;
mod capsules;
mod cells;
mod chunks;
mod columns;
mod rows;
mod streams;
mod values;

pub use capsules::batches_in;
pub use columns::Columns;
pub use streams::BatchReader;
