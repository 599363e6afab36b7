//! An XML document as a bounded tree of elements by local name; attributes, comments and instructions are left out.

use crate::domain::Error;
use crate::exchange::limits;
use crate::exchange::report::{Report, refused};
use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

pub(super) struct Node {
    /// Without its namespace prefix.
    pub name: String,
    pub parent: Option<usize>,
    pub children: Vec<usize>,
    pub text: String,
}

/// The elements in document order, and the problems met while reading them.
pub(super) struct Tree {
    pub nodes: Vec<Node>,
    pub report: Report,
}

/// Why a document is no XML that we read; becomes a problem with its line.
type Flaw = (&'static str, &'static str);
const SYNTAX: Flaw = ("xml-syntax", "is not well-formed XML");
const ENDS_EARLY: Flaw = ("xml-syntax", "the XML ends before its elements do");

/// Parses a whole document: one root, no document type declaration, no entities but XML's own five.
pub(super) fn parse(text: &str) -> Result<Tree, Error> {
    let mut reader = Reader::from_str(text);
    let mut builder = Builder::default();
    loop {
        let step = match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => builder.take(event),
            Err(quick_xml::Error::Syntax(_)) => Err(ENDS_EARLY),
            Err(_) => Err(SYNTAX),
        };
        if let Err((code, message)) = step {
            let reached = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX).min(text.len());
            let line = 1 + text.as_bytes()[..reached].iter().filter(|&&byte| byte == b'\n').count();
            return refused(code, format!("line {line}"), message);
        }
    }
    match builder {
        Builder { open: Some(_), .. } => refused(ENDS_EARLY.0, "", ENDS_EARLY.1),
        Builder { nodes, .. } if nodes.is_empty() => refused(SYNTAX.0, "", "holds no XML element"),
        Builder { nodes, .. } => Ok(Tree { nodes, report: Report::default() }),
    }
}

#[derive(Default)]
struct Builder {
    nodes: Vec<Node>,
    open: Option<usize>,
    depth: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>) -> Result<(), Flaw> {
        match event {
            Event::Start(start) => self.start(start.local_name().into_inner()),
            Event::Empty(start) => {
                self.start(start.local_name().into_inner())?;
                self.end()
            }
            Event::End(_) => self.end(),
            Event::Text(text) => self.text(&text.xml10_content()),
            Event::CData(text) => self.text(&text.xml10_content()),
            Event::GeneralRef(reference) => self.reference(&reference),
            Event::DocType(_) => Err(("doctype", "has a document type declaration, which is never read")),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::Eof => Ok(()),
        }
    }

    fn start(&mut self, name: &str) -> Result<(), Flaw> {
        let index = self.nodes.len();
        if index >= limits::XML_ELEMENTS {
            return Err(("too-many", "has too many elements"));
        }
        if self.depth >= limits::XML_DEPTH {
            return Err(("too-deep", "is nested too deeply"));
        }
        match self.open {
            Some(parent) => self.nodes[parent].children.push(index),
            None if index > 0 => return Err(SYNTAX),
            None => {}
        }
        self.nodes.push(Node { name: name.to_owned(), parent: self.open, children: Vec::new(), text: String::new() });
        self.open = Some(index);
        self.depth += 1;
        Ok(())
    }

    fn end(&mut self) -> Result<(), Flaw> {
        let open = self.open.ok_or(SYNTAX)?;
        self.open = self.nodes[open].parent;
        self.depth -= 1;
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Flaw> {
        match self.open {
            Some(open) => self.nodes[open].text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(SYNTAX),
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), Flaw> {
        let mut buffer = [0; 4];
        let text = match reference.resolve_char_ref() {
            Ok(Some(character)) => character.encode_utf8(&mut buffer),
            Ok(None) => quick_xml::escape::resolve_xml_entity(reference).ok_or(("entity", "uses an unknown entity"))?,
            Err(_) => return Err(SYNTAX),
        };
        match self.open {
            Some(_) => self.text(text),
            None => Err(SYNTAX),
        }
    }
}
