//! Pages to bytes, read back with another reader.

#[path = "pdf/archive.rs"]
mod archive;
#[path = "pdf/attachments.rs"]
mod attachments;
#[path = "pdf/hostile.rs"]
mod hostile;
#[path = "pdf/licence.rs"]
mod licence;
#[path = "pdf/reader.rs"]
mod reader;
#[path = "pdf/sheets.rs"]
mod sheets;

use lopdf::{Dictionary, Document, Object};
use proptest::prelude::*;
use reader::{shown, tree};
use registrary::document::{Element, ElementId, Face, Item, Length, Page, Pages, Role};
use registrary::domain::Error;
use sheets::{NAMES, at, line, one_page, two_pages};

fn render(pages: &Pages) -> Result<Vec<u8>, Error> {
    registrary::pdf::render(pages, &[])
}

fn opened(pages: &Pages) -> Document {
    Document::load_mem(&render(pages).unwrap()).unwrap()
}

fn refusals(pages: &Pages) -> Vec<(&'static str, String)> {
    match render(pages) {
        Err(Error::Render(problems)) => problems.into_iter().map(|problem| (problem.code, problem.place)).collect(),
        other => panic!("expected a refusal, not {} bytes", other.map_or(0, |bytes| bytes.len())),
    }
}

#[test]
fn every_name_reads_back_as_given_in_the_order_of_the_elements() {
    let mut expected = vec!["Document: ".to_owned(), "  H1: Official Transcript".to_owned()];
    for name in NAMES {
        // Shown in two faces on the first page and in the third on the second.
        expected.push(format!("  P: {name} {name}|{name}"));
    }
    expected.extend(["  Table: ", "    TR: ", "      TH: Course", "    TR: ", "      TD: MATH 101"].map(str::to_owned));
    assert_eq!(tree(&opened(&two_pages())), expected);
}

#[test]
fn all_text_is_marked_and_running_lines_and_watermark_are_artifacts() {
    let document = opened(&two_pages());
    for (number, page) in document.page_iter().enumerate() {
        let shown = shown(&document, page);
        assert_eq!(shown.artifacts, format!("Page {} of 2", number + 1));
        assert_eq!(shown.unmarked, "");
        assert_eq!(shown.forms, [b"W0".to_vec()]);
    }
    let first = document.page_iter().next().unwrap();
    let content = document.get_page_content(first);
    assert!(content.starts_with(b"/Artifact<</Type/Pagination/Subtype/Watermark>>BDC\n/W0 Do\n"), "behind everything");
}

#[test]
fn the_parent_tree_leads_from_each_marked_sequence_to_its_element() {
    let document = opened(&two_pages());
    let root = document.catalog().unwrap().get(b"StructTreeRoot").and_then(Object::as_reference).unwrap();
    let numbers = document.get_dictionary(root).unwrap().get(b"ParentTree").and_then(Object::as_dict).unwrap();
    let numbers = numbers.get(b"Nums").and_then(Object::as_array).unwrap();
    for (index, page) in document.page_iter().enumerate() {
        let key = document.get_dictionary(page).unwrap().get(b"StructParents").and_then(Object::as_i64).unwrap();
        assert_eq!(numbers[index * 2], Object::Integer(key));
        let owners = numbers[index * 2 + 1].as_array().unwrap();
        assert_eq!(owners.len(), shown(&document, page).marked.len());
        for owner in owners {
            let owner = document.dereference(owner).unwrap().1.as_dict().unwrap();
            assert!(owner.has(b"S") && owner.has(b"P"));
        }
    }
}

