//! Doors out: where a transcript is saved. Bytes are never changed.
