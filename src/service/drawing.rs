//! A document beside the transcript: drawn on the CPU pool within the time limit, and its bytes.

use super::pool::CancelFlag;
use super::registrar::Registrar;
use super::slot::Slot;
use super::timings::{Stopwatch, Timings};
use crate::document::{self, Document};
use crate::domain::{Error, Stage};
use crate::pdf;
use std::sync::Arc;
use std::time::Instant;

/// Asked before each step of the work; an error ends it.
pub(super) type Proceed<'a> = &'a dyn Fn() -> Result<(), Error>;

impl Registrar {
    /// What `draw` makes on the pool, with the time it took added to what had passed before.
    pub(super) async fn draw<T: Send + 'static>(
        &self,
        slot: &Slot,
        passed: Timings,
        draw: impl FnOnce(Proceed) -> Result<T, Error> + Send + 'static,
    ) -> Result<(T, Timings), Error> {
        let limits = self.limits;
        let job = move |flag: &CancelFlag| {
            let began = Instant::now();
            let mut watch = Stopwatch::resuming(passed);
            watch.enter(Stage::Render);
            let drawn = draw(&|| {
                flag.check()?;
                limits.check(Stage::Render, began)
            })?;
            Ok((drawn, watch.stop()))
        };
        slot.cpu().run(job).await
    }
}

/// Bytes and number of pages. Without the record inside: such a document tells no grades.
pub(super) fn without_record(document: &Document, proceed: Proceed) -> Result<(Arc<[u8]>, usize), Error> {
    proceed()?;
    let pages = document::paginate(document)?;
    proceed()?;
    Ok((pdf::finished(&pages, &[])?.bytes, pages.pages.len()))
}
