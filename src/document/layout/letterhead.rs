//! The head of the first page, and the name at the end of the document.

use super::setter::{Setter, Site};
use super::spacing::{BEFORE_SIGNATORY, INSET, PARTS, SMALL, STRONG_RULE};
use super::strip::Strip;
use super::voice::{Ink, Speech};
use crate::document::content::{Letterhead, Signatory};
use crate::document::length::Length;
use crate::document::page::Role;

impl Setter<'_> {
    /// The name in the display face left, address and contact right of it, a strong rule below;
    /// or all of it centred.
    pub(super) fn letterhead(&mut self, letterhead: &Letterhead, site: Site) -> Strip {
        let (name_width, lines_x) = if letterhead.centred {
            (site.width, Length::ZERO)
        } else {
            (site.width.scaled(3, 5), site.width.scaled(3, 5) + PARTS)
        };
        let mut strip = Strip { keep: true, ..Strip::default() };
        let name_bottom = self.institution_name(&mut strip, letterhead, name_width, site);
        let top = if letterhead.centred { name_bottom + SMALL } else { SMALL };
        let voice = self.voice(Speech::Contact);
        let mut y = top;
        for text in &letterhead.lines {
            let element = self.element(Role::Paragraph, site.parent);
            for line in self.lines(text, voice, site.width - lines_x, Length::ZERO) {
                let spare = site.width - lines_x - voice.width(line);
                let x = lines_x + if letterhead.centred { spare.scaled(1, 2) } else { spare };
                strip.text(self.line(voice, x, y, Some(element)), line);
                y += voice.leading;
            }
        }
        let bottom = name_bottom.max(y) + PARTS.scaled(1, 2);
        strip.fill([Length::ZERO, bottom, site.width, STRONG_RULE], self.colour(Ink::Accent));
        strip.height = bottom + STRONG_RULE;
        strip
    }

    /// Large while it takes at most three lines so.
    fn institution_name(&mut self, strip: &mut Strip, head: &Letterhead, width: Length, site: Site) -> Length {
        let large = self.voice(Speech::Institution);
        let fits = self.lines(&head.name, large, width, Length::ZERO).len() <= 3;
        let voice = if fits { large } else { self.voice(Speech::LongInstitution) };
        let element = self.element(Role::Paragraph, site.parent);
        let mut y = Length::ZERO;
        for line in self.lines(&head.name, voice, width, Length::ZERO) {
            let x = if head.centred { (width - voice.width(line)).scaled(1, 2) } else { Length::ZERO };
            strip.text(self.line(voice, x, y, Some(element)), line);
            y += voice.leading;
        }
        y
    }

    pub(super) fn signatory(&mut self, signatory: &Signatory, site: Site) -> Strip {
        let mut strip = Strip { before: BEFORE_SIGNATORY, carried: site.carried, ..Strip::default() };
        let inner = site.width - INSET * 2;
        for (index, text) in signatory.lines.iter().enumerate() {
            let voice = self.voice(if index == 0 { Speech::Signatory } else { Speech::Capacity });
            let element = self.element(Role::Paragraph, site.parent);
            for line in self.lines(text, voice, inner, Length::ZERO) {
                let spare = if signatory.centred { (inner - voice.width(line)).scaled(1, 2) } else { Length::ZERO };
                let y = strip.height;
                strip.text(self.line(voice, INSET + spare, y, Some(element)), line);
                strip.height += voice.leading;
            }
        }
        strip
    }
}