#[test]
fn every_font_is_embedded_with_a_map_to_unicode_and_widths() {
    let document = opened(&two_pages());
    let fonts = document.get_page_fonts(document.page_iter().next().unwrap()).unwrap();
    assert!(fonts.len() > 12, "three faces in several scripts");
    let simple = fonts.values().filter(|font| !font.has(b"DescendantFonts"));
    assert_eq!(simple.map(|font| one_byte_font(&document, font)).count(), 5, "common and rare letters, all titles");
    for font in fonts.values().filter(|font| font.has(b"DescendantFonts")) {
        let inner = font.get(b"DescendantFonts").and_then(Object::as_array).unwrap()[0].as_reference().unwrap();
        let inner = document.get_dictionary(inner).unwrap();
        let program = program(&document, inner);
        let face = ttf_parser::RawFace::parse(&program, 0).unwrap();
        let glyphs = ttf_parser::maxp::Table::parse(face.table(ttf_parser::Tag::from_bytes(b"maxp")).unwrap()).unwrap();
        let map = inner.get(b"CIDToGIDMap").and_then(Object::as_reference).unwrap();
        let map = document.get_object(map).and_then(Object::as_stream).unwrap().decompressed_content().unwrap();
        let widths = inner.get(b"W").and_then(Object::as_array).unwrap()[1].as_array().unwrap();
        assert_eq!(map.len(), widths.len() * 2, "a glyph and a width for each code");
        let last = map.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).max().unwrap();
        assert!(last < glyphs.number_of_glyphs.get());
    }
}

fn program(document: &Document, font: &Dictionary) -> Vec<u8> {
    let descriptor = font.get(b"FontDescriptor").and_then(Object::as_reference).unwrap();
    let program = document.get_dictionary(descriptor).unwrap().get(b"FontFile2").unwrap();
    document.dereference(program).unwrap().1.as_stream().unwrap().decompressed_content().unwrap()
}

/// Each code that the font maps to Unicode has a glyph in its program, as wide as the file says.
fn one_byte_font(document: &Document, font: &Dictionary) {
    let program = program(document, font);
    let face = ttf_parser::Face::parse(&program, 0).unwrap();
    let codes = face.tables().cmap.unwrap().subtables.get(0).unwrap();
    assert!(codes.platform_id == ttf_parser::PlatformId::Macintosh, "one that readers ask whatever the code means");
    let number = |key: &[u8]| font.get(key).and_then(Object::as_i64).unwrap();
    let widths = font.get(b"Widths").and_then(Object::as_array).unwrap();
    assert_eq!(widths.len() as i64, number(b"LastChar") - number(b"FirstChar") + 1);
    let encoding = font.get_font_encoding(document).unwrap();
    let mut shown = 0;
    for (code, width) in (number(b"FirstChar")..).zip(widths) {
        let Some(glyph) = codes.glyph_index(code as u32).filter(|glyph| glyph.0 > 0) else { continue };
        let advance = f32::from(face.glyph_hor_advance(glyph).unwrap()) * 1000.0 / f32::from(face.units_per_em());
        assert!((width.as_float().unwrap() - advance).abs() < 0.01, "code {code}");
        let text = Document::decode_text(&encoding, &[code as u8]).unwrap();
        assert_eq!(text.chars().count(), 1, "code {code}");
        shown += 1;
    }
    assert!(shown > 0);
}

#[test]
fn the_file_says_what_it_is_and_bears_no_date() {
    let bytes = render(&two_pages()).unwrap();
    let document = Document::load_mem(&bytes).unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7\n"));
    let info = document.trailer.get(b"Info").and_then(Object::as_reference).unwrap();
    let info = document.get_dictionary(info).unwrap();
    let title = lopdf::decode_text_string(info.get(b"Title").unwrap()).unwrap();
    assert_eq!(title, "Transcript of Zoë Ångström & Co.");
    assert!(info.get(b"Producer").and_then(Object::as_str).unwrap().starts_with(b"registrary "));
    assert_eq!(info.len(), 2);
    let catalog = document.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").and_then(Object::as_str).unwrap(), b"en-US");
    let preferences = catalog.get(b"ViewerPreferences").and_then(Object::as_dict).unwrap();
    assert!(preferences.get(b"DisplayDocTitle").and_then(Object::as_bool).unwrap());
    let packet = document.dereference(catalog.get(b"Metadata").unwrap()).unwrap().1.as_stream().unwrap();
    let packet = std::str::from_utf8(&packet.content).unwrap();
    assert!(packet.contains("Transcript of Zoë Ångström &amp; Co.</rdf:li>"));
    assert!(!packet.contains("Date"));
}

