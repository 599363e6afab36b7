//! Databases that are right, wrong, changed while open, or no databases at all.

use super::{id, ids, one, problems, reason, wait};
use proptest::prelude::*;
use registrary::domain::{Error, StudentRecord, Text};
use registrary::source::sqlite::{SCHEMA, write};
use registrary::source::{MemorySource, Resources, Source, SqliteSource, campus};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A new database of the published schema, filled by `fill`.
fn database(folder: &Path, fill: impl FnOnce(&Connection)) -> PathBuf {
    let path = folder.join("records.db");
    let connection = Connection::open(&path).unwrap();
    // What survives a power cut is not in question here.
    connection.execute_batch("PRAGMA synchronous = OFF").unwrap();
    connection.execute_batch(SCHEMA).unwrap();
    fill(&connection);
    path
}

/// Student 1, of the least that a record needs.
const ONE: &str = "INSERT INTO students (id) VALUES ('1');
    INSERT INTO names (student, seq, kind, family) VALUES ('1', 1, 'legal', 'Doe');";

fn fetched(fill: &str) -> Result<StudentRecord, Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = database(folder.path(), |connection| {
        // What the checks of the schema refuse must also be refused when it comes from elsewhere.
        connection.execute_batch("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF").unwrap();
        connection.execute_batch(ONE).unwrap();
        connection.execute_batch(fill).unwrap();
    });
    wait(one(&SqliteSource::open(path).unwrap(), "1"))
}

#[test]
fn the_least_record_is_read() {
    let record = fetched("").unwrap();
    assert_eq!(record.student.names.legal.printed(), "Doe");
    assert!(!record.sample && record.terms.is_empty() && record.institution.is_none());
}

