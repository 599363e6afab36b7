//! The student: key, names, birth date. No social security or insurance number is ever read.

use super::element::{Element, without_zone};
use super::words::note;
use crate::domain::{BirthDate, NameParts, Names, PersonName, Student, StudentId, Text};

pub(super) fn student(person: Element<'_>, notes: &mut Vec<Text>) -> Option<Student> {
    let id = student_id(person);
    let names = names(person, notes);
    let birth = person.child("Birth").and_then(birth);
    Some(Student { id: id?, names: names?, birth })
}

/// The institution's own key; else one that an agency other than a nation assigned (a nation's may be a SIN).
fn student_id(person: Element<'_>) -> Option<StudentId> {
    let by_agency = || {
        let mut agencies = person.children("AgencyIdentifier");
        agencies.find(|agency| agency.value("AgencyCode") != Some("National"))?.filled("AgencyAssignedID")
    };
    let given =
        person.filled("SchoolAssignedPersonID").or_else(|| person.filled("AgencyAssignedID")).or_else(by_agency);
    let Some(element) = given else { return person.lacks("SchoolAssignedPersonID") };
    StudentId::new(element.content()).map_or_else(|why| element.refuse("bad-student-id", why.to_string()), Some)
}

/// The legal name is the one marked Legal, else the one marked Formal, else the first Name.
fn names(person: Element<'_>, notes: &mut Vec<Text>) -> Option<Names> {
    let every: Vec<_> = person.children("Name").chain(person.children("AlternateName")).collect();
    let marked = |code| every.iter().position(|name| name.value("NameCode") == Some(code));
    let Some(legal_index) = marked("Legal").or_else(|| marked("Formal")).or((!every.is_empty()).then_some(0)) else {
        return person.lacks("Name");
    };
    let legal = person_name(every[legal_index]);
    let mut names = Names { legal: legal?, chosen: None, former: Vec::new(), native: None };
    for (index, element) in every.iter().enumerate().filter(|(index, _)| *index != legal_index) {
        let Some(name) = person_name(*element) else { continue };
        match element.value("NameCode") {
            _ if name == names.legal => {}
            Some("Nickname" | "Casual") if names.chosen.is_none() => names.chosen = Some(name),
            // An alternate name without a code is how the standard's older releases carry a former one.
            Some("Former") => names.former.push(name),
            None if index > 0 => names.former.push(name),
            _ => notes.extend(note(&format!("Also known as: {}", name.printed()))),
        }
    }
    Some(names)
}

fn person_name(element: Element<'_>) -> Option<PersonName> {
    let (given, family) = (element.text("FirstName"), element.text("LastName"));
    let middle: Vec<_> = element.texts("MiddleName").iter().map(|name| name.as_str().to_owned()).collect();
    let suffixes = [element.text("NameSuffix"), element.text("NameTitle")];
    let suffix: Vec<_> = suffixes.iter().flatten().map(Text::as_str).collect();
    let full = if given.is_none() && family.is_none() { element.text("CompositeName") } else { None };
    let parts = NameParts {
        prefix: element.text("NamePrefix"),
        given,
        middle: Text::new(&middle.join(" ")).ok(),
        family,
        suffix: Text::new(&suffix.join(" ")).ok(),
        full,
    };
    PersonName::new(parts).or_else(|| element.refuse("missing-name", "needs a first, a last or a composite name"))
}

/// The full date when it is told, else the day: as MM-DD or, in XML Schema's way, --MM-DD.
fn birth(birth: Element<'_>) -> Option<BirthDate> {
    if birth.filled("BirthDate").is_some() {
        return birth.date("BirthDate").map(BirthDate::Full);
    }
    let element = birth.filled("Birthday")?;
    let text = element.content();
    let day = without_zone(text.strip_prefix("--").unwrap_or(text), 5).and_then(|day| day.parse().ok());
    let full = || without_zone(text, 10).and_then(|date| date.parse().ok()).map(BirthDate::Full);
    let read = day.map(BirthDate::MonthDay).or_else(full);
    read.or_else(|| element.refuse("bad-date", "is not a day written --MM-DD or MM-DD"))
}
