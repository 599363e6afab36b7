//! Reads a theme from what its files say: right, or refused with every problem listed.

use super::coverage;
use super::fonts::Fonts;
use super::labels::Labels;
use super::page::Colour;
use super::theme::{BirthDateShown, Columns, Headings, Palette, Paper, PrintedName, Shown, Theme};
use super::theme_file::{NAMES, ThemeFile, unknown_name};
use super::theme_fonts;
use crate::domain::{Error, Institution, Level, Problem, Text};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

pub(super) const KEYS: [&str; 16] = [
    "extends",
    "language",
    "paper",
    "columns",
    "headings",
    "birth_date",
    "printed_name",
    "credit_places",
    "institution",
    "colours",
    "pictures",
    "fonts",
    "shown",
    "labels",
    "level_names",
    "statements",
];
pub(super) const INSTITUTION_KEYS: [&str; 9] =
    ["name", "address", "phone", "email", "website", "codes", "accreditation", "registrar_name", "registrar_title"];
pub(super) const COLOUR_KEYS: [&str; 6] = ["accent", "text", "muted", "rule", "tint", "watermark"];

/// Entries of a list, lines of an address, statements.
const ENTRIES: usize = 100;
const CREDIT_PLACES: u64 = 6;

pub(super) fn read(files: &[ThemeFile], institution: Institution, fonts: Fonts) -> Result<Theme, Error> {
    let mut reader = Reader { problems: Vec::new(), language: String::new(), fonts, labelled: BTreeSet::new() };
    let mut theme = Theme { fonts: reader.fonts.clone(), ..Theme::new(institution) };
    let layers = reader.layers(files);
    reader.language(&layers, &mut theme.labels);
    for layer in &layers {
        reader.layer(&layer.0, &mut theme);
    }
    reader.language_is_complete();
    reader.problems.extend(theme_fonts::unread(&layers, &theme.fonts));
    reader.contrasts(&theme.palette);
    if reader.problems.is_empty() { Ok(theme) } else { Err(Error::Theme(reader.problems)) }
}

/// Notes each problem and goes on; what could not be read stays as it was.
pub(super) struct Reader {
    pub(super) problems: Vec<Problem>,
    /// The document's language tag.
    language: String,
    fonts: Fonts,
    /// Keys of labels that the files give in that language.
    labelled: BTreeSet<String>,
}

impl Reader {
    pub(super) fn note(&mut self, code: &'static str, place: &str, message: impl Into<String>) {
        self.problems.push(Problem::new(code, place, message));
    }

    /// Each file after the one it extends.
    fn layers(&mut self, files: &[ThemeFile]) -> Vec<ThemeFile> {
        let mut layers = Vec::new();
        for file in files {
            match file.0.get("extends") {
                None | Some(Value::Null) => {}
                Some(Value::String(name)) if NAMES.contains(&name.as_str()) => layers.extend(ThemeFile::built_in(name)),
                Some(_) => self.note("unknown-built-in", "extends", unknown_name()),
            }
            layers.push(file.clone());
        }
        layers
    }

    /// Decided first: texts and labels are read in it.
    fn language(&mut self, layers: &[ThemeFile], labels: &mut Labels) {
        let said = layers.iter().rev().filter_map(|layer| layer.0.get("language")).find(|value| !value.is_null());
        self.language = match said {
            None => "en".to_owned(),
            Some(Value::String(tag)) if is_tag(tag) => tag.clone(),
            Some(_) => {
                self.note("not-a-language", "language", "must be a language tag such as \"fr\" or \"fr-CA\"");
                "en".to_owned()
            }
        };
        *labels = Labels::built_in(&self.language).unwrap_or_else(Labels::english);
        if let Err(problem) = labels.set("language", &self.language, &self.fonts) {
            self.problems.push(problem);
        }
    }

    /// A language that is not built in has all its labels from the files: no document in two languages.
    fn language_is_complete(&mut self) {
        if Labels::built_in(&self.language).is_some() {
            return;
        }
        let absent = |key: &&&str| **key != "language" && !self.labelled.contains(**key);
        let absent: Vec<&str> = Labels::KEYS.iter().filter(absent).copied().collect();
        if !absent.is_empty() {
            let place = child("labels", &self.language);
            let message = format!("lacks labels, and only en and fr are built in: {}", absent.join(", "));
            self.note("missing-labels", &place, message);
        }
    }

