//! The fonts at hand: the three faces of the house, faces for other scripts that come with it, and the user's own files.

mod file;
mod itemise;
mod line;
mod shipped;

use super::face::Face;
use super::length::Length;
use super::letters;
pub use file::FontFile;
pub use line::{Cluster, Glyph, Line, Piece};
pub use shipped::Shipped;
use std::sync::Arc;

/// One font among those at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FontId {
    Face(Face),
    Shipped(Shipped),
    /// By its place among the user's files.
    Own(usize),
}

/// The fonts of a theme: those that come with the house, then the user's, in their order. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fonts {
    own: Arc<[Arc<FontFile>]>,
}

impl Fonts {
    /// With fonts that are asked for what the house's own lack.
    pub fn with(own: Vec<Arc<FontFile>>) -> Fonts {
        Fonts { own: own.into() }
    }

    /// How many fonts are the user's.
    pub fn own_count(&self) -> usize {
        self.own.len()
    }

    /// The file of a font; `None` where there is no such font of the user's.
    pub fn file(&self, font: FontId) -> Option<&FontFile> {
        match font {
            FontId::Face(face) => Some(face.font_file()),
            FontId::Shipped(shipped) => Some(shipped.file()),
            FontId::Own(at) => self.own.get(at).map(Arc::as_ref),
        }
    }

    /// Whether a text is set character by character, as most of a page is: no mark to place, nothing to join or turn round.
    pub fn is_plain(text: &str) -> bool {
        letters::are_ascii(text)
            || text.chars().all(|character| itemise::is_plain(character) && Face::Text.covers(character))
    }

    /// Whether a text that was broken into lines between these two is read without a space there.
    pub fn runs_on(before: &str, after: &str) -> bool {
        let ends = before.chars().next_back().zip(after.chars().next());
        ends.is_some_and(|(before, after)| itemise::runs_on(before, after))
    }

    /// The glyphs of a text from left to right; the face decides between light and strong.
    pub fn line(&self, text: &str, face: Face) -> Line {
        line::set(self, text, face)
    }

    /// How wide a text is when it is set in a face, or in others for what that lacks.
    pub fn width(&self, text: &str, face: Face, size: Length) -> Length {
        if Fonts::is_plain(text) { face.width(text, size) } else { self.line(text, face).width(size) }
    }

    /// The characters of a text that no font at hand can set, each once, in order of appearance.
    pub fn missing(&self, text: &str) -> Vec<char> {
        if Fonts::is_plain(text) { Vec::new() } else { line::missing(self, text, &self.line(text, Face::Text)) }
    }

    /// The fonts to ask for a cluster of a script, the best first.
    fn candidates(&self, script: unicode_script::Script, face: Face) -> impl Iterator<Item = FontId> {
        let latin = [Some(face), (face != Face::Text).then_some(Face::Strong), Some(Face::Text)];
        let latin = latin.into_iter().flatten().map(FontId::Face);
        let own = Shipped::of(script, face).map(FontId::Shipped);
        let others = Shipped::all(face).map(FontId::Shipped);
        own.into_iter().chain(latin).chain((0..self.own.len()).map(FontId::Own)).chain(others)
    }
}
