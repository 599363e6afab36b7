//! Sets blocks as strips of a given width, and grows the structure tree in reading order.

use super::spacing::AFTER_SECTION;
use super::strip::{Line, Strip};
use super::table::Widths;
use super::voice::{Ink, Speech, Voice};
use super::wrap::{Lines, Setting, wrap};
use crate::document::content::{Block, Document, HeadingStyle, ParagraphStyle, Section};
use crate::document::fonts::Fonts;
use crate::document::length::Length;
use crate::document::page::{Colour, Element, ElementId, Role};
use crate::document::theme::{Headings, Palette};

pub(super) struct Setter<'d> {
    pub palette: &'d Palette,
    fonts: &'d Fonts,
    continued: &'d str,
    roomy: bool,
    headings: Headings,
    pub framed: bool,
    pub elements: Vec<Element>,
    /// What is repeated where a section or a table is carried over.
    pub repeats: Vec<Vec<Strip>>,
    pub widths: Widths,
}

/// Where blocks are being set: in which element, how wide, under which carried heading.
#[derive(Clone, Copy)]
pub(super) struct Site {
    pub parent: ElementId,
    pub width: Length,
    pub carried: Option<usize>,
}

impl<'d> Setter<'d> {
    pub(super) fn new(document: &'d Document) -> Setter<'d> {
        let root = Element { role: Role::Document, parent: None, alternative: None };
        let mut setter = Setter {
            palette: &document.palette,
            fonts: &document.fonts,
            continued: &document.running.continued,
            roomy: document.roomy,
            headings: document.headings,
            framed: document.framed,
            elements: vec![root],
            repeats: Vec::new(),
            widths: Widths::default(),
        };
        setter.widths = Widths::of(document, &setter);
        setter
    }

    pub(super) const ROOT: ElementId = ElementId(0);

    pub(super) fn blocks(&mut self, blocks: &[Block], site: Site) -> Vec<Strip> {
        let mut strips: Vec<Strip> = Vec::new();
        for (index, block) in blocks.iter().enumerate() {
            let at = strips.len();
            strips.extend(self.block(block, site));
            let ends = index.checked_sub(1).and_then(|before| blocks.get(before));
            if let (Some(Block::Section(_)), Block::Paragraph(_), Some(first)) = (ends, block, strips.get_mut(at)) {
                first.before = first.before.max(AFTER_SECTION);
            }
            let stays = blocks.get(index + 1).is_some_and(|next| stays_with(block, next));
            if let Some(last) = strips.last_mut().filter(|_| stays) {
                last.keep = true;
            }
        }
        strips
    }

    fn block(&mut self, block: &Block, site: Site) -> Vec<Strip> {
        match block {
            Block::Letterhead(letterhead) => vec![self.letterhead(letterhead, site)],
            Block::Heading(heading) => vec![self.heading(heading, site)],
            Block::Paragraph(paragraph) => self.paragraph(paragraph, site),
            Block::Facts(groups) => self.facts(groups, site),
            Block::Section(section) => self.section(section, site),
            Block::Table(table) => self.table(table, site),
            Block::Signatory(signatory) => vec![self.signatory(signatory, site)],
        }
    }

    fn section(&mut self, section: &Section, site: Site) -> Vec<Strip> {
        let parent = self.element(Role::Section, site.parent);
        let site = Site { parent, ..site };
        let heading = self.heading(&section.heading, site);
        let repeated = section.heading.style == HeadingStyle::Term;
        let again = repeated.then(|| self.continued_heading(&section.heading, self.continued, site.width));
        let carried = again.map(|again| self.repeat(vec![again])).or(site.carried);
        let site = Site { carried, ..site };
        let mut strips = vec![heading];
        strips.extend(self.blocks(&section.blocks, site));
        strips
    }

    pub(super) fn repeat(&mut self, strips: Vec<Strip>) -> usize {
        self.repeats.push(strips);
        self.repeats.len() - 1
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
