//! Doors out: an external service that confirms transcripts and degrees.
