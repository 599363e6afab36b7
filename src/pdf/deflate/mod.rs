//! Compressing streams. What is kept for the life of the process is packed as small as it goes; the text of one document is
//! packed in one quick pass with a code that was fitted beforehand ([`packer`], [`code`]).

mod code;
mod packer;

pub use code::Kind;
use flate2::{Compress, Compression, FlushCompress, Status};
pub use packer::Advice;
use packer::Packer;
use std::cell::RefCell;

/// Of what one document has and its text is not, such as a font of its own.
const PER_DOCUMENT: u32 = 2;
/// Of fonts and watermarks.
const ONCE: u32 = 9;

thread_local! {
    // One for each thread: no lock between threads, and its tables are made once.
    static PACKER: RefCell<Packer> = RefCell::new(Packer::new());
}

/// Hands over the zlib form of a document's text, until `take` returns.
pub fn text<T>(kind: Kind, bytes: &[u8], advice: &[(u32, Advice)], take: impl FnOnce(&[u8]) -> T) -> T {
    PACKER.with_borrow_mut(|packer| {
        let packed = packer.pack(kind, bytes, advice);
        // The fitted codes suit text; bytes of another nature (a picture attached) are left to the general packer.
        if packed.len() > bytes.len() + 64 { take(&per_document(bytes)) } else { take(packed) }
    })
}

/// The zlib form of any bytes that differ from document to document.
pub fn per_document(bytes: &[u8]) -> Vec<u8> {
    general(bytes, PER_DOCUMENT)
}

/// The zlib form of bytes that are packed once and then kept.
pub fn once(bytes: &[u8]) -> Vec<u8> {
    general(bytes, ONCE)
}

fn general(bytes: &[u8], level: u32) -> Vec<u8> {
    let mut compressor = Compress::new(Compression::new(level), true);
    let room = bytes.len() / 2 + 64;
    let mut out = Vec::with_capacity(room);
    loop {
        let read = compressor.total_in() as usize;
        match compressor.compress_vec(&bytes[read..], &mut out, FlushCompress::Finish) {
            Ok(Status::StreamEnd) => return out,
            // Only room was lacking.
            _ => out.reserve(room),
        }
    }
}
