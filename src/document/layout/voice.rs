//! The type of a document: every face, size, leading and colour, each written down here and nowhere else.

use crate::document::content::{HeadingStyle, ParagraphStyle};
use crate::document::face::Face;
use crate::document::fonts::Fonts;
use crate::document::length::Length;
use crate::document::letters;
use crate::document::page::Colour;
use crate::document::theme::Palette;

/// How a line of text is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Voice<'f> {
    /// For what the face lacks.
    pub fonts: &'f Fonts,
    pub face: Face,
    pub size: Length,
    /// From one line to the next.
    pub leading: Length,
    pub ink: Ink,
}

/// What is known of a text in a voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Measured {
    pub width: Length,
    pub face: Face,
}

/// A colour by its part in the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Accent,
    Text,
    Muted,
}

/// What is being said, as far as its type goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speech {
    Institution,
    /// An institution's name too long for the large size.
    LongInstitution,
    Contact,
    Title,
    TitleAside,
    Division,
    Term,
    TermAside,
    Group,
    FactLabel,
    FactValue,
    Principal,
    ColumnTitle,
    Cell,
    StrongCell,
    CellNote,
    Body,
    BodyLabel,
    Entry,
    Note,
    NoteLabel,
    Legend,
    LegendLabel,
    End,
    Signatory,
    Capacity,
    RunningHead,
    RunningFoot,
    CertificateTitle,
    Certificate,
    CertificateName,
    CertificateDegree,
    CertificateNote,
}

/// A voice before it is told its fonts.
type Style = (Face, i32, i32, Ink);

/// Size and leading in tenths of a point.
const fn voice(face: Face, size: i32, leading: i32, ink: Ink) -> Style {
    (face, size, leading, ink)
}

impl Speech {
    pub(super) fn voice(self, fonts: &Fonts) -> Voice<'_> {
        let (face, size, leading, ink) = self.style();
        Voice { fonts, face, size: Length::millipoints(size * 100), leading: Length::millipoints(leading * 100), ink }
    }

    /// The table.
    const fn style(self) -> Style {
        use Face::{Display, Strong, Text};
        use Ink::{Accent, Muted, Text as Black};
        match self {
            Speech::Institution => voice(Display, 210, 250, Accent),
            Speech::LongInstitution => voice(Display, 140, 172, Accent),
            Speech::Contact => voice(Text, 72, 93, Muted),
            Speech::Title => voice(Display, 130, 170, Black),
            Speech::TitleAside => voice(Strong, 90, 170, Muted),
            Speech::Division => voice(Display, 105, 138, Accent),
            Speech::Term => voice(Strong, 82, 122, Accent),
            Speech::TermAside => voice(Text, 68, 122, Muted),
            Speech::Group => voice(Strong, 74, 108, Accent),
            Speech::FactLabel => voice(Text, 74, 104, Muted),
            Speech::FactValue => voice(Text, 80, 104, Black),
            Speech::Principal => voice(Strong, 96, 122, Black),
            Speech::ColumnTitle => voice(Text, 62, 88, Muted),
            Speech::Cell => voice(Text, 77, 98, Black),
            Speech::StrongCell => voice(Strong, 77, 98, Black),
            Speech::CellNote => voice(Text, 67, 84, Muted),
            Speech::Body => voice(Text, 77, 98, Black),
            Speech::BodyLabel => voice(Text, 72, 98, Muted),
            Speech::Entry => voice(Strong, 84, 110, Black),
            Speech::Note => voice(Text, 70, 90, Black),
            Speech::NoteLabel => voice(Text, 70, 90, Muted),
            Speech::Legend => voice(Text, 66, 84, Black),
            Speech::LegendLabel => voice(Strong, 66, 84, Black),
            Speech::End => voice(Strong, 77, 110, Accent),
            Speech::Signatory => voice(Strong, 80, 104, Black),
            Speech::Capacity => voice(Text, 72, 92, Muted),
            Speech::RunningHead => voice(Strong, 78, 100, Accent),
            Speech::RunningFoot => voice(Text, 68, 88, Muted),
            Speech::CertificateTitle => voice(Display, 170, 230, Black),
            Speech::Certificate => voice(Text, 120, 184, Black),
            Speech::CertificateName => voice(Display, 260, 330, Accent),
            Speech::CertificateDegree => voice(Display, 200, 270, Accent),
            Speech::CertificateNote => voice(Text, 85, 130, Muted),
        }
    }

    /// Whether it is part of the record's flow, which is set larger where it runs the whole width.
    pub(super) const fn is_of_the_record(self) -> bool {
        use Speech::*;
        matches!(
            self,
            Division
                | Term
                | TermAside
                | ColumnTitle
                | Cell
                | StrongCell
                | CellNote
                | Body
                | BodyLabel
                | Entry
                | Note
                | NoteLabel
                | End
                | Signatory
                | Capacity
        )
    }

    pub(super) const fn of_heading(style: HeadingStyle) -> (Speech, Speech) {
        match style {
            HeadingStyle::Title => (Speech::Title, Speech::TitleAside),
            HeadingStyle::CertificateTitle => (Speech::CertificateTitle, Speech::TitleAside),
            HeadingStyle::Division => (Speech::Division, Speech::TermAside),
            HeadingStyle::Term => (Speech::Term, Speech::TermAside),
            HeadingStyle::Group => (Speech::Group, Speech::TermAside),
        }
    }

    /// Text, and the label before it.
    pub(super) const fn of_paragraph(style: ParagraphStyle) -> (Speech, Speech) {
        match style {
            ParagraphStyle::Body => (Speech::Body, Speech::BodyLabel),
            ParagraphStyle::Entry => (Speech::Entry, Speech::BodyLabel),
            ParagraphStyle::Note => (Speech::Note, Speech::NoteLabel),
            ParagraphStyle::Legend => (Speech::Legend, Speech::LegendLabel),
            ParagraphStyle::End => (Speech::End, Speech::End),
            ParagraphStyle::Certificate => (Speech::Certificate, Speech::Certificate),
            ParagraphStyle::CertificateName => (Speech::CertificateName, Speech::CertificateName),
            ParagraphStyle::CertificateDegree => (Speech::CertificateDegree, Speech::CertificateDegree),
            ParagraphStyle::CertificateNote => (Speech::CertificateNote, Speech::CertificateNote),
        }
    }
}

