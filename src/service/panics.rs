//! Panics become errors that tell their place, and our threads print nothing.

use crate::domain::Error;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

/// How every thread of ours is named; the panic hook is silent on them.
pub const THREAD_PREFIX: &str = "registrary-";

thread_local! {
    /// How many [`caught`] calls this thread is inside of.
    static CAUGHT: Cell<u32> = const { Cell::new(0) };
    /// Where this thread panicked last.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs `work`; a panic inside becomes [`Error::Internal`] and prints nothing.
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

/// The error a panic becomes that this thread caught. A message made up when it panicked may quote a record (that of a
/// slice does): only the place is told then, and a message that was written in the source.
pub fn internal(payload: &(dyn Any + Send)) -> Error {
    let place = PLACE.try_with(RefCell::take).unwrap_or_default();
    let message = match payload.downcast_ref::<&'static str>() {
        Some(written) => (*written).to_owned(),
        None if place.is_empty() => "a panic".to_owned(),
        None => format!("a panic at {place}"),
    };
    Error::Internal { message }
}

/// The last two names of the file's path and the line: `pdf/page.rs:40`.
fn place(location: &Location<'_>) -> String {
    let names: Vec<_> = location.file().rsplit(['/', '\\']).take(2).collect();
    format!("{}:{}", names.into_iter().rev().collect::<Vec<_>>().join("/"), location.line())
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
        if let Some(location) = panic.location() {
            // A thread that ends has no place any more.
            let _ = PLACE.try_with(|told| told.replace(place(location)));
        }
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
    fn a_panic_becomes_an_internal_error_with_the_message_written_in_the_source() {
        let outcome: Result<(), Error> = caught(|| panic!("the scale fell over"));
        assert_eq!(outcome, Err(Error::Internal { message: "the scale fell over".to_owned() }));
    }

    #[test]
    fn what_a_panic_quotes_is_not_told_but_its_place_is() {
        let name = std::hint::black_box("S\u{e9}cret".to_owned());
        for quoting in [|name: &str| name[..2].len(), |name: &str| name.parse::<usize>().expect(name)] {
            let outcome = caught(|| Ok(quoting(&name)));
            let Err(Error::Internal { message }) = outcome else { panic!("no internal error") };
            assert!(message.starts_with("a panic at service/panics.rs:"), "{message}");
        }
    }

    #[test]
    fn a_panic_without_text_still_becomes_an_error() {
        let outcome: Result<(), Error> = caught(|| std::panic::panic_any(7_u8));
        assert!(matches!(outcome, Err(Error::Internal { message }) if message.starts_with("a panic at ")));
    }
}
