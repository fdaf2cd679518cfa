//! A connection whose other end must keep up: say its first bytes soon, and take
//! what it is sent. Hyper looks after the headers of HTTP/1; before it knows which
//! version is spoken, and while it writes, nobody looks at the clock but this.

use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

/// HTTP/2 begins with so many bytes (RFC 9113, 3.4): only after them is it known which version is spoken.
const GREETING: usize = 24;

/// A stream with an end to its patience.
#[derive(Debug)]
pub struct Patient<T> {
    stream: T,
    patience: Duration,
    heard: usize,
    /// Until the first bytes are there.
    greeting: Option<Pin<Box<Sleep>>>,
    /// While a write makes no headway.
    stuck: Option<Pin<Box<Sleep>>>,
}

impl<T> Patient<T> {
    pub fn new(stream: T, patience: Duration) -> Self {
        Self { stream, patience, heard: 0, greeting: Some(Box::pin(sleep(patience))), stuck: None }
    }

    /// The outcome of a write, or an error when it has not moved for too long.
    fn hurry<V>(&mut self, outcome: Poll<io::Result<V>>, cx: &mut Context<'_>) -> Poll<io::Result<V>> {
        if outcome.is_ready() {
            self.stuck = None;
            return outcome;
        }
        let patience = self.patience;
        let stuck = self.stuck.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(stuck.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Patient<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        if let Poll::Ready(outcome) = Pin::new(&mut self.stream).poll_read(cx, buf) {
            self.heard = self.heard.saturating_add(buf.filled().len() - before);
            if self.heard >= GREETING {
                self.greeting = None;
            }
            return Poll::Ready(outcome);
        }
        if let Some(greeting) = &mut self.greeting {
            ready!(greeting.as_mut().poll(cx));
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Poll::Pending
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Patient<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.hurry(outcome, cx)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bufs: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.hurry(outcome, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(cx);
        self.hurry(outcome, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.hurry(outcome, cx)
    }
}
