//! A picture as a shared object that fills the unit square: an image, or a form of plain paths.

use super::content::fill_colour;
use super::deflate;
use super::syntax::{integer, thousandths};
use crate::document::picture::{Artwork, Drawing, FillRule, Point, Raster, Segment, Shape, Stroke};
use crate::document::{Colour, Picture};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use std::cell::RefCell;
use std::rc::Rc;

/// A picture's streams, packed.
struct Packed {
    shown: Stream,
    opacity: Option<Stream>,
}

/// Pictures that a thread keeps packed: a theme's logo, seal and signature, and another theme's.
const KEPT: usize = 8;

thread_local! {
    // One for each thread: no lock between threads. The last used stands first.
    static PACKED: RefCell<Vec<(Picture, Rc<Packed>)>> = const { RefCell::new(Vec::new()) };
}

/// Adds the picture's objects; returns the one that pages show.
pub fn add(objects: &mut Document, picture: &Picture) -> ObjectId {
    let packed = packed(picture);
    let mut shown = packed.shown.clone();
    if let Some(opacity) = &packed.opacity {
        shown.dict.set("SMask", objects.add_object(opacity.clone()));
    }
    objects.add_object(shown)
}

/// The picture's streams: packed once for all shapes of documents.
fn packed(picture: &Picture) -> Rc<Packed> {
    PACKED.with_borrow_mut(|kept| {
        let entry = match kept.iter().position(|(known, _)| known == picture) {
            Some(at) => kept.remove(at),
            None => (picture.clone(), Rc::new(Packed::new(picture))),
        };
        let packed = Rc::clone(&entry.1);
        kept.insert(0, entry);
        kept.truncate(KEPT);
        packed
    })
}

impl Packed {
    fn new(picture: &Picture) -> Packed {
        match picture.artwork() {
            Artwork::Raster(raster) => Packed {
                shown: stream(image(raster, "DeviceRGB"), &raster.colours),
                opacity: raster.opacity.as_ref().map(|opacity| stream(image(raster, "DeviceGray"), opacity)),
            },
            Artwork::Drawing(drawing) => {
                let form = dictionary! {
                    "Type" => "XObject",
                    "Subtype" => "Form",
                    "BBox" => [0, 0, 1, 1].map(Object::Integer).to_vec(),
                    "Resources" => Dictionary::new(),
                };
                Packed { shown: stream(form, &paths(drawing)), opacity: None }
            }
        }
    }
}

fn image(raster: &Raster, space: &str) -> Dictionary {
    dictionary! {
        "Type" => "XObject",
        "Subtype" => "Image",
        "Width" => i64::from(raster.width),
        "Height" => i64::from(raster.height),
        "ColorSpace" => Object::Name(space.as_bytes().to_vec()),
        "BitsPerComponent" => 8,
    }
}

fn stream(mut entries: Dictionary, content: &[u8]) -> Stream {
    entries.set("Filter", "FlateDecode");
    Stream::new(entries, deflate::once(content))
}

fn paths(drawing: &Drawing) -> Vec<u8> {
    let mut out = Vec::new();
    // To the unit square; SVG grows down, PDF up. In a dictionary three places would be left of the factors.
    let (across, down) = (inverse(drawing.width), inverse(drawing.height));
    out.extend_from_slice(format!("{across} 0 0 -{down} 0 1 cm\n").as_bytes());
    drawing.shapes.iter().for_each(|shape| painted(&mut out, shape));
    out
}

/// One over a length given in thousandths.
fn inverse(length: i64) -> String {
    const ONE: i64 = 1_000_000_000_000;
    let factor = 1000 * ONE / length.max(1);
    format!("{}.{:012}", factor / ONE, factor % ONE)
}

fn painted(out: &mut Vec<u8>, shape: &Shape) {
    if let Some((colour, _)) = shape.fill {
        fill_colour(out, colour);
    }
    if let Some(stroke) = shape.stroke {
        pen(out, stroke);
    }
    shape.path.iter().for_each(|segment| traced(out, *segment));
    out.extend_from_slice(match (shape.fill, shape.stroke) {
        (Some((_, FillRule::NonZero)), None) => b"f\n",
        (Some((_, FillRule::EvenOdd)), None) => b"f*\n",
        (Some((_, FillRule::NonZero)), Some(_)) => b"B\n",
        (Some((_, FillRule::EvenOdd)), Some(_)) => b"B*\n",
        (None, Some(_)) => b"S\n",
        (None, None) => b"n\n",
    });
}

fn pen(out: &mut Vec<u8>, stroke: Stroke) {
    let Colour(red, green, blue) = stroke.colour;
    for part in [red, green, blue] {
        thousandths(out, (i64::from(part) * 1000 + 127) / 255);
        out.push(b' ');
    }
    out.extend_from_slice(b"RG ");
    thousandths(out, stroke.width);
    out.extend_from_slice(b" w ");
    integer(out, stroke.cap.into());
    out.extend_from_slice(b" J ");
    integer(out, stroke.join.into());
    out.extend_from_slice(b" j ");
    thousandths(out, stroke.miter_limit.max(1000));
    out.extend_from_slice(b" M\n");
}

fn traced(out: &mut Vec<u8>, segment: Segment) {
    let mut points = |points: &[Point], operator: &[u8]| {
        for (x, y) in points {
            thousandths(out, *x);
            out.push(b' ');
            thousandths(out, *y);
            out.push(b' ');
        }
        out.extend_from_slice(operator);
    };
    match segment {
        Segment::Move(to) => points(&[to], b"m\n"),
        Segment::Line(to) => points(&[to], b"l\n"),
        Segment::Curve(one, two, to) => points(&[one, two, to], b"c\n"),
        Segment::Close => points(&[], b"h\n"),
    }
}
