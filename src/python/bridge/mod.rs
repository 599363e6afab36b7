//! The bridge between asyncio and tokio, both ways.
//!
//! Forth: a verb's coroutine awaits a [`Call`], which starts Rust work on the runtime and yields a genuine
//! `asyncio.Future`. The work never attaches to Python: it posts its outcome on the loop's [`queue::Queue`] and rings
//! a bell the loop watches; the loop's own thread turns outcomes into Python objects. Back: Rust work puts a question
//! through a [`Door`]; the loop's thread starts the caller's coroutine and sends its answer.

mod ask;
mod bell;
mod call;
mod caller;
mod ending;
mod event_loop;
mod origin;
mod queue;

pub use ask::{Door, Question};
pub use call::{Call, Part, Task};
pub use caller::Caller;
pub use event_loop::LoopBridge;
pub use origin::Origin;

use crate::domain::Error;
use pyo3::prelude::*;
use std::future::Future;
use std::pin::Pin;

/// What Rust work yields: pure Rust until the loop's thread turns it into a Python object. The caller's functions,
/// where the call has them, know what they raised.
pub type Outcome = Box<dyn FnOnce(Python<'_>, Option<&Caller>) -> PyResult<Py<PyAny>> + Send>;

/// Rust work as the bridge runs it.
pub type Work = Pin<Box<dyn Future<Output = Result<Outcome, Error>> + Send>>;
