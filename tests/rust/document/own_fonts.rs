//! Font files that a user names come from anywhere: they set what they have, or are refused, and nothing panics.

use super::records::{institution, issue, record, text};
use super::transcript;
use proptest::prelude::*;
use registrary::document::paginate;
use registrary::document::{Colour, Element, ElementId, Face, FontFile, Fonts, Item, Length, Page, Pages, Role, Theme};
use std::sync::Arc;

/// A face that texts do not fall back to, and a character that of all at hand it alone has.
const SERIF: &[u8] = include_bytes!("../../../assets/fonts/SourceSerif4-Semibold.ttf");
const SIGN: &str = "₿";

fn themed(file: FontFile) -> Theme {
    Theme { fonts: Fonts::with(vec![Arc::new(file)]), ..Theme::new(institution()) }
}

#[test]
fn a_font_of_the_users_own_sets_what_no_other_has() {
    let mut signed = record("O-1", "Fleur On");
    signed.notes = vec![text(&format!("Read {SIGN} aloud"))];
    assert_eq!(Fonts::default().missing(SIGN), ['₿']);
    let theme = themed(FontFile::read(SERIF.to_vec(), 0).expect("a font"));
    let document = transcript(&signed, &theme, &issue());
    let pages = paginate(&document).expect("it can be set");
    let bytes = registrary::pdf::render(&pages, &[]).expect("it can be written");
    assert!(bytes.starts_with(b"%PDF-"));
}

#[test]
fn what_may_not_be_embedded_is_refused() {
    let mut bytes = SERIF.to_vec();
    let tables = u16::from_be_bytes([bytes[4], bytes[5]]);
    let mut records = (0..usize::from(tables)).map(|index| 12 + index * 16);
    let style = records.find(|at| &bytes[*at..at + 4] == b"OS/2").expect("a font has one");
    let offset = u32::from_be_bytes(bytes[style + 8..style + 12].try_into().expect("four bytes")) as usize;
    // fsType: restricted licence embedding.
    bytes[offset + 8..offset + 10].copy_from_slice(&2u16.to_be_bytes());
    let refused = FontFile::read(bytes, 0).expect_err("its licence forbids it");
    assert_eq!(refused.code, "not-embeddable");
    assert_eq!(FontFile::read(SERIF.to_vec(), 3).expect_err("there is no such face").code, "not-a-font");
}

fn one_line(fonts: Fonts) -> Pages<'static> {
    let root = Element { role: Role::Document, parent: None, alternative: None };
    let place = Length::points(72);
    let item = Item::Text {
        x: place,
        y: place,
        size: Length::points(9),
        face: Face::Text,
        colour: Colour(0, 0, 0),
        text: SIGN.into(),
        element: Some(ElementId(0)),
        runs_on: false,
    };
    Pages {
        width: place * 8,
        height: place * 8,
        title: "One sign".into(),
        language: "en".into(),
        fonts,
        elements: vec![root],
        pages: vec![Page { items: vec![item] }],
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Spoilt anywhere, mostly where the tables begin; or cut short.
    #[test]
    fn a_spoilt_font_never_panics(
        spoilt in prop::collection::vec((0usize..SERIF.len(), any::<u8>()), 0..40),
        early in prop::collection::vec((0usize..2_000, any::<u8>()), 0..6),
        end in prop_oneof![4 => Just(SERIF.len()), 1 => 0..SERIF.len()],
    ) {
        let mut bytes = SERIF.to_vec();
        for (at, byte) in spoilt.into_iter().chain(early) {
            bytes[at] = byte;
        }
        bytes.truncate(end);
        let Ok(file) = FontFile::read(bytes, 0) else { return Ok(()) };
        let fonts = Fonts::with(vec![Arc::new(file)]);
        if fonts.missing(SIGN).is_empty() {
            let _ = registrary::pdf::render(&one_line(fonts), &[]);
        }
    }
}
