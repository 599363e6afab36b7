//! The conductor over real files and sockets: one transcript, its cancelling, and many at once.

#[path = "service/batch.rs"]
mod batch;
#[path = "service/batch_begun.rs"]
mod batch_begun;
#[path = "service/campus.rs"]
mod campus;
#[path = "service/cancel.rs"]
mod cancel;
#[path = "service/degree.rs"]
mod degree;
#[path = "service/extract.rs"]
mod extract;
#[path = "service/faulty.rs"]
mod faulty;
#[path = "service/line.rs"]
mod line;
#[allow(dead_code, reason = "each test file uses its part")]
#[path = "loopback.rs"]
mod loopback;
#[path = "service/records.rs"]
mod records;
#[path = "service/stream.rs"]
mod stream;
#[path = "service/together.rs"]
mod together;
#[path = "service/turns.rs"]
mod turns;
