//! Read-only SQLite connections, pooled by database, and the blocking jobs that run on them.

use super::failure;
use super::gather::Gatherer;
use super::schema;
use crate::domain::Error;
use crate::source::{campus, unavailable};
use rusqlite::{Connection, OpenFlags};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Semaphore;

/// More connections than this only wait for one another.
const CONNECTIONS: usize = 4;

/// Which database a source reads.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Database {
    /// An absolute path.
    File(PathBuf),
    /// An absolute path; its schema is the institution's own.
    Foreign(PathBuf),
    /// The sample campus, in memory.
    Campus,
}

/// The pools of one runtime generation. A forked child has its own: SQLite connections do not survive fork.
#[derive(Default)]
pub struct Pools {
    pools: Mutex<HashMap<Database, Arc<Pool>>>,
}

/// The connections to one database, and who waits to be read for.
pub struct Pool {
    pub(super) gatherer: Gatherer,
    database: Database,
    idle: Mutex<Vec<Open>>,
    places: Arc<Semaphore>,
}

struct Open {
    connection: Connection,
    /// Which file it opened: a file replaced under the same name is opened anew.
    file: Option<FileIdentity>,
}

/// Device and inode, where the system has them.
type FileIdentity = (u64, u64);

/// Tells a job that nobody waits for it any more.
#[derive(Clone, Default)]
pub struct Abandoned(Arc<AtomicBool>);

impl Abandoned {
    pub fn check(&self) -> Result<(), Error> {
        if self.0.load(Ordering::Relaxed) { Err(Error::Cancelled) } else { Ok(()) }
    }
}

/// Sets the flag when the waiting future is dropped.
struct SetOnDrop(Abandoned);

impl Drop for SetOnDrop {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is guarded is a list of connections or callers, whole at every moment: a panic elsewhere cannot spoil it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Pools {
    /// Runs a job on a connection of the database, on a blocking thread, in one read transaction: what the
    /// job reads is one state of the database.
    pub async fn run<T: Send + 'static>(
        &self,
        database: &Database,
        job: impl FnOnce(&Connection, &Abandoned) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let internal = |message: &str| Error::Internal { message: message.to_owned() };
        let runtime = tokio::runtime::Handle::try_current().map_err(|_| internal("no runtime to read SQLite on"))?;
        let pool = self.pool(database);
        let place = Arc::clone(&pool.places).acquire_owned().await.map_err(|_| internal("the pool is closed"))?;
        let waiting = SetOnDrop(Abandoned::default());
        let abandoned = waiting.0.clone();
        let work = move || {
            let _place = place;
            abandoned.check()?;
            pool.with(|connection| {
                let _snapshot = connection.unchecked_transaction().map_err(failure)?;
                job(connection, &abandoned)
            })
        };
        let ended = runtime.spawn_blocking(work).await;
        ended.unwrap_or_else(|_| Err(internal("a job that reads SQLite ended before its time")))
    }

    pub(super) fn pool(&self, database: &Database) -> Arc<Pool> {
        let mut pools = locked(&self.pools);
        let pool = pools.entry(database.clone()).or_insert_with(|| {
            let places = Arc::new(Semaphore::new(CONNECTIONS));
            let (gatherer, idle) = (Gatherer::default(), Mutex::default());
            Arc::new(Pool { gatherer, database: database.clone(), idle, places })
        });
        Arc::clone(pool)
    }
}

impl Pool {
    pub(super) fn with<T>(&self, job: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        let open = self.take()?;
        let result = job(&open.connection);
        locked(&self.idle).push(open);
        result
    }

    fn take(&self) -> Result<Open, Error> {
        let file = match &self.database {
            Database::File(path) | Database::Foreign(path) => identity(path)?,
            Database::Campus => None,
        };
        let mut idle = locked(&self.idle);
        while let Some(open) = idle.pop() {
            if open.file == file {
                return Ok(open);
            }
        }
        // The campus is built under this lock: once, not once for each waiting thread.
        if !matches!(self.database, Database::Campus) {
            drop(idle);
        }
        Ok(Open { connection: connect(&self.database)?, file })
    }
}

/// Opens the database for reading and makes sure that it is of the published schema, where it should be.
pub fn connect(database: &Database) -> Result<Connection, Error> {
    let connection = match database {
        Database::File(path) | Database::Foreign(path) => open_file(path)?,
        Database::Campus => open_image(campus::image()?)?,
    };
    // A database is input: its views and triggers may call nothing beyond plain SQL, and nothing is written.
    connection
        .execute_batch("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")
        .map_err(failure)?;
    connection.set_prepared_statement_cache_capacity(32);
    if !matches!(database, Database::Foreign(_)) {
        schema::check(&connection)?;
    }
    Ok(connection)
}

/// Not memory-mapped: a file cut short by another process would end this one with SIGBUS.
fn open_file(path: &Path) -> Result<Connection, Error> {
    identity(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failure)?;
    connection.busy_timeout(std::time::Duration::from_secs(5)).map_err(failure)?;
    Ok(connection)
}

/// All connections share the image; none copies it.
fn open_image(image: &'static [u8]) -> Result<Connection, Error> {
    let mut connection = Connection::open_in_memory().map_err(failure)?;
    connection.deserialize_bytes("main", image).map_err(failure)?;
    Ok(connection)
}

/// That the path is a file, and which.
fn identity(path: &Path) -> Result<Option<FileIdentity>, Error> {
    let found = std::fs::metadata(path).map_err(|error| {
        unavailable(match error.kind() {
            std::io::ErrorKind::NotFound => format!("there is no database file {}", path.display()),
            std::io::ErrorKind::PermissionDenied => format!("no permission to read {}", path.display()),
            _ => format!("{} cannot be read", path.display()),
        })
    })?;
    if !found.is_file() {
        return Err(unavailable(format!("{} is not a file", path.display())));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Ok(Some((found.dev(), found.ino())))
    }
    #[cfg(not(unix))]
    Ok(None)
}
