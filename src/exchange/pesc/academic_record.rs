//! One AcademicRecord: awards, totals, sessions, and the courses that stand outside any session.

use super::award::{add_award, program};
use super::course::{attempt, course_level, read_level};
use super::element::Element;
use super::organization::school;
use super::parts::Parts;
use super::session::{Surroundings, add_session, student_level};
use super::summary::summary;
use super::words::{level, note, transfer_kind};
use crate::domain::{Institution, Level, SummarySpan, Text, TransferBlock};
use std::collections::HashMap;

pub(super) fn add_academic_record(element: Element<'_>, sender: Option<&Institution>, parts: &mut Parts) {
    let around = Surroundings { sender, school: element.child("School"), level: usual_level(element) };
    parts.notes.extend(element.children("StudentLevel").flat_map(|level| level.texts("NoteMessage")));
    element.children("AcademicAward").for_each(|award| add_award(award, parts));
    element.children("AcademicSummary").for_each(|totals| add_summary(totals, parts));
    add_courses(element, &around, parts);
    element.children("AcademicSession").for_each(|session| add_session(session, &around, parts));
    element.children("AdditionalStudentAchievements").for_each(|more| add_achievements(more, parts));
    parts.notes.extend(element.texts("NoteMessage"));
}

/// The level of what tells none in this record: the student's; the first that a course or a summary tells; else
/// what every College Transcript is about, "postsecondary".
fn usual_level(element: Element<'_>) -> Level {
    let sessions = || element.children("AcademicSession");
    let of_sessions = || sessions().find_map(|session| session.children("Course").find_map(course_level));
    let of_students = || sessions().find_map(student_level);
    let of_summary = || {
        let all = element.children("AcademicSummary").chain(sessions().flat_map(|s| s.children("AcademicSummary")));
        all.filter_map(|summary| summary.filled("AcademicSummaryLevel")).find_map(read_level)
    };
    let of_courses = || element.children("Course").find_map(course_level);
    let told = student_level(element).or_else(of_sessions).or_else(of_students).or_else(of_summary);
    told.or_else(of_courses).or_else(|| level("Postsecondary")).unwrap_or_else(Level::undergraduate)
}

/// Totals for the whole record, and the programme that a summary names.
fn add_summary(element: Element<'_>, parts: &mut Parts) {
    let mut read = summary(element, (SummarySpan::Other, note("Academic summary")));
    let level = element.filled("AcademicSummaryLevel").and_then(read_level);
    parts.programs.extend(element.children("AcademicProgram").filter_map(|named| program(named, level.clone())));
    match read.stated.first_mut() {
        Some(stated) => stated.notes.append(&mut read.honors),
        None => parts.notes.append(&mut read.honors),
    }
    parts.stated.extend(read.stated);
    parts.notes.extend(read.notes);
}

/// Courses outside any session are credit from elsewhere; one block for each origin and level.
fn add_courses(element: Element<'_>, around: &Surroundings<'_>, parts: &mut Parts) {
    let mut blocks: Vec<TransferBlock> = Vec::new();
    let mut places = HashMap::new();
    for course in element.children("Course") {
        let level = course_level(course).unwrap_or_else(|| around.level.clone());
        let kind = transfer_kind(course.value("CourseCreditBasis").unwrap_or_default());
        let other = course.child("CourseOverrideSchool").or(around.school);
        let institution = other.and_then(|other| school(other, around.sender)?.name);
        let Some(attempt) = attempt(course, &level) else { continue };
        let place = *places.entry((kind, institution.clone(), level.clone())).or_insert(blocks.len());
        match blocks.get_mut(place) {
            Some(block) => block.attempts.push(attempt),
            None => blocks.push(TransferBlock {
                kind,
                institution,
                level,
                designator: None,
                term_name: None,
                attempts: vec![attempt],
                notes: Vec::new(),
            }),
        }
    }
    parts.transfers.append(&mut blocks);
}

/// Requirements met, proficiencies, licences: as notes, each by its names.
fn add_achievements(element: Element<'_>, parts: &mut Parts) {
    for achievement in element.every_child().filter(|child| !child.is("NoteMessage")) {
        let names = ["RAPName", "RAPSubName", "LicensureName"].into_iter().flat_map(|name| achievement.texts(name));
        let names: Vec<_> = names.map(|name| name.as_str().to_owned()).collect();
        parts.notes.extend(Text::new(&names.join(": ")).ok());
        parts.notes.extend(achievement.texts("NoteMessage"));
    }
    parts.notes.extend(element.texts("NoteMessage"));
}
