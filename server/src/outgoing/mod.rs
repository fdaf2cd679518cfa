//! The one way out: everything that this server calls goes through here.
//!
//! Addresses come from people who may do much on their site and nothing on this
//! machine's network. So a call goes to everybody's internet alone: the text of the
//! address is checked when it is read, and what its name stands for when it is called,
//! on the very addresses that are then connected to. Nothing is redirected, no proxy
//! of the environment is asked, and an answer has a bound in time and in bytes.

pub mod address;
pub mod target;

pub use target::{Reach, Target};

use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{
    fmt, io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

/// How much of an answer is read.
const ANSWER_BYTES: usize = 16 * 1024;
/// How long it may take to be connected.
const CONNECT: Duration = Duration::from_secs(5);

/// Says what a name stands for.
pub trait Lookup: Send + Sync + fmt::Debug {
    fn addresses(&self, name: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// Asks the system, as every other program does.
#[derive(Debug, Default)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn addresses(&self, name: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let name = name.to_owned();
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect()) })
    }
}

/// Calls others.
#[derive(Debug)]
pub struct Outgoing {
    client: reqwest::Client,
    pub reach: Reach,
}

/// What is sent.
#[derive(Debug)]
pub struct Call<'a> {
    pub to: &'a Target,
    pub headers: &'a [(&'static str, String)],
    pub body: String,
}

/// What came back, up to 16 KiB of it.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's text, if it has one that can be read.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
    }
}

/// Why nothing came back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CallError {
    /// The name stands for an address inside of a network.
    #[error("inward")]
    Inward,
    #[error("too-slow")]
    TooSlow,
    /// There is nobody, or TLS failed.
    #[error("unreachable")]
    Unreachable,
    /// It broke off in the middle.
    #[error("cut")]
    Cut,
}

/// The name stands for an address that may not be called.
#[derive(Debug, thiserror::Error)]
#[error("the name stands for an inward address")]
struct Inward;

/// Looks names up, and lets no inward address by.
struct Guard {
    lookup: Arc<dyn Lookup>,
    reach: Reach,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (found, reach) = (self.lookup.addresses(name.as_str()), self.reach);
        Box::pin(async move {
            let found = found.await?;
            // One inward address among others is a trap, or a mistake: neither is called.
            if reach == Reach::Outward && !found.iter().all(|address| address::is_public(*address)) {
                return Err(Inward.into());
            }
            Ok(Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0))) as Addrs)
        })
    }
}

impl Outgoing {
    pub fn new(lookup: Arc<dyn Lookup>, reach: Reach, patience: Duration) -> io::Result<Self> {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls()?)
            .dns_resolver(Arc::new(Guard { lookup, reach }))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .https_only(reach == Reach::Outward)
            .connect_timeout(CONNECT.min(patience))
            .timeout(patience)
            .pool_max_idle_per_host(0)
            .user_agent(concat!("Jiwar/", env!("CARGO_PKG_VERSION")));
        Ok(Self { client: client.build().map_err(io::Error::other)?, reach })
    }

    /// Posts, and reads the answer.
    pub async fn post(&self, call: Call<'_>) -> Result<Answer, CallError> {
        self.send(self.posting(call)?).await
    }

    /// The same for those who cannot wait as long as others.
    pub async fn post_within(&self, call: Call<'_>, patience: Duration) -> Result<Answer, CallError> {
        self.send(self.posting(call)?.timeout(patience)).await
    }

    /// Asks, and reads the answer.
    pub async fn get_within(&self, from: &Target, patience: Duration) -> Result<Answer, CallError> {
        self.send(self.client.get(self.still(from)?.url()).timeout(patience)).await
    }

    /// What was kept when the settings allowed more is not called any longer.
    fn still(&self, target: &Target) -> Result<Target, CallError> {
        Target::parse(target.as_str(), self.reach).map_err(|_| CallError::Inward)
    }

    fn posting(&self, call: Call<'_>) -> Result<reqwest::RequestBuilder, CallError> {
        let mut request = self.client.post(self.still(call.to)?.url()).body(call.body);
        for (name, value) in call.headers {
            request = request.header(*name, value);
        }
        Ok(request)
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Answer, CallError> {
        let mut response = request.send().await.map_err(|error| why(&error))?;
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(|error| if error.is_timeout() { CallError::TooSlow } else { CallError::Cut })? {
            let room = ANSWER_BYTES - body.len();
            body.extend_from_slice(part.get(..room).unwrap_or(&part));
            if body.len() >= ANSWER_BYTES {
                break;
            }
        }
        let headers = std::mem::take(response.headers_mut());
        Ok(Answer { status: response.status().as_u16(), headers, body })
    }
}

/// ring, and the roots of Mozilla: as for the database.
fn tls() -> io::Result<rustls::ClientConfig> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider())).with_safe_default_protocol_versions();
    Ok(config.map_err(io::Error::other)?.with_root_certificates(roots).with_no_client_auth())
}

fn why(error: &reqwest::Error) -> CallError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<Inward>() {
            return CallError::Inward;
        }
        cause = error.source();
    }
    match error {
        error if error.is_timeout() => CallError::TooSlow,
        error if error.is_connect() => CallError::Unreachable,
        _ => CallError::Cut,
    }
}

#[cfg(test)]
mod tests;
