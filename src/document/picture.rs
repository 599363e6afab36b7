//! Pictures of an institution's own (logo, seal, signature): read once, checked, and ready for any back end.

use super::drawing;
use super::page::Colour;
use std::sync::Arc;

/// The bytes of a picture's file at most: a megabyte of logo helps nobody.
pub const MOST_BYTES: usize = 1024 * 1024;
/// Pixels along either side.
const MOST_PIXELS: u32 = 4096;

/// A picture. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Picture(Arc<Artwork>);

/// What is in it.
#[derive(Debug, PartialEq, Eq)]
pub enum Artwork {
    Raster(Raster),
    Drawing(Drawing),
}

/// Pixels, row by row from the top.
#[derive(Debug, PartialEq, Eq)]
pub struct Raster {
    pub width: u32,
    pub height: u32,
    /// Red, green and blue, a byte each (sRGB).
    pub colours: Vec<u8>,
    /// How opaque each pixel is; absent where all are.
    pub opacity: Option<Vec<u8>>,
}

/// Filled and stroked paths, painted in order. Coordinates are thousandths of the drawing's unit, from its top left
/// corner rightwards and down.
#[derive(Debug, PartialEq, Eq)]
pub struct Drawing {
    pub width: i64,
    pub height: i64,
    pub shapes: Vec<Shape>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Shape {
    pub path: Vec<Segment>,
    pub fill: Option<(Colour, FillRule)>,
    pub stroke: Option<Stroke>,
}

/// A point.
pub type Point = (i64, i64);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    Move(Point),
    Line(Point),
    /// A cubic curve: two control points and its end.
    Curve(Point, Point, Point),
    Close,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FillRule {
    NonZero,
    EvenOdd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stroke {
    pub colour: Colour,
    pub width: i64,
    /// As PDF numbers them (ISO 32000-1, 8.4.3.3 and 8.4.3.4).
    pub cap: u8,
    pub join: u8,
    /// In thousandths.
    pub miter_limit: i64,
}

/// A picture and what it shows, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Illustration {
    pub picture: Picture,
    pub alternative: String,
}

impl PartialEq for Picture {
    fn eq(&self, other: &Picture) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}
impl Eq for Picture {}

impl Picture {
    /// Reads a PNG or SVG file. The error says what is wrong with it, in words that follow "is".
    pub fn read(bytes: &[u8]) -> Result<Picture, String> {
        if bytes.len() > MOST_BYTES {
            return Err("larger than 1 MiB".into());
        }
        let artwork = match bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            true => Artwork::Raster(raster(bytes)?),
            false => Artwork::Drawing(drawing::read(bytes)?),
        };
        Ok(Picture(Arc::new(artwork)))
    }

    pub fn artwork(&self) -> &Artwork {
        &self.0
    }

    /// Width and height, in any unit: what counts is their ratio.
    pub fn proportions(&self) -> (i64, i64) {
        match &*self.0 {
            Artwork::Raster(raster) => (raster.width.into(), raster.height.into()),
            Artwork::Drawing(drawing) => (drawing.width, drawing.height),
        }
    }
}

fn raster(bytes: &[u8]) -> Result<Raster, String> {
    let broken = |_| "a PNG that cannot be read".to_owned();
    // Twice what the largest accepted picture takes.
    let limits = png::Limits { bytes: 8 * (MOST_PIXELS as usize).pow(2) };
    let mut decoder = png::Decoder::new_with_limits(std::io::Cursor::new(bytes), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let header = decoder.read_header_info().map_err(broken)?;
    if header.width > MOST_PIXELS || header.height > MOST_PIXELS {
        return Err(format!("more than {MOST_PIXELS} pixels wide or high"));
    }
    let mut reader = decoder.read_info().map_err(broken)?;
    let size = reader.output_buffer_size().ok_or("a PNG that cannot be read")?;
    let mut pixels = vec![0; size];
    let frame = reader.next_frame(&mut pixels).map_err(broken)?;
    pixels.truncate(frame.buffer_size());
    let samples = frame.color_type.samples();
    let (mut colours, mut opacity) = (Vec::with_capacity(pixels.len()), Vec::new());
    for pixel in pixels.chunks_exact(samples) {
        match *pixel {
            [grey] => colours.extend([grey; 3]),
            [grey, alpha] => {
                colours.extend([grey; 3]);
                opacity.push(alpha);
            }
            [red, green, blue] => colours.extend([red, green, blue]),
            [red, green, blue, alpha] => {
                colours.extend([red, green, blue]);
                opacity.push(alpha);
            }
            _ => return Err("a PNG that cannot be read".into()),
        }
    }
    let seen_through = opacity.iter().any(|alpha| *alpha < u8::MAX);
    Ok(Raster { width: frame.width, height: frame.height, colours, opacity: seen_through.then_some(opacity) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png_of(width: u32, colour: png::ColorType, pixels: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let height = (pixels.len() / colour.samples()) as u32 / width;
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(colour);
        encoder.write_header().and_then(|mut writer| writer.write_image_data(pixels)).expect("a PNG");
        bytes
    }

    #[test]
    fn pixels_are_read_with_their_opacity() {
        let read = |bytes: &[u8]| Picture::read(bytes).expect("a picture");
        let clear = read(&png_of(2, png::ColorType::Rgba, &[1, 2, 3, 255, 4, 5, 6, 128]));
        let Artwork::Raster(raster) = clear.artwork() else { panic!("a raster") };
        assert_eq!((&raster.colours[..], raster.opacity.as_deref()), (&[1, 2, 3, 4, 5, 6][..], Some(&[255, 128][..])));
        let grey = read(&png_of(1, png::ColorType::Grayscale, &[9, 8]));
        let Artwork::Raster(raster) = grey.artwork() else { panic!("a raster") };
        assert_eq!((&raster.colours[..], &raster.opacity), (&[9, 9, 9, 8, 8, 8][..], &None));
        assert_eq!(grey.proportions(), (1, 2));
    }

    #[test]
    fn a_broken_or_oversized_file_is_refused() {
        let whole = png_of(2, png::ColorType::Rgb, &[7; 12]);
        for cut in 0..whole.len() - 12 {
            assert!(Picture::read(&whole[..cut]).is_err(), "{cut}");
        }
        let wide = png_of(MOST_PIXELS + 1, png::ColorType::Grayscale, &vec![0; MOST_PIXELS as usize + 1]);
        assert!(Picture::read(&wide).is_err());
        assert!(Picture::read(&vec![b' '; MOST_BYTES + 1]).is_err());
    }
}
