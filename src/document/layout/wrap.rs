//! Lines out of text: broken where its script allows it, and inside a word only where the word alone is too wide.

use super::voice::Voice;
use crate::document::fonts::Fonts;
use crate::document::length::Length;
use crate::document::letters;
use unicode_linebreak::{BreakOpportunity, linebreaks};

/// A text in a voice, to be broken.
pub(super) struct Setting<'f> {
    pub voice: Voice<'f>,
    /// Width of the first line and of all others.
    pub first: Length,
    pub rest: Length,
}

/// Lines: nearly always one, which no list is made for.
#[derive(Debug)]
pub(super) enum Lines<'t> {
    One([&'t str; 1]),
    /// And of each, whether the next goes on with nothing between: it broke inside a word.
    Many(Vec<&'t str>, Vec<bool>),
}

impl Lines<'_> {
    /// Whether the line after this one goes on where it ends, without the space that is read between lines.
    pub(super) fn runs_on(&self, index: usize) -> bool {
        match self {
            Lines::One(_) => false,
            Lines::Many(_, runs_on) => runs_on.get(index).copied().unwrap_or(false),
        }
    }
}

impl<'t> std::ops::Deref for Lines<'t> {
    type Target = [&'t str];

    fn deref(&self) -> &[&'t str] {
        match self {
            Lines::One(line) => line,
            Lines::Many(lines, _) => lines,
        }
    }
}

/// The lines of a text; none for an empty text. Every line holds at least one character, so that it ends.
pub(super) fn wrap<'t>(text: &'t str, setting: &Setting) -> Lines<'t> {
    let text = text.trim();
    let Setting { voice, first, .. } = *setting;
    if !text.is_empty() && letters::ascii_width(voice.face, text, voice.size).is_some_and(|width| width <= first) {
        return Lines::One([text]);
    }
    let plain = Fonts::is_plain(text);
    if plain { divided(text, setting, plain_end) } else { divided(text, setting, shaped_end) }
}

/// `end` tells where the first line of a text ends that is broken at a width.
fn divided<'t>(text: &'t str, setting: &Setting, end: impl Fn(&str, Length, Voice) -> usize) -> Lines<'t> {
    let (mut lines, mut runs_on) = (Vec::new(), Vec::new());
    let mut rest = text;
    while !rest.is_empty() {
        let width = if lines.is_empty() { setting.first } else { setting.rest };
        let end = end(rest, width, setting.voice);
        let (line, after) = (rest[..end].trim_end(), rest[end..].trim_start());
        // Between scripts without spaces, one that is there all the same is kept: nobody would put it back.
        let space =
            rest[line.len()..].chars().next().filter(|space| space.is_whitespace() && Fonts::runs_on(line, after));
        lines.push(&rest[..line.len() + space.map_or(0, char::len_utf8)]);
        runs_on.push(line.len() + after.len() == rest.len());
        rest = after;
    }
    Lines::Many(lines, runs_on)
}

/// After the last word that fits, else after the last character that does.
fn plain_end(text: &str, width: Length, voice: Voice) -> usize {
    let face = voice.face_for(text);
    let too_wide = face.too_wide(width, voice.size);
    let mut used = 0;
    let mut last_space = None;
    for (at, character, step) in letters::steps(face, text) {
        if character == ' ' {
            last_space = Some(at);
        }
        used += i64::from(step);
        if character != ' ' && used >= too_wide {
            return last_space.unwrap_or(if at == 0 { character.len_utf8() } else { at });
        }
    }
    text.len()
}

