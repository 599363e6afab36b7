//! The house rules that a compiler does not hold: which room may name which, words that stay out, and sizes.

use std::fs;
use std::path::{Path, PathBuf};

/// What each room may name of the others: downhill only (ARCHITECTURE.md, "Rooms").
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("gpa", &["domain"]),
    ("exchange", &["domain", "gpa"]),
    ("document", &["domain", "gpa", "exchange"]),
    ("pdf", &["domain", "gpa", "exchange", "document"]),
    ("seal", &["domain", "gpa", "exchange", "document", "pdf"]),
    // How a service is asked: sources and verifiers alike.
    ("http", &["domain"]),
    ("source", &["domain", "exchange", "http"]),
    ("sink", &["domain", "seal"]),
    // A verifier shares the resources of the sources.
    ("verifier", &["domain", "seal", "http", "source"]),
    ("service", &["domain", "gpa", "exchange", "document", "pdf", "seal", "http", "source", "sink", "verifier"]),
    (
        "python",
        &["domain", "gpa", "exchange", "document", "pdf", "seal", "http", "source", "sink", "verifier", "service"],
    ),
];

/// Words and the only paths below `src` that may hold them.
const WORDS: &[(&str, &[&str])] = &[
    ("pyo3", &["lib.rs", "python/"]),
    ("tokio", &["http/", "source/", "sink/", "verifier/", "service/", "python/"]),
    ("rayon", &["service/pool.rs", "gpa/batch/"]),
    ("arrow_array", &["gpa/batch/", "python/"]),
    ("arrow_schema", &["gpa/batch/", "python/"]),
    ("reqwest", &["http/", "source/", "verifier/", "service/slot.rs"]),
    ("rusqlite", &["source/"]),
    ("object_store", &["sink/"]),
    ("tokio_postgres", &["source/postgres/"]),
    ("mysql_async", &["source/mysql/"]),
    ("printpdf", &["pdf/"]),
    ("lopdf", &["pdf/"]),
    // Drawings are XML too, whose own reader has to be guarded.
    ("quick_xml", &["exchange/", "document/drawing_elements.rs"]),
    // The bell is an eventfd, which the standard library knows as a file.
    ("std::fs", &["source/", "sink/", "python/bridge/bell.rs"]),
    // The core reads no clock and no environment; service measures.
    ("Instant", &["http/", "source/", "service/", "python/"]),
    // A service may say by date when it wants to be asked again.
    ("SystemTime", &["http/answer.rs", "python/"]),
    // Only the interpreter's own threads enter Python: a thread of ours that attaches dies with the interpreter.
    ("Python::attach", &[]),
    ("Python::try_attach", &[]),
    ("std::env", &[]),
    ("todo!", &[]),
    ("unimplemented!", &[]),
    ("dbg!", &[]),
    ("println!", &[]),
    ("eprintln!", &[]),
];

/// Words that a room may not hold at all.
const NEVER: &[(&str, &[&str])] =
    &[("domain/", &["f32", "f64", "serde", "serde_json"]), ("gpa/", &["f32", "f64"]), ("seal/", &["std::io"])];

/// The one place of such a room where a binary number is read, and only to prove that it is an exact decimal.
const BINARY_NUMBERS: &str = "gpa/batch/credit_cells.rs";

const LONGEST_FILE: usize = 400;
const LONGEST_FUNCTION: usize = 60;

struct Source {
    /// Below the project, with forward slashes.
    path: String,
    text: String,
}

impl Source {
    /// The path below `src`, where it lies there.
    fn place(&self) -> Option<&str> {
        self.path.strip_prefix("src/")
    }

    /// Code without comments and unit tests: what the rules about words look at.
    fn code(&self) -> String {
        let shipped = self.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        shipped.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
    }
}

fn sources() -> Vec<Source> {
    files(&["src", "tests/rust"], "rs")
}

/// The files below the folders whose names end so.
fn files(folders: &[&str], ending: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|its| its == ending) {
                let text = fs::read_to_string(&path).unwrap();
                let path = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                found.push(Source { path, text });
            }
        }
    }
    assert!(found.len() > 30, "the walk over the sources finds too few");
    found
}

