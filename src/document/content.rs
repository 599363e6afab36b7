//! What a document says: words in reading order, with their meaning and without places.
//! `compose` makes it, `paginate` sets it; two documents that say and look the same are equal.

use super::fonts::Fonts;
use super::theme::{Headings, Palette, Paper};

/// A whole document in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// For the file's metadata; holds no grade.
    pub title: String,
    /// BCP 47 tag of its labels.
    pub language: String,
    pub paper: Paper,
    pub palette: Palette,
    pub fonts: Fonts,
    /// Set a little larger, for lines that run the whole width.
    pub roomy: bool,
    pub headings: Headings,
    /// Bordered, as a certificate is.
    pub framed: bool,
    /// Large and pale across every page.
    pub watermark: Option<String>,
    pub running: Running,
    pub parts: Vec<Part>,
}

/// What every page carries beside its content: artifacts, read by nobody twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// Top of the second and later pages: whose document, and about whom.
    pub institution: String,
    pub student: String,
    /// Bottom of every page.
    pub reference: String,
    pub marking: String,
    /// With `{page}` and `{pages}`.
    pub page_of: String,
    /// Added to a heading that is repeated where its section is carried over.
    pub continued: String,
}

/// A run of blocks in so many columns. The next part begins below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Across all columns.
    pub heading: Option<Heading>,
    pub columns: u8,
    /// Begins a new page sooner than being divided.
    pub together: bool,
    pub blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Letterhead(Letterhead),
    Heading(Heading),
    Paragraph(Paragraph),
    /// Groups of facts side by side.
    Facts(Vec<FactGroup>),
    Section(Section),
    Table(Table),
    Signatory(Signatory),
}

/// The head of the first page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letterhead {
    pub name: String,
    /// Address and contact, line by line.
    pub lines: Vec<String>,
    /// Centred, as on a certificate; else the name stands left and the lines right.
    pub centred: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6; no level is skipped.
    pub level: u8,
    pub style: HeadingStyle,
    pub text: String,
    /// At the right end of its line (dates).
    pub aside: Option<String>,
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
pub struct Paragraph {
    pub style: ParagraphStyle,
    pub label: Option<String>,
    pub text: String,
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
pub struct Signatory {
    pub lines: Vec<String>,
    pub centred: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactGroup {
    pub heading: Heading,
    pub facts: Vec<Fact>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub label: String,
    pub value: String,
    /// The one fact a reader looks for first: the student's name.
    pub principal: bool,
}

/// A heading and what stands under it; the heading is repeated where the section is carried over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub heading: Heading,
    pub blocks: Vec<Block>,
}

/// Tables of one kind share their columns and widths throughout a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TableKind {
    Courses,
    Totals,
    Scale,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub kind: TableKind,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub title: String,
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
pub struct Row {
    pub cells: Vec<Cell>,
    /// Set strongly: an overall total.
    pub strong: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    /// Said of the row, on lines of their own below it.
    pub notes: Vec<String>,
}

impl Cell {
    pub fn new(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), notes: Vec::new() }
    }
}

impl Paragraph {
    pub fn block(style: ParagraphStyle, text: impl Into<String>) -> Block {
        Block::Paragraph(Paragraph { style, label: None, text: text.into() })
    }

    pub fn labelled(style: ParagraphStyle, label: impl Into<String>, text: impl Into<String>) -> Block {
        Block::Paragraph(Paragraph { style, label: Some(label.into()), text: text.into() })
    }
}
