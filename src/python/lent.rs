//! A table lent to the CPU pool: whoever gives the work up waits until the pool has let go of it.
//!
//! The memory may be Python's own. Were the pool the last to hold it, a thread of ours would have to enter Python to
//! free it; so the borrower always returns it first, and the lender is a thread of Python's.

use crate::domain::Error;
use crate::service::{CancelFlag, Slot};
use arrow_array::RecordBatch;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};

type Batches = Arc<Vec<RecordBatch>>;

/// Dropped, it takes back what was not begun, and waits for the end of what was.
struct Lender {
    unclaimed: Arc<Mutex<Option<Batches>>>,
    returned: Receiver<()>,
}

impl Drop for Lender {
    fn drop(&mut self) {
        let begun = self.unclaimed.lock().unwrap_or_else(PoisonError::into_inner).take().is_none();
        if begun {
            // Never sent to: an error, at the moment the borrower is gone. It looks at its flag every few thousand rows.
            let _ = self.returned.recv();
        }
    }
}

/// The fields' order matters: the table is let go of before the lender learns of it.
struct Borrower {
    batches: Batches,
    _returned: Sender<()>,
}

/// Runs `work` on the pool with `batches`. Dropping the future ends the work, and returns when it has ended.
pub async fn on_pool<T, W>(slot: Arc<Slot>, batches: Batches, work: W) -> Result<T, Error>
where
    T: Send + 'static,
    W: FnOnce(&[RecordBatch], &CancelFlag) -> Result<T, Error> + Send + 'static,
{
    let unclaimed = Arc::new(Mutex::new(Some(batches)));
    let (sender, returned) = mpsc::channel();
    let claims = Arc::clone(&unclaimed);
    // Declared first, dropped last: by then the pool's own future has set the flag.
    let _lender = Lender { unclaimed, returned };
    let job = move |cancel: &CancelFlag| {
        let claimed = claims.lock().unwrap_or_else(PoisonError::into_inner).take();
        let borrower = Borrower { batches: claimed.ok_or(Error::Cancelled)?, _returned: sender };
        work(&borrower.batches, cancel)
    };
    slot.cpu().run(job).await
}
