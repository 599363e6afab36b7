//! The fonts that a theme names for characters that the house's own lack: whoever reads the theme reads their files.

use super::fonts::Fonts;
use super::theme_file::ThemeFile;
use crate::domain::Problem;
use serde_json::Value;

pub(super) const KEYS: [&str; 1] = ["fallback"];

/// Each is asked in turn for a character: more would be a mistake.
const MOST: usize = 16;

/// What is wrong with the table; whether its files are fonts is known to those who read them.
pub(super) fn check(fonts: &Value) -> Vec<Problem> {
    let Value::Object(entries) = fonts else {
        return vec![Problem::new("not-a-table", "fonts", "must be a table")];
    };
    let unknown = entries.keys().filter(|key| !KEYS.contains(&key.as_str()));
    let mut problems: Vec<Problem> =
        unknown.map(|_| Problem::new("unknown-key", "fonts", "may have the key fallback only")).collect();
    let sound = match entries.get("fallback") {
        None | Some(Value::Null) => true,
        Some(Value::Array(paths)) => {
            paths.len() <= MOST && paths.iter().all(|path| path.as_str().is_some_and(|path| !path.is_empty()))
        }
        Some(_) => false,
    };
    if !sound {
        let message = format!("must be a list of at most {MOST} paths of font files");
        problems.push(Problem::new("not-paths", "fonts.fallback", message));
    }
    problems
}

/// The last list of paths counts; a theme whose fonts were not read would print names otherwise than it says.
pub(super) fn unread(layers: &[ThemeFile], fonts: &Fonts) -> Option<Problem> {
    let lists = layers.iter().rev().filter_map(|layer| layer.0.pointer("/fonts/fallback").and_then(Value::as_array));
    let named = lists.map(Vec::len).next().unwrap_or(0);
    let message = "names font files that were not read along with the theme";
    (named != fonts.own_count()).then(|| Problem::new("fonts-not-read", "fonts.fallback", message))
}
