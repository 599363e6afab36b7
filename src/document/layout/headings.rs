//! Headings: a line of text, its aside at the right, and the band or rule that marks it.

use super::setter::{Setter, Site};
use super::spacing::{AFTER_TITLE, BEFORE_DIVISION, BEFORE_TERM, CELLS, HAIRLINE, INSET, PARTS, SMALL, STRONG_RULE};
use super::strip::Strip;
use super::voice::{Ink, Speech, Voice};
use crate::document::content::{Heading, HeadingStyle, Words};
use crate::document::length::Length;
use crate::document::page::{ElementId, Role};

/// How a style of heading is marked.
struct Look {
    before: Length,
    after: Length,
    inset: Length,
    band: bool,
    /// Thickness of the rule under it.
    rule: Option<Length>,
    centred: bool,
}

impl Look {
    fn of(style: HeadingStyle) -> Look {
        let plain =
            Look { before: Length::ZERO, after: SMALL, inset: Length::ZERO, band: false, rule: None, centred: false };
        match style {
            HeadingStyle::Title => Look { before: BEFORE_TERM, after: AFTER_TITLE, ..plain },
            HeadingStyle::CertificateTitle => Look { before: PARTS * 3, after: PARTS * 2, centred: true, ..plain },
            HeadingStyle::Division => Look { before: BEFORE_DIVISION, rule: Some(STRONG_RULE.scaled(1, 2)), ..plain },
            HeadingStyle::Term => Look { before: BEFORE_TERM, inset: INSET, band: true, ..plain },
            HeadingStyle::Group => Look { rule: Some(HAIRLINE), ..plain },
        }
    }
}

impl<'d> Setter<'d> {
    pub(super) fn heading(&mut self, heading: &'d Heading<'d>, site: Site) -> Strip<'d> {
        let element = self.element(Role::Heading(heading.level), site.parent);
        let mut strip = self.set_heading(
            heading.style,
            (&heading.text, Words::Borrowed),
            heading.aside.as_deref(),
            (site.width, Some(element)),
        );
        strip.carried = site.carried;
        strip
    }

    /// The heading again, where its section is carried over; its aside is not said twice.
    pub(super) fn continued_heading(&self, heading: &Heading, continued: &str, width: Length) -> Strip<'d> {
        let text = format!("{} {continued}", heading.text);
        self.set_heading(heading.style, (&text, |line| Words::Owned(line.to_owned())), None, (width, None))
    }

    /// `own` makes the document's own of a line of the text.
    fn set_heading<'x>(
        &self,
        style: HeadingStyle,
        (text, own): (&'x str, impl Fn(&'x str) -> Words<'d>),
        aside: Option<&'d str>,
        (width, element): (Length, Option<ElementId>),
    ) -> Strip<'d> {
        let look = Look::of(style);
        let (speech, aside_speech) = Speech::of_heading(style);
        let (voice, aside_voice) = (self.voice(speech), self.voice(aside_speech));
        let inner = width - look.inset * 2;
        let mut strip = Strip { before: look.before, keep: true, ..Strip::default() };
        let lines = self.lines(text, voice, inner, Length::ZERO);
        let mut y = Length::ZERO;
        let mut end = Length::ZERO;
        for (index, line) in lines.iter().copied().enumerate() {
            end = voice.width(line);
            let x = if look.centred { (inner - end).scaled(1, 2) } else { Length::ZERO };
            strip.text(self.line(voice, look.inset + x, y, element).running_on(lines.runs_on(index)), own(line));
            y += voice.leading;
        }
        if let Some(aside) = aside {
            y = self.aside(&mut strip, aside, aside_voice, (look.inset, inner), (end, y), element);
        }
        self.mark(&mut strip, &look, width, y);
        strip
    }

    /// At the right end of the last line where there is room, else on lines of its own.
    fn aside(
        &self,
        strip: &mut Strip<'d>,
        aside: &'d str,
        voice: Voice<'d>,
        (inset, inner): (Length, Length),
        (end, mut y): (Length, Length),
        element: Option<ElementId>,
    ) -> Length {
        let width = voice.width(aside);
        if end + CELLS + width <= inner {
            strip.text(self.line(voice, inset + inner - width, y - voice.leading, element), aside);
            return y;
        }
        let lines = self.lines(aside, voice, inner, Length::ZERO);
        for (index, line) in lines.iter().copied().enumerate() {
            strip.text(self.line(voice, inset, y, element).running_on(lines.runs_on(index)), line);
            y += voice.leading;
        }
        y
    }

    fn mark(&self, strip: &mut Strip, look: &Look, width: Length, bottom: Length) {
        let mut height = bottom;
        if look.band {
            strip.fill([Length::ZERO, Length::ZERO, width, bottom], self.palette.tint);
            // What is filled first lies below.
            strip.items.rotate_right(1);
        }
        if let Some(thickness) = look.rule {
            let colour = if thickness > HAIRLINE { self.colour(Ink::Accent) } else { self.palette.rule };
            strip.fill([Length::ZERO, bottom, width, thickness], colour);
            height += thickness;
        }
        strip.height = height + look.after;
    }
}
