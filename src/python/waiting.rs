//! Waiting in a sync verb: the GIL released, signals looked at, so that Ctrl-C ends it.

use super::errors;
use crate::domain::{Error, StudentId};
use crate::service::{Slot, panics};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::future::Future;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

/// Between two looks at pending signals.
const SLICE: Duration = Duration::from_millis(20);

/// Runs `work` on the runtime and waits here. Ctrl-C aborts it, and it has ended when `KeyboardInterrupt` is raised.
pub fn wait<T>(
    py: Python<'_>,
    slot: &Slot,
    student_id: Option<&StudentId>,
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> PyResult<T>
where
    T: Send + 'static,
{
    if tokio::runtime::Handle::try_current().is_ok() {
        return Err(PyRuntimeError::new_err("a sync verb cannot wait on a thread of the runtime"));
    }
    let (sender, mut receiver) = mpsc::channel();
    let task = slot.spawn(async move {
        let outcome = panics::caught_while_awaited(work).await;
        let _ = sender.send(outcome);
    });
    let mut interrupted = None;
    loop {
        let received;
        (receiver, received) = py.detach(move || {
            let received = receiver.recv_timeout(SLICE);
            (receiver, received)
        });
        let outcome = match received {
            Ok(outcome) => outcome,
            Err(RecvTimeoutError::Timeout) => {
                if let (None, Err(signal)) = (&interrupted, py.check_signals()) {
                    task.abort();
                    interrupted = Some(signal);
                }
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => Err(Error::Cancelled),
        };
        return match interrupted {
            Some(signal) => Err(signal),
            None => outcome.map_err(|error| errors::raised(py, &error, student_id)),
        };
    }
}
