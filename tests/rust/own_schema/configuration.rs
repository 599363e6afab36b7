//! What registrary.toml may say.

use super::{refused, told};
use registrary::domain::Error;
use registrary::source::own_schema::{Configuration, Kind, Reach, columns, essential};
use registrary::source::rows::Entity;
use registrary::source::sqlite;
use std::path::Path;

const ABSENT: &str = "absent = ['institution', 'programs', 'terms', 'transfer_blocks', 'attempts', 'balances', 'awards', \
                      'holds', 'notes', 'stated_totals']\n";

fn read(text: &str) -> Result<Configuration, Error> {
    read_with(text, &|_| None)
}

fn read_with(text: &str, environment: &dyn Fn(&str) -> Option<String>) -> Result<Configuration, Error> {
    Configuration::read(text, Path::new(env!("CARGO_MANIFEST_DIR")), environment, Reach::Url)
}

fn small(more: &str) -> String {
    format!(
        "[source]\nurl = 'sqlite:///x.db'\n{ABSENT}{more}\n[source.query]\n\
         students = 'SELECT id FROM s WHERE id IN (:student_ids)'\n\
         names = 'SELECT student, kind, given FROM n WHERE student IN (:student_ids)'\n"
    )
}

#[test]
fn the_contract_is_the_published_schema() {
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    connection.execute_batch(sqlite::SCHEMA).unwrap();
    for entity in Entity::ALL {
        let sql = format!(
            "SELECT name, \"notnull\" OR pk > 0, dflt_value IS NOT NULL FROM pragma_table_info('{}')",
            entity.table()
        );
        let mut statement = connection.prepare(&sql).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        let published: Vec<(String, bool, bool)> = rows.map(Result::unwrap).collect();
        let mut named: Vec<&str> = columns(entity).iter().map(|column| column.name).collect();
        if entity == Entity::Institution {
            // A row of a query says whose it is instead of being referred to.
            named.retain(|name| *name != "student");
        }
        assert_eq!(named, published.iter().map(|(name, ..)| name.as_str()).collect::<Vec<_>>(), "{entity:?}");
        for (name, required, default) in published {
            let column = columns(entity).iter().find(|column| column.name == name).unwrap();
            // Keys that only order rows may be left out, and those that stand for the record itself.
            let free = default || column.kind == Kind::Key;
            assert!(column.required || !required || free, "{entity:?}.{name} is required");
            assert!(!column.required || required, "{entity:?}.{name} is not required");
            assert!(!entity.required().contains(&column.name) || column.required || free, "{entity:?}.{name}");
        }
        assert_eq!(
            columns(entity).first().map(|column| (column.name, column.kind)),
            Some((entity.student(), Kind::Student))
        );
    }
    assert!(Entity::ALL.into_iter().filter(|entity| essential(*entity)).eq([Entity::Students, Entity::Names]));
}

#[test]
fn everything_wrong_is_told_at_once() {
    let text = "other = 1\n[source]\nurl = 'oracle://db'\nid_type = 'number'\nabsent = ['students', 'majors']\nspeed = 2\n\
                [source.query]\nnames = 'DELETE FROM n'\nstudent = ''\nterms = { file = '../secret.sql' }\n\
                attempts = { file = 'no/such.sql' }\nholds = 3\n\
                [source.map]\nstanding = 'x'\n\
                [source.map.colour]\nR = 'red'\n[source.map.level]\nUG = 'Under Graduate'\n\
                [source.map.\"attempts.status\"]\nW = 'gone'\nQ = { status = 'withdrew', credits = 'x' }\n\
                [source.map.\"holds.blocks_transcript\"]\nY = 'yes'\n";
    let problems = refused(read(text));
    let told = told(&problems);
    for expected in [
        ("unknown-key", "other"),
        ("unknown-key", "source.speed"),
        ("bad-url", "source.url"),
        ("unknown-word", "source.id_type"),
        ("missing", "source.absent[0]"),
        ("unknown-table", "source.absent[1]"),
        ("missing", "source.query.students"),
        ("not-a-query", "source.query.names"),
        ("unknown-key", "source.query.student"),
        ("outside", "source.query.terms"),
        ("no-file", "source.query.attempts"),
        ("not-a-query", "source.query.holds"),
        ("missing", "source.query.balances"),
        ("not-a-table", "source.map.standing"),
        ("unknown-column", "source.map.colour"),
        ("bad-value", "source.map.level.\"UG\""),
        ("bad-value", "source.map.\"attempts.status\".\"W\""),
        ("unknown-column", "source.map.\"attempts.status\".\"Q\""),
        ("bad-value", "source.map.\"holds.blocks_transcript\".\"Y\""),
    ] {
        assert!(told.contains(&expected), "{expected:?} is not among {told:#?}");
    }
}

