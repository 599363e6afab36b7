//! Compressing streams, with one compressor kept per thread.

use flate2::{Compress, Compression, FlushCompress, Status};
use std::cell::RefCell;

/// What a document's own streams are packed at. Of a tagged transcript of two pages, level 1 made 44.7 KB in 160 µs,
/// 2 made 39.8 in 245, 4 made 38.8 in 350 and 6 made 38.1 in 485 (release profile, the whole of `render`).
const PER_DOCUMENT: u32 = 2;
/// Of fonts and watermarks.
const ONCE: u32 = 9;

thread_local! {
    // A compressor's tables take a quarter of a megabyte: made once per thread, not once per stream.
    static QUICK: RefCell<Compress> = RefCell::new(Compress::new(Compression::new(PER_DOCUMENT), true));
}

/// The zlib form of bytes that differ from document to document.
pub fn per_document(bytes: &[u8]) -> Vec<u8> {
    QUICK.with_borrow_mut(|compressor| {
        compressor.reset();
        run(compressor, bytes)
    })
}

/// The zlib form of bytes that are packed once and then kept.
pub fn once(bytes: &[u8]) -> Vec<u8> {
    run(&mut Compress::new(Compression::new(ONCE), true), bytes)
}

fn run(compressor: &mut Compress, bytes: &[u8]) -> Vec<u8> {
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
