//! The queries of a configuration: written there, in files beside it, or made for views.

use super::configuration::is_on;
use super::contract;
use super::keys::Keys;
use super::lexer::{Dialect, Fault};
use super::statement::Statement;
use crate::domain::Problem;
use crate::source::rows::Entity;
use std::path::{Component, Path};
use toml::Value;

/// The key of the query that lists all students.
const LISTING: &str = "student_ids";

/// A longer file is no query.
const LONGEST: u64 = 100_000;

#[derive(Default)]
pub struct Queries {
    pub statements: Vec<(Entity, Statement)>,
    pub listing: Option<Statement>,
}

/// Each of the contract's tables must be queried, or named absent: a hold that was forgotten would let a transcript go.
pub fn read(
    source: &Keys<'_>,
    folder: &Path,
    absent: &[Entity],
    dialect: Dialect,
    problems: &mut Vec<Problem>,
) -> Queries {
    let views = source.table.get("views").filter(|views| **views != Value::Boolean(false));
    let written = source.table("query", problems);
    match (views, written) {
        (Some(views), None) => of_views(views, source, absent, dialect, problems),
        (None, Some(written)) => of_texts(&written, folder, absent, dialect, problems),
        (None, None) => {
            let message = "must be there, or views = true";
            problems.push(Problem::new("missing", "source.query", message));
            Queries::default()
        }
        (Some(_), Some(_)) => {
            problems.push(Problem::new(
                "both",
                "source.query",
                "stands beside views: one of the two says where rows are",
            ));
            Queries::default()
        }
    }
}

fn of_texts(
    written: &Keys<'_>,
    folder: &Path,
    absent: &[Entity],
    dialect: Dialect,
    problems: &mut Vec<Problem>,
) -> Queries {
    let known: Vec<&str> = Entity::ALL.into_iter().map(Entity::table).chain([LISTING]).collect();
    written.refuse_others(&known, problems);
    let mut queries = Queries::default();
    for entity in Entity::ALL {
        let (key, place) = (entity.table(), written.place(entity.table()));
        let given = written.table.get(key);
        match (given, absent.contains(&entity)) {
            (Some(given), false) => {
                let sql = text_of(given, &place, folder, problems);
                let read = sql.and_then(|sql| told(Statement::of_students(&sql, dialect), &place, problems));
                queries.statements.extend(read.map(|statement| (entity, statement)));
            }
            (Some(_), true) => problems.push(Problem::new("both", place, "is queried and named absent")),
            (None, true) => {}
            (None, false) => {
                let advice = if contract::essential(entity) { "" } else { ", or be named in source.absent" };
                problems.push(Problem::new("missing", place, format!("is a query that must be there{advice}")));
            }
        }
    }
    let place = written.place(LISTING);
    let sql = written.table.get(LISTING).and_then(|given| text_of(given, &place, folder, problems));
    queries.listing = sql.and_then(|sql| told(Statement::of_all(&sql, dialect), &place, problems));
    queries
}

fn told(read: Result<Statement, Vec<Fault>>, place: &str, problems: &mut Vec<Problem>) -> Option<Statement> {
    let faults = |faults: Vec<Fault>| {
        problems.extend(faults.into_iter().map(|(code, message)| Problem::new(code, place, message)));
    };
    read.map_err(faults).ok()
}

