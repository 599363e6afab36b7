//! A source from the URL or path that a user writes.

use super::{HttpSource, PescSource, Source, SqliteSource, mysql, postgres};
use crate::domain::Error;
use crate::http::Manners;
use percent_encoding::percent_decode_str;
use std::path::Path;
use std::sync::Arc;

const ACCEPTED: &str = "sqlite:///file.db (sqlite:////srv/file.db when absolute), sqlite:///:campus: (the built-in sample campus), postgresql://user:password@host/database, mysql://user:password@host/database, http://host/path, \
     https://host/path, pesc:///folder, or the path of a .db, .sqlite or .xml file";

/// The source that `address` names. Files are looked at at once; services are not called.
///
/// After `sqlite:///` and `pesc:///` stands a path with percent-encoding undone, as SQLAlchemy reads it:
/// `sqlite:///campus.db` is in the current folder, `sqlite:////srv/campus.db` is absolute.
pub fn from_url(address: &str) -> Result<Arc<dyn Source>, Error> {
    from_url_with(address, &Manners::own_service())
}

/// The same, where a service is asked with these manners.
pub fn from_url_with(address: &str, manners: &Manners) -> Result<Arc<dyn Source>, Error> {
    let Some((scheme, rest)) = address.split_once("://") else { return from_path(address) };
    let scheme = scheme.to_ascii_lowercase();
    // What other libraries add to say which driver of theirs to take.
    match scheme.split('+').next().unwrap_or_default() {
        "sqlite" if rest == "/:campus:" || rest == ":campus:" => Ok(Arc::new(SqliteSource::campus())),
        "sqlite" => Ok(Arc::new(SqliteSource::open(decoded(rest)?)?)),
        "pesc" => Ok(Arc::new(PescSource::open(decoded(rest)?)?)),
        "http" | "https" => Ok(Arc::new(HttpSource::new(address)?.with_manners(manners.clone()))),
        "postgresql" | "postgres" => Ok(Arc::new(postgres::source(address)?)),
        "mysql" | "mariadb" => Ok(Arc::new(mysql::source(address)?)),
        // The scheme is not quoted: a mistyped address may begin with a password.
        _ => Err(Error::configuration(format!("no source has this kind of address; accepted are {ACCEPTED}"))),
    }
}

fn from_path(path: &str) -> Result<Arc<dyn Source>, Error> {
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "db" | "sqlite" | "sqlite3" => Ok(Arc::new(SqliteSource::open(path)?)),
        "xml" => Ok(Arc::new(PescSource::open(path)?)),
        _ => Err(Error::configuration(format!("this is no address of a source; accepted are {ACCEPTED}"))),
    }
}

fn decoded(path: &str) -> Result<String, Error> {
    let path = path.strip_prefix('/').unwrap_or(path);
    if path.is_empty() || path.contains(['?', '#']) {
        return Err(Error::configuration(
            "the address must end in a path, and hold ? and # only percent-encoded (%3F, %23)",
        ));
    }
    let text = percent_decode_str(path).decode_utf8();
    text.map(|text| text.into_owned()).map_err(|_| Error::configuration("the path in the address is not UTF-8"))
}
