//! What a caller asks for: one issuing of one student's document.

use crate::domain::{Date, Error, Issue, Marking, Partial, StudentId, StudentRecord, Text};
use crate::seal::Digest;
use std::sync::Arc;

/// How a document is to be issued, and what is to become of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// The day of issue. An argument: the service reads no calendar.
    pub date: Date,
    /// The document's own number; when absent it is made of the day and the student id.
    pub serial: Option<Text>,
    pub marking: Marking,
    pub recipient: Option<Text>,
    pub purpose: Option<Text>,
    /// Of a transcript: terms that are left out because they are unpaid.
    pub partial: Option<Partial>,
    /// Saved to the registrar's sink.
    pub save: bool,
    /// Confirmed by the registrar's verifier.
    pub verify: bool,
}

impl Request {
    /// An official document of that day, neither saved nor verified.
    pub const fn official(date: Date) -> Request {
        Request {
            date,
            serial: None,
            marking: Marking::Official,
            recipient: None,
            purpose: None,
            partial: None,
            save: false,
            verify: false,
        }
    }

    pub(super) fn issue(&self, id: &StudentId) -> Issue {
        self.numbered(id, "")
    }

    /// A certificate has a number of its own, beside the transcript of the same day.
    pub(super) fn certificate_issue(&self, id: &StudentId) -> Issue {
        self.numbered(id, "-degree")
    }

    /// As is an enrolment verification.
    pub(super) fn enrollment_issue(&self, id: &StudentId) -> Issue {
        self.numbered(id, "-enrollment")
    }

    /// The record that a transcript is made of.
    pub(super) fn record(&self, whole: Arc<StudentRecord>) -> Result<Arc<StudentRecord>, Error> {
        self.partial.as_ref().map_or(Ok(Arc::clone(&whole)), |partial| partial.of(&whole).map(Arc::new))
    }

    fn numbered(&self, id: &StudentId, kind: &str) -> Issue {
        Issue {
            date: self.date,
            serial: self.serial.clone().unwrap_or_else(|| serial(self.date, id, kind)),
            marking: self.marking,
            recipient: self.recipient.clone(),
            purpose: self.purpose.clone(),
        }
    }
}

/// `20260529-101`. An id that would not be printed letter for letter (a text is normalised) gives its digest instead,
/// so that two students never share a number.
fn serial(date: Date, id: &StudentId, kind: &str) -> Text {
    let day = format!("{:04}{:02}{:02}", date.year(), date.month(), date.day());
    let plain = format!("{day}-{id}{kind}");
    let printed = Text::new(&plain).ok().filter(|text| text.as_str() == plain);
    printed.unwrap_or_else(|| {
        let digest = Digest::of(id.as_str().as_bytes()).hex();
        Text::new(&format!("{day}-{}{kind}", &digest[..32])).expect("digits and letters are text")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serial_of(id: &str) -> String {
        let request = Request::official(Date::new(2026, 5, 29).unwrap());
        request.issue(&StudentId::new(id).unwrap()).serial.as_str().to_owned()
    }

    #[test]
    fn a_serial_is_the_day_and_the_id() {
        assert_eq!(serial_of("101"), "20260529-101");
        assert_eq!(serial_of("Å-7"), "20260529-Å-7");
        let request = Request::official(Date::new(2026, 5, 29).unwrap());
        let certificate = request.certificate_issue(&StudentId::new("101").unwrap());
        assert_eq!(certificate.serial.as_str(), "20260529-101-degree");
    }

    #[test]
    fn ids_that_print_alike_have_serials_apart() {
        let alike = ["a b", "a  b", "a\u{a0}b", "a\u{202e}b", "A\u{30a}", "\u{c5}"];
        let mut serials: Vec<_> = alike.into_iter().map(serial_of).collect();
        serials.sort();
        serials.dedup();
        assert_eq!(serials.len(), alike.len());
    }

    #[test]
    fn a_serial_given_stands() {
        let request = Request { serial: Text::new("T-9").ok(), ..Request::official(Date::new(2026, 5, 29).unwrap()) };
        assert_eq!(request.issue(&StudentId::new("101").unwrap()).serial.as_str(), "T-9");
    }
}
