//! Lines out of text: broken at spaces, and inside a word only where the word alone is too wide.

use crate::document::face::Face;
use crate::document::length::Length;

/// A text set in one face and size, to be broken.
pub(super) struct Setting {
    pub face: Face,
    pub size: Length,
    /// Width of the first line and of all others.
    pub first: Length,
    pub rest: Length,
}

/// The lines of a text; none for an empty text. Every line holds at least one character, so that it ends.
pub(super) fn wrap<'t>(text: &'t str, setting: &Setting) -> Vec<&'t str> {
    let mut lines = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let width = if lines.is_empty() { setting.first } else { setting.rest };
        let end = line_end(rest, width, setting);
        lines.push(rest[..end].trim_end());
        rest = rest[end..].trim_start();
    }
    lines
}

/// Where the first line ends: after the last word that fits, else after the last character that does.
fn line_end(text: &str, width: Length, setting: &Setting) -> usize {
    let mut used = Length::ZERO;
    let mut last_space = None;
    for (at, character) in text.char_indices() {
        if character == ' ' {
            last_space = Some(at);
        }
        used += setting.face.advance(character, setting.size);
        if used > width && character != ' ' {
            return last_space.unwrap_or(if at == 0 { character.len_utf8() } else { at });
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, first: i32, rest: i32) -> Vec<&str> {
        let [first, rest] = [first, rest].map(Length::points);
        wrap(text, &Setting { face: Face::Text, size: Length::points(10), first, rest })
    }

    #[test]
    fn words_move_whole_and_nothing_is_lost() {
        let text = "Introduction to the Philosophy of Mathematical Practice";
        let broken = lines(text, 90, 80);
        assert!(broken.len() > 2);
        assert_eq!(broken.join(" "), text);
        for (index, line) in broken.iter().enumerate() {
            let limit = Length::points(if index == 0 { 90 } else { 80 });
            assert!(Face::Text.width(line, Length::points(10)) <= limit);
        }
    }

    #[test]
    fn a_word_too_wide_is_divided_and_a_width_of_nothing_still_ends() {
        assert_eq!(lines("Donaudampfschifffahrt", 40, 40).concat(), "Donaudampfschifffahrt");
        assert_eq!(lines("abc", 0, 0), ["a", "b", "c"]);
        assert!(lines("", 40, 40).is_empty());
    }
}
