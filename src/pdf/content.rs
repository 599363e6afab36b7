//! Content streams: what is painted on each page, and which element of the document each piece belongs to.

use super::chunk::{FontKey, FontSet};
use super::deflate::Advice;
use super::script::ScriptFonts;
use super::show::{show, show_letters};
use super::syntax::{integer, length, thousandths};
use super::watermark;
use crate::document::{Colour, ElementId, Face, Fonts, Item, Length, Page, Pages, Picture, Role};
use crate::domain::{Error, Problem};

/// A watermark, as pages name it: `/W0`, `/W1`, …
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watermark {
    pub text: String,
    pub face: Face,
    pub size: Length,
    pub colour: Colour,
}

/// The content of all pages.
#[derive(Default)]
pub struct Contents {
    pub pages: Vec<PageContent>,
    pub fonts: FontSet,
    /// For text that is shaped.
    pub scripts: ScriptFonts,
    pub watermarks: Vec<Watermark>,
    /// As pages name them: `/P0`, `/P1`, …
    pub pictures: Vec<Picture>,
    pub problems: Vec<Problem>,
    /// Of documents before, for their room.
    spare: Vec<PageContent>,
}

impl Contents {
    fn begin(&mut self) {
        let mut spare = std::mem::take(&mut self.spare);
        spare.append(&mut self.pages);
        for page in &mut spare {
            page.bytes.clear();
            page.marked.clear();
            page.advice.clear();
        }
        // Few pages are ordinary.
        spare.truncate(8);
        *self = Contents { spare, ..Contents::default() };
    }
}

/// What is on one page. The room of those before is used again.
#[derive(Default)]
pub struct PageContent {
    pub bytes: Vec<u8>,
    /// The element of each marked sequence, by its number (MCID).
    pub marked: Vec<ElementId>,
    /// Which bytes are like which before them.
    pub advice: Vec<(u32, Advice)>,
}

/// Whose marked sequence is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Element(ElementId),
    /// Repeated headers and footers.
    Running,
    /// A picture, which no text object may hold (ISO 32000-1, 8.2).
    Figure(ElementId),
    /// Rules and fills.
    Decoration,
}

/// Writes every page, in place of what was written before; refuses all that cannot be shown, at once.
pub fn write(pages: &Pages, contents: &mut Contents) -> Result<(), Error> {
    contents.begin();
    for (number, page) in pages.pages.iter().enumerate() {
        let mut brush = Brush::new(pages, number, contents.spare.pop().unwrap_or_default());
        brush.page(page, contents)?;
        contents.pages.push(brush.content);
    }
    let problems = std::mem::take(&mut contents.problems);
    if problems.is_empty() { Ok(()) } else { Err(Error::Render(problems)) }
}

/// The painting of one page, and what the graphics state holds at this point.
struct Brush<'a> {
    pages: &'a Pages<'a>,
    page: usize,
    item: usize,
    content: PageContent,
    open: Open,
    /// Inside a text object, where its last line began.
    line: Option<(Length, Length)>,
    colour: Option<Colour>,
    type_set: Option<(FontKey, Length)>,
    /// Where the last line began that stood so far from the one before it: in a table, that above it.
    moves: [u32; MOVES],
}

/// Distances that are told apart; two that are not only cost space.
const MOVES: usize = 256;

