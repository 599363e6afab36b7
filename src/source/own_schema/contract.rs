//! The contract: the entities that an institution's own schema is mapped to, their columns and kinds of cell.
//!
//! The names are those of schemas/campus.sql, which tells what each means; a test holds the two equal.

use crate::source::rows::Entity;
use Kind::{Birth, Date, Decimal, Flag, Grade, Key, Level, Lines, Month, Pairs, Student, Text, Word};

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The student's id, by which rows are told apart.
    Student,
    /// An integer or a code: orders rows and lets others refer to them.
    Key,
    Text,
    Lines,
    Pairs,
    Decimal,
    Date,
    Birth,
    Month,
    Level,
    Flag,
    Grade,
    /// One of these words.
    Word(&'static [&'static str]),
}

/// One column of an entity.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    /// Whether it must be there, and never null.
    pub required: bool,
}

/// The entity of this name.
pub fn entity(word: &str) -> Option<Entity> {
    Entity::ALL.into_iter().find(|entity| entity.table() == word)
}

/// Whether a record cannot be made without it.
pub const fn essential(entity: Entity) -> bool {
    matches!(entity, Entity::Students | Entity::Names)
}

/// Its columns, the student's first.
pub const fn columns(entity: Entity) -> &'static [Column] {
    match entity {
        Entity::Students => STUDENTS,
        Entity::Institution => INSTITUTION,
        Entity::Names => NAMES,
        Entity::Programs => PROGRAMS,
        Entity::Terms => TERMS,
        Entity::TransferBlocks => TRANSFER_BLOCKS,
        Entity::Attempts => ATTEMPTS,
        Entity::Balances => BALANCES,
        Entity::Awards => AWARDS,
        Entity::Holds => HOLDS,
        Entity::Notes => NOTES,
        Entity::StatedTotals => STATED_TOTALS,
    }
}

/// The column of this name, and where it stands among the entity's.
pub fn column(entity: Entity, name: &str) -> Option<(usize, &'static Column)> {
    columns(entity).iter().enumerate().find(|(_, column)| column.name.eq_ignore_ascii_case(name))
}

impl Kind {
    /// Whether a value map may stand in front of it: cells that hold codes or words.
    pub const fn mappable(self) -> bool {
        matches!(self, Text | Lines | Level | Flag | Grade | Word(_))
    }
}

const fn must(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, required: true }
}

const fn may(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, required: false }
}

const TOTALS: Kind = Word(&["policy", "stated"]);
const NAME_KIND: Kind = Word(&["legal", "chosen", "former"]);
const BLOCK_KIND: Kind = Word(&["term", "transfer"]);
const ORIGIN: Kind = Word(&["institution", "transfer"]);
const TRANSFER_KIND: Kind = Word(&["institution", "examination", "military", "prior-learning"]);
const SPAN: Kind = Word(&["term", "annual", "cumulative", "institution", "transfer", "overall", "other"]);
const REPEAT: Kind = Word(&["excluded", "included", "averaged"]);
const PROGRAM_KIND: Kind =
    Word(&["program", "major", "second-major", "minor", "second-minor", "concentration", "specialization"]);
const UNIT: Kind = Word(&[
    "semester",
    "quarter",
    "units",
    "ects",
    "clock-hours",
    "carnegie-units",
    "continuing-education-units",
    "no-credit",
    "other",
    "unreported",
]);
const STATUS: Kind = Word(&[
    "completed",
    "in-progress",
    "not-yet-reported",
    "incomplete",
    "incomplete-not-resolved-fail",
    "audited",
    "withdrew",
    "withdrew-passing",
    "withdrew-failing",
    "withdrew-no-penalty",
    "pass-fail-pass",
    "pass-fail-fail",
    "other-pass",
    "other-fail",
    "honors-grade",
    "transfer-no-grade",
    "planning-to-take",
]);

const STUDENTS: &[Column] = &[
    must("id", Student),
    may("birth", Birth),
    may("native_name", Text),
    may("institution", Key),
    may("totals", TOTALS),
    may("sample", Flag),
];

const INSTITUTION: &[Column] = &[
    must("student", Student),
    may("id", Key),
    must("name", Text),
    may("address", Lines),
    may("phone", Text),
    may("email", Text),
    may("website", Text),
    may("codes", Pairs),
    may("accreditation", Text),
    may("registrar_name", Text),
    may("registrar_title", Text),
];

const NAMES: &[Column] = &[
    must("student", Student),
    may("seq", Key),
    must("kind", NAME_KIND),
    may("prefix", Text),
    may("given", Text),
    may("middle", Text),
    may("family", Text),
    may("suffix", Text),
    may("whole", Text),
];

const PROGRAMS: &[Column] = &[
    must("student", Student),
    may("award", Key),
    may("seq", Key),
    must("kind", PROGRAM_KIND),
    must("name", Text),
    may("level", Level),
    may("degree", Text),
    may("admitted", Date),
    may("notes", Lines),
];

const TERMS: &[Column] = &[
    must("student", Student),
    must("seq", Key),
    must("designator", Month),
    must("name", Text),
    may("begins", Date),
    may("ends", Date),
    must("level", Level),
    may("campus", Text),
    may("programs", Lines),
    may("standing", Text),
    may("honors", Lines),
    may("notes", Lines),
];

const TRANSFER_BLOCKS: &[Column] = &[
    must("student", Student),
    must("seq", Key),
    must("kind", TRANSFER_KIND),
    may("institution", Text),
    must("level", Level),
    may("designator", Month),
    may("term_name", Text),
    may("notes", Lines),
];

const ATTEMPTS: &[Column] = &[
    must("student", Student),
    must("block_kind", BLOCK_KIND),
    must("block", Key),
    may("seq", Key),
    may("subject", Text),
    may("number", Text),
    may("title", Text),
    must("unit", UNIT),
    must("credits", Decimal),
    may("credits_earned", Decimal),
    may("grade", Grade),
    may("supplemental_grade", Grade),
    may("mark", Decimal),
    may("status", STATUS),
    may("repeat", REPEAT),
    may("quality_points", Decimal),
    may("notes", Lines),
];

const BALANCES: &[Column] = &[
    must("student", Student),
    may("seq", Key),
    must("origin", ORIGIN),
    must("label", Text),
    must("level", Level),
    may("through", Month),
    must("credits_attempted", Decimal),
    must("credits_earned", Decimal),
    must("gpa_hours", Decimal),
    must("quality_points", Decimal),
];

const AWARDS: &[Column] = &[
    must("student", Student),
    must("seq", Key),
    must("title", Text),
    may("level", Level),
    may("conferred", Date),
    may("honors", Lines),
    may("thesis_title", Text),
    may("notes", Lines),
];

const HOLDS: &[Column] = &[
    must("student", Student),
    may("seq", Key),
    must("code", Text),
    may("reason", Text),
    may("since", Date),
    must("blocks_transcript", Flag),
];

const NOTES: &[Column] = &[must("student", Student), may("seq", Key), must("note", Text)];

const STATED_TOTALS: &[Column] = &[
    must("student", Student),
    may("term", Key),
    may("seq", Key),
    must("span", SPAN),
    may("label", Text),
    may("level", Level),
    may("unit", UNIT),
    may("credits_attempted", Decimal),
    may("credits_earned", Decimal),
    may("gpa_hours", Decimal),
    may("quality_points", Decimal),
    may("gpa", Decimal),
    may("standing", Text),
    may("notes", Lines),
];
