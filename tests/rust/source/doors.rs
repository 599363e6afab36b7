//! Sources by their address.

use super::{id, one, reason, wait};
use registrary::domain::Error;
use registrary::source::{campus, from_url};

fn refusal(address: &str) -> String {
    match from_url(address).map(|_| ()) {
        Err(Error::Configuration { reason }) => reason,
        other => panic!("{address}: {other:?}"),
    }
}

#[test]
fn the_campus_has_an_address() {
    for address in ["sqlite:///:campus:", "sqlite://:campus:", "SQLite:///:campus:"] {
        let source = from_url(address).unwrap();
        assert_eq!(wait(one(source.as_ref(), "101")).unwrap().student.id, id("101"));
    }
}

#[test]
fn a_database_is_found_by_url_and_by_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("50% of? it.db");
    campus::build(&path, 300).unwrap();
    let plain = path.to_str().unwrap();
    let encoded = plain.replace('%', "%25").replace(' ', "%20").replace('?', "%3F");
    for address in [plain.to_owned(), format!("sqlite://{encoded}")] {
        let source = from_url(&address).unwrap();
        assert!(wait(one(source.as_ref(), "102")).is_ok(), "{address}");
    }
    assert!(refusal(&format!("sqlite://{plain}")).contains("%3F"));
    assert!(reason(from_url("sqlite:///nowhere/campus.db").map(|_| ())).contains("there is no database file"));
}

#[test]
fn what_is_no_address_is_told_what_is_accepted() {
    for address in ["", "campus", "file.txt", "ftp://host/x", "hunter2://host"] {
        let said = refusal(address);
        assert!(said.contains("sqlite:///") && said.contains("https://"), "{said}");
        assert!(!said.contains("hunter2"));
    }
    for address in ["postgresql://user:hunter2@host/db", "postgres://host/db", "mysql://host/db", "mariadb://host/db"] {
        let said = refusal(address);
        assert!(said.contains("not built in yet"), "{said}");
        assert!(!said.contains("hunter2"));
    }
    assert!(refusal("sqlite://").contains("end in a path"));
    assert!(refusal("http://").contains("not a URL"));
}
