//! Asking: one question, its tries, and the hosts and connections of one runtime generation.

use super::answer::{Answer, not_now};
use super::failure::{Cause, Failure};
use super::host::Host;
use super::persist::persist;
use super::question::Question;
use super::telemetry::Telemetry;
use super::trust::Trust;
use super::{body, deadline};
use crate::domain::Error;
use reqwest::header::{ACCEPT_ENCODING, HeaderValue};
use reqwest::redirect::{Action, Attempt, Policy};
use reqwest::{Client, Url};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::OnceCell;
use tokio::time::{timeout, timeout_at};

/// Connections and the state of every host that was asked.
pub struct Http {
    clients: Mutex<Vec<(Way, Arc<OnceCell<Client>>)>>,
    hosts: Mutex<BTreeMap<String, Arc<Host>>>,
    seed: u64,
}

/// Whom to trust, and how long a connection may take: what a client is built for.
type Way = (Trust, Duration);

impl Default for Http {
    fn default() -> Http {
        // A forked child copies the parent's generator: its process id sets it apart.
        Http::seeded(fastrand::u64(..) ^ u64::from(std::process::id()).rotate_left(32))
    }
}

impl Http {
    /// With pauses that repeat, for tests.
    pub fn seeded(seed: u64) -> Http {
        Http { clients: Mutex::default(), hosts: Mutex::default(), seed }
    }

    /// Asks until there is an answer, a cause that asking again does not cure, or no time, try or budget left. An answer
    /// of status 408, 429 and 5xx, or 403 that throttles, is a failure; every other answer is handed on.
    pub async fn ask(&self, question: &Question<'_>) -> Result<Answer, Failure> {
        let deadline = deadline::deadline(question.manners.total);
        let client = timeout_at(deadline, self.client(question)).await;
        let client = client.unwrap_or(Err(Cause::Slow("no answer in time"))).map_err(|cause| cause.after(0))?;
        let host = self.host(question);
        let Question { repeatable, manners, .. } = question;
        let mut again = manners.again.or_else(deadline::repetition).unwrap_or_default();
        again.tries = if *repeatable { again.tries } else { 1 };
        persist(&host, manners, &again, deadline, || once(&client, question)).await
    }

    /// What the manners did so far.
    pub fn telemetry(&self) -> Telemetry {
        let hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        Telemetry { hosts: hosts.iter().map(|(name, host)| host.telemetry(name)).collect() }
    }

    fn host(&self, question: &Question<'_>) -> Arc<Host> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let seed = self.seed.wrapping_add(hosts.len() as u64);
        Arc::clone(hosts.entry(place(&question.url)).or_insert_with(|| Arc::new(Host::new(question.manners, seed))))
    }

    /// Reading the machine's certificate store takes a while: a client is built when it is first asked for, once for all
    /// who wait, and on a thread for work that reads files.
    async fn client(&self, question: &Question<'_>) -> Result<Client, Cause> {
        let way = (question.trust.clone(), question.manners.connect);
        let cell = self.cell(&way);
        let built = cell.get_or_try_init(|| async move {
            let built = tokio::task::spawn_blocking(move || build(&way)).await.ok().and_then(Result::ok);
            built.ok_or_else(|| Cause::Unacceptable("the HTTP client cannot be built".to_owned()))
        });
        built.await.cloned()
    }

    fn cell(&self, way: &Way) -> Arc<OnceCell<Client>> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, cell)) = clients.iter().find(|(known, _)| known == way) {
            return Arc::clone(cell);
        }
        let cell = Arc::new(OnceCell::new());
        clients.push((way.clone(), Arc::clone(&cell)));
        cell
    }
}

/// One try: the head in time, then the body within its bounds.
async fn once(client: &Client, question: &Question<'_>) -> Result<Answer, Cause> {
    let manners = question.manners;
    let request = match &question.post {
        None => client.get(question.url.clone()),
        Some(body) => client.post(question.url.clone()).body(body.clone()),
    };
    let request = request.headers(question.headers.clone()).header(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    let head = timeout(manners.connect + manners.first_byte, request.send()).await;
    let head = head.map_err(|_| Cause::Slow("no answer in time"))?.map_err(|error| Cause::from(&error))?;
    let (status, headers, url) = (head.status(), head.headers().clone(), head.url().clone());
    if let Some(cause) = not_now(status, &headers) {
        return Err(cause);
    }
    let body = body::read(head, question.largest.min(manners.largest_body), manners).await?;
    Answer::of(status, headers, url, body)
}

fn build((trust, connect): &Way) -> Result<Client, Error> {
    // Somebody else in the process may have installed a provider already: theirs serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = || trust.applied(bare(*connect));
    let built = builder().and_then(reqwest::ClientBuilder::build);
    // Where the machine has no certificate store, plain HTTP must still work: then no https server is trusted.
    let built = match built {
        Err(_) if trust.is_machines() => builder().and_then(|builder| builder.tls_certs_only([]).build()),
        built => built,
    };
    built.map_err(|_| Error::Internal { message: "the HTTP client cannot be built".into() })
}

/// Pooled connections, rustls, no redirects to other hosts, no cookies, no proxy picked up from the environment.
fn bare(connect: Duration) -> reqwest::ClientBuilder {
    Client::builder()
        .user_agent(concat!("registrary/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(connect)
        // Below the five seconds after which common servers close an idle connection.
        .pool_idle_timeout(Duration::from_secs(4))
        .redirect(Policy::custom(same_host))
        .no_proxy()
        .referer(false)
}

/// Scheme, name and port.
fn place(url: &Url) -> String {
    let port = url.port_or_known_default().unwrap_or_default();
    format!("{}://{}:{port}", url.scheme(), url.host_str().unwrap_or_default())
}

/// Follows at most five redirects, and none to another host or port, nor from https to http: an answer comes from
/// the host the institution configured. A redirect not followed is the answer.
fn same_host(attempt: Attempt<'_>) -> Action {
    let stays = attempt.previous().first().is_some_and(|first| place(first) == place(attempt.url()));
    if stays && attempt.previous().len() <= 5 { attempt.follow() } else { attempt.stop() }
}

#[cfg(test)]
mod tests {
    use super::super::manners::Manners;
    use super::*;
    use futures_util::poll;
    use std::pin::pin;

    /// One thread runs the tasks: were the client built on it, the first look would find it ready.
    #[tokio::test]
    async fn a_client_is_built_once_and_not_on_the_thread_that_asks() {
        let (http, manners, trust) = (Http::seeded(1), Manners::default(), Trust::default());
        let url = Url::parse("http://sis.example/").unwrap();
        let question = Question::get(url, &manners, &trust);
        let (mut first, mut second) = (pin!(http.client(&question)), pin!(http.client(&question)));
        assert!(poll!(&mut first).is_pending() && poll!(&mut second).is_pending());
        assert!(first.await.is_ok() && second.await.is_ok());
        assert_eq!(http.clients.lock().unwrap().len(), 1);
        assert!(poll!(pin!(http.client(&question))).is_ready(), "kept");
    }
}
