//! Pages to bytes, read back with an independent reader.

#[path = "pdf/sheets.rs"]
mod sheets;

use registrary::document::{ElementId, Item, Page, Pages};
use registrary::domain::Error;
use registrary::pdf::render;
use sheets::{NAMES, two_pages};

fn opened(pages: &Pages) -> lopdf::Document {
    lopdf::Document::load_mem(&render(pages).unwrap()).unwrap()
}

#[test]
fn a_file_for_a_look() {
    let bytes = render(&two_pages()).unwrap();
    if let Some(path) = std::env::var_os("REGISTRARY_LOOK") {
        std::fs::write(path, &bytes).unwrap();
    }
    assert!(bytes.starts_with(b"%PDF-1.7\n"));
}
