//! File names by a template: `{term}/{student_id}.pdf`. Checked before a run begins; no name can leave its folder.

use super::name::encoded;
use crate::domain::Error;
use crate::seal::Digest;

/// A name has at most this many bytes between two slashes: what every file system takes.
const LONGEST: usize = 255;
const LONGEST_WORDS: usize = 128;
const MOST_FOLDERS: usize = 8;

/// What a template may name of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    StudentId,
    OrderId,
    Serial,
    Digest,
    Date,
    Term,
}

const FIELDS: &[(&str, Field)] = &[
    ("student_id", Field::StudentId),
    ("order_id", Field::OrderId),
    ("serial", Field::Serial),
    ("digest", Field::Digest),
    ("date", Field::Date),
    ("term", Field::Term),
];

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Plain(String),
    Field(Field),
}

/// A valid template; slashes part its folders from one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameTemplate {
    segments: Vec<Vec<Piece>>,
}

/// The facts of one document that its name may be made of.
#[derive(Clone, Copy, Debug)]
pub struct NameFacts<'a> {
    pub student_id: &'a str,
    /// What it is known by in the run: the order's id, else the student's.
    pub order_id: &'a str,
    pub serial: &'a str,
    pub digest: &'a str,
    /// The day of issue, `YYYY-MM-DD`.
    pub date: &'a str,
    /// The last term on the record, `YYYY-MM`; `no-term` without one.
    pub term: &'a str,
}

impl NameTemplate {
    /// `transcript-<student id>.pdf`.
    pub fn usual() -> NameTemplate {
        let plain = |text: &str| Piece::Plain(text.to_owned());
        NameTemplate { segments: vec![vec![plain("transcript-"), Piece::Field(Field::StudentId), plain(".pdf")]] }
    }

    /// Reads a template, or tells everything that is wrong with it.
    pub fn parse(raw: &str) -> Result<NameTemplate, Error> {
        let mut wrong = Vec::new();
        let segments: Vec<_> = raw.split('/').map(|segment| pieces(segment, &mut wrong)).collect();
        if segments.len() > MOST_FOLDERS {
            wrong.push(format!("it has more than {MOST_FOLDERS} folders"));
        }
        for segment in &segments {
            check(segment, &mut wrong);
        }
        let template = NameTemplate { segments };
        if ![Field::StudentId, Field::OrderId, Field::Serial, Field::Digest].iter().any(|field| template.has(*field)) {
            wrong.push(
                "it needs {student_id}, {order_id}, {serial} or {digest}: two documents never share a name".into(),
            );
        }
        wrong.dedup();
        if wrong.is_empty() {
            return Ok(template);
        }
        Err(Error::configuration(format!("the template of file names: {}", wrong.join("; "))))
    }

    fn has(&self, field: Field) -> bool {
        self.segments.iter().flatten().any(|piece| *piece == Piece::Field(field))
    }

    /// Whether two documents of one student have names apart.
    pub fn tells_orders_apart(&self) -> bool {
        [Field::OrderId, Field::Serial, Field::Digest].iter().any(|field| self.has(*field))
    }

    /// Whether the name stands for exactly these bytes.
    pub fn names_content(&self) -> bool {
        self.has(Field::Digest)
    }

    /// The name of one document, with slashes between folders. Every byte of a fact outside `[A-Za-z0-9_-]` is
    /// percent-encoded, so that no fact adds a folder or a dot.
    pub fn name(&self, facts: &NameFacts<'_>) -> String {
        let segments: Vec<_> = self.segments.iter().map(|segment| named(segment, facts)).collect();
        segments.join("/")
    }
}

fn pieces(segment: &str, wrong: &mut Vec<String>) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = segment;
    while let Some((plain, after)) = rest.split_once('{') {
        if !plain.is_empty() {
            found.push(Piece::Plain(plain.to_owned()));
        }
        let Some((name, after)) = after.split_once('}') else {
            wrong.push("a { has no }".to_owned());
            return found;
        };
        match FIELDS.iter().find(|(known, _)| *known == name) {
            Some((_, field)) => found.push(Piece::Field(*field)),
            None => wrong.push(format!("a field is none of {}", known_fields())),
        }
        rest = after;
    }
    if !rest.is_empty() {
        found.push(Piece::Plain(rest.to_owned()));
    }
    found
}

fn known_fields() -> String {
    FIELDS.iter().map(|(name, _)| format!("{{{name}}}")).collect::<Vec<_>>().join(", ")
}

/// A segment that any file system takes, whatever the facts are.
fn check(segment: &[Piece], wrong: &mut Vec<String>) {
    let words: usize = segment.iter().map(|piece| if let Piece::Plain(text) = piece { text.len() } else { 0 }).sum();
    if segment.is_empty() {
        wrong.push("a part between slashes is empty".to_owned());
    }
    if words > LONGEST_WORDS {
        wrong.push(format!("a part has more than {LONGEST_WORDS} bytes of its own"));
    }
    let plain = |piece: &Piece| match piece {
        Piece::Plain(text) => text.clone(),
        Piece::Field(_) => "x".to_owned(),
    };
    let shape: String = segment.iter().map(plain).collect();
    if shape.starts_with('.') || shape.ends_with(['.', ' ']) || shape.starts_with(' ') {
        wrong.push("a part begins with a dot or a space, or ends in one".to_owned());
    }
    // What Windows takes for itself, and what a shell or an object store reads otherwise than it is written.
    if shape.chars().any(|c| c.is_control() || "\\:*?\"<>|}#%~".contains(c)) {
        wrong.push("only { } mark fields, and \\ : * ? \" < > | # % ~ and controls have no place in a name".to_owned());
    }
}

