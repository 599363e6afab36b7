//! The sample campus read as if it were somebody's own schema.

use super::{refused, told};
use registrary::domain::{Error, StudentId, StudentRecord};
use registrary::source::{Report, Resources, Source, SqliteSource, campus, own_schema};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

fn wait<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async { tokio::time::timeout(Duration::from_secs(60), work).await.expect("a test hangs") })
}

/// A folder with the campus and a configuration.
fn folder(configuration: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    campus::build(folder.path().join("campus.db"), campus::LEAST).unwrap();
    std::fs::write(folder.path().join("registrary.toml"), configuration).unwrap();
    folder
}

fn open(folder: &Path) -> Result<Arc<dyn Source>, Error> {
    own_schema::open(&folder.join("registrary.toml"), &|_| None)
}

fn all(source: &dyn Source) -> (Vec<StudentId>, Vec<Result<StudentRecord, Error>>) {
    wait(async {
        let resources = Resources::new().unwrap();
        let ids = source.student_ids(&resources).await.unwrap();
        let mut records = Vec::new();
        for group in ids.chunks(source.group_size()) {
            records.extend(source.fetch(&resources, group).await);
        }
        (ids, records)
    })
}

fn examined(source: &dyn Source) -> Report {
    wait(async { source.examine(&Resources::new().unwrap()).await.unwrap() })
}

#[test]
fn views_of_the_contract_give_every_record() {
    let folder = folder("[source]\nurl = 'sqlite:///campus.db'\nviews = true\n");
    let (source, campus) = (open(folder.path()).unwrap(), SqliteSource::campus());
    let (mut ids, records) = all(source.as_ref());
    assert_eq!(ids.len(), campus::LEAST);
    let expected = wait(async { campus.fetch(&Resources::new().unwrap(), &ids).await });
    for (id, (given, expected)) in ids.iter().zip(records.into_iter().zip(expected)) {
        assert_eq!(given.unwrap(), expected.unwrap(), "{}", id.as_str());
    }
    ids.push(StudentId::new("no-such").unwrap());
    let unknown = wait(async { source.fetch(&Resources::new().unwrap(), &ids[ids.len() - 1..]).await }).pop().unwrap();
    assert_eq!(unknown.err(), Some(Error::RecordNotFound));
    let report = examined(source.as_ref());
    assert!(report.passed(), "{report:#?}");
    assert_eq!((report.students, report.sound), (100, 100));
}

/// The campus in queries that rename, code and leave out.
const QUERIES: &str = "[source]
url = 'sqlite:///campus.db'
absent = ['institution', 'programs', 'transfer_blocks', 'balances', 'awards', 'holds', 'notes', 'stated_totals']
[source.query]
student_ids = 'SELECT id FROM students'
students = 'SELECT id, 1 AS sample FROM students WHERE id IN (:student_ids)'
names = \"SELECT student, kind, given, family, whole FROM names WHERE kind = 'legal' AND student IN (:student_ids)\"
terms = \"SELECT student, 'T' || seq AS seq, designator, name, upper(level) AS level FROM terms WHERE student IN (:student_ids)\"
attempts = \"SELECT student, block_kind, 'T' || block AS block, seq, title, unit, credits * 1.0 AS credits, grade, \
            grade AS status FROM attempts WHERE block_kind = 'term' AND student IN (:student_ids)\"
[source.map.level]
UNDERGRADUATE = 'undergraduate'
GRADUATE = 'graduate'
LAW = 'law'
MEDICINE = 'medicine'
[source.map.status]
W = 'withdrew'
I = 'incomplete'
";

