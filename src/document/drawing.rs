//! SVG to plain paths. What plain paths cannot show is refused, never left out: a seal that lost its letters would lie.

use super::drawing_elements;
use super::page::Colour;
use super::picture::{Drawing, FillRule, Point, Segment, Shape, Stroke};
use usvg::tiny_skia_path::{self, PathSegment};
use usvg::{
    BlendMode, Group, ImageHrefResolver, LineCap, LineJoin, Node, Options, Paint, PaintOrder, Transform, Tree,
    roxmltree,
};

const MOST_SEGMENTS: usize = 100_000;
const MOST_NODES: u32 = 100_000;

/// Reads an SVG file; see [`super::Picture::read`] for the error.
pub fn read(bytes: &[u8]) -> Result<Drawing, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "neither a PNG nor an SVG in UTF-8")?;
    drawing_elements::check_attributes(text)?;
    let options = roxmltree::ParsingOptions { allow_dtd: false, nodes_limit: MOST_NODES };
    let xml = roxmltree::Document::parse_with_options(text, options).map_err(|_| "neither a PNG nor a sound SVG")?;
    if xml.root_element().tag_name().name() != "svg" {
        return Err("neither a PNG nor an SVG".into());
    }
    drawing_elements::check(&xml)?;
    let nothing = ImageHrefResolver { resolve_data: Box::new(|_, _, _| None), resolve_string: Box::new(|_, _| None) };
    let options = Options { image_href_resolver: nothing, ..Options::default() };
    let tree = Tree::from_xmltree(&xml, &options).map_err(|_| "an SVG without a size, or with none to draw")?;
    let mut drawing = Drawing {
        width: thousandths(tree.size().width()).ok_or("an SVG of no size")?,
        height: thousandths(tree.size().height()).ok_or("an SVG of no size")?,
        shapes: Vec::new(),
    };
    group(tree.root(), &mut drawing, &mut 0)?;
    if drawing.shapes.is_empty() || drawing.width <= 0 || drawing.height <= 0 {
        return Err("an SVG that shows nothing".into());
    }
    Ok(drawing)
}

fn group(group: &Group, drawing: &mut Drawing, segments: &mut usize) -> Result<(), String> {
    if group.opacity().get() < 1.0 {
        return Err("an SVG with transparency; flatten it".into());
    }
    if group.blend_mode() != BlendMode::Normal {
        return Err("an SVG with colours that blend; flatten it".into());
    }
    if group.clip_path().is_some() || group.mask().is_some() || !group.filters().is_empty() {
        return Err("an SVG with clipping, masks or filters; flatten it".into());
    }
    for node in group.children() {
        match node {
            Node::Group(inner) => self::group(inner, drawing, segments)?,
            Node::Path(path) if path.is_visible() => {
                let shape = shape(path)?;
                *segments += shape.path.len();
                if *segments > MOST_SEGMENTS {
                    return Err(format!("an SVG of more than {MOST_SEGMENTS} lines and curves"));
                }
                drawing.shapes.push(shape);
            }
            Node::Path(_) => {}
            Node::Image(_) | Node::Text(_) => return Err("an SVG with an image or text in it".into()),
        }
    }
    Ok(())
}

fn shape(path: &usvg::Path) -> Result<Shape, String> {
    let transform = path.abs_transform();
    let fill = path.fill().map(|fill| {
        let rule = match fill.rule() {
            usvg::FillRule::NonZero => FillRule::NonZero,
            usvg::FillRule::EvenOdd => FillRule::EvenOdd,
        };
        Ok::<_, String>((solid(fill.paint(), fill.opacity().get())?, rule))
    });
    let stroke = path.stroke().map(|given| stroke(given, transform));
    // A PDF path is filled first.
    if fill.is_some() && stroke.is_some() && path.paint_order() == PaintOrder::StrokeAndFill {
        return Err("an SVG with strokes under fills (paint-order); draw them as paths of their own".into());
    }
    Ok(Shape { path: segments(path.data(), transform)?, fill: fill.transpose()?, stroke: stroke.transpose()? })
}

fn solid(paint: &Paint, opacity: f32) -> Result<Colour, String> {
    match paint {
        Paint::Color(colour) if opacity >= 1.0 => Ok(Colour(colour.red, colour.green, colour.blue)),
        Paint::Color(_) => Err("an SVG with transparency; flatten it".into()),
        _ => Err("an SVG with gradients or patterns; use plain colours".into()),
    }
}

fn stroke(stroke: &usvg::Stroke, transform: Transform) -> Result<Stroke, String> {
    if stroke.dasharray().is_some() {
        return Err("an SVG with dashed lines; turn them into outlines".into());
    }
    let area = (transform.sx * transform.sy - transform.kx * transform.ky).abs();
    let number = |value: f32| thousandths(value).ok_or_else(|| "an SVG with numbers out of range".to_owned());
    Ok(Stroke {
        colour: solid(stroke.paint(), stroke.opacity().get())?,
        width: number(stroke.width().get() * area.sqrt())?,
        cap: match stroke.linecap() {
            LineCap::Butt => 0,
            LineCap::Round => 1,
            LineCap::Square => 2,
        },
        join: match stroke.linejoin() {
            LineJoin::Miter | LineJoin::MiterClip => 0,
            LineJoin::Round => 1,
            LineJoin::Bevel => 2,
        },
        miter_limit: number(stroke.miterlimit().get())?,
    })
}

