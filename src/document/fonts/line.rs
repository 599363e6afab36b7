//! A line of text as glyphs: what is drawn from left to right, and which of the text each cluster of glyphs stands for.

use super::file::Stretch;
use super::itemise::{self, is_invisible, is_mute};
use super::{FontId, Fonts};
use crate::document::face::Face;
use crate::document::length::Length;
use std::ops::Range;

/// A line, its pieces from left to right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    pub pieces: Vec<Piece>,
}

/// Clusters in one font, from left to right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub font: FontId,
    pub units_per_em: i32,
    pub right_to_left: bool,
    pub clusters: Vec<Cluster>,
}

/// Glyphs that stand together for a range of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    pub text: Range<usize>,
    pub glyphs: Vec<Glyph>,
    /// To the next cluster, in font units.
    pub advance: i32,
}

/// A glyph and where it stands from the beginning of its cluster, in font units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Glyph {
    pub id: u16,
    pub x: i32,
    pub y: i32,
}

pub(super) fn set(fonts: &Fonts, text: &str, face: Face) -> Line {
    let pieces = itemise::runs(fonts, text, face).into_iter().filter_map(|run| {
        let file = fonts.file(run.font)?;
        let stretch = Stretch { text, range: run.range, script: run.script, right_to_left: run.right_to_left };
        let clusters = clusters(file, &stretch);
        let (units_per_em, right_to_left) = (file.units_per_em(), run.right_to_left);
        (!clusters.is_empty()).then_some(Piece { font: run.font, units_per_em, right_to_left, clusters })
    });
    Line { pieces: pieces.collect() }
}

/// Glyphs whose text begins at the same place are one cluster; its text ends where the next in the text's order begins.
fn clusters(file: &super::FontFile, stretch: &Stretch) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::new();
    for shaped in file.shape(stretch) {
        let fresh = clusters.last().is_none_or(|last| last.text.start != shaped.cluster);
        if fresh {
            clusters.push(Cluster { text: shaped.cluster..shaped.cluster, glyphs: Vec::new(), advance: 0 });
        }
        if let Some(cluster) = clusters.last_mut() {
            cluster.glyphs.push(Glyph { id: shaped.glyph, x: cluster.advance.saturating_add(shaped.x), y: shaped.y });
            cluster.advance = cluster.advance.saturating_add(shaped.advance);
        }
    }
    let mut starts: Vec<usize> = clusters.iter().map(|cluster| cluster.text.start).collect();
    starts.sort_unstable();
    // What is invisible at the beginning belongs to what follows.
    let first = starts.first().copied();
    for cluster in &mut clusters {
        let next = starts.partition_point(|start| *start <= cluster.text.start);
        cluster.text.end = starts.get(next).copied().unwrap_or(stretch.range.end);
        if Some(cluster.text.start) == first {
            cluster.text.start = stretch.range.start;
        }
    }
    clusters
}

impl Cluster {
    /// The text of the line that it stands for: what isolates a part of a line is no part of it.
    pub fn text_of<'t>(&self, line: &'t str) -> &'t str {
        line.get(self.text.clone()).unwrap_or_default().trim_matches(itemise::is_isolate)
    }
}

impl Piece {
    /// A distance in font units at a type size.
    pub fn scaled(&self, units: i32, size: Length) -> Length {
        size.scaled(units, self.units_per_em.max(1))
    }
}

impl Line {
    pub fn width(&self, size: Length) -> Length {
        let piece = |piece: &Piece| {
            piece.scaled(piece.clusters.iter().fold(0, |sum: i32, cluster| sum.saturating_add(cluster.advance)), size)
        };
        self.pieces.iter().map(piece).sum()
    }
}

/// The characters of a text that its line does not show, each once: the font of a cluster lacks them, or could not set it.
pub(super) fn missing(fonts: &Fonts, text: &str, line: &Line) -> Vec<char> {
    let mut shown = vec![false; text.len()];
    for piece in &line.pieces {
        for cluster in &piece.clusters {
            let whole = cluster.glyphs.iter().all(|glyph| glyph.id != 0);
            let own = text.get(cluster.text.clone()).unwrap_or_default();
            let has = |character: char| fonts.file(piece.font).is_some_and(|file| file.has(character));
            // Where the font has every character and yet no glyph for them together, all are told.
            let all = own.chars().all(has);
            for (at, character) in own.char_indices() {
                if let Some(shown) = shown.get_mut(cluster.text.start + at) {
                    *shown = whole || (!all && has(character));
                }
            }
        }
    }
    let mut missing = Vec::new();
    for (at, character) in text.char_indices().filter(|(_, character)| !is_invisible(*character)) {
        if (shown.get(at) != Some(&true) || is_mute(character)) && !missing.contains(&character) {
            missing.push(character);
        }
    }
    missing
}
