//! Pages to bytes. Knows no grade, reads no clock: the same pages, the same bytes.
