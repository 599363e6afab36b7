//! Where the words go: a [`Document`] becomes [`Pages`], in whole thousandths of a point.

mod facts;
mod frame;
mod headings;
mod letterhead;
mod paragraphs;
mod pour;
mod setter;
mod sheets;
mod spacing;
mod strip;
mod table;
mod voice;
mod widths;
mod wrap;

use super::content::{Document, Part};
use super::length::Length;
use super::page::{Page, Pages};
use crate::domain::{Error, Problem};
use frame::Frame;
use pour::Stream;
use setter::{Setter, Site};
use sheets::Sheets;
use spacing::PARTS;
use strip::Strip;

/// Strips of a part.
const ORDINARY: usize = 128;

/// Sets a document on pages. The time it takes grows with the number of its blocks and rows, not faster.
/// A part whose numbers are too long for its columns is set in one. Refused: a row or heading taller than a whole page, and
/// numbers too long for that one column.
pub fn paginate<'d>(document: &'d Document) -> Result<Pages<'d>, Error> {
    let frame = Frame::new(document);
    let mut setter = Setter::new(document);
    let mut sheets = Sheets::new(&frame);
    for part in &document.parts {
        set_part(part, &frame, &mut setter, &mut sheets)?;
    }
    let count = sheets.pages.len();
    let pages: Vec<Page> =
        sheets.pages.into_iter().enumerate().map(|(index, page)| frame.finished(page, index + 1, count)).collect();
    Ok(Pages {
        width: document.paper.width(),
        height: document.paper.height(),
        title: document.title.as_ref().into(),
        language: document.language.as_ref().into(),
        fonts: document.fonts.clone(),
        elements: setter.elements,
        pages,
    })
}

fn set_part<'d>(
    part: &'d Part<'d>,
    frame: &Frame<'d>,
    setter: &mut Setter<'d>,
    sheets: &mut Sheets<'_, 'd>,
) -> Result<(), Error> {
    let asked = usize::from(part.columns.max(1));
    let holds = |columns: usize| setter.widths.holds(&part.blocks, frame.column_width(columns));
    let Some(columns) = [asked, 1].into_iter().find(|columns| holds(*columns)) else {
        let message = "has numbers too long to stand side by side on a page";
        return Err(Error::Render(vec![Problem::new("too-wide", "document.tables", message)]));
    };
    let tallest = frame.bottom - frame.top;
    sheets.part();
    let whole = Site { parent: Setter::ROOT, width: frame.column_width(1), carried: None };
    let mut heading: Vec<_> = part.heading.iter().map(|heading| setter.heading(heading, whole)).collect();
    let site = Site { width: frame.column_width(columns), ..whole };
    let mut strips = Vec::with_capacity(ORDINARY);
    setter.blocks(&part.blocks, site, &mut strips);
    if setter.framed {
        spread(&mut strips, sheets.room());
    }
    let taken = heading.iter().map(|strip| strip.height).sum();
    let body = Stream::new(&mut strips, setter, tallest);
    // Together with its heading, or not at all: else the heading would stay alone on its page.
    let together = part.together && body.fits(columns, tallest - taken, true);
    if !heading.is_empty() {
        if !sheets.is_fresh() && !body.fits(columns, sheets.room() - taken, together) {
            sheets.turn();
        }
        Stream::new(&mut heading, setter, tallest).pour(sheets, 1, false)?;
    }
    Stream::new(&mut strips, setter, tallest).pour(sheets, columns, together)
}

/// Shares out the height that a one-page document leaves, between its larger gaps and the page's end.
fn spread(strips: &mut [Strip], room: Length) {
    let taken: Length = strips.iter().map(|strip| strip.before + strip.height).sum();
    let wide = |strip: &&mut Strip| strip.before >= PARTS;
    let shares: Length = strips.iter_mut().filter(wide).map(|strip| strip.before).sum::<Length>() + PARTS * 4;
    if taken >= room {
        return;
    }
    for strip in strips.iter_mut().filter(wide) {
        strip.before += (room - taken).scaled(strip.before.in_millipoints(), shares.in_millipoints());
    }
}
