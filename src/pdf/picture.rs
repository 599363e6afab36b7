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
            let (width, height) = (drawing.width.max(1), drawing.height.max(1));
            let side = |length: i64| Object::Real(length as f32 / 1000.0);
            let form = dictionary! {
                "Type" => "XObject",
                "Subtype" => "Form",
                "BBox" => vec![0.into(), 0.into(), side(width), side(height)],
                // To the unit square.
                "Matrix" => vec![
                    Object::Real(1000.0 / width as f32), 0.into(), 0.into(),
                    Object::Real(1000.0 / height as f32), 0.into(), 0.into(),
                ],
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
    // SVG grows down, PDF up.
    out.extend_from_slice(b"1 0 0 -1 0 ");
    thousandths(&mut out, drawing.height);
    out.extend_from_slice(b" cm\n");
    drawing.shapes.iter().for_each(|shape| painted(&mut out, shape));
    out
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
