//! printpdf carries an Adobe colour profile whose licence binds whoever passes it on, and links it into every program that
//! reaches its `save` or `to_lopdf_document`. This program renders, and must not hold the profile.

use registrary::document::Face;
use registrary::pdf::render;

/// Where bytes first stand in this program's own file.
fn in_this_program(wanted: &[u8]) -> Option<usize> {
    let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    program.windows(wanted.len()).position(|window| window == wanted)
}

#[test]
fn the_program_that_renders_holds_no_adobe_profile() {
    assert!(!render(&crate::sheets::two_pages(), &[]).unwrap().is_empty());
    // The search finds what is linked.
    assert!(in_this_program(&Face::Text.file()[1000..1064]).is_some());
    // Turned round, so that this test's own constants are not what it finds.
    for turned in ["93ARGOF detaoC", "baLKYMCrtrp", ",smetsyS ebodA 7002 thgirypoC"] {
        let wanted: Vec<u8> = turned.bytes().rev().collect();
        assert_eq!(in_this_program(&wanted), None, "part of the profile is linked: {turned}");
    }
}