#[test]
fn the_same_pages_are_the_same_bytes_in_every_thread() {
    let expected = render(&two_pages()).unwrap();
    let other = one_page(vec![line("Ж", Face::Text)]);
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let other = other.clone();
            // Another document in between: nothing of it may stay behind.
            std::thread::spawn(move || (render(&two_pages()), render(&other), render(&two_pages())))
        })
        .collect();
    for worker in workers {
        let (first, _, second) = worker.join().unwrap();
        assert_eq!(first.unwrap(), expected);
        assert_eq!(second.unwrap(), expected);
    }
    assert_ne!(identifier(&other), identifier(&two_pages()));
}

/// Pages of one shape, and of shapes that differ in one thing only.
fn nearly_alike() -> Vec<Pages<'static>> {
    let figure = |words: &str, x: i32| {
        let mut pages = one_page(vec![at(x, 90, "Seal", Face::Text, Some(1))]);
        pages.elements[1] =
            Element { role: Role::Figure, parent: Some(ElementId(0)), alternative: Some(words.to_owned()) };
        pages
    };
    let mut other_role = two_pages();
    other_role.elements[1].role = Role::Heading(2);
    let mut other_parent = two_pages();
    other_parent.elements[3].parent = Some(ElementId(2));
    let mut other_page = two_pages();
    let moved = other_page.pages[0].items.remove(3);
    other_page.pages[1].items.push(moved);
    let mut higher = figure("A seal", 72);
    higher.height += Length::points(5);
    let figures = [figure("A seal", 72), figure("A seel", 72), figure("A seal", 80), higher];
    [vec![two_pages(), other_role, other_parent, other_page], figures.to_vec()].concat()
}

#[test]
fn a_document_is_the_same_whatever_was_rendered_before_it() {
    let all = nearly_alike();
    // Met once, met again, and known.
    let rounds: Vec<Vec<Vec<u8>>> = (0..4).map(|_| all.iter().map(|pages| render(pages).unwrap()).collect()).collect();
    for (index, pages) in all.into_iter().enumerate() {
        let alone = std::thread::spawn(move || render(&pages).unwrap()).join().unwrap();
        assert!(rounds.iter().all(|round| round[index] == alone), "{index}");
    }
}

fn identifier(pages: &Pages) -> Vec<u8> {
    let document = opened(pages);
    let identifier = document.trailer.get(b"ID").and_then(Object::as_array).unwrap()[0].as_str().unwrap();
    assert_eq!(identifier.len(), 16);
    identifier.to_vec()
}

#[test]
fn any_change_changes_the_identifier() {
    let whole = two_pages();
    let mut seen = vec![identifier(&whole)];
    let mut changed = |change: fn(&mut Pages)| {
        let mut pages = whole.clone();
        change(&mut pages);
        let new = identifier(&pages);
        assert!(!seen.contains(&new));
        seen.push(new);
    };
    changed(|pages| pages.title.to_mut().push('!'));
    changed(|pages| pages.language = "en-CA".into());
    changed(|pages| pages.width += Length::points(1));
    changed(|pages| pages.elements[1].role = Role::Heading(2));
    changed(|pages| pages.pages[1].items.clear());
    changed(|pages| pages.pages[0].items.retain(|item| !matches!(item, Item::Watermark { .. })));
}

#[test]
fn a_character_that_the_face_lacks_is_refused_with_its_place() {
    let pages = one_page(vec![line("Abc", Face::Text), line("漢 字", Face::Strong), line("\n", Face::Text)]);
    let places = |index: usize| ("no-glyph", format!("pages[0].items[{index}]"));
    assert_eq!(refusals(&pages), [places(1), places(1), places(2)]);
    let Err(Error::Render(problems)) = render(&pages) else { panic!("refused above") };
    assert!(problems[0].message.ends_with("U+6F22"));
    let mut pages = two_pages();
    let mark = Item::Watermark { text: "漢".into(), face: Face::Text, size: Length::points(9), colour: sheets::BLACK };
    pages.pages[0].items.push(mark);
    assert_eq!(refusals(&pages), [("no-glyph", "pages[0].items[0]".to_owned())]);
}

