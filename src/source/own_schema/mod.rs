//! An institution's own schema: its queries and value maps as data (registrary.toml), its rows as records.

mod address;
mod answer;
mod cell;
mod configuration;
mod contract;
mod driver;
mod examination;
mod keys;
mod lexer;
mod queries;
mod records;
mod source;
mod sqlite_driver;
mod statement;
mod students;
mod value_maps;

pub use address::{Address, Environment, VARIABLE, references};
pub use answer::{Answer, RawAnswer, Shape};
pub use cell::OwnCell;
pub use configuration::{Configuration, IdKind, Reach};
pub use contract::{Column, Kind, columns, essential};
pub use driver::{Answers, Driver};
pub use examination::examine;
pub use keys::Keys;
pub use lexer::Dialect;
pub use records::records;
pub use source::{OwnSchemaSource, ids_of};
pub use sqlite_driver::SqliteDriver;
pub use statement::{ParameterStyle, Statement};
pub use value_maps::ValueMaps;

use super::Source;
use crate::domain::{Error, Problem};
use std::path::Path;

/// The source that the configuration at `path` describes. Its `url` names the database; secrets come from the environment.
pub fn open(path: &Path, environment: Environment<'_>) -> Result<std::sync::Arc<dyn Source>, Error> {
    let configuration = Configuration::open(path, environment, Reach::Url)?;
    let dialect = configuration.address.as_ref().and_then(Address::dialect);
    let driver: Box<dyn Driver> = match dialect {
        Some(Dialect::Sqlite) => {
            let file = configuration.address.as_ref().and_then(|address| address.sqlite_path(&configuration.folder));
            let message = "is no sqlite:///path; ? and # in the path are written %3F and %23";
            let wrong = || Error::SourceConfiguration(vec![Problem::new("bad-url", "source.url", message)]);
            Box::new(SqliteDriver::open(file.ok_or_else(wrong)?, configuration.ids)?)
        }
        _ => return Err(Error::configuration("own schemas in this kind of database are not built in yet")),
    };
    Ok(std::sync::Arc::new(OwnSchemaSource::new(configuration, driver)))
}
