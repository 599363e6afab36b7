//! The page: what it says, where it says it, and that nothing is lost on the way.

#[path = "document/alumna.rs"]
mod alumna;
#[path = "document/records.rs"]
mod records;
#[path = "document/stated.rs"]
mod stated;
#[path = "document/undergraduate.rs"]
mod undergraduate;

use records::{CODE, institution, issue, judged};
use registrary::document::{Columns, Document, Labels, Paper, Theme, Transcription, compose, paginate};
use registrary::domain::{Issue, Marking, StudentRecord};
use registrary::gpa::{Evaluation, Policy};

fn transcript(record: &StudentRecord, theme: &Theme, issue: &Issue) -> Document {
    let (evaluation, policy) = judged(record);
    composed(record, &evaluation, Some(&policy), theme, issue)
}

fn composed(
    record: &StudentRecord,
    evaluation: &Evaluation,
    policy: Option<&Policy>,
    theme: &Theme,
    issue: &Issue,
) -> Document {
    compose(&Transcription { record, evaluation, policy, theme, issue, code: CODE }).expect("it can be put into words")
}

/// With REGISTRARY_LOOK=folder the documents are left there, for a person to look at.
#[test]
fn documents_for_a_look() {
    let letter = Theme::new(institution());
    let french = Theme { labels: Labels::french(), paper: Paper::A4, ..letter.clone() };
    let single = Theme { columns: Columns::One, ..letter.clone() };
    let unofficial = Issue { marking: Marking::Unofficial, recipient: None, purpose: None, ..issue() };
    let (stated, summaries) = stated::stated();
    let documents = [
        ("undergraduate", transcript(&undergraduate::undergraduate(), &letter, &issue())),
        ("single", transcript(&undergraduate::undergraduate(), &single, &issue())),
        ("unofficial", transcript(&undergraduate::undergraduate(), &letter, &unofficial)),
        ("alumna", transcript(&alumna::alumna(), &french, &issue())),
        ("stated", composed(&stated, &summaries, None, &letter, &issue())),
    ];
    for (name, document) in documents {
        let pages = paginate(&document).expect("it can be set");
        let bytes = registrary::pdf::render(&pages).expect("it can be written");
        if let Some(folder) = std::env::var_os("REGISTRARY_LOOK") {
            let path = std::path::Path::new(&folder).join(format!("doc-{name}.pdf"));
            std::fs::write(path, bytes).expect("the folder can be written");
        }
    }
}
