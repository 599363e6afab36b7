//! Objects of a file by their numbers, read when asked for and only then.

use super::object::{Dictionary, Object, Parser};
use super::table::{Entry, Table};
use super::unpack::{Packing, Predictor, unpacked};
use super::{Budget, UNPACKED_BYTES};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// References to references.
const HOPS: usize = 16;

pub struct File<'b> {
    bytes: &'b [u8],
    budget: &'b Budget,
    table: Table,
    /// Object streams that were unpacked.
    opened: RefCell<HashMap<u32, Rc<Opened>>>,
}

/// A stream as it stands in the file.
pub struct Packed<'b> {
    pub dictionary: Dictionary,
    pub content: &'b [u8],
    pub packing: Packing,
}

/// The content of an object stream, and where in it the objects stand.
struct Opened {
    content: Vec<u8>,
    places: HashMap<u32, usize>,
}

impl<'b> File<'b> {
    pub fn open(bytes: &'b [u8], budget: &'b Budget) -> Option<File<'b>> {
        // Some tools put bytes of their own in front; places count from the header.
        let front = bytes.get(..bytes.len().min(1024))?;
        let header = front.windows(5).position(|window| window == b"%PDF-")?;
        let bytes = bytes.get(header..)?;
        let table = Table::read(bytes, budget)?;
        Some(File { bytes, budget, table, opened: RefCell::default() })
    }

    pub fn trailer(&self) -> &Dictionary {
        &self.table.trailer
    }

    /// The object itself, where it was referred to.
    pub fn resolved(&self, object: &Object) -> Option<Object> {
        let mut object = object.clone();
        for _ in 0..HOPS {
            match object {
                Object::Reference(number) => object = self.object(number)?,
                found => return Some(found),
            }
        }
        None
    }

    /// The entry of a dictionary, by reference or not.
    pub fn entry(&self, owner: &Dictionary, key: &[u8]) -> Option<Object> {
        self.resolved(owner.get(key)?)
    }

    pub fn dictionary(&self, owner: &Dictionary, key: &[u8]) -> Option<Dictionary> {
        match self.entry(owner, key)? {
            Object::Dictionary(dictionary) => Some(dictionary),
            _ => None,
        }
    }

    /// The elements of an array, unresolved.
    pub fn array(&self, owner: &Dictionary, key: &[u8]) -> Vec<Object> {
        match self.entry(owner, key) {
            Some(Object::Array(array)) => array,
            _ => Vec::new(),
        }
    }

    /// A numbered object; of a stream, its dictionary.
    fn object(&self, number: u32) -> Option<Object> {
        match *self.table.entries.get(&number)? {
            Entry::Free => None,
            Entry::At(at) => heading(self.bytes, at, Some(number), self.budget)?.object(),
            Entry::Within(container) => {
                let opened = self.opened(container)?;
                let at = *opened.places.get(&number)?;
                Parser::at(&opened.content, at, self.budget).object()
            }
        }
    }

    /// The stream that an entry refers to.
    pub fn stream(&self, owner: &Dictionary, key: &[u8]) -> Option<Packed<'b>> {
        match owner.get(key)? {
            Object::Reference(number) => self.numbered_stream(*number, &|object| self.resolved(object)),
            _ => None,
        }
    }

    fn numbered_stream(&self, number: u32, resolved: &dyn Fn(&Object) -> Option<Object>) -> Option<Packed<'b>> {
        let Entry::At(at) = *self.table.entries.get(&number)? else { return None };
        stream(self.bytes, at, Some(number), self.budget, resolved)
    }

    /// The same as [`File::resolved`] of an object that stands in no object stream: what opens one may not wait for another.
    fn outside(&self, object: &Object) -> Option<Object> {
        match object {
            Object::Reference(number) => match self.table.entries.get(number)? {
                Entry::At(at) => heading(self.bytes, *at, Some(*number), self.budget)?.object(),
                _ => None,
            },
            direct => Some(direct.clone()),
        }
    }

    /// The stream's content, if it unpacks.
    pub fn content(&self, stream: &Packed<'_>) -> Option<Vec<u8>> {
        unpacked(stream.content, &stream.packing, UNPACKED_BYTES, self.budget)
    }

    fn opened(&self, container: u32) -> Option<Rc<Opened>> {
        if let Some(opened) = self.opened.borrow().get(&container) {
            return Some(Rc::clone(opened));
        }
        let stream = self.numbered_stream(container, &|object| self.outside(object))?;
        let content = self.content(&stream)?;
        let number = |key: &[u8]| match self.outside(stream.dictionary.get(key)?) {
            Some(Object::Integer(number)) => usize::try_from(number).ok(),
            _ => None,
        };
        let (count, first) = (number(b"N")?, number(b"First")?);
        let mut places = HashMap::new();
        let mut parser = Parser::at(&content, 0, self.budget);
        for _ in 0..count {
            let Some((number, offset)) = parser.whole().zip(parser.whole()) else { break };
            self.budget.spend(32)?;
            places.insert(u32::try_from(number).ok()?, first.checked_add(usize::try_from(offset).ok()?)?);
        }
        let opened = Rc::new(Opened { content, places });
        self.opened.borrow_mut().insert(container, Rc::clone(&opened));
        Some(opened)
    }
}

