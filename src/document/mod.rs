//! What the page says (`compose`), then where (`paginate`). Knows no PDF.

mod certificate;
mod compose;
pub mod content;
mod contrast;
mod coverage;
mod dates;
mod disclosed;
mod drawing;
mod dump;
mod enrollment;
pub mod face;
pub mod labels;
mod layout;
pub mod length;
pub mod page;
pub mod picture;
pub mod theme;
mod theme_contrast;
mod theme_file;
mod theme_pictures;
mod theme_reader;

pub use certificate::{Certification, compose_certificate};
pub use compose::{Transcription, compose};
pub use content::Document;
pub use contrast::Contrast;
pub use disclosed::disclosed;
pub use enrollment::{EnrollmentCertification, compose_enrollment};
pub use face::Face;
pub use labels::Labels;
pub use layout::paginate;
pub use length::Length;
pub use page::{Colour, Element, ElementId, Item, Page, Pages, Role};
pub use picture::{Illustration, Picture};
pub use theme::{BirthDateShown, Columns, Headings, Palette, Paper, PrintedName, Shown, Theme};
pub use theme_file::ThemeFile;
pub use theme_pictures::Pictures;
