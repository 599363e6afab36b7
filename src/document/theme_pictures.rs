//! The pictures of a theme: data URLs, each with what it shows in words.

use super::picture::{Illustration, MOST_BYTES, Picture};
use super::theme_reader::Reader;
use crate::domain::Problem;
use data_url::DataUrl;
use serde_json::Value;

/// Keys of `[pictures]`; each has a second one, with `_alternative`.
pub(super) const KEYS: [&str; 3] = ["logo", "seal", "signature"];

/// An institution's pictures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pictures {
    /// Beside the institution's name.
    pub logo: Option<Illustration>,
    /// Beside the registrar's name.
    pub seal: Option<Illustration>,
    /// Above the registrar's name.
    pub signature: Option<Illustration>,
}

impl Pictures {
    pub(super) fn slot(&mut self, key: &str) -> Option<&mut Option<Illustration>> {
        match key {
            "logo" => Some(&mut self.logo),
            "seal" => Some(&mut self.seal),
            "signature" => Some(&mut self.signature),
            _ => None,
        }
    }
}

/// A picture given as a data URL of a PNG or SVG. Files are read by whoever has them: nothing is opened here.
pub(super) fn picture(value: &Value, place: &str) -> Result<Picture, Problem> {
    let refuse = |message: String| Problem::new("not-a-picture", place, message);
    let url = value.as_str().ok_or_else(|| refuse("must be the path of a PNG or SVG file, or a data URL".into()))?;
    // In base 64 three bytes take four characters.
    if url.len() / 4 > MOST_BYTES / 3 + 1024 {
        return Err(refuse("is larger than 1 MiB".into()));
    }
    let read = DataUrl::process(url).ok().and_then(|url| url.decode_to_vec().ok());
    let (bytes, _) = read.ok_or_else(|| refuse("is no data URL; a path is read by the one who has the file".into()))?;
    Picture::read(&bytes).map_err(|wrong| refuse(format!("is {wrong}")))
}

impl Reader {
    /// Each picture with its words: one that no words describe would be silent for whoever cannot see it.
    pub(super) fn pictures(&mut self, value: &Value, pictures: &mut Pictures) {
        let alternatives = KEYS.map(|key| format!("{key}_alternative"));
        let known: Vec<&str> = KEYS.into_iter().chain(alternatives.iter().map(String::as_str)).collect();
        let entries = self.table(value, "pictures", Some(&known));
        let given = |wanted: &str| entries.iter().find(|(key, _)| *key == wanted).map(|(_, value)| *value);
        for (key, alternative) in KEYS.into_iter().zip(&alternatives) {
            let place = format!("pictures.{key}");
            let words_place = format!("pictures.{alternative}");
            let words = given(alternative).and_then(|words| self.text(words, &words_place));
            let read = given(key).map(|value| picture(value, &place));
            match (read, words) {
                (Some(Err(problem)), _) => self.problems.push(problem),
                (Some(Ok(_)), None) if given(alternative).is_none() => {
                    self.note("no-alternative", &words_place, "is missing: say what the picture shows");
                }
                (Some(Ok(picture)), Some(words)) => {
                    let alternative = words.as_str().to_owned();
                    if let Some(slot) = pictures.slot(key) {
                        *slot = Some(Illustration { picture, alternative });
                    }
                }
                (None, Some(_)) => self.note("no-picture", &words_place, "describes a picture that is not given"),
                _ => {}
            }
        }
    }
}
