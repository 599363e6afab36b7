//! The structure tree (ISO 32000-1, 14.7): what a screen reader follows and what text extraction orders by.

use super::content::{PageContent, role_name};
use super::frame::Frame;
use super::pack::Pack;
use super::syntax::{integer, length, reference, text_string};
use crate::document::{Element, ElementId, Item, Length, Page, Pages, Role};
use std::ops::Range;

/// No element, or no marked sequence.
const NONE: u32 = u32::MAX;

/// Writes the tree's objects: the root, and the elements, numbered from `first`.
pub fn write(pack: &mut Pack, pages: &Pages, contents: &[PageContent], frame: &Frame, first: u32) {
    root(pack, pages, contents, frame.structure, first);
    let family = Family::of(pages);
    let marks = Marks::of(pages.elements.len(), contents);
    let mut forms = Forms { starts: [None; 4 * 16] };
    let mut last: Option<Leaf> = None;
    for (index, element) in (0u32..).zip(&pages.elements) {
        let own = marks.of_element(index);
        let childless = family.first_child[index as usize] == NONE;
        let before = forms.place(element, own.is_some(), childless);
        let at = pack.begin_like(first + index, *before);
        *before = Some(at);
        // Most elements: one sequence on one page.
        let single = own.filter(|mark| childless && marks.next[*mark as usize] == NONE);
        let Some((page, number)) = single.map(|mark| marks.place(mark)) else {
            begin(pack.text(), element, frame, first, || on_page(pages, index));
            kids(pack, &marks, own, family.children(index).map(|child| first + child), frame);
            pack.text().extend_from_slice(b">>");
            continue;
        };
        match &last {
            Some(leaf) if leaf.is_like(element, page) => pack.text().extend_from_within(leaf.text.clone()),
            _ => {
                begin(pack.text(), element, frame, first, || on_page(pages, index));
                self::page(pack.text(), frame, page);
                pack.text().extend_from_slice(b"/K ");
            }
        }
        let out = pack.text();
        last = element.alternative.is_none().then_some(Leaf {
            role: element.role,
            parent: element.parent,
            page,
            text: at..out.len(),
        });
        integer(out, i64::from(number));
        out.extend_from_slice(b">>");
    }
}

/// An element that has one marked sequence and no children; its text up to the number of that.
struct Leaf {
    role: Role,
    parent: Option<ElementId>,
    page: u32,
    text: Range<usize>,
}

impl Leaf {
    /// Whether another element begins with the same text: its neighbour in a row.
    fn is_like(&self, other: &Element, page: u32) -> bool {
        let place = (self.role, self.parent, self.page);
        place == (other.role, other.parent, page) && other.alternative.is_none() && self.role != Role::Figure
    }
}

/// What every element has.
fn begin(
    out: &mut Vec<u8>,
    element: &Element,
    frame: &Frame,
    first: u32,
    bounds: impl FnOnce() -> Option<[Length; 4]>,
) {
    out.extend_from_slice(b"<</S/");
    out.extend_from_slice(role_name(element.role).as_bytes());
    out.extend_from_slice(b"/P ");
    reference(out, element.parent.map_or(frame.structure, |parent| first + parent.0));
    if let Some(words) = &element.alternative {
        out.extend_from_slice(b"/Alt");
        text_string(out, words);
    }
    match element.role {
        Role::ColumnHeader => out.extend_from_slice(b"/A<</O/Table/Scope/Column>>"),
        Role::Figure => layout(out, bounds()),
        _ => {}
    }
}

/// The root, and for every page which element each of its marked sequences belongs to.
fn root(pack: &mut Pack, pages: &Pages, contents: &[PageContent], id: u32, first: u32) {
    let out = pack.begin(id);
    out.extend_from_slice(b"<</Type/StructTreeRoot/K[");
    if !pages.elements.is_empty() {
        reference(out, first);
    }
    out.extend_from_slice(b"]/ParentTreeNextKey ");
    integer(out, contents.len() as i64);
    out.extend_from_slice(b"/ParentTree<</Nums[");
    for (page, content) in contents.iter().enumerate() {
        integer(pack.text(), page as i64);
        pack.text().push(b'[');
        pack.references(content.marked.iter().map(|element| first + element.0));
        pack.text().push(b']');
    }
    pack.text().extend_from_slice(b"]>>>>");
}

/// The edges of a figure on its first page.
pub fn on_page(pages: &Pages, index: u32) -> Option<[Length; 4]> {
    let on_page = |page: &Page| page.items.iter().filter_map(|item| edges(pages, item, index)).reduce(around);
    pages.pages.iter().find_map(on_page)
}