fn segments(path: &tiny_skia_path::Path, transform: Transform) -> Result<Vec<Segment>, String> {
    let place = |mut point: tiny_skia_path::Point| -> Result<Point, String> {
        transform.map_point(&mut point);
        thousandths(point.x).zip(thousandths(point.y)).ok_or_else(|| "an SVG with numbers out of range".to_owned())
    };
    let (mut read, mut pen) = (Vec::new(), tiny_skia_path::Point::zero());
    for segment in path.segments() {
        read.push(match segment {
            PathSegment::MoveTo(to) => Segment::Move(place(to)?),
            PathSegment::LineTo(to) => Segment::Line(place(to)?),
            PathSegment::QuadTo(control, to) => {
                // The same curve as a cubic: both controls two thirds of the way to the one.
                let third = |end: f32, control: f32| end + (control - end) * 2.0 / 3.0;
                let toward = |end: tiny_skia_path::Point| {
                    tiny_skia_path::Point::from_xy(third(end.x, control.x), third(end.y, control.y))
                };
                Segment::Curve(place(toward(pen))?, place(toward(to))?, place(to)?)
            }
            PathSegment::CubicTo(one, two, to) => Segment::Curve(place(one)?, place(two)?, place(to)?),
            PathSegment::Close => Segment::Close,
        });
        match segment {
            PathSegment::MoveTo(to) | PathSegment::LineTo(to) => pen = to,
            PathSegment::QuadTo(_, to) | PathSegment::CubicTo(_, _, to) => pen = to,
            PathSegment::Close => {}
        }
    }
    Ok(read)
}

/// In whole thousandths; `None` for what no page could hold.
fn thousandths(value: f32) -> Option<i64> {
    let scaled = f64::from(value) * 1000.0;
    (scaled.is_finite() && scaled.abs() < 1e12).then(|| scaled.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(body: &str) -> Result<Drawing, String> {
        read(format!(r#"<svg xmlns="http://www.w3.org/2000/svg" width="10" height="20">{body}</svg>"#).as_bytes())
    }

    #[test]
    fn plain_paths_keep_their_places_and_colours() {
        let drawing =
            svg(r##"<g transform="translate(1 2) scale(2)"><rect width="3" height="4" fill="#010203"/></g>"##)
                .expect("a plain drawing");
        assert_eq!((drawing.width, drawing.height, drawing.shapes.len()), (10_000, 20_000, 1));
        let Shape { path, fill, stroke } = &drawing.shapes[0];
        assert_eq!((*fill, *stroke), (Some((Colour(1, 2, 3), FillRule::NonZero)), None));
        assert_eq!(path[..2], [Segment::Move((1000, 2000)), Segment::Line((7000, 2000))]);
        assert!(path.contains(&Segment::Line((7000, 10_000))));
    }

    #[test]
    fn what_would_vanish_or_reach_out_is_refused() {
        for body in [
            "",
            "<text x='1' y='9'>Seal</text>",
            "<image href='file:///etc/hostname' width='9' height='9'/>",
            "<rect width='9' height='9' opacity='0.5'/>",
            "<rect width='9' height='9' fill-opacity='0.5'/>",
            "<path d='M0 0 L9 9' stroke='black' stroke-dasharray='1'/>",
            "<rect width='9' height='9' stroke='red' paint-order='stroke'/>",
            "<g style='mix-blend-mode:multiply'><rect width='9' height='9'/></g>",
            "<rect id='r' width='9' height='9'/><use href='#r' x='1'/>",
            "<linearGradient id='g'><stop stop-color='red'/><stop offset='1'/></linearGradient>\
             <rect width='9' height='9' fill='url(#g)'/>",
            "<clipPath id='c'><rect width='1' height='1'/></clipPath><rect width='9' height='9' clip-path='url(#c)'/>",
        ] {
            assert!(svg(body).is_err(), "{body}");
        }
        for unknown in ["flowRoot", "tspan", "symbol", "solidColor", "hatch", "switch", "set", "Path", "glyph"] {
            let drawn = svg(&format!("<rect width='9' height='9'/><{unknown}><path d='M0 0L9 9z'/></{unknown}>"));
            assert!(drawn.is_err_and(|why| why.contains(unknown)), "{unknown}");
        }
        for file in [&b"\xff\xfe"[..], b"<html/>", b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>", b"GIF89a", b""] {
            assert!(read(file).is_err());
        }
    }

    #[test]
    fn what_an_editor_keeps_for_itself_does_no_harm() {
        let drawn = svg(
            "<title>Seal</title><metadata><r:RDF xmlns:r='urn:r'><r:text/></r:RDF></metadata><style>.a{fill:#010203}</style>\
             <e:view xmlns:e='urn:e'/><rect class='a' width='9' height='9'/>",
        );
        assert_eq!(drawn.map(|drawing| drawing.shapes[0].fill), Ok(Some((Colour(1, 2, 3), FillRule::NonZero))));
    }

    #[test]
    fn a_small_file_that_would_be_read_for_ever_is_refused() {
        // Each selector is tried on every chain of ancestors: 2^100 of them.
        let nested = format!("{}<rect width='9' height='9'/>{}", "<g>".repeat(100), "</g>".repeat(100));
        assert!(svg(&format!("<style>z g g g g g g g g g g{{fill:red}}</style>{nested}")).is_err());
        let rules: String = (0..20_000).map(|number| format!(".a{number}{{fill:red}}")).collect();
        assert!(svg(&format!("<style>{rules}</style>{}", "<rect width='9' height='9'/>".repeat(30_000))).is_err());
        let attributes: String = (0..50_000).map(|number| format!(" a{number}=''")).collect();
        assert!(svg(&format!("<rect width='9' height='9'{attributes}/>")).is_err());
    }
}
