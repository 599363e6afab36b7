//! Totals as the sender states them [AcademicSummary], with what else a summary carries.

use super::course::{credit_unit, read_level};
use super::element::Element;
use super::words::{note, phrase, span, standing};
use crate::domain::{StatedSummary, SummarySpan, Text};

/// What one summary tells.
pub(super) struct Summary {
    /// One for each GPA element that has numbers; else one for the standing alone, if there is one.
    pub stated: Vec<StatedSummary>,
    pub standing: Option<Text>,
    pub honors: Vec<Text>,
    /// Notes that belong to no totals.
    pub notes: Vec<Text>,
}

/// Reads a summary; `untyped` is what one without a type spans, with the words for it.
pub(super) fn summary(element: Element<'_>, untyped: (SummarySpan, Option<Text>)) -> Summary {
    let code = element.value("AcademicSummaryType");
    let (span, words) = code.map_or(untyped, span);
    let level = element.filled("AcademicSummaryLevel").and_then(read_level);
    let standing = standings(element);
    let honors = honors(element);
    let mut notes = element.texts("NoteMessage");
    notes.extend(class_rank(element));
    let blank = StatedSummary {
        span,
        label: words,
        level,
        unit: None,
        credits_attempted: None,
        credits_earned: None,
        gpa_hours: None,
        quality_points: None,
        gpa: None,
        standing: standing.clone(),
        notes: Vec::new(),
    };
    let mut stated: Vec<_> = element.children("GPA").filter_map(|gpa| with_gpa(gpa, &blank)).collect();
    if stated.is_empty() {
        notes.splice(0..0, element.children("GPA").flat_map(|gpa| gpa.texts("NoteMessage")));
        stated.extend(standing.is_some().then_some(blank));
    } else {
        stated[0].notes.append(&mut notes);
    }
    // The sender's own words for totals of its own definition come as the first note.
    if span == SummarySpan::Other && matches!(code, None | Some("UserDefined")) {
        stated.iter_mut().filter(|stated| !stated.notes.is_empty()).for_each(|stated| {
            stated.label = Some(stated.notes.remove(0));
        });
    }
    Summary { stated, standing, honors, notes }
}

/// The numbers of one GPA element; `None` when it has none.
fn with_gpa(gpa: Element<'_>, blank: &StatedSummary) -> Option<StatedSummary> {
    let stated = StatedSummary {
        unit: gpa.value("CreditUnit").map(credit_unit),
        credits_attempted: gpa.decimal("CreditHoursAttempted"),
        credits_earned: gpa.decimal("CreditHoursEarned"),
        gpa_hours: gpa.decimal("CreditHoursforGPA"),
        quality_points: gpa.decimal("TotalQualityPoints"),
        gpa: gpa.decimal("GradePointAverage"),
        notes: gpa.texts("NoteMessage"),
        ..blank.clone()
    };
    let numbers =
        [stated.credits_attempted, stated.credits_earned, stated.gpa_hours, stated.quality_points, stated.gpa];
    let limits = limits(gpa);
    let told = numbers.iter().any(Option::is_some) || !limits.is_empty();
    told.then(|| StatedSummary { notes: [stated.notes.clone(), limits].concat(), ..stated })
}

/// The numbers beside the totals: credits required and lacking, and the scale's ends.
fn limits(gpa: Element<'_>) -> Vec<Text> {
    let single = |name, words| gpa.decimal(name).and_then(|number| note(&format!("{words}: {number}")));
    let range = [gpa.decimal("GPARangeMinimum"), gpa.decimal("GPARangeMaximum")];
    let range = match range {
        [Some(least), Some(most)] => note(&format!("GPA range: {least} to {most}")),
        [Some(least), None] => note(&format!("GPA range: from {least}")),
        [None, Some(most)] => note(&format!("GPA range: to {most}")),
        [None, None] => None,
    };
    let required = single("CreditHoursRequired", "Credits required");
    let deficient = single("CreditHoursDeficient", "Credits lacking");
    [required, deficient, range].into_iter().flatten().collect()
}

fn standings(element: Element<'_>) -> Option<Text> {
    let codes = element.children("Delinquencies").filter_map(|code| standing(code.content()));
    let words: Vec<_> = codes.map(|standing| standing.as_str().to_owned()).collect();
    Text::new(&words.join("; ")).ok()
}

/// Honours by their title, else by their level, with their notes.
pub(super) fn honors(element: Element<'_>) -> Vec<Text> {
    let each = |honors: Element<'_>| {
        let level = || note(&format!("{} honours", phrase(honors.value("HonorsLevel")?)));
        let title = honors.text("HonorsTitle").or_else(level);
        title.into_iter().chain(honors.texts("NoteMessage")).collect::<Vec<_>>()
    };
    element.children("AcademicHonors").flat_map(each).collect()
}

fn class_rank(element: Element<'_>) -> Option<Text> {
    let rank = element.text("ClassRank")?;
    let of = element.text("ClassSize").map(|size| format!(" of {size}")).unwrap_or_default();
    note(&format!("Class rank: {rank}{of}"))
}
