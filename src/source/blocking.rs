//! Work that reads files or parses records, on threads where it keeps no other task waiting.

use crate::domain::{Error, StudentRecord};
use crate::exchange::record_json;
use tokio::runtime::Handle;

/// Runs the job on one of the runtime's blocking threads.
pub async fn read_aside<T, F>(job: F) -> Result<T, Error>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, Error> + Send + 'static,
{
    let internal = |message: &str| Error::Internal { message: message.to_owned() };
    let runtime = Handle::try_current().map_err(|_| internal("no runtime to read records on"))?;
    let ended = runtime.spawn_blocking(job).await;
    ended.unwrap_or_else(|_| Err(internal("a job that reads records ended before its time")))
}

/// Reads a record from JSON of the published schema. A large one takes milliseconds: never on the runtime's workers.
pub async fn read_json(json: impl AsRef<[u8]> + Send + 'static) -> Result<StudentRecord, Error> {
    read_aside(move || record_json::read(json.as_ref())).await
}
