//! Documents and pages as text, compared with what a person has read and found right.

use super::records::{institution, issue};
use super::{alumna, certificate, french_a4, stated_transcript, transcript, undergraduate};
use registrary::document::{Theme, paginate};
use std::path::Path;

/// A golden that is missing is written, and the test fails once, so that somebody reads it.
fn check(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    match std::fs::read_to_string(&path) {
        Ok(golden) => {
            let differing = golden.lines().zip(text.lines()).find(|(golden, now)| golden != now);
            assert!(golden == text, "{name} differs, first in {differing:?}; delete it to have it written anew");
        }
        Err(_) => {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
            std::fs::write(&path, text).expect("the golden can be written");
            panic!("{name} was missing; it has been written: read it, then run again");
        }
    }
}

#[test]
fn transcript_in_words() {
    let theme = Theme::new(institution());
    check("transcript.txt", &transcript(&undergraduate::undergraduate(), &theme, &issue()).to_text());
}

#[test]
fn two_levels_in_french() {
    check("two-levels-french.txt", &transcript(&alumna::alumna(), &french_a4(), &issue()).to_text());
}

#[test]
fn totals_as_stated() {
    check("stated.txt", &stated_transcript(&Theme::new(institution())).to_text());
}

#[test]
fn pages_of_a_certificate() {
    let document = certificate(&undergraduate::undergraduate(), &Theme::new(institution()));
    check("certificate-pages.txt", &paginate(&document).expect("it can be set").to_text());
}

#[test]
fn pages_of_a_transcript() {
    let document = stated_transcript(&Theme::new(institution()));
    check("stated-pages.txt", &paginate(&document).expect("it can be set").to_text());
}
