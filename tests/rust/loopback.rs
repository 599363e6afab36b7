//! A small HTTP service on loopback for tests: it answers as it is told to, and counts.

use futures_util::future::BoxFuture;
use registrary::service::Slot;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One request as it came in.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Method and path, such as `POST /transcripts`.
    pub line: String,
    pub body: String,
}

/// What goes back.
pub enum Reply {
    /// A status and a JSON body.
    Json(u16, String),
    /// These very bytes; then the connection ends.
    Raw(Vec<u8>),
}

type Answer = dyn Fn(Asked) -> BoxFuture<'static, Reply> + Send + Sync;

/// The service; it ends with the process.
#[derive(Clone)]
pub struct Loopback {
    pub url: String,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    asked: Mutex<Vec<Asked>>,
    open: AtomicUsize,
    most: AtomicUsize,
}

impl Loopback {
    pub async fn answering(answer: impl Fn(Asked) -> BoxFuture<'static, Reply> + Send + Sync + 'static) -> Loopback {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let counts = Arc::new(Counts::default());
        let answer: Arc<Answer> = Arc::new(answer);
        tokio::spawn(accept(listener, Arc::clone(&counts), answer));
        Loopback { url, counts }
    }

    /// The same answer to everything.
    pub async fn always(status: u16, body: &str) -> Loopback {
        let body = body.to_owned();
        Loopback::answering(move |_| Box::pin(std::future::ready(Reply::Json(status, body.clone())))).await
    }

    /// Takes every question and never answers.
    pub async fn silent() -> Loopback {
        Loopback::answering(|_| Box::pin(std::future::pending())).await
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.counts.asked.lock().unwrap().clone()
    }

    /// Requests open now, and the most there ever were at once.
    pub fn open(&self) -> usize {
        self.counts.open.load(Ordering::SeqCst)
    }
    pub fn most(&self) -> usize {
        self.counts.most.load(Ordering::SeqCst)
    }
}

async fn accept(listener: TcpListener, counts: Arc<Counts>, answer: Arc<Answer>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, Arc::clone(&counts), Arc::clone(&answer)));
    }
}

/// Counts a request as open until it is answered or the client hangs up.
struct Open(Arc<Counts>);

impl Open {
    fn new(counts: &Arc<Counts>) -> Open {
        let now = counts.open.fetch_add(1, Ordering::SeqCst) + 1;
        counts.most.fetch_max(now, Ordering::SeqCst);
        Open(Arc::clone(counts))
    }
}
impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn serve(mut stream: TcpStream, counts: Arc<Counts>, answer: Arc<Answer>) {
    while let Some(asked) = read(&mut stream).await {
        counts.asked.lock().unwrap().push(asked.clone());
        let open = Open::new(&counts);
        let mut unexpected = [0];
        let reply = tokio::select! {
            reply = answer(asked) => reply,
            // Nothing more is due from a client that waits: bytes or an end mean that it gave up.
            _ = stream.read(&mut unexpected) => return,
        };
        drop(open);
        let (bytes, more) = written(reply);
        if stream.write_all(&bytes).await.is_err() || !more {
            return;
        }
    }
}

fn written(reply: Reply) -> (Vec<u8>, bool) {
    match reply {
        Reply::Raw(bytes) => (bytes, false),
        Reply::Json(status, body) => {
            let length = body.len();
            let head =
                format!("HTTP/1.1 {status} -\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n");
            ((head + &body).into_bytes(), true)
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        (stream.read_buf(&mut bytes).await.ok()? > 0).then_some(())?;
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let line = head.lines().next()?.trim_end_matches(" HTTP/1.1").to_owned();
    let lower = head.to_ascii_lowercase();
    let length = lower.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(Ok(0), str::parse).ok()?;
    while bytes.len() < end + length {
        (stream.read_buf(&mut bytes).await.ok()? > 0).then_some(())?;
    }
    Some(Asked { line, body: String::from_utf8(bytes[end..].to_vec()).ok()? })
}

/// Runs a test on the slot's runtime, with a deadline that turns a hang into a failure.
pub fn patiently<T>(work: impl Future<Output = T>) -> T {
    let slot = Slot::current().unwrap();
    slot.handle().block_on(async { tokio::time::timeout(Duration::from_secs(60), work).await.expect("a deadline") })
}

/// Waits until something is so.
pub async fn until(mut so: impl FnMut() -> bool) {
    while !so() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
