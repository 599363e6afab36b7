//! What surrounds the content of every page: margins, running head and foot, watermark, border.

use super::spacing::{BOTTOM, CELLS, GUTTER, HAIRLINE, PARTS, RUNNING, SIDE, SMALL, STRONG_RULE, TOP};
use super::voice::{Ink, Speech, Voice};
use super::wrap::{Lines, Setting, wrap};
use crate::document::content::{Document, Words};
use crate::document::face::Face;
use crate::document::length::Length;
use crate::document::page::{Item, Page};
use crate::document::theme::Palette;

pub(super) struct Frame<'d> {
    document: &'d Document<'d>,
    width: Length,
    height: Length,
    /// Where content begins on the first page, and on later ones below the running head.
    pub first_top: Length,
    pub top: Length,
    /// Where content ends, above the running foot.
    pub bottom: Length,
}

/// A part of the width for a running line, in hundredths; a line too long for it wraps inside it.
#[derive(Clone, Copy)]
struct Zone {
    from: i32,
    to: i32,
    side: Side,
}

#[derive(Clone, Copy)]
enum Side {
    Left,
    Centre,
    Right,
}

const HEAD: [Zone; 2] = [Zone { from: 0, to: 48, side: Side::Left }, Zone { from: 52, to: 100, side: Side::Right }];
const FOOT: [Zone; 3] = [
    Zone { from: 0, to: 58, side: Side::Left },
    Zone { from: 60, to: 82, side: Side::Centre },
    Zone { from: 84, to: 100, side: Side::Right },
];

/// Items of a page.
const ORDINARY: usize = 400;

