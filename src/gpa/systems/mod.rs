//! Results that are no grade point average: classes of honours, weighted marks, grades of another country.

mod built_in;
mod classification;
mod conversion;
mod fraction;
mod honours_reader;
mod reader;
mod weighted_mark;

pub use classification::{HonoursClassification, HonoursScheme, LevelMark, Module, classify_honours};
pub use conversion::{ConversionScheme, convert_grade};
pub use weighted_mark::{MarkScheme, WeightedMark, weighted_average_mark};
