//! One row of each table into one domain value. `None` means a problem was recorded.

use super::cells::Cells;
use crate::domain::{
    Attempt, Award, Balance, Course, Hold, Institution, NameParts, PersonName, Program, StatedSummary, Term, Text,
    TransferBlock,
};

/// Whose name a row of `names` is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    Legal,
    Chosen,
    Former,
}

impl super::cells::Word for NameKind {
    fn read(word: &str) -> Option<NameKind> {
        match word {
            "legal" => Some(NameKind::Legal),
            "chosen" => Some(NameKind::Chosen),
            "former" => Some(NameKind::Former),
            _ => None,
        }
    }
}

pub fn name(mut c: Cells<'_>) -> Option<(NameKind, PersonName)> {
    let kind = c.required("kind", Cells::word);
    let parts = NameParts {
        prefix: c.text("prefix"),
        given: c.text("given"),
        middle: c.text("middle"),
        family: c.text("family"),
        suffix: c.text("suffix"),
        full: c.text("whole"),
    };
    let name = PersonName::new(parts);
    if name.is_none() {
        c.wrong("no-name", "given", "is missing, and so are family and whole: one of the three must be there");
    }
    Some((kind?, name?))
}

pub fn program(mut c: Cells<'_>) -> Option<Program> {
    let kind = c.required("kind", Cells::word);
    let name = c.required("name", Cells::text);
    let level = c.level("level");
    let degree = c.text("degree");
    let admitted = c.date("admitted");
    let notes = c.lines("notes");
    Some(Program { kind: kind?, name: name?, level, degree, admitted, notes })
}

pub fn term(mut c: Cells<'_>) -> Option<Term> {
    let designator = c.required("designator", Cells::month);
    let name = c.required("name", Cells::text);
    let begins = c.date("begins");
    let ends = c.date("ends");
    let level = c.required("level", Cells::level);
    let campus = c.text("campus");
    let programs = c.lines("programs");
    let standing = c.text("standing");
    let honors = c.lines("honors");
    let notes = c.lines("notes");
    if begins.zip(ends).is_some_and(|(first, last)| last < first) {
        c.wrong("bad-dates", "ends", "is before begins");
    }
    let (attempts, stated) = (Vec::new(), Vec::new());
    let (designator, name, level) = (designator?, name?, level?);
    Some(Term { designator, name, begins, ends, level, campus, programs, attempts, standing, honors, notes, stated })
}

pub fn transfer(mut c: Cells<'_>) -> Option<TransferBlock> {
    let kind = c.required("kind", Cells::word);
    let institution = c.text("institution");
    let level = c.required("level", Cells::level);
    let designator = c.month("designator");
    let term_name = c.text("term_name");
    let notes = c.lines("notes");
    let attempts = Vec::new();
    Some(TransferBlock { kind: kind?, institution, level: level?, designator, term_name, attempts, notes })
}

pub fn attempt(mut c: Cells<'_>) -> Option<Attempt> {
    let before = c.problems();
    let course = Course { subject: c.text("subject"), number: c.text("number"), title: c.text("title") };
    let unnamed = course.subject.is_none() && course.number.is_none() && course.title.is_none();
    if unnamed && c.problems() == before {
        c.wrong("no-course", "title", "is missing, and so are subject and number: one of the three must be there");
    }
    let unit = c.required("unit", Cells::word);
    let credits = c.required("credits", Cells::credits);
    let credits_earned = c.credits("credits_earned");
    let grade = c.grade("grade");
    let supplemental_grade = c.grade("supplemental_grade");
    let mark = c.decimal("mark");
    let status = c.word("status");
    let repeat = c.word("repeat");
    let quality_points = c.decimal("quality_points");
    let notes = c.lines("notes");
    Some(Attempt {
        course,
        unit: unit?,
        credits: credits?,
        credits_earned,
        grade,
        supplemental_grade,
        mark,
        status,
        repeat,
        quality_points,
        notes,
    })
}

pub fn balance(mut c: Cells<'_>) -> Option<Balance> {
    let origin = c.required("origin", Cells::word);
    let label = c.required("label", Cells::text);
    let level = c.required("level", Cells::level);
    let through = c.month("through");
    let credits_attempted = c.required("credits_attempted", Cells::credits);
    let credits_earned = c.required("credits_earned", Cells::credits);
    let gpa_hours = c.required("gpa_hours", Cells::credits);
    let quality_points = c.required("quality_points", Cells::decimal);
    Some(Balance {
        origin: origin?,
        label: label?,
        level: level?,
        through,
        credits_attempted: credits_attempted?,
        credits_earned: credits_earned?,
        gpa_hours: gpa_hours?,
        quality_points: quality_points?,
    })
}

pub fn award(mut c: Cells<'_>) -> Option<Award> {
    let title = c.required("title", Cells::text);
    let level = c.level("level");
    let conferred = c.date("conferred");
    let honors = c.lines("honors");
    let thesis_title = c.text("thesis_title");
    let notes = c.lines("notes");
    Some(Award { title: title?, level, conferred, programs: Vec::new(), honors, thesis_title, notes })
}

pub fn hold(mut c: Cells<'_>) -> Option<Hold> {
    let code = c.required("code", Cells::text);
    let reason = c.text("reason");
    let since = c.date("since");
    let blocks_transcript = c.required("blocks_transcript", Cells::flag);
    Some(Hold { code: code?, reason, since, blocks_transcript: blocks_transcript? })
}

pub fn note(mut c: Cells<'_>) -> Option<Text> {
    c.required("note", Cells::text)
}

pub fn stated(mut c: Cells<'_>) -> Option<StatedSummary> {
    let span = c.required("span", Cells::word);
    let label = c.text("label");
    let level = c.level("level");
    let unit = c.word("unit");
    let credits_attempted = c.decimal("credits_attempted");
    let credits_earned = c.decimal("credits_earned");
    let gpa_hours = c.decimal("gpa_hours");
    let quality_points = c.decimal("quality_points");
    let gpa = c.decimal("gpa");
    let standing = c.text("standing");
    let notes = c.lines("notes");
    Some(StatedSummary {
        span: span?,
        label,
        level,
        unit,
        credits_attempted,
        credits_earned,
        gpa_hours,
        quality_points,
        gpa,
        standing,
        notes,
    })
}

pub fn institution(mut c: Cells<'_>) -> Option<Institution> {
    let name = c.required("name", Cells::text);
    let address = c.lines("address");
    let phone = c.text("phone");
    let email = c.text("email");
    let website = c.text("website");
    let codes = c.pairs("codes");
    let accreditation = c.text("accreditation");
    let registrar_name = c.text("registrar_name");
    let registrar_title = c.text("registrar_title");
    let name = name?;
    Some(Institution { name, address, phone, email, website, codes, accreditation, registrar_name, registrar_title })
}
