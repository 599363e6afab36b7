//! Distances between things, in one place.

use crate::document::length::Length;

const fn tenths(value: i32) -> Length {
    Length::millipoints(value * 100)
}

/// From the paper's edge to the text.
pub(super) const SIDE: Length = tenths(400);
pub(super) const TOP: Length = tenths(360);
pub(super) const BOTTOM: Length = tenths(300);
/// Between columns; a hairline runs down its middle.
pub(super) const GUTTER: Length = tenths(180);
/// Between one part of the document and the next.
pub(super) const PARTS: Length = tenths(120);
/// Between the running lines and the content.
pub(super) const RUNNING: Length = tenths(120);

pub(super) const HAIRLINE: Length = tenths(4);
pub(super) const STRONG_RULE: Length = tenths(16);

/// From a column's edge to its text, so that text aligns inside and outside of tinted bands.
pub(super) const INSET: Length = tenths(40);
/// Between the columns of a table, and between a text and what stands beside it.
pub(super) const CELLS: Length = tenths(70);
/// Later lines of one paragraph or cell.
pub(super) const HANG: Length = tenths(70);
/// Between groups of facts.
pub(super) const GROUPS: Length = tenths(220);

pub(super) const BEFORE_DIVISION: Length = tenths(110);
pub(super) const BEFORE_TERM: Length = tenths(80);
pub(super) const BEFORE_ENTRY: Length = tenths(30);
pub(super) const BEFORE_TABLE: Length = tenths(15);
/// Above words that follow a section and are no part of it.
pub(super) const AFTER_SECTION: Length = tenths(60);
pub(super) const AFTER_TITLE: Length = tenths(60);
pub(super) const BEFORE_LEGEND: Length = tenths(20);
pub(super) const BEFORE_END: Length = tenths(110);
pub(super) const BEFORE_SIGNATORY: Length = tenths(140);
pub(super) const SMALL: Length = tenths(20);

/// The largest a picture may be.
pub(super) const LOGO: [Length; 2] = [tenths(1100), tenths(480)];
pub(super) const SIGNATURE: [Length; 2] = [tenths(1600), tenths(360)];
pub(super) const SEAL: [Length; 2] = [tenths(640), tenths(640)];
