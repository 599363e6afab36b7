//! Rows of the published tables into records, whatever door they came through: a driver's rows, an Arrow table, a query.

mod assemblies;
mod assembly;
mod blocks;
mod cell;
mod cells;
mod entity;
mod layout;
mod readers;

pub use assemblies::{Assemblies, Records};
pub use assembly::Assembly;
pub use cell::{Cell, Row, date_of_days};
pub use entity::Entity;
pub use layout::Layout;
