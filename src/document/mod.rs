//! What the page says (`compose`), then where (`paginate`). Knows no PDF.

pub mod face;
pub mod length;
pub mod page;

pub use face::Face;
pub use length::Length;
pub use page::{Colour, Element, ElementId, Item, Page, Pages, Role};
