//! registrary.toml: where the records are, and how the institution's own schema becomes the contract's.

use super::address::{Address, Environment};
use super::contract;
use super::keys::Keys;
use super::lexer::Dialect;
use super::queries;
use super::statement::Statement;
use super::value_maps::ValueMaps;
use crate::domain::{Error, Problem, StudentId};
use crate::source::rows::Entity;
use std::path::{Path, PathBuf};
use toml::Value;

/// A longer configuration is none that a person wrote.
const LONGEST: u64 = 1_000_000;

/// How ids are bound: as the column that they are compared with holds them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdKind {
    Text,
    Integer,
}

/// The number that an id is bound as; none where it is not that number's own writing: `007` is nobody, not student 7.
pub fn whole(id: &StudentId) -> Option<i64> {
    id.as_str().parse::<i64>().ok().filter(|number| number.to_string() == id.as_str())
}

/// A configuration, sound as far as can be told without the database.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// None where the caller has a connection already.
    pub address: Option<Address>,
    /// Of the file: relative paths in it begin here.
    pub folder: PathBuf,
    pub ids: IdKind,
    /// One for each entity that the institution has, in the order of `Entity::ALL`.
    pub statements: Vec<(Entity, Statement)>,
    /// Gives all student ids.
    pub listing: Option<Statement>,
    pub maps: ValueMaps,
}

/// Who asks: a driver of ours by its URL, or one of Python's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Url,
    Connection,
}

impl Configuration {
    /// Reads the file; everything wrong with it is listed at once.
    pub fn open(path: &Path, environment: Environment<'_>, reach: Reach) -> Result<Configuration, Error> {
        let text = read_file(path).map_err(|problem| Error::SourceConfiguration(vec![problem]))?;
        let folder = std::path::absolute(path).ok().and_then(|path| path.parent().map(Path::to_owned));
        Configuration::read(&text, &folder.unwrap_or_default(), environment, reach)
    }

    /// As `open`, of a text whose relative paths begin in `folder`.
    pub fn read(text: &str, folder: &Path, environment: Environment<'_>, reach: Reach) -> Result<Configuration, Error> {
        let mut problems = Vec::new();
        let read = parse(text)
            .map_err(|problem| problems.push(problem))
            .ok()
            .and_then(|table| of_table(&table, folder, environment, reach, &mut problems));
        read.filter(|_| problems.is_empty()).ok_or(Error::SourceConfiguration(problems))
    }
}

/// A configuration file as it stands, whatever it describes.
pub struct File {
    pub table: toml::Table,
    /// Where relative paths in it begin.
    pub folder: PathBuf,
}

impl Configuration {
    /// The file's table, before anything in it is judged.
    pub fn file(path: &Path) -> Result<File, Error> {
        let table = read_file(path).and_then(|text| parse(&text));
        let table = table.map_err(|problem| Error::SourceConfiguration(vec![problem]))?;
        let folder = std::path::absolute(path).ok().and_then(|path| path.parent().map(Path::to_owned));
        Ok(File { table, folder: folder.unwrap_or_default() })
    }
}

fn read_file(path: &Path) -> Result<String, Problem> {
    let wrong = |message: &str| Problem::new("no-file", path.display().to_string(), message);
    let known = std::fs::metadata(path).map_err(|_| wrong("is not there, or may not be read"))?;
    if !known.is_file() || known.len() > LONGEST {
        return Err(wrong("is no file of at most 1 MB"));
    }
    std::fs::read_to_string(path).map_err(|_| wrong("cannot be read as UTF-8"))
}

fn parse(text: &str) -> Result<toml::Table, Problem> {
    text.parse().map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        // The parser's own words may quote the line, and with it a password.
        Problem::new("not-toml", format!("line {line}"), "is not TOML")
    })
}

fn of_table(
    table: &toml::Table,
    folder: &Path,
    environment: Environment<'_>,
    reach: Reach,
    problems: &mut Vec<Problem>,
) -> Option<Configuration> {
    Keys::of(table, "").refuse_others(&["source"], problems);
    let source = Keys::of(table, "").table("source", problems);
    let Some(source) = source else {
        problems.push(Problem::new("missing", "source", "is a table that must be there"));
        return None;
    };
    source.refuse_others(&["url", "id_type", "absent", "views", "query", "map"], problems);
    let url = source.text("url", problems);
    let address = match reach {
        Reach::Url => Address::read(url, environment, problems),
        Reach::Connection => None,
    };
    let dialect = match (reach, &address) {
        (Reach::Connection, _) => Some(Dialect::Any),
        (Reach::Url, Some(address)) => address.dialect().or_else(|| {
            let message = "begins with none of sqlite://, postgresql://, mysql://";
            problems.push(Problem::new("bad-url", "source.url", message));
            None
        }),
        (Reach::Url, None) => {
            if url.is_none() {
                let message = "must be there, or REGISTRARY_SOURCE__URL in the environment";
                problems.push(Problem::new("missing", "source.url", message));
            }
            None
        }
    };
    let ids = match source.text("id_type", problems) {
        None | Some("text") => IdKind::Text,
        Some("integer") => IdKind::Integer,
        Some(_) => {
            problems.push(Problem::new("unknown-word", "source.id_type", "is neither text nor integer"));
            IdKind::Text
        }
    };
    let absent = absent(&source, problems);
    // Where the address is wrong, the queries are read all the same, for their problems.
    let read = queries::read(&source, folder, &absent, dialect.unwrap_or(Dialect::Any), problems);
    let map = source.table("map", problems);
    let maps = map.map(|map| ValueMaps::read(map.table, problems)).unwrap_or_default();
    let folder = folder.to_owned();
    Some(Configuration { address, folder, ids, statements: read.statements, listing: read.listing, maps })
}

/// The entities that the institution says it has not.
fn absent(source: &Keys<'_>, problems: &mut Vec<Problem>) -> Vec<Entity> {
    let Some(given) = source.table.get("absent") else { return Vec::new() };
    let words = given.as_array().map(Vec::as_slice).unwrap_or_default();
    if !given.is_array() {
        problems.push(Problem::new("not-a-list", "source.absent", "is no list of the contract's tables"));
    }
    let mut absent = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let entity = word.as_str().and_then(contract::entity);
        let wrong = |code, message| Problem::new(code, format!("source.absent[{index}]"), message);
        match entity {
            Some(entity) if contract::essential(entity) => {
                problems.push(wrong("missing", "is a table that no record is made without"));
            }
            Some(entity) => absent.push(entity),
            None => problems.push(wrong("unknown-table", "is none of the contract's tables")),
        }
    }
    absent
}

/// Whether a value is a switch that is on.
pub(super) fn is_on(value: &Value) -> bool {
    matches!(value, Value::Boolean(true))
}
