//! How much one network may write on one site in a minute. A loud sender is
//! told when to come back; readers and other senders do not feel it.

use super::{cors::site_in, error::Result, extract::Client};
use crate::{App, clock::Clock};
use axum::{
    extract::{FromRequestParts, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{Quota, RateLimiter, clock::Clock as _, middleware::NoOpMiddleware, nanos::Nanos, state::keyed::DashMapStateStore};
use http::Method;
use jiwar_wire::{Refusal, ids::SiteId};
use std::{num::NonZeroU32, sync::Arc};

/// The house's clock, in the limiter's words.
#[derive(Clone, Debug)]
pub struct HouseClock(Arc<dyn Clock>);

impl governor::clock::Clock for HouseClock {
    type Instant = Nanos;
    fn now(&self) -> Nanos {
        Nanos::new(u64::try_from(self.0.now().0).unwrap_or(0).saturating_mul(1_000_000))
    }
}

type Key = (SiteId, Vec<u8>);

/// Counts what was written, by site and network (GCRA, ITU-T I.371).
pub struct Writes(Option<RateLimiter<Key, DashMapStateStore<Key>, HouseClock, NoOpMiddleware<Nanos>>>);

impl std::fmt::Debug for Writes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Writes")
    }
}

impl Writes {
    /// `per_minute` at once and every minute; 0 for no limit.
    pub fn new(per_minute: u32, clock: Arc<dyn Clock>) -> Self {
        Self(NonZeroU32::new(per_minute).map(|n| RateLimiter::new(Quota::per_minute(n), DashMapStateStore::default(), HouseClock(clock))))
    }

    pub fn check(&self, site: SiteId, network: Vec<u8>) -> std::result::Result<(), Refusal> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        limiter.check_key(&(site, network)).map_err(|not_until| {
            let wait = not_until.wait_time_from(limiter.clock().now());
            // Rounded up: whoever comes back at the second said is let in.
            Refusal::TooFast { retry_after: u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(60).max(1) }
        })
    }

    /// Forgets those who have been quiet, so that memory does not grow with every address seen.
    pub fn forget_quiet(&self) {
        if let Some(limiter) = &self.0 {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// Lets a request pass, or says when to come back.
pub async fn writes(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // The page without JavaScript asks for itself, so that it can give the text back; counts only read.
    let counted = path.starts_with("/api/") && !path.ends_with("/counts");
    let writes = counted && matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH | Method::DELETE);
    match writes.then(|| site_in(path)).flatten().map(str::to_owned) {
        Some(site) => match checked(&app, &site, request).await {
            Ok(request) => next.run(request).await,
            Err(error) => error.into_response(),
        },
        None => next.run(request).await,
    }
}

async fn checked(app: &Arc<App>, site: &str, request: Request) -> Result<Request> {
    let (mut parts, body) = request.into_parts();
    let Ok(Client(address)) = Client::from_request_parts(&mut parts, app).await;
    // Moderators decide about hundreds at once; a token that is no good gets no further anyway.
    let bearer = super::extract::bearer_token(&parts.headers).is_some_and(|t| t.starts_with("jt_") || t.starts_with("js_"));
    if let Some(address) = address.filter(|_| !bearer)
        && let Some(site) = app.site(site).await?
    {
        app.writes.check(site.id, app.keys.network(address))?;
    }
    Ok(Request::from_parts(parts, body))
}
