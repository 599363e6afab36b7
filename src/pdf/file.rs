//! The file itself: objects, object streams and the cross-reference stream (ISO 32000-1, 7.5).

use super::deflate::{self, Kind};
use super::pack::{Pack, Part};
use super::syntax;
use sha2::{Digest, Sha256};
use std::sync::Arc;

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

/// How files begin that share a frame: objects that are the same in all of them, and their digest.
#[derive(Default)]
pub struct Beginning {
    bytes: Vec<u8>,
    places: Vec<Place>,
    digest: Sha256,
}

impl Beginning {
    /// Bytes that it holds.
    pub fn size(&self) -> usize {
        self.bytes.len() + self.places.len() * size_of::<Place>()
    }
}

/// A finished file.
pub struct Finished {
    pub bytes: Arc<[u8]>,
    /// SHA-256 of the bytes.
    pub digest: [u8; 32],
}

/// A file being written.
#[derive(Default)]
pub struct File {
    bytes: Vec<u8>,
    /// By object number.
    places: Vec<Place>,
    digest: Sha256,
    /// How many bytes are in the digest.
    digested: usize,
    table: Vec<u8>,
}

impl File {
    /// Begins a file anew. The comment's high bytes tell transfer programs that the file is not text.
    pub fn begin(&mut self) {
        self.bytes.clear();
        self.bytes.extend_from_slice(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n");
        self.places.clear();
        self.places.push(Place::Free);
        self.digest = Sha256::new();
        self.digested = 0;
    }

    /// Begins a file as others began.
    pub fn begin_with(&mut self, beginning: &Beginning) {
        self.bytes.clone_from(&beginning.bytes);
        self.places.clone_from(&beginning.places);
        self.digest.clone_from(&beginning.digest);
        self.digested = self.bytes.len();
    }

    /// What was written so far, for other files to begin with.
    pub fn beginning(mut self) -> Beginning {
        self.digest_all();
        Beginning { bytes: self.bytes, places: self.places, digest: self.digest }
    }

    /// All bytes at once: the digest is quick with many.
    fn digest_all(&mut self) {
        self.digest.update(&self.bytes[self.digested..]);
        self.digested = self.bytes.len();
    }

    /// Whether its room is what a document of ordinary length takes, worth keeping for the next.
    pub fn is_ordinary(&self) -> bool {
        self.bytes.capacity() <= 1 << 20
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

    fn written(&mut self, id: u32, write: impl FnOnce(&mut Vec<u8>)) {
        let offset = self.bytes.len() as u32;
        self.place(id, Place::Offset(offset));
        syntax::integer(&mut self.bytes, i64::from(id));
        self.bytes.extend_from_slice(b" 0 obj\n");
        write(&mut self.bytes);
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    /// A whole object.
    pub fn object(&mut self, id: u32, body: &[u8]) {
        self.written(id, |out| out.extend_from_slice(body));
    }

    /// A stream of a document's text, with extra dictionary entries.
    pub fn text_stream(&mut self, id: u32, entries: &[u8], packed: &[u8]) {
        self.written(id, |out| write_stream(out, entries, packed));
    }

    fn members(&mut self, stream: u32, members: impl Iterator<Item = u32>) {
        for (index, member) in members.enumerate() {
            self.place(member, Place::Within { stream, index: index as u16 });
        }
    }

    /// A stream of objects that is packed already.
    pub fn object_stream(&mut self, id: u32, entries: &[u8], packed: &[u8], members: impl Iterator<Item = u32>) {
        self.written(id, |out| write_stream(out, entries, packed));
        self.members(id, members);
    }

    /// The objects of a pack, in as many streams as it takes, numbered from `first`. `compress` makes a part's text small.
    pub fn pack(&mut self, first: u32, pack: &mut Pack, mut compress: impl FnMut(Part, &mut dyn FnMut(&[u8]))) {
        for (id, members) in (first..).zip(pack.parts()) {
            let part = pack.plain(members.clone());
            let entries = part.entries();
            compress(part, &mut |packed| self.written(id, |out| write_stream(out, &entries, packed)));
            self.members(id, pack.members(members));
        }
    }

    /// The finished file. The identifier is taken from all that goes before it: the same pages, the same bytes.
    pub fn finish(&mut self, root: u32, info: u32) -> Finished {
        let id = self.next_id();
        let start = self.bytes.len() as u32;
        self.place(id, Place::Offset(start));
        self.write_table();
        let mut entries = b"/Type/XRef/Size ".to_vec();
        syntax::integer(&mut entries, i64::from(id) + 1);
        entries.extend_from_slice(b"/W[1 4 2]/DecodeParms<</Predictor 12/Columns 7>>/Root ");
        syntax::reference(&mut entries, root);
        entries.extend_from_slice(b"/Info ");
        syntax::reference(&mut entries, info);
        entries.extend_from_slice(b"/ID[");
        self.digest_all();
        let identifier = self.digest.clone().finalize();
        for _ in 0..2 {
            entries.push(b'<');
            identifier.iter().take(16).for_each(|byte| syntax::hexadecimal(&mut entries, *byte));
            entries.push(b'>');
        }
        entries.push(b']');
        syntax::integer(&mut self.bytes, i64::from(id));
        self.bytes.extend_from_slice(b" 0 obj\n");
        deflate::text(Kind::Content, &self.table, &[], |packed| write_stream(&mut self.bytes, &entries, packed));
        self.bytes.extend_from_slice(b"\nendobj\nstartxref\n");
        syntax::integer(&mut self.bytes, i64::from(start));
        self.bytes.extend_from_slice(b"\n%%EOF\n");
        self.digest_all();
        Finished { bytes: self.bytes.as_slice().into(), digest: self.digest.clone().finalize().into() }
    }

    /// A row for each object: how it differs from the one above, byte by byte (the predictor "up" of PNG), so that a long run
    /// of members of one stream is a long repeat.
    fn write_table(&mut self) {
        self.table.clear();
        self.table.reserve(self.places.len() * 8);
        let mut above = [0u8; 7];
        for place in &self.places {
            let (kind, first, second) = match *place {
                Place::Free => (0, 0u32, 0xFFFFu16),
                Place::Offset(offset) => (1, offset, 0),
                Place::Within { stream, index } => (2, stream, index),
            };
            let ([a, b, c, d], [e, f]) = (first.to_be_bytes(), second.to_be_bytes());
            let row = [kind, a, b, c, d, e, f];
            let difference = |at: usize| row[at].wrapping_sub(above[at]);
            let up = 2;
            self.table.extend_from_slice(&[
                up,
                difference(0),
                difference(1),
                difference(2),
                difference(3),
                difference(4),
                difference(5),
                difference(6),
            ]);
            above = row;
        }
    }
}
