//! Reads a file back with lopdf: what is shown, in which marked sequence, and the tree of tags.

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId};
use std::collections::BTreeMap;

/// What a page shows: text by marked sequence, and text that is decoration.
#[derive(Default)]
pub struct Shown {
    pub marked: BTreeMap<i64, String>,
    pub artifacts: String,
    /// Text outside every marked sequence; there should be none.
    pub unmarked: String,
    pub forms: Vec<Vec<u8>>,
}

pub fn shown(document: &Document, page: ObjectId) -> Shown {
    let fonts = document.get_page_fonts(page).unwrap();
    let content = Content::decode(&document.get_page_content(page)).unwrap();
    let mut shown = Shown::default();
    let (mut font, mut open) = (None, Vec::new());
    for operation in content.operations {
        let operand = |index: usize| &operation.operands[index];
        match operation.operator.as_str() {
            "BMC" => open.push(None),
            "BDC" => open.push(operand(1).as_dict().unwrap().get(b"MCID").and_then(Object::as_i64).ok()),
            "EMC" => assert!(open.pop().is_some(), "a marked sequence ends that never began"),
            "Tf" => font = Some(fonts[operand(0).as_name().unwrap()].get_font_encoding(document).unwrap()),
            "Do" => shown.forms.push(operand(0).as_name().unwrap().to_vec()),
            "TJ" => {
                let font = font.as_ref().expect("a font is set");
                // Numbers between the strings move the pen.
                let strings = operand(0).as_array().unwrap().iter().filter_map(|part| part.as_str().ok());
                let text: String = strings.map(|bytes| Document::decode_text(font, bytes).unwrap()).collect();
                let place = match open.last() {
                    Some(Some(number)) => shown.marked.entry(*number).or_default(),
                    Some(None) => &mut shown.artifacts,
                    None => &mut shown.unmarked,
                };
                place.push_str(&text);
            }
            _ => {}
        }
    }
    assert!(open.is_empty(), "a marked sequence never ends");
    shown
}

/// The structure tree as lines `Role: text`, children indented, in the order a screen reader speaks.
pub fn tree(document: &Document) -> Vec<String> {
    let pages: BTreeMap<ObjectId, Shown> = document.page_iter().map(|page| (page, shown(document, page))).collect();
    let root = document.catalog().unwrap().get(b"StructTreeRoot").unwrap();
    let root = document.dereference(root).unwrap().1.as_dict().unwrap();
    let mut lines = Vec::new();
    for kid in root.get(b"K").unwrap().as_array().unwrap() {
        element(document, kid, 0, &pages, &mut lines);
    }
    lines
}

fn element(document: &Document, id: &Object, depth: usize, pages: &BTreeMap<ObjectId, Shown>, lines: &mut Vec<String>) {
    let own = document.dereference(id).unwrap().1.as_dict().unwrap();
    let role = String::from_utf8(own.get(b"S").unwrap().as_name().unwrap().to_vec()).unwrap();
    let mut text = String::new();
    let mut children = Vec::new();
    // One kid, or a list of them (ISO 32000-1, table 323).
    let kids = own.get(b"K").map(|kids| kids.as_array().map_or(std::slice::from_ref(kids), Vec::as_slice));
    for kid in kids.unwrap_or_default() {
        match kid {
            Object::Integer(number) => text += marked(pages, own, *number),
            Object::Dictionary(other) => text += marked(pages, other, other.get(b"MCID").unwrap().as_i64().unwrap()),
            child => children.push(child),
        }
        if !matches!(kid, Object::Reference(_)) {
            text.push('|');
        }
    }
    lines.push(format!("{}{role}: {}", "  ".repeat(depth), text.trim_end_matches('|')));
    for child in children {
        let parent = document.dereference(child).unwrap().1.as_dict().unwrap().get(b"P").unwrap();
        assert_eq!(parent, id, "a child names another parent");
        element(document, child, depth + 1, pages, lines);
    }
}

fn marked<'a>(pages: &'a BTreeMap<ObjectId, Shown>, holder: &Dictionary, number: i64) -> &'a str {
    &pages[&holder.get(b"Pg").unwrap().as_reference().unwrap()].marked[&number]
}