impl<'f> Voice<'f> {
    /// The same, a sixth larger: for lines that run the whole width of a page.
    pub(super) const fn roomier(self) -> Voice<'f> {
        Voice { size: self.size.scaled(7, 6), leading: self.leading.scaled(7, 6), ..self }
    }

    /// The same in the serif.
    pub(super) const fn in_serif(self) -> Voice<'f> {
        Voice { face: Face::Display, ..self }
    }

    /// From the top of a line to its baseline: capitals stand in its middle.
    pub(super) fn baseline(self) -> Length {
        self.leading.scaled(1, 2) + self.size.scaled(33, 100)
    }

    /// The face that has all characters of a text: its own, else the sans, whose coverage is the widest. What is shaped finds
    /// its own fonts.
    pub(super) fn face_for(self, text: &str) -> Face {
        if letters::are_ascii(text) || !Fonts::is_plain(text) {
            return self.face;
        }
        let faces = [self.face, Face::Strong];
        let covering = faces.into_iter().find(|face| text.chars().all(|character| face.covers(character)));
        covering.unwrap_or(Face::Text)
    }

    /// The width of a text and the face that has all of it.
    pub(super) fn measure(self, text: &str) -> Measured {
        if let Some(width) = letters::ascii_width(self.face, text, self.size) {
            return Measured { width, face: self.face };
        }
        let face = self.face_for(text);
        Measured { width: self.fonts.width(text, face, self.size), face }
    }

    pub(super) fn width(self, text: &str) -> Length {
        if let Some(width) = letters::ascii_width(self.face, text, self.size) {
            return width;
        }
        self.fonts.width(text, self.face_for(text), self.size)
    }
}

impl Ink {
    pub(super) const fn colour(self, palette: &Palette) -> Colour {
        match self {
            Ink::Accent => palette.accent,
            Ink::Text => palette.text,
            Ink::Muted => palette.muted,
        }
    }
}
