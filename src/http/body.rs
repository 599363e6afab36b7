//! The body of an answer, read as it arrives: its size unpacked, how much it unpacks to, and its pace are bounded.

use super::failure::Cause;
use super::manners::Manners;
use flate2::write::MultiGzDecoder;
use reqwest::header::{CONTENT_ENCODING, TRANSFER_ENCODING};
use reqwest::{Response, Version};
use std::io::{self, Write};
use std::ops::Deref;
use tokio::time::{Instant, timeout};

/// No honest JSON unpacks to more than a hundred times its size, short ones aside.
const MOST_UNPACKED: usize = 100;
const UNPACKED_FREELY: usize = 64 * 1024;

/// A whole body, and whether its end was told: one that ends with its connection may have been cut.
pub(super) struct Body {
    pub bytes: Vec<u8>,
    pub end_told: bool,
}

pub(super) async fn read(mut answer: Response, largest: usize, manners: &Manners) -> Result<Body, Cause> {
    let mut unpacking = Unpacking::new(&answer, largest)?;
    let end_told = end_told(&answer);
    if answer.content_length().is_some_and(|length| length > largest as u64) {
        return Err(too_large(largest));
    }
    let began = Instant::now();
    let mut received = 0_usize;
    while let Some(chunk) = piece(&mut answer, manners).await? {
        received += chunk.len();
        unpacking.take(&chunk, received)?;
        if too_slow(received, began, manners) {
            return Err(Cause::Slow("the answer came too slowly"));
        }
    }
    Ok(Body { bytes: unpacking.end()?, end_told })
}

async fn piece(answer: &mut Response, manners: &Manners) -> Result<Option<impl Deref<Target = [u8]> + use<>>, Cause> {
    let piece = timeout(manners.between_bytes, answer.chunk()).await;
    let piece = piece.map_err(|_| Cause::Slow("the answer stopped half-way"))?;
    piece.map_err(|error| Cause::from(&error))
}

fn too_slow(received: usize, began: Instant, manners: &Manners) -> bool {
    let passed = began.elapsed();
    passed >= manners.between_bytes && (received as u128) * 1_000 < u128::from(manners.slowest) * passed.as_millis()
}

fn too_large(largest: usize) -> Cause {
    let size = if largest < 1 << 20 { format!("{} KiB", largest >> 10) } else { format!("{} MiB", largest >> 20) };
    Cause::Unacceptable(format!("the answer is larger than {size}"))
}

/// Whether the body's end can be told from a broken connection: by length, by chunks or by HTTP/2.
fn end_told(answer: &Response) -> bool {
    answer.version() >= Version::HTTP_2
        || answer.content_length().is_some()
        || answer.headers().contains_key(TRANSFER_ENCODING)
}

enum Unpacking {
    Plain(Bounded),
    Gzip(Box<MultiGzDecoder<Bounded>>),
}

impl Unpacking {
    fn new(answer: &Response, largest: usize) -> Result<Unpacking, Cause> {
        let bounded = Bounded { bytes: Vec::new(), largest, full: false };
        let packed = answer.headers().get(CONTENT_ENCODING).map(|value| value.as_bytes().to_ascii_lowercase());
        match packed.as_deref() {
            None | Some(b"" | b"identity") => Ok(Unpacking::Plain(bounded)),
            Some(b"gzip" | b"x-gzip") => Ok(Unpacking::Gzip(Box::new(MultiGzDecoder::new(bounded)))),
            Some(_) => Err(Cause::Unacceptable("the answer is packed in a way that was not asked for".to_owned())),
        }
    }

    /// `received` is the size of all pieces so far, packed.
    fn take(&mut self, piece: &[u8], received: usize) -> Result<(), Cause> {
        let written = match self {
            Unpacking::Plain(bounded) => bounded.write_all(piece),
            Unpacking::Gzip(decoder) => decoder.write_all(piece),
        };
        let bounded = self.bounded();
        if bounded.full {
            return Err(too_large(bounded.largest));
        }
        if bounded.bytes.len() > received.saturating_mul(MOST_UNPACKED).max(UNPACKED_FREELY) {
            return Err(Cause::Unacceptable("the answer unpacks to more than a hundred times its size".to_owned()));
        }
        written.map_err(|_| damaged())
    }

    fn bounded(&self) -> &Bounded {
        match self {
            Unpacking::Plain(bounded) => bounded,
            Unpacking::Gzip(decoder) => decoder.get_ref(),
        }
    }

    fn end(self) -> Result<Vec<u8>, Cause> {
        match self {
            Unpacking::Plain(bounded) => Ok(bounded.bytes),
            // The end of gzip carries a checksum: a body that broke off or was damaged does not pass.
            Unpacking::Gzip(decoder) => decoder.finish().map(|bounded| bounded.bytes).map_err(|_| damaged()),
        }
    }
}

fn damaged() -> Cause {
    Cause::BrokeOff("the answer broke off")
}

/// Takes bytes up to a number and then no more.
struct Bounded {
    bytes: Vec<u8>,
    largest: usize,
    full: bool,
}

impl Write for Bounded {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + piece.len() > self.largest {
            self.full = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
