//! The one parameter is found where it is one, and nowhere else.

use registrary::source::own_schema::{Dialect, ParameterStyle, Statement};

const ALL: [Dialect; 4] = [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql, Dialect::Any];

fn codes(sql: &str, dialect: Dialect) -> Vec<&'static str> {
    Statement::of_students(sql, dialect).err().unwrap_or_default().into_iter().map(|(code, _)| code).collect()
}

#[test]
fn each_driver_gets_its_own_form() {
    let sql = "SELECT id FROM t WHERE id IN ( :student_ids ) -- those asked for\nORDER BY id;";
    for dialect in ALL {
        let statement = Statement::of_students(sql, dialect).unwrap();
        assert_eq!(
            statement.sqlite(),
            "SELECT id FROM t WHERE id IN (SELECT value FROM json_each(?1)) -- those asked for\nORDER BY id"
        );
        assert_eq!(statement.postgres(), "SELECT id FROM t WHERE id = ANY($1) -- those asked for\nORDER BY id");
        assert_eq!(statement.mysql(2), "SELECT id FROM t WHERE id IN (?, ?) -- those asked for\nORDER BY id");
    }
    let statement = Statement::of_students("select '5%' from t where id = any(:student_ids)", Dialect::Any).unwrap();
    let expected = [
        (ParameterStyle::Qmark, "select '5%' from t where id IN (?, ?)"),
        (ParameterStyle::Numeric, "select '5%' from t where id IN (:1, :2)"),
        (ParameterStyle::Named, "select '5%' from t where id IN (:student_1, :student_2)"),
        (ParameterStyle::Format, "select '5%%' from t where id IN (%s, %s)"),
        (ParameterStyle::Pyformat, "select '5%%' from t where id IN (%(student_1)s, %(student_2)s)"),
    ];
    for (style, text) in expected {
        assert_eq!(statement.styled(style, 2), text);
    }
}

#[test]
fn texts_comments_names_and_casts_are_left_alone() {
    let around = [
        ("'IN (:student_ids)'", &ALL[..]),
        ("'it''s :student_ids'", &ALL[..]),
        ("\"IN (:student_ids)\"", &ALL[..]),
        ("1 /* IN (:student_ids) ; */", &ALL[..]),
        ("1 -- IN (:student_ids) ? $1 'open\n", &ALL[..]),
        ("`:student_ids`", &[Dialect::MySql, Dialect::Sqlite][..]),
        ("[:student_ids]", &[Dialect::Sqlite, Dialect::Any][..]),
        ("E'\\' IN (:student_ids)'", &[Dialect::Postgres][..]),
        ("$x$ IN (:student_ids) ' $x$", &[Dialect::Postgres][..]),
        ("'\\' :student_ids'", &[Dialect::MySql][..]),
        ("1 # IN (:student_ids)\n", &[Dialect::MySql][..]),
        ("a::text", &ALL[..]),
        ("v$session", &ALL[..]),
    ];
    for (part, dialects) in around {
        for dialect in dialects {
            let sql = format!("SELECT {part} FROM t WHERE id IN (:student_ids)");
            let statement =
                Statement::of_students(&sql, *dialect).unwrap_or_else(|why| panic!("{sql} {dialect:?} {why:?}"));
            assert_eq!(statement.postgres(), format!("SELECT {part} FROM t WHERE id = ANY($1)"), "{dialect:?}");
        }
    }
}

#[test]
fn what_is_not_one_query_of_one_parameter_is_refused() {
    let cases = [
        ("SELECT 1", "student-ids"),
        ("SELECT ':student_ids'", "student-ids"),
        ("SELECT 1 WHERE a IN (:student_ids) OR b IN (:student_ids)", "student-ids"),
        ("SELECT 1 WHERE a = :student_ids", "student-ids"),
        ("SELECT 1 WHERE a NOT IN (:student_ids)", "student-ids"),
        ("SELECT 1 WHERE a <= ANY(:student_ids)", "student-ids"),
        ("SELECT 1 WHERE a IN (:student_ids, 'x')", "student-ids"),
        ("SELECT 1 WHERE a IN (:STUDENT_IDS)", "foreign-parameter"),
        ("SELECT 1 WHERE a IN (:student_ids) AND b = ?", "foreign-parameter"),
        ("SELECT 1 WHERE a IN (:student_ids) AND b = $1", "foreign-parameter"),
        ("SELECT 1 WHERE a IN (:student_ids) AND b = :1", "foreign-parameter"),
        ("SELECT 1 WHERE a IN (:student_ids) AND b = :other", "foreign-parameter"),
        ("SELECT 1 WHERE a IN (:student_ids); DELETE FROM t", "several-statements"),
        ("DELETE FROM t WHERE a IN (:student_ids)", "not-a-query"),
        ("PRAGMA x = IN (:student_ids)", "not-a-query"),
        ("SELECT 'open WHERE a IN (:student_ids)", "open-quote"),
        ("SELECT 1 /* WHERE a IN (:student_ids)", "open-comment"),
        ("SELECT 1 /* /* */ WHERE a IN (:student_ids) */", "ambiguous-sql"),
        ("SELECT 1 /*! , 2 */ WHERE a IN (:student_ids)", "hidden-sql"),
        ("", "not-a-query"),
    ];
    for (sql, code) in cases {
        for dialect in ALL {
            assert!(codes(sql, dialect).contains(&code), "{sql} {dialect:?}: {:?}", codes(sql, dialect));
        }
    }
    assert_eq!(codes("SELECT 'a\\' WHERE a IN (:student_ids)", Dialect::Any), ["ambiguous-sql"]);
    assert_eq!(codes("SELECT 1--1 WHERE a IN (:student_ids)", Dialect::MySql), ["ambiguous-sql"]);
    assert!(codes("SELECT 'a\\' WHERE a IN (:student_ids)", Dialect::Postgres).is_empty());
    assert!(Statement::of_all("SELECT id FROM t WHERE id IN (:student_ids)", Dialect::Sqlite).is_err());
    assert_eq!(Statement::of_all("SELECT id FROM t;", Dialect::Sqlite).unwrap().sqlite(), "SELECT id FROM t");
}

#[test]
fn no_text_of_sql_makes_the_lexer_panic() {
    let pieces = [
        "'",
        "\"",
        "`",
        "[",
        "]",
        "$",
        "$$",
        "$a$",
        ":",
        "::",
        "/*",
        "*/",
        "--",
        "#",
        "\\",
        "é",
        "E'",
        "@",
        "?",
        "\n",
        "IN (:student_ids)",
        ";",
    ];
    for first in pieces {
        for second in pieces {
            for third in pieces {
                for dialect in ALL {
                    let sql = format!("SELECT {first}{second}{third}");
                    if let Ok(statement) = Statement::of_students(&sql, dialect) {
                        assert!(statement.postgres().contains("= ANY($1)"), "{sql}");
                    }
                }
            }
        }
    }
}
