//! PESC College Transcript XML into a record: any release (un-namespaced, 1.0 to 1.8), alone or in a batch.
//!
//! Elements are matched by local name, without regard to case or to what else stands beside them; the transcript
//! is found wherever an envelope puts it. What the document states is kept as stated: GPAs and totals with their
//! written places ([`TotalsAuthority::Stated`]), notes, standing, honours. What a record has no field for but a page
//! would print becomes a note (credit basis, class average, another level, a second supplemental grade, …).
//!
//! Left out knowingly: social security and insurance numbers, gender, health, contacts and high school of the student,
//! test scores, learning experiences and outcomes, grade scale codes, course classification codes, user-defined
//! extensions. A document marked TEST gives a record
//! marked `sample`; one marked Partial, a record marked `partial`; one marked Unofficial, a record with a hold
//! (`SENDER-UNOFFICIAL`) that keeps official transcripts back. Refused, with every problem and its place: no student key, name or sending institution; a course
//! that tells no credits; any value that is not what its element must hold; more than one transcript; a document
//! type declaration; and anything beyond the sizes of [`limits`].

mod academic_record;
mod award;
mod course;
mod element;
mod encoding;
mod organization;
mod parts;
mod person;
mod session;
mod summary;
mod tree;
mod words;

use super::in_order;
use super::limits;
use super::report::refused;
use crate::domain::{Error, Hold, Institution, StudentRecord, TotalsAuthority};
use element::Element;
use parts::Parts;
use tree::Tree;

/// Reads the one transcript of a document; a malformed one is refused with every problem and its place.
pub fn read(bytes: &[u8]) -> Result<StudentRecord, Error> {
    if bytes.len() > limits::XML_BYTES {
        return refused("too-large", "", format!("is larger than {} bytes", limits::XML_BYTES));
    }
    let text = encoding::decode(bytes)?;
    let tree = tree::parse(&text)?;
    few_enough(&tree)?;
    let record = match Element::named(&tree, "CollegeTranscript")[..] {
        [transcript] => record(transcript),
        [] => return refused("no-transcript", "", "holds no CollegeTranscript element"),
        _ => return refused("several-transcripts", "", "holds more than one transcript; give one at a time"),
    };
    let Tree { report, .. } = tree;
    let record = report.close(record)?;
    match limits::exceeded(&record) {
        problems if problems.is_empty() => Ok(record),
        problems => Err(Error::MalformedRecord(problems)),
    }
}

fn record(transcript: Element<'_>) -> Option<StudentRecord> {
    let mut parts = Parts::default();
    let institution = transmission(transcript, &mut parts);
    let students: Vec<_> = transcript.children("Student").collect();
    let student = match students[..] {
        [student] => read_student(student, institution.as_ref(), &mut parts),
        [] => transcript.lacks("Student"),
        _ => transcript.refuse("several-students", "holds more than one student"),
    };
    parts.notes.extend(transcript.texts("NoteMessage"));
    let told = |name| transcript.child("TransmissionData").and_then(|data| data.value(name));
    let says = |name, word: &str| told(name).is_some_and(|code| code.eq_ignore_ascii_case(word));
    let unofficial = says("DocumentOfficialCode", "Unofficial").then(not_official).flatten();
    let (institution, student) = (institution?, student?);
    Some(StudentRecord {
        student,
        institution: Some(institution),
        programs: parts.programs,
        terms: in_order(parts.terms),
        transfers: parts.transfers,
        balances: Vec::new(),
        awards: parts.awards,
        holds: unofficial.into_iter().collect(),
        notes: parts.notes,
        totals: TotalsAuthority::Stated,
        stated: parts.stated,
        sample: says("DocumentProcessCode", "TEST"),
        partial: says("DocumentCompleteCode", "Partial"),
    })
}

/// What its sender does not certify, nobody else can: it keeps an official transcript back as a hold does.
fn not_official() -> Option<Hold> {
    let code = words::note("SENDER-UNOFFICIAL")?;
    let reason = words::note("The sender marks its document as unofficial.");
    Some(Hold { code, reason, since: None, blocks_transcript: true })
}

/// The sender, and what the transmission says about the document as a whole.
fn transmission(transcript: Element<'_>, parts: &mut Parts) -> Option<Institution> {
    let Some(data) = transcript.child("TransmissionData") else { return transcript.lacks("TransmissionData") };
    parts.notes.extend(data.texts("NoteMessage"));
    if data.value("DocumentOfficialCode").is_some_and(|code| code.eq_ignore_ascii_case("Unofficial")) {
        parts.notes.extend(words::note("The sender marks this document as unofficial."));
    }
    if data.value("DocumentCompleteCode").is_some_and(|code| code.eq_ignore_ascii_case("Partial")) {
        parts.notes.extend(words::note("The sender marks this document as a partial record."));
    }
    let source = data.child("Source");
    parts.notes.extend(source.iter().flat_map(|source| source.texts("NoteMessage")));
    match source.and_then(|source| source.child("Organization")) {
        Some(organization) => {
            parts.notes.extend(organization.texts("NoteMessage"));
            organization::institution(organization)
        }
        None => data.lacks("Source/Organization"),
    }
}

fn read_student(
    student: Element<'_>,
    sender: Option<&Institution>,
    parts: &mut Parts,
) -> Option<crate::domain::Student> {
    let person = match student.child("Person") {
        Some(person) => {
            parts.notes.extend(person.texts("NoteMessage"));
            person::student(person, &mut parts.notes)
        }
        None => student.lacks("Person"),
    };
    student.children("AcademicRecord").for_each(|element| {
        academic_record::add_academic_record(element, sender, parts);
    });
    parts.notes.extend(student.texts("NoteMessage"));
    person
}

/// Refuses, before anything of it is read, a document with more courses or sessions than a record may have.
fn few_enough(tree: &Tree) -> Result<(), Error> {
    // A session becomes a term or a transfer block.
    for (name, most) in [("Course", limits::ATTEMPTS), ("AcademicSession", 2 * limits::BLOCKS)] {
        if Element::named(tree, name).len() > most {
            return refused("too-many", "", format!("has more than {most} {name} elements"));
        }
    }
    Ok(())
}
