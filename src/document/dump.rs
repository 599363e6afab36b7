//! Documents and pages as plain text that a person can read and a test can compare line by line.

use super::content::{Block, Document, Heading, Table};
use super::page::{Element, ElementId, Item, Page, Pages};
use super::picture::Illustration;
use std::fmt::{self, Display, Formatter, Write};

impl Document<'_> {
    /// Its words in reading order, one block a line, tables row by row.
    pub fn to_text(&self) -> String {
        self.to_string()
    }
}

impl Pages<'_> {
    /// The structure tree with its words, then each page item by item.
    pub fn to_text(&self) -> String {
        self.to_string()
    }
}

impl Display for Document<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "title: {} [{}]", self.title, self.language)?;
        if let Some(watermark) = &self.watermark {
            writeln!(f, "watermark: {watermark}")?;
        }
        let running = &self.running;
        writeln!(f, "head: {} | {}", running.institution, running.student)?;
        writeln!(f, "foot: {} | {} | {}", running.reference, running.marking, running.page_of)?;
        for part in &self.parts {
            writeln!(f, "--- in columns: {}", part.columns)?;
            part.heading.iter().try_for_each(|heading| write_heading(f, heading))?;
            write_blocks(f, &part.blocks)?;
        }
        Ok(())
    }
}

fn write_picture(f: &mut Formatter<'_>, what: &str, picture: Option<&Illustration>) -> fmt::Result {
    picture.map_or(Ok(()), |picture| writeln!(f, "{what}: {}", picture.alternative))
}

fn write_blocks(f: &mut Formatter<'_>, blocks: &[Block]) -> fmt::Result {
    blocks.iter().try_for_each(|block| match block {
        Block::Letterhead(head) => {
            write_picture(f, "logo", head.logo.as_ref())?;
            writeln!(f, "letterhead: {} | {}", head.name, head.lines.join(" | "))
        }
        Block::Heading(heading) => write_heading(f, heading),
        Block::Paragraph(paragraph) => {
            let label = paragraph.label.iter().map(|label| format!("{label}: ")).collect::<String>();
            writeln!(f, "{label}{}", paragraph.text)
        }
        Block::Facts(groups) => groups.iter().try_for_each(|group| {
            write_heading(f, &group.heading)?;
            group.facts.iter().try_for_each(|fact| {
                let label = if fact.label.is_empty() { "" } else { ": " };
                writeln!(f, "{}{label}{}", fact.label, fact.value)
            })
        }),
        Block::Section(section) => {
            write_heading(f, &section.heading)?;
            write_blocks(f, &section.blocks)
        }
        Block::Table(table) => write_table(f, table),
        Block::Signatory(signatory) => {
            write_picture(f, "signature", signatory.signature.as_ref())?;
            writeln!(f, "signed: {}", signatory.lines.join(" | "))?;
            write_picture(f, "seal", signatory.seal.as_ref())
        }
    })
}

fn write_heading(f: &mut Formatter<'_>, heading: &Heading) -> fmt::Result {
    let aside = heading.aside.iter().map(|aside| format!(" [{aside}]")).collect::<String>();
    writeln!(f, "{} {}{aside}", "#".repeat(usize::from(heading.level)), heading.text)
}

fn write_table(f: &mut Formatter<'_>, table: &Table) -> fmt::Result {
    let titles: Vec<&str> = table.columns.iter().map(|column| column.title.as_ref()).collect();
    writeln!(f, "  | {} |", titles.join(" | "))?;
    for row in &table.rows {
        let cells: Vec<&str> = row.cells.iter().map(|cell| cell.text.as_ref()).collect();
        writeln!(f, "  {} {} |", if row.strong { "‖" } else { "|" }, cells.join(" | "))?;
        let mut notes = row.cells.iter().flat_map(|cell| &cell.notes);
        notes.try_for_each(|note| writeln!(f, "      {note}"))?;
    }
    Ok(())
}

impl Display for Pages<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "title: {} [{}]", self.title, self.language)?;
        writeln!(f, "size: {} × {}", self.width, self.height)?;
        let words = self.words();
        for (index, element) in self.elements.iter().enumerate() {
            let indent = "  ".repeat(self.depth(element));
            writeln!(f, "{indent}{:?} {}", element.role, words[index].trim_end())?;
        }
        for (index, page) in self.pages.iter().enumerate() {
            writeln!(f, "--- page {}", index + 1)?;
            page.items.iter().try_for_each(|item| write_item(f, item))?;
        }
        Ok(())
    }
}

impl Pages<'_> {
    /// The words of each element, its lines joined by spaces.
    fn words(&self) -> Vec<String> {
        let mut words = vec![String::new(); self.elements.len()];
        let items = self.pages.iter().flat_map(|Page { items }| items);
        for item in items {
            if let Item::Text { text, element: Some(ElementId(id)), .. } = item
                && let Some(own) = words.get_mut(*id as usize)
            {
                // Writing to a string cannot fail.
                let _ = write!(own, "{text} ");
            }
        }
        words
    }

    fn depth(&self, element: &Element) -> usize {
        let mut depth = 0;
        let mut at = element.parent;
        while let Some(ElementId(parent)) = at {
            depth += 1;
            at = self.elements.get(parent as usize).and_then(|parent| parent.parent);
        }
        depth
    }
}

fn write_item(f: &mut Formatter<'_>, item: &Item) -> fmt::Result {
    match item {
        Item::Text { x, y, size, face, colour, text, element, .. } => {
            let id = element.map_or("-".into(), |ElementId(id)| id.to_string());
            writeln!(f, "text {x} {y} {face:?} {size} {} {id} {text}", hex(*colour))
        }
        Item::Picture { x, y, width, height, element, .. } => {
            writeln!(f, "picture {x} {y} {width} {height} [{}]", element.0)
        }
        Item::Fill { x, y, width, height, colour } => writeln!(f, "fill {x} {y} {width} {height} {}", hex(*colour)),
        Item::Watermark { text, size, colour, .. } => writeln!(f, "watermark {size} {} {text}", hex(*colour)),
    }
}

fn hex(colour: super::page::Colour) -> String {
    format!("#{:02X}{:02X}{:02X}", colour.0, colour.1, colour.2)
}
