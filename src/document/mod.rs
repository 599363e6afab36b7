//! What the page says (`compose`), then where (`paginate`). Knows no PDF.

mod certificate;
mod compose;
pub mod content;
mod contrast;
mod coverage;
mod dates;
mod disclosed;
mod dump;
pub mod face;
pub mod fonts;
mod kerning;
pub mod labels;
mod layout;
pub mod length;
mod letters;
pub mod page;
pub mod theme;
mod theme_file;
mod theme_fonts;
mod theme_reader;

pub use certificate::{Certification, compose_certificate};
pub use compose::{Transcription, compose};
pub use content::Document;
pub use contrast::Contrast;
pub use disclosed::disclosed;
pub use face::Face;
pub use fonts::{FontFile, FontId, Fonts};
pub use labels::Labels;
pub use layout::paginate;
pub use length::Length;
pub use page::{Colour, Element, ElementId, Item, Page, Pages, Role};
pub use theme::{BirthDateShown, Columns, Headings, Palette, Paper, PrintedName, Shown, Theme};
pub use theme_file::ThemeFile;
