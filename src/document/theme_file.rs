//! Themes as files: TOML, JSON, or one of those that come with the package.

use super::fonts::Fonts;
use super::theme::Theme;
use super::theme_reader;
use crate::domain::{Error, Institution, Problem};
use serde_json::Value;

pub(super) const NAMES: [&str; 3] = ["plain", "crimson", "laurier"];
const FILES: [&str; NAMES.len()] = [
    include_str!("../../assets/themes/plain.toml"),
    include_str!("../../assets/themes/crimson.toml"),
    include_str!("../../assets/themes/laurier.toml"),
];

/// What a theme file says, not yet judged.
#[derive(Clone, Debug, PartialEq)]
pub struct ThemeFile(pub(super) Value);

impl ThemeFile {
    /// A syntax error is told by its line, without the line itself.
    pub fn from_toml(text: &str) -> Result<ThemeFile, Error> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            Error::Theme(vec![Problem::new("not-toml", format!("line {line}"), error.message())])
        })?;
        let value = toml::Value::Table(table);
        let other =
            || Error::Theme(vec![Problem::new("not-a-theme", "", "holds a date, or a number that is not finite")]);
        if !is_plain(&value) {
            // No theme holds these, and JSON has no form for them.
            return Err(other());
        }
        serde_json::to_value(value).map(ThemeFile).map_err(|_| other())
    }

    /// From a value of the shape of a TOML file. What is null is as if it were not given.
    pub fn from_json(value: Value) -> ThemeFile {
        ThemeFile(value)
    }

    /// A theme that comes with the package.
    pub fn built_in(name: &str) -> Result<ThemeFile, Error> {
        let unknown = || Error::Theme(vec![Problem::new("unknown-built-in", "theme", unknown_name())]);
        let at = NAMES.iter().position(|known| *known == name).ok_or_else(unknown)?;
        ThemeFile::from_toml(FILES[at])
    }

    pub fn built_in_names() -> &'static [&'static str] {
        &NAMES
    }
}

fn is_plain(value: &toml::Value) -> bool {
    match value {
        toml::Value::Float(number) => number.is_finite(),
        toml::Value::Array(values) => values.iter().all(is_plain),
        toml::Value::Table(table) => table.values().all(is_plain),
        toml::Value::Datetime(_) => false,
        _ => true,
    }
}

pub(super) fn unknown_name() -> String {
    format!("is no built-in theme; there are {}", NAMES.join(", "))
}

impl Theme {
    /// The theme of some files, each on top of those before it, the first on top of the plain house look. The
    /// institution is the given one unless a file names its own.
    pub fn of(files: &[ThemeFile], institution: Institution) -> Result<Theme, Error> {
        Theme::with_fonts(files, institution, Fonts::default())
    }

    /// The same with the fonts that the files name under `fonts.fallback`, read and in that order.
    pub fn with_fonts(files: &[ThemeFile], institution: Institution, fonts: Fonts) -> Result<Theme, Error> {
        theme_reader::read(files, institution, fonts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Labels, theme_fonts};
    use crate::domain::Text;

    fn institution() -> Institution {
        let file = ThemeFile::from_json(serde_json::json!({"institution": {"name": "Any"}}));
        let nobody = Institution {
            name: Text::new("Nobody").expect("a text"),
            address: Vec::new(),
            phone: None,
            email: None,
            website: None,
            codes: Vec::new(),
            accreditation: None,
            registrar_name: None,
            registrar_title: None,
        };
        Theme::of(&[file], nobody).expect("a theme").institution
    }

    #[test]
    fn every_built_in_theme_reads_and_the_plain_one_is_the_house_look() {
        for name in NAMES {
            let file = ThemeFile::built_in(name).unwrap_or_else(|error| panic!("{name}: {error}"));
            Theme::of(&[file], institution()).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        let plain = Theme::of(&[ThemeFile::built_in("plain").expect("plain")], institution());
        assert_eq!(plain, Ok(Theme::new(institution())));
        assert!(matches!(ThemeFile::built_in("gaudy"), Err(Error::Theme(_))));
    }

    /// The published schema and the reader know the same keys and names.
    #[test]
    fn the_schema_knows_every_key() {
        let schema: Value =
            serde_json::from_str(include_str!("../../schemas/theme.schema.json")).expect("the schema is JSON");
        let sorted = |keys: &[&str]| {
            let mut keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
            keys.sort_unstable();
            keys
        };
        let keys = |place: &str| {
            let properties = schema.pointer(place).and_then(Value::as_object).expect(place);
            sorted(&properties.keys().map(String::as_str).collect::<Vec<_>>())
        };
        assert_eq!(keys("/properties"), sorted(&theme_reader::KEYS));
        assert_eq!(keys("/properties/institution/properties"), sorted(&theme_reader::INSTITUTION_KEYS));
        assert_eq!(keys("/properties/fonts/properties"), sorted(&theme_fonts::KEYS));
        assert_eq!(keys("/properties/colours/properties"), sorted(&theme_reader::COLOUR_KEYS));
        assert_eq!(keys("/properties/shown/properties"), sorted(&crate::document::theme::Shown::KEYS));
        let labels: Vec<&str> = Labels::KEYS.iter().copied().filter(|key| *key != "language").collect();
        assert_eq!(keys("/$defs/labels/properties"), sorted(&labels));
        assert_eq!(schema.pointer("/properties/extends/enum"), Some(&serde_json::json!(NAMES)));
    }
}
