//! Pages to bytes. Knows no grade, reads no clock: the same pages, the same bytes.
//!
//! printpdf frames the document once for each shape ([`frame`]); page content ([`content`]), fonts ([`font`]), tags
//! ([`tags`]), metadata and the file itself ([`file`]) are written here.

mod attachment;
mod byte_code;
mod chunk;
mod content;
mod copyright;
mod deflate;
mod file;
mod font;
mod frame;
mod fusion;
mod metadata;
mod outline;
mod pack;
mod picture;
mod profile;
mod program;
mod reading;
mod script;
mod show;
mod syntax;
mod tags;
mod tree;
mod unicode_map;
mod watermark;

use crate::document::{Pages, Role};
use crate::domain::{Error, Problem};
pub use attachment::{Attachment, Relationship};
use deflate::Kind;
use file::File;
pub use file::Finished;
use frame::{Frame, Shape};
use pack::Pack;
pub use reading::{attachments, find_attachment};
use std::cell::Cell;

/// Which work is being done; for those who measure it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// What is painted on the pages.
    Content,
    /// The structure tree and the bookmarks.
    Tags,
    Deflate,
    /// Objects, their table and the digest.
    File,
}

/// What a thread keeps from document to document: room, and nothing else.
#[derive(Default)]
struct Desk {
    contents: content::Contents,
    pack: Pack,
    /// For the structure tree.
    tags: Pack,
    file: File,
}

thread_local! {
    // One for each thread: no lock between threads.
    static DESK: Cell<Option<Box<Desk>>> = const { Cell::new(None) };
}

/// The pages as a PDF file with these files inside it, PDF/A-3a and PDF/UA-1 at once.
///
/// Refused with [`Error::Render`] are pages without a size, a document without pages, a character that its face lacks,
/// an item that belongs to no element of the document, a figure without words and an attachment without a name of its own.
pub fn render(pages: &Pages, attachments: &[Attachment]) -> Result<Vec<u8>, Error> {
    Ok(finished(pages, attachments)?.bytes.to_vec())
}

/// The same with the file's digest.
pub fn finished(pages: &Pages, attachments: &[Attachment]) -> Result<Finished, Error> {
    watched(pages, attachments, &mut |_| {})
}

/// The same, telling `enter` before each piece of work which step it belongs to.
pub fn watched(pages: &Pages, attachments: &[Attachment], enter: &mut dyn FnMut(Step)) -> Result<Finished, Error> {
    enter(Step::Content);
    check(pages, attachments)?;
    // Taken: should the work fail, the next begins with a new one.
    let mut desk = DESK.take().unwrap_or_default();
    content::write(pages, &mut desk.contents)?;
    enter(Step::File);
    let frame = Frame::of(shape(pages, attachments, &desk.contents))?;
    let file = assemble(pages, attachments, &frame, &mut desk, enter)?;
    if desk.file.is_ordinary() {
        DESK.set(Some(desk));
    }
    Ok(file)
}

fn shape(pages: &Pages, attachments: &[Attachment], contents: &content::Contents) -> Shape {
    Shape {
        width: pages.width,
        height: pages.height,
        language: pages.language.as_ref().to_owned(),
        pages: pages.pages.len(),
        fonts: contents.fonts,
        scripts: contents.scripts.len(),
        watermarks: contents.watermarks.clone(),
        pictures: contents.pictures.clone(),
        attachments: attachments.len(),
        outline: outline::has_headings(pages),
    }
}

fn assemble(
    pages: &Pages,
    attachments: &[Attachment],
    frame: &Frame,
    desk: &mut Desk,
    enter: &mut dyn FnMut(Step),
) -> Result<Finished, Error> {
    let Desk { contents, pack, tags, file } = desk;
    file.begin_with(&frame.beginning);
    pack.clear();
    for (id, page) in frame.contents.iter().zip(&contents.pages) {
        enter(Step::Deflate);
        deflate::text(Kind::Content, &page.bytes, &page.advice, |packed| {
            enter(Step::File);
            file.text_stream(*id, b"", packed);
        });
    }
    file.object(frame.metadata, &metadata::xmp(&pages.title, &pages.language));
    metadata::info(pack.begin(frame.info), &pages.title);
    for (id, body) in contents.scripts.objects(&pages.fonts, &frame.scripts)? {
        match body {
            script::Body::Plain(object) => syntax::object(pack.begin(id), &object),
            script::Body::Stream(bytes) => file.object(id, &bytes),
        }
    }
    for (attachment, place) in attachments.iter().zip(&frame.attachments) {
        enter(Step::Deflate);
        deflate::text(Kind::Text, &attachment.bytes, &[], |packed| {
            enter(Step::File);
            file.text_stream(place.stream, &attachment::entries(attachment), packed);
        });
        attachment::specification(pack.begin(place.specification), attachment, place.stream);
    }
    if !attachments.is_empty() {
        attachment::names(pack.begin(frame.names), attachments, &frame.attachments);
    }
    enter(Step::Tags);
    let elements = file.next_id();
    let bookmarks = elements + pages.elements.len() as u32;
    let stream = outline::write(pack, pages, frame, elements, bookmarks);
    let next = tree::write((&mut *file, tags), pages, &contents.pages, frame, (elements, stream), enter);
    enter(Step::Deflate);
    file.pack(next, pack, |part, write| deflate::text(Kind::Structure, part.text, part.advice, |packed| write(packed)));
    enter(Step::File);
    Ok(file.finish(frame.root, frame.info))
}

fn check(pages: &Pages, attachments: &[Attachment]) -> Result<(), Error> {
    let mut problems = Vec::new();
    // A reader need not show more than 200 inches (ISO 32000-1, annex C).
    let sides = [("width", pages.width), ("height", pages.height)];
    for (place, side) in sides {
        if !(3_000..=14_400_000).contains(&side.in_millipoints()) {
            problems.push(Problem::new("page-size", place, "is not between 3 and 14,400 points"));
        }
    }
    if pages.pages.is_empty() {
        problems.push(Problem::new("no-pages", "pages", "has no page"));
    }
    for (index, element) in pages.elements.iter().enumerate() {
        // Parents stand before their children, so that there is one root and no ring.
        let sound = element.parent.map_or(index == 0, |parent| (parent.0 as usize) < index);
        if !sound {
            let message = "has no parent among the elements before it";
            problems.push(Problem::new("no-such-element", format!("elements[{index}]"), message));
        }
        if element.role == Role::Figure && element.alternative.is_none() {
            let message = "is a figure that no words describe";
            problems.push(Problem::new("no-alternative", format!("elements[{index}]"), message));
        }
    }
    attachment::check(attachments, &mut problems);
    if problems.is_empty() { Ok(()) } else { Err(Error::Render(problems)) }
}
