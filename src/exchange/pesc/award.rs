//! Awards, and the programmes of study that awards, summaries and sessions name.

use super::element::Element;
use super::parts::Parts;
use super::summary::{honors, summary};
use super::words::{award_level, note, phrase, program_kind};
use crate::domain::{Award, Date, Level, Program, SummarySpan, Text};

/// Adds an award; totals that it carries go to the record's, under the award's title.
pub(super) fn add_award(element: Element<'_>, parts: &mut Parts) {
    let level = element.value("AcademicAwardLevel").and_then(award_level);
    let level_name = level.and_then(|(name, _)| note(name));
    let title = title(element, level_name.as_ref());
    let (conferred, mut notes) = conferred(element);
    notes.splice(0..0, level_name.filter(|name| Some(name) != title.as_ref()));
    let requirements: Vec<_> = element.children("AcademicDegreeRequirement").collect();
    notes.extend(requirements.iter().flat_map(|requirement| requirement_notes(*requirement)));
    notes.extend(element.texts("NoteMessage"));
    let programs: Vec<_> = element.children("AcademicAwardProgram").collect();
    let of_programs = programs.iter().flat_map(|program| program.children("ProgramSummary"));
    for totals in element.children("AcademicSummary").chain(of_programs) {
        let read = summary(totals, (SummarySpan::Other, title.clone()));
        parts.stated.extend(read.stated);
        notes.extend(read.honors.into_iter().chain(read.notes));
    }
    let programs = programs.into_iter().filter_map(|element| program(element, None)).collect();
    let honors = honors(element);
    let thesis_title = requirements.iter().find_map(|requirement| requirement.text("ThesisDissertationTitle"));
    let level = level.and_then(|(_, level)| Level::new(level?).ok());
    parts.awards.extend(title.map(|title| Award { title, level, conferred, programs, honors, thesis_title, notes }));
}

fn requirement_notes(requirement: Element<'_>) -> Vec<Text> {
    let advisor = requirement.text("ThesisDissertationAdvisor");
    let advisor = advisor.and_then(|name| note(&format!("Thesis advisor: {name}")));
    advisor.into_iter().chain(requirement.texts("NoteMessage")).collect()
}

fn title(element: Element<'_>, level_name: Option<&Text>) -> Option<Text> {
    match element.filled("AcademicAwardTitle") {
        Some(title) => title.as_text(),
        None => level_name.cloned().or_else(|| element.lacks("AcademicAwardTitle")),
    }
}

/// The day of conferral. An award that the document says is not completed is not conferred, whatever its date; the
/// day on which the requirements were completed is no conferral either. Both are told as notes.
fn conferred(element: Element<'_>) -> (Option<Date>, Vec<Text>) {
    let (awarded, completed) = (element.date("AcademicAwardDate"), element.date("AcademicCompletionDate"));
    let indicator = element.value("AcademicCompletionIndicator").unwrap_or_default();
    if indicator == "0" || indicator.eq_ignore_ascii_case("false") {
        let date = awarded.or(completed).map(|date| format!("; date given: {date}")).unwrap_or_default();
        return (None, note(&format!("Not completed{date}")).into_iter().collect());
    }
    let completed = completed.filter(|completed| Some(*completed) != awarded);
    (awarded, completed.and_then(|date| note(&format!("Requirements completed: {date}"))).into_iter().collect())
}

/// A programme of study by its name, else by the first of its codes.
pub(super) fn program(element: Element<'_>, level: Option<Level>) -> Option<Program> {
    let kind = program_kind(element.value("AcademicProgramType"));
    let notes = element.texts("NoteMessage");
    let Some(name) = program_name(element) else {
        // Without name or code there is nothing to call it; its notes are refused rather than dropped.
        return if notes.is_empty() { None } else { element.lacks("AcademicProgramName") };
    };
    Some(Program { kind, name, level, degree: None, admitted: None, notes })
}

fn program_name(element: Element<'_>) -> Option<Text> {
    const CODES: [(&str, &str); 7] = [
        ("ProgramCIPCode", "CIP"),
        ("ProgramHEGISCode", "HEGIS"),
        ("ProgramCSISCode", "CSIS"),
        ("ProgramUSISCode", "USIS"),
        ("ProgramESISCode", "ESIS"),
        ("ProgramLocalCode", "Programme"),
        ("ProgramSecondarySchoolCode", "Programme"),
    ];
    let code = || CODES.into_iter().find_map(|(name, system)| note(&format!("{system} {}", element.value(name)?)));
    element.text("AcademicProgramName").or_else(code)
}

/// A session's programme as one line, with its kind where it tells one.
pub(super) fn program_line(element: Element<'_>) -> Option<Text> {
    let name = program_name(element)?;
    match element.value("AcademicProgramType") {
        Some(kind) => note(&format!("{}: {name}", phrase(kind))),
        None => Some(name),
    }
}
