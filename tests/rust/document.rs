//! The page: what it says, where it says it, and that nothing is lost on the way.

#[path = "document/alumna.rs"]
mod alumna;
#[path = "document/boxes.rs"]
mod boxes;
#[path = "document/campus.rs"]
mod campus;
#[path = "document/goldens.rs"]
mod goldens;
#[path = "document/layout.rs"]
mod layout;
#[path = "document/outcomes.rs"]
mod outcomes;
#[path = "document/own_fonts.rs"]
mod own_fonts;
#[path = "document/records.rs"]
mod records;
#[path = "document/scales.rs"]
mod scales;
#[path = "document/scripts.rs"]
mod scripts;
#[path = "document/stated.rs"]
mod stated;
#[path = "document/themes.rs"]
mod themes;
#[path = "document/undergraduate.rs"]
mod undergraduate;
#[path = "document/words.rs"]
mod words;

use records::{CODE, institution, issue, judged};
use registrary::document::{Certification, Columns, Document, Labels, Paper, Theme, Transcription};
use registrary::document::{compose, compose_certificate, paginate};
use registrary::domain::{Issue, Marking, StudentRecord};

/// For as long as the test runs: a document borrows all that it is made of.
fn kept<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn transcript(record: &StudentRecord, theme: &Theme, issue: &Issue) -> Document<'static> {
    let (evaluation, policy) = judged(record);
    let (record, evaluation, policy) = (kept(record.clone()), kept(evaluation), Some(kept(policy)));
    let (theme, issue) = (kept(theme.clone()), kept(issue.clone()));
    let parts = Transcription { record, evaluation, policy, theme, issue, code: CODE };
    compose(&parts).expect("it can be put into words")
}

fn stated_transcript(theme: &Theme) -> Document<'static> {
    let (record, evaluation) = stated::stated();
    let (record, evaluation) = (kept(record), kept(evaluation));
    let (theme, issue) = (kept(theme.clone()), kept(issue()));
    let parts = Transcription { record, evaluation, policy: None, theme, issue, code: CODE };
    compose(&parts).expect("it can be put into words")
}

fn certificate(record: &StudentRecord, theme: &Theme) -> Document<'static> {
    let (record, theme, issue) = (kept(record.clone()), kept(theme.clone()), kept(issue()));
    let parts =
        Certification { record, award: 0, evaluation: None, theme, issue, code: CODE, reference: Some("V-88213") };
    compose_certificate(&parts).expect("it can be put into words")
}

fn french_a4() -> Theme {
    Theme { labels: Labels::french(), paper: Paper::A4, ..Theme::new(institution()) }
}

/// With REGISTRARY_LOOK=folder the documents are left there, for a person to look at.
#[test]
fn documents_for_a_look() {
    let letter = Theme::new(institution());
    let single = Theme { columns: Columns::One, ..letter.clone() };
    let unofficial = Issue { marking: Marking::Unofficial, recipient: None, purpose: None, ..issue() };
    let documents = [
        ("undergraduate", transcript(&undergraduate::undergraduate(), &letter, &issue())),
        ("single", transcript(&undergraduate::undergraduate(), &single, &issue())),
        ("unofficial", transcript(&undergraduate::undergraduate(), &letter, &unofficial)),
        ("alumna", transcript(&alumna::alumna(), &french_a4(), &issue())),
        ("stated", stated_transcript(&letter)),
        ("certificate", certificate(&undergraduate::undergraduate(), &letter)),
        ("crimson", transcript(&undergraduate::undergraduate(), &themes::built_in("crimson"), &issue())),
        ("laurier", transcript(&alumna::alumna(), &themes::built_in("laurier"), &issue())),
        ("laurier-certificate", certificate(&undergraduate::undergraduate(), &themes::built_in("laurier"))),
        ("long", transcript(&records::long(12, 9), &letter, &issue())),
    ];
    for (name, document) in documents {
        let pages = paginate(&document).expect("it can be set");
        let bytes = registrary::pdf::render(&pages, &[]).expect("it can be written");
        assert!(bytes.starts_with(b"%PDF-"), "{name}");
        if let Some(folder) = std::env::var_os("REGISTRARY_LOOK") {
            let path = std::path::Path::new(&folder).join(format!("doc-{name}.pdf"));
            std::fs::write(path, bytes).expect("the folder can be written");
        }
    }
}
