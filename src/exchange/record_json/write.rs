//! A record, field by field in the order in which it is written. The JSON Schema describes each field.

use super::MARKER;
use super::read::totals_word;
use super::write_terms::{balance, summary, term, transfer};
use super::writer::Writer;
use crate::domain::{Award, Hold, Institution, Level, Names, PersonName, Program, Student, StudentRecord};

pub(super) fn record(writer: &mut Writer, record: &StudentRecord) {
    writer.text("schema", MARKER);
    for (key, holds) in [("sample", record.sample), ("partial", record.partial)] {
        if holds {
            writer.flag(key, true);
        }
    }
    writer.member_object("student", |writer| student(writer, &record.student));
    if let Some(institution) = &record.institution {
        writer.member_object("institution", |writer| self::institution(writer, institution));
    }
    writer.objects("programs", &record.programs, program);
    writer.objects("terms", &record.terms, term);
    writer.objects("transfers", &record.transfers, transfer);
    writer.objects("balances", &record.balances, balance);
    writer.objects("awards", &record.awards, award);
    writer.objects("holds", &record.holds, hold);
    writer.texts("notes", &record.notes);
    writer.text("totals", totals_word(record.totals));
    writer.objects("stated", &record.stated, summary);
}

pub(super) fn student(writer: &mut Writer, student: &Student) {
    writer.text("id", student.id.as_str());
    writer.member_object("names", |writer| names(writer, &student.names));
    writer.shown_if("birth", student.birth);
}

fn names(writer: &mut Writer, names: &Names) {
    writer.member_object("legal", |writer| name(writer, &names.legal));
    if let Some(chosen) = &names.chosen {
        writer.member_object("chosen", |writer| name(writer, chosen));
    }
    writer.objects("former", &names.former, name);
    writer.text_if("native", &names.native);
}

fn name(writer: &mut Writer, name: &PersonName) {
    let parts = name.parts();
    writer.text_if("prefix", &parts.prefix);
    writer.text_if("given", &parts.given);
    writer.text_if("middle", &parts.middle);
    writer.text_if("family", &parts.family);
    writer.text_if("suffix", &parts.suffix);
    writer.text_if("full", &parts.full);
}

fn institution(writer: &mut Writer, institution: &Institution) {
    writer.text("name", institution.name.as_str());
    writer.texts("address", &institution.address);
    writer.text_if("phone", &institution.phone);
    writer.text_if("email", &institution.email);
    writer.text_if("website", &institution.website);
    writer.objects("codes", &institution.codes, |writer, (system, code)| {
        writer.text("system", system.as_str());
        writer.text("code", code.as_str());
    });
    writer.text_if("accreditation", &institution.accreditation);
    writer.text_if("registrar_name", &institution.registrar_name);
    writer.text_if("registrar_title", &institution.registrar_title);
}

fn program(writer: &mut Writer, program: &Program) {
    writer.text("kind", program.kind.word());
    writer.text("name", program.name.as_str());
    level_if(writer, program.level.as_ref());
    writer.text_if("degree", &program.degree);
    writer.shown_if("admitted", program.admitted);
    writer.texts("notes", &program.notes);
}

pub(super) fn level_if(writer: &mut Writer, level: Option<&Level>) {
    if let Some(level) = level {
        writer.text("level", level.as_str());
    }
}

fn award(writer: &mut Writer, award: &Award) {
    writer.text("title", award.title.as_str());
    level_if(writer, award.level.as_ref());
    writer.shown_if("conferred", award.conferred);
    writer.objects("programs", &award.programs, program);
    writer.texts("honors", &award.honors);
    writer.text_if("thesis_title", &award.thesis_title);
    writer.texts("notes", &award.notes);
}

fn hold(writer: &mut Writer, hold: &Hold) {
    writer.text("code", hold.code.as_str());
    writer.text_if("reason", &hold.reason);
    writer.shown_if("since", hold.since);
    writer.flag("blocks_transcript", hold.blocks_transcript);
}