/// Where a line may end is a matter of the script (UAX #14); inside a word only between clusters.
fn shaped_end(text: &str, width: Length, voice: Voice) -> usize {
    let fits = |end: usize| voice.width(text[..end].trim_end()) <= width;
    if fits(text.len()) {
        return text.len();
    }
    let allowed = |(at, kind): &(usize, BreakOpportunity)| *at < text.len() && *kind == BreakOpportunity::Allowed;
    let words: Vec<usize> = linebreaks(text).filter(allowed).map(|(at, _)| at).collect();
    let after = words.partition_point(|end| fits(*end));
    if let Some(end) = after.checked_sub(1).and_then(|last| words.get(last)) {
        return *end;
    }
    let line = voice.fonts.line(text, voice.face_for(text));
    let clusters = line.pieces.iter().flat_map(|piece| &piece.clusters);
    let mut ends: Vec<usize> =
        clusters.map(|cluster| cluster.text.end).filter(|end| text.is_char_boundary(*end)).collect();
    ends.sort_unstable();
    let after = ends.partition_point(|end| fits(*end));
    let fallback = ends.first().copied().unwrap_or(text.len());
    after.checked_sub(1).and_then(|last| ends.get(last)).copied().unwrap_or(fallback)
}

#[cfg(test)]
mod tests {
    use super::super::voice::Speech;
    use super::*;

    fn lines(text: &str, first: i32, rest: i32) -> Vec<&str> {
        let [first, rest] = [first, rest].map(Length::points);
        let fonts = Fonts::default();
        wrap(text, &Setting { voice: Speech::Cell.voice(&fonts), first, rest }).to_vec()
    }

    fn width(line: &str) -> Length {
        Speech::Cell.voice(&Fonts::default()).width(line)
    }

    #[test]
    fn words_move_whole_and_nothing_is_lost() {
        let text = "Introduction to the Philosophy of Mathematical Practice";
        let broken = lines(text, 90, 80);
        assert!(broken.len() > 2);
        assert_eq!(broken.join(" "), text);
        for (index, line) in broken.iter().enumerate() {
            assert!(width(line) <= Length::points(if index == 0 { 90 } else { 80 }));
        }
    }

    #[test]
    fn a_word_too_wide_is_divided_and_a_width_of_nothing_still_ends() {
        assert_eq!(lines("Donaudampfschifffahrt", 30, 30).concat(), "Donaudampfschifffahrt");
        assert_eq!(lines("abc", 0, 0), ["a", "b", "c"]);
        assert!(lines("", 40, 40).is_empty());
    }

    #[test]
    fn only_a_line_that_ends_inside_a_word_runs_on() {
        let fonts = Fonts::default();
        let setting =
            Setting { voice: Speech::Cell.voice(&fonts), first: Length::points(60), rest: Length::points(60) };
        for text in ["Two words Donaudampfschifffahrtsgesellschaft", "Études Donaudampfschifffahrtsgesellschaft"] {
            let lines = wrap(text, &setting);
            let ends =
                |index: usize, line: &str| if lines.runs_on(index) { line.to_owned() } else { format!("{line} ") };
            let read: String = lines.iter().enumerate().map(|(index, line)| ends(index, line)).collect();
            assert!(lines.len() > 2);
            assert_eq!(read.trim_end(), text);
        }
    }

    #[test]
    fn shaped_text_breaks_between_words_and_never_inside_a_cluster() {
        let text = "مقدمة في فلسفة الرياضيات والمنطق";
        let broken = lines(text, 60, 60);
        assert!(broken.len() > 1, "{broken:?}");
        assert_eq!(broken.join(" "), text);
        assert!(broken.iter().all(|line| width(line) <= Length::points(60)), "{broken:?}");
        // Thai has no spaces between words, and a vowel above belongs to the letter below it.
        let text = "ปรัชญาคณิตศาสตร์และตรรกศาสตร์เบื้องต้น";
        let broken = lines(text, 50, 50);
        assert!(broken.len() > 2, "{broken:?}");
        assert_eq!(broken.concat(), text);
        for line in broken {
            assert!(!unicode_normalization::char::is_combining_mark(line.chars().next().expect("no line is empty")));
            assert!(width(line) <= Length::points(50), "{line}");
        }
        // A space between two words of it is said, and nothing else is.
        assert_eq!(lines("กิตติศักดิ์ น้ำเพ็ชร", 40, 40).concat(), "กิตติศักดิ์ น้ำเพ็ชร");
    }
}