impl<'d> Frame<'d> {
    pub(super) fn new(document: &'d Document<'d>) -> Frame<'d> {
        let (width, height) = (document.paper.width(), document.paper.height());
        let mut frame = Frame { document, width, height, first_top: TOP, top: TOP, bottom: height };
        let head = frame.height_of(frame.head_texts(), HEAD, frame.voice(Speech::RunningHead));
        frame.top = TOP + head + RUNNING;
        let ([reference, marking], page_of) = (frame.foot_texts(), frame.page_of("0000", "0000"));
        let foot = frame.height_of([reference, marking, &page_of], FOOT, frame.voice(Speech::RunningFoot));
        if document.framed {
            frame.first_top = TOP + PARTS * 2;
        }
        frame.bottom = height - BOTTOM - foot - RUNNING;
        frame
    }

    /// The width of so many columns.
    pub(super) fn column_width(&self, columns: usize) -> Length {
        let columns = columns.max(1) as i32;
        (self.inner() - GUTTER * (columns - 1)).scaled(1, columns)
    }

    pub(super) fn column_x(&self, index: usize, columns: usize) -> Length {
        SIDE + (self.column_width(columns) + GUTTER) * index as i32
    }

    pub(super) fn palette(&self) -> &Palette {
        &self.document.palette
    }

    /// A page with what lies below its content, and room for as much as most hold.
    pub(super) fn begun(&self) -> Page<'d> {
        let mut items = Vec::with_capacity(ORDINARY);
        if let Some(text) = &self.document.watermark {
            items.push(self.watermark(text));
        }
        if self.document.framed {
            self.border(&mut items);
        }
        Page { items }
    }

    /// Adds what surrounds the content.
    pub(super) fn finished(&self, mut page: Page<'d>, number: usize, count: usize) -> Page<'d> {
        if number > 1 {
            self.head(&mut page.items);
        }
        self.foot(&mut page.items, number, count);
        page
    }

    fn voice(&self, speech: Speech) -> Voice<'d> {
        speech.voice(&self.document.fonts)
    }

    fn inner(&self) -> Length {
        self.width - SIDE * 2
    }

    fn head_texts(&self) -> [&'d str; 2] {
        let running = &self.document.running;
        [&running.institution, &running.student]
    }

    fn foot_texts(&self) -> [&'d str; 2] {
        let running = &self.document.running;
        [&running.reference, &running.marking]
    }

    fn page_of(&self, number: &str, count: &str) -> String {
        self.document.running.page_of.replace("{page}", number).replace("{pages}", count)
    }

    fn head(&self, items: &mut Vec<Item<'d>>) {
        for (text, zone) in self.head_texts().into_iter().zip(HEAD) {
            self.running(items, (text, Words::Borrowed), zone, self.voice(Speech::RunningHead), TOP);
        }
        items.push(self.rule(self.top - RUNNING + SMALL, STRONG_RULE.scaled(1, 2), Ink::Accent));
    }

    fn foot(&self, items: &mut Vec<Item<'d>>, number: usize, count: usize) {
        let y = self.bottom + RUNNING;
        let colour = self.document.palette.rule;
        items.push(Item::Fill { x: SIDE, y: y - SMALL * 2, width: self.inner(), height: HAIRLINE, colour });
        let voice = self.voice(Speech::RunningFoot);
        for (text, zone) in self.foot_texts().into_iter().zip(FOOT) {
            self.running(items, (text, Words::Borrowed), zone, voice, y);
        }
        let page_of = self.page_of(&number.to_string(), &count.to_string());
        self.running(items, (&page_of, |line| Words::Owned(line.to_owned())), FOOT[2], voice, y);
    }

    /// The height of the tallest of some running texts.
    fn height_of<const N: usize>(&self, texts: [&str; N], zones: [Zone; N], voice: Voice) -> Length {
        let tallest = texts.into_iter().zip(zones).map(|(text, zone)| lines(text, voice, self.zone_width(zone)).len());
        voice.leading * tallest.max().unwrap_or_default() as i32
    }

    fn zone_width(&self, zone: Zone) -> Length {
        self.inner().scaled(zone.to - zone.from, 100)
    }

    /// A running text in its zone; `own` makes the document's own of a line of it.
    fn running<'x>(
        &self,
        items: &mut Vec<Item<'d>>,
        (text, own): (&'x str, impl Fn(&'x str) -> Words<'d>),
        zone: Zone,
        voice: Voice,
        top: Length,
    ) {
        let mut y = top + voice.baseline();
        for line in lines(text, voice, self.zone_width(zone)).iter().copied() {
            let spare = self.zone_width(zone) - voice.width(line);
            let shift = match zone.side {
                Side::Left => Length::ZERO,
                Side::Centre => spare.scaled(1, 2),
                Side::Right => spare,
            };
            let x = SIDE + self.inner().scaled(zone.from, 100) + shift;
            let (face, colour) = (voice.face_for(line), voice.ink.colour(self.palette()));
            items.push(Item::Text {
                x,
                y,
                size: voice.size,
                face,
                colour,
                text: own(line),
                element: None,
                runs_on: false,
            });
            y += voice.leading;
        }
    }

    fn rule(&self, y: Length, height: Length, ink: Ink) -> Item<'d> {
        Item::Fill { x: SIDE, y, width: self.inner(), height, colour: ink.colour(self.palette()) }
    }

    /// As large as the diagonal allows, up to a sixth of the page's height.
    fn watermark(&self, text: &'d str) -> Item<'d> {
        let unit = self.document.fonts.width(text, Face::Strong, Length::points(100)).max(Length::points(1));
        let across = self.width.scaled(9, 10);
        let size = Length::points(100).scaled(across.in_millipoints(), unit.in_millipoints());
        let size = size.min(self.height.scaled(1, 6));
        Item::Watermark { text: text.into(), face: Face::Strong, size, colour: self.palette().watermark }
    }

    /// A strong line and a fine one inside it.
    fn border(&self, items: &mut Vec<Item>) {
        for (inset, thickness) in [(SIDE.scaled(1, 2), STRONG_RULE), (SIDE.scaled(1, 2) + CELLS, HAIRLINE)] {
            let (width, height) = (self.width - inset * 2, self.height - inset * 2);
            let (right, low) = (inset + width - thickness, inset + height - thickness);
            let sides = [
                (inset, inset, width, thickness),
                (inset, low, width, thickness),
                (inset, inset, thickness, height),
                (right, inset, thickness, height),
            ];
            let colour = Ink::Accent.colour(self.palette());
            items.extend(sides.map(|(x, y, width, height)| Item::Fill { x, y, width, height, colour }));
        }
    }
}

fn lines<'t>(text: &'t str, voice: Voice, width: Length) -> Lines<'t> {
    wrap(text, &Setting { voice, first: width, rest: width })
}