#[test]
fn a_forgotten_table_is_refused_and_an_absent_one_is_not() {
    assert!(read(&small("")).is_ok());
    let forgotten = small("").replace("'holds', ", "");
    assert_eq!(told(&refused(read(&forgotten))), [("missing", "source.query.holds")]);
    let both = small("").replace("'holds', ", "'holds', 'names', ");
    assert!(told(&refused(read(&both))).contains(&("missing", "source.absent[8]")));
}

#[test]
fn views_are_named_by_identifiers_alone() {
    let views = |text: &str| read(&format!("[source]\nurl = 'sqlite:///x.db'\nviews = {text}\n"));
    let sql = |text: &str| views(text).unwrap().statements[0].1.sqlite();
    let found = "WHERE \"id\" IN (SELECT value FROM json_each(?1))";
    assert_eq!(sql("true"), format!("SELECT * FROM \"students\" {found}"));
    let named = "{ schema = 'sis.records', prefix = 'transcript_' }";
    assert_eq!(sql(named), format!("SELECT * FROM \"sis\".\"records\".\"transcript_students\" {found}"));
    for bad in [
        "{ schema = 'a b' }",
        "{ schema = 'a.b.c' }",
        "{ prefix = 'x\";--' }",
        "{ schema = '1a' }",
        "3",
        "{ schema = '' }",
    ] {
        assert!(told(&refused(views(bad))).iter().any(|(_, place)| *place == "source.views"), "{bad}");
    }
    let long = format!("{{ schema = '{}' }}", "a".repeat(64));
    assert_eq!(told(&refused(views(&long))), [("bad-identifier", "source.views")]);
    let mysql = read("[source]\nurl = 'mysql://h/d'\nviews = true\n").unwrap();
    assert_eq!(mysql.statements[0].1.mysql(1), "SELECT * FROM `students` WHERE `id` IN (?)");
}

#[test]
fn secrets_come_from_the_environment_and_are_never_shown() {
    let environment = |name: &str| (name == "SIS_PASSWORD").then(|| "p@ss/word".to_owned());
    let text = small("").replace("sqlite:///x.db", "postgresql://sis:${SIS_PASSWORD}@db/prod");
    let configuration = read_with(&text, &environment).unwrap();
    let address = configuration.address.as_ref().unwrap();
    assert_eq!(address.as_str(), "postgresql://sis:p%40ss%2Fword@db/prod");
    assert!(!format!("{configuration:?}").contains("p%40ss"), "a configuration shows its secret");
    assert_eq!(told(&refused(read(&text))), [("no-variable", "source.url")]);

    let whole = small("").replace("sqlite:///x.db", "${SIS_URL}");
    let address = |name: &str| (name == "SIS_URL").then(|| "mysql://sis:a%40b@db/prod".to_owned());
    assert_eq!(read_with(&whole, &address).unwrap().address.unwrap().as_str(), "mysql://sis:a%40b@db/prod");

    let over = |name: &str| (name == "REGISTRARY_SOURCE__URL").then(|| "sqlite:///other.db".to_owned());
    assert_eq!(read_with(&text, &over).unwrap().address.unwrap().as_str(), "sqlite:///other.db");

    let broken = "[source]\nurl = 'postgresql://sis:hunter2@db/prod\n";
    assert!(!format!("{:?}", read(broken)).contains("hunter2"), "a problem quotes the line with the secret");
    let wrong = small("").replace("sqlite:///x.db", "oracle://sis:hunter2@db");
    assert!(!format!("{:?}", read(&wrong)).contains("hunter2"), "a problem quotes the address");
}

#[test]
fn a_link_leads_out_of_no_folder() {
    let (inside, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let sql = "SELECT id FROM s WHERE id IN (:student_ids)";
    std::fs::write(outside.path().join("s.sql"), sql).unwrap();
    std::fs::write(inside.path().join("s.sql"), sql).unwrap();
    let text = |file: &str| {
        small("").replace("'SELECT id FROM s WHERE id IN (:student_ids)'", &format!("{{ file = '{file}' }}"))
    };
    let read = |file: &str| Configuration::read(&text(file), inside.path(), &|_| None, Reach::Url);
    assert!(read("s.sql").is_ok());
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(outside.path().join("s.sql"), inside.path().join("link.sql")).unwrap();
        assert_eq!(told(&refused(read("link.sql"))), [("outside", "source.query.students")]);
    }
    let absolute = outside.path().join("s.sql").display().to_string();
    assert_eq!(told(&refused(read(&absolute))), [("outside", "source.query.students")]);
}
