//! Faces for scripts that the house's own lack, whole files under the SIL Open Font License.

use super::file::FontFile;
use crate::document::face::{Face, once};
use std::sync::OnceLock;
use unicode_script::Script;

/// A face for one script, light or strong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shipped(u8);

/// Each script's light face, then its strong one: Noto Sans, drawn to stand beside sans faces of other scripts.
static FILES: [(Script, &[u8]); 8] = [
    (Script::Arabic, include_bytes!("../../../assets/fonts/NotoSansArabic-Regular.ttf")),
    (Script::Arabic, include_bytes!("../../../assets/fonts/NotoSansArabic-Semibold.ttf")),
    (Script::Hebrew, include_bytes!("../../../assets/fonts/NotoSansHebrew-Regular.ttf")),
    (Script::Hebrew, include_bytes!("../../../assets/fonts/NotoSansHebrew-Semibold.ttf")),
    (Script::Devanagari, include_bytes!("../../../assets/fonts/NotoSansDevanagari-Regular.ttf")),
    (Script::Devanagari, include_bytes!("../../../assets/fonts/NotoSansDevanagari-Semibold.ttf")),
    (Script::Thai, include_bytes!("../../../assets/fonts/NotoSansThai-Regular.ttf")),
    (Script::Thai, include_bytes!("../../../assets/fonts/NotoSansThai-Semibold.ttf")),
];

static READ: [OnceLock<FontFile>; FILES.len()] = [const { OnceLock::new() }; FILES.len()];

impl Shipped {
    /// The face for a script in the weight of one of the house's faces.
    pub(super) fn of(script: Script, face: Face) -> Option<Shipped> {
        Shipped::all(face).find(|shipped| FILES[usize::from(shipped.0)].0 == script)
    }

    pub(super) fn all(face: Face) -> impl Iterator<Item = Shipped> {
        let weight = u8::from(face != Face::Text);
        (0..FILES.len() as u8 / 2).map(move |script| Shipped(script * 2 + weight))
    }

    pub(super) fn file(self) -> &'static FontFile {
        let at = usize::from(self.0);
        // The files are part of the binary: that they parse is checked by the tests, not at run time.
        once(&READ[at], || FontFile::shipped(FILES[at].1).expect("a font that comes with the house parses"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_has_a_light_and_a_strong_face() {
        for (script, sample) in
            [(Script::Arabic, 'م'), (Script::Hebrew, 'ש'), (Script::Devanagari, 'क'), (Script::Thai, 'ก')]
        {
            let faces = [Face::Text, Face::Strong].map(|face| Shipped::of(script, face).expect("it ships"));
            assert_ne!(faces[0], faces[1]);
            for (face, name) in faces.into_iter().zip(["Regular", "SemiBold"]) {
                assert!(face.file().has(sample), "{script:?}");
                let parsed = face.file().parsed().expect("it parses");
                let names: Vec<String> = parsed.names().into_iter().filter_map(|name| name.to_string()).collect();
                assert!(names.iter().any(|full| full.ends_with(name)), "{script:?} {name}: {names:?}");
            }
        }
    }
}
