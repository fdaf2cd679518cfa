//! How many requests are at work. Beyond it a request is sent away at once, with
//! the time to come back: what waits without end helps nobody. One site holds at
//! most half of the places and one network a quarter, so that a loud blog or a
//! loud reader leaves room for the others. Answers from memory need no place.

use super::{
    cors::{self, site_in},
    error::Error,
    extract::Client,
};
use crate::{
    App,
    shares::{Share, Shares},
};
use axum::{
    extract::{FromRequestParts, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::HeaderValue;
use jiwar_wire::Refusal;
use std::sync::Arc;

/// Whose places are counted.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Holder {
    All,
    Site(String),
    Network(Vec<u8>),
}

/// The requests at work.
#[derive(Debug, Default)]
pub struct Crowd(Arc<Shares<Holder>>);

impl Crowd {
    /// The places that a request takes while it is at work, or nothing when there is none left.
    fn enter(&self, most: usize, site: &str, network: Option<Vec<u8>>) -> Option<Vec<Share<Holder>>> {
        let mut held = vec![self.0.take(Holder::All, most)?, self.0.take(Holder::Site(site.to_owned()), most.div_ceil(2))?];
        if let Some(network) = network {
            held.push(self.0.take(Holder::Network(network), most.div_ceil(4))?);
        }
        Some(held)
    }
}

/// Lets a request in while there is a place.
pub async fn bound(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // Whoever asks how we are is answered most of all when there is a crowd.
    if app.config.max_requests == 0 || matches!(path, "/healthz" | "/metrics") {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let Ok(Client(address)) = Client::from_request_parts(&mut parts, &app).await;
    let network = address.map(|address| app.keys.network(address));
    let site = site_in(parts.uri.path()).unwrap_or_default();
    match app.crowd.enter(app.config.max_requests, site, network) {
        Some(_held) => next.run(Request::from_parts(parts, body)).await,
        None => {
            app.metrics.shed.inc();
            let mut response = Error::from(Refusal::Busy { retry_after: 1 }).into_response();
            // Every page may read that it should come back: which ones are on the list would be one more question.
            cors::grant(response.headers_mut(), HeaderValue::from_static("*"), false);
            response
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loud_site_and_a_loud_network_leave_room() {
        let crowd = Crowd::default();
        let network = |n: u8| Some(vec![n]);
        let loud: Vec<_> = (0..8).filter_map(|n| crowd.enter(8, "loud", network(n))).collect();
        assert_eq!(loud.len(), 4, "half of the places");
        assert!(crowd.enter(8, "quiet", network(9)).is_some());
        let near: Vec<_> = (0..8).filter_map(|n| crowd.enter(8, &format!("blog-{n}"), network(9))).collect();
        assert_eq!(near.len(), 2, "a quarter");
        let rest: Vec<_> = (20..40).filter_map(|n| crowd.enter(8, &format!("site-{n}"), network(n))).collect();
        assert_eq!(rest.len(), 2, "eight in all");
        drop((loud, near, rest));
        assert!(crowd.enter(1, "loud", network(1)).is_some());
    }
}
