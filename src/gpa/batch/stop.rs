//! Why the fast way ends before its end.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Cancelled,
    /// Something is there that only the slow way can name or hold: a wrong cell, a null, a sum beyond 64 bits.
    Slow,
}
