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
mod syntax;
mod tags;
mod unicode_map;
mod watermark;

use crate::document::{Pages, Role};
use crate::domain::{Error, Problem};
pub use attachment::{Attachment, Relationship};
use deflate::Kind;
use file::File;
use frame::{Frame, Shape};
use pack::Pack;
pub use reading::attachments;

/// The pages as a PDF file with these files inside it, PDF/A-3a and PDF/UA-1 at once.
///
/// Refused with [`Error::Render`] are pages without a size, a document without pages, a character that its face lacks,
/// an item that belongs to no element of the document, a figure without words and an attachment without a name of its own.
pub fn render(pages: &Pages, attachments: &[Attachment]) -> Result<Vec<u8>, Error> {
    check(pages, attachments)?;
    let contents = content::write(pages)?;
    let shape = Shape {
        width: pages.width,
        height: pages.height,
        language: pages.language.clone(),
        pages: pages.pages.len(),
        fonts: contents.fonts,
        scripts: contents.scripts.len(),
        watermarks: contents.watermarks.clone(),
        pictures: contents.pictures.clone(),
        attachments: attachments.len(),
        outline: outline::has_headings(pages),
    };
    let frame = Frame::of(shape)?;
    assemble(pages, attachments, &contents, &frame)
}

fn assemble(
    pages: &Pages,
    attachments: &[Attachment],
    contents: &content::Contents,
    frame: &Frame,
) -> Result<Vec<u8>, Error> {
    let mut file = File::new(64 * 1024);
    for (first, font) in &frame.fonts {
        for (id, body) in (*first..).zip(&font.streams) {
            file.shared_object(id, body);
        }
    }
    frame.streams.iter().for_each(|(id, body)| file.object(*id, body));
    frame.packs.iter().for_each(|(id, members, body)| file.object_stream(*id, members, body));
    for (id, page) in frame.contents.iter().zip(&contents.pages) {
        file.text_stream(*id, b"", Kind::Content, &page.bytes, &page.advice);
    }
    file.object(frame.metadata, &metadata::xmp(&pages.title, &pages.language));
    let mut pack = Pack::default();
    metadata::info(pack.begin(frame.info), &pages.title);
    for (id, body) in contents.scripts.objects(&pages.fonts, &frame.scripts)? {
        match body {
            script::Body::Plain(object) => syntax::object(pack.begin(id), &object),
            script::Body::Stream(bytes) => file.object(id, &bytes),
        }
    }
    for (attachment, place) in attachments.iter().zip(&frame.attachments) {
        file.text_stream(place.stream, &attachment::entries(attachment), Kind::Text, &attachment.bytes, &[]);
        attachment::specification(pack.begin(place.specification), attachment, place.stream);
    }
    if !attachments.is_empty() {
        attachment::names(pack.begin(frame.names), attachments, &frame.attachments);
    }
    let elements = file.next_id();
    let bookmarks = tags::write(&mut pack, pages, &contents.pages, frame, elements);
    let next = outline::write(&mut pack, pages, frame, elements, bookmarks);
    file.pack(next, &mut pack);
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
