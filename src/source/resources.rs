//! What sources and verifiers share within one runtime generation: clients and connections.

use super::http::Kept;
use super::sqlite::Pools;
use crate::domain::Error;
use crate::http::{Http, Secret};
use std::sync::Arc;

/// Clients and connections of one runtime generation. After a fork the child gets a new one; the old is
/// never touched again.
pub struct Resources {
    /// Everything that is asked over HTTP, and what is known of each host.
    pub http: Http,
    /// Tokens that services gave, and answers that are the same for all students, by source.
    pub(super) tokens: Kept<Secret>,
    pub(super) answers: Kept<Arc<serde_json::Value>>,
    /// SQLite connections, by database.
    pub(super) sqlite: Pools,
}

impl Resources {
    pub fn new() -> Result<Resources, Error> {
        Ok(Resources {
            http: Http::default(),
            tokens: Kept::default(),
            answers: Kept::default(),
            sqlite: Pools::default(),
        })
    }
}
