//! The objects of a PDF file from their bytes (ISO 32000-1, 7.2 and 7.3).

use super::budget::Budget;
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    /// Null, a truth value, a real number: nothing that leads to an attachment.
    Other,
    Integer(i64),
    Name(Vec<u8>),
    Text(Vec<u8>),
    Array(Vec<Object>),
    Dictionary(Dictionary),
    Reference(u32),
}

pub type Dictionary = BTreeMap<Vec<u8>, Object>;

/// Arrays in dictionaries in arrays: no deeper in any file that a tool writes.
const DEPTH: usize = 32;
/// What an object costs beside the bytes of its text.
const NODE: usize = 64;

pub struct Parser<'b> {
    bytes: &'b [u8],
    at: usize,
    budget: &'b Budget,
}

impl<'b> Parser<'b> {
    pub fn at(bytes: &'b [u8], at: usize, budget: &'b Budget) -> Parser<'b> {
        Parser { bytes, at, budget }
    }

    pub fn place(&self) -> usize {
        self.at
    }

    pub fn back_to(&mut self, place: usize) {
        self.at = place;
    }

    fn rest(&self) -> &'b [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    /// Past white space and comments.
    fn skip(&mut self) -> Option<()> {
        let from = self.at;
        while let Some(byte) = self.peek() {
            match byte {
                b'\0' | b'\t' | b'\n' | 0x0c | b'\r' | b' ' => self.at += 1,
                b'%' => self.at += self.rest().iter().take_while(|byte| !matches!(byte, b'\n' | b'\r')).count(),
                _ => break,
            }
        }
        self.budget.spend(self.at - from)
    }

    /// Takes the word, if it stands next.
    pub fn word(&mut self, word: &str) -> Option<()> {
        self.skip()?;
        self.rest().starts_with(word.as_bytes()).then(|| self.at += word.len())
    }

    /// A number alone, without looking whether a reference begins with it.
    pub fn whole(&mut self) -> Option<u64> {
        self.skip()?;
        let text = self.regular()?;
        std::str::from_utf8(text).ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()
    }

    /// Bytes up to the next white space or delimiter.
    fn regular(&mut self) -> Option<&'b [u8]> {
        let rest = self.rest();
        let stops = |byte: &u8| b"\0\t\n\x0c\r ()<>[]{}/%".contains(byte);
        let length = rest.iter().position(stops).unwrap_or(rest.len());
        self.budget.spend(length)?;
        self.at += length;
        rest.get(..length)
    }

    pub fn object(&mut self) -> Option<Object> {
        self.nested(DEPTH)
    }

    pub fn dictionary(&mut self) -> Option<Dictionary> {
        match self.object()? {
            Object::Dictionary(dictionary) => Some(dictionary),
            _ => None,
        }
    }

    fn nested(&mut self, depth: usize) -> Option<Object> {
        let depth = depth.checked_sub(1)?;
        self.skip()?;
        self.budget.spend(NODE)?;
        let (first, second) = (self.peek()?, self.rest().get(1));
        match (first, second) {
            (b'/', _) => self.name().map(Object::Name),
            (b'(', _) => self.literal().map(Object::Text),
            (b'<', Some(b'<')) => self.entries(depth).map(Object::Dictionary),
            (b'<', _) => self.hexadecimal().map(Object::Text),
            (b'[', _) => self.array(depth).map(Object::Array),
            _ => self.plain(),
        }
    }

    /// A number, a reference or a keyword.
    fn plain(&mut self) -> Option<Object> {
        let text = self.regular().filter(|text| !text.is_empty())?;
        let Some(number) = std::str::from_utf8(text).ok().and_then(|text| text.parse::<i64>().ok()) else {
            let real = text.iter().all(|byte| b"+-.0123456789".contains(byte));
            return (real || matches!(text, b"true" | b"false" | b"null")).then_some(Object::Other);
        };
        let after = self.at;
        let reference = u32::try_from(number).ok().filter(|_| {
            self.whole().is_some()
                && self.word("R").is_some()
                && !self.peek().is_some_and(|b| b.is_ascii_alphanumeric())
        });
        if reference.is_none() {
            self.at = after;
        }
        Some(reference.map_or(Object::Integer(number), Object::Reference))
    }

    fn name(&mut self) -> Option<Vec<u8>> {
        self.at += 1;
        let text = self.regular()?;
        let mut name = Vec::with_capacity(text.len());
        let mut rest = text;
        while let [byte, tail @ ..] = rest {
            let escaped = match (byte, tail) {
                (b'#', [one, two, ..]) => digit(*one).zip(digit(*two)),
                _ => None,
            };
            name.push(escaped.map_or(*byte, |(one, two)| one * 16 + two));
            rest = if escaped.is_some() { tail.get(2..)? } else { tail };
        }
        Some(name)
    }

    fn array(&mut self, depth: usize) -> Option<Vec<Object>> {
        self.at += 1;
        let mut array = Vec::new();
        while self.word("]").is_none() {
            array.push(self.nested(depth)?);
        }
        Some(array)
    }

    fn entries(&mut self, depth: usize) -> Option<Dictionary> {
        self.at += 2;
        let mut entries = Dictionary::new();
        while self.word(">>").is_none() {
            let Object::Name(key) = self.nested(depth)? else { return None };
            entries.insert(key, self.nested(depth)?);
        }
        Some(entries)
    }

    fn hexadecimal(&mut self) -> Option<Vec<u8>> {
        self.at += 1;
        let (mut text, mut half) = (Vec::new(), None);
        loop {
            self.budget.spend(1)?;
            let byte = self.peek()?;
            self.at += 1;
            match (digit(byte), half) {
                (Some(low), Some(high)) => {
                    text.push(high * 16 + low);
                    half = None;
                }
                (Some(high), None) => half = Some(high),
                (None, _) if byte == b'>' => break,
                (None, _) if byte.is_ascii_whitespace() || byte == 0 => {}
                (None, _) => return None,
            }
        }
        text.extend(half.map(|high| high * 16));
        Some(text)
    }

    fn literal(&mut self) -> Option<Vec<u8>> {
        self.at += 1;
        let (mut text, mut open) = (Vec::new(), 1_usize);
        loop {
            self.budget.spend(1)?;
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'\\' => text.extend(self.escaped()?),
                b'(' => open += 1,
                b')' => open -= 1,
                _ => {}
            }
            if open == 0 {
                return Some(text);
            }
            if byte != b'\\' {
                text.push(byte);
            }
        }
    }

    /// What follows a backslash: nothing where it hides the end of a line.
    fn escaped(&mut self) -> Option<Option<u8>> {
        let byte = self.peek()?;
        self.at += 1;
        Some(Some(match byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 0x08,
            b'f' => 0x0c,
            b'\n' => return Some(None),
            b'\r' => {
                self.at += usize::from(self.peek() == Some(b'\n'));
                return Some(None);
            }
            b'0'..=b'7' => {
                let mut code = u16::from(byte - b'0');
                for _ in 0..2 {
                    let Some(next @ b'0'..=b'7') = self.peek() else { break };
                    code = code * 8 + u16::from(next - b'0');
                    self.at += 1;
                }
                (code & 0xff) as u8
            }
            other => other,
        }))
    }
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}