fn named(segment: &[Piece], facts: &NameFacts<'_>) -> String {
    let mut name = String::new();
    for piece in segment {
        match piece {
            Piece::Plain(text) => name.push_str(text),
            Piece::Field(Field::StudentId) => name.push_str(&encoded(facts.student_id)),
            Piece::Field(Field::OrderId) => name.push_str(&encoded(facts.order_id)),
            Piece::Field(Field::Serial) => name.push_str(&encoded(facts.serial)),
            Piece::Field(Field::Digest) => name.push_str(&encoded(facts.digest)),
            Piece::Field(Field::Date) => name.push_str(&encoded(facts.date)),
            Piece::Field(Field::Term) => name.push_str(&encoded(facts.term)),
        }
    }
    bounded(unlike_a_device(name))
}

/// A name that would be too long is a digest of itself, behind a `~` that no other name begins with.
fn bounded(name: String) -> String {
    if name.len() <= LONGEST {
        return name;
    }
    let ending = if name.ends_with(".pdf") { ".pdf" } else { "" };
    format!("~{}{ending}", Digest::of(name.as_bytes()))
}

const DEVICES: &[&str] = &["CON", "PRN", "AUX", "NUL", "COM", "LPT"];

/// Windows opens a device for `NUL.pdf`: the first letter of such a name is percent-encoded.
fn unlike_a_device(name: String) -> String {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let device = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    let numbered = stem.len() == device.len() + 1 && matches!(device, "COM" | "LPT");
    let taken = DEVICES.contains(&device) && (numbered || (stem == device && !matches!(device, "COM" | "LPT")));
    match name.chars().next() {
        Some(first) if taken => format!("%{:02X}{}", u32::from(first), &name[first.len_utf8()..]),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn facts(student_id: &str) -> NameFacts<'_> {
        let digest = "0f0f";
        NameFacts { student_id, order_id: "O-7", serial: "20260529-ab", digest, date: "2026-05-29", term: "2026-01" }
    }

    #[test]
    fn facts_fill_a_template() {
        let named = |template: &str| NameTemplate::parse(template).unwrap().name(&facts("101"));
        assert_eq!(named("{term}/{student_id}.pdf"), "2026-01/101.pdf");
        assert_eq!(named("{date}/{order_id}-{serial}.pdf"), "2026-05-29/O-7-20260529-ab.pdf");
        assert_eq!(named("{digest}"), "0f0f");
        assert_eq!(NameTemplate::usual().name(&facts("101")), "transcript-101.pdf");
        assert_eq!(NameTemplate::parse("transcript-{student_id}.pdf").unwrap(), NameTemplate::usual());
    }

    #[test]
    fn whatever_could_go_astray_is_refused_before_the_run() {
        for template in [
            "",
            "/{student_id}",
            "../{student_id}.pdf",
            "{student_id}/..",
            "a//{serial}",
            "{student_id}/",
            "{name}.pdf",
            "all.pdf",
            "{student_id",
            "{student_id}}",
            "a\\{student_id}",
            "C:{student_id}",
            "a\u{0}{student_id}",
            "{student_id}. ",
            "{date}/{term}.pdf",
        ] {
            assert_eq!(NameTemplate::parse(template).map_err(|e| e.code()), Err("configuration"), "{template:?}");
        }
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let told = NameTemplate::parse("../{nme}.pdf").unwrap_err().to_string();
        assert!(told.contains("none of") && told.contains("dot") && told.contains("needs"), "{told}");
    }

    #[test]
    fn names_of_devices_are_no_file_names() {
        let named = |id: &str| NameTemplate::parse("{student_id}.pdf").unwrap().name(&facts(id));
        assert_eq!(["NUL", "com7", "CON"].map(named), ["%4EUL.pdf", "%63om7.pdf", "%43ON.pdf"]);
        assert_eq!(["NULL", "COM", "COM10", "LPTX"].map(named), ["NULL.pdf", "COM.pdf", "COM10.pdf", "LPTX.pdf"]);
    }

    proptest! {
        #[test]
        fn no_id_adds_a_folder_and_two_ids_never_share_a_name(one in "\\PC{1,64}", other in "\\PC{1,64}") {
            let template = NameTemplate::parse("{term}/{student_id}.pdf").unwrap();
            let name = template.name(&facts(&one));
            prop_assert_eq!(name.split('/').count(), 2);
            prop_assert!(name.split('/').all(|part| (1..=LONGEST).contains(&part.len()) && !part.starts_with('.')));
            prop_assert_eq!(one == other, name == template.name(&facts(&other)));
        }
    }
}
