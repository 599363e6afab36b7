//! Files inside the file (ISO 19005-3, 6.8): what they are to the document, and how they are written.

use super::frame::AttachmentPlace;
use super::syntax;
use crate::domain::{Date, Problem};

/// What an attachment is to the document (`AFRelationship`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relationship {
    /// The pages were made from it.
    Source,
    /// The data that the pages show.
    Data,
    Alternative,
    Supplement,
    Unspecified,
}

impl Relationship {
    const ALL: [Relationship; 5] = [
        Relationship::Source,
        Relationship::Data,
        Relationship::Alternative,
        Relationship::Supplement,
        Relationship::Unspecified,
    ];

    /// PDF's own word.
    pub const fn word(self) -> &'static str {
        match self {
            Relationship::Source => "Source",
            Relationship::Data => "Data",
            Relationship::Alternative => "Alternative",
            Relationship::Supplement => "Supplement",
            Relationship::Unspecified => "Unspecified",
        }
    }

    /// The relationship of a word; one that the standard lacks says nothing.
    pub(super) fn of(word: &[u8]) -> Relationship {
        let found = Relationship::ALL.into_iter().find(|one| one.word().as_bytes() == word);
        found.unwrap_or(Relationship::Unspecified)
    }
}

/// A file inside the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// File name, unique in the document.
    pub name: String,
    /// Media type, such as `application/json`.
    pub mime: String,
    /// What it is, for a person.
    pub description: String,
    pub relationship: Relationship,
    pub bytes: Vec<u8>,
    /// When it was last changed, where that is known.
    pub date: Option<Date>,
}

/// What keeps attachments from being written.
pub fn check(attachments: &[Attachment], problems: &mut Vec<Problem>) {
    for (index, attachment) in attachments.iter().enumerate() {
        let name = &attachment.name;
        let twice = attachments[..index].iter().any(|other| other.name == *name);
        if twice || name.is_empty() || name.contains(['/', '\\']) || name.chars().any(char::is_control) {
            let message = "is not a file name, or another attachment has it";
            problems.push(Problem::new("attachment-name", format!("attachments[{index}].name"), message));
        }
    }
}

/// The entries of the stream of the file's content.
pub fn entries(attachment: &Attachment) -> Vec<u8> {
    let mut entries = b"/Type/EmbeddedFile/Subtype".to_vec();
    syntax::name(&mut entries, attachment.mime.as_bytes());
    entries.extend_from_slice(b"/Params<</Size ");
    syntax::integer(&mut entries, attachment.bytes.len() as i64);
    if let Some(date) = attachment.date {
        let day = format!("/ModDate(D:{:04}{:02}{:02}000000Z)", date.year(), date.month(), date.day());
        entries.extend_from_slice(day.as_bytes());
    }
    entries.extend_from_slice(b">>");
    entries
}

/// The file specification.
pub fn specification(out: &mut Vec<u8>, attachment: &Attachment, stream: u32) {
    out.extend_from_slice(b"<</Type/Filespec/F");
    syntax::text_string(out, &attachment.name);
    out.extend_from_slice(b"/UF");
    syntax::text_string(out, &attachment.name);
    out.extend_from_slice(b"/Desc");
    syntax::text_string(out, &attachment.description);
    out.extend_from_slice(b"/AFRelationship/");
    out.extend_from_slice(attachment.relationship.word().as_bytes());
    out.extend_from_slice(b"/EF<</F ");
    syntax::reference(out, stream);
    out.extend_from_slice(b"/UF ");
    syntax::reference(out, stream);
    out.extend_from_slice(b">>>>");
}

/// The name tree through which readers list the files: sorted (ISO 32000-1, 7.9.6).
pub fn names(out: &mut Vec<u8>, attachments: &[Attachment], places: &[AttachmentPlace]) {
    let mut entries: Vec<(Vec<u8>, u32)> = Vec::new();
    for (attachment, place) in attachments.iter().zip(places) {
        let mut key = Vec::new();
        syntax::text_string(&mut key, &attachment.name);
        entries.push((key, place.specification));
    }
    entries.sort_unstable();
    out.extend_from_slice(b"<</Names[");
    for (key, specification) in entries {
        out.extend_from_slice(&key);
        out.push(b' ');
        syntax::reference(out, specification);
    }
    out.extend_from_slice(b"]>>");
}
