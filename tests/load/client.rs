//! Requests, and a connection that sends them one after the other: HTTP/1.1 by
//! hand, so that the crowd costs the machine as little as possible.

use std::io;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Where a request has room for a number that makes it unlike all others.
pub const NUMBER: &str = "#########";

/// What a browser on the blog sends along.
const BROWSER: &str = "host: comments.example\r\norigin: https://blog.example\r\naccept: */*\r\naccept-language: ar,en;q=0.8\r\n\
    user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\nreferer: https://blog.example/\r\n";

/// A GET as a browser sends it; `more` holds whole header lines.
pub fn get(path: &str, more: &str) -> String {
    format!("GET {path} HTTP/1.1\r\n{BROWSER}{more}\r\n")
}

pub fn post(path: &str, body: &str) -> String {
    format!("POST {path} HTTP/1.1\r\n{BROWSER}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

/// The answer to a request.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|l| l.split_once(": ").filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v))
    }
}

/// A connection that stays open.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 256 * 1024] })
    }

    /// Sends a request and reads the whole answer; returns its status.
    pub async fn send(&mut self, request: &[u8]) -> io::Result<u16> {
        Ok(self.exchange(request).await?.0)
    }

    /// The same, with everything that was answered.
    pub async fn ask(&mut self, request: &str) -> io::Result<Answer> {
        let (status, head, length) = self.exchange(request.as_bytes()).await?;
        let body = self.buffer.get(head..head + length).unwrap_or_default().to_vec();
        Ok(Answer { status, head: String::from_utf8_lossy(&self.buffer[..head]).into_owned(), body })
    }

    /// Status, bytes of the head and of the body, which lie in the buffer.
    async fn exchange(&mut self, request: &[u8]) -> io::Result<(u16, usize, usize)> {
        self.stream.write_all(request).await?;
        let mut filled = 0;
        let (status, head, length) = loop {
            filled += self.more(filled).await?;
            if let Some(found) = read_head(&self.buffer[..filled])? {
                break found;
            }
        };
        if head + length > self.buffer.len() {
            self.buffer.resize(head + length, 0);
        }
        while filled < head + length {
            filled += self.more(filled).await?;
        }
        Ok((status, head, length))
    }

    async fn more(&mut self, filled: usize) -> io::Result<usize> {
        match self.stream.read(&mut self.buffer[filled..]).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            n => Ok(n),
        }
    }
}

/// Status, length of the head, length of the body; nothing while the head is not all there.
fn read_head(bytes: &[u8]) -> io::Result<Option<(u16, usize, usize)>> {
    let wrong = |what: &'static str| io::Error::new(io::ErrorKind::InvalidData, what);
    let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(&bytes[..end]).map_err(|_| wrong("a head that is no text"))?;
    let status = head.get(9..12).and_then(|s| s.parse().ok()).ok_or_else(|| wrong("no status"))?;
    let length = head.split("\r\n").find_map(|l| l.strip_prefix("content-length: "));
    let length = match (length, status) {
        (_, 204 | 304) => 0,
        (Some(length), _) => length.parse().map_err(|_| wrong("a length that is no number"))?,
        (None, _) => return Err(wrong("an answer without its length")),
    };
    Ok(Some((status, end + 4, length)))
}