#[test]
fn every_problem_is_listed_with_its_place() {
    let wrong = fetched(
        "INSERT INTO terms (student, seq, designator, name, begins, ends, level) VALUES
           ('1', 10, '2024-08', 'Fall 2024', '2024-08-26', '2024-01-01', 'undergraduate'),
           ('1', 20, '2024-13', 'Spring 2025', NULL, NULL, 'Under Graduate');
         INSERT INTO attempts (student, block_kind, block, seq, subject, unit, credits, credits_earned, grade, status, repeat) VALUES
           ('1', 'term', 10, 1, 'MATH', 'semester', 3.5, NULL, 'A', 'completed', NULL),
           ('1', 'term', 10, 2, NULL, 'semester', '3.0', '-1', 'ABCDEFGHIJKLMNOPQ', 'done', 'E'),
           ('1', 'term', 20, 1, '', 'furlong', 'three', NULL, 'A', NULL, NULL),
           ('1', 'term', 30, 1, 'HIST', 'semester', 3, NULL, 'A', NULL, NULL),
           ('1', 'seminar', 10, 1, 'HIST', 'semester', 3, NULL, 'A', NULL, NULL);
         INSERT INTO holds (student, seq, code, blocks_transcript) VALUES ('1', 1, 'BURSAR', 2);
         UPDATE students SET birth = '2001-02-30', sample = 7, institution = 99;",
    );
    let expected = [
        ("bad-date", "birth"),
        ("bad-flag", "sample"),
        ("orphan", "institution"),
        ("bad-dates", "terms[0].ends"),
        ("bad-month", "terms[1].designator"),
        ("bad-level", "terms[1].level"),
        ("unknown-word", "attempts[0].block_kind"),
        ("inexact", "terms[0].attempts[0].credits"),
        ("no-course", "terms[0].attempts[1].title"),
        ("bad-credits", "terms[0].attempts[1].credits_earned"),
        ("bad-grade", "terms[0].attempts[1].grade"),
        ("unknown-word", "terms[0].attempts[1].status"),
        ("unknown-word", "terms[0].attempts[1].repeat"),
        ("bad-text", "terms[1].attempts[0].subject"),
        ("unknown-word", "terms[1].attempts[0].unit"),
        ("bad-decimal", "terms[1].attempts[0].credits"),
        ("orphan", "attempts[4].block"),
        ("bad-flag", "holds[0].blocks_transcript"),
    ];
    let found = problems(wrong);
    let found: Vec<(&str, &str)> = found.iter().map(|(code, place)| (*code, place.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn no_message_holds_a_value() {
    let secret = "Zyzzyva";
    let wrong = fetched(&format!(
        "UPDATE students SET birth = '{secret}', totals = '{secret}';
         INSERT INTO names (student, seq, kind, family) VALUES ('1', 2, '{secret}', '{secret}');
         INSERT INTO terms (student, seq, designator, name, level) VALUES ('1', 1, '{secret}', '{secret}', '{secret}');
         INSERT INTO attempts (student, block_kind, block, seq, subject, unit, credits, grade) VALUES
           ('1', '{secret}', 1, 1, '{secret}', 'semester', '3', 'A'),
           ('1', 'term', 1, 1, '{secret}', '{secret}', '{secret}', '{secret}{secret}{secret}');"
    ));
    assert!(problems(wrong.clone()).len() >= 8);
    let error = wrong.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(secret), "{error}");
}

#[test]
fn blobs_bad_utf_8_and_controls_are_refused() {
    for (cell, code) in
        [("X'00FF'", "not-text"), ("CAST(X'FF41' AS TEXT)", "not-utf8"), ("'a' || char(8238)", "bad-text")]
    {
        // A table of the older, loosely typed kind, as an export may have.
        let wrong = fetched(&format!(
            "DROP TABLE notes; CREATE TABLE notes (student, seq, note);
             INSERT INTO notes VALUES ('1', 1, {cell});"
        ));
        assert_eq!(problems(wrong), [(code, "notes[0].note".to_owned())]);
    }
}

#[test]
fn a_record_has_exactly_one_legal_name() {
    for fill in ["DELETE FROM names", "INSERT INTO names (student, seq, kind, family) VALUES ('1', 2, 'legal', 'Roe')"]
    {
        assert_eq!(problems(fetched(fill)), [("legal-name", "names".to_owned())]);
    }
}

#[test]
fn a_block_with_the_key_0_is_refused() {
    let terms = "INSERT INTO terms (student, seq, designator, name, level) VALUES ('1', 0, '2024-08', 'Fall', 'law');";
    assert_eq!(problems(fetched(terms)), [("bad-key", "terms[0].seq".to_owned())]);
}

/// The published schema has one row a key; a view over an institution's tables may not.
#[test]
fn rows_of_one_key_are_refused() {
    let blocks = "INSERT INTO terms (student, seq, designator, name, level) VALUES
            ('1', 1, '2024-08', 'Fall 2024', 'undergraduate'), ('1', 2, '2025-01', 'Spring 2025', 'undergraduate');
        INSERT INTO transfer_blocks (student, seq, kind, level) VALUES ('1', 1, 'institution', 'undergraduate');
        INSERT INTO attempts (student, block_kind, block, seq, subject, unit, credits) VALUES
            ('1', 'term', 1, 1, 'A', 'semester', '3'), ('1', 'term', 2, 1, 'A', 'semester', '3'),
            ('1', 'term', 2, 2, 'B', 'semester', '3'), ('1', 'transfer', 1, 1, 'A', 'semester', '3');
        INSERT INTO notes VALUES ('1', 1, 'a'), ('1', 2, 'a');";
    assert!(fetched(blocks).is_ok());
    let twice = |table: &str, where_: &str| {
        let once = format!("{blocks} ALTER TABLE {table} RENAME TO once;");
        problems(fetched(&format!(
            "{once} CREATE VIEW {table} AS SELECT * FROM once UNION ALL SELECT * FROM once WHERE {where_};"
        )))
    };
    let repeated = |place: &str| ("repeated-key", place.to_owned());
    assert_eq!(twice("attempts", "block = 2 AND seq = 1"), [repeated("attempts[2].seq")]);
    assert_eq!(twice("attempts", "block_kind = 'transfer'"), [repeated("attempts[4].seq")]);
    assert_eq!(twice("notes", "seq = 2"), [repeated("notes[2].seq")]);
    assert_eq!(twice("terms", "seq = 1")[0], repeated("terms[1].seq"));
}

#[test]
fn the_same_term_twice_is_refused_where_it_would_count_twice() {
    let twice = "INSERT INTO terms (student, seq, designator, name, level) VALUES
        ('1', 1, '2024-08', 'Fall 2024', 'undergraduate'), ('1', 2, '2024-08', 'Fall 2024', 'undergraduate');";
    assert_eq!(problems(fetched(twice)), [("repeated-term", "terms[1]".to_owned())]);
    assert!(fetched(&format!("{twice} UPDATE students SET totals = 'stated'")).is_ok());
}

#[test]
fn a_student_of_too_many_rows_is_refused() {
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
        INSERT INTO notes SELECT '1', i, 'note' FROM n;";
    assert_eq!(problems(fetched(many)), [("too-many-rows", "notes".to_owned())]);
}

#[test]
fn ids_are_bound_never_spliced() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(folder.path(), |connection| connection.execute_batch(ONE).unwrap());
    let source = SqliteSource::open(path).unwrap();
    for raw in ["1' OR '1' = '1", "'; DROP TABLE students; --", "%", "*", "01", "1 AND 1"] {
        assert_eq!(wait(one(&source, raw)), Err(Error::RecordNotFound), "{raw}");
    }
    assert!(wait(one(&source, "1")).is_ok());
}

#[test]
fn answers_stand_in_the_order_asked() {
    wait(async {
        let resources = Resources::new().unwrap();
        let asked = ids(&["103", "nobody", "101", "103"]);
        let answers = SqliteSource::campus().fetch(&resources, &asked).await;
        assert_eq!(answers[1], Err(Error::RecordNotFound));
        for (position, raw) in [(0, "103"), (2, "101"), (3, "103")] {
            assert_eq!(answers[position].as_ref().unwrap().student.id, id(raw));
        }
    });
}

#[test]
fn what_is_no_such_database_is_unavailable_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    assert!(reason(SqliteSource::open(path("missing.db"))).contains("there is no database file"));
    assert!(reason(SqliteSource::open(folder.path())).contains("is not a file"));
    std::fs::write(path("text.db"), "not a database at all, but long enough to look".repeat(40)).unwrap();
    assert!(reason(SqliteSource::open(path("text.db"))).contains("not an SQLite database"));
    Connection::open(path("other.db")).unwrap().execute_batch("CREATE TABLE students (id)").unwrap();
    assert!(reason(SqliteSource::open(path("other.db"))).contains("not of the published schema"));
    let file = database(folder.path(), |c| {
        c.execute_batch("UPDATE meta SET value = '2' WHERE key = 'schema_version'").unwrap()
    });
    assert!(reason(SqliteSource::open(&file)).contains("schema version 2; version 1 is read"));
    let edit = Connection::open(&file).unwrap();
    edit.execute_batch("UPDATE meta SET value = '1' WHERE key = 'schema_version'; DROP TABLE holds").unwrap();
    assert!(reason(SqliteSource::open(&file)).contains("no such table: holds"));
}

