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
//! marked `sample`. Refused, with every problem and its place: no student key, name or sending institution; a course
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
use crate::domain::{Error, Institution, StudentRecord, TotalsAuthority};
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
    let record = match Element::named(&tree, "CollegeTranscript")[..] {
        [transcript] => record(transcript),
        [] => return refused("no-transcript", "", "holds no CollegeTranscript element"),
        _ => return refused("several-transcripts", "", "holds more than one transcript; give one at a time"),
    };
    let Tree { report, .. } = tree;
    report.close(record)
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
    few_enough(transcript, &parts)?;
    let process = transcript.child("TransmissionData").and_then(|data| data.value("DocumentProcessCode"));
    let (institution, student) = (institution?, student?);
    Some(StudentRecord {
        student,
        institution: Some(institution),
        programs: parts.programs,
        terms: in_order(parts.terms),
        transfers: parts.transfers,
        balances: Vec::new(),
        awards: parts.awards,
        holds: Vec::new(),
        notes: parts.notes,
        totals: TotalsAuthority::Stated,
        stated: parts.stated,
        sample: process.is_some_and(|code| code.eq_ignore_ascii_case("TEST")),
        partial: false,
    })
}

/// The sender, and what the transmission says about the document as a whole.
fn transmission(transcript: Element<'_>, parts: &mut Parts) -> Option<Institution> {
    let Some(data) = transcript.child("TransmissionData") else { return transcript.lacks("TransmissionData") };
    parts.notes.extend(data.texts("NoteMessage"));
    if data.value("DocumentOfficialCode") == Some("Unofficial") {
        parts.notes.extend(words::note("The sender marks this document as unofficial."));
    }
    if data.value("DocumentCompleteCode") == Some("Partial") {
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

/// Holds the record to the same count of attempts as every other record.
fn few_enough(transcript: Element<'_>, parts: &Parts) -> Option<()> {
    let attempts = parts.terms.iter().map(|term| term.attempts.len()).sum::<usize>()
        + parts.transfers.iter().map(|block| block.attempts.len()).sum::<usize>();
    if attempts > limits::ATTEMPTS {
        return transcript.refuse("too-many", format!("has more than {} courses", limits::ATTEMPTS));
    }
    Some(())
}
