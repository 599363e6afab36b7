//! Names and birth dates of the invented students, from many parts of the world.

use super::prng::Prng;
use super::{broken, text};
use crate::domain::{BirthDate, Date, Error, NameParts, Names, PersonName};

const NAMES: &str = include_str!("../../../assets/campus/names.txt");
const NATIVES: &str = include_str!("../../../assets/campus/natives.txt");

/// Names that one part of the world gives.
struct Culture {
    word: &'static str,
    given: Vec<&'static str>,
    family: Vec<&'static str>,
}

/// A romanised legal name and the same name in its own script.
struct NativeName {
    script: &'static str,
    given: &'static str,
    family: &'static str,
    native: &'static str,
}

/// All names that students are drawn from.
pub struct People {
    cultures: Vec<Culture>,
    natives: Vec<NativeName>,
}

/// How often a culture is drawn, in parts of the sum.
const WEIGHTS: &[(&str, u32)] = &[
    ("american", 22),
    ("english", 20),
    ("spanish", 18),
    ("vietnamese", 6),
    ("yoruba", 5),
    ("french", 5),
    ("german", 5),
    ("polish", 3),
    ("turkish", 3),
    ("hawaiian", 3),
    ("cyrillic", 3),
    ("icelandic", 2),
    ("greek", 2),
    ("czech", 2),
    ("native", 10),
];

/// The scripts of the names in `natives.txt`.
pub const SCRIPTS: &[&str] = &["arabic", "hebrew", "devanagari", "thai", "chinese", "japanese", "korean"];

impl People {
    pub fn read() -> Result<People, Error> {
        let lines = |asset: &'static str| asset.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let cultures = lines(NAMES).map(|line| culture(line).ok_or_else(|| broken("names.txt")));
        let natives = lines(NATIVES).map(|line| native(line).ok_or_else(|| broken("natives.txt")));
        Ok(People { cultures: cultures.collect::<Result<_, _>>()?, natives: natives.collect::<Result<_, _>>()? })
    }

    /// Names drawn from all cultures; a few students have a chosen name, a former one or a suffix.
    pub fn names(&self, dice: &mut Prng) -> Result<Names, Error> {
        let mut ticket = dice.below(WEIGHTS.iter().map(|(_, weight)| weight).sum());
        let mut word = "american";
        for (candidate, weight) in WEIGHTS {
            if ticket < *weight {
                word = candidate;
                break;
            }
            ticket -= weight;
        }
        if word == "native" {
            let script = dice.pick(SCRIPTS).copied().unwrap_or("arabic");
            return self.native_names(script, dice.below(4) as usize);
        }
        self.names_of(word, dice)
    }

    /// Names of one culture.
    pub fn names_of(&self, word: &str, dice: &mut Prng) -> Result<Names, Error> {
        let culture = self.cultures.iter().find(|c| c.word == word).ok_or_else(|| broken("a culture is missing"))?;
        let given = *dice.pick(&culture.given).ok_or_else(|| broken("names.txt"))?;
        let family = *dice.pick(&culture.family).ok_or_else(|| broken("names.txt"))?;
        let mut parts = NameParts { given: Some(text(given)?), family: Some(text(family)?), ..NameParts::default() };
        let western = matches!(word, "american" | "english" | "spanish" | "french" | "german");
        if western && dice.chance(450) {
            let initial = dice.pick(&culture.given).and_then(|middle| middle.chars().next()).unwrap_or('M');
            parts.middle = Some(text(&format!("{initial}."))?);
        }
        if western && dice.chance(25) {
            parts.suffix = Some(text(if dice.chance(700) { "Jr." } else { "III" })?);
        }
        let mut names = Names { legal: person(parts.clone())?, chosen: None, former: Vec::new(), native: None };
        if dice.chance(60) {
            let chosen = *dice.pick(&culture.given).unwrap_or(&given);
            let chosen = NameParts { given: Some(text(chosen)?), middle: None, suffix: None, ..parts.clone() };
            names.chosen = Some(person(chosen)?);
        }
        if dice.chance(50) {
            let former = *dice.pick(&culture.family).unwrap_or(&family);
            names.former.push(person(NameParts { family: Some(text(former)?), suffix: None, ..parts })?);
        }
        Ok(names)
    }

    /// A romanised legal name with the name in its own script beside it: the one at this position, or the first.
    pub fn native_names(&self, script: &str, position: usize) -> Result<Names, Error> {
        let all: Vec<_> = self.natives.iter().filter(|name| name.script == script).collect();
        let name = all.get(position).or(all.first()).ok_or_else(|| broken("a script is missing"))?;
        let legal = plain_name(name.given, name.family)?;
        Ok(Names { legal, chosen: None, former: Vec::new(), native: Some(text(name.native)?) })
    }

    /// A birth date of somebody who begins at about `age` in `year`; a few records do not tell all of it.
    pub fn birth(&self, year: u16, age: u16, dice: &mut Prng) -> Option<BirthDate> {
        let (month, day) = (dice.between(1, 12) as u8, dice.between(1, 28) as u8);
        let date = Date::new(year - age, month, day)?;
        match dice.below(100) {
            0..3 => None,
            3..8 => Some(BirthDate::MonthDay(date.month_day())),
            _ => Some(BirthDate::Full(date)),
        }
    }
}

pub fn person(parts: NameParts) -> Result<PersonName, Error> {
    PersonName::new(parts).ok_or_else(|| broken("a name has no parts"))
}

/// A name of two parts.
pub fn plain_name(given: &str, family: &str) -> Result<PersonName, Error> {
    person(NameParts { given: Some(text(given)?), family: Some(text(family)?), ..NameParts::default() })
}

fn culture(line: &'static str) -> Option<Culture> {
    let (word, rest) = line.split_once(": ")?;
    let (given, family) = rest.split_once(" / ")?;
    Some(Culture { word, given: given.split(' ').collect(), family: family.split(' ').collect() })
}

fn native(line: &'static str) -> Option<NativeName> {
    let mut parts = line.split('|');
    Some(NativeName { script: parts.next()?, given: parts.next()?, family: parts.next()?, native: parts.next()? })
}
