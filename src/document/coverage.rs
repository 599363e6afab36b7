//! Which characters the fonts at hand can set. A character none has is an error, never a box.

use super::fonts::Fonts;
use crate::domain::{Error, Problem};

/// Names the place and the code point, never the text.
pub fn problem(place: impl Into<String>, character: char) -> Problem {
    let message = format!("holds the character U+{:04X}, which no font at hand has", u32::from(character));
    Problem::new("character-not-covered", place, message)
}

/// Takes every text of the record on its way to the page, and remembers what cannot be printed.
#[derive(Debug)]
pub struct Proof<'f> {
    fonts: &'f Fonts,
    problems: Vec<Problem>,
}

impl<'f> Proof<'f> {
    pub fn new(fonts: &'f Fonts) -> Proof<'f> {
        Proof { fonts, problems: Vec::new() }
    }

    /// The text as it is; what it lacks is remembered under the place, which is only then made.
    pub fn read<'t>(&mut self, text: &'t str, place: impl FnOnce() -> String) -> &'t str {
        let missing = self.fonts.missing(text);
        if !missing.is_empty() {
            let place = place();
            self.problems.extend(missing.into_iter().map(|character| problem(place.clone(), character)));
        }
        text
    }

    /// All problems at once, or the value.
    pub fn settle<T>(mut self, value: T) -> Result<T, Error> {
        // A name is printed in more than one place and still has one problem; in the order of code points it cannot be
        // read off them.
        self.problems.sort_by(|a, b| (&a.place, &a.message).cmp(&(&b.place, &b.message)));
        self.problems.dedup();
        if self.problems.is_empty() { Ok(value) } else { Err(Error::Render(self.problems)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Face;

    #[test]
    fn the_text_face_covers_the_letters_of_the_others() {
        // So that a line can always fall back to it, and nothing a name needs is refused that another face has.
        for code in 0x20..=0x2FFF_u32 {
            let Some(character) = char::from_u32(code).filter(|character| character.is_alphanumeric()) else {
                continue;
            };
            let others = [Face::Strong, Face::Display].iter().any(|face| face.covers(character));
            assert!(!others || Face::Text.covers(character), "U+{code:04X}");
        }
    }

    #[test]
    fn each_character_is_reported_once_by_code_point() {
        let fonts = Fonts::default();
        let mut proof = Proof::new(&fonts);
        assert_eq!(proof.read("Ọláyẹmí Øyvind Ελένη", || unreachable!()), "Ọláyẹmí Øyvind Ελένη");
        proof.read("王小王", || "student.names.legal".into());
        let Err(Error::Render(problems)) = proof.settle(()) else { panic!("refused") };
        assert_eq!(problems.len(), 2);
        assert_eq!(problems[0].place, "student.names.legal");
        // In the order of code points, not of the name.
        assert!(problems[0].message.contains("U+5C0F") && !problems[0].message.contains('小'));
        assert!(problems[1].message.contains("U+738B") && !problems[1].message.contains('王'));
    }
}
