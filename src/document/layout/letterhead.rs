//! The head of the first page, and the name at the end of the document.

use super::setter::{Setter, Site};
use super::spacing::{BEFORE_SIGNATORY, INSET, LOGO, PARTS, SEAL, SIGNATURE, SMALL, STRONG_RULE};
use super::strip::Strip;
use super::voice::{Ink, Speech};
use crate::document::content::{Letterhead, Signatory};
use crate::document::length::Length;
use crate::document::page::{Item, Role};
use crate::document::picture::{Illustration, Picture};

impl<'d> Setter<'d> {
    /// The name in the display face left, address and contact right of it, a strong rule below;
    /// or all of it centred.
    pub(super) fn letterhead(&mut self, letterhead: &'d Letterhead<'d>, site: Site) -> Strip<'d> {
        let mut strip = Strip { keep: true, ..Strip::default() };
        let left = site.width.scaled(3, 5);
        let logo = letterhead.logo.as_ref().map(|logo| (logo, within(&logo.picture, LOGO)));
        let (name_at, name_width, lines_x) = match (&logo, letterhead.centred) {
            (_, true) => ((Length::ZERO, logo_height(&logo)), site.width, Length::ZERO),
            (Some((_, [width, _])), false) => ((*width + PARTS, Length::ZERO), left - *width - PARTS, left + PARTS),
            (None, false) => ((Length::ZERO, Length::ZERO), left, left + PARTS),
        };
        let mut logo_bottom = Length::ZERO;
        if let Some((logo, [width, height])) = logo {
            let x = if letterhead.centred { (site.width - width).scaled(1, 2) } else { Length::ZERO };
            self.picture(&mut strip, logo, [x, Length::ZERO, width, height], site);
            logo_bottom = height;
        }
        let name_bottom = self.institution_name(&mut strip, letterhead, (name_at, name_width), site);
        let top = if letterhead.centred { name_bottom + SMALL } else { SMALL };
        let voice = self.voice(Speech::Contact);
        let mut y = top;
        for text in &letterhead.lines {
            let element = self.element(Role::Paragraph, site.parent);
            let lines = self.lines(text, voice, site.width - lines_x, Length::ZERO);
            for (index, line) in lines.iter().copied().enumerate() {
                let spare = site.width - lines_x - voice.width(line);
                let x = lines_x + if letterhead.centred { spare.scaled(1, 2) } else { spare };
                strip.text(self.line(voice, x, y, Some(element)).running_on(lines.runs_on(index)), line);
                y += voice.leading;
            }
        }
        let bottom = name_bottom.max(y).max(logo_bottom) + PARTS.scaled(1, 2);
        strip.fill([Length::ZERO, bottom, site.width, STRONG_RULE], self.colour(Ink::Accent));
        strip.height = bottom + STRONG_RULE;
        strip
    }

    /// Large while it takes at most three lines so.
    fn institution_name(
        &mut self,
        strip: &mut Strip<'d>,
        head: &'d Letterhead<'d>,
        ((left, top), width): ((Length, Length), Length),
        site: Site,
    ) -> Length {
        let large = self.voice(Speech::Institution);
        let fits = self.lines(&head.name, large, width, Length::ZERO).len() <= 3;
        let voice = if fits { large } else { self.voice(Speech::LongInstitution) };
        let element = self.element(Role::Paragraph, site.parent);
        let mut y = top;
        let lines = self.lines(&head.name, voice, width, Length::ZERO);
        for (index, line) in lines.iter().copied().enumerate() {
            let x = if head.centred { (width - voice.width(line)).scaled(1, 2) } else { Length::ZERO };
            strip.text(self.line(voice, left + x, y, Some(element)).running_on(lines.runs_on(index)), line);
            y += voice.leading;
        }
        y
    }

    pub(super) fn signatory(&mut self, signatory: &'d Signatory<'d>, site: Site) -> Strip<'d> {
        let mut strip = Strip { before: BEFORE_SIGNATORY, carried: site.carried, ..Strip::default() };
        let inner = site.width - INSET * 2;
        if let Some(signature) = &signatory.signature {
            let [width, height] = within(&signature.picture, SIGNATURE);
            let spare = if signatory.centred { (inner - width).scaled(1, 2) } else { Length::ZERO };
            self.picture(&mut strip, signature, [INSET + spare, Length::ZERO, width, height], site);
            strip.height = height + SMALL;
        }
        for (index, text) in signatory.lines.iter().enumerate() {
            let voice = self.voice(if index == 0 { Speech::Signatory } else { Speech::Capacity });
            let element = self.element(Role::Paragraph, site.parent);
            let lines = self.lines(text, voice, inner, Length::ZERO);
            for (at, line) in lines.iter().copied().enumerate() {
                let spare = if signatory.centred { (inner - voice.width(line)).scaled(1, 2) } else { Length::ZERO };
                let y = strip.height;
                strip.text(self.line(voice, INSET + spare, y, Some(element)).running_on(lines.runs_on(at)), line);
                strip.height += voice.leading;
            }
        }
        if let Some(seal) = &signatory.seal {
            let [width, height] = within(&seal.picture, SEAL);
            self.picture(&mut strip, seal, [INSET + inner - width, Length::ZERO, width, height], site);
            strip.height = strip.height.max(height);
        }
        strip
    }

    /// A figure of the document, with its words.
    fn picture(&mut self, strip: &mut Strip, shown: &Illustration, [x, y, width, height]: [Length; 4], site: Site) {
        let element = self.element(Role::Figure, site.parent);
        if let Some(figure) = self.elements.get_mut(element.0 as usize) {
            figure.alternative = Some(shown.alternative.clone());
        }
        strip.items.push(Item::Picture { x, y, width, height, picture: shown.picture.clone(), element });
    }
}

/// As large as it may be without losing its proportions.
fn within(picture: &Picture, [most_width, most_height]: [Length; 2]) -> [Length; 2] {
    let (across, down) = picture.proportions();
    let (across, down) = (across.max(1), down.max(1));
    let [width, height] = [most_width, most_height].map(|most| i64::from(most.in_millipoints()));
    let (fits_width, fits_height) = match width.saturating_mul(down) <= height.saturating_mul(across) {
        true => (width, (width.saturating_mul(down) / across).max(1)),
        false => ((height.saturating_mul(across) / down).max(1), height),
    };
    [fits_width, fits_height].map(|side| Length::millipoints(i32::try_from(side).unwrap_or(1)))
}

/// What a centred logo takes above the name.
fn logo_height(logo: &Option<(&Illustration, [Length; 2])>) -> Length {
    logo.as_ref().map_or(Length::ZERO, |(_, [_, height])| *height + SMALL * 2)
}