#[test]
fn pages_that_contradict_themselves_are_refused() {
    let good = one_page(vec![line("Abc", Face::Text)]);
    let orphan = Element { role: Role::Paragraph, parent: Some(ElementId(9)), alternative: None };
    let mut pages = good.clone();
    pages.elements.extend([orphan.clone(), Element { parent: None, ..orphan }]);
    pages.width = Length::ZERO;
    pages.pages.clear();
    let expected = [
        ("page-size", "width"),
        ("no-pages", "pages"),
        ("no-such-element", "elements[2]"),
        ("no-such-element", "elements[3]"),
    ];
    assert_eq!(refusals(&pages), expected.map(|(code, place)| (code, place.to_owned())));
    let mut pages = good;
    pages.elements.truncate(1);
    assert_eq!(refusals(&pages), [("no-such-element", "pages[0].items[0]".to_owned())]);
}

#[test]
fn a_document_of_many_elements_needs_several_object_streams_and_opens() {
    let mut pages = one_page(Vec::new());
    pages.pages = vec![Page::default(); 60];
    for index in 0..9_000u32 {
        pages.elements.push(Element { role: Role::Paragraph, parent: Some(ElementId(0)), alternative: None });
        let Item::Text { x, y, size, face, colour, .. } = line("", Face::Text) else { unreachable!() };
        let element = Some(ElementId(index + 2));
        let text = format!("Line {index}").into();
        pages.pages[index as usize / 150].items.push(Item::Text {
            x,
            y,
            size,
            face,
            colour,
            text,
            element,
            runs_on: false,
        });
    }
    let document = opened(&pages);
    assert_eq!(document.page_iter().count(), 60);
    let lines = tree(&document);
    assert_eq!(lines.len(), 9_002);
    assert!((0..9_000).all(|index| lines[index + 2] == format!("  P: Line {index}")));
}

#[test]
fn words_that_stand_apart_are_read_apart_and_touching_ones_together() {
    let size = Length::millipoints(10_500);
    let lines = |texts: [&str; 2], next: (i32, i32)| {
        one_page(vec![at(72, 72, texts[0], Face::Text, Some(1)), at(next.0, next.1, texts[1], Face::Text, Some(1))])
    };
    let mut touching = lines(["Na", "me"], (72, 72));
    let Item::Text { x, .. } = &mut touching.pages[0].items[1] else { unreachable!() };
    *x += Face::Text.width("Na", size);
    let mut broken = lines(["Donaudampf", "schifffahrt"], (72, 84));
    let Item::Text { runs_on, .. } = &mut broken.pages[0].items[0] else { unreachable!() };
    *runs_on = true;
    for (pages, expected) in [
        (lines(["Introduction to", "Geology"], (72, 84)), "Introduction to Geology"),
        (lines(["Course", "3.00"], (300, 72)), "Course 3.00"),
        (lines(["Post-", "graduate"], (72, 84)), "Post-graduate"),
        (touching, "Name"),
        (broken, "Donaudampfschifffahrt"),
    ] {
        assert_eq!(tree(&opened(&pages))[1], format!("  P: {expected}"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_line_of_text_reads_back_as_given(text in "[ -~¡-ÿĀ-ſα-ωА-яẠ-ỹ’–]{1,40}") {
        let document = opened(&one_page(vec![line(&text, Face::Text)]));
        prop_assert_eq!(&shown(&document, document.page_iter().next().unwrap()).marked[&0], &text);
    }

    /// Letters, vowel signs, marks and joiners in any order, right or wrong in their language.
    #[test]
    fn any_script_reads_back_as_given_or_is_refused(
        parts in prop::collection::vec("[a-zẠ-ỹ\u{300}-\u{304}\u{323}]{1,6}|[ء-ْپچژگیک\u{200c}]{1,8}|[א-ת\u{5b0}-\u{5bc}]{1,8}|[अ-ह\u{93e}-\u{94d}\u{200d}]{1,8}|[ก-\u{e3a}เ-\u{e4e}]{1,8}|[0-9(), -]{1,4}", 1..6)
    ) {
        let text = parts.concat();
        let pages = one_page(vec![line(&text, Face::Strong)]);
        if !pages.fonts.missing(&text).is_empty() {
            prop_assert!(render(&pages).is_err());
            return Ok(());
        }
        let document = opened(&pages);
        let marked = shown(&document, document.page_iter().next().unwrap()).marked;
        if text.chars().all(|character| matches!(character, '\u{200c}' | '\u{200d}')) {
            prop_assert!(marked.is_empty(), "joiners of nothing show nothing");
        } else {
            prop_assert_eq!(&marked[&0], &text);
        }
    }
}
