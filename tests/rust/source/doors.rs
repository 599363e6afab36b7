//! Sources by their address.

use super::{id, one, problems, reason, wait};
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
    for address in [plain.to_owned(), format!("sqlite:///{encoded}")] {
        let source = from_url(&address).unwrap();
        assert!(wait(one(source.as_ref(), "102")).is_ok(), "{address}");
    }
    assert!(refusal(&format!("sqlite:///{plain}")).contains("%3F"));
    let missing = |address: &str| reason(from_url(address).map(|_| ()));
    assert!(missing("sqlite:////nowhere/campus.db").contains("there is no database file /nowhere/campus.db"));
    let here = std::env::current_dir().unwrap().join("nowhere.db");
    assert!(missing("sqlite:///nowhere.db").contains(here.to_str().unwrap()));
}

#[test]
fn what_is_no_address_is_told_what_is_accepted() {
    for address in ["", "campus", "file.txt", "ftp://host/x", "hunter2://host"] {
        let said = refusal(address);
        assert!(said.contains("sqlite:///") && said.contains("https://"), "{said}");
        assert!(!said.contains("hunter2"));
    }
    for address in [
        "postgresql://user:hunter2@host/db?sslmode=hunter2",
        "postgres+asyncpg://user:hunter2@host/db?hunter2=1",
        "mysql://user:hunter2@host:port/db",
        "mariadb://user:hunter2@host/db?sslmode=verify-ca",
        "mysql://user:hunter2@host/db?sslrootcert=/hunter2/is/not/there",
    ] {
        assert!(!refusal(address).contains("hunter2"));
    }
    // A server is called when it is asked, not when it is named.
    for address in ["postgresql://user:hunter2@nowhere.invalid/db", "postgres+asyncpg://nowhere.invalid", "mysql://h/d"]
    {
        assert!(from_url(address).is_ok());
    }
    assert!(refusal("sqlite://").contains("end in a path"));
    assert!(refusal("http://").contains("not a URL"));
}

/// The least that a College Transcript of a student needs.
fn transcript(number: &str) -> String {
    format!(
        "<CollegeTranscript>
           <TransmissionData><Source><Organization><OrganizationName>Cinder Lake College</OrganizationName>
           </Organization></Source></TransmissionData>
           <Student><Person><SchoolAssignedPersonID>{number}</SchoolAssignedPersonID>
           <Name><FirstName>Ada</FirstName><LastName>Doe</LastName></Name></Person></Student>
         </CollegeTranscript>"
    )
}

#[test]
fn a_folder_of_documents_serves_its_students() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    for number in ["20", "3"] {
        write(&format!("{number}.xml"), &transcript(number));
    }
    write("4.xml", &transcript("5"));
    write("6.xml", "no transcript");
    write("notes.txt", "");
    let source = from_url(&format!("pesc:///{}", folder.path().display())).unwrap();
    wait(async {
        let resources = registrary::source::Resources::new().unwrap();
        assert_eq!(source.student_ids(&resources).await.unwrap(), super::ids(&["3", "4", "6", "20"]));
        assert_eq!(source.check(&resources).await.unwrap()[1], "4 documents");
        let answers = source.fetch(&resources, &super::ids(&["20", "21", "4", "6"])).await;
        assert_eq!(answers[0].as_ref().unwrap().student.names.legal.printed(), "Ada Doe");
        assert_eq!(answers[1], Err(Error::RecordNotFound));
        assert_eq!(problems(answers[2].clone()), [("wrong-student", "student.id".to_owned())]);
        assert!(!problems(answers[3].clone()).is_empty());
    });
}

#[test]
fn a_single_document_serves_its_one_student() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("any name.xml");
    std::fs::write(&path, transcript("20")).unwrap();
    let source = from_url(path.to_str().unwrap()).unwrap();
    wait(async {
        assert!(one(source.as_ref(), "20").await.is_ok());
        assert_eq!(one(source.as_ref(), "any name").await, Err(Error::RecordNotFound));
        let resources = registrary::source::Resources::new().unwrap();
        assert_eq!(source.student_ids(&resources).await.unwrap(), super::ids(&["20"]));
    });
    assert!(reason(from_url("pesc:////nowhere").map(|_| ())).contains("there is no folder or document"));
}

#[test]
fn no_id_and_no_link_leads_out_of_the_folder() {
    let outer = tempfile::tempdir().unwrap();
    let inner = outer.path().join("inner");
    std::fs::create_dir_all(inner.join("below")).unwrap();
    std::fs::write(outer.path().join("1.xml"), transcript("1")).unwrap();
    std::fs::write(inner.join("below/2.xml"), transcript("below/2")).unwrap();
    std::fs::write(inner.join(".3.xml"), transcript(".3")).unwrap();
    std::fs::create_dir(inner.join("4.xml")).unwrap();
    let source = from_url(&format!("pesc:///{}", inner.display())).unwrap();
    for raw in ["../1", "below/2", ".3", "..\\1", "C:1", "/etc/passwd", "../../etc/passwd"] {
        assert_eq!(wait(one(source.as_ref(), raw)), Err(Error::RecordNotFound), "{raw}");
    }
    assert!(reason(wait(one(source.as_ref(), "4"))).contains("is not a file"));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(outer.path().join("1.xml"), inner.join("1.xml")).unwrap();
        assert!(reason(wait(one(source.as_ref(), "1"))).contains("link out of the folder"));
    }
}
