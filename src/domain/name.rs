//! A person's names: legal, chosen, former; any script.

use super::text::Text;
use std::fmt;

/// One name of a person. At least one part is present.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName {
    parts: NameParts,
}

/// The parts a name may have; all are optional until they become a [`PersonName`].
#[derive(Clone, Default, PartialEq, Eq)]
pub struct NameParts {
    pub prefix: Option<Text>,
    pub given: Option<Text>,
    pub middle: Option<Text>,
    pub family: Option<Text>,
    pub suffix: Option<Text>,
    /// The whole name as it is to be printed, where the order of the parts is not given–middle–family.
    pub full: Option<Text>,
}

impl PersonName {
    /// `None` when neither a given, a family nor a full name is there.
    pub fn new(parts: NameParts) -> Option<PersonName> {
        let named = parts.given.is_some() || parts.family.is_some() || parts.full.is_some();
        named.then_some(PersonName { parts })
    }

    pub fn parts(&self) -> &NameParts {
        &self.parts
    }

    /// The name as printed: `full` when given, else prefix, given, middle, family, suffix.
    pub fn printed(&self) -> String {
        let p = &self.parts;
        if let Some(full) = &p.full {
            return full.as_str().to_owned();
        }
        let words = [&p.prefix, &p.given, &p.middle, &p.family, &p.suffix];
        words.into_iter().flatten().map(Text::as_str).collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(…)")
    }
}

/// All the names a record holds. The legal name is the one a transcript carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    pub legal: PersonName,
    /// The name the student goes by.
    pub chosen: Option<PersonName>,
    /// Names borne earlier, under which older credentials were issued.
    pub former: Vec<PersonName>,
    /// The legal name in its own script, where the legal name above is a romanisation.
    pub native: Option<Text>,
}
