//! The conductor: one runtime, one pool, limits, cancellation. No business rules.
