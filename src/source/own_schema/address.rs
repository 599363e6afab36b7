//! The address of the database: from the configuration or the environment, with secrets that are never shown.

use super::lexer::Dialect;
use crate::domain::Problem;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt;
use std::path::Path;

/// What a variable of the environment holds, where it is set.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The variable that takes the place of `source.url`.
pub const VARIABLE: &str = "REGISTRARY_SOURCE__URL";

/// All but the characters that no URL changes.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A URL that may hold a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(String);

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

impl Address {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn scheme(&self) -> &str {
        let scheme = self.0.split_once("://").map_or("", |(scheme, _)| scheme);
        // SQLAlchemy names a driver behind a plus sign; ours is the only one.
        scheme.split('+').next().unwrap_or_default()
    }

    pub fn dialect(&self) -> Option<Dialect> {
        match self.scheme().to_ascii_lowercase().as_str() {
            "sqlite" => Some(Dialect::Sqlite),
            "postgres" | "postgresql" => Some(Dialect::Postgres),
            "mysql" | "mariadb" => Some(Dialect::MySql),
            _ => None,
        }
    }

    /// The path of an SQLite address, from `folder` where it is relative.
    pub fn sqlite_path(&self, folder: &Path) -> Option<std::path::PathBuf> {
        let rest = self.0.split_once("://")?.1;
        let path = rest.strip_prefix('/').unwrap_or(rest);
        let plain = !path.is_empty() && !path.contains(['?', '#']);
        let path = percent_encoding::percent_decode_str(path).decode_utf8().ok().filter(|_| plain)?;
        Some(folder.join(path.as_ref()))
    }

    /// Of the environment where it says one, else what the configuration says with each `${NAME}` in its place.
    pub fn read(given: Option<&str>, environment: Environment<'_>, problems: &mut Vec<Problem>) -> Option<Address> {
        if let Some(whole) = environment(VARIABLE).filter(|whole| !whole.is_empty()) {
            return Some(Address(whole));
        }
        filled(given?, environment, problems).map(Address)
    }
}

/// The names of the environment that a text refers to.
pub fn references(text: &str) -> impl Iterator<Item = &str> {
    text.split("${").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

fn filled(given: &str, environment: Environment<'_>, problems: &mut Vec<Problem>) -> Option<String> {
    // Where the reference is the whole address, it is one already; elsewhere it is a part, in which @ and / mean nothing.
    let alone = references(given).next().is_some_and(|name| given.len() == name.len() + 3);
    let mut parts = given.split("${");
    let mut text = parts.next().unwrap_or_default().to_owned();
    let before = problems.len();
    for part in parts {
        let value = part.split_once('}').and_then(|(name, rest)| Some((environment(name)?, rest)));
        match value {
            Some((value, rest)) if alone => text = value + rest,
            Some((value, rest)) => {
                text.extend(utf8_percent_encode(&value, KEPT));
                text.push_str(rest);
            }
            None => {
                let message = "refers to a variable that the environment lacks, or lacks the closing brace";
                problems.push(Problem::new("no-variable", "source.url", message));
            }
        }
    }
    (problems.len() == before).then_some(text)
}
