//! The source that a configuration (registrary.toml) describes: a service's records, or a database in its own schema.

use super::own_schema::{self, Configuration, Environment};
use super::{HttpSource, Source, http};
use crate::domain::{Error, Problem};
use std::path::Path;
use std::sync::Arc;
use toml::Table;

/// The source of the configuration at `path`. Secrets come from the environment.
pub fn open(path: &Path, environment: Environment<'_>) -> Result<Arc<dyn Source>, Error> {
    let file = Configuration::file(path)?;
    let (table, folder) = (&file.table, &file.folder);
    match table.get("source").and_then(toml::Value::as_table) {
        Some(source) if http::speaks_http(source, environment) => {
            let secrets = http::Secrets { environment, written: false };
            Ok(Arc::new(service(table, folder, &secrets)?))
        }
        _ => own_schema::open(path, environment),
    }
}

/// The service that a table describes, of the file's shape; relative paths in it begin in `folder`.
pub fn service(table: &Table, folder: &Path, secrets: &http::Secrets<'_>) -> Result<HttpSource, Error> {
    let mut problems = Vec::new();
    own_schema::Keys::of(table, "").refuse_others(&["source"], &mut problems);
    let source = own_schema::Keys::of(table, "").table("source", &mut problems);
    let made = source.and_then(|source| http::read(source.table, folder, secrets, &mut problems));
    if made.is_none() && problems.is_empty() {
        problems.push(Problem::new("missing", "source.url", "must be there: the address of the service"));
    }
    made.filter(|_| problems.is_empty()).ok_or(Error::SourceConfiguration(problems))
}
