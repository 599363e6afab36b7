//! The schemes that come with the package, as data.

use super::classification::HonoursScheme;
use super::conversion::ConversionScheme;
use super::weighted_mark::MarkScheme;

macro_rules! built_in {
    ($scheme:ident, $($name:literal),+) => {
        impl $scheme {
            /// A scheme that comes with the package; `None` for an unknown name.
            pub fn built_in(name: &str) -> Option<$scheme> {
                let text = match name {
                    $($name => include_str!(concat!("../../../assets/systems/", $name, ".toml")),)+
                    _ => return None,
                };
                $scheme::from_toml(text).ok()
            }

            /// The names `built_in` knows.
            pub fn built_in_names() -> &'static [&'static str] {
                &[$($name),+]
            }
        }
    };
}

built_in!(HonoursScheme, "uk-25-75", "sheffield-hallam", "mmu-weighted", "birkbeck", "durham-physics");
built_in!(MarkScheme, "monash-wam");
built_in!(ConversionScheme, "modified-bavarian", "passau", "cologne-english");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_reads() {
        for name in HonoursScheme::built_in_names() {
            let scheme = HonoursScheme::built_in(name).unwrap_or_else(|| panic!("{name} does not read"));
            assert_eq!(scheme.name, *name);
        }
        assert!(MarkScheme::built_in_names().iter().all(|name| MarkScheme::built_in(name).is_some()));
        assert!(ConversionScheme::built_in_names().iter().all(|name| ConversionScheme::built_in(name).is_some()));
        assert!(HonoursScheme::built_in("no-such-scheme").is_none());
    }
}
