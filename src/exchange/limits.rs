//! How much a single record may hold. Generous for any real student, small enough to bound the work of one call.

/// Bytes of a JSON record.
pub const JSON_BYTES: usize = 4 * 1024 * 1024;
/// Attempts in the whole record, those of its transfer blocks included.
pub const ATTEMPTS: usize = 5_000;
/// Terms, and transfer blocks.
pub const BLOCKS: usize = 1_000;
/// Entries of any other list: programs, awards, holds, notes, stated totals, former names, …
pub const ENTRIES: usize = 500;
/// Problems listed in one refusal; the rest are counted.
pub const PROBLEMS: usize = 1_000;
/// Bytes of an XML document.
pub const XML_BYTES: usize = 8 * 1024 * 1024;
/// Depth of an XML document; a College Transcript is some 12 deep.
pub const XML_DEPTH: usize = 64;
/// Elements of an XML document.
pub const XML_ELEMENTS: usize = 250_000;
