//! A picture as a shared object that fills the unit square: an image, or a form of plain paths.

use super::content::fill_colour;
use super::deflate;
use super::syntax::{integer, thousandths};
use crate::document::picture::{Artwork, Drawing, FillRule, Point, Raster, Segment, Shape, Stroke};
use crate::document::{Colour, Picture};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

/// Adds the picture's objects; returns the one that pages show.
pub fn add(objects: &mut Document, picture: &Picture) -> ObjectId {
    match picture.artwork() {
        Artwork::Raster(raster) => add_raster(objects, raster),
        Artwork::Drawing(drawing) => {
            let form = dictionary! {
                "Type" => "XObject",
                "Subtype" => "Form",
                "BBox" => [0, 0, 1, 1].map(Object::Integer).to_vec(),
                "Resources" => Dictionary::new(),
            };
            add_stream(objects, form, &paths(drawing))
        }
    }
}

fn add_raster(objects: &mut Document, raster: &Raster) -> ObjectId {
    let image = |space: &str| {
        dictionary! {
            "Type" => "XObject",
            "Subtype" => "Image",
            "Width" => i64::from(raster.width),
            "Height" => i64::from(raster.height),
            "ColorSpace" => Object::Name(space.as_bytes().to_vec()),
            "BitsPerComponent" => 8,
        }
    };
    let mut colours = image("DeviceRGB");
    if let Some(opacity) = &raster.opacity {
        let mask = add_stream(objects, image("DeviceGray"), opacity);
        colours.set("SMask", mask);
    }
    add_stream(objects, colours, &raster.colours)
}

fn add_stream(objects: &mut Document, mut entries: Dictionary, content: &[u8]) -> ObjectId {
    entries.set("Filter", "FlateDecode");
    objects.add_object(Stream::new(entries, deflate::once(content)))
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
