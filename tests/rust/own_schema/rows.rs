//! Rows of queries into records: keys that stand for nothing, rows given twice, ids asked for twice.

use registrary::domain::{Error, StudentId, StudentRecord};
use registrary::source::Resources;
use registrary::source::own_schema::{self, OwnCell, RawAnswer, ValueMaps, records};
use registrary::source::rows::Entity;
use std::time::Duration;

/// An answer from its columns and rows, cells apart by blanks; `~` is null, a number is an integer.
fn answer(entity: Entity, text: &str) -> (Entity, RawAnswer) {
    let cell = |word: &str| match (word, word.parse::<i64>()) {
        ("~", _) => OwnCell::Null,
        (_, Ok(number)) => OwnCell::Integer(number),
        _ => OwnCell::text(word),
    };
    let mut lines = text.lines().map(str::trim);
    let columns = lines.next().unwrap().split_whitespace().map(str::to_owned).collect();
    let rows = lines.map(|line| line.split_whitespace().map(cell).collect()).collect();
    (entity, RawAnswer { columns, rows })
}

const TERM: &str = "student seq designator name level\n1 1 2024-08 Fall undergraduate";
const ATTEMPT: &str = "student block_kind block seq title unit credits grade\n1 term 1 1 Botany semester 3 A";

fn made(ids: &[&str], more: Vec<(Entity, RawAnswer)>) -> Vec<Result<StudentRecord, Error>> {
    let mut given = vec![
        answer(Entity::Students, "id\n1\n2"),
        answer(Entity::Names, "student kind family\n1 legal Ashgrove\n2 legal Birch"),
    ];
    given.extend(more);
    let answers = given.into_iter().map(|(entity, raw)| raw.shaped(entity).unwrap()).collect();
    let ids: Vec<StudentId> = ids.iter().map(|id| StudentId::new(id).unwrap()).collect();
    records(&ValueMaps::read(&toml::Table::new(), &mut Vec::new()), answers, &ids)
}

