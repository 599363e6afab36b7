//! Hand-made pages that the tests of the pdf room render.

use registrary::document::{Colour, Element, ElementId, Face, Item, Length, Page, Pages, Role};

pub const BLACK: Colour = Colour(0, 0, 0);

/// Names that need every chunk of the faces.
pub const NAMES: [&str; 8] = [
    "Zoë Ångström-Müller (née “O’Neil”)",
    "Łukasz Żółć, Győző Ștefănescu",
    "Nguyễn Thị Hồng Ngọc",
    "Adébáyọ̀ Ọlátúnjí",
    "Kamehameha ʻIolani",
    "Ελένη Παπαδοπούλου",
    "Юлия Щербакова, Ђорђе",
    "Price: 5 − 3 ≤ 2 \\ (€) 50 %",
];

pub fn at(x: i32, y: i32, text: &str, face: Face, element: Option<u32>) -> Item<'static> {
    Item::Text {
        x: Length::points(x),
        y: Length::points(y),
        size: Length::millipoints(10_500),
        face,
        colour: BLACK,
        text: text.to_owned().into(),
        element: element.map(ElementId),
        runs_on: false,
    }
}

fn element(role: Role, parent: Option<u32>) -> Element {
    Element { role, parent: parent.map(ElementId), alternative: None }
}

/// One line of the document's only paragraph.
pub fn line(text: &str, face: Face) -> Item<'static> {
    at(72, 72, text, face, Some(1))
}

/// A page with one paragraph.
pub fn one_page(items: Vec<Item<'static>>) -> Pages<'static> {
    Pages {
        width: Length::millimetres(210),
        height: Length::millimetres(297),
        title: "One page".into(),
        language: "en".into(),
        fonts: registrary::document::Fonts::default(),
        elements: vec![element(Role::Document, None), element(Role::Paragraph, Some(0))],
        pages: vec![Page { items }],
    }
}

/// Two Letter pages: a heading, a paragraph for each name that goes on over the page, a table, a footer, a watermark.
pub fn two_pages() -> Pages<'static> {
    let mut elements = vec![element(Role::Document, None), element(Role::Heading(1), Some(0))];
    let mut first = Page::default();
    let mut second = Page::default();
    first.items.push(at(72, 72, "Official Transcript", Face::Display, Some(1)));
    let rule = |y| Item::Fill {
        x: Length::points(72),
        y: Length::points(y),
        width: Length::points(468),
        height: Length::millipoints(750),
        colour: Colour(31, 78, 121),
    };
    first.items.push(rule(80));
    for (index, name) in NAMES.iter().enumerate() {
        let id = elements.len() as u32;
        elements.push(element(Role::Paragraph, Some(0)));
        for (column, face) in Face::ALL.into_iter().enumerate() {
            let page = if column < 2 { &mut first } else { &mut second };
            page.items.push(at(72 + 230 * (column as i32 % 2), 110 + 20 * index as i32, name, face, Some(id)));
        }
    }
    let table = elements.len() as u32;
    elements.extend([
        element(Role::Table, Some(0)),
        element(Role::Row, Some(table)),
        element(Role::ColumnHeader, Some(table + 1)),
        element(Role::Row, Some(table)),
        element(Role::Cell, Some(table + 3)),
    ]);
    second.items.push(at(72, 400, "Course", Face::Strong, Some(table + 2)));
    second.items.push(at(72, 420, "MATH 101", Face::Text, Some(table + 4)));
    for (number, page) in [&mut first, &mut second].into_iter().enumerate() {
        page.items.push(at(72, 760, &format!("Page {} of 2", number + 1), Face::Text, None));
        page.items.push(Item::Watermark {
            text: "SAMPLE".into(),
            face: Face::Strong,
            size: Length::points(150),
            colour: Colour(232, 236, 240),
        });
    }
    Pages {
        width: Length::points(612),
        height: Length::points(792),
        title: "Transcript of Zoë Ångström & Co.".into(),
        language: "en-US".into(),
        fonts: registrary::document::Fonts::default(),
        elements,
        pages: vec![first, second],
    }
}
