//! What lets a stranger check a transcript: the digest of its bytes, and the code printed on it.

mod code;
mod digest;

pub use code::{NotAVerificationCode, VerificationCode, certificate_code, enrollment_code, verification_code};
pub use digest::Digest;