    fn layer(&mut self, file: &Value, theme: &mut Theme) {
        for (key, value) in self.table(file, "", Some(&KEYS)) {
            match key {
                "paper" => self.choose(value, key, &[("letter", Paper::Letter), ("a4", Paper::A4)], &mut theme.paper),
                "columns" => self.columns(value, &mut theme.columns),
                "headings" => {
                    let known = [("sans", Headings::Sans), ("serif", Headings::Serif)];
                    self.choose(value, key, &known, &mut theme.headings);
                }
                "birth_date" => {
                    use BirthDateShown::*;
                    let known = [("none", None), ("month-day", MonthDay), ("full", Full)];
                    self.choose(value, key, &known, &mut theme.birth_date);
                }
                "printed_name" => {
                    let known = [("legal", PrintedName::Legal), ("chosen", PrintedName::Chosen)];
                    self.choose(value, key, &known, &mut theme.printed_name);
                }
                "credit_places" => match value.as_u64().filter(|places| *places <= CREDIT_PLACES) {
                    Some(places) => theme.credit_places = places as u8,
                    None => self.note("not-places", key, format!("must be a whole number from 0 to {CREDIT_PLACES}")),
                },
                "institution" => theme.institution = self.institution(value).unwrap_or(theme.institution.clone()),
                "fonts" => self.problems.extend(theme_fonts::check(value)),
                "colours" => self.colours(value, &mut theme.palette),
                "pictures" => self.pictures(value, &mut theme.pictures),
                "shown" => self.shown(value, &mut theme.shown),
                "labels" => self.labels(value, &mut theme.labels),
                "level_names" => self.level_names(value, &mut theme.level_names),
                "statements" => theme.statements = self.texts(value, key),
                _ => {}
            }
        }
    }

