//! What documents of one shape share: catalog, pages, resources, watermark. printpdf frames it; it is kept as finished bytes.

use super::chunk::FontSet;
use super::content::Watermark;
use super::deflate::Kind;
use super::file::{Beginning, File};
use super::font::{self, Font};
use super::pack::Pack;
use super::{deflate, picture, profile, script, syntax, watermark};
use crate::document::{Length, Picture};
use crate::domain::Error;
use lopdf::{Dictionary, Object, ObjectId, dictionary};
use printpdf::{PdfDocument, PdfPage, PdfSaveOptions, Pt, Rect, XObject, XObjectId, init_doc_and_resources};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// All that a frame depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    pub width: Length,
    pub height: Length,
    pub language: String,
    pub pages: usize,
    pub fonts: FontSet,
    /// Fonts of the document's own.
    pub scripts: usize,
    pub watermarks: Vec<Watermark>,
    pub pictures: Vec<Picture>,
    pub attachments: usize,
    /// Whether there are headings to list as bookmarks.
    pub outline: bool,
}

/// The numbers of one attachment's objects.
#[derive(Clone, Copy)]
pub struct AttachmentPlace {
    pub specification: u32,
    pub stream: u32,
}

/// The finished objects of a shape, and the numbers of those that each document fills in.
pub struct Frame {
    pub root: u32,
    pub info: u32,
    pub metadata: u32,
    pub structure: u32,
    pub outline: Option<u32>,
    /// The list of attachments by name, where there are any.
    pub names: u32,
    pub attachments: Vec<AttachmentPlace>,
    pub pages: Vec<u32>,
    pub contents: Vec<u32>,
    /// The objects that are the same in all documents of the shape.
    pub beginning: Beginning,
    /// The first of the numbers that each font of the document's own takes.
    pub scripts: Vec<u32>,
}

/// Frames that a thread keeps, of some 25 KB each: a student body has many shapes.
const KEPT: usize = 128;
/// What they may weigh together: each holds the pictures of its theme, which may have a few megabytes.
const KEPT_BYTES: usize = 32 * 1024 * 1024;

thread_local! {
    // One for each thread: no lock between threads. The last used stands first.
    static FRAMES: RefCell<Vec<(Shape, Rc<Frame>)>> = const { RefCell::new(Vec::new()) };
}

impl Frame {
    /// The frame of a shape, built on first use.
    pub fn of(shape: Shape) -> Result<Rc<Frame>, Error> {
        FRAMES.with_borrow_mut(|frames| {
            let found = frames.iter().position(|(known, _)| *known == shape);
            let entry = match found {
                Some(index) => frames.remove(index),
                None => {
                    let frame = Rc::new(Frame::build(&shape)?);
                    (shape, frame)
                }
            };
            let frame = Rc::clone(&entry.1);
            frames.insert(0, entry);
            frames.truncate(KEPT);
            within_bytes(frames, |(_, frame)| frame.beginning.size());
            Ok(frame)
        })
    }

    fn build(shape: &Shape) -> Result<Frame, Error> {
        let design = design(shape)?;
        // printpdf's own `save` and `to_lopdf_document` would link an Adobe colour profile that may not be passed on freely.
        let (mut objects, mut xobjects) = init_doc_and_resources(&design, &PdfSaveOptions::default());
        let (fonts, mut font_names) = add_fonts(&mut objects, shape.fonts)?;
        let scripts = reserve_scripts(&mut objects, shape.scripts, &mut font_names);
        let font_names = objects.add_object(font_names);
        for (_, form) in &xobjects {
            let resources = dictionary! { "Font" => font_names };
            let form = form.as_reference().and_then(|id| objects.get_object_mut(id)).and_then(Object::as_stream_mut);
            form.map_err(|_| internal("a watermark went missing"))?.dict.set("Resources", resources);
        }
        for (index, shown) in shape.pictures.iter().enumerate() {
            xobjects.set(format!("P{index}"), picture::add(&mut objects, shown));
        }
        let resources = objects.add_object(dictionary! { "Font" => font_names, "XObject" => xobjects });
        let [info, metadata, structure, names, tree] = [(); 5].map(|()| objects.new_object_id().0);
        let (pages, contents) = add_pages(&mut objects, &design, (tree, 0), resources);
        let outline = shape.outline.then(|| objects.new_object_id().0);
        let mut place = || objects.new_object_id().0;
        let attachments =
            (0..shape.attachments).map(|_| AttachmentPlace { specification: place(), stream: place() }).collect();
        let root = place();
        let mut frame = Frame {
            root,
            info,
            metadata,
            structure,
            outline,
            names,
            attachments,
            pages,
            contents,
            scripts,
            beginning: Beginning::default(),
        };
        let intent = add_intent(&mut objects);
        objects.set_object((root, 0), catalog(shape, &frame, tree, intent));
        frame.beginning = frozen(&objects, &fonts);
        Ok(frame)
    }
}

