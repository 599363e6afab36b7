//! Terms, attempts, transfer blocks, balances and stated totals from their JSON.

use super::at::At;
use super::fields::Fields;
use super::leaf;
use crate::domain::{
    Attempt, Balance, BalanceOrigin, Course, CreditUnit, GradeStatus, RepeatTreatment, StatedSummary, SummarySpan,
    Term, TransferBlock, TransferKind,
};
use crate::exchange::limits;

fn unit(at: At<'_>) -> Option<CreditUnit> {
    at.word(CreditUnit::ALL, CreditUnit::word)
}

pub(super) fn term(at: At<'_>) -> Option<Term> {
    const KNOWN: &[&str] = &[
        "designator",
        "name",
        "begins",
        "ends",
        "level",
        "campus",
        "programs",
        "attempts",
        "standing",
        "honors",
        "notes",
        "stated",
    ];
    let fields = Fields::open(at, KNOWN)?;
    let designator = fields.required("designator", leaf::year_month);
    let name = fields.required("name", leaf::text);
    let level = fields.required("level", leaf::level);
    let (begins, ends) = (fields.optional("begins", leaf::date), fields.optional("ends", leaf::date));
    let campus = fields.optional("campus", leaf::text);
    let programs = fields.list("programs", limits::ENTRIES, leaf::text);
    let attempts = fields.list("attempts", limits::ATTEMPTS, attempt);
    let standing = fields.optional("standing", leaf::text);
    let honors = fields.list("honors", limits::ENTRIES, leaf::text);
    let notes = fields.list("notes", limits::ENTRIES, leaf::text);
    let stated = fields.list("stated", limits::ENTRIES, summary);
    if begins.zip(ends).is_some_and(|(begins, ends)| begins > ends) {
        return fields.refuse("dates-reversed", "ends before it begins");
    }
    let (designator, name, level) = (designator?, name?, level?);
    Some(Term { designator, name, begins, ends, level, campus, programs, attempts, standing, honors, notes, stated })
}

fn attempt(at: At<'_>) -> Option<Attempt> {
    const KNOWN: &[&str] = &[
        "course",
        "unit",
        "credits",
        "credits_earned",
        "grade",
        "supplemental_grade",
        "mark",
        "status",
        "repeat",
        "quality_points",
        "notes",
    ];
    let fields = Fields::open(at, KNOWN)?;
    let course = fields.required("course", course);
    let credits = fields.required("credits", leaf::credits);
    let rest = Attempt {
        unit: fields.optional("unit", unit).unwrap_or(CreditUnit::Unreported),
        credits_earned: fields.optional("credits_earned", leaf::credits),
        grade: fields.optional("grade", leaf::grade),
        supplemental_grade: fields.optional("supplemental_grade", leaf::grade),
        mark: fields.optional("mark", leaf::decimal),
        status: fields.optional("status", |at| at.word(GradeStatus::ALL, GradeStatus::word)),
        repeat: fields.optional("repeat", |at| at.word(RepeatTreatment::ALL, RepeatTreatment::word)),
        quality_points: fields.optional("quality_points", leaf::decimal),
        notes: fields.list("notes", limits::ENTRIES, leaf::text),
        course: course?,
        credits: credits?,
    };
    Some(rest)
}

fn course(at: At<'_>) -> Option<Course> {
    let fields = Fields::open(at, &["subject", "number", "title"])?;
    let subject = fields.optional("subject", leaf::text);
    let number = fields.optional("number", leaf::text_or_whole);
    let title = fields.optional("title", leaf::text);
    if !fields.gives(&["subject", "number", "title"]) {
        return fields.refuse("missing-course", "needs a subject, a number or a title");
    }
    Some(Course { subject, number, title })
}

pub(super) fn transfer(at: At<'_>) -> Option<TransferBlock> {
    let fields = Fields::open(at, &["kind", "institution", "level", "designator", "term_name", "attempts", "notes"])?;
    let kind = fields.required("kind", |at| at.word(TransferKind::ALL, TransferKind::word));
    let institution = fields.optional("institution", leaf::text);
    let level = fields.required("level", leaf::level);
    let designator = fields.optional("designator", leaf::year_month);
    let term_name = fields.optional("term_name", leaf::text);
    let attempts = fields.list("attempts", limits::ATTEMPTS, attempt);
    let notes = fields.list("notes", limits::ENTRIES, leaf::text);
    Some(TransferBlock { kind: kind?, institution, level: level?, designator, term_name, attempts, notes })
}

pub(super) fn balance(at: At<'_>) -> Option<Balance> {
    const KNOWN: &[&str] =
        &["origin", "label", "level", "through", "credits_attempted", "credits_earned", "gpa_hours", "quality_points"];
    let fields = Fields::open(at, KNOWN)?;
    let origin = fields.required("origin", |at| at.word(BalanceOrigin::ALL, BalanceOrigin::word));
    let label = fields.required("label", leaf::text);
    let level = fields.required("level", leaf::level);
    let through = fields.optional("through", leaf::year_month);
    let credits_attempted = fields.required("credits_attempted", leaf::credits);
    let credits_earned = fields.required("credits_earned", leaf::credits);
    let gpa_hours = fields.required("gpa_hours", leaf::credits);
    let quality_points = fields.required("quality_points", leaf::decimal);
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

pub(super) fn summary(at: At<'_>) -> Option<StatedSummary> {
    const KNOWN: &[&str] = &[
        "span",
        "label",
        "level",
        "unit",
        "credits_attempted",
        "credits_earned",
        "gpa_hours",
        "quality_points",
        "gpa",
        "standing",
        "notes",
    ];
    let fields = Fields::open(at, KNOWN)?;
    let span = fields.required("span", |at| at.word(SummarySpan::ALL, SummarySpan::word));
    let number = |name| fields.optional(name, leaf::decimal);
    let rest = StatedSummary {
        label: fields.optional("label", leaf::text),
        level: fields.optional("level", leaf::level),
        unit: fields.optional("unit", unit),
        credits_attempted: number("credits_attempted"),
        credits_earned: number("credits_earned"),
        gpa_hours: number("gpa_hours"),
        quality_points: number("quality_points"),
        gpa: number("gpa"),
        standing: fields.optional("standing", leaf::text),
        notes: fields.list("notes", limits::ENTRIES, leaf::text),
        span: span?,
    };
    Some(rest)
}
