//! A text in runs: of one font, one script and one direction, in the order in which the eye meets them.

use super::{FontId, Fonts};
use crate::document::face::Face;
use std::ops::Range;
use unicode_bidi::{BidiInfo, Level};
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};

/// A run, from left to right; its range is that of its text, which may run the other way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub range: Range<usize>,
    pub font: FontId,
    pub script: Script,
    pub right_to_left: bool,
    level: Level,
}

/// A character with the marks on it, which one font has to set.
struct Unit {
    range: Range<usize>,
    /// Where its first visible character stands.
    base: usize,
    script: Script,
}

/// Whether a character stands for itself wherever it stands: no mark, and of a script whose letters neither join nor turn.
pub(super) fn is_plain(character: char) -> bool {
    match u32::from(character) {
        0x20..=0x2FF => character != '\u{ad}',
        0x370..=0x482 | 0x48A..=0x52F | 0x1E00..=0x1FFF => true,
        0x2010..=0x2027 | 0x2030..=0x205F | 0x2070..=0x20CF | 0x2100..=0x22FF => true,
        _ => false,
    }
}

pub(super) fn is_european(script: Script) -> bool {
    matches!(script, Script::Latin | Script::Greek | Script::Cyrillic | Script::Common | Script::Inherited)
}

/// Drawn as nothing: joiners, variation selectors, directional marks.
pub(super) fn is_invisible(character: char) -> bool {
    matches!(u32::from(character),
        0xAD | 0x34F | 0x61C | 0x180B..=0x180F | 0x200B..=0x200F | 0x2060..=0x206F | 0xFE00..=0xFE0F | 0xE0000..=0xE0FFF)
}

/// Means nothing to a reader, whatever a font draws for it (ISO 19005-3, 6.2.11.7): private use, and what is no character.
pub(super) fn is_mute(character: char) -> bool {
    let code = u32::from(character);
    character.is_control() || matches!(code, 0xE000..=0xF8FF | 0xFEFF | 0xF_0000..) || code & 0xFFFE == 0xFFFE
}

/// Whether a line may end between two characters where the text has no space: scripts that are written without any.
pub(super) fn runs_on(before: char, after: char) -> bool {
    use Script::{Bopomofo, Han, Hiragana, Katakana, Khmer, Lao, Myanmar, Thai};
    let unspaced = |character: char| {
        matches!(character.script(), Bopomofo | Han | Hiragana | Katakana | Khmer | Lao | Myanmar | Thai)
            || matches!(u32::from(character), 0x3000..=0x303F | 0x30FB | 0x30FC | 0xFF00..=0xFF65)
    };
    unspaced(before) && unspaced(after)
}

pub(super) fn is_isolate(character: char) -> bool {
    matches!(character, '\u{2066}'..='\u{2069}')
}

/// The runs of a line of text, from left to right. Its direction is that of its first letter (UAX #9, P2 and P3).
pub(super) fn runs(fonts: &Fonts, text: &str, face: Face) -> Vec<Run> {
    let bidi = BidiInfo::new(text, None);
    let Some(paragraph) = bidi.paragraphs.first() else { return Vec::new() };
    let levels = bidi.reordered_levels(paragraph, 0..text.len());
    let mut runs: Vec<Run> = Vec::new();
    for Unit { range, base, script } in units(text) {
        let level = levels.get(base).copied().unwrap_or(paragraph.level);
        let font = font_for(fonts, &text[range.clone()], script, face);
        match runs.last_mut() {
            Some(run) if (run.font, run.script, run.level) == (font, script, level) => run.range.end = range.end,
            _ => runs.push(Run { range, font, script, right_to_left: level.is_rtl(), level }),
        }
    }
    let levels: Vec<Level> = runs.iter().map(|run| run.level).collect();
    BidiInfo::reorder_visual(&levels).into_iter().filter_map(|at| runs.get(at).cloned()).collect()
}

/// What one font sets together, each with its script: a space or a hyphen between two letters of a script belongs to it.
fn units(text: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    for (at, character) in text.char_indices() {
        let end = at + character.len_utf8();
        match units.last_mut() {
            // What isolates a part of a line belongs to no letter: it says where that stands, and is not printed.
            Some(unit) if is_combining_mark(character) || (is_invisible(character) && !is_isolate(character)) => {
                unit.range.end = end;
            }
            // A joiner before the first letter goes with it.
            Some(unit) if text[unit.range.clone()].chars().all(|c| is_invisible(c) && !is_isolate(c)) => {
                *unit = Unit { range: unit.range.start..end, base: at, script: character.script() };
            }
            _ => units.push(Unit { range: at..end, base: at, script: character.script() }),
        }
    }
    let common = |script: Script| matches!(script, Script::Common | Script::Inherited);
    let mut before = Script::Common;
    let mut at = 0;
    while at < units.len() {
        let end = units[at..].iter().position(|unit| !common(unit.script)).map_or(units.len(), |after| at + after);
        let after = units.get(end).map_or(Script::Common, |unit| unit.script);
        let european = [before, after].into_iter().find(|script| is_european(*script) && !common(*script));
        let script = if before == after { after } else { european.unwrap_or(Script::Common) };
        units[at..end].iter_mut().for_each(|unit| unit.script = script);
        before = after;
        at = end + 1;
    }
    units
}

/// The first font that has all of a unit, else the first that has its first character: the rest is then found missing.
fn font_for(fonts: &Fonts, text: &str, script: Script, face: Face) -> FontId {
    let has = |font: FontId, character: char| fonts.file(font).is_some_and(|file| file.has(character));
    let whole = |font: &FontId| text.chars().all(|character| is_invisible(character) || has(*font, character));
    let first = |font: &FontId| text.chars().next().is_some_and(|character| has(*font, character));
    let whole = fonts.candidates(script, face).find(whole);
    whole.or_else(|| fonts.candidates(script, face).find(first)).unwrap_or(FontId::Face(face))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(&str, bool)> {
        runs(&Fonts::default(), text, Face::Text)
            .iter()
            .map(|run| (&text[run.range.clone()], run.right_to_left))
            .collect()
    }

    #[test]
    fn runs_stand_in_the_order_of_the_eye() {
        assert_eq!(shown("Ali علي Khan"), [("Ali ", false), ("علي", true), (" Khan", false)]);
        // The first letter decides: here the text begins at the right.
        assert_eq!(shown("علي Khan"), [("Khan", false), (" ", true), ("علي", true)]);
        assert_eq!(shown("محمد 12 علي").iter().map(|run| run.1).collect::<Vec<_>>(), [true, false, true]);
        // An isolate has no say in it.
        assert_eq!(shown("\u{2068}علي\u{2069} · No. 5").last(), Some(&("\u{2069} · No. 5", false)));
    }

    #[test]
    fn a_mark_stays_with_its_letter_and_a_space_with_its_words() {
        assert_eq!(shown("ọ\u{301}"), [("ọ\u{301}", false)]);
        assert_eq!(shown("محمد علي").len(), 1);
        assert_eq!(shown("कृष्ण शर्मा").len(), 1);
    }
}
