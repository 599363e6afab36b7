//! The file itself: objects, object streams and the cross-reference stream (ISO 32000-1, 7.5).

use super::{deflate, syntax};
use sha2::{Digest, Sha256};

/// Members of one object stream; a reader unpacks a whole stream to reach one of them.
const PACK_LIMIT: usize = 4000;

/// A complete stream object: extra dictionary entries, and data that is already packed.
pub fn stream(entries: &str, packed: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(packed.len() + entries.len() + 64);
    write_stream(&mut out, entries, packed);
    out
}

fn write_stream(out: &mut Vec<u8>, entries: &str, packed: &[u8]) {
    out.extend_from_slice(b"<<");
    out.extend_from_slice(entries.as_bytes());
    out.extend_from_slice(b"/Filter/FlateDecode/Length ");
    syntax::integer(out, packed.len() as i64);
    out.extend_from_slice(b">>\nstream\n");
    out.extend_from_slice(packed);
    out.extend_from_slice(b"\nendstream");
}

/// Objects on their way into object streams.
#[derive(Default)]
pub struct Pack {
    /// Object number, and where its text begins.
    members: Vec<(u32, usize)>,
    text: Vec<u8>,
}

impl Pack {
    /// Where to write the text of the object numbered `id`.
    pub fn begin(&mut self, id: u32) -> &mut Vec<u8> {
        if !self.text.is_empty() {
            self.text.push(b'\n');
        }
        self.members.push((id, self.text.len()));
        &mut self.text
    }

    /// The object streams that hold the objects: whose they are, and the whole stream object of each.
    pub fn close(&self, pack: impl Fn(&[u8]) -> Vec<u8>) -> Vec<(Vec<u32>, Vec<u8>)> {
        let mut end = self.text.len();
        let mut streams = Vec::new();
        for members in self.members.chunks(PACK_LIMIT).rev() {
            let start = members[0].1;
            let mut plain = Vec::with_capacity(end - start + members.len() * 12);
            for (id, offset) in members {
                syntax::integer(&mut plain, i64::from(*id));
                plain.push(b' ');
                syntax::integer(&mut plain, (offset - start) as i64);
                plain.push(b' ');
            }
            let entries = format!("/Type/ObjStm/N {}/First {}", members.len(), plain.len());
            plain.extend_from_slice(&self.text[start..end]);
            streams.push((members.iter().map(|(id, _)| *id).collect(), stream(&entries, &pack(&plain))));
            end = start;
        }
        streams.reverse();
        streams
    }
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
        File { bytes, places: vec![Place::Free], digest: Sha256::new() }
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

    /// An object whose bytes count towards the file's identifier.
    pub fn object(&mut self, id: u32, body: &[u8]) {
        self.digest.update(body);
        self.shared_object(id, body);
    }

    /// An object that is the same in every document that has it (a font program, named in the objects that do count).
    pub fn shared_object(&mut self, id: u32, body: &[u8]) {
        let offset = self.bytes.len() as u32;
        self.place(id, Place::Offset(offset));
        syntax::integer(&mut self.bytes, i64::from(id));
        self.bytes.extend_from_slice(b" 0 obj\n");
        self.bytes.extend_from_slice(body);
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    /// An object stream with its members.
    pub fn object_stream(&mut self, id: u32, members: &[u32], body: &[u8]) {
        self.object(id, body);
        for (index, member) in members.iter().enumerate() {
            self.place(*member, Place::Within { stream: id, index: index as u16 });
        }
    }

    /// The finished file. The identifier is taken from the content: the same pages, the same bytes.
    pub fn finish(mut self, root: u32, info: u32) -> Vec<u8> {
        let id = self.next_id();
        let start = self.bytes.len() as u32;
        self.place(id, Place::Offset(start));
        let table = self.table();
        let identifier: String = self.digest.finalize().iter().take(16).map(|byte| format!("{byte:02X}")).collect();
        let entries = format!(
            "/Type/XRef/Size {}/W[1 4 2]/Root {root} 0 R/Info {info} 0 R/ID[<{identifier}><{identifier}>]",
            id + 1
        );
        let packed = deflate::per_document(&table);
        syntax::integer(&mut self.bytes, i64::from(id));
        self.bytes.extend_from_slice(b" 0 obj\n");
        write_stream(&mut self.bytes, &entries, &packed);
        self.bytes.extend_from_slice(format!("\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes());
        self.bytes
    }

    fn table(&self) -> Vec<u8> {
        let mut table = Vec::with_capacity(self.places.len() * 7);
        for place in &self.places {
            let (kind, first, second) = match *place {
                Place::Free => (0, 0, 0xFFFF),
                Place::Offset(offset) => (1, offset, 0),
                Place::Within { stream, index } => (2, stream, index),
            };
            table.push(kind);
            table.extend_from_slice(&first.to_be_bytes());
            table.extend_from_slice(&second.to_be_bytes());
        }
        table
    }
}
