//! The sRGB profile that the output intent names: made here from the standard's own numbers, so that nobody's licence binds it.

use super::deflate;
use std::sync::OnceLock;

/// Steps of the tone curve; readers interpolate between them, and miss it by less than one part in 65,535.
const STEPS: u16 = 256;
/// The primaries of IEC 61966-2-1 adapted to D50, and D50 itself, as ICC.1:2001-04 has them (16 bits of fraction).
const RED: [u32; 3] = [0x6FA2, 0x38F5, 0x0390];
const GREEN: [u32; 3] = [0x6299, 0xB785, 0x18DA];
const BLUE: [u32; 3] = [0x24A0, 0x0F84, 0xB6CF];
const D50: [u32; 3] = [0xF6D6, 0x1_0000, 0xD32D];
const HEADER: usize = 128;

/// The profile, compressed once per process.
pub fn packed() -> &'static [u8] {
    static PACKED: OnceLock<Vec<u8>> = OnceLock::new();
    match PACKED.get() {
        Some(packed) => packed,
        // Built outside `get_or_init`, as fonts are: a forked child must not wait for a thread that it lacks.
        None => {
            let built = deflate::once(&profile());
            PACKED.get_or_init(|| built)
        }
    }
}

/// A display profile of version 2: matrix and tone curve.
fn profile() -> Vec<u8> {
    let curve = curve();
    let tags = [
        (*b"desc", description("sRGB")),
        (*b"cprt", [b"text\0\0\0\0".as_slice(), b"CC0 1.0: no rights reserved\0"].concat()),
        (*b"wtpt", xyz(D50)),
        (*b"rXYZ", xyz(RED)),
        (*b"gXYZ", xyz(GREEN)),
        (*b"bXYZ", xyz(BLUE)),
        (*b"rTRC", curve.clone()),
        (*b"gTRC", curve.clone()),
        (*b"bTRC", curve),
    ];
    let (mut table, mut contents) = ((tags.len() as u32).to_be_bytes().to_vec(), Vec::<u8>::new());
    let start = HEADER + 4 + tags.len() * 12;
    let mut last: Option<(&Vec<u8>, usize)> = None;
    for (name, content) in &tags {
        // The three curves are one.
        let place = match last {
            Some((same, place)) if same == content => place,
            _ => {
                contents.resize(contents.len().next_multiple_of(4), 0);
                let place = start + contents.len();
                contents.extend_from_slice(content);
                place
            }
        };
        last = Some((content, place));
        table.extend_from_slice(name);
        table.extend_from_slice(&(place as u32).to_be_bytes());
        table.extend_from_slice(&(content.len() as u32).to_be_bytes());
    }
    contents.resize(contents.len().next_multiple_of(4), 0);
    let mut profile = header(start + contents.len());
    profile.append(&mut table);
    profile.append(&mut contents);
    profile
}

fn header(size: usize) -> Vec<u8> {
    let mut header = vec![0; HEADER];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &(size as u32).to_be_bytes());
    put(8, &[2, 0x10, 0, 0]);
    put(12, b"mntrRGB XYZ ");
    // 1 January 2026.
    put(24, &[0x07, 0xEA, 0, 1, 0, 1]);
    put(36, b"acsp");
    put(68, &xyz(D50)[8..]);
    header
}

fn xyz(values: [u32; 3]) -> Vec<u8> {
    let mut tag = b"XYZ \0\0\0\0".to_vec();
    values.iter().for_each(|value| tag.extend_from_slice(&value.to_be_bytes()));
    tag
}

/// In ASCII; the Unicode and Macintosh forms are left empty.
fn description(text: &str) -> Vec<u8> {
    let mut tag = b"desc\0\0\0\0".to_vec();
    tag.extend_from_slice(&(text.len() as u32 + 1).to_be_bytes());
    tag.extend_from_slice(text.as_bytes());
    tag.resize(tag.len() + 1 + 8 + 3 + 67, 0);
    tag
}

fn curve() -> Vec<u8> {
    let mut tag = b"curv\0\0\0\0".to_vec();
    tag.extend_from_slice(&u32::from(STEPS).to_be_bytes());
    for step in 0..STEPS {
        let light = linear(f64::from(step) / f64::from(STEPS - 1));
        tag.extend_from_slice(&((light * 65_535.0).round() as u16).to_be_bytes());
    }
    tag
}

/// Light of a coded value. Only operations that IEEE arithmetic defines exactly: the same bytes on every machine, which
/// `powf` does not promise.
fn linear(value: f64) -> f64 {
    if value <= 0.040_45 {
        return value / 12.92;
    }
    let base = (value + 0.055) / 1.055;
    let square = base * base;
    // The power 2.4 is the square times its fifth root, by Newton's method.
    let mut root = 1.0_f64;
    for _ in 0..64 {
        let fourth = root * root * root * root;
        root -= (fourth * root - square) / (5.0 * fourth);
    }
    square * root
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_is_the_standards() {
        for step in 0..=100 {
            let value = f64::from(step) / 100.0;
            let expected = if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) };
            assert!((linear(value) - expected).abs() < 1e-12);
        }
        let curve = curve();
        assert_eq!(curve.len(), 12 + 2 * usize::from(STEPS));
        assert_eq!((&curve[12..14], &curve[curve.len() - 2..]), ([0, 0].as_slice(), [0xFF, 0xFF].as_slice()));
    }

    #[test]
    fn tags_lie_inside_the_profile_and_white_is_the_sum_of_the_primaries() {
        let profile = profile();
        let number = |at: usize| u32::from_be_bytes(profile[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!(number(0), profile.len());
        for tag in 0..number(HEADER) {
            let (offset, size) = (number(HEADER + 8 + tag * 12), number(HEADER + 12 + tag * 12));
            assert!(offset % 4 == 0 && offset + size <= profile.len());
        }
        for axis in 0..3 {
            // As published, rounded one by one: they add up to within two parts of ten thousand.
            assert!((RED[axis] + GREEN[axis] + BLUE[axis]).abs_diff(D50[axis]) <= 13);
        }
        assert!(packed().len() < 3_000);
    }
}
