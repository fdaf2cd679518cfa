//! How much one network may write and read on one site in a minute. Who is loud
//! is told when to come back; other networks and other sites do not feel it.

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

/// Counts what was asked for, by site and network (GCRA, ITU-T I.371).
pub struct Rate(Option<RateLimiter<Key, DashMapStateStore<Key>, HouseClock, NoOpMiddleware<Nanos>>>);

impl std::fmt::Debug for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rate")
    }
}

impl Rate {
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
pub async fn rates(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // Files, health and the API's description belong to no site and cost next to nothing.
    let Some(site) = site_in(path).map(str::to_owned) else { return next.run(request).await };
    // The page without JavaScript asks for itself, so that it can give the text back; counts only read.
    let counted = path.starts_with("/api/") && !path.ends_with("/counts");
    let writes = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH | Method::DELETE);
    let reads = matches!(*request.method(), Method::GET | Method::HEAD) || path.ends_with("/counts");
    if !(reads || writes && counted) {
        return next.run(request).await;
    }
    match checked(&app, writes && counted, &site, request).await {
        Ok(request) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

async fn checked(app: &Arc<App>, writes: bool, site: &str, request: Request) -> Result<Request> {
    let (mut parts, body) = request.into_parts();
    let Ok(Client(address)) = Client::from_request_parts(&mut parts, app).await;
    // Moderators decide about hundreds at once; a token that is no good gets no further anyway.
    let bearer = writes && super::extract::bearer_token(&parts.headers).is_some_and(|t| t.starts_with("jt_") || t.starts_with("js_"));
    if let Some(address) = address.filter(|_| !bearer)
        && let Some(site) = app.site(site).await?
    {
        let rate = if writes { &app.writes } else { &app.reads };
        rate.check(site.id, app.keys.network(address))?;
    }
    Ok(Request::from_parts(parts, body))
}
