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
mod on_server;
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
pub use configuration::{Configuration, IdKind, Reach, whole};
pub use contract::{Column, Kind, columns, entity, essential};
pub use driver::{Answers, Driver, MOST_ROWS};
pub use examination::examine;
pub use keys::Keys;
pub use lexer::Dialect;
pub use on_server::{Halves, MOST_STUDENTS, SAMPLE, examined, key_of, listing, made};
pub use records::records;
pub use source::{OwnSchemaSource, ids_of};
pub use sqlite_driver::SqliteDriver;
pub use statement::{ParameterStyle, Statement};
pub use value_maps::ValueMaps;

use super::{Source, mysql, postgres};
use crate::domain::{Error, Problem};
use std::path::Path;
use std::sync::Arc;

/// The source that the configuration at `path` describes. Its `url` names the database; secrets come from the environment.
pub fn open(path: &Path, environment: Environment<'_>) -> Result<Arc<dyn Source>, Error> {
    let configuration = Configuration::open(path, environment, Reach::Url)?;
    let Some(address) = configuration.address.clone() else { return Err(wrong_address()) };
    match address.dialect() {
        Some(Dialect::Sqlite) => {
            let file = address.sqlite_path(&configuration.folder).ok_or_else(wrong_address)?;
            let driver = SqliteDriver::open(file, configuration.ids)?;
            Ok(Arc::new(OwnSchemaSource::new(configuration, Box::new(driver))))
        }
        Some(Dialect::Postgres) => Ok(Arc::new(postgres::own_source(address.as_str(), configuration)?)),
        Some(Dialect::MySql) => Ok(Arc::new(mysql::own_source(address.as_str(), configuration)?)),
        _ => Err(Error::configuration(
            "an own schema is read from sqlite://, postgresql:// and mysql://; other databases through a driver of \
             Python's (registrary.database)",
        )),
    }
}

fn wrong_address() -> Error {
    let message = "is no sqlite:///path; ? and # in the path are written %3F and %23";
    Error::SourceConfiguration(vec![Problem::new("bad-url", "source.url", message)])
}
