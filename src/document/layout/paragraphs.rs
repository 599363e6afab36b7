//! Paragraphs: one strip a line, so that a long one may be carried over, with no line left alone.

use super::setter::{Setter, Site};
use super::spacing::{BEFORE_END, BEFORE_ENTRY, BEFORE_LEGEND, CELLS, HAIRLINE, HANG, INSET, PARTS, SMALL};
use super::strip::Strip;
use super::voice::{Speech, Voice};
use super::wrap::{Lines, Setting, wrap};
use crate::document::content::{Paragraph, ParagraphStyle};
use crate::document::length::Length;
use crate::document::page::{ElementId, Role};

impl<'d> Setter<'d> {
    pub(super) fn paragraph(&mut self, paragraph: &'d Paragraph<'d>, site: Site) -> Vec<Strip<'d>> {
        let element = self.element(Role::Paragraph, site.parent);
        let mut strips = match paragraph.style {
            ParagraphStyle::End => self.between_rules(paragraph, site.width, element),
            ParagraphStyle::Certificate
            | ParagraphStyle::CertificateName
            | ParagraphStyle::CertificateDegree
            | ParagraphStyle::CertificateNote => self.centred(paragraph, site.width, element),
            _ => self.ragged(paragraph, site.width, element),
        };
        if let Some(first) = strips.first_mut() {
            first.before = before(paragraph.style);
        }
        let count = strips.len();
        for (index, strip) in strips.iter_mut().enumerate() {
            strip.carried = site.carried;
            // Two lines at least on either side of a break.
            strip.keep = count > 1 && (index == 0 || index + 2 == count);
        }
        if let (Some(last), ParagraphStyle::Entry) = (strips.last_mut(), paragraph.style) {
            last.keep = true;
        }
        strips
    }

    /// Left-aligned, the label before the first line, later lines hanging.
    fn ragged(&self, paragraph: &'d Paragraph<'d>, width: Length, element: ElementId) -> Vec<Strip<'d>> {
        let (speech, label_speech) = Speech::of_paragraph(paragraph.style);
        let (voice, label_voice) = (self.voice(speech), self.voice(label_speech));
        let inset = if paragraph.style == ParagraphStyle::Legend { Length::ZERO } else { INSET };
        let inner = width - inset * 2;
        let label = paragraph.label.as_deref().unwrap_or_default();
        let mut start = Length::ZERO;
        if !label.is_empty() {
            start = label_voice.width(label) + CELLS.scaled(2, 3);
        }
        let mut strips = Vec::new();
        if start > inner.scaled(1, 2) || (start > Length::ZERO && start <= HANG) {
            strips.extend(self.stack(&self.lines(label, label_voice, inner, HANG), label_voice, inset, element));
            start = HANG;
        } else if !label.is_empty() {
            let mut strip = Strip::of_height(voice.leading);
            strip.text(self.line(label_voice, inset, Length::ZERO, Some(element)), label);
            strips.push(strip);
        }
        let beside_label = !label.is_empty() && start > HANG;
        let hang = if label.is_empty() { Length::ZERO } else { HANG };
        let lines = self.lines_from(&paragraph.text, voice, inner, (start, hang));
        for (index, line) in lines.iter().copied().enumerate() {
            let x = inset + if index == 0 { start } else { hang };
            if index > 0 || !beside_label {
                strips.push(Strip::of_height(voice.leading));
            }
            if let Some(strip) = strips.last_mut() {
                strip.text(self.line(voice, x, Length::ZERO, Some(element)).running_on(lines.runs_on(index)), line);
            }
        }
        strips
    }

    fn lines_from<'t>(&self, text: &'t str, voice: Voice, width: Length, (start, hang): (Length, Length)) -> Lines<'t> {
        wrap(text, &Setting { voice, first: width - start, rest: width - hang })
    }

    fn stack(&self, lines: &Lines<'d>, voice: Voice<'d>, x: Length, element: ElementId) -> Vec<Strip<'d>> {
        let set = |(index, line): (usize, &&'d str)| {
            let mut strip = Strip::of_height(voice.leading);
            strip.text(self.line(voice, x, Length::ZERO, Some(element)).running_on(lines.runs_on(index)), *line);
            strip
        };
        lines.iter().enumerate().map(set).collect()
    }

    fn centred(&self, paragraph: &'d Paragraph<'d>, width: Length, element: ElementId) -> Vec<Strip<'d>> {
        let voice = self.voice(Speech::of_paragraph(paragraph.style).0);
        let lines = self.lines(&paragraph.text, voice, width, Length::ZERO);
        let set = |(index, line): (usize, &&'d str)| {
            let mut strip = Strip::of_height(voice.leading);
            let x = (width - voice.width(line)).scaled(1, 2);
            strip.text(self.line(voice, x, Length::ZERO, Some(element)).running_on(lines.runs_on(index)), *line);
            strip
        };
        lines.iter().enumerate().map(set).collect()
    }

    /// The line that ends a record: nothing can be added beside it.
    fn between_rules(&self, paragraph: &'d Paragraph<'d>, width: Length, element: ElementId) -> Vec<Strip<'d>> {
        let mut strips = self.centred(paragraph, width, element);
        let voice = self.voice(Speech::of_paragraph(paragraph.style).0);
        if let [only] = strips.as_mut_slice() {
            let side = (width - voice.width(&paragraph.text)).scaled(1, 2) - CELLS;
            let y = voice.leading.scaled(1, 2);
            for x in [Length::ZERO, width - side] {
                only.fill([x, y, side, HAIRLINE], self.palette.muted);
            }
        }
        strips
    }
}

fn before(style: ParagraphStyle) -> Length {
    match style {
        ParagraphStyle::Body | ParagraphStyle::Note => Length::ZERO,
        ParagraphStyle::Entry => BEFORE_ENTRY,
        ParagraphStyle::Legend => BEFORE_LEGEND,
        ParagraphStyle::End => BEFORE_END,
        ParagraphStyle::Certificate => SMALL,
        ParagraphStyle::CertificateName => PARTS,
        ParagraphStyle::CertificateDegree => PARTS,
        ParagraphStyle::CertificateNote => SMALL,
    }
}
