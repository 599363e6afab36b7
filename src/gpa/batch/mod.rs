//! Tables of attempts: the policy applied to every student at once.

mod general;
