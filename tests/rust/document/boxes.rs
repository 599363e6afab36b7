//! Pages seen as boxes of text, and as the rows they came from.

use registrary::document::{Element, ElementId, Item, Length, Pages, Role};

/// One line of text on a page.
#[derive(Clone, Debug)]
pub struct TextBox {
    pub page: usize,
    pub left: Length,
    pub right: Length,
    pub top: Length,
    pub bottom: Length,
    pub text: String,
    pub element: Option<ElementId>,
}

impl TextBox {
    pub fn overlaps(&self, other: &TextBox) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }
}

/// Every line of text, from the top of its capitals to the foot of its baseline.
pub fn text_boxes(pages: &Pages) -> Vec<TextBox> {
    let mut boxes = Vec::new();
    for (page, items) in pages.pages.iter().map(|page| &page.items).enumerate() {
        for item in items {
            if let Item::Text { x, y, size, face, text, element, .. } = item {
                boxes.push(TextBox {
                    page,
                    left: *x,
                    right: *x + face.width(text, *size),
                    top: *y - size.scaled(2, 3),
                    bottom: *y,
                    text: text.to_string(),
                    element: *element,
                });
            }
        }
    }
    boxes
}

/// The row an element stands in, or the element itself where it stands in none.
pub fn row_of(pages: &Pages, ElementId(id): ElementId) -> usize {
    let mut at = id as usize;
    while let Element { role, parent: Some(ElementId(parent)), .. } = &pages.elements[at] {
        if *role == Role::Row {
            return at;
        }
        at = *parent as usize;
    }
    id as usize
}
