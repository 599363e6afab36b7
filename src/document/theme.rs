//! How an institution's documents look and which of a record's facts they show.

use super::fonts::Fonts;
use super::labels::Labels;
use super::length::Length;
use super::page::Colour;
use super::theme_pictures::Pictures;
use crate::domain::{Institution, Level, Text};

/// The sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// 8.5 × 11 inches.
    Letter,
    /// 210 × 297 mm.
    A4,
}

impl Paper {
    pub const fn width(self) -> Length {
        match self {
            Paper::Letter => Length::points(612),
            Paper::A4 => Length::millimetres(210),
        }
    }
    pub const fn height(self) -> Length {
        match self {
            Paper::Letter => Length::points(792),
            Paper::A4 => Length::millimetres(297),
        }
    }
}

/// How many columns the academic record runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    One,
    Two,
}

impl Columns {
    pub const fn count(self) -> u8 {
        match self {
            Columns::One => 1,
            Columns::Two => 2,
        }
    }
}

/// How much of the birth date is printed. A record that holds less than asked for shows what it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BirthDateShown {
    None,
    MonthDay,
    Full,
}

/// The name the document carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrintedName {
    Legal,
    /// The chosen name where the record has one, and then no other; else the legal name.
    Chosen,
}

/// The face of the headings over terms and groups of facts; titles and divisions are set in the serif always.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Headings {
    Sans,
    Serif,
}

/// Every colour of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// The institution's own colour: its name, headings, the strong rule.
    pub accent: Colour,
    pub text: Colour,
    /// Labels and notes.
    pub muted: Colour,
    /// Hairlines.
    pub rule: Colour,
    /// Behind headings.
    pub tint: Colour,
    pub watermark: Colour,
}

/// What of a record is printed, beyond what every transcript must carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The column of quality points beside each course.
    pub quality_points: bool,
    /// The column of credits passed among the totals.
    pub credits_passed: bool,
    /// The first and last day of each term, beside its name.
    pub term_dates: bool,
    /// The chosen name beside the legal one.
    pub chosen_name: bool,
    pub former_names: bool,
    /// The legal name in its own script, where the built-in faces have all its characters.
    pub native_name: bool,
    /// The key to grades and marks.
    pub legend: bool,
    /// The verification code, among the facts and at the foot of every page.
    pub verification_code: bool,
}

/// An institution's look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// The issuing institution, unless the record itself names one.
    pub institution: Institution,
    pub paper: Paper,
    pub columns: Columns,
    pub headings: Headings,
    pub birth_date: BirthDateShown,
    pub printed_name: PrintedName,
    /// The document's own words, in its language.
    pub labels: Labels,
    /// Printed names of the institution's own levels; others are named by the labels.
    pub level_names: Vec<(Level, Text)>,
    pub palette: Palette,
    pub pictures: Pictures,
    /// The house's own, and the institution's for scripts that those lack.
    pub fonts: Fonts,
    pub shown: Shown,
    /// Computed credits are printed with at least this many places, and with more where one needs more.
    pub credit_places: u8,
    /// Paragraphs of the institution's own under the legend (conditions of release, grading history).
    pub statements: Vec<Text>,
}

impl Theme {
    /// The plain house look in English: US Letter, two columns, deep navy.
    pub fn new(institution: Institution) -> Theme {
        Theme {
            institution,
            paper: Paper::Letter,
            columns: Columns::Two,
            headings: Headings::Sans,
            birth_date: BirthDateShown::MonthDay,
            printed_name: PrintedName::Legal,
            labels: Labels::english(),
            level_names: Vec::new(),
            palette: Palette::navy(),
            pictures: Pictures::default(),
            fonts: Fonts::default(),
            shown: Shown::default(),
            credit_places: 2,
            statements: Vec::new(),
        }
    }

    /// A level's printed name.
    pub(super) fn level_name(&self, level: &Level) -> String {
        let own = self.level_names.iter().find(|(known, _)| known == level);
        own.map_or_else(|| self.labels.level(level), |(_, name)| name.as_str().to_owned())
    }
}

impl Palette {
    /// Deep navy on white. Text, muted and accent pass WCAG AA on both white and the tint.
    pub const fn navy() -> Palette {
        Palette {
            accent: Colour(0x14, 0x2B, 0x52),
            text: Colour(0x1B, 0x1E, 0x24),
            muted: Colour(0x56, 0x5D, 0x6A),
            rule: Colour(0xB9, 0xC0, 0xCC),
            tint: Colour(0xEC, 0xF0, 0xF6),
            watermark: Colour(0xE9, 0xEB, 0xEF),
        }
    }
}

impl Shown {
    /// The keys of a theme file.
    pub(super) const KEYS: [&str; 8] = [
        "quality_points",
        "credits_passed",
        "term_dates",
        "chosen_name",
        "former_names",
        "native_name",
        "legend",
        "verification_code",
    ];

    /// What a key of a theme file sets.
    pub(super) fn slot(&mut self, key: &str) -> Option<&mut bool> {
        match key {
            "quality_points" => Some(&mut self.quality_points),
            "credits_passed" => Some(&mut self.credits_passed),
            "term_dates" => Some(&mut self.term_dates),
            "chosen_name" => Some(&mut self.chosen_name),
            "former_names" => Some(&mut self.former_names),
            "native_name" => Some(&mut self.native_name),
            "legend" => Some(&mut self.legend),
            "verification_code" => Some(&mut self.verification_code),
            _ => None,
        }
    }
}

impl Default for Shown {
    fn default() -> Shown {
        Shown {
            quality_points: true,
            credits_passed: false,
            term_dates: true,
            chosen_name: true,
            former_names: true,
            native_name: true,
            legend: true,
            verification_code: true,
        }
    }
}