impl<'a> Brush<'a> {
    fn new(pages: &'a Pages, page: usize, content: PageContent) -> Brush<'a> {
        let (open, moves) = (Open::Nothing, [0; MOVES]);
        Brush { pages, page, item: 0, content, open, line: None, colour: None, type_set: None, moves }
    }

    fn page(&mut self, page: &Page, contents: &mut Contents) -> Result<(), Error> {
        // Behind everything else, wherever it stands in the list.
        for item in &page.items {
            if let Item::Watermark { text, face, size, colour } = item {
                let mark = Watermark { text: text.as_ref().to_owned(), face: *face, size: *size, colour: *colour };
                self.watermark(mark, contents)?;
            }
        }
        for (index, item) in page.items.iter().enumerate() {
            self.item = index;
            match item {
                Item::Text { x, y, size, face, colour, text, element, .. } => {
                    let start = self.content.bytes.len() as u32;
                    self.mark(element.map_or(Open::Running, Open::Element), contents);
                    self.colour(*colour);
                    let baseline = self.pages.height - *y;
                    let space = page.items.get(index + 1).is_some_and(|next| parted(&self.pages.fonts, item, next));
                    self.advise(start, (*x, baseline));
                    self.text((*x, baseline), (*face, *size), (text, space), contents)?;
                }
                Item::Fill { x, y, width, height, colour } => {
                    self.content.advice.push((self.content.bytes.len() as u32, Advice::Search));
                    self.mark(Open::Decoration, contents);
                    self.colour(*colour);
                    let bottom = self.pages.height - *y - *height;
                    for side in [*x, bottom, *width, *height] {
                        length(&mut self.content.bytes, side);
                        self.content.bytes.push(b' ');
                    }
                    self.put(b"re f\n");
                }
                Item::Picture { x, y, width, height, picture, element } => {
                    self.content.advice.push((self.content.bytes.len() as u32, Advice::Search));
                    self.mark(Open::Figure(*element), contents);
                    let bottom = self.pages.height - *y - *height;
                    self.picture([*x, bottom, *width, *height], picture, contents);
                }
                Item::Watermark { .. } => {}
            }
        }
        self.mark(Open::Nothing, contents);
        Ok(())
    }

    /// What begins at `start` leads to a line at a place, and is like what led to the last line that was as far from its
    /// predecessor.
    fn advise(&mut self, start: u32, (x, y): (Length, Length)) {
        let (from_x, from_y) = self.line.unwrap_or_default();
        let far = |to: Length, from: Length| (to - from).in_millipoints() as u32;
        let mixed = far(x, from_x).wrapping_mul(0x9E37_79B1) ^ far(y, from_y).wrapping_mul(0x85EB_CA6B);
        let before = std::mem::replace(&mut self.moves[(mixed >> 24) as usize], start);
        let advice = if before == 0 { Advice::Search } else { Advice::Like(start - before) };
        self.content.advice.push((start, advice));
    }

    fn put(&mut self, bytes: &[u8]) {
        self.content.bytes.extend_from_slice(bytes);
    }

    fn refuse(&self, code: &'static str, message: String, contents: &mut Contents) {
        let place = format!("pages[{}].items[{}]", self.page, self.item);
        contents.problems.push(Problem::new(code, place, message));
    }

    /// Pictures fill the unit square, which is stretched over the rectangle.
    fn picture(&mut self, [x, y, width, height]: [Length; 4], picture: &Picture, contents: &mut Contents) {
        let known = contents.pictures.iter().position(|other| other == picture);
        let index = known.unwrap_or(contents.pictures.len());
        if known.is_none() {
            contents.pictures.push(picture.clone());
        }
        self.put(b"q ");
        for (side, after) in [(width, &b" 0 0 "[..]), (height, b" "), (x, b" "), (y, b" cm /P")] {
            length(&mut self.content.bytes, side);
            self.put(after);
        }
        integer(&mut self.content.bytes, index as i64);
        self.put(b" Do Q\n");
    }

    /// A form that pages share; shaped text, whose fonts are the document's own, on the page itself.
    fn watermark(&mut self, watermark: Watermark, contents: &mut Contents) -> Result<(), Error> {
        self.put(b"/Artifact<</Type/Pagination/Subtype/Watermark>>BDC\n");
        if !Fonts::is_plain(&watermark.text) {
            let Watermark { text, face, size, .. } = &watermark;
            self.put(b"q\n");
            let sides = [self.pages.width, self.pages.height];
            let width = self.pages.fonts.width(text, *face, *size);
            watermark::begin(&mut self.content.bytes, &watermark, width, sides);
            self.shaped(text, *face, *size, contents)?;
            self.put(b"ET\nQ\nEMC\n");
            return Ok(());
        }
        // The form names the fonts of the pages.
        show(
            &mut Vec::new(),
            &mut None,
            (watermark.face, watermark.size),
            watermark.text.chars(),
            &mut contents.fonts,
        )?;
        let known = contents.watermarks.iter().position(|other| *other == watermark);
        let index = known.unwrap_or(contents.watermarks.len());
        if known.is_none() {
            contents.watermarks.push(watermark);
        }
        self.put(b"/W");
        integer(&mut self.content.bytes, index as i64);
        self.put(b" Do\nEMC\n");
        Ok(())
    }

    /// Ends the open marked sequence and begins the wanted one, unless they are the same. Sequences of text stand inside a text
    /// object, others outside: neither may begin in the one and end in the other (ISO 32000-1, 14.6.1).
    fn mark(&mut self, wanted: Open, contents: &mut Contents) {
        if self.open == wanted {
            return;
        }
        if self.open != Open::Nothing {
            self.put(b"EMC\n");
        }
        self.open = wanted;
        let text = matches!(wanted, Open::Element(_) | Open::Running);
        if self.line.is_some() != text {
            self.put(if text { b"BT\n" } else { b"ET\n" });
            self.line = text.then_some((Length::ZERO, Length::ZERO));
        }
        match wanted {
            Open::Nothing => {}
            Open::Running => self.put(b"/Artifact<</Type/Pagination>>BDC\n"),
            Open::Decoration => self.put(b"/Artifact BMC\n"),
            Open::Element(id) | Open::Figure(id) => self.mark_element(id, contents),
        }
    }

    fn mark_element(&mut self, id: ElementId, contents: &mut Contents) {
        let Some(element) = self.pages.elements.get(id.0 as usize) else {
            return self.refuse("no-such-element", "belongs to an element that the document lacks".into(), contents);
        };
        self.put(opening(element.role));
        integer(&mut self.content.bytes, self.content.marked.len() as i64);
        self.put(b">>BDC\n");
        self.content.marked.push(id);
    }

    fn colour(&mut self, colour: Colour) {
        if self.colour.replace(colour) != Some(colour) {
            fill_colour(&mut self.content.bytes, colour);
        }
    }

    /// The text, and the space that parts it from what follows.
    fn text(
        &mut self,
        at: (Length, Length),
        (face, size): (Face, Length),
        (text, space): (&str, bool),
        all: &mut Contents,
    ) -> Result<(), Error> {
        // From where the last line began: rows are like one another then, wherever they stand.
        let (x, y) = self.line.replace(at).unwrap_or_default();
        length(&mut self.content.bytes, at.0 - x);
        self.put(b" ");
        length(&mut self.content.bytes, at.1 - y);
        self.put(b" Td ");
        // The words themselves are like words anywhere before.
        self.content.advice.push((self.content.bytes.len() as u32, Advice::Search));
        let style = (face, size);
        if !show_letters(&mut self.content.bytes, &mut self.type_set, style, (text, space), &mut all.fonts) {
            self.characters(style, (text, space), all)?;
        }
        self.put(b"\n");
        Ok(())
    }

    /// Text of which not all is common letters.
    fn characters(
        &mut self,
        (face, size): (Face, Length),
        (text, space): (&str, bool),
        all: &mut Contents,
    ) -> Result<(), Error> {
        let space = space.then_some(' ');
        let (out, state) = (&mut self.content.bytes, &mut self.type_set);
        if Fonts::is_plain(text) {
            let missing = show(out, state, (face, size), text.chars().chain(space), &mut all.fonts)?;
            self.refuse_missing(missing, all);
        } else {
            self.shaped(text, face, size, all)?;
            let (out, state) = (&mut self.content.bytes, &mut self.type_set);
            show(out, state, (face, size), space.into_iter(), &mut all.fonts)?;
        }
        Ok(())
    }

    /// Text of which some is not set character by character.
    fn shaped(&mut self, text: &str, face: Face, size: Length, all: &mut Contents) -> Result<(), Error> {
        let fonts = &self.pages.fonts;
        self.refuse_missing(fonts.missing(text), all);
        self.type_set = None;
        all.scripts.show(&mut self.content.bytes, fonts, &fonts.line(text, face), text, size)
    }

    fn refuse_missing(&self, missing: Vec<char>, all: &mut Contents) {
        for character in missing {
            self.refuse("no-glyph", format!("no font has the character U+{:04X}", u32::from(character)), all);
        }
    }
}

/// Whether two items are words of one element with a gap between them (a wrapped line): then a space is read there.
fn parted(fonts: &Fonts, before: &Item, after: &Item) -> bool {
    let (
        Item::Text { x, y, size, face, text, element: Some(one), runs_on: false, .. },
        Item::Text { x: next_x, y: next_y, text: next, element: Some(other), .. },
    ) = (before, after)
    else {
        return false;
    };
    if one != other {
        return false;
    }
    // A line may break after a hyphen, where no space belongs.
    let runs_on = y != next_y && Fonts::runs_on(text, next);
    let touching = runs_on || text.ends_with([' ', '-', '\u{a0}']) || next.starts_with([' ', '\u{a0}']);
    let gap = || *next_x < *x || *next_x - *x > fonts.width(text, *face, *size) + size.scaled(1, 10);
    !touching && (y != next_y || gap())
}

/// Sets the colour of fills and text.
pub fn fill_colour(out: &mut Vec<u8>, Colour(red, green, blue): Colour) {
    for part in [red, green, blue] {
        thousandths(out, (i64::from(part) * 1000 + 127) / 255);
        out.push(b' ');
    }
    out.extend_from_slice(b"rg\n");
}

/// How a marked sequence begins, up to its number.
fn opening(role: Role) -> &'static [u8] {
    match role {
        Role::Cell => b"/TD<</MCID ",
        Role::ColumnHeader => b"/TH<</MCID ",
        Role::Paragraph => b"/P<</MCID ",
        Role::Figure => b"/Figure<</MCID ",
        Role::Heading(level) => {
            const HEADINGS: [&[u8]; 6] =
                [b"/H1<</MCID ", b"/H2<</MCID ", b"/H3<</MCID ", b"/H4<</MCID ", b"/H5<</MCID ", b"/H6<</MCID "];
            HEADINGS[usize::from(level.clamp(1, 6)) - 1]
        }
        Role::Document => b"/Document<</MCID ",
        Role::Section => b"/Sect<</MCID ",
        Role::Table => b"/Table<</MCID ",
        Role::TableHead => b"/THead<</MCID ",
        Role::TableBody => b"/TBody<</MCID ",
        Role::Row => b"/TR<</MCID ",
    }
}

/// PDF's standard structure type (ISO 32000-1, 14.8.4).
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Document => "Document",
        Role::Section => "Sect",
        Role::Heading(level) => ["H1", "H2", "H3", "H4", "H5", "H6"][usize::from(level.clamp(1, 6)) - 1],
        Role::Paragraph => "P",
        Role::Table => "Table",
        Role::TableHead => "THead",
        Role::TableBody => "TBody",
        Role::Row => "TR",
        Role::ColumnHeader => "TH",
        Role::Cell => "TD",
        Role::Figure => "Figure",
    }
}