/// Keeps the first, and after it as many as the bytes allow.
fn within_bytes<T>(kept: &mut Vec<T>, size: impl Fn(&T) -> usize) {
    let mut bytes = 0;
    let mut first = true;
    kept.retain(|one| {
        bytes += size(one);
        std::mem::take(&mut first) || bytes <= KEPT_BYTES
    });
}

/// The objects as bytes, packed once.
fn frozen(objects: &lopdf::Document, fonts: &[Embedded]) -> Beginning {
    let (mut file, mut pack) = (File::default(), Pack::default());
    file.begin();
    for (first, font) in fonts {
        for (id, body) in (*first..).zip(&font.streams) {
            file.object(id, body);
        }
    }
    for (id, object) in &objects.objects {
        if let Object::Stream(stream) = object {
            let mut bytes = Vec::new();
            syntax::object(&mut bytes, object);
            bytes.extend_from_slice(b"\nstream\n");
            bytes.extend_from_slice(&stream.content);
            bytes.extend_from_slice(b"\nendstream");
            file.object(id.0, &bytes);
        } else {
            syntax::object(pack.begin(id.0), object);
        }
    }
    // At the documents' own level: a shape may be used once only.
    file.pack(objects.max_id + 1, &mut pack, |part, write| {
        deflate::text(Kind::Structure, part.text, part.advice, |packed| write(packed));
    });
    file.beginning()
}

fn internal(message: &str) -> Error {
    Error::Internal { message: message.to_owned() }
}

fn points(length: Length) -> Pt {
    Pt(length.in_millipoints() as f32 / 1000.0)
}

/// The document as printpdf sees it: empty pages of the right size, and the watermarks as resources.
fn design(shape: &Shape) -> Result<PdfDocument, Error> {
    let mut design = PdfDocument::new("registrary");
    let edges = Rect::from_wh(points(shape.width), points(shape.height));
    let page = PdfPage { media_box: edges.clone(), trim_box: edges.clone(), crop_box: edges, ops: Vec::new() };
    design.with_pages(vec![page; shape.pages]);
    for (index, mark) in shape.watermarks.iter().enumerate() {
        let form = watermark::form(mark, shape.width, shape.height)?;
        design.resources.xobjects.map.insert(XObjectId(format!("W{index}")), XObject::External(form));
    }
    Ok(design)
}

/// A font, and the number of the first of its streams.
type Embedded = (u32, Arc<Font>);

/// The fonts' dictionaries, and the dictionary of their names.
fn add_fonts(objects: &mut lopdf::Document, set: FontSet) -> Result<(Vec<Embedded>, Dictionary), Error> {
    let (mut fonts, mut names) = (Vec::new(), Dictionary::new());
    for key in set.iter() {
        let font = font::embedded(key, &set)?;
        let (first, whole) = font.add(objects);
        names.set(key.name(), whole);
        fonts.push((first, font));
    }
    Ok((fonts, names))
}

