//! What an archive and a screen reader need: the standards claimed, the meaning of colours, bookmarks, words for figures.

use super::{opened, refusals};
use crate::sheets::{at, one_page, two_pages};
use lopdf::{Dictionary, Document, Object};
use registrary::document::{Element, ElementId, Face, Pages, Role};

fn stream(document: &Document, object: &Object) -> lopdf::Stream {
    document.dereference(object).unwrap().1.as_stream().unwrap().clone()
}

#[test]
fn the_metadata_claim_both_standards() {
    let document = opened(&two_pages());
    let packet = stream(&document, document.catalog().unwrap().get(b"Metadata").unwrap());
    assert!(!packet.dict.has(b"Filter"));
    let packet = String::from_utf8(packet.content).unwrap();
    for part in [
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>",
        "<rdf:li>en-US</rdf:li>",
    ] {
        assert!(packet.contains(part), "{part}");
    }
}

#[test]
fn colours_mean_srgb_by_a_profile_of_our_own() {
    let document = opened(&two_pages());
    let intents = document.catalog().unwrap().get(b"OutputIntents").and_then(Object::as_array).unwrap();
    let intent = intents[0].as_dict().unwrap();
    assert_eq!(intent.get(b"S").and_then(Object::as_name).unwrap(), b"GTS_PDFA1");
    let profile = stream(&document, intent.get(b"DestOutputProfile").unwrap());
    assert_eq!(profile.dict.get(b"N").and_then(Object::as_i64).unwrap(), 3);
    let profile = profile.decompressed_content().unwrap();
    assert_eq!((&profile[12..20], &profile[36..40]), (b"mntrRGB ".as_slice(), b"acsp".as_slice()));
}

/// Titles of bookmarks, indented as they nest, each checked against its neighbours.
fn bookmarks(document: &Document, parent: &Dictionary, depth: usize, lines: &mut Vec<String>) {
    let mut next = parent.get(b"First").ok();
    let mut previous: Option<&Object> = None;
    while let Some(reference) = next {
        let own = document.dereference(reference).unwrap().1.as_dict().unwrap();
        assert_eq!(own.get(b"Prev").ok(), previous);
        let title = lopdf::decode_text_string(own.get(b"Title").unwrap()).unwrap();
        let place = own.get(b"Dest").and_then(Object::as_array).unwrap();
        let page = document.page_iter().position(|page| Object::Reference(page) == place[0]).unwrap();
        let element = document.dereference(own.get(b"SE").unwrap()).unwrap().1.as_dict().unwrap();
        let role = String::from_utf8_lossy(element.get(b"S").and_then(Object::as_name).unwrap());
        lines.push(format!("{}{title} ({role}, page {})", "  ".repeat(depth), page + 1));
        bookmarks(document, own, depth + 1, lines);
        previous = Some(reference);
        next = own.get(b"Next").ok();
    }
    assert_eq!(parent.get(b"Last").ok(), previous);
}

fn with_headings(headings: &[(u8, &str)]) -> Pages<'static> {
    let mut pages = one_page(Vec::new());
    pages.elements.truncate(1);
    for (index, (level, text)) in headings.iter().enumerate() {
        let id = pages.elements.len() as u32;
        let element = Element { role: Role::Heading(*level), parent: Some(ElementId(0)), alternative: None };
        pages.elements.push(element);
        for (line, words) in text.split('|').enumerate() {
            pages.pages[0].items.push(at(72, 72 + 40 * index as i32 + 12 * line as i32, words, Face::Strong, Some(id)));
        }
    }
    pages
}

#[test]
fn bookmarks_are_the_headings_and_nest_as_they_do() {
    let pages = with_headings(&[
        (1, "Relevé de|notes"),
        (2, "Under-|graduate"),
        (3, "Fall 2021"),
        (3, "Spring 2022"),
        (2, "Graduate"),
        (3, "Fall 2024"),
    ]);
    let document = opened(&pages);
    let outline = document.catalog().unwrap().get(b"Outlines").unwrap();
    let outline = document.dereference(outline).unwrap().1.as_dict().unwrap();
    assert_eq!(outline.get(b"Count").and_then(Object::as_i64).unwrap(), 6);
    let mut lines = Vec::new();
    bookmarks(&document, outline, 0, &mut lines);
    let expected = [
        "Relevé de notes (H1, page 1)",
        "  Under-graduate (H2, page 1)",
        "    Fall 2021 (H3, page 1)",
        "    Spring 2022 (H3, page 1)",
        "  Graduate (H2, page 1)",
        "    Fall 2024 (H3, page 1)",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn a_document_without_headings_has_no_bookmarks() {
    let document = opened(&one_page(Vec::new()));
    assert!(!document.catalog().unwrap().has(b"Outlines"));
}

#[test]
fn a_figure_needs_words() {
    let mut pages = two_pages();
    pages.elements.push(Element { role: Role::Figure, parent: Some(ElementId(0)), alternative: None });
    assert_eq!(refusals(&pages), [("no-alternative", format!("elements[{}]", pages.elements.len() - 1))]);
}

#[test]
fn a_figure_says_where_it_stands() {
    let mut pages = one_page(vec![at(72, 100, "Seal", Face::Text, Some(1))]);
    pages.elements[1].role = Role::Figure;
    pages.elements[1].alternative = Some("Seal of the university".into());
    let document = opened(&pages);
    let root = document.catalog().unwrap().get(b"StructTreeRoot").unwrap();
    let mut own = document.dereference(root).unwrap().1.as_dict().unwrap();
    for _ in 0..2 {
        own = document.dereference(&own.get(b"K").unwrap().as_array().unwrap()[0]).unwrap().1.as_dict().unwrap();
    }
    assert_eq!(own.get(b"S").and_then(Object::as_name).unwrap(), b"Figure");
    let place = own.get(b"A").unwrap().as_dict().unwrap();
    let edges: Vec<f32> =
        place.get(b"BBox").unwrap().as_array().unwrap().iter().map(|e| e.as_float().unwrap()).collect();
    let [left, bottom, right, top] = edges.try_into().unwrap();
    // The baseline is 100 points below the top of an A4 page.
    let baseline = 841.89 - 100.0;
    assert!((left - 72.0).abs() < 0.01 && (right - 72.0 - 20.0).abs() < 5.0, "{left} {right}");
    assert!(bottom < baseline && baseline < top && top - bottom < 20.0, "{bottom} {top}");
}
