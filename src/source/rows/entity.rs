//! The tables of the published schema that a record is read from, with the columns of each in the order of its reader.

/// A table of the published schema, in the order in which a record's rows are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entity {
    Students,
    /// The institution that issues the record, where it is not the configured one: one row of `institution`.
    Institution,
    Names,
    Awards,
    Programs,
    Terms,
    TransferBlocks,
    Attempts,
    StatedTotals,
    Balances,
    Holds,
    Notes,
}

impl Entity {
    /// All, in the order in which a record's rows must be read: blocks before what they own.
    pub const ALL: [Entity; 12] = [
        Entity::Students,
        Entity::Institution,
        Entity::Names,
        Entity::Awards,
        Entity::Programs,
        Entity::Terms,
        Entity::TransferBlocks,
        Entity::Attempts,
        Entity::StatedTotals,
        Entity::Balances,
        Entity::Holds,
        Entity::Notes,
    ];

    /// The table's name in the published schema.
    pub const fn table(self) -> &'static str {
        match self {
            Entity::Students => "students",
            Entity::Institution => "institution",
            Entity::Names => "names",
            Entity::Awards => "awards",
            Entity::Programs => "programs",
            Entity::Terms => "terms",
            Entity::TransferBlocks => "transfer_blocks",
            Entity::Attempts => "attempts",
            Entity::StatedTotals => "stated_totals",
            Entity::Balances => "balances",
            Entity::Holds => "holds",
            Entity::Notes => "notes",
        }
    }

    /// Its rows' word in the places of problems: `terms`, `transfers`, `stated`.
    pub const fn place(self) -> &'static str {
        match self {
            Entity::TransferBlocks => "transfers",
            Entity::StatedTotals => "stated",
            _ => self.table(),
        }
    }

    /// The column that holds the student's id; a query over several students gives it beside [`Entity::columns`].
    /// `institution` has none of its own: a query joins it to `students`.
    pub const fn student(self) -> &'static str {
        match self {
            Entity::Students => "id",
            _ => "student",
        }
    }

    /// What its reader reads, in order: first the columns that say which row owns it or that it owns by; last the key of
    /// rows that own nothing.
    #[rustfmt::skip]
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Entity::Students => &["birth", "native_name", "institution", "totals", "sample"],
            Entity::Institution => &["name", "address", "phone", "email", "website", "codes", "accreditation", "registrar_name", "registrar_title"],
            Entity::Names => &["kind", "prefix", "given", "middle", "family", "suffix", "whole", "seq"],
            Entity::Awards => &["seq", "title", "level", "conferred", "honors", "thesis_title", "notes"],
            Entity::Programs => &["award", "kind", "name", "level", "degree", "admitted", "notes", "seq"],
            Entity::Terms => &["seq", "designator", "name", "begins", "ends", "level", "campus", "programs", "standing", "honors", "notes"],
            Entity::TransferBlocks => &["seq", "kind", "institution", "level", "designator", "term_name", "notes"],
            Entity::Attempts => &["block_kind", "block", "subject", "number", "title", "unit", "credits", "credits_earned", "grade", "supplemental_grade", "mark", "status", "repeat", "quality_points", "notes", "seq"],
            Entity::StatedTotals => &["term", "span", "label", "level", "unit", "credits_attempted", "credits_earned", "gpa_hours", "quality_points", "gpa", "standing", "notes", "seq"],
            Entity::Balances => &["origin", "label", "level", "through", "credits_attempted", "credits_earned", "gpa_hours", "quality_points", "seq"],
            Entity::Holds => &["code", "reason", "since", "blocks_transcript", "seq"],
            Entity::Notes => &["note", "seq"],
        }
    }

    /// The columns that no row can be read without.
    pub const fn required(self) -> &'static [&'static str] {
        match self {
            Entity::Students => &["totals", "sample"],
            Entity::Institution => &["name"],
            Entity::Names => &["kind"],
            Entity::Awards => &["seq", "title"],
            Entity::Programs => &["award", "kind", "name"],
            Entity::Terms => &["seq", "designator", "name", "level"],
            Entity::TransferBlocks => &["seq", "kind", "level"],
            Entity::Attempts => &["block_kind", "block", "unit", "credits"],
            Entity::StatedTotals => &["term", "span"],
            Entity::Balances => {
                &["origin", "label", "level", "credits_attempted", "credits_earned", "gpa_hours", "quality_points"]
            }
            Entity::Holds => &["code", "blocks_transcript"],
            Entity::Notes => &["note"],
        }
    }

    /// The columns by which one student's rows are ordered.
    pub const fn order(self) -> &'static str {
        match self {
            Entity::Students | Entity::Institution => "",
            Entity::Programs => "award, seq",
            Entity::Attempts => "block_kind, block, seq",
            Entity::StatedTotals => "term, seq",
            _ => "seq",
        }
    }

    /// Where rows that own nothing have their key among the owner's. Blocks look at theirs themselves.
    pub const fn key(self) -> Option<usize> {
        match self {
            Entity::Students | Entity::Institution => None,
            Entity::Terms | Entity::TransferBlocks | Entity::Awards => None,
            _ => Some(self.columns().len() - 1),
        }
    }

    /// Where it stands in [`Entity::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stands_at_its_index_and_requires_columns_that_it_has() {
        for (index, entity) in Entity::ALL.into_iter().enumerate() {
            assert_eq!(entity.index(), index);
            assert!(entity.required().iter().all(|column| entity.columns().contains(column)), "{}", entity.table());
            assert!(entity.key().is_none_or(|key| entity.columns().get(key) == Some(&"seq")), "{}", entity.table());
        }
    }
}
