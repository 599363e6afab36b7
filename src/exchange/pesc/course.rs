//! A course as an attempt: what was taken, the grades, the credits, and what a page may add to them.

use super::element::Element;
use super::words::{level, note, phrase, repeat};
use crate::domain::{Attempt, Course, CreditUnit, Credits, Grade, GradeStatus, Level, Text};

/// The level of a course, where it tells one.
pub(super) fn course_level(course: Element<'_>) -> Option<Level> {
    read_level(course.filled("CourseCreditLevel")?)
}

/// A level code's level.
pub(super) fn read_level(element: Element<'_>) -> Option<Level> {
    level(element.content()).or_else(|| element.refuse("bad-level", "is no level code of the standard"))
}

/// One attempt; a level other than that of the term it stands in becomes a note.
pub(super) fn attempt(element: Element<'_>, term_level: &Level) -> Option<Attempt> {
    let course = course(element);
    let mut notes = code_notes(element, term_level);
    let (status, status_note) = status(element);
    notes.extend(status_note);
    let repeat = element.value("CourseRepeatCode").map(repeat);
    notes.extend(repeat.clone().and_then(Result::err).flatten());
    let (supplemental_grade, more_grades) = supplemental_grades(element);
    notes.extend(more_grades);
    notes.extend(grade_notes(element));
    notes.extend(override_school(element));
    notes.extend(element.texts("NoteMessage"));
    let (unit, credits) = credits(element, status);
    let rest = Attempt {
        unit,
        credits_earned: element.credits("CourseCreditEarned"),
        grade: element.grade("CourseAcademicGrade"),
        supplemental_grade,
        mark: None,
        status,
        repeat: repeat.and_then(Result::ok),
        quality_points: element.decimal("CourseQualityPointsEarned"),
        notes,
        course: course?,
        credits: credits?,
    };
    Some(rest)
}

fn course(element: Element<'_>) -> Option<Course> {
    const NUMBERS: [&str; 3] = ["CourseNumber", "OriginalCourseID", "AgencyCourseID"];
    let number = NUMBERS.into_iter().find_map(|name| element.text(name));
    let course =
        Course { subject: element.text("CourseSubjectAbbreviation"), number, title: element.text("CourseTitle") };
    let named = NUMBERS.into_iter().chain(["CourseSubjectAbbreviation", "CourseTitle"]);
    if named.into_iter().all(|name| element.filled(name).is_none()) {
        return element.refuse("missing-course", "needs a subject, a number or a title");
    }
    Some(course)
}

/// The credits carried; where only earned ones are told, those. None at all are accepted only of a course that the
/// document itself says carries none.
fn credits(element: Element<'_>, status: Option<GradeStatus>) -> (CreditUnit, Option<Credits>) {
    let unit = element.value("CourseCreditUnits").map(credit_unit);
    let told = ["CourseCreditValue", "CourseCreditEarned"].into_iter().find(|name| element.filled(name).is_some());
    if let Some(told) = told {
        return (unit.unwrap_or(CreditUnit::Unreported), element.credits(told));
    }
    let without = unit == Some(CreditUnit::NoCredit)
        || status == Some(GradeStatus::Audited)
        || element.value("CourseCreditBasis") == Some("Exemption");
    let credits = if without { Some(Credits::ZERO) } else { element.lacks("CourseCreditValue") };
    (unit.unwrap_or(CreditUnit::NoCredit), credits)
}

/// A unit of credits; one that the domain does not know is another.
pub(super) fn credit_unit(code: &str) -> CreditUnit {
    CreditUnit::from_pesc(code).unwrap_or(CreditUnit::Other)
}

/// The status, and the words for one that the domain does not know. A course without its own has that of its
/// supplemental grade.
fn status(element: Element<'_>) -> (Option<GradeStatus>, Option<Text>) {
    let own = element.value("CourseAcademicGradeStatusCode").filter(|code| *code != "Other");
    let supplemental = || {
        let mut grades = supplemental(element);
        grades.find_map(|grade| grade.value("CourseAcademicSupplementalGradeStatusCode"))
    };
    match own.or_else(supplemental) {
        None => (None, None),
        Some(code) => match GradeStatus::from_pesc(code) {
            Some(status) => (Some(status), None),
            None => (None, note(&format!("Grade status: {}", phrase(code)))),
        },
    }
}

fn supplemental(element: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    element.children("CourseSupplementalAcademicGrade").flat_map(|grades| grades.children("CourseSupplementalGrade"))
}

/// The first supplemental grade; further ones, and the notes of all, as notes.
fn supplemental_grades(element: Element<'_>) -> (Option<Grade>, Vec<Text>) {
    let mut first = None;
    let mut notes = Vec::new();
    for grade in supplemental(element) {
        match grade.grade("CourseAcademicSupplementalGrade") {
            Some(grade) if first.is_none() => first = Some(grade),
            Some(grade) => notes.extend(note(&format!("Supplemental grade: {grade}"))),
            None => {}
        }
        notes.extend(grade.texts("NoteMessage"));
    }
    (first, notes)
}

/// What the codes of level, basis and GPA applicability say beyond the usual.
fn code_notes(element: Element<'_>, term_level: &Level) -> Vec<Text> {
    let told_level = element.value("CourseCreditLevel");
    let other_level = course_level(element).filter(|level| level != term_level).and(told_level);
    let basis = element.value("CourseCreditBasis").filter(|basis| !matches!(*basis, "Regular" | "Major"));
    let in_gpa = match element.value("CourseGPAApplicabilityCode") {
        Some("NotApplicable") => note("Not counted in GPA"),
        Some("Weighted") => note("Weighted in GPA"),
        _ => None,
    };
    let other_level = other_level.and_then(|level| note(&format!("Level: {}", phrase(level))));
    let basis = basis.and_then(|basis| note(&format!("Credit basis: {}", phrase(basis))));
    [other_level, basis, in_gpa].into_iter().flatten().collect()
}

/// Class average, equivalent grades and the narrative beside the grade.
fn grade_notes(element: Element<'_>) -> Vec<Text> {
    let average = element.grade("CourseAverageGrade").and_then(|grade| note(&format!("Class average: {grade}")));
    let equivalents = element.children("CourseEquivalentAcademicGrade").filter_map(|equivalent| {
        let grade = equivalent.grade("EquivalentAcademicGrade")?;
        note(&format!("Equivalent grade: {grade}"))
    });
    let narrative = element.text("CourseNarrativeExplanationGrade");
    average.into_iter().chain(equivalents).chain(narrative).collect()
}

/// The other school where the course was taken, with the number it has there.
fn override_school(element: Element<'_>) -> Vec<Text> {
    let Some(school) = element.child("CourseOverrideSchool") else { return Vec::new() };
    let there = element.value("OverrideSchoolCourseNumber").map(|number| format!(" ({number})")).unwrap_or_default();
    let name = school.text("OrganizationName").and_then(|name| note(&format!("Taken at {name}{there}")));
    name.into_iter().chain(school.texts("NoteMessage")).collect()
}
