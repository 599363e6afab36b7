//! The structure tree (ISO 32000-1, 14.7): what a screen reader follows and what text extraction orders by.

use super::content::{PageContent, role_name};
use super::file::Pack;
use super::frame::Frame;
use super::syntax::{integer, length, reference, text_string};
use crate::document::{Item, Pages, Role};

/// One marked sequence: element, page, number on the page. In this order they are sorted by element.
type Mark = (u32, u32, u32);

/// No element.
const NONE: u32 = u32::MAX;

/// Writes the tree's objects, numbered from `first`; returns the next free number.
pub fn write(pack: &mut Pack, pages: &Pages, contents: &[PageContent], frame: &Frame, first: u32) -> u32 {
    root(pack.begin(frame.structure), pages, contents, first);
    let mut marks: Vec<Mark> = Vec::new();
    for (page, content) in (0u32..).zip(contents) {
        marks.extend((0u32..).zip(&content.marked).map(|(number, element)| (element.0, page, number)));
    }
    marks.sort_unstable();
    let family = Family::of(pages);
    let mut rest = marks.as_slice();
    for (index, element) in (0u32..).zip(&pages.elements) {
        let own = rest.iter().take_while(|mark| mark.0 == index).count();
        let (here, others) = rest.split_at(own);
        rest = others;
        let out = pack.begin(first + index);
        out.extend_from_slice(b"<</S/");
        out.extend_from_slice(role_name(element.role).as_bytes());
        out.extend_from_slice(b"/P ");
        reference(out, element.parent.map_or(frame.structure, |parent| first + parent.0));
        kids(out, here, &family, index, frame, first);
        if let Some(words) = &element.alternative {
            out.extend_from_slice(b"/Alt");
            text_string(out, words);
        }
        if element.role == Role::Figure {
            bounds(out, pages, index);
        }
        if element.role == Role::ColumnHeader {
            out.extend_from_slice(b"/A<</O/Table/Scope/Column>>");
        }
        out.extend_from_slice(b">>");
    }
    first + pages.elements.len() as u32
}

/// The rectangle that a figure takes on its page (ISO 32000-1, 14.8.5.4.3).
fn bounds(out: &mut Vec<u8>, pages: &Pages, figure: u32) {
    let mut shown = pages.pages.iter().flat_map(|page| &page.items);
    let place = shown.find_map(|item| match item {
        Item::Picture { x, y, width, height, element, .. } if element.0 == figure => Some([*x, *y, *width, *height]),
        _ => None,
    });
    let Some([x, y, width, height]) = place else { return };
    out.extend_from_slice(b"/A<</O/Layout/Placement/Block/BBox[");
    for side in [x, pages.height - y - height, x + width, pages.height - y] {
        length(out, side);
        out.push(b' ');
    }
    out.extend_from_slice(b"]>>");
}

/// The root, and for every page which element each of its marked sequences belongs to.
fn root(out: &mut Vec<u8>, pages: &Pages, contents: &[PageContent], first: u32) {
    out.extend_from_slice(b"<</Type/StructTreeRoot/K[");
    if !pages.elements.is_empty() {
        reference(out, first);
    }
    out.extend_from_slice(b"]/ParentTreeNextKey ");
    integer(out, contents.len() as i64);
    out.extend_from_slice(b"/ParentTree<</Nums[");
    for (page, content) in contents.iter().enumerate() {
        integer(out, page as i64);
        out.push(b'[');
        for element in &content.marked {
            reference(out, first + element.0);
            out.push(b' ');
        }
        out.push(b']');
    }
    out.extend_from_slice(b"]>>>>");
}

/// The marked sequences of an element and then its children.
fn kids(out: &mut Vec<u8>, marks: &[Mark], family: &Family, index: u32, frame: &Frame, first: u32) {
    let home = marks.first().map(|mark| mark.1);
    if let Some(page) = home {
        out.extend_from_slice(b"/Pg ");
        reference(out, frame.pages[page as usize]);
    }
    if marks.is_empty() && family.first_child(index) == NONE {
        return;
    }
    out.extend_from_slice(b"/K[");
    for (_, page, number) in marks {
        if Some(*page) == home {
            integer(out, i64::from(*number));
        } else {
            out.extend_from_slice(b"<</Type/MCR/Pg ");
            reference(out, frame.pages[*page as usize]);
            out.extend_from_slice(b"/MCID ");
            integer(out, i64::from(*number));
            out.extend_from_slice(b">>");
        }
        out.push(b' ');
    }
    let mut child = family.first_child(index);
    while child != NONE {
        reference(out, first + child);
        out.push(b' ');
        child = family.next_sibling[child as usize];
    }
    out.push(b']');
}

/// Who follows whom, without a list for each element.
struct Family {
    first_child: Vec<u32>,
    next_sibling: Vec<u32>,
}

impl Family {
    fn of(pages: &Pages) -> Family {
        let count = pages.elements.len();
        let mut family = Family { first_child: vec![NONE; count], next_sibling: vec![NONE; count] };
        for (index, element) in pages.elements.iter().enumerate().rev() {
            if let Some(parent) = element.parent {
                family.next_sibling[index] =
                    std::mem::replace(&mut family.first_child[parent.0 as usize], index as u32);
            }
        }
        family
    }

    fn first_child(&self, index: u32) -> u32 {
        self.first_child[index as usize]
    }
}
