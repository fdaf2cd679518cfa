//! The listener: bounded connections, slow clients cut off, and an end that
//! finishes what was accepted.

use super::{Peer, patience::Patient, service};
use crate::{
    App,
    shares::{Share, Shares},
};
use axum::{body::Body, extract::Request};
use futures_util::future::{Either, ready};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
};
use std::{convert::Infallible, io, net::SocketAddr, os::fd::AsFd, sync::Arc, time::Duration};
use tokio::{
    io::Interest,
    net::{TcpListener, TcpStream},
    sync::{Semaphore, oneshot, watch},
    task::JoinHandle,
};

/// How long requests may take to finish after the end was asked for.
const GOODBYE: Duration = Duration::from_secs(10);

/// How a client begins that speaks HTTP/2 (RFC 9113, 3.4).
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Files that are no connections of clients: the database's, the log, the listener.
const SPARE_FILES: usize = 96;

/// A server that listens.
#[derive(Debug)]
pub struct Running {
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    ended: JoinHandle<()>,
}

impl Running {
    /// Takes no more connections, finishes what was accepted, closes the database.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let _ = self.ended.await;
    }
}

/// Listens where the settings say.
pub async fn serve(app: Arc<App>) -> io::Result<Running> {
    let listener = TcpListener::bind(app.config.listen).await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(run(app, listener, stopped));
    Ok(Running { address, stop: Some(stop), ended })
}

async fn run(app: Arc<App>, listener: TcpListener, mut stopped: oneshot::Receiver<()>) {
    let desk = service(app.clone());
    let patience = app.config.slow_client;
    let builders = Arc::new(Versions::new(patience));
    let (closing, closed) = watch::channel(());
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(most_connections(app.config.max_connections)));
    let networks = Arc::new(Shares::default());
    loop {
        // Beyond the limit new connections wait in the kernel's queue.
        let accepted = tokio::select! {
            _ = &mut stopped => break,
            accepted = accept(&places, &listener) => accepted,
        };
        let Some((place, stream, peer)) = accepted else { continue };
        let Ok(share) = share_of(&app, &networks, peer) else {
            app.metrics.shed.inc();
            continue;
        };
        let _ = stream.set_nodelay(true);
        let desk = desk.clone();
        let service = service_fn(move |mut request: Request<Incoming>| match desk.at_hand(&request) {
            Some(response) => Either::Left(ready(Ok::<_, Infallible>(response))),
            None => {
                request.extensions_mut().insert(Peer(peer.ip()));
                Either::Right(desk.inside(request.map(Body::new)))
            }
        });
        let (builders, app, mut closed) = (builders.clone(), app.clone(), closed.clone());
        let watcher = graceful.watcher();
        tokio::spawn(async move {
            app.metrics.connections.inc();
            let builder = tokio::select! {
                builder = builders.spoken(&stream, patience) => builder,
                _ = closed.changed() => None,
            };
            // In one expression: a connection in a variable of its own would take its room twice, in each of them.
            // One that breaks is the client's affair.
            if let Some(builder) = builder {
                let _ = watcher.watch(builder.serve_connection(TokioIo::new(Patient::new(stream, patience)), service)).await;
            }
            app.metrics.connections.dec();
            drop((place, share));
        });
    }
    drop((listener, closing));
    app.live.close();
    let _ = tokio::time::timeout(GOODBYE, graceful.shutdown()).await;
    app.db.close().await;
}

/// The versions of HTTP that are spoken here.
struct Versions {
    one: Builder<TokioExecutor>,
    two: Builder<TokioExecutor>,
}

impl Versions {
    fn new(patience: Duration) -> Self {
        let (mut one, mut two) = (Builder::new(TokioExecutor::new()).http1_only(), Builder::new(TokioExecutor::new()).http2_only());
        one.http1().timer(TokioTimer::new()).header_read_timeout(patience).max_buf_size(64 * 1024);
        two.http2().timer(TokioTimer::new()).keep_alive_interval(Duration::from_secs(30)).max_concurrent_streams(128);
        Self { one, two }
    }

    /// The version that a client begins with; nothing when it does not begin in time.
    async fn spoken(&self, stream: &TcpStream, patience: Duration) -> Option<&Builder<TokioExecutor>> {
        match tokio::time::timeout(patience, begins_with_preface(stream)).await {
            Ok(Ok(true)) => Some(&self.two),
            Ok(Ok(false)) => Some(&self.one),
            _ => None,
        }
    }
}

/// Whether a client begins with HTTP/2's preface (RFC 9113, 3.4); waits while it can still become one.
///
/// The bytes are looked at and left where they are: hyper-util's own way is to read them, and then hyper asks for
/// twice the buffer, as long as the line stands.
async fn begins_with_preface(stream: &TcpStream) -> io::Result<bool> {
    let mut first = [0; PREFACE.len()];
    let seen = stream.peek(&mut first).await?;
    if first[..seen] != PREFACE[..seen] || seen == PREFACE.len() {
        return Ok(seen == PREFACE.len() && first == *PREFACE);
    }
    // Some of it: what is left behind does not count as unread, so only more of it wakes us again.
    let twin = std::net::TcpStream::from(stream.as_fd().try_clone_to_owned()?);
    let look = || match twin.peek(&mut first)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        seen if seen < PREFACE.len() && first[..seen] == PREFACE[..seen] => Err(io::ErrorKind::WouldBlock.into()),
        _ => Ok(first == *PREFACE),
    };
    stream.async_io(Interest::READABLE, look).await
}

/// Connections at once: as many as the settings say, if the system lets us open so many files (Linux' `/proc`).
fn most_connections(wanted: usize) -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let files = limits.lines().find_map(|line| line.strip_prefix("Max open files")?.split_whitespace().next()?.parse::<usize>().ok());
    match files.map(|files| files.saturating_sub(SPARE_FILES).max(1)) {
        Some(most) if most < wanted => {
            tracing::warn!(wanted, most, "fewer connections than max_connections: the system lets us open no more files");
            most
        }
        _ => wanted,
    }
}

/// The network's share of the connections; an error when it has enough of them. Our own proxies bring everybody.
fn share_of(app: &App, networks: &Arc<Shares<Vec<u8>>>, peer: SocketAddr) -> Result<Option<Share<Vec<u8>>>, ()> {
    let most = app.config.connections_per_network;
    if most == 0 || app.config.trusted_proxies.iter().any(|proxy| proxy.contains(peer.ip())) {
        return Ok(None);
    }
    networks.take(app.keys.network(peer.ip()), most).map(Some).ok_or(())
}

async fn accept(places: &Arc<Semaphore>, listener: &TcpListener) -> Option<(tokio::sync::OwnedSemaphorePermit, TcpStream, SocketAddr)> {
    let place = places.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((place, stream, peer)),
        Err(error) => {
            // Out of file descriptors, mostly: the listener must not spin.
            tracing::warn!(error = %error, "accept failed");
            tokio::time::sleep(Duration::from_millis(50)).await;
            None
        }
    }
}