    /// The entries of a table that are not null; keys that are not among `known` are noted and left out.
    pub(super) fn table<'v>(
        &mut self,
        value: &'v Value,
        place: &str,
        known: Option<&[&str]>,
    ) -> Vec<(&'v str, &'v Value)> {
        let Value::Object(entries) = value else {
            self.note("not-a-table", place, "must be a table");
            return Vec::new();
        };
        let mut read = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            match known.filter(|known| !known.contains(&key.as_str())) {
                Some(known) => {
                    let message = format!("is not known here; known are {}", known.join(", "));
                    self.note("unknown-key", &child(place, key), message);
                }
                None if value.is_null() => {}
                None => read.push((key.as_str(), value)),
            }
        }
        read
    }

    fn choose<T: Copy>(&mut self, value: &Value, place: &str, known: &[(&str, T)], slot: &mut T) {
        let said = value.as_str().unwrap_or_default();
        match known.iter().find(|(word, _)| word.eq_ignore_ascii_case(said)) {
            Some((_, chosen)) => *slot = *chosen,
            None => {
                let words: Vec<String> = known.iter().map(|(word, _)| format!("\"{word}\"")).collect();
                self.note("unknown-choice", place, format!("must be {}", words.join(" or ")));
            }
        }
    }

    fn columns(&mut self, value: &Value, slot: &mut Columns) {
        match value.as_u64() {
            Some(1) => *slot = Columns::One,
            Some(2) => *slot = Columns::Two,
            _ => self.note("unknown-choice", "columns", "must be 1 or 2"),
        }
    }

    fn flag(&mut self, value: &Value, place: &str, slot: &mut bool) {
        match value {
            Value::Bool(flag) => *slot = *flag,
            _ => self.note("not-a-flag", place, "must be true or false"),
        }
    }

    /// A text, or a table of texts by language that has the document's.
    pub(super) fn text(&mut self, value: &Value, place: &str) -> Option<Text> {
        let said = match value {
            Value::String(text) => text.as_str(),
            Value::Object(texts) => {
                for (tag, text) in texts {
                    if !is_tag(tag) {
                        self.note("not-a-language", &child(place, tag), "is no language tag");
                    }
                    if !text.is_string() {
                        self.note("not-a-text", &child(place, tag), "must be a text");
                    }
                }
                let in_language = texts.get(&self.language).or_else(|| texts.get(primary(&self.language)));
                if in_language.is_none() {
                    self.note("no-text-in-language", place, "has no text in the document's language");
                    return None;
                }
                in_language.and_then(Value::as_str)?
            }
            _ => {
                self.note("not-a-text", place, "must be a text, or a table of texts by language");
                return None;
            }
        };
        // First what it says once its lines are joined; a text too long is looked at no further.
        let text = Text::new(said).map_err(|error| self.note("not-a-text", place, error.to_string())).ok()?;
        let missing = self.fonts.missing(text.as_str());
        self.problems.extend(missing.into_iter().map(|character| coverage::problem(place, character)));
        Some(text)
    }

    /// A list of texts; one text is a list of one.
    fn texts(&mut self, value: &Value, place: &str) -> Vec<Text> {
        match value {
            Value::Array(texts) if texts.len() <= ENTRIES => {
                let read = texts.iter().enumerate().map(|(at, text)| self.text(text, &format!("{place}[{at}]")));
                read.collect::<Vec<_>>().into_iter().flatten().collect()
            }
            Value::String(_) => self.text(value, place).into_iter().collect(),
            _ => {
                self.note("not-a-list", place, format!("must be a list of at most {ENTRIES} texts"));
                Vec::new()
            }
        }
    }

    fn institution(&mut self, value: &Value) -> Option<Institution> {
        let entries = self.table(value, "institution", Some(&INSTITUTION_KEYS));
        let given = |key: &str| entries.iter().find(|(known, _)| *known == key).map(|(_, value)| *value);
        if given("name").is_none() {
            self.note("no-name", "institution.name", "is missing");
        }
        let mut line = |key: &str| given(key).and_then(|value| self.text(value, &child("institution", key)));
        let name = line("name");
        let [phone, email, website] = ["phone", "email", "website"].map(&mut line);
        let [accreditation, registrar_name, registrar_title] =
            ["accreditation", "registrar_name", "registrar_title"].map(&mut line);
        let address = given("address").map(|value| self.texts(value, "institution.address")).unwrap_or_default();
        let codes = given("codes").map(|value| self.codes(value)).unwrap_or_default();
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

    /// A table, printed in the order of its keys; or a list of pairs, in its own.
    fn codes(&mut self, value: &Value) -> Vec<(Text, Text)> {
        let place = "institution.codes";
        let pairs: Vec<(Value, &Value)> = match value {
            Value::Object(table) => table.iter().map(|(system, code)| (Value::from(system.as_str()), code)).collect(),
            Value::Array(list) => {
                let pairs = list.iter().filter_map(|pair| pair.as_array().map(Vec::as_slice));
                pairs.filter_map(|pair| if let [a, b] = pair { Some((a.clone(), b)) } else { None }).collect()
            }
            _ => Vec::new(),
        };
        if value.as_array().map(Vec::len).or(value.as_object().map(Map::len)) != Some(pairs.len()) {
            self.note("not-codes", place, "must be a table of codes by system, or a list of such pairs");
        }
        let mut codes = Vec::new();
        for (system, code) in pairs {
            codes.extend(self.text(&system, place).zip(self.text(code, place)));
        }
        codes
    }

    fn colours(&mut self, value: &Value, palette: &mut Palette) {
        for (key, value) in self.table(value, "colours", Some(&COLOUR_KEYS)) {
            let slot = match key {
                "accent" => &mut palette.accent,
                "text" => &mut palette.text,
                "muted" => &mut palette.muted,
                "rule" => &mut palette.rule,
                "tint" => &mut palette.tint,
                _ => &mut palette.watermark,
            };
            match value.as_str().and_then(Colour::from_hex) {
                Some(colour) => *slot = colour,
                None => self.note("not-a-colour", &child("colours", key), "must be a colour such as \"#142B52\""),
            }
        }
    }

    fn shown(&mut self, value: &Value, shown: &mut Shown) {
        for (key, value) in self.table(value, "shown", Some(&Shown::KEYS)) {
            if let Some(slot) = shown.slot(key) {
                self.flag(value, &child("shown", key), slot);
            }
        }
    }

    /// Tables by language. Those of other languages than the document's are judged all the same.
    fn labels(&mut self, value: &Value, labels: &mut Labels) {
        let mut others = Labels::english();
        for (tag, table) in self.table(value, "labels", None) {
            let place = child("labels", tag);
            if !is_tag(tag) {
                self.note("not-a-language", &place, "is no language tag");
            }
            let own = tag == self.language || tag == primary(&self.language);
            for (key, label) in self.table(table, &place, None) {
                let target = if own { &mut *labels } else { &mut others };
                match label.as_str().filter(|_| key != "language").map(|label| target.set(key, label, &self.fonts)) {
                    Some(Ok(())) if own => drop(self.labelled.insert(key.to_owned())),
                    Some(Ok(())) => {}
                    Some(Err(problem)) => self.note(problem.code, &child(&place, key), problem.message),
                    None => self.note("not-a-label", &child(&place, key), "must be a label's key with a text"),
                }
            }
        }
    }

    fn level_names(&mut self, value: &Value, names: &mut Vec<(Level, Text)>) {
        for (key, value) in self.table(value, "level_names", None) {
            let place = child("level_names", key);
            let level = Level::new(key).map_err(|error| self.note("not-a-level", &place, error.to_string())).ok();
            if let Some((level, name)) = level.zip(self.text(value, &place)) {
                names.retain(|(known, _)| *known != level);
                names.push((level, name));
            }
        }
    }
}

/// A language tag in the form of BCP 47: `fr`, `fr-CA`.
fn is_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or_default()
}

/// `labels.fr.gpa`. Keys may be anything: controls are not printed, long ones are cut.
pub(super) fn child(place: &str, key: &str) -> String {
    let shown: String = key.chars().take(40).map(|c| if c.is_control() { '?' } else { c }).collect();
    if place.is_empty() { shown } else { format!("{place}.{shown}") }
}