/// The SQL itself, or that of a file in the configuration's folder or below.
fn text_of(given: &Value, place: &str, folder: &Path, problems: &mut Vec<Problem>) -> Option<String> {
    let mut wrong = |code, message: &str| {
        problems.push(Problem::new(code, place, message));
        None
    };
    let file = match given {
        Value::String(sql) => return Some(sql.clone()),
        Value::Table(table) if table.len() == 1 => table.get("file").and_then(Value::as_str),
        _ => None,
    };
    let Some(file) = file else { return wrong("not-a-query", "is neither SQL nor { file = \"…\" }") };
    let inside = Path::new(file).components().all(|part| matches!(part, Component::Normal(_)));
    if !inside {
        return wrong("outside", "names a file that is not in the configuration's folder");
    }
    let within = |path: &Path| path.canonicalize().ok();
    let Some(path) = within(&folder.join(file)).filter(|path| path.is_file()) else {
        return wrong("no-file", "names a file that is not there");
    };
    // A link may lead out of the folder.
    if !within(folder).is_some_and(|folder| path.starts_with(folder)) {
        return wrong("outside", "names a file that is not in the configuration's folder");
    }
    if std::fs::metadata(&path).map_or(u64::MAX, |known| known.len()) > LONGEST {
        return wrong("too-long", "names a file of more than 100,000 bytes");
    }
    match std::fs::read_to_string(&path) {
        Ok(sql) => Some(sql),
        Err(_) => wrong("no-file", "names a file that cannot be read as UTF-8"),
    }
}

/// Views have the contract's names, in a schema or behind a prefix where they need one.
fn of_views(
    views: &Value,
    source: &Keys<'_>,
    absent: &[Entity],
    dialect: Dialect,
    problems: &mut Vec<Problem>,
) -> Queries {
    let place = source.place("views");
    let (schema, prefix) = match views {
        Value::Table(table) => {
            let keys = Keys::of(table, &place);
            keys.refuse_others(&["schema", "prefix"], problems);
            (keys.text("schema", problems), keys.text("prefix", problems).unwrap_or_default())
        }
        on if is_on(on) => (None, ""),
        _ => {
            problems.push(Problem::new("bad-views", place, "is neither true nor a table of schema and prefix"));
            return Queries::default();
        }
    };
    let schema = schema.map(|schema| schema.split('.').collect::<Vec<_>>()).unwrap_or_default();
    let sound = schema.len() <= 2 && schema.iter().all(|name| is_identifier(name));
    if !sound || !(prefix.is_empty() || is_identifier(prefix)) {
        let message = "holds a name that is none: letters, digits and _, not a digit first, at most 63";
        problems.push(Problem::new("bad-identifier", place, message));
        return Queries::default();
    }
    let named = |entity: Entity| {
        let parts = schema.iter().map(|name| quoted(name, dialect));
        let table = quoted(&format!("{prefix}{}", entity.table()), dialect);
        parts.chain([table]).collect::<Vec<_>>().join(".")
    };
    let statement =
        |sql: String, problems: &mut Vec<Problem>| told(Statement::of_students(&sql, dialect), &place, problems);
    let mut queries = Queries::default();
    for entity in Entity::ALL.into_iter().filter(|entity| !absent.contains(entity)) {
        let student = quoted(entity.student(), dialect);
        let sql = match entity {
            Entity::Institution => {
                let [id, institution, own] = ["id", "institution", "student"].map(|name| quoted(name, dialect));
                format!(
                    "SELECT s.{id} AS {own}, i.* FROM {} i JOIN {} s ON s.{institution} = i.{id} \
                     WHERE s.{id} IN (:student_ids)",
                    named(entity),
                    named(Entity::Students)
                )
            }
            _ => format!("SELECT * FROM {} WHERE {student} IN (:student_ids)", named(entity)),
        };
        queries.statements.extend(statement(sql, problems).map(|statement| (entity, statement)));
    }
    let all = format!("SELECT {} FROM {}", quoted("id", dialect), named(Entity::Students));
    queries.listing = told(Statement::of_all(&all, dialect), &place, problems);
    queries
}

/// `^[A-Za-z_][A-Za-z0-9_]{0,62}$`.
fn is_identifier(name: &str) -> bool {
    let first = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    first && name.len() <= 63 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// As the database takes a name literally. Behind a driver of Python's nobody knows how: there the name stands plain,
/// which its form allows.
fn quoted(name: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite | Dialect::Postgres => format!("\"{name}\""),
        Dialect::MySql => format!("`{name}`"),
        Dialect::Any => name.to_owned(),
    }
}
