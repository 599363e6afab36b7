//! What sources and verifiers share within one runtime generation: clients and connections.

use super::servers::Servers;
use super::sqlite::Pools;
use crate::domain::Error;
use reqwest::redirect::{Action, Attempt, Policy};
use std::time::Duration;

/// Clients and connections of one runtime generation. After a fork the child gets a new one; the old is
/// never touched again.
pub struct Resources {
    /// One HTTP client for everything: pooled connections, rustls, no redirects to other hosts, no cookies,
    /// no proxy picked up from the environment.
    pub http: reqwest::Client,
    /// SQLite connections, by database.
    pub(super) sqlite: Pools,
    /// Connections to database servers, by database.
    pub(super) servers: Servers,
}

impl Resources {
    pub fn new() -> Result<Resources, Error> {
        // Somebody else in the process may have installed a provider already: theirs serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // Where the machine has no certificate store, plain HTTP must still work: then no https server is trusted.
        let http = client().build().or_else(|_| client().tls_certs_only([]).build());
        let http = http.map_err(|_| Error::Internal { message: "the HTTP client cannot be built".into() })?;
        Ok(Resources { http, sqlite: Pools::default(), servers: Servers::default() })
    }
}

/// The limits are a backstop; the service puts its own, shorter ones around each stage.
fn client() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(concat!("registrary/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(5))
        .read_timeout(Duration::from_secs(60))
        // Below the five seconds after which common servers close an idle connection.
        .pool_idle_timeout(Duration::from_secs(4))
        .redirect(Policy::custom(same_host))
        .no_proxy()
        .referer(false)
}

/// Follows at most five redirects, and none to another host or port, nor from https to http: a record
/// comes from the host the institution configured. A redirect not followed is the answer.
fn same_host(attempt: Attempt<'_>) -> Action {
    let place =
        |url: &reqwest::Url| (url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port_or_known_default());
    let stays = attempt.previous().first().is_some_and(|first| place(first) == place(attempt.url()));
    if stays && attempt.previous().len() <= 5 { attempt.follow() } else { attempt.stop() }
}