#[test]
fn codes_that_no_map_names_are_refused_and_counted() {
    let folder = folder(QUERIES);
    let source = open(folder.path()).unwrap();
    let record = wait(async { source.fetch(&Resources::new().unwrap(), &[StudentId::new("104").unwrap()]).await });
    let Some(Err(Error::MalformedRecord(problems))) = record.into_iter().next() else { panic!("no refusal") };
    assert!(problems.iter().all(|problem| problem.code == "unmapped-value"), "{problems:?}");
    assert!(problems[0].place.starts_with("attempts[") && problems[0].place.ends_with("].status"), "{problems:?}");
    let report = examined(source.as_ref());
    let found = report.findings.iter().find(|finding| finding.code == "unmapped-value").unwrap();
    assert_eq!(found.place, "attempts.status");
    assert!(found.message.contains("\"A-\" ") && !found.message.contains("\"W\""), "{}", found.message);
    assert!(found.count > 1000, "{}", found.count);
    let binary = report.findings.iter().find(|finding| finding.code == "binary-number").unwrap();
    assert_eq!(binary.place, "attempts.credits");
    assert!(!report.passed() && report.sound < report.students, "{report:#?}");
}

#[test]
fn keys_may_be_codes_and_short_binary_numbers_are_decimals() {
    let text =
        QUERIES.replace(", grade AS status", "").replace("[source.map.status]\nW = 'withdrew'\nI = 'incomplete'\n", "");
    let text = text.replace("grade,", "grade").replace("grade AS status", "");
    let folder = folder(&text);
    let (source, campus) = (open(folder.path()).unwrap(), SqliteSource::campus());
    let (ids, records) = all(source.as_ref());
    let expected = wait(async { campus.fetch(&Resources::new().unwrap(), &ids).await });
    for (given, expected) in records.into_iter().zip(expected) {
        let (given, expected) = (given.unwrap(), expected.unwrap());
        let courses = |record: &StudentRecord| -> Vec<_> {
            let attempts = record.terms.iter().flat_map(|term| term.attempts.iter().map(move |a| (term.designator, a)));
            attempts.map(|(term, a)| (term, a.course.title.clone(), a.credits, a.grade.clone())).collect()
        };
        assert_eq!(courses(&given), courses(&expected));
    }
}

#[test]
fn wrong_columns_are_told_in_the_words_of_the_contract() {
    let text = QUERIES
        .replace("kind, given, family", "given, family AS surname")
        .replace("SELECT id, 1", "SELECT id, birth, birth, 1");
    let folder = folder(&text);
    let source = open(folder.path()).unwrap();
    let expected =
        [("repeated-column", "students.birth"), ("unknown-column", "names.surname"), ("missing-column", "names.kind")];
    let record = wait(async { source.fetch(&Resources::new().unwrap(), &[StudentId::new("101").unwrap()]).await });
    assert_eq!(told(&refused(record.into_iter().next().unwrap())), expected);
    let report = examined(source.as_ref());
    for (code, place) in expected {
        assert!(report.findings.iter().any(|finding| (finding.code.as_str(), finding.place.as_str()) == (code, place)));
    }
}

#[test]
fn a_query_that_gives_other_students_is_refused() {
    let text = QUERIES.replace("AND student IN (:student_ids)\"\nterms", "AND 1 OR student IN (:student_ids)\"\nterms");
    let folder = folder(&text);
    let source = open(folder.path()).unwrap();
    let record = wait(async { source.fetch(&Resources::new().unwrap(), &[StudentId::new("101").unwrap()]).await });
    assert_eq!(told(&refused(record.into_iter().next().unwrap())), [("foreign-student", "names.student")]);
}

#[test]
fn a_failing_query_is_told_and_keeps_no_other_back() {
    let folder = folder(&QUERIES.replace("FROM terms", "FROM semesters"));
    let report = examined(open(folder.path()).unwrap().as_ref());
    let failed: Vec<_> = report.findings.iter().filter(|finding| finding.code == "query-failed").collect();
    assert_eq!(failed.len(), 1);
    assert!(failed[0].place == "terms" && failed[0].message.contains("no such table: semesters"), "{failed:?}");
    assert!(report.tables.iter().any(|table| table.name == "attempts" && table.rows > Some(1000)));
}