/// Whether `word` stands in `text` with no letter, digit or underscore right beside it.
fn holds(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(start, _)| !text[..start].ends_with(part) && !text[start + word.len()..].starts_with(part))
}

fn refuse(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn rooms_name_only_rooms_downhill() {
    let mut faults = Vec::new();
    for source in sources() {
        let Some((room, _)) = source.place().and_then(|place| place.split_once('/')) else { continue };
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
            faults.push(format!("{}: the room {room} is not in the list of rooms", source.path));
            continue;
        };
        let code = source.code();
        let others = ROOMS.iter().map(|(name, _)| *name).filter(|name| *name != room && !allowed.contains(name));
        let named = others.filter(|other| holds(&code, &format!("crate::{other}")));
        faults.extend(named.map(|other| format!("{}: {room} may not name {other}", source.path)));
    }
    refuse(faults);
}

#[test]
fn words_stay_where_they_belong() {
    let mut faults = Vec::new();
    for source in sources() {
        let Some(place) = source.place() else { continue };
        let code = source.code();
        let elsewhere = WORDS.iter().filter(|(_, allowed)| !allowed.iter().any(|path| place.starts_with(path)));
        let here = NEVER.iter().filter(|(room, _)| place.starts_with(room) && place != BINARY_NUMBERS);
        let here = here.flat_map(|(_, words)| words.iter());
        let forbidden = elsewhere.map(|(word, _)| word).chain(here);
        faults.extend(forbidden.filter(|word| holds(&code, word)).map(|word| format!("{}: {word}", source.path)));
    }
    refuse(faults);
}

#[test]
fn files_say_their_job_and_stay_small() {
    let mut faults = Vec::new();
    for source in sources() {
        let length = source.text.lines().count();
        if length > LONGEST_FILE {
            faults.push(format!("{}: {length} lines", source.path));
        }
        if !source.text.starts_with("//! ") {
            faults.push(format!("{}: the first line does not say the file's job", source.path));
        }
        // Tests hold records as long functions: those are tables of data.
        let measured = source.place().map_or(Vec::new(), |_| functions(&source.text));
        let long = measured.into_iter().filter(|(_, length)| *length > LONGEST_FUNCTION);
        faults.extend(long.map(|(name, length)| format!("{}: fn {name} has {length} lines", source.path)));
    }
    refuse(faults);
}

#[test]
fn files_of_python_say_their_job_and_stay_small() {
    let mut faults = Vec::new();
    for source in files(&["python", "tests/python", "benchmarks", "examples"], "py") {
        let length = source.text.lines().count();
        if length > LONGEST_FILE {
            faults.push(format!("{}: {length} lines", source.path));
        }
        if !source.text.starts_with("\"\"\"") {
            faults.push(format!("{}: the first line does not say the file's job", source.path));
        }
    }
    refuse(faults);
}

/// Names of functions and how many lines each has, by the indentation that rustfmt gives them.
fn functions(text: &str) -> Vec<(&str, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some((before, after)) = line.split_once("fn ") else { continue };
        let modifiers = ["pub", "pub(crate)", "pub(super)", "const", "async", "unsafe", "extern", "\"C\""];
        if !before.split_whitespace().all(|word| modifiers.contains(&word)) {
            continue;
        }
        let closing = format!("{}}}", &line[..line.len() - line.trim_start().len()]);
        let length = lines[start..].iter().position(|line| *line == closing);
        let name = after.split(['(', '<']).next().unwrap_or_default();
        // A signature or a body on the line itself has no closing line of its own.
        let whole = line.ends_with('}') || line.ends_with(';');
        found.extend(length.filter(|_| !whole).map(|length| (name, length + 1)));
    }
    found
}

#[test]
fn the_rules_notice_what_they_forbid() {
    assert!(holds("use crate::gpa::Policy;", "crate::gpa") && !holds("use crate::gpas;", "crate::gpa"));
    assert!(holds("let x: f64 = 1.0;", "f64") && !holds("as_secs_f64()", "f64"));
    let long = format!("    pub async fn a(x: u8) {{\n{}    }}\n", "        b();\n".repeat(60));
    assert_eq!(functions(&long), [("a", 62)]);
    assert_eq!(functions("fn one() {}\nfn two() {\n}\n"), [("two", 2)]);
}
