//! A responder on loopback that speaks just enough HTTP/1.1: one answer a connection.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What an answer is made from: the path asked for, percent-encoded as it came.
pub type Answer = fn(&str) -> Vec<u8>;

/// A running service; it ends with the runtime.
pub struct Server {
    pub address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub async fn start(answer: Answer) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(respond(stream, answer, Arc::clone(&log)));
            }
        });
        Server { address, asked }
    }

    /// The paths asked for so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn respond(mut stream: TcpStream, answer: Answer, log: Arc<Mutex<Vec<String>>>) {
    let mut request = Vec::new();
    while !request.windows(4).any(|four| four == b"\r\n\r\n") {
        if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
            return;
        }
    }
    let head = String::from_utf8_lossy(&request).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    log.lock().unwrap().push(path.clone());
    // The client may have gone: that is its right.
    let _ = stream.write_all(&answer(&path)).await;
    let _ = stream.shutdown().await;
}

/// An answer with a status line, a content type and a body.
pub fn reply(status: &str, content_type: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

pub fn json(body: &str) -> Vec<u8> {
    reply("200 OK", "application/json; charset=utf-8", body)
}

/// One request as it came in.
#[derive(Clone, Debug)]
pub struct Asked {
    /// With its query.
    pub path: String,
    pub body: String,
    head: String,
}

impl Asked {
    /// A header's value, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<String> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    }
}

/// A responder that sees the whole request, and its own address.
pub struct Service {
    pub address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Service {
    pub async fn start(answer: impl Fn(&Asked, &str) -> Vec<u8> + Send + Sync + 'static) -> Service {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (answer, asked) = (Arc::new(answer), Arc::new(Mutex::new(Vec::new())));
        let (log, own) = (Arc::clone(&asked), address.clone());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (answer, log, own) = (Arc::clone(&answer), Arc::clone(&log), own.clone());
                tokio::spawn(async move {
                    let Some(asked) = read(&mut stream).await else { return };
                    log.lock().unwrap().push(asked.clone());
                    let _ = stream.write_all(&answer(&asked, &own)).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        Service { address, asked }
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
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
    let mut asked = Asked { path: head.split(' ').nth(1)?.to_owned(), body: String::new(), head };
    let length = asked.header("content-length").map_or(Ok(0), |length| length.parse()).ok()?;
    while bytes.len() < end + length {
        (stream.read_buf(&mut bytes).await.ok()? > 0).then_some(())?;
    }
    asked.body = String::from_utf8(bytes[end..].to_vec()).ok()?;
    Some(asked)
}

/// The answer with one more header.
pub fn with_header(answer: Vec<u8>, header: &str) -> Vec<u8> {
    let text = String::from_utf8(answer).unwrap();
    text.replacen("\r\n", &format!("\r\n{header}\r\n"), 1).into_bytes()
}
