//! The policies that come with the package, as data.

use super::policy::Policy;
use super::scale::GradeEntry;
use std::sync::OnceLock;

const NAMES: [&str; 23] = [
    "whole-letters",
    "uw-madison",
    "plus-minus-3",
    "plus-minus-33",
    "aast",
    "four-point-3",
    "four-point-33",
    "toronto",
    "notre-dame",
    "five-point",
    "mit",
    "nigeria-five",
    "nigeria-four",
    "nigeria-by-entry",
    "seven-point",
    "monash",
    "ten-point",
    "iit-bombay",
    "iiser",
    "twelve-point",
    "korea",
    "germany",
    "pass-fail",
];

const FILES: [&str; NAMES.len()] = [
    include_str!("../../assets/policies/whole-letters.toml"),
    include_str!("../../assets/policies/uw-madison.toml"),
    include_str!("../../assets/policies/plus-minus-3.toml"),
    include_str!("../../assets/policies/plus-minus-33.toml"),
    include_str!("../../assets/policies/aast.toml"),
    include_str!("../../assets/policies/four-point-3.toml"),
    include_str!("../../assets/policies/four-point-33.toml"),
    include_str!("../../assets/policies/toronto.toml"),
    include_str!("../../assets/policies/notre-dame.toml"),
    include_str!("../../assets/policies/five-point.toml"),
    include_str!("../../assets/policies/mit.toml"),
    include_str!("../../assets/policies/nigeria-five.toml"),
    include_str!("../../assets/policies/nigeria-four.toml"),
    include_str!("../../assets/policies/nigeria-by-entry.toml"),
    include_str!("../../assets/policies/seven-point.toml"),
    include_str!("../../assets/policies/monash.toml"),
    include_str!("../../assets/policies/ten-point.toml"),
    include_str!("../../assets/policies/iit-bombay.toml"),
    include_str!("../../assets/policies/iiser.toml"),
    include_str!("../../assets/policies/twelve-point.toml"),
    include_str!("../../assets/policies/korea.toml"),
    include_str!("../../assets/policies/germany.toml"),
    include_str!("../../assets/policies/pass-fail.toml"),
];

/// Read once each, when first asked for: one may extend another. Read before it is set: a process forked in the
/// meantime finds the cell empty, never locked.
static READ: [OnceLock<Option<Policy>>; NAMES.len()] = [const { OnceLock::new() }; NAMES.len()];

impl Policy {
    /// A policy that comes with the package; `None` for an unknown name.
    pub fn built_in(name: &str) -> Option<Policy> {
        let at = NAMES.iter().position(|known| *known == name)?;
        if let Some(read) = READ[at].get() {
            return read.clone();
        }
        let read = Policy::from_toml(FILES[at]).ok();
        READ[at].get_or_init(|| read).clone()
    }

    /// The names `built_in` knows.
    pub fn built_in_names() -> &'static [&'static str] {
        &NAMES
    }
}

/// The grades outside the GPA that nearly every institution has, with their usual flags.
pub(super) fn grades_outside_gpa() -> &'static [GradeEntry] {
    static ENTRIES: OnceLock<Vec<GradeEntry>> = OnceLock::new();
    if let Some(entries) = ENTRIES.get() {
        return entries;
    }
    let pass_fail = Policy::built_in("pass-fail");
    let entries = pass_fail.map(|policy| policy.rules(None).scale.latest().entries().to_vec()).unwrap_or_default();
    ENTRIES.get_or_init(|| entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_reads_and_bears_its_name() {
        for (name, file) in NAMES.iter().zip(FILES) {
            let policy = Policy::from_toml(file).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(policy.name(), *name);
            assert_eq!(Policy::built_in(name), Some(policy));
        }
        assert_eq!(Policy::built_in("no-such-policy"), None);
    }

    #[test]
    fn every_grade_of_every_file_is_described() {
        for name in NAMES {
            let policy = Policy::built_in(name).expect(name);
            for entry in policy.rules(None).versions().dated.versions().flat_map(|scale| scale.entries()) {
                assert!(entry.description.is_some(), "{name}: {}", entry.grade);
            }
        }
    }
}