#[test]
fn a_file_replaced_while_open_is_read_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(folder.path(), |connection| connection.execute_batch(ONE).unwrap());
    let source = SqliteSource::open(&path).unwrap();
    wait(async {
        let resources = Resources::new().unwrap();
        assert!(source.fetch(&resources, &ids(&["1"])).await[0].is_ok());
        let other = tempfile::tempdir().unwrap();
        let newer = database(other.path(), |connection| {
            connection.execute_batch(&ONE.replace("'1'", "'2'")).unwrap();
        });
        std::fs::copy(newer, folder.path().join("newer.db")).unwrap();
        std::fs::rename(folder.path().join("newer.db"), &path).unwrap();
        assert_eq!(source.fetch(&resources, &ids(&["1"])).await[0], Err(Error::RecordNotFound));
        assert!(source.fetch(&resources, &ids(&["2"])).await[0].is_ok());
        std::fs::remove_file(&path).unwrap();
        assert!(reason(source.fetch(&resources, &ids(&["2"])).await.remove(0)).contains("there is no database file"));
    });
}

#[test]
fn many_tasks_read_at_once() {
    wait(async {
        let resources = std::sync::Arc::new(Resources::new().unwrap());
        let source = std::sync::Arc::new(SqliteSource::campus());
        let tasks: Vec<_> = (101..301)
            .map(|number| {
                let (resources, source) = (resources.clone(), source.clone());
                tokio::spawn(async move { source.fetch(&resources, &[id(&number.to_string())]).await.remove(0) })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
    });
}

#[test]
fn a_dropped_fetch_leaves_the_pool_usable() {
    wait(async {
        let resources = Resources::new().unwrap();
        let source = SqliteSource::campus();
        let all = source.student_ids(&resources).await.unwrap();
        for _ in 0..20 {
            let fetch = source.fetch(&resources, &all);
            assert!(tokio::time::timeout(std::time::Duration::from_micros(200), fetch).await.is_err());
        }
        assert!(source.fetch(&resources, &all[..5]).await.iter().all(Result::is_ok));
    });
}

#[test]
fn the_check_tells_what_is_there() {
    wait(async {
        let lines = SqliteSource::campus().check(&Resources::new().unwrap()).await.unwrap();
        assert!(lines[0].contains("schema version 1"), "{lines:?}");
        assert_eq!(lines[1], "320 students");
        for level in ["undergraduate: ", "graduate: ", "law: ", "medicine: "] {
            assert!(lines.iter().any(|line| line.starts_with(level)), "{level} {lines:?}");
        }
    });
}

static DRAWN: LazyLock<Vec<StudentRecord>> =
    LazyLock::new(|| campus::records(60).unwrap().map(Result::unwrap).collect());

/// A record with any of its free fields changed comes back from the database as it went in.
fn round_trip(record: &StudentRecord) {
    let folder = tempfile::tempdir().unwrap();
    let path = database(folder.path(), |connection| write(connection, record).unwrap());
    let source = SqliteSource::open(path).unwrap();
    let back = wait(one(&source, record.student.id.as_str())).unwrap();
    assert!(back == *record);
}

fn any_text() -> impl Strategy<Value = Text> {
    // Any printable text, quotes and separators of the file's own among it.
    "[\\PC\t\n'\";,|]{1,40}".prop_filter_map("no text", |raw| Text::new(&raw).ok())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn records_come_back_as_they_went_in(
        number in 0usize..60,
        texts in proptest::collection::vec(any_text(), 6),
        micro in -999_999_999_000_000i64..999_999_999_000_000,
        places in 0u8..=6,
        stated: bool,
    ) {
        use registrary::domain::{Decimal, StatedSummary, SummarySpan, TotalsAuthority};
        let mut record = DRAWN[number].clone();
        let value = Decimal::from_micro(micro, places).unwrap();
        record.notes = texts[..3].to_vec();
        record.student.names.native = Some(texts[3].clone());
        let mut institution = campus::institution();
        institution.codes = vec![(texts[4].clone(), texts[5].clone()), (texts[5].clone(), texts[4].clone())];
        record.institution = Some(institution);
        let summary = StatedSummary {
            span: SummarySpan::Term, label: Some(texts[0].clone()), level: None, unit: None,
            credits_attempted: Some(value), credits_earned: None, gpa_hours: Some(value), quality_points: None,
            gpa: Some(value), standing: Some(texts[1].clone()), notes: texts[..2].to_vec(),
        };
        record.stated = vec![summary.clone(); 2];
        if let Some(term) = record.terms.last_mut() {
            term.stated = vec![summary];
            term.programs = texts.clone();
            if let Some(attempt) = term.attempts.last_mut() {
                attempt.mark = Some(value);
                attempt.quality_points = Some(value);
                attempt.supplemental_grade = attempt.grade.clone();
                attempt.notes = texts.clone();
            }
        }
        if stated {
            record.totals = TotalsAuthority::Stated;
        }
        round_trip(&record);
    }
}

#[test]
fn writing_a_student_twice_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let record = campus::records(1).unwrap().next().unwrap().unwrap();
    let path = database(folder.path(), |connection| {
        write(connection, &record).unwrap();
        assert!(reason(write(connection, &record)).contains("there already"));
    });
    assert!(wait(one(&SqliteSource::open(path).unwrap(), "101")).unwrap() == record);
}

#[test]
fn memory_serves_what_it_was_given() {
    let source = MemorySource::new(campus::records(3).unwrap().map(Result::unwrap));
    wait(async {
        let resources = Resources::new().unwrap();
        assert_eq!(source.student_ids(&resources).await.unwrap(), ids(&["101", "102", "103"]));
        let answers = source.fetch(&resources, &ids(&["102", "9"])).await;
        assert_eq!(answers[0].as_ref().unwrap().student.id, id("102"));
        assert_eq!(answers[1], Err(Error::RecordNotFound));
    });
}
