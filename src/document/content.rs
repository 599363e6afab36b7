//! What a document says: words in reading order, with their meaning and without places.
//! `compose` makes it, `paginate` sets it; two documents that say and look the same are equal.

use super::fonts::Fonts;
use super::picture::Illustration;
use super::theme::{Headings, Palette, Paper};
use std::borrow::Cow;

/// Words of a document: most are the record's and the theme's own, which are not copied.
pub type Words<'t> = Cow<'t, str>;

/// A whole document in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document<'t> {
    /// For the file's metadata; holds no grade.
    pub title: Words<'t>,
    /// BCP 47 tag of its labels.
    pub language: Words<'t>,
    pub paper: Paper,
    pub palette: Palette,
    pub fonts: Fonts,
    /// Set a little larger, for lines that run the whole width.
    pub roomy: bool,
    pub headings: Headings,
    /// Bordered, as a certificate is.
    pub framed: bool,
    /// Large and pale across every page.
    pub watermark: Option<Words<'t>>,
    pub running: Running<'t>,
    pub parts: Vec<Part<'t>>,
}

/// What every page carries beside its content: artifacts, read by nobody twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running<'t> {
    /// Top of the second and later pages: whose document, and about whom.
    pub institution: Words<'t>,
    pub student: Words<'t>,
    /// Bottom of every page.
    pub reference: Words<'t>,
    pub marking: Words<'t>,
    /// With `{page}` and `{pages}`.
    pub page_of: Words<'t>,
    /// Added to a heading that is repeated where its section is carried over.
    pub continued: Words<'t>,
}

/// A run of blocks in so many columns. The next part begins below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<'t> {
    /// Across all columns.
    pub heading: Option<Heading<'t>>,
    pub columns: u8,
    /// Begins a new page sooner than being divided.
    pub together: bool,
    pub blocks: Vec<Block<'t>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block<'t> {
    Letterhead(Letterhead<'t>),
    Heading(Heading<'t>),
    Paragraph(Paragraph<'t>),
    /// Groups of facts side by side.
    Facts(Vec<FactGroup<'t>>),
    Section(Section<'t>),
    Table(Table<'t>),
    Signatory(Signatory<'t>),
}

/// The head of the first page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letterhead<'t> {
    pub name: Words<'t>,
    /// Address and contact, line by line.
    pub lines: Vec<Words<'t>>,
    /// Centred, as on a certificate; else the name stands left and the lines right.
    pub centred: bool,
    /// Before the name.
    pub logo: Option<Illustration>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading<'t> {
    /// 1 to 6; no level is skipped.
    pub level: u8,
    pub style: HeadingStyle,
    pub text: Words<'t>,
    /// At the right end of its line (dates).
    pub aside: Option<Words<'t>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadingStyle {
    /// The document's title.
    Title,
    /// The title of a certificate, centred.
    CertificateTitle,
    /// A level or another main division of the record.
    Division,
    /// A term, a transfer block.
    Term,
    /// A group of facts or a part of the legend.
    Group,
}

/// One paragraph, with a label before it where it states a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph<'t> {
    pub style: ParagraphStyle,
    pub label: Option<Words<'t>>,
    pub text: Words<'t>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParagraphStyle {
    Body,
    /// The main line of an entry without a table, such as an award's title.
    Entry,
    Note,
    Legend,
    /// The line that ends the record.
    End,
    /// A line of a certificate's text, centred.
    Certificate,
    /// The name or the degree on a certificate, centred.
    CertificateName,
    CertificateDegree,
    /// Small, at the certificate's foot.
    CertificateNote,
}

/// Who answers for the document: name, then capacity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signatory<'t> {
    pub lines: Vec<Words<'t>>,
    pub centred: bool,
    /// Above the lines.
    pub signature: Option<Illustration>,
    /// Beside them.
    pub seal: Option<Illustration>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactGroup<'t> {
    pub heading: Heading<'t>,
    pub facts: Vec<Fact<'t>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact<'t> {
    pub label: Words<'t>,
    pub value: Words<'t>,
    /// The one fact a reader looks for first: the student's name.
    pub principal: bool,
}

/// A heading and what stands under it; the heading is repeated where the section is carried over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section<'t> {
    pub heading: Heading<'t>,
    pub blocks: Vec<Block<'t>>,
}

/// Tables of one kind share their columns and widths throughout a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TableKind {
    Courses,
    Totals,
    Scale,
    /// Terms enrolled in.
    Enrollment,
}

impl TableKind {
    pub const COUNT: usize = 4;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table<'t> {
    pub kind: TableKind,
    pub columns: Vec<Column<'t>>,
    pub rows: Vec<Row<'t>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column<'t> {
    pub title: Words<'t>,
    pub align: Align,
    /// Takes the width the others leave; at most one a table.
    pub flexible: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// A row; never divided between columns or pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'t> {
    pub cells: Vec<Cell<'t>>,
    /// Set strongly: an overall total.
    pub strong: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell<'t> {
    pub text: Words<'t>,
    /// Said of the row, on lines of their own below it.
    pub notes: Vec<Words<'t>>,
}

impl<'t> Cell<'t> {
    pub fn new(text: impl Into<Words<'t>>) -> Cell<'t> {
        Cell { text: text.into(), notes: Vec::new() }
    }
}

impl<'t> Paragraph<'t> {
    pub fn block(style: ParagraphStyle, text: impl Into<Words<'t>>) -> Block<'t> {
        Block::Paragraph(Paragraph { style, label: None, text: text.into() })
    }

    pub fn labelled(style: ParagraphStyle, label: impl Into<Words<'t>>, text: impl Into<Words<'t>>) -> Block<'t> {
        Block::Paragraph(Paragraph { style, label: Some(label.into()), text: text.into() })
    }
}