/// Codes and places of what is wrong with student 1; student 2 is always sound.
fn problems(more: Vec<(Entity, RawAnswer)>) -> Vec<(&'static str, String)> {
    let mut both = made(&["1", "2"], more).into_iter();
    let first = both.next().unwrap();
    both.next().unwrap().unwrap();
    match first {
        Ok(_) => Vec::new(),
        Err(Error::MalformedRecord(problems)) => problems.into_iter().map(|p| (p.code, p.place)).collect(),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn an_owner_with_the_key_0_takes_nothing_that_is_of_the_record() {
    let awards = |key: &str| answer(Entity::Awards, &format!("student seq title\n1 {key} Bachelor"));
    let programs = answer(Entity::Programs, "student award kind name\n1 ~ major Botany");
    assert_eq!(problems(vec![awards("1"), programs.clone()]), []);
    assert_eq!(problems(vec![awards("0"), programs]), [("bad-key", "awards[0].seq".to_owned())]);
    let terms = answer(Entity::Terms, &TERM.replace("\n1 1", "\n1 0"));
    assert_eq!(problems(vec![terms]), [("bad-key", "terms[0].seq".to_owned())]);
}

#[test]
fn a_row_that_a_join_gives_twice_is_refused() {
    let terms = || answer(Entity::Terms, TERM);
    let twice = format!("{ATTEMPT}\n1 term 1 1 Botany semester 3 A");
    assert_eq!(problems(vec![terms(), answer(Entity::Attempts, ATTEMPT)]), []);
    let told = problems(vec![terms(), answer(Entity::Attempts, &twice)]);
    assert_eq!(told, [("repeated-key", "attempts[1].seq".to_owned())]);
    let holds = answer(Entity::Holds, "student seq code blocks_transcript\n1 4 LIB 0\n1 4 LIB 0");
    assert_eq!(problems(vec![holds]), [("repeated-key", "holds[1].seq".to_owned())]);
    // The same number under another owner is another row.
    let terms = answer(Entity::Terms, &format!("{TERM}\n1 2 2025-01 Spring undergraduate"));
    let other = answer(Entity::Attempts, &format!("{ATTEMPT}\n1 term 2 1 Botany semester 3 A"));
    assert_eq!(problems(vec![terms, other]), []);
}

#[test]
fn an_id_asked_for_twice_has_its_record_twice() {
    let made = made(&["1", "2", "1"], Vec::new());
    let ids: Vec<String> = made.into_iter().map(|record| record.unwrap().student.id.as_str().to_owned()).collect();
    assert_eq!(ids, ["1", "2", "1"]);
}

#[test]
fn keys_of_numbers_and_words_have_one_order() {
    let keys = ["10", "9", "9a", "1b", "100", "z", "2", "a", "11x", "3", "20", "1", "0y", "5", "50c", "6", "7", "8q"];
    let rows: Vec<String> = keys.iter().enumerate().map(|(at, key)| format!("1 {key} n{at}")).collect();
    let notes = answer(Entity::Notes, &format!("student seq note\n{}", rows.join("\n")));
    let note = |record: StudentRecord| record.notes.iter().map(|note| note.as_str().to_owned()).collect::<Vec<_>>();
    let first = note(made(&["1", "2"], vec![notes.clone()]).remove(0).unwrap());
    let mut backwards = notes;
    backwards.1.rows.reverse();
    assert_eq!(note(made(&["1", "2"], vec![backwards]).remove(0).unwrap()), first);
}

#[test]
fn a_second_row_of_the_institution_is_refused() {
    let institution = answer(Entity::Institution, "student name\n1 Alder\n1 Birch");
    assert_eq!(problems(vec![institution]), [("repeated-institution", "institution".to_owned())]);
}

/// What becomes of these ids in a small database of an own schema, each by itself.
fn fetched(kind: &str, schema: &str, ids: &[&str]) -> Vec<&'static str> {
    let folder = tempfile::tempdir().unwrap();
    let connection = rusqlite::Connection::open(folder.path().join("small.db")).unwrap();
    connection.execute_batch(schema).unwrap();
    let absent = Entity::ALL.map(|entity| format!("'{}'", entity.table()));
    let kept = ["'students'", "'names'"];
    let absent: Vec<_> = absent.into_iter().filter(|table| !kept.contains(&table.as_str())).collect();
    let text = format!(
        "[source]\nurl = 'sqlite:///small.db'\nid_type = '{kind}'\nabsent = [{}]\n[source.query]\n\
         students = 'SELECT id FROM s WHERE id IN (:student_ids)'\n\
         names = \"SELECT id AS student, 'legal' AS kind, json_extract(name, '$') AS family FROM s \
         WHERE id IN (:student_ids)\"\n",
        absent.join(", ")
    );
    std::fs::write(folder.path().join("registrary.toml"), text).unwrap();
    let source = own_schema::open(&folder.path().join("registrary.toml"), &|_| None).unwrap();
    let ids: Vec<StudentId> = ids.iter().map(|id| StudentId::new(id).unwrap()).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let asked = async { source.fetch(&Resources::new().unwrap(), &ids).await };
    let made = runtime.block_on(async { tokio::time::timeout(Duration::from_secs(60), asked).await.unwrap() });
    made.into_iter().map(|made| made.map_or_else(|error| error.code(), |_| "made")).collect()
}

#[test]
fn an_id_that_is_not_the_writing_of_its_number_is_nobody() {
    let schema = "CREATE TABLE s (id INTEGER, name TEXT); INSERT INTO s VALUES (7, '\"Ash\"'), (8, '\"Birch\"');";
    let made = fetched("integer", schema, &["8", "007", "7", "+8"]);
    assert_eq!(made, ["made", "record-not-found", "made", "record-not-found"]);
}

#[test]
fn one_students_rows_keep_nobody_elses_record_back() {
    let schema = "CREATE TABLE s (id TEXT COLLATE NOCASE, name TEXT);
        INSERT INTO s VALUES ('a', '\"Ash\"'), ('b', '\"Birch\"'), ('c', 'not JSON'), ('d', '\"Dogwood\"');";
    // The database takes B for b: whose rows these are cannot be told.
    assert_eq!(fetched("text", schema, &["a", "B", "d"]), ["made", "source-configuration", "made"]);
    // A query fails at a row.
    assert_eq!(fetched("text", schema, &["a", "b", "c", "d"]), ["made", "made", "source-unavailable", "made"]);
}
