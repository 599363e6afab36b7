//! Terms, attempts, transfer blocks, balances and stated totals, as they are written.

use super::write::level_if;
use super::writer::Writer;
use crate::domain::{Attempt, Balance, Grade, StatedSummary, Term, TransferBlock};

pub(super) fn term(writer: &mut Writer, term: &Term) {
    writer.shown_if("designator", Some(term.designator));
    writer.text("name", term.name.as_str());
    writer.shown_if("begins", term.begins);
    writer.shown_if("ends", term.ends);
    writer.text("level", term.level.as_str());
    writer.text_if("campus", &term.campus);
    writer.texts("programs", &term.programs);
    writer.objects("attempts", &term.attempts, attempt);
    writer.text_if("standing", &term.standing);
    writer.texts("honors", &term.honors);
    writer.texts("notes", &term.notes);
    writer.objects("stated", &term.stated, summary);
}

fn attempt(writer: &mut Writer, attempt: &Attempt) {
    writer.member_object("course", |writer| {
        writer.text_if("subject", &attempt.course.subject);
        writer.text_if("number", &attempt.course.number);
        writer.text_if("title", &attempt.course.title);
    });
    writer.text("unit", attempt.unit.word());
    writer.number("credits", attempt.credits.decimal());
    writer.number_if("credits_earned", attempt.credits_earned.map(|credits| credits.decimal()));
    writer.text_if("grade", &attempt.grade.as_ref().map(Grade::as_str));
    writer.text_if("supplemental_grade", &attempt.supplemental_grade.as_ref().map(Grade::as_str));
    writer.number_if("mark", attempt.mark);
    writer.text_if("status", &attempt.status.map(|status| status.word()));
    writer.text_if("repeat", &attempt.repeat.map(|repeat| repeat.word()));
    writer.number_if("quality_points", attempt.quality_points);
    writer.texts("notes", &attempt.notes);
}

pub(super) fn transfer(writer: &mut Writer, block: &TransferBlock) {
    writer.text("kind", block.kind.word());
    writer.text_if("institution", &block.institution);
    writer.text("level", block.level.as_str());
    writer.shown_if("designator", block.designator);
    writer.text_if("term_name", &block.term_name);
    writer.objects("attempts", &block.attempts, attempt);
    writer.texts("notes", &block.notes);
}

pub(super) fn balance(writer: &mut Writer, balance: &Balance) {
    writer.text("origin", balance.origin.word());
    writer.text("label", balance.label.as_str());
    writer.text("level", balance.level.as_str());
    writer.shown_if("through", balance.through);
    writer.number("credits_attempted", balance.credits_attempted.decimal());
    writer.number("credits_earned", balance.credits_earned.decimal());
    writer.number("gpa_hours", balance.gpa_hours.decimal());
    writer.number("quality_points", balance.quality_points);
}

pub(super) fn summary(writer: &mut Writer, summary: &StatedSummary) {
    writer.text("span", summary.span.word());
    writer.text_if("label", &summary.label);
    level_if(writer, summary.level.as_ref());
    writer.text_if("unit", &summary.unit.map(|unit| unit.word()));
    writer.number_if("credits_attempted", summary.credits_attempted);
    writer.number_if("credits_earned", summary.credits_earned);
    writer.number_if("gpa_hours", summary.gpa_hours);
    writer.number_if("quality_points", summary.quality_points);
    writer.number_if("gpa", summary.gpa);
    writer.text_if("standing", &summary.standing);
    writer.texts("notes", &summary.notes);
}