/// Past `7 0 obj`, if that stands there.
fn heading<'b>(bytes: &'b [u8], at: usize, number: Option<u32>, budget: &'b Budget) -> Option<Parser<'b>> {
    let mut parser = Parser::at(bytes, at, budget);
    let found = parser.whole()?;
    parser.whole()?;
    parser.word("obj")?;
    number.is_none_or(|number| u64::from(number) == found).then_some(parser)
}

/// The stream at a place. Its length must be right: a search for the end could be made to look at the whole file each time.
pub fn stream<'b>(
    bytes: &'b [u8],
    at: usize,
    number: Option<u32>,
    budget: &'b Budget,
    resolved: &dyn Fn(&Object) -> Option<Object>,
) -> Option<Packed<'b>> {
    let mut parser = heading(bytes, at, number, budget)?;
    let dictionary = parser.dictionary()?;
    parser.word("stream")?;
    let start = match bytes.get(parser.place()..)? {
        [b'\r', b'\n', ..] => parser.place() + 2,
        [b'\n', ..] => parser.place() + 1,
        _ => return None,
    };
    let plain = |object: &Object| match object {
        Object::Reference(_) => resolved(object),
        _ => Some(object.clone()),
    };
    let Object::Integer(length) = plain(dictionary.get(b"Length".as_slice())?)? else { return None };
    let end = start.checked_add(usize::try_from(length).ok()?)?;
    let content = bytes.get(start..end)?;
    Parser::at(bytes, end, budget).word("endstream")?;
    let packing = packing(&dictionary, &plain)?;
    Some(Packed { dictionary, content, packing })
}

/// None, or deflated once.
fn packing(dictionary: &Dictionary, plain: &dyn Fn(&Object) -> Option<Object>) -> Option<Packing> {
    let only = |key: &[u8]| match dictionary.get(key).map_or(Some(Object::Other), plain)? {
        Object::Array(array) => match array.as_slice() {
            [] => Some(Object::Other),
            [one] => plain(one),
            _ => None,
        },
        other => Some(other),
    };
    match only(b"Filter")? {
        Object::Other => return Some(Packing::default()),
        Object::Name(name) if name == b"FlateDecode" => {}
        _ => return None,
    }
    let Object::Dictionary(parameters) = only(b"DecodeParms")? else {
        return Some(Packing { deflated: true, predictor: None });
    };
    let number = |key: &[u8], usual: usize| match parameters.get(key).map(plain) {
        None => Some(usual),
        Some(Some(Object::Integer(number))) => usize::try_from(number).ok(),
        Some(_) => None,
    };
    let predictor = match number(b"Predictor", 1)? {
        1 => None,
        10..=15 => {
            let (colours, bits) = (number(b"Colors", 1)?, number(b"BitsPerComponent", 8)?);
            Some(Predictor { colours, bits, columns: number(b"Columns", 1)? })
        }
        _ => return None,
    };
    Some(Packing { deflated: true, predictor })
}
