//! Digest and verification code of a transcript.
