//! The file itself: objects, object streams and the cross-reference stream (ISO 32000-1, 7.5).

use super::deflate::{self, Advice, Kind};
use super::pack::Pack;
use super::syntax;
use sha2::{Digest, Sha256};

/// A complete stream object: extra dictionary entries, and data that is already packed.
pub fn stream(entries: &str, packed: &[u8]) -> Vec<u8> {
    stream_of(entries.as_bytes(), packed)
}

/// The same with entries that need not be text.
pub fn stream_of(entries: &[u8], packed: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(packed.len() + entries.len() + 64);
    write_stream(&mut out, entries, packed);
    out
}

fn write_stream(out: &mut Vec<u8>, entries: &[u8], packed: &[u8]) {
    out.extend_from_slice(b"<<");
    out.extend_from_slice(entries);
    out.extend_from_slice(b"/Filter/FlateDecode/Length ");
    syntax::integer(out, packed.len() as i64);
    out.extend_from_slice(b">>\nstream\n");
    out.extend_from_slice(packed);
    out.extend_from_slice(b"\nendstream");
}

/// Where a reader finds an object.
#[derive(Clone, Copy)]
enum Place {
    Free,
    Offset(u32),
    Within { stream: u32, index: u16 },
}

/// A file being written.
pub struct File {
    bytes: Vec<u8>,
    /// By object number.
    places: Vec<Place>,
    digest: Sha256,
}

impl File {
    /// The comment's high bytes tell transfer programs that the file is not text.
    pub fn new(capacity: usize) -> File {
        let mut bytes = Vec::with_capacity(capacity);
        bytes.extend_from_slice(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n");
        let mut places = Vec::with_capacity(1024);
        places.push(Place::Free);
        File { bytes, places, digest: Sha256::new() }
    }

    /// The next object number that is not taken.
    pub fn next_id(&self) -> u32 {
        self.places.len() as u32
    }

    fn place(&mut self, id: u32, place: Place) {
        let index = id as usize;
        if self.places.len() <= index {
            self.places.resize(index + 1, Place::Free);
        }
        self.places[index] = place;
    }

    /// An object that `write` writes.
    fn written(&mut self, id: u32, write: impl FnOnce(&mut Vec<u8>)) -> std::ops::Range<usize> {
        let offset = self.bytes.len() as u32;
        self.place(id, Place::Offset(offset));
        syntax::integer(&mut self.bytes, i64::from(id));
        self.bytes.extend_from_slice(b" 0 obj\n");
        let start = self.bytes.len();
        write(&mut self.bytes);
        let end = self.bytes.len();
        self.bytes.extend_from_slice(b"\nendobj\n");
        start..end
    }

    /// An object whose bytes count towards the file's identifier.
    pub fn object(&mut self, id: u32, body: &[u8]) {
        self.digest.update(body);
        self.shared_object(id, body);
    }

    /// An object that is the same in every document that has it (a font program, named in the objects that do count).
    pub fn shared_object(&mut self, id: u32, body: &[u8]) {
        self.written(id, |out| out.extend_from_slice(body));
    }

    /// A stream of a document's text, with extra dictionary entries; it counts towards the identifier.
    pub fn text_stream(&mut self, id: u32, entries: &[u8], kind: Kind, plain: &[u8], advice: &[(u32, Advice)]) {
        let body =
            deflate::text(kind, plain, advice, |packed| self.written(id, |out| write_stream(out, entries, packed)));
        self.digest.update(&self.bytes[body]);
    }

    /// An object stream that was packed before, with its members.
    pub fn object_stream(&mut self, id: u32, members: &[u32], body: &[u8]) {
        self.object(id, body);
        self.members(id, members.iter().copied());
    }

    fn members(&mut self, stream: u32, members: impl Iterator<Item = u32>) {
        for (index, member) in members.enumerate() {
            self.place(member, Place::Within { stream, index: index as u16 });
        }
    }

    /// The objects of a pack, in as many streams as it takes, numbered from `first`.
    pub fn pack(&mut self, first: u32, pack: &mut Pack) {
        for (id, part) in (first..).zip(pack.parts()) {
            let (plain, entries, advice) = pack.plain(part.clone());
            let body = deflate::text(Kind::Structure, plain, advice, |packed| {
                self.written(id, |out| write_stream(out, &entries, packed))
            });
            self.digest.update(&self.bytes[body]);
            self.members(id, pack.members(part));
        }
    }

    /// The finished file. The identifier is taken from the content: the same pages, the same bytes.
    pub fn finish(mut self, root: u32, info: u32) -> Vec<u8> {
        let id = self.next_id();
        let start = self.bytes.len() as u32;
        self.place(id, Place::Offset(start));
        let table = self.table();
        let mut entries = b"/Type/XRef/Size ".to_vec();
        syntax::integer(&mut entries, i64::from(id) + 1);
        entries.extend_from_slice(b"/W[1 4 2]/DecodeParms<</Predictor 12/Columns 7>>/Root ");
        syntax::reference(&mut entries, root);
        entries.extend_from_slice(b"/Info ");
        syntax::reference(&mut entries, info);
        entries.extend_from_slice(b"/ID[");
        let identifier = self.digest.finalize();
        for _ in 0..2 {
            entries.push(b'<');
            identifier.iter().take(16).for_each(|byte| syntax::hexadecimal(&mut entries, *byte));
            entries.push(b'>');
        }
        entries.push(b']');
        syntax::integer(&mut self.bytes, i64::from(id));
        self.bytes.extend_from_slice(b" 0 obj\n");
        deflate::text(Kind::Content, &table, &[], |packed| write_stream(&mut self.bytes, &entries, packed));
        self.bytes.extend_from_slice(b"\nendobj\nstartxref\n");
        syntax::integer(&mut self.bytes, i64::from(start));
        self.bytes.extend_from_slice(b"\n%%EOF\n");
        self.bytes
    }

    /// A row for each object: how it differs from the one above, byte by byte (the predictor "up" of PNG), so that a long run
    /// of members of one stream is a long repeat.
    fn table(&self) -> Vec<u8> {
        let mut table = Vec::with_capacity(self.places.len() * 8);
        let mut above = [0u8; 7];
        for place in &self.places {
            let (kind, first, second) = match *place {
                Place::Free => (0, 0u32, 0xFFFFu16),
                Place::Offset(offset) => (1, offset, 0),
                Place::Within { stream, index } => (2, stream, index),
            };
            let ([a, b, c, d], [e, f]) = (first.to_be_bytes(), second.to_be_bytes());
            let row = [kind, a, b, c, d, e, f];
            table.push(2);
            table.extend(row.iter().zip(above).map(|(own, above)| own.wrapping_sub(above)));
            above = row;
        }
        table
    }
}
