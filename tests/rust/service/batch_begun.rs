//! How a run is begun and found again: whom a query names, the source that it was begun with, and long lines.

use super::batch::{batch, complete, everyone, files, lines, order, run};
use super::records::{Scripted, registrar};
use registrary::domain::Error;
use registrary::service::{Batch, Kind, Registrar};
use registrary::sink::{LocalDisk, NameTemplate};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

fn at(address: &str) -> Registrar {
    registrar(Scripted::generous().at(address))
}

fn begun(folder: &Path) -> Batch {
    batch(folder, Arc::new(LocalDisk), 3)
}

fn refusal(outcome: Result<impl std::fmt::Debug, Error>) -> String {
    let error = outcome.unwrap_err();
    assert_eq!(error.code(), "journal-mismatch", "{error}");
    error.to_string()
}

#[test]
fn another_source_is_another_run() {
    let folder = TempDir::new().unwrap();
    run(at("campus at north"), begun(folder.path())).unwrap();
    for other in [at("campus at south"), everyone()] {
        let told = refusal(run(other, begun(folder.path())));
        assert!(told.contains("another source"), "{told}");
    }
    assert_eq!(run(at("campus at north"), begun(folder.path())).unwrap().resumed, 3);
    // Where it is stands in the journal as a digest alone.
    let journal = std::fs::read_to_string(folder.path().join("run.journal")).unwrap();
    assert!(lines(folder.path(), "with").iter().any(|words| words[1] == "source"));
    assert!(!journal.contains("north"));
}

#[test]
fn a_query_says_who_is_meant_once() {
    let folder = TempDir::new().unwrap();
    let asked = |query: &str| Batch { entries: None, query: Some(query.to_owned()), ..begun(folder.path()) };
    let report = run(everyone(), asked("s3 s1 s3")).unwrap();
    assert_eq!((report.total, report.saved), (2, 2));
    let plan: Vec<_> = lines(folder.path(), "plan").into_iter().map(|words| words[1].clone()).collect();
    assert_eq!(plan, ["s3", "s1"]);
    // It is not put again: the journal's plan counts. Another query is another run, and so is none.
    assert_eq!(run(everyone(), asked("s3 s1 s3")).unwrap().resumed, 2);
    assert!(refusal(run(everyone(), asked("s1"))).contains("another query"));
    assert!(refusal(run(everyone(), Batch { query: None, ..asked("") })).contains("another query"));
    // Whom the caller's own driver found for the same query now is not asked for: the plan is.
    let found = begun(folder.path()).entries;
    assert_eq!(run(everyone(), Batch { entries: found, ..asked("s3 s1 s3") }).unwrap().resumed, 2);
    complete(folder.path(), 2);
}

/// Folders and ids of letters that take several bytes each, and those written as `%C3%A9`, make a line of 5,000 bytes.
#[test]
fn the_longest_names_are_found_again() {
    let folder = TempDir::new().unwrap();
    let segment = format!("{}{{order_id}}", "é".repeat(64));
    let name = NameTemplate::parse(&[segment.as_str(); 8].join("/")).unwrap();
    let long = |last: char| format!("{}{last}", "é".repeat(19));
    let orders = ['a', 'b', 'c'].map(|last| order(&long(last), "s1", Kind::Transcript, "A University"));
    let asked = || Batch { entries: Some(orders.to_vec()), name: name.clone(), ..begun(folder.path()) };
    assert_eq!(run(everyone(), asked()).unwrap().saved, 3);
    let longest = lines(folder.path(), "done").iter().map(|words| words.join(" ").len()).max();
    assert!(longest > Some(4_096), "{longest:?}");
    let again = run(everyone(), asked()).unwrap();
    assert_eq!((again.resumed, again.saved, again.documents.len()), (3, 0, 3));
    assert_eq!(files(&folder.path().join("out")).len(), 3);
}

#[test]
fn an_order_s_id_has_an_end() {
    let folder = TempDir::new().unwrap();
    let asked = |id: &str| {
        let orders = vec![order(id, "s1", Kind::Transcript, "A University")];
        let name = NameTemplate::parse("{order_id}.pdf").unwrap();
        run(everyone(), Batch { entries: Some(orders), name, ..begun(folder.path()) })
    };
    for wrong in ["", "x".repeat(65).as_str()] {
        assert_eq!(asked(wrong).unwrap_err().code(), "configuration");
    }
    assert!(!folder.path().join("run.journal").exists());
    assert_eq!(asked(&"x".repeat(64)).unwrap().saved, 1);
}
