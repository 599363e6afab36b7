//! A watermark as a form that pages share: large text along the page's rising diagonal.

use super::chunk::FontSet;
use super::content::{Watermark, fill_colour};
use super::show::show;
use super::{deflate, syntax};
use crate::document::Length;
use crate::domain::{Error, Problem};
use printpdf::{DictItem, ExternalStream, ExternalXObject};
use std::collections::BTreeMap;

/// The form, without its resources.
pub fn form(mark: &Watermark, width: Length, height: Length) -> Result<ExternalXObject, Error> {
    let edge = |length: Length| DictItem::Real(length.in_millipoints() as f32 / 1000.0);
    let bounds = vec![DictItem::Int(0), DictItem::Int(0), edge(width), edge(height)];
    let dict = BTreeMap::from([
        ("Type".to_owned(), DictItem::Name(b"XObject".to_vec())),
        ("Subtype".to_owned(), DictItem::Name(b"Form".to_vec())),
        ("BBox".to_owned(), DictItem::Array(bounds)),
        ("Filter".to_owned(), DictItem::Name(b"FlateDecode".to_vec())),
    ]);
    let content = deflate::once(&content(mark, width, height)?);
    let stream = ExternalStream { dict, content, compress: false };
    Ok(ExternalXObject { stream, width: None, height: None, dpi: None })
}

fn content(mark: &Watermark, width: Length, height: Length) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    begin(&mut out, mark, mark.face.width(&mark.text, mark.size), [width, height]);
    // The page that shows the form has told which fonts it needs.
    let used = &mut FontSet::default();
    let missing = show(&mut out, &mut None, (mark.face, mark.size), mark.text.chars(), used)?;
    out.extend_from_slice(b"\nET\n");
    let problem =
        |c: &char| Problem::new("no-glyph", "watermark", format!("no face has the character U+{:04X}", u32::from(*c)));
    if missing.is_empty() { Ok(out) } else { Err(Error::Render(missing.iter().map(problem).collect())) }
}

/// Begins text of a width whose middle stands on the middle of the diagonal.
pub fn begin(out: &mut Vec<u8>, mark: &Watermark, text: Length, [width, height]: [Length; 2]) {
    let (across, up) = (f64::from(width.in_millipoints()), f64::from(height.in_millipoints()));
    // Root and quotient are exact in IEEE arithmetic: the same on every machine, unlike sine and cosine.
    let diagonal = (across * across + up * up).sqrt().max(1.0);
    let (cosine, sine) = (across / diagonal, up / diagonal);
    let half = f64::from(text.in_millipoints()) / 2.0;
    // Half the height of capitals below the diagonal, about a third of the size.
    let drop = f64::from(mark.size.in_millipoints()) * 0.33;
    let x = across / 2.0 - cosine * half + sine * drop;
    let y = up / 2.0 - sine * half - cosine * drop;
    fill_colour(out, mark.colour);
    out.extend_from_slice(b"BT ");
    for value in [cosine * 1000.0, sine * 1000.0, -sine * 1000.0, cosine * 1000.0, x, y] {
        syntax::thousandths(out, value.round() as i64);
        out.push(b' ');
    }
    out.extend_from_slice(b"Tm ");
}
