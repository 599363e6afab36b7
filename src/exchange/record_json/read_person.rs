//! The person, the institution, programmes, awards and holds from their JSON.

use super::at::At;
use super::fields::Fields;
use super::leaf;
use crate::domain::{Award, Hold, Institution, NameParts, Names, PersonName, Program, ProgramKind, Student, Text};
use crate::exchange::limits;

pub(super) fn student(at: At<'_>) -> Option<Student> {
    let fields = Fields::open(at, &["id", "names", "birth"])?;
    let id = fields.required("id", leaf::student_id);
    let names = fields.required("names", names);
    let birth = fields.optional("birth", leaf::birth);
    Some(Student { id: id?, names: names?, birth })
}

fn names(at: At<'_>) -> Option<Names> {
    let fields = Fields::open(at, &["legal", "chosen", "former", "native"])?;
    let legal = fields.required("legal", person_name);
    let chosen = fields.optional("chosen", person_name);
    let former = fields.list("former", limits::ENTRIES, person_name);
    let native = fields.optional("native", leaf::text);
    Some(Names { legal: legal?, chosen, former, native })
}

fn person_name(at: At<'_>) -> Option<PersonName> {
    let fields = Fields::open(at, &["prefix", "given", "middle", "family", "suffix", "full"])?;
    let part = |name| fields.optional(name, leaf::text);
    let parts = NameParts {
        prefix: part("prefix"),
        given: part("given"),
        middle: part("middle"),
        family: part("family"),
        suffix: part("suffix"),
        full: part("full"),
    };
    if !fields.gives(&["given", "family", "full"]) {
        return fields.refuse("missing-name", "needs a given, a family or a full name");
    }
    PersonName::new(parts)
}

pub(super) fn institution(at: At<'_>) -> Option<Institution> {
    const KNOWN: &[&str] = &[
        "name",
        "address",
        "phone",
        "email",
        "website",
        "codes",
        "accreditation",
        "registrar_name",
        "registrar_title",
    ];
    let fields = Fields::open(at, KNOWN)?;
    let name = fields.required("name", leaf::text);
    let text = |name| fields.optional(name, leaf::text);
    let (phone, email, website) = (text("phone"), text("email"), text("website"));
    let (accreditation, registrar_name) = (text("accreditation"), text("registrar_name"));
    let registrar_title = text("registrar_title");
    let address = fields.list("address", limits::ENTRIES, leaf::text);
    let codes = fields.list("codes", limits::ENTRIES, code);
    Some(Institution {
        name: name?,
        address,
        phone,
        email,
        website,
        codes,
        accreditation,
        registrar_name,
        registrar_title,
    })
}

fn code(at: At<'_>) -> Option<(Text, Text)> {
    let fields = Fields::open(at, &["system", "code"])?;
    let system = fields.required("system", leaf::text);
    let code = fields.required("code", leaf::text_or_whole);
    Some((system?, code?))
}

pub(super) fn program(at: At<'_>) -> Option<Program> {
    let fields = Fields::open(at, &["kind", "name", "level", "degree", "admitted", "notes"])?;
    let kind = fields.required("kind", |at| at.word(ProgramKind::ALL, ProgramKind::word));
    let name = fields.required("name", leaf::text);
    let level = fields.optional("level", leaf::level);
    let degree = fields.optional("degree", leaf::text);
    let admitted = fields.optional("admitted", leaf::date);
    let notes = fields.list("notes", limits::ENTRIES, leaf::text);
    Some(Program { kind: kind?, name: name?, level, degree, admitted, notes })
}

pub(super) fn award(at: At<'_>) -> Option<Award> {
    let fields = Fields::open(at, &["title", "level", "conferred", "programs", "honors", "thesis_title", "notes"])?;
    let title = fields.required("title", leaf::text);
    let level = fields.optional("level", leaf::level);
    let conferred = fields.optional("conferred", leaf::date);
    let programs = fields.list("programs", limits::ENTRIES, program);
    let honors = fields.list("honors", limits::ENTRIES, leaf::text);
    let thesis_title = fields.optional("thesis_title", leaf::text);
    let notes = fields.list("notes", limits::ENTRIES, leaf::text);
    Some(Award { title: title?, level, conferred, programs, honors, thesis_title, notes })
}

pub(super) fn hold(at: At<'_>) -> Option<Hold> {
    let fields = Fields::open(at, &["code", "reason", "since", "blocks_transcript"])?;
    let code = fields.required("code", leaf::text);
    let reason = fields.optional("reason", leaf::text);
    let since = fields.optional("since", leaf::date);
    let blocks_transcript = fields.required("blocks_transcript", leaf::truth);
    Some(Hold { code: code?, reason, since, blocks_transcript: blocks_transcript? })
}
