//! Themes from files: what they change on the page, and that a bad one is refused with all its problems.

use super::records::{institution, issue};
use super::{transcript, undergraduate};
use registrary::document::{Colour, Columns, Document, Headings, Labels, Paper, Theme, ThemeFile};
use registrary::domain::{Error, Problem};
use serde_json::json;

fn of(toml: &str) -> Result<Theme, Error> {
    Theme::of(&[ThemeFile::from_toml(toml)?], institution())
}

fn problems(toml: &str) -> Vec<Problem> {
    match of(toml) {
        Err(Error::Theme(problems)) => problems,
        other => panic!("refused: {other:?}"),
    }
}

fn places(toml: &str) -> Vec<(&'static str, String)> {
    problems(toml).into_iter().map(|problem| (problem.code, problem.place)).collect()
}

pub fn built_in(name: &str) -> Theme {
    Theme::of(&[ThemeFile::built_in(name).expect(name)], institution()).expect(name)
}

fn said(theme: &Theme) -> Document<'static> {
    transcript(&undergraduate::undergraduate(), theme, &issue())
}

#[test]
fn a_theme_says_how_a_document_looks_and_speaks() {
    let theme = of(r##"
        extends = "laurier"
        paper = "letter"
        [institution]
        name = { fr = "Université des Érables", en = "University of Maples" }
        address = ["1, rue du Parc", { fr = "Montréal (Québec)", en = "Montreal, Quebec" }]
        codes = [["PSIS", "35999000"], ["MIN", "999"]]
        [level_names]
        undergraduate = "Baccalauréat"
        [colours]
        accent = "#003366"
        [labels.fr]
        gpa = "MPC"
        [labels.fr-CA]
        student = "Étudiante ou étudiant"
        [labels.en]
        gpa = "CGPA"
        [shown]
        verification_code = false
        "##)
    .expect("a theme");
    assert_eq!((theme.paper, theme.columns), (Paper::Letter, Columns::One));
    assert_eq!((theme.palette.accent, theme.palette.tint), (Colour(0, 0x33, 0x66), Colour(0xEA, 0xF3, 0xED)));
    let document = said(&theme);
    assert_eq!(document.language, "fr-CA");
    let words = document.to_text();
    for said in
        ["Université des Érables", "Montréal (Québec)", "PSIS 35999000 · MIN 999", "MPC", "Étudiante ou", "Relevé"]
    {
        assert!(words.contains(said), "{said}");
    }
    assert!(!words.contains("7KQ2") && !words.contains("Maples"));
    assert!(said(&built_in("laurier")).to_text().contains("7KQ2"));
}

#[test]
fn a_later_file_stands_on_top_of_an_earlier() {
    let layers = [
        ThemeFile::from_toml("extends = 'crimson'\ncolumns = 1\nstatements = ['Ours.']").expect("TOML"),
        ThemeFile::from_json(json!({"columns": 2, "language": "fr", "paper": null, "statements": ["One.", "Two."]})),
    ];
    let theme = Theme::of(&layers, institution()).expect("a theme");
    assert_eq!((theme.columns, theme.paper, theme.headings), (Columns::Two, Paper::Letter, Headings::Serif));
    assert_eq!(theme.statements.len(), 2);
    assert_eq!(theme.labels, Labels::french());
    assert!(built_in("crimson").statements[0].as_str().contains("1232g"));
}

#[test]
fn every_problem_is_told_at_once() {
    let told = places(
        r##"
        extends = "gaudy"
        language = "Klingon"
        paper = "a5"
        columns = 3
        birth_date = "year"
        credit_places = 7
        motto = "x"
        statements = [1, "平均"]
        [institution]
        address = "One line"
        phone = { en = "1", fr = 2, "not a tag" = "3" }
        codes = ["OPEID"]
        [colours]
        accent = "red"
        text = "#12345é"
        [shown]
        legend = "yes"
        [labels.en]
        page_of = "Page"
        language = "tlh"
        gpas = "x"
        [level_names]
        "Not A Level!" = "x"
        "##,
    );
    for expected in [
        ("unknown-built-in", "extends"),
        ("not-a-language", "language"),
        ("unknown-choice", "paper"),
        ("unknown-choice", "columns"),
        ("unknown-choice", "birth_date"),
        ("not-places", "credit_places"),
        ("unknown-key", "motto"),
        ("not-a-text", "statements[0]"),
        ("character-not-covered", "statements[1]"),
        ("no-name", "institution.name"),
        ("not-a-text", "institution.phone.fr"),
        ("not-a-language", "institution.phone.not a tag"),
        ("not-codes", "institution.codes"),
        ("not-a-colour", "colours.accent"),
        ("not-a-colour", "colours.text"),
        ("not-a-flag", "shown.legend"),
        ("placeholders", "labels.en.page_of"),
        ("not-a-label", "labels.en.language"),
        ("unknown-label", "labels.en.gpas"),
        ("not-a-level", "level_names.Not A Level!"),
    ] {
        let (code, place) = expected;
        assert!(told.iter().any(|(c, p)| *c == code && p == place), "{expected:?} in {told:?}");
    }
    assert_eq!(places("a = 1\nb = = 2"), [("not-toml", "line 2".to_owned())]);
    for other in ["columns = nan", "statements = [2026-05-29]"] {
        assert_eq!(places(other), [("not-a-theme", String::new())]);
    }
    assert_eq!(places("institution.name = { en = 'A' }\nlanguage = 'fr'")[0].0, "no-text-in-language");
    assert!(matches!(Theme::of(&[ThemeFile::from_json(json!([1]))], institution()), Err(Error::Theme(_))));
}

#[test]
fn text_that_is_hard_to_read_is_refused_pair_by_pair_with_its_ratio() {
    let told = problems("[colours]\nmuted = '#8A8F98'\naccent = '#767676'\nwatermark = '#FFFFFF'");
    let lines: Vec<String> = told.iter().map(|p| format!("{} {}: {}", p.code, p.place, p.message)).collect();
    assert_eq!(
        lines,
        [
            "low-contrast colours.muted: has a contrast of 3.24:1 on the white page; text needs 4.50:1",
            "low-contrast colours.muted: has a contrast of 2.84:1 on the tint; text needs 4.50:1",
            "low-contrast colours.muted: has a contrast of 3.24:1 on the watermark; text needs 4.50:1",
            "low-contrast colours.accent: has a contrast of 3.97:1 on the tint; text needs 4.50:1",
            "low-contrast colours.watermark: has a contrast of 1.00:1 on the white page; to be seen it needs 1.15:1",
        ]
    );
    assert_eq!(places("[colours]\ntint = '#14532D'").len(), 3, "text on a dark tint");
}

#[test]
fn another_language_brings_all_its_labels() {
    let mut table = String::from("language = 'es'\n[labels.es]\n");
    for key in Labels::KEYS.iter().filter(|key| **key != "language" && **key != "gpa") {
        table += &format!("{key} = {:?}\n", Labels::english().get(key).expect("a label"));
    }
    let told = problems(&table);
    assert_eq!((told.len(), told[0].code, told[0].place.as_str()), (1, "missing-labels", "labels.es"));
    assert!(told[0].message.ends_with(": gpa"));
    let theme = of(&format!("{table}gpa = 'Media'")).expect("a theme");
    let document = said(&theme);
    assert!(document.language == "es" && document.to_text().contains("Media"));
}

#[test]
fn a_text_over_several_lines_is_one_text_and_an_endless_one_is_not_looked_through() {
    let theme = of("statements = [\"\"\"One\n  statement.\"\"\"]").expect("a theme");
    assert_eq!(theme.statements[0].as_str(), "One statement.");
    // Each of its characters would be a problem of its own.
    let endless: String = (0x4E00..0x9000_u32).filter_map(char::from_u32).collect();
    assert_eq!(places(&format!("statements = ['{endless}']")), [("not-a-text", "statements[0]".to_owned())]);
}
