//! Panics become errors with their message, and our threads print nothing.

use crate::domain::Error;
use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

/// How every thread of ours is named; the panic hook is silent on them.
pub const THREAD_PREFIX: &str = "registrary-";

thread_local! {
    /// How many [`caught`] calls this thread is inside of.
    static CAUGHT: Cell<u32> = const { Cell::new(0) };
}

/// Runs `work`; a panic inside becomes [`Error::Internal`] with its message and prints nothing.
pub fn caught<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    install_hook();
    CAUGHT.set(CAUGHT.get() + 1);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(CAUGHT.get() - 1);
    outcome.unwrap_or_else(|payload| Err(internal(&*payload)))
}

/// As [`caught`], for a future: a panic in any of its polls becomes the error it yields.
pub async fn caught_while_awaited<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let mut work = std::pin::pin!(work);
    std::future::poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context)));
        polled.unwrap_or_else(|payload| Poll::Ready(Err(internal(&*payload))))
    })
    .await
}

/// The error a caught panic becomes.
pub fn internal(payload: &(dyn Any + Send)) -> Error {
    let text = payload.downcast_ref::<&str>().copied();
    let message = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    Error::Internal { message: message.unwrap_or("a panic without a message").to_owned() }
}

/// Keeps panics that are caught and reported off standard error; those of other threads print as before.
pub fn install_hook() {
    // No lock: a process forked while it is held would wait for it for ever.
    static INSTALLED: AtomicBool = AtomicBool::new(false);
    if INSTALLED.swap(true, Ordering::AcqRel) {
        return;
    }
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let ours = std::thread::current().name().is_some_and(|name| name.starts_with(THREAD_PREFIX));
        if !ours && CAUGHT.get() == 0 {
            before(panic);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_internal_error_with_its_message() {
        let outcome: Result<(), Error> = caught(|| panic!("the {} fell over", "scale"));
        assert_eq!(outcome, Err(Error::Internal { message: "the scale fell over".to_owned() }));
    }

    #[test]
    fn a_panic_without_text_still_becomes_an_error() {
        let outcome: Result<(), Error> = caught(|| std::panic::panic_any(7_u8));
        assert_eq!(outcome, Err(Error::Internal { message: "a panic without a message".to_owned() }));
    }
}
