//! Sets blocks as strips of a given width, and grows the structure tree in reading order.

use super::spacing::AFTER_SECTION;
use super::strip::{Line, Strip};
use super::voice::{Ink, Speech, Voice};
use super::widths::Widths;
use super::wrap::{Lines, Setting, wrap};
use crate::document::content::{Block, Document, Heading, HeadingStyle, ParagraphStyle, Section, Table};
use crate::document::fonts::Fonts;
use crate::document::length::Length;
use crate::document::page::{Colour, Element, ElementId, Role};
use crate::document::theme::{Headings, Palette};
use std::cell::OnceCell;

pub(super) struct Setter<'d> {
    pub palette: &'d Palette,
    fonts: &'d Fonts,
    continued: &'d str,
    roomy: bool,
    headings: Headings,
    pub framed: bool,
    pub elements: Vec<Element>,
    repeats: Vec<Repeat<'d>>,
    pub widths: Widths<'d>,
}

/// What is repeated where a section or a table is carried over: few are.
struct Repeat<'d> {
    again: Again<'d>,
    set: OnceCell<Vec<Strip<'d>>>,
}

#[derive(Clone, Copy)]
pub(super) enum Again<'d> {
    Heading {
        heading: &'d Heading<'d>,
        width: Length,
    },
    /// A table's, below what is repeated above the table.
    Header {
        above: Option<usize>,
        table: &'d Table<'d>,
        width: Length,
    },
}

/// Elements of a document of ordinary length.
const ORDINARY: usize = 1024;

/// Where blocks are being set: in which element, how wide, under which carried heading.
#[derive(Clone, Copy)]
pub(super) struct Site {
    pub parent: ElementId,
    pub width: Length,
    pub carried: Option<usize>,
}

impl<'d> Setter<'d> {
    pub(super) fn new(document: &'d Document<'d>) -> Setter<'d> {
        let root = Element { role: Role::Document, parent: None, alternative: None };
        let mut setter = Setter {
            palette: &document.palette,
            fonts: &document.fonts,
            continued: &document.running.continued,
            roomy: document.roomy,
            headings: document.headings,
            framed: document.framed,
            elements: Vec::with_capacity(ORDINARY),
            repeats: Vec::new(),
            widths: Widths::default(),
        };
        setter.elements.push(root);
        setter.widths = Widths::of(document, &setter);
        setter
    }

    pub(super) const ROOT: ElementId = ElementId(0);

    /// Adds the strips of some blocks.
    pub(super) fn blocks(&mut self, blocks: &'d [Block<'d>], site: Site, strips: &mut Vec<Strip<'d>>) {
        for (index, block) in blocks.iter().enumerate() {
            let at = strips.len();
            self.block(block, site, strips);
            let ends = index.checked_sub(1).and_then(|before| blocks.get(before));
            if let (Some(Block::Section(_)), Block::Paragraph(_), Some(first)) = (ends, block, strips.get_mut(at)) {
                first.before = first.before.max(AFTER_SECTION);
            }
            let stays = blocks.get(index + 1).is_some_and(|next| stays_with(block, next));
            if let Some(last) = strips.last_mut().filter(|_| stays) {
                last.keep = true;
            }
        }
    }

    fn block(&mut self, block: &'d Block<'d>, site: Site, strips: &mut Vec<Strip<'d>>) {
        match block {
            Block::Letterhead(letterhead) => strips.push(self.letterhead(letterhead, site)),
            Block::Heading(heading) => strips.push(self.heading(heading, site)),
            Block::Paragraph(paragraph) => strips.extend(self.paragraph(paragraph, site)),
            Block::Facts(groups) => strips.extend(self.facts(groups, site)),
            Block::Section(section) => self.section(section, site, strips),
            Block::Table(table) => self.table(table, site, strips),
            Block::Signatory(signatory) => strips.push(self.signatory(signatory, site)),
        }
    }

    fn section(&mut self, section: &'d Section<'d>, site: Site, strips: &mut Vec<Strip<'d>>) {
        let parent = self.element(Role::Section, site.parent);
        let site = Site { parent, ..site };
        strips.push(self.heading(&section.heading, site));
        let repeated = section.heading.style == HeadingStyle::Term;
        let again = Again::Heading { heading: &section.heading, width: site.width };
        let carried = if repeated { Some(self.repeat(again)) } else { site.carried };
        self.blocks(&section.blocks, Site { carried, ..site }, strips);
    }

    /// Remembers what is repeated; set is only what is asked for.
    pub(super) fn repeat(&mut self, again: Again<'d>) -> usize {
        self.repeats.push(Repeat { again, set: OnceCell::new() });
        self.repeats.len() - 1
    }

    /// What is repeated above what is carried over: no part of the document's structure, which has it already.
    pub(super) fn repeated(&self, place: usize) -> &[Strip<'d>] {
        let Some(repeat) = self.repeats.get(place) else { return &[] };
        repeat.set.get_or_init(|| match repeat.again {
            Again::Heading { heading, width } => vec![self.continued_heading(heading, self.continued, width)],
            Again::Header { above, table, width } => {
                let mut strips = above.map(|above| self.repeated(above).to_vec()).unwrap_or_default();
                strips.push(self.repeated_header(table, width));
                strips
            }
        })
    }

    pub(super) fn element(&mut self, role: Role, parent: ElementId) -> ElementId {
        self.elements.push(Element { role, parent: Some(parent), alternative: None });
        ElementId(self.elements.len() as u32 - 1)
    }

    /// The voice of what is said, at this document's size: titles and running lines are the same everywhere.
    pub(super) fn voice(&self, speech: Speech) -> Voice<'d> {
        let voice = match (self.headings, speech) {
            (Headings::Serif, Speech::Term | Speech::Group | Speech::End) => speech.voice(self.fonts).in_serif(),
            _ => speech.voice(self.fonts),
        };
        if self.roomy && speech.is_of_the_record() { voice.roomier() } else { voice }
    }

    pub(super) fn colour(&self, ink: Ink) -> Colour {
        ink.colour(self.palette)
    }

    pub(super) fn line(&self, voice: Voice<'d>, x: Length, y: Length, element: Option<ElementId>) -> Line<'d> {
        Line { voice, palette: self.palette, x, y, element, runs_on: false }
    }

    /// Lines of a text in a voice, the later ones `indent` narrower.
    pub(super) fn lines<'t>(&self, text: &'t str, voice: Voice, width: Length, indent: Length) -> Lines<'t> {
        wrap(text, &Setting { voice, first: width, rest: width - indent })
    }
}

/// What leads to a table, and the facts about an entry or a term, are not torn from it.
fn stays_with(block: &Block, next: &Block) -> bool {
    match (block, next) {
        (Block::Paragraph(_) | Block::Table(_), Block::Table(_)) => true,
        (Block::Table(_), Block::Paragraph(_)) => true,
        (Block::Paragraph(before), Block::Paragraph(fact)) => before.style == fact.style && fact.label.is_some(),
        (Block::Paragraph(end), Block::Signatory(_)) => end.style == ParagraphStyle::End,
        _ => false,
    }
}