/// Numbers for the fonts of a document's own, which are named here and written with the document.
fn reserve_scripts(objects: &mut lopdf::Document, count: usize, names: &mut Dictionary) -> Vec<u32> {
    let firsts = (0..count).map(|index| {
        let numbers = [(); script::NUMBERS as usize].map(|()| objects.new_object_id());
        names.set(format!("F{index}"), numbers[0]);
        numbers[0].0
    });
    firsts.collect()
}

/// The page tree; returns the numbers of the pages and of their contents.
fn add_pages(
    objects: &mut lopdf::Document,
    design: &PdfDocument,
    tree: ObjectId,
    resources: ObjectId,
) -> (Vec<u32>, Vec<u32>) {
    let contents: Vec<ObjectId> = design.pages.iter().map(|_| objects.new_object_id()).collect();
    let mut pages = Vec::new();
    for (index, (page, content)) in design.pages.iter().zip(&contents).enumerate() {
        pages.push(objects.add_object(dictionary! {
            "Type" => "Page",
            "Parent" => tree,
            "MediaBox" => page.media_box.to_array(),
            "TrimBox" => page.trim_box.to_array(),
            "CropBox" => page.crop_box.to_array(),
            "Resources" => resources,
            "Contents" => *content,
            "StructParents" => index as i64,
            // Tabulators follow the structure.
            "Tabs" => "S",
        }));
    }
    let kids: Vec<Object> = pages.iter().map(|id| Object::Reference(*id)).collect();
    objects.set_object(tree, dictionary! { "Type" => "Pages", "Count" => kids.len() as i64, "Kids" => kids });
    let numbers = |ids: Vec<ObjectId>| ids.into_iter().map(|id| id.0).collect();
    (numbers(pages), numbers(contents))
}

/// What the colours mean (ISO 19005-3, 6.2.3): all of them are sRGB.
fn add_intent(objects: &mut lopdf::Document) -> Dictionary {
    let entries = dictionary! { "N" => 3, "Filter" => "FlateDecode" };
    let profile = objects.add_object(lopdf::Stream::new(entries, profile::packed().to_vec()));
    dictionary! {
        "Type" => "OutputIntent",
        "S" => "GTS_PDFA1",
        "OutputConditionIdentifier" => Object::string_literal("sRGB"),
        "Info" => Object::string_literal("sRGB IEC61966-2.1"),
        "DestOutputProfile" => profile,
    }
}

fn catalog(shape: &Shape, frame: &Frame, tree: u32, intent: Dictionary) -> Dictionary {
    let reference = |id: u32| Object::Reference((id, 0));
    let mut catalog = dictionary! {
        "Type" => "Catalog",
        "Pages" => reference(tree),
        "Lang" => Object::string_literal(shape.language.as_str()),
        "MarkInfo" => dictionary! { "Marked" => true },
        "StructTreeRoot" => reference(frame.structure),
        "ViewerPreferences" => dictionary! { "DisplayDocTitle" => true },
        "Metadata" => reference(frame.metadata),
        "OutputIntents" => vec![Object::Dictionary(intent)],
    };
    if let Some(outline) = frame.outline {
        catalog.set("Outlines", reference(outline));
    }
    if !frame.attachments.is_empty() {
        let files: Vec<Object> = frame.attachments.iter().map(|place| reference(place.specification)).collect();
        catalog.set("AF", files);
        catalog.set("Names", dictionary! { "EmbeddedFiles" => reference(frame.names) });
    }
    catalog
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_kept_as_far_as_their_bytes_allow_and_the_last_used_always() {
        let kept = |sizes: &[usize]| {
            let mut kept = sizes.to_vec();
            within_bytes(&mut kept, |size| *size);
            kept.len()
        };
        assert_eq!(kept(&[1, 2, 3]), 3);
        assert_eq!(kept(&[KEPT_BYTES / 2, KEPT_BYTES / 2, 1]), 2);
        assert_eq!(kept(&[KEPT_BYTES * 2, 1, 1]), 1);
    }
}
