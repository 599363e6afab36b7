//! Objects on their way into object streams (ISO 32000-1, 7.5.7).

use super::deflate::Advice;
use super::syntax;
use std::ops::Range;

/// Members of one object stream; a reader unpacks a whole stream to reach one of them.
const LIMIT: usize = 4000;

/// Texts of objects, one after another.
#[derive(Default)]
pub struct Pack {
    /// Object number, and where its text begins.
    members: Vec<(u32, usize)>,
    text: Vec<u8>,
    /// Where the text is like other text before it: place, and how far back.
    likes: Vec<(usize, Option<u32>)>,
    /// The last part as it goes into the stream, and what is known of it.
    plain: Vec<u8>,
    advice: Vec<(u32, Advice)>,
}

impl Pack {
    /// Where to write the text of the object numbered `id`.
    pub fn begin(&mut self, id: u32) -> &mut Vec<u8> {
        self.begin_like(id, None);
        &mut self.text
    }

    /// Begins an object much like the one whose text begins at `before`; returns where this one begins.
    pub fn begin_like(&mut self, id: u32, before: Option<usize>) -> usize {
        if !self.text.is_empty() {
            self.text.push(b'\n');
        }
        let at = self.text.len();
        self.members.push((id, at));
        self.likes.push((at, before.map(|before| (at - before) as u32)));
        at
    }

    /// The text of the object begun last.
    pub fn text(&mut self) -> &mut Vec<u8> {
        &mut self.text
    }

    /// References to objects, a space after each; one is like the one before it, as long as they have as many digits.
    pub fn references(&mut self, ids: impl Iterator<Item = u32>) {
        let mut size = 0;
        for id in ids {
            let start = self.text.len();
            syntax::reference(&mut self.text, id);
            self.text.push(b' ');
            let end = self.text.len();
            if end - start != size {
                size = end - start;
                self.likes.extend([(start, None), (end, Some(size as u32))]);
            }
        }
        self.likes.push((self.text.len(), None));
    }

    /// The members of each stream, by their places in the pack.
    pub fn parts(&self) -> Vec<Range<usize>> {
        let count = self.members.len();
        (0..count).step_by(LIMIT).map(|from| from..(from + LIMIT).min(count)).collect()
    }

    /// The object numbers of a part.
    pub fn members(&self, part: Range<usize>) -> impl Iterator<Item = u32> {
        self.members[part].iter().map(|(id, _)| *id)
    }

    /// Forgets all objects; their room stays.
    pub fn clear(&mut self) {
        self.members.clear();
        self.text.clear();
        self.likes.clear();
    }

    /// A part as it goes into its stream.
    pub fn plain(&mut self, part: Range<usize>) -> Part<'_> {
        let start = self.members[part.start].1;
        let end = self.members.get(part.end).map_or(self.text.len(), |next| next.1);
        let members = &self.members[part];
        self.plain.clear();
        self.plain.reserve(end - start + members.len() * 14);
        for (id, offset) in members {
            syntax::integer(&mut self.plain, i64::from(*id));
            self.plain.push(b' ');
            syntax::integer(&mut self.plain, (offset - start) as i64);
            self.plain.push(b' ');
        }
        let head = self.plain.len();
        self.plain.extend_from_slice(&self.text[start..end]);
        self.advice.clear();
        self.advice.extend([(0, Advice::Numbers), (head as u32, Advice::Search)]);
        let likes = self.likes.iter().filter(|(at, _)| (start..end).contains(at));
        self.advice.extend(likes.map(|(at, distance)| {
            // What lies before this part is not in the stream.
            let known = distance.filter(|distance| *distance as usize <= at - start);
            ((head + at - start) as u32, known.map_or(Advice::Search, Advice::Like))
        }));
        Part { text: &self.plain, advice: &self.advice, count: members.len(), head }
    }
}

/// The text of an object stream, and what is known of it.
#[derive(Clone, Copy)]
pub struct Part<'p> {
    pub text: &'p [u8],
    pub advice: &'p [(u32, Advice)],
    count: usize,
    /// Where the first object begins.
    head: usize,
}

impl Part<'_> {
    /// The stream's dictionary entries.
    pub fn entries(&self) -> Vec<u8> {
        let mut entries = b"/Type/ObjStm/N ".to_vec();
        syntax::integer(&mut entries, self.count as i64);
        entries.extend_from_slice(b"/First ");
        syntax::integer(&mut entries, self.head as i64);
        entries
    }
}