/// Where a figure stands (14.8.5.4.3).
fn layout(out: &mut Vec<u8>, edges: Option<[Length; 4]>) {
    let Some(edges) = edges else { return };
    out.extend_from_slice(b"/A<</O/Layout/Placement/Block/BBox[");
    for edge in edges {
        length(out, edge);
        out.push(b' ');
    }
    out.extend_from_slice(b"]>>");
}

/// Left, bottom, right and top of an item of the element, from the page's lower left corner.
fn edges(pages: &Pages, item: &Item, index: u32) -> Option<[Length; 4]> {
    match item {
        Item::Picture { x, y, width, height, element, .. } if element.0 == index => {
            let top = pages.height - *y;
            Some([*x, top - *height, *x + *width, top])
        }
        Item::Text { x, y, size, face, text, element: Some(element), .. } if element.0 == index => {
            let line = pages.height - *y;
            Some([*x, line - size.scaled(1, 4), *x + pages.fonts.width(text, *face, *size), line + *size])
        }
        _ => None,
    }
}

fn around(a: [Length; 4], b: [Length; 4]) -> [Length; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

fn page(out: &mut Vec<u8>, frame: &Frame, page: u32) {
    out.extend_from_slice(b"/Pg ");
    reference(out, frame.pages[page as usize]);
}

/// The marked sequences of an element and then its children.
fn kids(pack: &mut Pack, marks: &Marks, own: Option<u32>, children: impl Iterator<Item = u32>, frame: &Frame) {
    let mut children = children.peekable();
    if own.is_none() && children.peek().is_none() {
        return;
    }
    let out = pack.text();
    let home = own.map(|mark| marks.place(mark).0);
    if let Some(home) = home {
        page(out, frame, home);
    }
    out.extend_from_slice(b"/K[");
    for mark in marks.from(own) {
        let (place, number) = marks.place(mark);
        if Some(place) == home {
            integer(out, i64::from(number));
        } else {
            out.extend_from_slice(b"<</Type/MCR");
            page(out, frame, place);
            out.extend_from_slice(b"/MCID ");
            integer(out, i64::from(number));
            out.extend_from_slice(b">>");
        }
        out.push(b' ');
    }
    pack.references(children);
    pack.text().push(b']');
}

/// Where the last element of each form began.
struct Forms {
    starts: [Option<usize>; 4 * 16],
}

impl Forms {
    fn place(&mut self, element: &Element, marked: bool, childless: bool) -> &mut Option<usize> {
        let role = match element.role {
            Role::Document => 0,
            Role::Section => 1,
            Role::Heading(level) => 2 + usize::from(level.clamp(1, 6)) - 1,
            Role::Paragraph => 8,
            Role::Table => 9,
            Role::TableHead => 10,
            Role::TableBody => 11,
            Role::Row => 12,
            Role::ColumnHeader => 13,
            Role::Cell => 14,
            Role::Figure => 15,
        };
        &mut self.starts[role * 4 + usize::from(marked) * 2 + usize::from(childless)]
    }
}

/// The marked sequences of each element, in the order of pages and of their numbers on them.
struct Marks {
    /// The first sequence of each page, counted through all pages.
    starts: Vec<u32>,
    /// By element.
    first: Vec<u32>,
    /// By sequence.
    next: Vec<u32>,
}

impl Marks {
    fn of(elements: usize, contents: &[PageContent]) -> Marks {
        let mut starts = Vec::with_capacity(contents.len());
        let mut count = 0;
        for content in contents {
            starts.push(count);
            count += content.marked.len() as u32;
        }
        let (mut first, mut next) = (vec![NONE; elements], vec![NONE; count as usize]);
        let all = contents.iter().flat_map(|content| &content.marked);
        let all: Vec<u32> = all.map(|element| element.0).collect();
        for (mark, element) in all.into_iter().enumerate().rev() {
            next[mark] = std::mem::replace(&mut first[element as usize], mark as u32);
        }
        Marks { starts, first, next }
    }

    fn of_element(&self, index: u32) -> Option<u32> {
        Some(self.first[index as usize]).filter(|mark| *mark != NONE)
    }

    fn from(&self, first: Option<u32>) -> impl Iterator<Item = u32> {
        std::iter::successors(first, |mark| Some(self.next[*mark as usize]).filter(|next| *next != NONE))
    }

    /// The page of a sequence, and its number (MCID) on it.
    fn place(&self, mark: u32) -> (u32, u32) {
        // A page without sequences starts where the next one does.
        let page = self.starts.partition_point(|start| *start <= mark) - 1;
        (page as u32, mark - self.starts[page])
    }
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

    fn children(&self, index: u32) -> impl Iterator<Item = u32> {
        let first = Some(self.first_child[index as usize]).filter(|child| *child != NONE);
        std::iter::successors(first, |child| Some(self.next_sibling[*child as usize]).filter(|next| *next != NONE))
    }
}
